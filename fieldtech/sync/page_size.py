"""How many rows to ask for at once: as many as this link has shown that it carries."""

from __future__ import annotations

MIN_ROWS = 50
GOOD_PAGES = 8
"""Pages in a row before a size that failed is tried again: each trial costs a whole time-out."""


class PageSize:
    """Learns over the runs of one process; a size that fails is halved at once."""

    def __init__(self) -> None:
        """Begin without a limit of the link's own."""
        self._rows: int | None = None
        self._good = 0

    def within(self, limit: int) -> int:
        """Return how many rows to ask for where the central allows ``limit``."""
        return limit if self._rows is None else min(self._rows, limit)

    def failed(self, rows: int) -> None:
        """A page of that many rows did not get through."""
        self._rows = max(MIN_ROWS, rows // 2)
        self._good = 0

    def succeeded(self) -> None:
        """A page got through."""
        self._good += 1
        if self._rows is not None and self._good >= GOOD_PAGES:
            self._rows *= 2
            self._good = 0
