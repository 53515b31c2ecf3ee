"""A keyring in memory, one that is shut, and one that swallows what it is given."""

from __future__ import annotations

import pytest

from fieldtech.keyrings import KeyringShut


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


class LockableKeyring(MemoryKeyring):
    """Answers only while it is not ``shut``."""

    def __init__(self) -> None:
        super().__init__()
        self.shut = True

    def get(self, name: str) -> str | None:
        """Return the text, or ``None``."""
        self._ask()
        return super().get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a text."""
        self._ask()
        super().set(name, value)

    def delete(self, name: str) -> None:
        """Forget a text."""
        self._ask()
        super().delete(name)

    def _ask(self) -> None:
        if self.shut:
            raise KeyringShut


class ForgetfulKeyring(MemoryKeyring):
    """Accepts everything and keeps nothing, like ``keyring.backends.null``."""

    def set(self, name: str, value: str) -> None:
        """Swallow a text."""


@pytest.fixture
def memory_keyring() -> MemoryKeyring:
    """Return a keyring that lives as long as the test."""
    return MemoryKeyring()
