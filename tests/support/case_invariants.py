"""What must hold of every stored case, told without the rules that are meant to keep it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fieldtech.domain.case import Case
from fieldtech.domain.clock_view import Clocks
from fieldtech.domain.incident import Incident
from fieldtech.domain.policy import Rulebook
from fieldtech.domain.sla import clocks
from fieldtech.domain.visit import Visit
from fieldtech.domain.words import IncidentKind

_OVER = {"closed", "rejected", "cancelled", "duplicate"}
_OPEN_VISIT = {"assigned", "accepted", "en_route", "on_site", "away"}
_UNACCEPTED = {"reported", "rejected"}
_MAY_BE_RESTORED = {"restored", "closed", "cancelled", "duplicate"}


def violations(case: Case, rules: Rulebook) -> list[str]:
    """Name everything that is illegal about a case; an empty list is a sound case."""
    if case.incident is None:
        return ["visits without an incident"] if case.visits else []
    found = [*_of_incident(case.incident), *_of_visits(case, case.incident)]
    if case.incident.clocks != clocks(case.incident, rules):
        found.append("clocks are not those of the facts")
    return found


def _of_incident(incident: Incident) -> Iterator[str]:
    state = incident.state.value
    still_paused = [pause for pause in incident.pauses if pause.end is None]
    if (state == "pending") != bool(still_paused) or len(still_paused) > 1:
        yield f"{len(still_paused)} open pauses while {state}"
    if (state == "pending") != (incident.paused_from is not None):
        yield f"paused_from {incident.paused_from} while {state}"
    if (state == "closed") != (incident.closed_at is not None):
        yield f"closed_at {incident.closed_at} while {state}"
    if (state == "duplicate") != bool(incident.duplicate_of):
        yield f"duplicate of {incident.duplicate_of!r} while {state}"
    if state in _UNACCEPTED and incident.acknowledged_at is not None:
        yield f"acknowledged while {state}"
    if state in {"acknowledged", "in_progress", "pending", "restored", "closed"} and (
        incident.acknowledged_at is None or not incident.acknowledged_by
    ):
        yield f"never acknowledged but {state}"
    if state in {"rejected", "cancelled"} and not incident.state_reason:
        yield f"{state} without a reason"
    if not incident.history or incident.history[0].cmd not in {
        "incident.report",
        "incident.register",
    }:
        yield "the timeline does not begin with its creation"
    repeated = [key for key, n in Counter(e.id for e in incident.history).items() if n > 1]
    if repeated:
        yield f"timeline entries twice: {repeated}"
    technical = incident.kind is IncidentKind.TECHNICAL
    yield from _technical(incident) if technical else _administrative(incident)


def _technical(incident: Incident) -> Iterator[str]:
    state = incident.state.value
    restored = incident.restoration is not None
    if restored and state not in _MAY_BE_RESTORED:
        yield f"a restoration while {state}"
    if not restored and state in {"restored", "closed"}:
        yield f"no restoration while {state}"
    if incident.restoration is not None:
        if incident.outages[-1].end != incident.restoration.at:
            yield "the outage does not end with the restoration"
        if not incident.restoration.cause or not incident.restoration.solution:
            yield "restored without cause or solution"
    if state not in _UNACCEPTED | {"cancelled", "duplicate"} and not incident.classifications:
        yield f"no severity while {state}"
    decided = [decision.at for decision in incident.classifications]
    if decided != sorted(decided):
        yield f"classifications out of order: {decided}"
    yield from _outages(incident)


def _outages(incident: Incident) -> Iterator[str]:
    lasting = [outage for outage in incident.outages if outage.end is None]
    expected = 0 if incident.restoration is not None else 1
    if len(lasting) != expected:
        yield f"{len(lasting)} lasting outages instead of {expected}"
    if any(not outage.void for outage in incident.outages[:-1]) or incident.outages[-1].void:
        yield "an earlier restoration that held, or a last one that did not"
    if any(outage.start != incident.reported_at for outage in incident.outages):
        yield "an outage that does not begin with the report"


def _administrative(incident: Incident) -> Iterator[str]:
    if incident.classifications or incident.outages or incident.restoration or incident.pauses:
        yield "paperwork with severity, outage, restoration or pause"
    if incident.clocks != Clocks():
        yield "paperwork with a clock"
    if incident.state.value in {"pending", "restored"}:
        yield f"paperwork that is {incident.state.value}"


def _of_visits(case: Case, incident: Incident) -> Iterator[str]:
    doubled = [key for key, n in Counter(v.id for v in case.visits).items() if n > 1]
    if doubled:
        yield f"visits twice: {doubled}"
    active = [v for v in case.visits if v.state.value in _OPEN_VISIT]
    busy = [who for who, n in Counter(v.technician_id for v in active).items() if n > 1]
    if busy:
        yield f"two open visits of {busy}"
    if active and incident.state.value in _OVER:
        yield f"open visits while {incident.state.value}"
    if case.visits and incident.state.value in _UNACCEPTED:
        yield f"visits while {incident.state.value}"
    for visit in case.visits:
        yield from _of_visit(visit, incident)


def _of_visit(visit: Visit, incident: Incident) -> Iterator[str]:
    if visit.incident_id != incident.id or not visit.id or not visit.technician_id:
        yield f"visit {visit.id!r} belongs to nobody"
    if visit.technician_id in visit.companions or len(set(visit.companions)) < len(
        visit.companions
    ):
        yield f"visit {visit.id}: companions {visit.companions}"
    items = [answer.item for answer in visit.answers]
    if len(set(items)) < len(items):
        yield f"visit {visit.id}: an item answered twice"
    unexplained = [a for a in visit.answers if a.status.value == "waived" and not a.reason]
    if unexplained:
        yield f"visit {visit.id}: waived without a reason"
    start, end = visit.window_start, visit.window_end
    if start is not None and end is not None and end <= start:
        yield f"visit {visit.id}: window back to front"
    kinds = {record.kind for record in visit.times}
    if visit.state.value in {"on_site", "away", "done", "unable"} and "arrival" not in kinds:
        yield f"visit {visit.id}: {visit.state.value} without an arrival"
