"""Colour tokens (light and dark), the style sheet template, fonts and icons."""
