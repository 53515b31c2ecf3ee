"""The life of an incident: report, register, classify, pause, close, cancel, merge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import (
    DISPATCHER,
    FAR_DISPATCHER,
    NINE,
    REGION_PARENTS,
    SUPERVISOR,
    TECHNICIAN,
    Desk,
    at,
    policy,
    register_args,
    report_args,
    restore_args,
    rulebook,
)

from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.clock_view import Clocks
from fieldtech.domain.commands import (
    Acknowledge,
    CloseIncident,
    FieldTime,
    PauseIncident,
    Reason,
    Reclassify,
    ResumeIncident,
)
from fieldtech.domain.policy import Rulebook
from fieldtech.domain.words import (
    CheckStatus,
    ClockState,
    IncidentKind,
    IncidentState,
    Severity,
    VisitState,
)


def test_registration_is_the_acknowledgement_and_stops_the_response_clock() -> None:
    incident = Desk().registered().incident()
    assert incident.state is IncidentState.ACKNOWLEDGED
    assert (incident.notified_at, incident.reported_at) == (NINE, NINE)
    assert (incident.acknowledged_at, incident.acknowledged_by) == (at(5), DISPATCHER.id)
    assert incident.registered_at == at(5)
    assert incident.number == "MTY-0001"
    assert incident.severity is Severity.MAJOR
    assert incident.clocks.response.state is ClockState.MET
    assert incident.clocks.restoration.due == at(120)


def test_the_response_counts_from_the_customers_call_not_from_the_registration() -> None:
    desk = Desk()
    desk.do("incident.register", register_args(), minutes=15)
    assert desk.incident().clocks.response.state is ClockState.MET
    late = Desk()
    late.do("incident.register", register_args(), minutes=16)
    assert late.incident().clocks.response.state is ClockState.MISSED


def test_a_repeat_keeps_which_incident_it_repeats() -> None:
    assert Desk().registered(repeat_of="i0").incident().repeat_of == "i0"


def test_a_registration_without_contact_has_a_provisional_number() -> None:
    desk = Desk()
    desk.context = replace(desk.context, number="")
    desk.do("incident.register", register_args(), minutes=5, target="incident:0189-abcdef12")
    assert desk.incident().number == "P-ABCDEF12"


@pytest.mark.parametrize("missing", ["title", "site_id"])
def test_a_registration_needs_its_essentials(missing: str) -> None:
    blank = register_args(**{missing: "  "})
    assert Desk().refused("incident.register", blank) == ("invalid", missing)


def test_a_supervisor_is_told_of_a_missing_region() -> None:
    blank = register_args(region_id=" ")
    assert Desk().refused("incident.register", blank, SUPERVISOR) == ("invalid", "region_id")


def test_a_call_cannot_lie_in_the_future() -> None:
    args = register_args(notified_at=at(60))
    assert Desk().refused("incident.register", args, minutes=5) == ("in_future", "notified_at")


def test_a_notification_from_the_future_cannot_be_reported() -> None:
    args = report_args(notified_at=at(30))
    desk = Desk()
    assert desk.refused("incident.report", args, TECHNICIAN, minutes=5) == (
        "in_future",
        "notified_at",
    )
    desk.do("incident.report", report_args(notified_at=at(6)), TECHNICIAN, minutes=5)
    assert desk.incident().notified_at == at(6), "two sound clocks differ by so much"


def test_severity_must_be_chosen_where_no_user_count_helps() -> None:
    args = register_args(affected=None)
    assert Desk().refused("incident.register", args) == ("severity_needed", "")
    chosen = Desk().registered(affected=None, severity=Severity.MINOR).incident()
    assert chosen.severity is Severity.MINOR


def test_another_severity_than_the_rules_needs_a_reason() -> None:
    against = register_args(severity=Severity.MINOR)
    code, _ = Desk().refused("incident.register", against)
    assert code == "override_reason_needed"
    incident = Desk().registered(severity=Severity.MINOR, override_reason="Solo pruebas").incident()
    assert incident.classification is not None
    assert incident.classification.overridden
    assert incident.classification.reason == "Solo pruebas"


def test_more_affected_users_than_the_service_has_is_refused() -> None:
    for name, args in (
        ("incident.register", register_args(affected=101)),
        ("incident.report", report_args(affected=101)),
    ):
        assert Desk().refused(name, args)[0] == "affected_over_total"


def test_an_incident_is_created_once() -> None:
    desk = Desk().registered()
    assert desk.refused("incident.register", register_args()) == ("already_exists", "i1")
    assert desk.refused("incident.report", report_args()) == ("already_exists", "i1")


def test_a_creation_names_an_incident() -> None:
    refused = Desk().refused("incident.register", register_args(), target="visit:v1")
    assert refused == ("unknown_target", "visit:v1")


def test_a_field_report_waits_for_its_acknowledgement() -> None:
    desk = Desk().reported()
    assert desk.incident().state is IncidentState.REPORTED
    assert desk.incident().clocks.response.state is ClockState.RUNNING
    desk.do("incident.acknowledge", Acknowledge(), minutes=10)
    assert desk.incident().state is IncidentState.ACKNOWLEDGED
    assert desk.incident().clocks.response.state is ClockState.MET


def test_a_report_takes_the_central_number_or_its_provisional_one() -> None:
    assert Desk().reported().incident().number == "MTY-0001"
    desk = Desk()
    desk.context = replace(desk.context, number="")
    assert desk.reported().incident().number == "P-LAPTOP-1"


def test_in_a_report_the_rule_goes_before_the_reporters_choice() -> None:
    assert Desk().reported(severity=Severity.MINOR).incident().severity is Severity.MAJOR


def test_a_report_may_come_without_severity_but_its_acceptance_may_not() -> None:
    desk = Desk().reported(affected=None)
    assert desk.incident().classifications == ()
    assert desk.refused("incident.acknowledge", Acknowledge())[0] == "severity_needed"
    desk.do("incident.reclassify", Reclassify(affected=10))
    desk.do("incident.acknowledge", Acknowledge())
    assert desk.incident().severity is Severity.MINOR


def test_reclassification_counts_from_the_original_report_and_keeps_the_old_one() -> None:
    desk = Desk().registered()
    desk.do("incident.reclassify", Reclassify(affected=10), minutes=50)
    incident = desk.incident()
    assert [c.severity for c in incident.classifications] == [Severity.MAJOR, Severity.MINOR]
    assert (incident.classifications[-1].by, incident.classifications[-1].at) == (
        DISPATCHER.id,
        at(50),
    )
    assert incident.clocks.restoration.due == at(240)
    assert incident.clocks.response.state is ClockState.MET


def test_a_reclassification_that_arrives_late_does_not_overrule_a_newer_one() -> None:
    """Made at 9:20 without contact, it reaches the central after the desk's of 9:50."""
    desk = Desk().registered()
    override = Reclassify(severity=Severity.MAJOR, reason="Hospital")
    desk.do("incident.reclassify", Reclassify(affected=40), minutes=50)
    desk.do("incident.reclassify", override, minutes=51)
    desk.assigned()
    desk.do("incident.reclassify", Reclassify(affected=10), TECHNICIAN, minutes=20)
    incident = desk.incident()
    assert [c.at for c in incident.classifications] == [at(5), at(20), at(50), at(51)]
    assert (incident.severity, incident.classifications[-1].reason) == (Severity.MAJOR, "Hospital")
    assert incident.clocks.restoration.due == at(120)


