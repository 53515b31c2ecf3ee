"""The new value of a corrected field: a word of a person's becomes what the record can hold."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from fieldtech.central import cells
from fieldtech.domain.words import Access, RouterOwner

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 200
_LONGEST_NOTES = 2000
_LINES = frozenset({"access_notes"})
_NEEDED = frozenset({"name", "municipality", "state", "timezone", "lat", "lon"}) | {
    "router_owner",
    "access",
}
"""What a record is of no use without."""


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


_READERS: dict[str, Callable[[str], Any]] = {
    "lat": cells.latitude,
    "lon": cells.longitude,
    "timezone": cells.time_zone,
    "total_users": cells.whole,
    "speed_mbps": cells.whole,
    "router_owner": RouterOwner,
    "access": Access,
    "active_since": _day,
}
_NUMBERS = frozenset({"total_users", "speed_mbps"})


def correctable(value: Any) -> frozenset[str]:  # noqa: ANN401  a customer, site, service…
    """Name the fields of a record that a correction may change: all but its ids."""
    return frozenset(each.name for each in fields(value) if not each.name.endswith("id"))


def corrected(value: Any, name: str, new: str) -> Any:  # noqa: ANN401
    """Return the record with the field at its new value; empty means "not known".

    Raises ``ValueError`` when the field cannot hold that: out of range, too long, no such word.
    """
    longest = _LONGEST_NOTES if name in _LINES else _LONGEST
    text = cells.clean(new, limit=longest, multiline=name in _LINES)
    if text:
        return replace(value, **{name: _READERS.get(name, str)(text)})
    if name in _NEEDED:
        raise ValueError(f"{name} cannot be empty")
    return replace(value, **{name: None if name in _NUMBERS else ""})
