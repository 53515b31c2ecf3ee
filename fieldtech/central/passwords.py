"""Passwords: argon2id by the OWASP figures, never more than two computed at a time."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

SHORTEST_PASSWORD = 12
"""Fewest characters of a password that a person chooses."""

MEMORY_KIB = 47_104
AT_ONCE = 2
"""Each computation takes 46 MiB: two at a time keep a flood of sign-ins from eating the machine."""


class Passwords:
    """Hashes and verifies; one instance a process, because it counts the computations."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(
            time_cost=1, memory_cost=MEMORY_KIB, parallelism=1, type=Type.ID
        )
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._decoy: str | None = None

    def hash(self, password: str) -> str:
        """Return the text to store."""
        with self._slots:
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether the password fits; an unknown account (``None``) takes just as long."""
        if stored is None:
            if self._decoy is None:
                self._decoy = self.hash(secrets.token_urlsafe(16))
            self.verify(self._decoy, password)
            return False
        with self._slots:
            try:
                return self._hasher.verify(stored, password)
            except (VerifyMismatchError, VerificationError, InvalidHashError):
                return False


def generated_password() -> str:
    """Return a password for a first sign-in: easy to type, 60 bits and more."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