def test_a_late_override_is_judged_by_the_count_of_its_own_time() -> None:
    desk = Desk().registered().assigned()
    desk.do("incident.reclassify", Reclassify(affected=10), minutes=50)
    late = Reclassify(severity=Severity.MAJOR)
    desk.do("incident.reclassify", late, TECHNICIAN, minutes=20)
    assert not desk.incident().classifications[1].overridden
    assert desk.incident().classifications[1].affected == 30


def test_a_reclassification_says_something_new() -> None:
    desk = Desk().registered()
    assert desk.refused("incident.reclassify", Reclassify()) == ("invalid", "affected")
    override = Reclassify(severity=Severity.MINOR)
    assert desk.refused("incident.reclassify", override)[0] == "override_reason_needed"


def test_reclassifying_a_restored_incident_can_bring_its_time_into_doubt() -> None:
    desk = Desk().registered(affected=10)
    desk.do("incident.restore", restore_args(119, uncertainty_s=120.0), minutes=130)
    assert not desk.restoration().needs_review
    desk.do("incident.reclassify", Reclassify(affected=40), minutes=140)
    assert desk.restoration().needs_review


def test_a_pause_is_recorded_and_stops_no_published_clock() -> None:
    desk = Desk().registered()
    due = desk.incident().clocks.restoration.due
    desk.do("incident.pause", PauseIncident(reason="customer_absent"), minutes=20)
    assert desk.incident().state is IncidentState.PENDING
    assert desk.incident().paused_from is IncidentState.ACKNOWLEDGED
    assert desk.incident().pauses[0].end is None
    desk.do("incident.resume", ResumeIncident(), minutes=50)
    assert desk.incident().state is IncidentState.ACKNOWLEDGED
    assert desk.incident().pauses[0].end == at(50)
    assert desk.incident().clocks.restoration.due == due


def test_after_an_arrival_work_resumes_in_progress() -> None:
    desk = Desk().registered().on_site()
    desk.do("incident.pause", PauseIncident(reason="waiting_parts"), TECHNICIAN, minutes=35)
    desk.do("incident.resume", ResumeIncident(), TECHNICIAN, minutes=45)
    assert desk.incident().state is IncidentState.IN_PROGRESS


