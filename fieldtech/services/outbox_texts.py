"""Everything a command said as one text: what a note in its place has to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldtech.store.outbox import OutboxItem


def whole_text(item: OutboxItem) -> str:
    """The arguments uncut, with every list in them."""
    return ", ".join(_pairs({key: _flat(value) for key, value in item.envelope.args.items()}))


def _pairs(values: Mapping[str, object]) -> list[str]:
    return [
        f"{key} {value}" for key, value in values.items() if isinstance(value, str | int | float)
    ]


def _flat(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(_pairs({key: _flat(part) for key, part in value.items()}))
    return " · ".join(str(_flat(part)) for part in value) if isinstance(value, list) else value
