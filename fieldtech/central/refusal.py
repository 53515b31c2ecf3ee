"""Why the central turns a request away: one exception for every error a client may see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Refused(Exception):
    """Becomes ``application/problem+json``: ``code`` is stable, ``detail`` helps a person.

    ``retryable`` says that the same request may succeed later; ``retry_after`` in seconds says
    when; ``expected`` is the command number the central waits for.
    """

    status: int
    code: str
    detail: str = ""
    retryable: bool = False
    retry_after: int | None = None
    expected: int | None = None

    def __str__(self) -> str:
        """Return what a log line needs."""
        return f"{self.status} {self.code} {self.detail}".rstrip()