def test_a_pause_needs_a_reason_of_the_policy() -> None:
    desk = Desk().registered()
    refused = desk.refused("incident.pause", PauseIncident(reason="siesta"))
    assert refused == ("unknown_pause_reason", "siesta")


def test_the_desk_closes_a_restored_incident() -> None:
    desk = Desk().registered().restored()
    desk.do("incident.close", CloseIncident(), minutes=90)
    assert desk.incident().state is IncidentState.CLOSED
    assert desk.incident().closed_at == at(90)


def test_closing_calls_off_who_is_not_there_and_waits_for_who_is() -> None:
    desk = Desk().registered().assigned().on_the_way().restored()
    desk.do("incident.close", CloseIncident(), minutes=90)
    assert desk.visit().state is VisitState.CANCELLED
    assert desk.visit().state_reason == "incident.close"
    busy = Desk().registered().on_site().checked().restored()
    assert busy.refused("incident.close", CloseIncident()) == ("visit_on_site", "v1")


def test_technicians_close_only_where_the_policy_lets_them() -> None:
    def ready(rules: Rulebook) -> Desk:
        desk = Desk(rules=rules).registered().on_site().checked().restored(60, TECHNICIAN)
        desk.do("visit.finish", FieldTime(), TECHNICIAN, minutes=70)
        return desk

    strict = ready(rulebook())
    assert strict.refused("incident.close", CloseIncident(), TECHNICIAN)[0] == "not_authorised"
    open_handed = ready(rulebook(replace(policy(), technicians_may_close=True)))
    open_handed.do("incident.close", CloseIncident(), TECHNICIAN, minutes=90)
    assert open_handed.incident().state is IncidentState.CLOSED


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("incident.cancel", IncidentState.CANCELLED),
        ("incident.reject", IncidentState.REJECTED),
    ],
)
def test_a_report_can_be_cancelled_or_rejected_with_a_reason(
    name: str, state: IncidentState
) -> None:
    desk = Desk().reported()
    assert desk.refused(name, Reason(reason=" ")) == ("missing_reason", "reason")
    desk.do(name, Reason(reason="No es nuestro servicio"))
    assert desk.incident().state is state
    assert desk.incident().state_reason == "No es nuestro servicio"
    assert desk.incident().clocks == Clocks()


def test_cancelling_calls_the_technician_off_and_ends_the_pause() -> None:
    desk = Desk().registered().on_site()
    desk.do("incident.pause", PauseIncident(reason="no_access"), TECHNICIAN, minutes=35)
    desk.do("incident.cancel", Reason(reason="Se resolvió solo"), minutes=40)
    assert desk.visit().state is VisitState.CANCELLED
    assert desk.incident().paused_from is None
    assert desk.incident().pauses[0].end == at(40)


def test_paperwork_has_no_severity_no_outage_and_no_clock() -> None:
    desk = Desk().paperwork()
    assert desk.incident().classifications == ()
    assert desk.incident().outages == ()
    assert desk.incident().clocks == Clocks()
    refused = desk.refused("incident.close", CloseIncident())
    assert refused == ("wrong_state", "acknowledged")
    desk.do("incident.resume", ResumeIncident())
    assert desk.incident().state is IncidentState.IN_PROGRESS
    desk.do("incident.close", CloseIncident())
    assert desk.incident().state is IncidentState.CLOSED


def test_paperwork_can_be_reported_and_accepted() -> None:
    desk = Desk().reported(kind=IncidentKind.ADMINISTRATIVE, affected=None)
    desk.do("incident.acknowledge", Acknowledge())
    refused = desk.refused("incident.reclassify", Reclassify(affected=1))
    assert refused == ("wrong_kind", "administrative")


def test_a_dispatcher_works_in_the_granted_regions_only() -> None:
    assert Desk().refused("incident.register", register_args(), FAR_DISPATCHER) == (
        "not_authorised",
        "monterrey",
    )
    Desk().do("incident.register", register_args(), SUPERVISOR)
    desk = Desk().registered()
    assert desk.refused("incident.cancel", Reason(reason="x"), FAR_DISPATCHER) == (
        "not_authorised",
        "monterrey",
    )


def test_a_case_without_incident_knows_no_target() -> None:
    assert Desk().refused("incident.acknowledge", Acknowledge())[0] == "unknown_target"
    answer = AnswerCheck(item="lan.cable", status=CheckStatus.PASS)
    assert Desk().refused("check.answer", answer)[0] == "unknown_target"
    desk = Desk().registered()
    other = desk.refused("incident.acknowledge", Acknowledge(), target="incident:i2")
    assert other == ("unknown_target", "incident:i2")


def test_a_policy_that_is_not_here_refuses_what_needs_it() -> None:
    desk = Desk().registered()
    nothing = Rulebook(policies=(), default_policy_id="clever", region_parents=REGION_PARENTS)
    desk.context = replace(desk.context, rules=nothing)
    refused = desk.refused("incident.pause", PauseIncident(reason="no_access"))
    assert refused == ("unknown_policy", "clever")
