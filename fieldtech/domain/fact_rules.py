"""Facts: what somebody saw or did is kept, whatever has become of his visit meanwhile.

On a visit that is no longer the sender's, or an incident that is over, the fact is kept where it
belongs *and* listed as late work, so that a person looks at it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.domain.authority import field_visit, is_on, is_reporter
from fieldtech.domain.facts import (
    Answer,
    Attachment,
    EquipmentSwap,
    LateWork,
    Measurement,
    Note,
    TimeRecord,
)
from fieldtech.domain.moves import put_incident, put_visit
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.restoration_rules import RESTORATION, with_time
from fieldtech.domain.transitions import INCIDENT_STEPS
from fieldtech.domain.words import LATE_VISIT_STATES, CheckStatus, Role

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.case import Case, Rejection
    from fieldtech.domain.check_commands import AnswerCheck, RecordMeasurement, WaiveCheck
    from fieldtech.domain.commands import (
        AddAttachment,
        AddNote,
        RecordRestoration,
        RecordTime,
        SwapEquipment,
    )
    from fieldtech.domain.moves import Move, VisitMove
    from fieldtech.domain.visit import Visit

_SUMMARY_CHARACTERS = 200
PROBE = "probe"
"""The source of an answer that was measured."""
JUDGED = frozenset({CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL})
"""The results that a probe can give; any other is no answer."""


def note(move: Move[AddNote]) -> Case | Rejection:
    """Append free text; the command's ``op_id`` is the note's id."""
    text = move.args.text
    if not text.strip():
        return refuse(Refusal.INVALID, "text")
    added = Note(id=move.command.op_id, at=move.at, by=move.actor.id, text=text)
    incident = replace(move.incident, notes=(*move.incident.notes, added))
    return _late_if_late(put_incident(move.case, incident), move, text)


def record_restoration(move: Move[RecordRestoration]) -> Case:
    """Keep the time of a restoration without judging it; ``incident.restore`` can still follow.

    Where that is impossible, or nobody was on a visit, it is listed for review.
    """
    args = move.args
    visit = _senders_visit(move)
    case = move.case
    record = TimeRecord(
        kind=RESTORATION, at=args.restored_at, uncertainty_s=args.uncertainty_s, by=move.actor.id
    )
    if visit is not None and record not in visit.times:
        case = put_visit(case, with_time(visit, record))
    known = move.incident.restoration
    if known is not None and known.at == args.restored_at:
        return case
    restore = INCIDENT_STEPS[move.incident.kind].get("incident.restore")
    possible = restore is not None and move.incident.state in restore.sources
    if possible and visit is not None and not is_late(move):
        return case
    return _late(case, move, f"{RESTORATION} {args.restored_at.isoformat()} {args.note}".strip())


def record_time(move: VisitMove[RecordTime]) -> Case | Rejection:
    """Keep a field time as measured; the same one told twice is kept once."""
    args = move.args
    if not args.kind.strip():
        return refuse(Refusal.INVALID, "kind")
    record = TimeRecord(
        kind=args.kind, at=args.at, uncertainty_s=args.uncertainty_s, by=move.actor.id
    )
    known = record in move.visit.times
    case = move.case if known else put_visit(move.case, with_time(move.visit, record))
    return _late_if_late(case, move, f"{args.kind} {args.at.isoformat()} {args.note}".strip())


def answer(move: VisitMove[AnswerCheck]) -> Case | Rejection:
    """Answer an item; the answer before it is kept. A waiver needs its reason in the note."""
    args = move.args
    waived = args.status is CheckStatus.WAIVED
    if not args.item.strip():
        return refuse(Refusal.INVALID, "item")
    if waived and not args.note.strip():
        return refuse(Refusal.MISSING_REASON, "note")
    given = Answer(
        item=args.item,
        status=args.status,
        value=args.value,
        note=args.note,
        reason=args.note if waived else "",
        at=move.at,
        by=move.actor.id,
        source=args.source,
    )
    return _answered(move, given)


def waive(move: VisitMove[WaiveCheck]) -> Case | Rejection:
    """Leave an item out, with the reason."""
    args = move.args
    if not args.item.strip():
        return refuse(Refusal.INVALID, "item")
    if not args.reason.strip():
        return refuse(Refusal.MISSING_REASON, "reason")
    given = Answer(
        item=args.item,
        status=CheckStatus.WAIVED,
        value="",
        note="",
        reason=args.reason,
        at=move.at,
        by=move.actor.id,
    )
    return _answered(move, given)


def measure(move: VisitMove[RecordMeasurement]) -> Case | Rejection:
    """Keep a run of the probes, and answer what it measured; a run told twice is kept once.

    What a probe could not measure answers nothing: a person may still look. What a person has
    decided meanwhile stays in force, and the reading stands in the run beside it.
    """
    args = move.args
    if not args.measurement_id.strip():
        return refuse(Refusal.INVALID, "measurement_id")
    if any(not each.item.strip() for each in args.readings):
        return refuse(Refusal.INVALID, "readings")
    visit = move.visit
    if any(known.id == args.measurement_id for known in visit.measurements):
        return move.case
    run = Measurement(
        id=args.measurement_id,
        at=args.started_at,
        by=move.actor.id,
        profile=args.profile,
        interface=args.interface,
        seconds=args.seconds,
        cause=args.cause,
        verdict=args.verdict,
        link=args.link,
        attribution=args.attribution,
        readings=args.readings,
        evidence_id=args.evidence_id,
    )
    measured = [each for each in args.readings if each.status in JUDGED]
    for each in measured:
        before = visit.answer(each.item)
        if before is not None and _outlasts(before, args.started_at):
            continue
        visit = _with_answer(
            visit,
            Answer(
                item=each.item,
                status=each.status,
                value=each.value,
                # What a person wrote beside it is still so.
                note=before.note if before is not None else "",
                reason="",
                at=move.at,
                by=move.actor.id,
                source=PROBE,
            ),
        )
    case = put_visit(move.case, replace(visit, measurements=(*visit.measurements, run)))
    return _late_if_late(case, move, f"{args.cause} {args.link}".strip())


def _outlasts(given: Answer, started_at: datetime) -> bool:
    """Tell whether an answer stays in force over a run that began at ``started_at``.

    A person who answers while the probes are at work overrules them, and a waiver is a decision
    with its reason, which no value takes back.
    """
    if given.source == PROBE:
        return False
    return given.status is CheckStatus.WAIVED or given.at >= started_at


def _with_answer(visit: Visit, given: Answer) -> Visit:
    """Put an answer in force; one of a person that it replaces is kept in the history."""
    before = visit.answer(given.item)
    if before is None:
        return replace(visit, answers=(*visit.answers, given))
    # A probe's earlier answer stands in its own run.
    kept = (before,) if before.source != PROBE else ()
    return replace(
        visit,
        answers=tuple(given if a is before else a for a in visit.answers),
        answer_history=(*visit.answer_history, *kept),
    )


def _answered(move: VisitMove[object], given: Answer) -> Case:
    case = put_visit(move.case, _with_answer(move.visit, given))
    return _late_if_late(case, move, f"{given.item} {given.status.value} {given.value}".strip())


def attach(move: Move[AddAttachment]) -> Case | Rejection:
    """Keep the metadata of a file; the same file attached twice is kept once."""
    args = move.args
    if not args.attachment_id:
        return refuse(Refusal.INVALID, "attachment_id")
    if args.size < 0:
        return refuse(Refusal.INVALID, "size")
    incident = move.incident
    known = any(
        a.id == args.attachment_id and a.sha256 == args.sha256 for a in incident.attachments
    )
    added = Attachment(
        id=args.attachment_id,
        kind=args.kind,
        name=args.name,
        sha256=args.sha256,
        size=args.size,
        by=move.actor.id,
        at=move.at,
        item=args.item,
    )
    attachments = incident.attachments if known else (*incident.attachments, added)
    case = put_incident(move.case, replace(incident, attachments=attachments))
    return _late_if_late(case, move, f"{args.kind} {args.name}")


def swap(move: Move[SwapEquipment]) -> Case | Rejection:
    """Keep that a device was replaced."""
    args = move.args
    if not args.new_serial.strip() and not args.new_mac.strip():
        return refuse(Refusal.INVALID, "new_serial")
    swapped = EquipmentSwap(
        equipment_id=args.equipment_id,
        old_serial=args.old_serial,
        old_mac=args.old_mac,
        new_serial=args.new_serial,
        new_mac=args.new_mac,
        by=move.actor.id,
        at=move.at,
    )
    incident = replace(move.incident, swaps=(*move.incident.swaps, swapped))
    return _late_if_late(put_incident(move.case, incident), move, f"equipment {args.new_serial}")


def is_late(move: Move[object]) -> bool:
    """Tell whether the sender works on something that is no longer his, or is over."""
    actor = move.actor
    was_sent = any(is_on(visit, actor) for visit in move.case.visits)
    if actor.role is not Role.TECHNICIAN and not was_sent:
        return False
    if not move.incident.state.is_open:
        return True
    visit = move.target_visit or field_visit(move.case, actor)
    if visit is None:
        return was_sent or not is_reporter(move.case, actor)
    return not is_on(visit, actor) or visit.state in LATE_VISIT_STATES


def _senders_visit(move: Move[object]) -> Visit | None:
    if move.target_visit is not None:
        return move.target_visit
    current = field_visit(move.case, move.actor)
    own = [visit for visit in move.case.visits if is_on(visit, move.actor)]
    return current or (own[-1] if own else None)


def _late_if_late(case: Case, move: Move[object], summary: str) -> Case:
    return _late(case, move, summary) if is_late(move) else case


def _late(case: Case, move: Move[object], summary: str) -> Case:
    incident = case.incident or move.incident
    visit = _senders_visit(move)
    work = LateWork(
        visit_id=visit.id if visit is not None else "",
        cmd=move.command.name,
        at=move.at,
        by=move.actor.id,
        summary=summary[:_SUMMARY_CHARACTERS],
    )
    return put_incident(case, replace(incident, late_work=(*incident.late_work, work)))
