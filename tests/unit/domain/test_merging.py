"""Two reports of one fault become one incident."""

from __future__ import annotations

from dataclasses import replace

from service_desk import COLLEAGUE, DISPATCHER, NINE, SECOND_DISPATCHER, Desk, at

from fieldtech.domain.commands import Acknowledge, MarkDuplicate
from fieldtech.domain.incident import Incident
from fieldtech.domain.words import ClockState, IncidentKind, IncidentState, Severity, VisitState


def _pair(first_call: float, second_call: float) -> Desk:
    """The case of the second report, with the first beside it as the original."""
    first = Desk().registered(notified_at=at(first_call))
    desk = Desk().registered(notified_at=at(second_call)).assigned(COLLEAGUE)
    desk.case = replace(desk.case, original=replace(first.incident(), id="i0"))
    return desk


def test_the_earliest_report_governs_a_duplicate() -> None:
    desk = _pair(first_call=4, second_call=0)
    answer = desk.do("incident.mark_duplicate", MarkDuplicate(of="i0"), minutes=20)
    original = desk.case.original
    assert original is not None
    assert desk.incident().state is IncidentState.DUPLICATE
    assert desk.incident().duplicate_of == "i0"
    assert desk.visit().state is VisitState.CANCELLED
    assert (original.reported_at, original.notified_at) == (NINE, NINE)
    assert original.outages[0].start == NINE
    assert original.clocks.restoration.due == at(120)
    assert original.history[-1].cmd == "incident.mark_duplicate"
    assert original.history[-1].changes[0].field == "duplicate"
    assert answer.entries[-1] == original.history[-1]
    assert desk.incident().history[-2:] == answer.entries[:2]


def test_an_original_that_is_the_earlier_one_keeps_its_times() -> None:
    desk = _pair(first_call=0, second_call=4)
    desk.do("incident.mark_duplicate", MarkDuplicate(of="i0"), minutes=20)
    original = desk.case.original
    assert original is not None
    assert original.reported_at == NINE
    assert len(original.history) == 2


def test_a_duplicate_needs_an_open_original_of_its_kind_in_reach() -> None:
    desk = _pair(0, 4)
    assert desk.refused("incident.mark_duplicate", MarkDuplicate(of="i9"))[0] == "unknown_target"
    original = desk.case.original
    assert original is not None
    desk.case = replace(desk.case, original=desk.incident())
    assert desk.refused("incident.mark_duplicate", MarkDuplicate(of="i1"))[0] == "invalid"
    for other, code in (
        (replace(original, state=IncidentState.CLOSED), "wrong_state"),
        (replace(original, state=IncidentState.DUPLICATE), "wrong_state"),
        (replace(original, kind=IncidentKind.ADMINISTRATIVE), "wrong_kind"),
        (replace(original, region_id="merida"), "not_authorised"),
    ):
        desk.case = replace(desk.case, original=other)
        assert desk.refused("incident.mark_duplicate", MarkDuplicate(of="i0"))[0] == code


def _beside(original: Desk, duplicate: Desk) -> Desk:
    """The duplicate's case, with another desk's incident as its original."""
    duplicate.case = replace(duplicate.case, original=replace(original.incident(), id="i0"))
    return duplicate


def _merged(desk: Desk, minutes: float = 40) -> Incident:
    desk.do("incident.mark_duplicate", MarkDuplicate(of="i0"), minutes=minutes)
    assert desk.case.original is not None
    return desk.case.original


def test_a_fault_of_another_service_is_no_duplicate() -> None:
    """Its downtime would vanish: a duplicate counts none."""
    desk = _beside(Desk().registered(), Desk().registered(service_id="serv-2"))
    refused = desk.refused("incident.mark_duplicate", MarkDuplicate(of="i0"))
    assert refused == ("other_service", "serv-1")


def test_another_device_of_the_same_service_may_be_the_same_fault() -> None:
    desk = _beside(Desk().registered(equipment_id="e1"), Desk().registered(equipment_id="e2"))
    assert _merged(desk).state is IncidentState.ACKNOWLEDGED


def test_what_still_fails_is_not_merged_into_what_is_restored() -> None:
    for failing in (Desk().registered(), Desk().reported()):
        desk = _beside(Desk().registered().restored(20), failing)
        refused = desk.refused("incident.mark_duplicate", MarkDuplicate(of="i0"), minutes=30)
        assert refused == ("wrong_state", "restored")
    both = _beside(Desk().registered().restored(20), Desk().registered().restored(19))
    assert _merged(both).restoration is not None


def test_an_accepted_duplicate_accepts_an_original_that_waited() -> None:
    waiting = Desk().reported(affected=None, notified_at=at(-5))
    original = _merged(_beside(waiting, Desk().registered()))
    assert original.state is IncidentState.ACKNOWLEDGED
    assert (original.acknowledged_at, original.acknowledged_by) == (at(5), DISPATCHER.id)
    assert original.severity is Severity.MAJOR
    assert original.clocks.response.state is ClockState.MET


def test_an_original_keeps_the_class_it_has() -> None:
    original = _merged(_beside(Desk().reported(affected=10), Desk().registered()))
    assert original.severity is Severity.MINOR


def test_a_duplicate_nobody_accepted_accepts_nothing() -> None:
    original = _merged(_beside(Desk().reported(), Desk().reported()))
    assert original.state is IncidentState.REPORTED
    assert original.acknowledged_at is None


def test_the_doubt_about_an_acceptance_goes_where_the_acceptance_governs() -> None:
    def accepted(minutes: float, *, had_at: float) -> Desk:
        desk = Desk().reported()
        desk.context = replace(desk.context, now=at(had_at), received=at(had_at))
        desk.do("incident.acknowledge", Acknowledge(), SECOND_DISPATCHER, minutes=minutes)
        return desk

    doubted = accepted(10, had_at=30)
    assert doubted.incident().response_needs_review
    taken_over = _merged(_beside(Desk().registered(notified_at=at(-1)), accepted(3, had_at=30)))
    assert (taken_over.acknowledged_at, taken_over.acknowledged_by) == (
        at(3),
        SECOND_DISPATCHER.id,
    )
    assert taken_over.response_needs_review
    kept = _merged(_beside(accepted(10, had_at=30), accepted(12, had_at=12)))
    assert kept.acknowledged_at == at(10)
    assert kept.response_needs_review
    settled = _merged(_beside(accepted(10, had_at=30), Desk().registered()))
    assert not settled.response_needs_review, "an earlier acceptance that nobody doubts governs"


def test_paperwork_is_merged_with_paperwork() -> None:
    original = _merged(_beside(Desk().paperwork(), Desk().paperwork()))
    assert original.kind is IncidentKind.ADMINISTRATIVE
    assert original.classifications == ()
