"""Damage that a tool's output takes on its way: lines lost, repeated, moved, cut off, blotted.

None of it writes a digit, so that whatever a parser finds afterwards must have been there before.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import strategies as st

_ADDRESS = re.compile(r"[0-9a-fA-F]*(?:[:.][0-9a-fA-F]*)+")


def damaged(text: str, *, at_most: int = 6) -> st.SearchStrategy[str]:
    """Return the text after up to ``at_most`` mishaps."""
    mishap = st.tuples(
        st.sampled_from(sorted(_MISHAPS)), st.integers(0, 10_000), st.integers(0, 10_000)
    )
    # What is cut off is cut off last: nothing moves half a line elsewhere.
    return st.builds(
        lambda mishaps, end: _cut(_after(text, mishaps), end),
        st.lists(mishap, max_size=at_most),
        st.none() | st.integers(0, 10_000),
    )


def addresses_in(text: str) -> set[str]:
    """Return everything in a text that might be an address, as it is written."""
    return {found.strip(":") for found in _ADDRESS.findall(text)} | set(_ADDRESS.findall(text))


def _after(text: str, mishaps: list[tuple[str, int, int]]) -> str:
    for kind, first, second in mishaps:
        if text:
            text = _MISHAPS[kind](text, first, second)
    return text


def _drop(text: str, first: int, _second: int) -> str:
    lines = text.split("\n")
    del lines[first % len(lines)]
    return "\n".join(lines)


def _repeat(text: str, first: int, second: int) -> str:
    lines = text.split("\n")
    lines.insert(second % len(lines), lines[first % len(lines)])
    return "\n".join(lines)


def _swap(text: str, first: int, second: int) -> str:
    lines = text.split("\n")
    one, other = first % len(lines), second % len(lines)
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _cut(text: str, end: int | None) -> str:
    return text if end is None or not text else text[: end % len(text)]


def _blot(text: str, first: int, _second: int) -> str:
    place = first % len(text)
    return f"{text[:place]}\ufffd{text[place + 1 :]}" if text[place] != "\n" else text


_MISHAPS: dict[str, Callable[[str, int, int], str]] = {
    "blot": _blot,
    "drop": _drop,
    "repeat": _repeat,
    "swap": _swap,
}
