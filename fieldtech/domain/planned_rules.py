"""Planned works: announced, moved, called off."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.domain.authority import MAY, granted
from fieldtech.domain.case import Rejection
from fieldtech.domain.commands import COMMANDS, Reason
from fieldtech.domain.expectations import mismatch
from fieldtech.domain.planned import Announcement, PlannedWork
from fieldtech.domain.planned_commands import AnnouncePlanned, ChangePlanned
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.timeline import changes_between, entries_for, value_text
from fieldtech.domain.validity import in_utc, problem_of
from fieldtech.domain.words import Role

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.case import Context
    from fieldtech.domain.commands import Command
    from fieldtech.domain.facts import Entry


def apply_planned(
    work: PlannedWork | None, command: Command, context: Context
) -> tuple[PlannedWork, Entry] | Rejection:
    """Return the planned work after ``command`` with its timeline entry, or why it is refused.

    Pure and total like ``apply``. Of the scope only ``region:`` entries can be held against the
    actor's regions here; the central resolves sites and services.
    """
    expected = COMMANDS.get(command.name)
    if expected is None or not command.name.startswith("planned."):
        return refuse(Refusal.UNKNOWN_COMMAND, command.name)
    if not isinstance(command.args, expected):
        return refuse(Refusal.INVALID, "args")
    refusal = problem_of(command) or _target_refusal(work, command)
    if refusal is not None:
        return refusal
    command = in_utc(command)
    after = _decide(work, command, context)
    if isinstance(after, Rejection):
        return after
    entry = entries_for(command, [(command.target, changes_between(work, after))])[0]
    return replace(after, history=(*after.history, entry)), entry


def _target_refusal(work: PlannedWork | None, command: Command) -> Rejection | None:
    if command.target_kind != "planned" or not command.target_id:
        return refuse(Refusal.UNKNOWN_TARGET, command.target)
    if isinstance(command.args, AnnouncePlanned):
        return refuse(Refusal.ALREADY_EXISTS, work.id) if work is not None else None
    if work is None or work.id != command.target_id:
        return refuse(Refusal.UNKNOWN_TARGET, command.target)
    return None


def _decide(
    work: PlannedWork | None, command: Command, context: Context
) -> PlannedWork | Rejection:
    args = command.args
    if isinstance(args, AnnouncePlanned):
        return _refusal(args.scope, command, context) or _announced(command, args, context)
    if work is None:
        return refuse(Refusal.UNKNOWN_TARGET, command.target)
    current = {"start": value_text(work.start), "end": value_text(work.end)}
    refusal = (
        _refusal(work.scope, command, context) or mismatch(command, current) or _over(work, context)
    )
    if refusal is not None:
        return refusal
    if isinstance(args, ChangePlanned):
        return _moved(work, command, args, context)
    if isinstance(args, Reason) and args.reason.strip():
        told = _told(command, context)
        return replace(work, cancelled=True, superseded=_begun(work, told, until=told))
    return refuse(Refusal.MISSING_REASON, "reason")


def _announced(
    command: Command, args: AnnouncePlanned, context: Context
) -> PlannedWork | Rejection:
    """Announce a work. Nobody was told of it before the central had it: the notice runs from then.

    On the laptop that is the time of the command, until the central says better.
    """
    if not args.title.strip():
        return refuse(Refusal.INVALID, "title")
    if not args.scope:
        return refuse(Refusal.INVALID, "scope")
    if args.end <= args.start:
        return refuse(Refusal.INVALID, "end")
    return PlannedWork(
        id=command.target_id,
        title=args.title,
        scope=args.scope,
        start=args.start,
        end=args.end,
        announced_at=_told(command, context),
        corrective=args.corrective,
        notice_text=args.notice_text,
    )


def _moved(
    work: PlannedWork, command: Command, args: ChangePlanned, context: Context
) -> PlannedWork | Rejection:
    """Move the window: for the notice rule that is a new announcement."""
    if args.end <= args.start:
        return refuse(Refusal.INVALID, "end")
    told = _told(command, context)
    return replace(
        work,
        start=args.start,
        end=args.end,
        announced_at=told,
        superseded=_begun(work, told, until=args.end),
    )


def _told(command: Command, context: Context) -> datetime:
    """Return when customers can have heard of it: on the laptop, the time of the command."""
    return context.received or command.occurred_at


def _begun(work: PlannedWork, told: datetime, *, until: datetime) -> tuple[Announcement, ...]:
    """Return the announced windows that had begun by ``told``, none longer than ``until``."""
    cut = (
        replace(window, end=min(window.end, until))
        for window in work.announcements
        if window.start < told
    )
    return tuple(window for window in cut if window.start < window.end)


def _refusal(scope: tuple[str, ...], command: Command, context: Context) -> Rejection | None:
    actor = command.actor
    if actor.role not in MAY[command.name]:
        return refuse(Refusal.NOT_AUTHORISED, actor.role.value)
    if actor.role is not Role.DISPATCHER:
        return None
    for place in scope:
        kind, _, place_id = place.partition(":")
        if kind == "region" and not granted(actor, place_id, context.rules):
            return refuse(Refusal.NOT_AUTHORISED, place_id)
    return None


def _over(work: PlannedWork, context: Context) -> Rejection | None:
    if work.cancelled:
        return refuse(Refusal.WRONG_STATE, "cancelled")
    if context.now >= work.end:
        return refuse(Refusal.WRONG_STATE, "over")
    return None
