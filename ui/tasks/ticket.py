"""What a screen holds of the work it handed over."""

from __future__ import annotations

import threading


class Ticket:
    """A piece of work under way; ``cancel`` keeps its result from the screen.

    The flag may be read by the work itself from its own thread, which is how long work stops
    early: ``if ticket.cancelled: return``.
    """

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    @property
    def flag(self) -> threading.Event:
        """Set once nobody waits any more, for work that itself waits for something."""
        return self._cancelled

    @property
    def cancelled(self) -> bool:
        """Nobody waits for the result any more."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Drop the result; work that has not begun never begins. Safe from any thread."""
        self._cancelled.set()
