"""Which of the file's columns is which of ours, decided once from its header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.central.cells import key
from fieldtech.central.importing.columns import BY_ALIAS, CLOSED_WORDS, COLUMNS, STATES
from fieldtech.central.importing.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.central.importing.mapping import ColumnMap
    from fieldtech.central.importing.reading import Record

_AMBIGUOUS = frozenset({"estado", "state"})
"""Headers that are a ticket's status in one export and a federal state in the next."""

_ONE_OF_EACH = (
    ("coordinates", "latitude", "municipality", "region"),
    ("coordinates", "longitude", "municipality", "region"),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """``places``: index of each of our columns that the file has; ``headers``: its name there."""

    places: dict[str, int]
    headers: dict[str, str]
    width: int
    ignored: tuple[str, ...]

    def header(self, name: str) -> str:
        """Return how the file calls one of our columns (ours, where it has none)."""
        return self.headers.get(name, name)


def lay_out(
    header: Record, rows: Sequence[Record], columns: ColumnMap
) -> tuple[Layout, list[Problem]]:
    """Recognise the header's cells; problems name a column that is missing or there twice."""
    places: dict[str, int] = {}
    headers: dict[str, str] = {}
    ignored: list[str] = []
    problems: list[Problem] = []
    for index, cell in enumerate(header.cells):
        name = _name(cell, index, rows, columns)
        if not name:
            if cell.strip():
                ignored.append(cell.strip())
        elif name in places:
            first = headers[name]
            reason = f"means the same as the column “{first}” ({name}); say which in a column map"
            problems.append(Problem(header.line, cell.strip(), "", reason))
        else:
            places[name] = index
            headers[name] = cell.strip()
    problems += _missing(header, places, columns)
    return Layout(places, headers, len(header.cells), tuple(ignored)), problems


def _name(cell: str, index: int, rows: Sequence[Record], columns: ColumnMap) -> str:
    wanted = key(cell)
    if wanted in columns.headers:
        return columns.headers[wanted]
    if wanted in columns.ignored:
        return ""
    if wanted in _AMBIGUOUS:
        seen = {key(row.cells[index]) for row in rows if index < len(row.cells)} - {""}
        return "state" if seen and seen <= set(STATES) | CLOSED_WORDS else "state_name"
    return BY_ALIAS.get(wanted, "")


def _missing(header: Record, places: dict[str, int], columns: ColumnMap) -> list[Problem]:
    have = set(places) | set(columns.defaults)
    found = [
        Problem(header.line, column.name, "", f"the column is missing; {_spelling(column.aliases)}")
        for column in COLUMNS
        if column.required and column.name not in have
    ]
    if any(have.isdisjoint(group) for group in _ONE_OF_EACH):
        reason = "no column says where a site is: coordinates, or municipality and state, or region"
        found.append(Problem(header.line, "latitude", "", reason))
    return found


def _spelling(aliases: Sequence[str]) -> str:
    return f"it may be called {', '.join(f'“{alias}”' for alias in aliases[:6])}…"
