"""A keyring in memory, and one that swallows what it is given."""

from __future__ import annotations

import pytest


class MemoryKeyring:
    """Meets ``fieldtech.keyrings.Keyring`` without an operating system."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """Return the text, or ``None``."""
        return self.texts.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a text."""
        self.texts[name] = value

    def delete(self, name: str) -> None:
        """Forget a text."""
        self.texts.pop(name, None)


class ForgetfulKeyring(MemoryKeyring):
    """Accepts everything and keeps nothing, like ``keyring.backends.null``."""

    def set(self, name: str, value: str) -> None:
        """Swallow a text."""


@pytest.fixture
def memory_keyring() -> MemoryKeyring:
    """Return a keyring that lives as long as the test."""
    return MemoryKeyring()
