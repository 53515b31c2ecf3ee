"""What can come back instead of an answer, as a value the engine decides on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Sorts of failure of one request."""

    UNREACHABLE = "unreachable"
    """No connection, or a gateway that says the central is away."""
    NO_INTERFACE = "no_interface"
    """The network interface to send through is not there."""
    TIMEOUT = "timeout"
    """Nothing moved for too long, or the whole took too long."""
    TRUNCATED = "truncated"
    """The reply stopped before its end."""
    NOT_CENTRAL = "not_central"
    """Somebody else answered: a captive portal, a wrong address, a broken certificate."""
    MALFORMED = "malformed"
    """The central answered something this program does not understand."""
    PROBLEM = "problem"
    """The central refused, with its own code."""
    CANCELLED = "cancelled"
    """A person stopped it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failed request. ``status`` and ``code`` are the central's for ``Kind.PROBLEM``.

    ``retry_after_s`` is what it asked for; ``expected`` the command number of a gap; ``epoch``
    the central's present life.
    """

    kind: Kind
    detail: str = ""
    status: int = 0
    code: str = ""
    retry_after_s: float | None = None
    expected: int | None = None
    epoch: str = ""


class SyncFailure(Exception):
    """Carries a ``Failure`` from the wire to whoever decides."""

    def __init__(self, failure: Failure) -> None:
        """Take what happened."""
        why = f"{failure.status} {failure.code}" if failure.code else failure.detail
        super().__init__(f"{failure.kind.value} {why}".rstrip())
        self.failure = failure
