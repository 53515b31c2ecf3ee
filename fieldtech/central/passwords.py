"""Passwords: argon2id by the OWASP figures, never more than two computed at a time."""

from __future__ import annotations

import secrets
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from fieldtech.central.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST_PASSWORD = 12
"""Fewest characters of a password that a person chooses."""

MEMORY_KIB = 47_104
AT_ONCE = 2
"""Each computation takes 46 MiB: two at a time keep a flood of sign-ins from eating the machine."""

MOST_IN_LINE = 16
"""How many sign-ins may be under way: each holds one of the server's forty threads."""

RETRY_AFTER_S = 2


class Passwords:
    """Hashes and verifies; one instance a process, because it counts the computations."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(
            time_cost=1, memory_cost=MEMORY_KIB, parallelism=1, type=Type.ID
        )
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._line = threading.BoundedSemaphore(MOST_IN_LINE)
        self._decoy: str | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Stand in line for a sign-in; ``Refused`` 503 when the line is full.

        Whoever else works here is served meanwhile: the line never takes every thread.
        """
        if not self._line.acquire(blocking=False):
            raise Refused(
                503, "unavailable", "many sign in", retryable=True, retry_after=RETRY_AFTER_S
            )
        try:
            yield
        finally:
            self._line.release()

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
