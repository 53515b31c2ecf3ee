"""What can happen to an incident, told in the order of the work.

A plot tells the natural course. It is brought forward where the report is more recent than that,
the steps of the escalation ladder that the clock has reached are added, and it ends where it is
to end. Offsets are seconds from the report.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fieldtech.central.sample.answers import answers
from fieldtech.central.sample.plots import ADMINISTRATIVE, OVER, UNACCEPTED, Plot
from fieldtech.central.sample.telling import FIRST_VISIT, SECOND_VISIT, SYSTEM
from fieldtech.domain.commands import (
    AddNote,
    AssignVisit,
    CloseIncident,
    FieldTime,
    JudgeExclusion,
    LogEscalation,
    MarkDuplicate,
    PauseIncident,
    ProposeExclusion,
    Reason,
    ReassignVisit,
    RefailIncident,
    RegisterIncident,
    ReportIncident,
    RequestFollowup,
    RestoreIncident,
    ResumeIncident,
)
from fieldtech.domain.severity import suggested
from fieldtech.domain.words import Attribution, IncidentKind, Severity

if TYPE_CHECKING:
    import random
    from datetime import datetime

    from fieldtech.central.sample.plots import Shape
    from fieldtech.central.sample.telling import Cast, Rules, Telling
    from fieldtech.central.sample.texts import Texts
    from fieldtech.domain.commands import Actor
    from fieldtech.domain.policy import Policy

_PRESENT = 0.97
"""An open story's last step is told at most at this share of the time since the report."""

_NO_VISIT = frozenset({Plot.UNASSIGNED, Plot.RESTORED_REMOTELY, Plot.CLOSED_REMOTELY})
_TYPING_S = 60
"""How long after the fact the command that tells it is given."""


