"""Text of one cell, or of one corrected field, to one value.

Every function raises ``CellError`` with a readable reason.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from fieldtech.geo.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

ValueT = TypeVar("ValueT")


class CellError(ValueError):
    """A cell that cannot be read; the text is the reason, without the place."""


_GUARDED = re.compile(r'="([^"]*)"')
_PHONE = re.compile(r"[+(]?[\d(][\d\s().\-/]{5,40}(?:\s*(?:ext|x)\.?\s*\d{1,6})?", re.IGNORECASE)
_WHOLE = re.compile(r"(\d{1,9})(?:[.,]0{1,2})?")
_DEGREES = re.compile(r"([+\-−]?)(\d{1,3}(?:[.,]\d{1,15})?)\s*°?\s*([NSEWO]?)", re.IGNORECASE)
_PAIR = re.compile(r"\s*([^,;\s]+[^,;]*?)\s*[,;]\s*([^,;]+?)\s*")
_COMMA_PAIR = re.compile(r"\s*([+\-−]?\d{1,3},\d+)\s*[,;]?\s+([+\-−]?\d{1,3},\d+)\s*")
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(Z|[+\-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}),?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?"
    r"\s*([ap])?\.?\s?m?\.?(?:\s*h(?:rs?)?\.?)?",
    re.IGNORECASE,
)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_NOON = 12
_LARGEST_OFFSET, _MINUTES = 14, 60
_COMMAS_OF_A_COMMA_PAIR = 3  # 25,67,-100,31


def clean(raw: str, *, limit: int, multiline: bool = False) -> str:
    """Return the text without outer blanks; refuse what could not be stored or would be run.

    ``="0123"``, which spreadsheets write to keep leading zeros, is read as its text. A cell that a
    spreadsheet would run as a formula when the data is exported again is refused.
    """
    guarded = _GUARDED.fullmatch(raw.strip())
    text = (guarded[1] if guarded else raw).strip()
    if len(text) > limit:
        raise CellError(f"longer than {limit} characters: it has {len(text)}")
    for character in text:
        if character in "\t\r\n":
            if not multiline:
                raise CellError("a line break or a tab is not possible in this column")
        elif character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff":
            raise CellError(f"a character that cannot be stored: U+{ord(character):04X}")
    if _looks_like_formula(text):
        raise CellError("it looks like a spreadsheet formula; write it as plain text")
    return re.sub(r"\r\n?", "\n", text)


def whole(text: str) -> int:
    """Return a count: ``12``, ``12.0``, ``12,00``. A thousands separator is ambiguous: refused."""
    found = _WHOLE.fullmatch(text)
    if found is None or not text.isascii():
        raise CellError("not a whole number; write digits only, without a thousands separator")
    return int(found[1])


def latitude(text: str) -> float:
    """Return degrees, north positive; decimal point or comma, ``°`` and N/S allowed."""
    return _degrees(text, 90, positive="N", negative="S")


def longitude(text: str) -> float:
    """Return degrees, east positive; decimal point or comma, ``°`` and E/W/O allowed."""
    return _degrees(text, 180, positive="E", negative="WO")


def coordinates(text: str) -> tuple[float, float]:
    """Return latitude and longitude of one cell: ``25.67, -100.31``, ``25,67; -100,31``."""
    found = _COMMA_PAIR.fullmatch(text)
    if found is None and text.count(";") == 1:
        found = _PAIR.fullmatch(text.replace(",", "."))
    if found is None and text.count(",") == _COMMAS_OF_A_COMMA_PAIR:
        parts = text.split(",")
        text = f"{parts[0]}.{parts[1]},{parts[2]}.{parts[3]}"
    found = found or _PAIR.fullmatch(text)
    if found is None:
        raise CellError("not a pair of coordinates such as 25.6714, -100.3094")
    return latitude(found[1]), longitude(found[2])


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of ``2026-11-22 10:40``, ISO 8601, or ``22/11/2026 10:40``.

    Without an offset of its own it is local time in ``zone``. A local time that the clocks skipped
    is refused; of one that happened twice the earlier is taken, which favours the customer.
    """
    iso = _ISO.fullmatch(text)
    if iso:
        year, month, day, hour, minute, second, offset = iso.groups()
    else:
        found = _DAY_FIRST.fullmatch(text)
        if found is None:
            raise CellError(
                "not a date with its time, such as 22/11/2026 10:40 or 2026-11-22 10:40"
            )
        day, month, year, hour, minute, second, half = found.groups()
        hour, offset = _hour(hour, half), None
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise CellError(f"the year {year} cannot be right")
    parts = [int(part or 0) for part in (year, month, day, hour, minute, second)]
    try:
        naive = datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  the zone follows
    except ValueError as problem:
        hint = "; the day comes first" if not iso and int(month) > _NOON else ""
        raise CellError(f"there is no such date or time: {problem}{hint}") from problem
    if offset:
        return (naive - _offset(offset)).replace(tzinfo=UTC)
    aware = naive.replace(tzinfo=zone)
    back = aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if back != naive:
        raise CellError(f"the clocks of {zone.key} skipped that time")
    return aware.astimezone(UTC)


