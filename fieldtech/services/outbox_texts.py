"""A command's arguments and the record in force as short texts, side by side on the sync screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldtech.store.outbox import OutboxItem

MOST = 240
_TELLING = (
    "state",
    "technician_id",
    "severity",
    "window_start",
    "window_end",
    "closed_at",
    "state_reason",
)


def mine_text(item: OutboxItem) -> str:
    """What this laptop wanted: the arguments that are short texts or figures."""
    return _cut(", ".join(_pairs(item.envelope.args)))


def whole_text(item: OutboxItem) -> str:
    """The same uncut and with every list in it: what a note in the command's place has to say."""
    return ", ".join(_pairs({key: _flat(value) for key, value in item.envelope.args.items()}))


def theirs_text(item: OutboxItem) -> str:
    """What is in force at the central, from the bodies its refusal brought along."""
    if item.result is None:
        return ""
    lines = []
    for name, body in sorted(item.result.current.items()):
        if isinstance(body, dict):
            told = {key: body[key] for key in _TELLING if key in body}
            lines.append(f"{name.partition(':')[0]}: {', '.join(_pairs(told))}")
    return _cut("; ".join(lines))


def _pairs(values: Mapping[str, Any]) -> list[str]:
    return [
        f"{key} {value}" for key, value in values.items() if isinstance(value, str | int | float)
    ]


def _flat(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(_pairs({key: _flat(part) for key, part in value.items()}))
    return " · ".join(str(_flat(part)) for part in value) if isinstance(value, list) else value


def _cut(text: str) -> str:
    return text if len(text) <= MOST else text[: MOST - 1] + "…"
