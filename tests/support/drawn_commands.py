"""Commands drawn for properties of ``apply``: mostly plausible, some absurd, on one case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from service_desk import (
    ADMIN,
    COLLEAGUE,
    DISPATCHER,
    FAR_DISPATCHER,
    SECOND_DISPATCHER,
    SUPERVISOR,
    SYSTEM,
    TECHNICIAN,
    Desk,
    at,
    policy,
    register_args,
    report_args,
    rulebook,
)

from fieldtech.domain.authority import is_on
from fieldtech.domain.case import Case, Context
from fieldtech.domain.check_commands import AnswerCheck, RecordMeasurement, WaiveCheck
from fieldtech.domain.codes import Indicator
from fieldtech.domain.commands import (
    COMMANDS,
    Acknowledge,
    AddAttachment,
    AddCompanion,
    AddNote,
    AssignVisit,
    CloseIncident,
    Command,
    CorrectTime,
    FieldTime,
    JudgeCorrection,
    JudgeExclusion,
    LogEscalation,
    MarkDuplicate,
    PauseIncident,
    ProposeCorrection,
    ProposeExclusion,
    Reason,
    ReassignVisit,
    Reclassify,
    RecordRestoration,
    RecordTime,
    RefailIncident,
    RegisterIncident,
    ReportIncident,
    RequestFollowup,
    RestoreIncident,
    ResumeIncident,
    SwapEquipment,
)
from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.policy import Rulebook
from fieldtech.domain.restoration_commands import CorrectRestoration
from fieldtech.domain.transitions import VISIT_STEPS, legal_commands
from fieldtech.domain.words import Attribution, CheckStatus, IncidentKind, Severity

ACTORS = (
    TECHNICIAN,
    COLLEAGUE,
    DISPATCHER,
    SECOND_DISPATCHER,
    FAR_DISPATCHER,
    SUPERVISOR,
    SYSTEM,
    ADMIN,
)
TECHNICIANS = (TECHNICIAN.id, COLLEAGUE.id)

minutes = st.integers(-30, 260)
moments = minutes.map(at)
maybe_moments = st.none() | moments
texts = st.sampled_from(["motivo", "ñandú 🔌", "", " "])
users = st.none() | st.integers(-1, 120)
severities = st.none() | st.sampled_from(Severity)
kinds = st.sampled_from(IncidentKind)
uncertainties = st.sampled_from([0.0, 30.0, 7200.0])
visit_ids = st.sampled_from(["v1", "v2", "v3", "v4"])
technicians = st.sampled_from([*TECHNICIANS, *TECHNICIANS, "tec-ce", ""])
items = st.sampled_from(["lan.cable", "lan.speed", "sip.call", "unknown", ""])
causes = st.sampled_from([cause.code for cause in policy().causes[:2]] + ["", "gremlins"])
solutions = st.sampled_from([s.code for s in policy().solutions[:2]] + ["prayer"])
reasons = st.sampled_from([pause.code for pause in policy().pauses] + ["siesta"])
time_kinds = st.sampled_from(["arrival", "departure", "restoration", "signal", ""])
claims = st.sampled_from(["x1", "x2", ""])
field_times = st.builds(FieldTime, at=maybe_moments, uncertainty_s=uncertainties, note=texts)
with_reason = st.builds(Reason, reason=texts)

ARGUMENTS: dict[type, st.SearchStrategy[Any]] = {
    ReportIncident: st.builds(
        report_args, kind=kinds, affected=users, severity=severities, notified_at=moments
    ),
    RegisterIncident: st.builds(
        register_args,
        kind=kinds,
        affected=users,
        severity=severities,
        override_reason=texts,
        notified_at=moments,
    ),
    Acknowledge: st.builds(Acknowledge),
    Reclassify: st.builds(Reclassify, affected=users, severity=severities, reason=texts),
    PauseIncident: st.builds(PauseIncident, reason=reasons),
    ResumeIncident: st.builds(ResumeIncident),
    RestoreIncident: st.builds(
        RestoreIncident,
        restored_at=moments,
        attribution=st.sampled_from(Attribution),
        cause=causes,
        solution=solutions,
        uncertainty_s=uncertainties,
        affected=users,
    ),
    RecordRestoration: st.builds(
        RecordRestoration, restored_at=moments, uncertainty_s=uncertainties, note=texts
    ),
    CorrectRestoration: st.builds(CorrectRestoration, at=moments, reason=texts),
    RefailIncident: st.builds(RefailIncident, failed_at=moments),
    CloseIncident: st.builds(CloseIncident),
    Reason: with_reason,
    MarkDuplicate: st.builds(MarkDuplicate, of=st.sampled_from(["i0", "i1"])),
    AddNote: st.builds(AddNote, text=texts),
    AssignVisit: st.builds(
        AssignVisit,
        incident_id=st.just("i1"),
        technician_id=technicians,
        window_start=maybe_moments,
        window_end=maybe_moments,
        followup_of=st.sampled_from(["", "v1"]),
    ),
    ReassignVisit: st.builds(
        ReassignVisit,
        new_visit_id=visit_ids,
        technician_id=technicians,
        window_start=maybe_moments,
        window_end=maybe_moments,
    ),
    FieldTime: field_times,
    RecordTime: st.builds(RecordTime, kind=time_kinds, at=moments, uncertainty_s=uncertainties),
    CorrectTime: st.builds(CorrectTime, kind=time_kinds, at=moments, reason=texts),
    RequestFollowup: st.builds(RequestFollowup, reason=texts),
    AddCompanion: st.builds(AddCompanion, technician_id=technicians),
    AnswerCheck: st.builds(
        AnswerCheck, item=items, status=st.sampled_from(CheckStatus), value=texts, note=texts
    ),
    WaiveCheck: st.builds(WaiveCheck, item=items, reason=texts),
    RecordMeasurement: st.builds(
        RecordMeasurement,
        measurement_id=claims,
        started_at=moments,
        profile=texts,
        interface=texts,
        seconds=st.floats(0, 60),
        cause=texts,
        link=texts,
        attribution=texts,
        readings=st.lists(
            st.builds(MeasuredItem, item=items, status=st.sampled_from(CheckStatus), value=texts),
            max_size=3,
        ).map(tuple),
        evidence_id=texts,
    ),
    ProposeExclusion: st.builds(
        ProposeExclusion,
        exclusion_id=claims,
        attribution=st.sampled_from(Attribution),
        start=moments,
        end=maybe_moments,
        evidence=texts,
    ),
    JudgeExclusion: st.builds(JudgeExclusion, exclusion_id=claims),
    LogEscalation: st.builds(LogEscalation, level=st.integers(0, 5), how=texts, at=maybe_moments),
    ProposeCorrection: st.builds(
        ProposeCorrection,
        correction_id=claims,
        entity=st.sampled_from(["site", "planet"]),
        entity_id=st.just("site-1"),
        field_name=st.just("phone"),
        old=texts,
        new=texts,
    ),
    JudgeCorrection: st.builds(JudgeCorrection, correction_id=claims),
    AddAttachment: st.builds(
        AddAttachment,
        attachment_id=claims,
        kind=st.just("photo"),
        name=texts,
        sha256=st.just("00"),
        size=st.integers(-1, 9),
    ),
    SwapEquipment: st.builds(
        SwapEquipment,
        equipment_id=st.just("e1"),
        old_serial=texts,
        old_mac=texts,
        new_serial=texts,
        new_mac=texts,
    ),
}

_OTHER_POLICY = replace(
    policy(),
    technicians_may_close=True,
    pauses=tuple(
        replace(pause, stops=frozenset({Indicator.RESTORATION, Indicator.RESPONSE}))
        for pause in policy().pauses
    ),
    external_excluded_from=frozenset(Indicator),
)
POLICIES = (policy(), _OTHER_POLICY)
NAMES = sorted(name for name in COMMANDS if not name.startswith("planned."))


CLEAN: dict[type, st.SearchStrategy[Any]] = {
    RegisterIncident: st.builds(register_args, kind=kinds, affected=st.integers(0, 100)),
    ReportIncident: st.builds(report_args, kind=kinds, affected=st.integers(0, 100)),
    Reclassify: st.builds(Reclassify, affected=st.integers(0, 100)),
    PauseIncident: st.builds(PauseIncident, reason=st.just(policy().pauses[0].code)),
    RestoreIncident: st.builds(
        RestoreIncident,
        restored_at=moments,
        attribution=st.sampled_from(Attribution),
        cause=st.just(policy().causes[0].code),
        solution=st.just(policy().solutions[0].code),
        uncertainty_s=uncertainties,
    ),
    CorrectRestoration: st.builds(CorrectRestoration, at=moments, reason=st.just("motivo")),
    Reason: st.builds(Reason, reason=st.just("motivo")),
    MarkDuplicate: st.builds(MarkDuplicate, of=st.just("i0")),
    AnswerCheck: st.builds(
        AnswerCheck, item=st.just("lan.cable"), status=st.just(CheckStatus.PASS)
    ),
    CorrectTime: st.builds(
        CorrectTime,
        kind=st.sampled_from(["arrival", "restoration"]),
        at=moments,
        reason=st.just("motivo"),
    ),
    ProposeExclusion: st.builds(
        ProposeExclusion,
        exclusion_id=claims,
        attribution=st.just(Attribution.CUSTOMER),
        start=moments,
        evidence=st.just("foto"),
    ),
}
"""Arguments that the rules have nothing against, for the commands where that is rare by chance."""

_ONE_IN_TEN = st.integers(0, 9).map(lambda n: n == 9)
_TRANSITIONS = 4


@st.composite
def next_commands(draw: st.DrawFn, case: Case, count: int) -> Command:
    """Draw a command: mostly a plausible one, so that sequences get somewhere."""
    return draw(_wild(case, count) if draw(_ONE_IN_TEN) else _plausible(case, count))


@st.composite
def _wild(draw: st.DrawFn, case: Case, count: int) -> Command:
    name = draw(st.sampled_from(NAMES))
    known = [visit.id for visit in case.visits] or ["v1"]
    return Command(
        op_id=f"op-{count}",
        name=name,
        target=draw(st.sampled_from(["incident:i1", *(f"visit:{visit_id}" for visit_id in known)])),
        actor=draw(st.sampled_from(ACTORS)),
        occurred_at=draw(moments),
        args=draw(ARGUMENTS[COMMANDS[name]]),
        expect=draw(st.sampled_from([{}, {}, {"state": "acknowledged"}, {"nonsense": "1"}])),
    )


@st.composite
def _plausible(draw: st.DrawFn, case: Case, count: int) -> Command:
    technical = draw(st.booleans())
    actor = draw(st.sampled_from([TECHNICIAN, COLLEAGUE] if technical else _DESK))
    visits = [visit for visit in case.visits if not technical or is_on(visit, actor)]
    visit = draw(st.sampled_from(visits)) if visits else None
    names = legal_commands(case, actor.role, visit) or ("incident.register", "incident.report")
    moving = [name for name in names if name in _MOVING]
    name = draw(st.sampled_from([*names, *moving * _TRANSITIONS]))
    strategy = ARGUMENTS[COMMANDS[name]]
    args = draw(strategy if draw(_ONE_IN_TEN) else CLEAN.get(COMMANDS[name], strategy))
    if isinstance(args, ReassignVisit):
        args = replace(args, new_visit_id=f"new-{count}")
    target = f"visit:{visit.id}" if visit is not None and name in VISIT_STEPS else "incident:i1"
    return Command(
        op_id=f"op-{count}",
        name=name,
        target=f"visit:new-{count}" if name == "visit.assign" else target,
        actor=actor,
        occurred_at=draw(moments),
        args=args,
    )


_DESK = (DISPATCHER, SECOND_DISPATCHER, SUPERVISOR)
_MOVING = {name for name, step in VISIT_STEPS.items() if step.target} | {
    "visit.assign",
    "incident.acknowledge",
    "incident.pause",
    "incident.resume",
    "incident.restore",
    "incident.refail",
    "incident.close",
}


def drawn_start(data: st.DataObject) -> tuple[Case, Rulebook]:
    """An empty desk, or one with a technician on site so that the deep states are met often."""
    rules = rulebook(data.draw(st.sampled_from(POLICIES)))
    original = replace(Desk(rules=rules).registered(notified_at=at(-20)).incident(), id="i0")
    start = data.draw(st.sampled_from(["empty", "registered", "on_site", "restored"]))
    desk = Desk(rules=rules)
    if start != "empty":
        desk.registered()
    if start in ("on_site", "restored"):
        desk.on_site().checked()
    if start == "restored":
        desk.restored(60, TECHNICIAN)
    return replace(desk.case, original=original), rules


def drawn_context(rules: Rulebook, *, was_assigned: bool = True, minute: int = 200) -> Context:
    return replace(Desk(rules=rules).context, now=at(minute), was_assigned=was_assigned)
