"""What a refused transition still tells: the bare fact in it, as a command of its own.

A step may come too late or from the wrong person; that the technician stood there at that time, or
that the service worked again, stays true. The central takes the fact with the refusal.
"""

from __future__ import annotations

from dataclasses import replace

from fieldtech.domain.commands import (
    Command,
    FieldTime,
    Reason,
    RecordRestoration,
    RecordTime,
    RestoreIncident,
)
from fieldtech.domain.refusals import Refusal
from fieldtech.domain.validity import MAX_TEXT_BYTES
from fieldtech.domain.visit_rules import TIME_KINDS

_UNSOUND = frozenset(
    {
        Refusal.INVALID,
        Refusal.BAD_CHARACTER,
        Refusal.TOO_LONG,
        Refusal.UNKNOWN_COMMAND,
        Refusal.UNKNOWN_TARGET,
        Refusal.NOT_AUTHORISED,
    }
)
"""Refusals of the message itself: it cannot be stored, or nobody knows of what or from whom."""

SALVAGED = frozenset(code.value for code in Refusal if code not in _UNSOUND)
"""All other refusals: they speak against the transition, never against the fact in it."""

_STEPS = frozenset(
    {"visit.start_travel", "visit.arrive", "visit.leave", "visit.resume", "visit.finish"}
)


def fact_of(command: Command) -> Command | None:
    """Return the fact in a transition as a command, ``None`` when there is none in it.

    Its ``op_id`` follows from the transition's, so the same refusal always leaves the same fact;
    it expects nothing, since a fact cannot conflict.
    """
    args = command.args
    if command.name == "incident.restore" and isinstance(args, RestoreIncident):
        fact = RecordRestoration(
            restored_at=args.restored_at, uncertainty_s=args.uncertainty_s, note=_told(args)
        )
        return _as(command, "incident.record_restoration", fact)
    if command.name in _STEPS and isinstance(args, FieldTime):
        time = RecordTime(
            kind=TIME_KINDS[command.name],
            at=args.at or command.occurred_at,
            uncertainty_s=args.uncertainty_s,
            note=args.note,
        )
        return _as(command, "visit.record_time", time)
    if command.name == "visit.unable" and isinstance(args, Reason):
        ended = RecordTime(kind=TIME_KINDS[command.name], at=command.occurred_at, note=args.reason)
        return _as(command, "visit.record_time", ended)
    return None


def _as(command: Command, name: str, args: object) -> Command:
    return replace(command, op_id=f"{command.op_id}.fact", name=name, args=args, expect={})


def _told(args: RestoreIncident) -> str:
    """Everything a restoration says beside its time, as one text that can be stored."""
    affected = "" if args.affected is None else f"affected={args.affected}"
    named = (args.attribution, args.cause, args.solution, affected, args.evidence, args.note)
    text = " · ".join(str(part) for part in named if part)
    return text.encode()[:MAX_TEXT_BYTES].decode("utf-8", "ignore")
