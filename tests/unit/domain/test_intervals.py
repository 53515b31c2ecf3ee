"""Unions and holes against a count of single minutes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rule_samples import at

from fieldtech.domain.intervals import Closed, Span, clip, seconds, subtract

minutes = st.integers(0, 60)
spans = st.lists(st.tuples(minutes, st.none() | minutes), max_size=6)


def as_spans(pairs: list[tuple[int, int | None]]) -> list[Span]:
    return [Span(at(start), None if end is None else at(end)) for start, end in pairs]


def covered(pairs: list[tuple[int, int | None]], start: int, end: int) -> set[int]:
    return {
        minute
        for minute in range(start, end)
        if any(first <= minute and (last is None or minute < last) for first, last in pairs)
    }


def minutes_of(pieces: list[Closed]) -> set[int]:
    origin = at(0)
    return {
        minute
        for piece in pieces
        for minute in range(
            int((piece.start - origin).total_seconds()) // 60,
            int((piece.end - origin).total_seconds()) // 60,
        )
    }


@given(pairs=spans, window=st.tuples(minutes, minutes))
def test_clip_is_the_union_inside_the_window(
    pairs: list[tuple[int, int | None]], window: tuple[int, int]
) -> None:
    start, end = window
    pieces = clip(as_spans(pairs), at(start), at(end))
    assert minutes_of(pieces) == covered(pairs, start, end)
    assert seconds(pieces) == 60 * len(covered(pairs, start, end))
    assert all(earlier.end < later.start for earlier, later in pairwise(pieces))
    assert all(piece.start < piece.end for piece in pieces)


@given(whole=spans, holes=spans)
def test_subtract_leaves_what_no_hole_covers(
    whole: list[tuple[int, int | None]], holes: list[tuple[int, int | None]]
) -> None:
    pieces = clip(as_spans(whole), at(0), at(60))
    rest = subtract(pieces, clip(as_spans(holes), at(0), at(60)))
    assert minutes_of(rest) == covered(whole, 0, 60) - covered(holes, 0, 60)
    assert all(piece.start < piece.end for piece in rest)


def test_touching_stretches_join() -> None:
    assert clip(as_spans([(0, 10), (10, 20)]), at(0), at(60)) == [Closed(at(0), at(20))]
