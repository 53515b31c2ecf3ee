"""Texts that come from outside and go into the database."""

from __future__ import annotations


def is_text(value: str) -> bool:
    """Tell whether a database can hold this text: no NUL, no half of a surrogate pair."""
    try:
        return b"\x00" not in value.encode()
    except UnicodeEncodeError:
        return False
