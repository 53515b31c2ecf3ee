"""Echoes and short routes without administrator's rights: one way for each system."""
