"""Whether a command's values can be stored at all, whatever the state of the case.

These checks keep ``apply`` total: naive or absurd times would make date arithmetic raise, U+0000
and lone surrogates cannot be stored by PostgreSQL or encoded as UTF-8.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fieldtech.domain.refusals import Refusal, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldtech.domain.case import Rejection
    from fieldtech.domain.commands import Command

MAX_TEXT_BYTES = 64 * 1024
"""The longest text a command may carry, in UTF-8; longer text travels as an attachment."""

MAX_SECONDS = 100 * 366 * 86_400.0
"""The widest uncertainty that still means something, in seconds."""

_FIRST_YEAR = 1900
_LAST_YEAR = 2999


def problem_of(command: Command) -> Rejection | None:
    """Return why this command can never be stored, ``None`` when its values are sound.

    A clock that was reset to 1970 is sound: field times are kept as measured, never clamped.
    """
    values = [("target", command.target), ("op_id", command.op_id)]
    for name, value in (*values, ("occurred_at", command.occurred_at), *_leaves(command)):
        problem = _problem(name, value)
        if problem is not None:
            return problem
    return None


def in_utc(command: Command) -> Command:
    """Return a sound command with every time in UTC.

    Python subtracts two times of one zone by their wall clock: across a change of the clocks a
    deadline would be an hour off.
    """
    told = replace(command, occurred_at=command.occurred_at.astimezone(UTC))
    args = command.args
    if not is_dataclass(args) or isinstance(args, type):
        return told
    times = {
        spec.name: value.astimezone(UTC)
        for spec in fields(args)
        if isinstance(value := getattr(args, spec.name), datetime)
    }
    return replace(told, args=replace(args, **times)) if times else told


def _leaves(command: Command) -> Iterator[tuple[str, object]]:
    yield from (("actor", part) for part in (command.actor.id, command.actor.device))
    for expected_field, text in command.expect.items():
        yield "expect", expected_field
        yield "expect", text
    yield from _arguments(command.args)


def _arguments(args: object) -> Iterator[tuple[str, object]]:
    if not is_dataclass(args):
        return
    for spec in fields(args):
        value = getattr(args, spec.name)
        if isinstance(value, tuple):
            for part in value:
                yield from ((spec.name, leaf) for _, leaf in _parts(part))
        else:
            yield spec.name, value


def _parts(part: object) -> Iterator[tuple[str, object]]:
    """A part of a list by itself, or the fields of one that is a record."""
    if is_dataclass(part) and not isinstance(part, type):
        yield from _arguments(part)
    else:
        yield "", part


def _problem(name: str, value: object) -> Rejection | None:
    if isinstance(value, str):
        return _text_problem(name, value)
    if isinstance(value, datetime):
        sound = value.tzinfo is not None and _FIRST_YEAR <= value.year <= _LAST_YEAR
        return None if sound else refuse(Refusal.INVALID, name)
    if isinstance(value, float):
        sound = math.isfinite(value) and 0.0 <= value <= MAX_SECONDS
        return None if sound else refuse(Refusal.INVALID, name)
    return None


def _text_problem(name: str, text: str) -> Rejection | None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return refuse(Refusal.BAD_CHARACTER, name)
    if "\x00" in text:
        return refuse(Refusal.BAD_CHARACTER, name)
    return refuse(Refusal.TOO_LONG, name) if size > MAX_TEXT_BYTES else None
