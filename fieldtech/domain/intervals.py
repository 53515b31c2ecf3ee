"""Half-open stretches of time [start, end): union, clipping, subtraction, length.

``end`` ``None`` means that the stretch still lasts. Stretches may come in any order, overlap, or
be empty or back to front (a start after its end holds no time); results are sorted and disjoint.
Times are in UTC: Python subtracts two times of one zone by their wall clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Span(NamedTuple):
    """One stretch; ``end`` ``None`` while it lasts."""

    start: datetime
    end: datetime | None


class Closed(NamedTuple):
    """One stretch whose end is known."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Return its length in seconds."""
        return (self.end - self.start).total_seconds()


def clip(spans: Iterable[Span], start: datetime, end: datetime) -> list[Closed]:
    """Return the union of ``spans`` inside [start, end), sorted and disjoint."""
    inside = sorted(
        Closed(max(span.start, start), end if span.end is None else min(span.end, end))
        for span in spans
    )
    joined: list[Closed] = []
    for piece in inside:
        if piece.end <= piece.start:
            continue
        if joined and piece.start <= joined[-1].end:
            joined[-1] = Closed(joined[-1].start, max(joined[-1].end, piece.end))
        else:
            joined.append(piece)
    return joined


def subtract(whole: Iterable[Closed], holes: Iterable[Closed]) -> list[Closed]:
    """Return what of ``whole`` no hole covers; both must be sorted and disjoint (``clip``)."""
    remaining = list(whole)
    for hole in holes:
        kept: list[Closed] = []
        for piece in remaining:
            before = Closed(piece.start, min(piece.end, hole.start))
            after = Closed(max(piece.start, hole.end), piece.end)
            kept.extend(part for part in (before, after) if part.start < part.end)
        remaining = kept
    return remaining


def seconds(pieces: Iterable[Closed]) -> float:
    """Return the total length of disjoint stretches, in seconds."""
    return sum(piece.seconds for piece in pieces)
