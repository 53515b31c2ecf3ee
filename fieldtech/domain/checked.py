"""Reading a table that somebody may have edited: every refusal names the file, the key and why."""

from __future__ import annotations

import math
import re
import tomllib
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from fieldtech.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

E = TypeVar("E", bound=StrEnum)

_DURATION = re.compile(r"([0-9]{1,10})\s*(s|m|min|h|d)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_LONGEST_S = 3660 * 86_400
"""Ten years: what is longer is a slip of the pen, and dates must stay within the calendar."""

_MOST = 2**31 - 1
"""The largest whole number that every database holds."""

_MISSING = object()


class Table:
    """One mapping of a TOML or JSON document, read key by key.

    Each reader names a key once; ``done`` then refuses what nobody asked for, so that a misspelt
    key is never ignored in silence. All errors are ``DataError(source, key, reason)``.
    """

    def __init__(self, data: object, source: str, path: str = "") -> None:
        """Take the mapping, the file it came from and its own dotted key ("" at the top)."""
        self._source = source
        self._path = path
        self._seen: set[str] = set()
        if not isinstance(data, dict):
            raise DataError(source, path, "must be a table")
        self._data: Mapping[str, object] = data

    def fail(self, key: str, reason: str) -> DataError:
        """Build the error for ``key`` of this table; the caller raises it."""
        return DataError(self._source, self.where(key), reason)

    def where(self, key: str) -> str:
        """Return the dotted key inside the whole document."""
        return ".".join(part for part in (self._path, key) if part)

    def keys(self) -> tuple[str, ...]:
        """Return every key present, for tables whose keys are data (region ids)."""
        return tuple(self._data)

    def has(self, key: str) -> bool:
        """Tell whether ``key`` is present."""
        return key in self._data

    def done(self) -> None:
        """Refuse the first key that was never read."""
        for key in self._data:
            if key not in self._seen:
                raise self.fail(key, "unknown key")

    def text(self, key: str, default: str | None = None) -> str:
        """Read a text; without a default it must be there and not be empty."""
        value = self._take(key, _MISSING if default is None else default)
        if not isinstance(value, str):
            raise self.fail(key, "must be a text")
        if default is None and not value.strip():
            raise self.fail(key, "must not be empty")
        return value

    def boolean(self, key: str, *, default: bool | None = None) -> bool:
        """Read true or false."""
        value = self._take(key, _MISSING if default is None else default)
        if not isinstance(value, bool):
            raise self.fail(key, "must be true or false")
        return value

    def integer(self, key: str, *, least: int, most: int = _MOST) -> int:
        """Read a whole number from ``least`` to ``most``."""
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(key, "must be a whole number")
        if value < least:
            raise self.fail(key, f"must be at least {least}")
        if value > most:
            raise self.fail(key, f"must be at most {most}")
        return value

    def number(self, key: str) -> float:
        """Read a finite number."""
        return self._finite(key, self._take(key))

    def share(self, key: str) -> float:
        """Read a share strictly between 0 and 1."""
        value = self.number(key)
        if not 0 < value < 1:
            raise self.fail(key, "must lie between 0 and 1, both excluded")
        return value

    def numbers(self, key: str) -> tuple[float, ...]:
        """Read a list of numbers."""
        return tuple(self._finite(key, value) for value in self._list(key))

    def duration(self, key: str) -> int:
        """Read seconds above zero: a whole number, or a text such as ``15m``, ``2h``, ``7d``."""
        value = self._take(key)
        if isinstance(value, str):
            found = _DURATION.fullmatch(value.strip())
            if found is None:
                raise self.fail(key, f"{value!r} is not a duration such as 90s, 15m, 2h or 7d")
            value = int(found[1]) * _SECONDS[found[2]]
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(key, "must be a duration: whole seconds, or a text such as 15m")
        if value <= 0:
            raise self.fail(key, "a duration must be above zero")
        if value > _LONGEST_S:
            raise self.fail(key, "a duration must not be longer than ten years")
        return value

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """Read one word of a closed vocabulary."""
        value = self._take(key, _MISSING if default is None else default.value)
        return self._word(key, value, kind)

    def choices(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """Read a list of different words of a closed vocabulary."""
        words = tuple(self._word(key, value, kind) for value in self._list(key))
        return self.unique(key, words)

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """Read a list of different, non-empty texts; an optional one may be missing: empty."""
        values = self._list(key, optional=optional)
        found = tuple(value for value in values if isinstance(value, str) and value.strip())
        if len(found) != len(values):
            raise self.fail(key, "must be a list of texts")
        return self.unique(key, found)

    def table(self, key: str) -> Table:
        """Read a table inside this one."""
        return Table(self._take(key), self._source, self.where(key))

    def tables(self, key: str, *, optional: bool = False) -> tuple[Table, ...]:
        """Read a list of tables, numbered from 0 in messages; an optional one may be missing."""
        return tuple(
            Table(value, self._source, f"{self.where(key)}[{index}]")
            for index, value in enumerate(self._list(key, optional=optional))
        )

    def unique(self, key: str, values: Iterable[E | str]) -> tuple[E, ...]:
        """Return ``values`` as a tuple, refusing a repeated one."""
        found: list[E] = []
        for value in values:
            if value in found:
                raise self.fail(key, f"{value} stands there twice")
            found.append(value)  # type: ignore[arg-type]
        return tuple(found)

    def _take(self, key: str, default: object = _MISSING) -> object:
        self._seen.add(key)
        value = self._data.get(key, default)
        if value is _MISSING:
            raise self.fail(key, "is missing")
        return value

    def _list(self, key: str, *, optional: bool = False) -> list[object]:
        value = self._take(key, [] if optional else _MISSING)
        if not isinstance(value, (list, tuple)):
            raise self.fail(key, "must be a list")
        return list(value)

    def _finite(self, key: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.fail(key, "must be a number")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.fail(key, "must be a finite number")
        return number

    def _word(self, key: str, value: object, kind: type[E]) -> E:
        words = ", ".join(kind)
        if not isinstance(value, str) or value not in set(kind):
            raise self.fail(key, f"{value!r} is not one of {words}")
        return kind(value)


def read_toml(path: Path) -> dict[str, object]:
    """Parse a UTF-8 TOML file; raises ``DataError`` when it cannot be read or is no TOML.

    A byte order mark is passed over: editors on Windows write one.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(path.name, "", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataError(path.name, "", "is not UTF-8 text") from error
    except ValueError as error:  # No TOML, or a number of more digits than Python reads.
        raise DataError(path.name, "", str(error)) from error
    except RecursionError as error:
        raise DataError(path.name, "", "tables and lists lie too deep in one another") from error