class Storyteller:
    """Tells stories with the words of ``texts`` and the numbers of the policies."""

    def __init__(self, texts: Texts, rules: Rules, rng: random.Random) -> None:
        self._texts = texts
        self._remarks = texts.faults.notes
        self._rules = rules
        self._rng = rng

    def tell(self, telling: Telling, shape: Shape, *, duplicate_of: str = "") -> None:
        """Add every step of the story to ``telling``."""
        policy = self._rules.rulebook.current(telling.cast.region_id)
        if shape.plot in ADMINISTRATIVE:
            self._paperwork(telling, shape)
        elif shape.plot in UNACCEPTED:
            self._reported(telling, shape, policy)
        else:
            self._register(telling, shape, policy)
            self._course(telling, shape, duplicate_of)
        if shape.plot in OVER:
            self._ending(telling, shape)
        else:
            telling.squeeze(round(shape.elapsed_s * _PRESENT))
        if shape.plot not in ADMINISTRATIVE | UNACCEPTED | {Plot.DUPLICATE}:
            self._escalations(telling, shape, policy)

    def _course(self, telling: Telling, shape: Shape, duplicate_of: str) -> None:
        """What happens between the registration and the present, or the restoration."""
        plot, desk = shape.plot, telling.cast.desk
        if plot is Plot.PAUSED:
            telling.then(400, desk, "incident.pause", PauseIncident(reason="waiting_customer"))
        elif plot is Plot.CANCELLED:
            telling.then(1500, desk, "incident.cancel", Reason(reason=self._remarks.cancel))
        elif plot is Plot.DUPLICATE:
            telling.then(200, desk, "incident.mark_duplicate", MarkDuplicate(of=duplicate_of))
        elif plot not in _NO_VISIT:
            self._field_work(telling, shape)
        if shape.note:
            telling.then(_TYPING_S, desk, "incident.note", AddNote(text=shape.note))

    def _field_work(self, telling: Telling, shape: Shape) -> None:
        plot = shape.plot
        self._assign(telling)
        if plot is Plot.ASSIGNED:
            return
        if plot is Plot.DECLINED:
            telling.on_visit(300, "visit.decline", Reason(reason=self._remarks.decline))
            self._assign(telling, SECOND_VISIT)
            return
        telling.on_visit(150, "visit.accept", FieldTime())
        if plot is Plot.REASSIGNED:
            self._reassign(telling)
        if plot is Plot.PAUSED_ACCEPTED:
            paused = PauseIncident(reason="waiting_customer")
            telling.then(500, telling.cast.desk, "incident.pause", paused)
        if plot in (Plot.ACCEPTED, Plot.REASSIGNED, Plot.PAUSED_ACCEPTED):
            return
        telling.on_visit(240, "visit.start_travel", FieldTime())
        if plot is Plot.EN_ROUTE:
            return
        telling.on_visit(self._rng.randint(900, 2100), "visit.arrive", FieldTime())
        self._at_the_site(telling, shape)

    def _at_the_site(self, telling: Telling, shape: Shape) -> None:
        plot, technician = shape.plot, telling.cast.technicians[FIRST_VISIT]
        if plot is Plot.UNABLE:
            telling.on_visit(1500, "visit.unable", Reason(reason=self._remarks.unable))
            wanted = RequestFollowup(reason=self._remarks.followup)
            telling.on_visit(60, "visit.request_followup", wanted)
            return
        if plot is Plot.PAUSED_ON_SITE:
            pause = PauseIncident(reason="customer_absent")
            telling.then(300, technician, "incident.pause", pause)
            return
        self._answer(telling, None if plot in OVER | {Plot.REFAILED} else shape.answered)
        if plot is Plot.AWAY:
            telling.on_visit(900, "visit.leave", FieldTime(note=self._remarks.field[1]))
        if plot is Plot.ON_SITE and shape.answered:
            said = AddNote(text=self._remarks.field[0])
            telling.then(120, technician, "incident.note", said)
        if plot is Plot.REFAILED:
            # The repair did not hold: the clock goes on from the original report.
            self._restore(telling, technician, telling.last_offset + 400)
            telling.then(900, technician, "incident.refail", _failed_again)

    def _ending(self, telling: Telling, shape: Shape) -> None:
        """Restore at ``took_s``; then finish the visit, judge the exclusion, close."""
        plot, cast = shape.plot, telling.cast
        telling.squeeze(round(shape.took_s * _PRESENT))
        remote = plot in _NO_VISIT
        actor = cast.desk if remote else cast.technicians[FIRST_VISIT]
        self._restore(telling, actor, shape.took_s)
        if not remote:
            telling.on_visit(540, "visit.finish", FieldTime())
        claim_id = f"x-{cast.incident_id}"
        if plot in (Plot.RESTORED_EXCUSED, Plot.CLOSED_EXCUSED):
            claim = ProposeExclusion(
                exclusion_id=claim_id,
                attribution=Attribution.THIRD_PARTY,
                start=cast.start,
                end=cast.start + timedelta(seconds=shape.took_s),
                evidence=cast.fault.evidence if cast.fault else self._remarks.exclude,
            )
            telling.then(120, actor, "exclusion.propose", claim)
        if plot is Plot.CLOSED_EXCUSED:
            verdict = JudgeExclusion(exclusion_id=claim_id, note=self._remarks.exclude)
            telling.then(1200, cast.desk, "exclusion.confirm", verdict)
        if plot in (Plot.CLOSED, Plot.CLOSED_REMOTELY, Plot.CLOSED_EXCUSED):
            done = CloseIncident(note=self._remarks.close)
            telling.then(1500, cast.desk, "incident.close", done)

    def _reported(self, telling: Telling, shape: Shape, policy: Policy) -> None:
        """A technician saw it; nobody has accepted it yet."""
        cast = telling.cast
        severity, _ = self._severity(cast, shape, policy)
        args = ReportIncident(
            **_subject(cast),
            provisional_number=cast.number,
            affected=cast.affected,
            severity=severity,
        )
        telling.tell(60, cast.technicians[FIRST_VISIT], "incident.report", args)
        if shape.plot is Plot.REJECTED:
            reason = Reason(reason=self._remarks.reject)
            telling.then(700, cast.desk, "incident.reject", reason)

    def _register(self, telling: Telling, shape: Shape, policy: Policy) -> None:
        cast = telling.cast
        severity, reason = self._severity(cast, shape, policy)
        args = RegisterIncident(
            **_subject(cast),
            affected=cast.affected,
            severity=severity,
            override_reason=reason,
            repeat_of=cast.repeat_of,
        )
        telling.tell(shape.respond_s, cast.desk, "incident.register", args)

    def _paperwork(self, telling: Telling, shape: Shape) -> None:
        cast = telling.cast
        args = RegisterIncident(**_subject(cast), kind=IncidentKind.ADMINISTRATIVE)
        telling.tell(shape.respond_s, cast.desk, "incident.register", args)
        if shape.plot is Plot.PAPERWORK_VISIT:
            self._assign(telling)
            return
        telling.then(1800, cast.desk, "incident.resume", ResumeIncident())
        if shape.plot is Plot.PAPERWORK_CLOSED:
            done = CloseIncident(note=self._remarks.close)
            telling.then(5400, cast.desk, "incident.close", done)

    def _assign(self, telling: Telling, which: int = FIRST_VISIT) -> None:
        cast = telling.cast
        args = AssignVisit(incident_id=cast.incident_id, technician_id=cast.technicians[which].id)
        telling.then(180, cast.desk, "visit.assign", args, telling.visit(which))

    def _reassign(self, telling: Telling) -> None:
        cast = telling.cast
        args = ReassignVisit(
            new_visit_id=cast.visit_ids[SECOND_VISIT],
            technician_id=cast.technicians[SECOND_VISIT].id,
            reason=self._remarks.reassign,
        )
        telling.then(600, cast.desk, "visit.reassign", args, telling.visit())
        telling.on_visit(200, "visit.accept", FieldTime(), SECOND_VISIT)

    def _answer(self, telling: Telling, count: int | None) -> None:
        """Answer the first ``count`` items of the checklist; ``None``: all that are asked for."""
        cast = telling.cast
        template = self._rules.templates[self._rules.checklist]
        given = answers(template, cast.service_kind, cast.fault, self._texts.answers, self._rng)
        for each in given if count is None else given[:count]:
            telling.on_visit(75, "check.answer", each)

    def _restore(self, telling: Telling, actor: Actor, offset_s: float) -> None:
        fault = telling.cast.fault

        def at(moment: datetime) -> RestoreIncident:
            return RestoreIncident(
                restored_at=moment - timedelta(seconds=_TYPING_S),
                attribution=fault.attribution if fault else Attribution.UNDETERMINED,
                cause=fault.cause if fault else "no_fault_found",
                solution=fault.solution if fault else "self_healed",
                evidence=fault.evidence if fault else "",
            )

        telling.tell(offset_s + _TYPING_S, actor, "incident.restore", at)

    def _severity(self, cast: Cast, shape: Shape, policy: Policy) -> tuple[Severity | None, str]:
        """The severity to name in the command, and the reason where the rule says otherwise."""
        by_rule = suggested(policy, cast.affected, cast.total_users)
        if by_rule is shape.severity:
            return None, ""
        if by_rule is None:
            return shape.severity, ""
        milder = shape.severity is Severity.MINOR
        return shape.severity, self._remarks.milder if milder else self._remarks.graver

    def _escalations(self, telling: Telling, shape: Shape, policy: Policy) -> None:
        """Climb the rungs of the ladder that the restoration clock reached while it ran."""
        path = self._rules.rulebook.path(telling.cast.region_id)
        target = policy.targets(shape.severity, path).restoration_s
        ran = shape.took_s if shape.plot in OVER else round(shape.elapsed_s * _PRESENT)
        if shape.plot is Plot.CANCELLED:
            ran = round(telling.last_offset)
        for step in policy.escalation:
            reached = round(max(shape.respond_s + 5, step.share * target + 5))
            if reached >= ran:
                return
            mailed = LogEscalation(level=step.level, how="mail")
            telling.tell(reached, SYSTEM, "escalation.log", mailed)
            if shape.called and step.share > 0:
                call = LogEscalation(level=step.level, how="phone", note=self._remarks.escalated)
                technician = telling.cast.technicians[FIRST_VISIT]
                telling.tell(min(reached + 90, ran), technician, "escalation.log", call)


def _failed_again(moment: datetime) -> RefailIncident:
    return RefailIncident(failed_at=moment - timedelta(seconds=_TYPING_S))


def _subject(cast: Cast) -> dict[str, Any]:
    return {
        "site_id": cast.site_id,
        "customer_id": cast.customer_id,
        "service_id": cast.service_id,
        "region_id": cast.region_id,
        "title": cast.title,
        "notified_at": cast.start,
        "description": cast.description,
        "channel": cast.channel,
        "equipment_id": cast.equipment_id,
    }
