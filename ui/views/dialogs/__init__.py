"""Dialogs shared by both roles."""