def time_zone(text: str) -> str:
    """Return the IANA name of a time zone that exists."""
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError) as problem:
        raise CellError("there is no such time zone; an IANA name such as America/Monterrey") from (
            problem
        )


def one_of(text: str, words: Mapping[str, ValueT]) -> ValueT:
    """Return what the word stands for; capitals, accents and punctuation do not matter."""
    found = words.get(key(text))
    if found is None:
        allowed = ", ".join(sorted(words))
        raise CellError(f"not one of: {allowed}")
    return found


def mail(text: str) -> str:
    """Return an address that has the shape of one."""
    name, at, domain = text.rpartition("@")
    if not (name and at and "." in domain.strip(".")) or any(c.isspace() for c in text):
        raise CellError("not an e-mail address")
    return text


def phone(text: str) -> str:
    """Return a telephone number as written: digits with the usual separators."""
    if not _PHONE.fullmatch(text):
        raise CellError("not a telephone number")
    return text


def key(text: str) -> str:
    """Return a text reduced to its letters and digits, for comparing headers, words and names."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def _looks_like_formula(text: str) -> bool:
    if text.startswith(("=", "@")):
        return True
    if not text.startswith(("+", "-")):
        return False
    rest = text[1:]
    harmless = rest[:1].isspace() or bool(_PHONE.fullmatch(text)) or bool(_DEGREES.fullmatch(text))
    return bool(rest) and not harmless


def _degrees(text: str, limit: int, *, positive: str, negative: str) -> float:
    found = _DEGREES.fullmatch(text.strip())
    if found is None or not found[2].isascii():
        raise CellError("not degrees such as 25.6714 or 25,6714")
    sign, digits, side = found[1], found[2].replace(",", "."), found[3].upper()
    if (side and side not in positive + negative) or (side and sign):
        raise CellError(f"the side can only be {'/'.join(positive + negative)}, without a sign")
    value = float(digits)
    if sign in ("-", "\N{MINUS SIGN}") or (side and side in negative):
        value = -value
    if abs(value) > limit:
        hint = "; latitude and longitude may be swapped" if limit <= abs(value) <= 2 * limit else ""
        raise CellError(f"outside ±{limit}°{hint}")
    return value


def _hour(text: str, half: str | None) -> str:
    if not half:
        return text
    hour = int(text)
    if not 1 <= hour <= _NOON:
        raise CellError(f"there is no {hour} o'clock with a.m. or p.m.")
    return str(hour % _NOON + (_NOON if half in "pP" else 0))


def _offset(text: str) -> timedelta:
    if text in "Zz":
        return timedelta()
    digits = text.replace(":", "")
    hours, minutes = int(digits[1:3]), int(digits[3:5])
    if hours > _LARGEST_OFFSET or minutes >= _MINUTES:
        raise CellError(f"there is no offset {text}")
    size = timedelta(hours=hours, minutes=minutes)
    return -size if digits[0] == "-" else size
