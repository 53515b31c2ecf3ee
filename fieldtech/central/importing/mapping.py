"""The column map: a TOML file that says what an export's own headers and words mean.

::

    # Headers that would be taken for one of our columns and are not. Above every [section]: in
    # TOML, what stands below one belongs to it.
    ignore = ["ID"]

    # Each of our columns, and the header (or headers, the first found counts) it has in the file.
    [columns]
    external_id = "Ticket #"
    total_users = ["Extensiones", "Usuarios"]

    # Words of a column of closed choice.
    [values.severity]
    major = ["P1", "P2"]
    minor = ["P3"]

    # What an empty cell, or a column that is not there, stands for.
    [defaults]
    service_kind = "internet"
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldtech.central.cells import key
from fieldtech.central.importing.columns import BY_NAME
from fieldtech.domain.checked import read_toml
from fieldtech.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_SECTIONS = frozenset({"columns", "ignore", "values", "defaults"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """``headers``: our column by header key; ``words``: canonical word by column and word key."""

    headers: dict[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)


def load_map(path: Path) -> ColumnMap:
    """Read a column map. Raises ``DataError`` naming the file, the key and the reason."""
    data = read_toml(path)
    source = path.name
    for name in data:
        if name not in _SECTIONS:
            raise DataError(source, name, f"unknown; there are {', '.join(sorted(_SECTIONS))}")
    headers: dict[str, str] = {}
    for name, spelt in _table(source, "columns", data.get("columns", {})).items():
        _known(source, f"columns.{name}", name)
        for header in _texts(source, f"columns.{name}", spelt):
            if headers.setdefault(key(header), name) != name:
                raise DataError(source, f"columns.{name}", f"{header!r} stands for two columns")
    words = {
        name: _words(source, name, table)
        for name, table in _table(source, "values", data.get("values", {})).items()
    }
    defaults = _table(source, "defaults", data.get("defaults", {}))
    for name, text in defaults.items():
        _known(source, f"defaults.{name}", name)
        if not isinstance(text, str):
            raise DataError(source, f"defaults.{name}", "must be a text")
    return ColumnMap(
        headers=headers,
        ignored=frozenset(key(h) for h in _texts(source, "ignore", data.get("ignore", []))),
        words=words,
        defaults={name: str(text) for name, text in defaults.items()},
    )


def _words(source: str, name: str, table: object) -> dict[str, str]:
    place = f"values.{name}"
    _known(source, place, name)
    allowed = BY_NAME[name].words
    if allowed is None:
        raise DataError(source, place, "this column takes any text, so no words can be listed")
    found: dict[str, str] = {}
    for word, spelt in _table(source, place, table).items():
        if word not in allowed.values():
            choices = ", ".join(sorted(set(allowed.values())))
            raise DataError(source, f"{place}.{word}", f"not one of {choices}")
        found.update({key(text): word for text in _texts(source, f"{place}.{word}", spelt)})
    return found


def _known(source: str, place: str, name: str) -> None:
    if name not in BY_NAME:
        raise DataError(source, place, f"no such column; there are {', '.join(sorted(BY_NAME))}")


def _table(source: str, place: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise DataError(source, place, "must be a table")
    return value


def _texts(source: str, place: str, value: object) -> list[str]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise DataError(source, place, "must be a text or a list of texts")
    return found
