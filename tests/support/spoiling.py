"""Ways to spoil a recorded output: what a console, a paste or a broken pipe does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable


def mutated(text: str, *, most: int = 3) -> st.SearchStrategy[str]:
    """A text with a few lines or characters lost, doubled, moved or replaced, or cut off."""
    return st.lists(_changes(), min_size=1, max_size=most).map(lambda all_: _apply(text, all_))


def cut(text: str, *, most: int = 3) -> st.SearchStrategy[str]:
    """A text with a few lines lost, and perhaps without its end."""
    lines = text.splitlines(keepends=True)
    lost = st.sets(st.integers(0, len(lines) - 1), max_size=most)
    kept = lost.map(lambda gone: "".join(x for i, x in enumerate(lines) if i not in gone))
    return st.tuples(kept, st.integers(0, len(text))).map(lambda pair: pair[0][: pair[1]])


def _changes() -> st.SearchStrategy[Callable[[str], str]]:
    place = st.integers(0, 4000)
    spot = st.sampled_from(tuple("0123456789:-% ,.()abcdefgñ¤\n\t\\*é漢"))
    return st.one_of(
        place.map(lambda at: lambda text: text[: at % (len(text) + 1)]),
        place.map(lambda at: lambda text: _with_lines(text, at, lambda _: [])),
        place.map(lambda at: lambda text: _with_lines(text, at, lambda line: [line, line])),
        place.map(lambda at: lambda text: _swapped(text, at)),
        st.tuples(place, spot).map(
            lambda what: lambda text: _replaced(text, what[0], what[1], keep=False)
        ),
        st.tuples(place, spot).map(
            lambda what: lambda text: _replaced(text, what[0], what[1], keep=True)
        ),
        place.map(lambda at: lambda text: _replaced(text, at, "", keep=False)),
    )


def _apply(text: str, changes: list[Callable[[str], str]]) -> str:
    for change in changes:
        text = change(text)
    return text


def _with_lines(text: str, at: int, become: Callable[[str], list[str]]) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    place = at % len(lines)
    return "".join([*lines[:place], *become(lines[place]), *lines[place + 1 :]])


def _swapped(text: str, at: int) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        return text
    place = at % (len(lines) - 1)
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    return "".join(lines)


def _replaced(text: str, at: int, spot: str, *, keep: bool) -> str:
    place = at % (len(text) + 1)
    return text[:place] + spot + text[place + (0 if keep else 1) :]
