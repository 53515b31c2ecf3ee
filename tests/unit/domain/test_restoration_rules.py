"""The service works again, or fails again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import (
    CHECKLIST,
    COLLEAGUE,
    MANDATORY,
    NINE,
    TECHNICIAN,
    Desk,
    at,
    policy,
    register_args,
    restore_args,
    rulebook,
)

from fieldtech.domain.check_commands import AnswerCheck, WaiveCheck
from fieldtech.domain.codes import Indicator
from fieldtech.domain.commands import (
    AddCompanion,
    CloseIncident,
    PauseIncident,
    Reclassify,
    RefailIncident,
)
from fieldtech.domain.facts import Outage
from fieldtech.domain.sla import clocks
from fieldtech.domain.words import (
    Attribution,
    CheckStatus,
    ClockState,
    IncidentState,
    Severity,
)


def test_a_technician_restores_what_he_has_checked() -> None:
    desk = Desk().registered().on_site().checked()
    desk.do("incident.restore", restore_args(60), TECHNICIAN, minutes=65)
    assert desk.incident().state is IncidentState.RESTORED
    assert desk.restoration().at == at(60)
    assert desk.restoration().by == TECHNICIAN.id
    assert not desk.restoration().needs_review
    assert desk.incident().outages == (Outage(start=NINE, end=at(60)),)
    assert desk.incident().clocks.restoration.state is ClockState.MET
    assert desk.visit().times[-1].kind == "restoration"
    assert desk.visit().times[-1].at == at(60)


def test_exactly_the_published_time_is_a_breach() -> None:
    assert (
        Desk().registered().restored(119.99).incident().clocks.restoration.state is ClockState.MET
    )
    assert (
        Desk().registered().restored(120).incident().clocks.restoration.state is ClockState.MISSED
    )


def test_missing_mandatory_items_are_named() -> None:
    desk = Desk().registered().on_site()
    refused = desk.refused("incident.restore", restore_args(60), TECHNICIAN)
    assert refused == ("missing_items", "lan.cable")
    answer = AnswerCheck(item="lan.cable", status=CheckStatus.PASS)
    desk.do("check.answer", answer, TECHNICIAN)
    desk.do("incident.restore", restore_args(60), TECHNICIAN, minutes=60)


def test_items_of_another_kind_of_service_are_not_missed() -> None:
    desk = Desk().registered().on_site()
    desk.context = replace(desk.context, service_kind="sip_trunk")
    refused = desk.refused("incident.restore", restore_args(60), TECHNICIAN)
    assert refused == ("missing_items", ",".join(MANDATORY))


def test_a_waiver_with_its_reason_is_an_answer() -> None:
    desk = Desk().registered().on_site()
    desk.do("check.waive", WaiveCheck(item="lan.cable", reason="Sin acceso al rack"), TECHNICIAN)
    desk.do("incident.restore", restore_args(60), TECHNICIAN, minutes=60)


def test_a_technician_does_not_get_round_the_checklist_from_the_road() -> None:
    desk = Desk().registered().assigned().on_the_way()
    assert desk.refused("incident.restore", restore_args(60), TECHNICIAN)[0] == "missing_items"


def test_the_desks_remote_fix_needs_no_checklist_but_somebody_on_site_does() -> None:
    Desk().registered().restored()
    Desk().registered().assigned().on_the_way().restored()
    on_site = Desk().registered().on_site()
    assert on_site.refused("incident.restore", restore_args(60))[0] == "missing_items"


def test_a_companion_restores_too() -> None:
    desk = Desk().registered().on_site().checked()
    desk.do("visit.add_companion", AddCompanion(technician_id=COLLEAGUE.id), TECHNICIAN)
    desk.do("incident.restore", restore_args(60), COLLEAGUE, minutes=60)
    assert desk.restoration().by == COLLEAGUE.id


def test_a_checklist_that_is_not_here_cannot_be_judged() -> None:
    desk = Desk().registered().on_site().checked()
    desk.context = replace(desk.context, templates={})
    refused = desk.refused("incident.restore", restore_args(60), TECHNICIAN)
    assert refused == ("unknown_checklist", CHECKLIST)


def test_a_visit_without_checklist_misses_nothing() -> None:
    desk = Desk().registered()
    desk.context = replace(desk.context, default_checklist="")
    desk.on_site().restored(60, TECHNICIAN)


def test_a_policy_can_ask_for_less() -> None:
    lenient = replace(policy(), restore_needs=frozenset())
    desk = Desk(rules=rulebook(lenient)).registered().on_site()
    args = restore_args(60, cause="", solution="")
    desk.do("incident.restore", args, TECHNICIAN, minutes=60)
    unknown = Desk(rules=rulebook(lenient)).registered()
    assert unknown.refused("incident.restore", restore_args(60, cause="no"))[0] == "unknown_cause"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("cause", "", "unknown_cause"),
        ("cause", "gremlins", "unknown_cause"),
        ("solution", "", "unknown_solution"),
        ("solution", "prayer", "unknown_solution"),
    ],
)
def test_cause_and_solution_are_of_the_policys_list(field: str, value: str, code: str) -> None:
    args = restore_args(60, **{field: value})
    assert Desk().registered().refused("incident.restore", args) == (code, value)


def test_undetermined_is_an_attribution() -> None:
    args = restore_args(60, attribution=Attribution.UNDETERMINED)
    Desk().registered().do("incident.restore", args, minutes=60)


@pytest.mark.parametrize(
    ("minutes", "uncertainty", "doubtful"),
    [
        (60, 0.0, False),
        (-5, 0.0, True),  # before the report
        (63, 0.0, True),  # three minutes ahead of the central
        (61.5, 0.0, False),  # two sound clocks may differ
        (60, 59 * 60.0, False),
        (60, 60 * 60.0, True),  # may lie on either side of the deadline
    ],
)
def test_a_doubtful_time_is_kept_as_measured_and_reviewed(
    minutes: float, uncertainty: float, *, doubtful: bool
) -> None:
    desk = Desk().registered()
    args = restore_args(minutes, uncertainty_s=uncertainty)
    desk.do("incident.restore", args, minutes=60)
    assert desk.restoration().at == at(minutes)
    assert desk.restoration().needs_review is doubtful


@pytest.mark.parametrize(
    ("skew_s", "doubtful"), [(0, False), (120, False), (-120, False), (121, True), (-10_800, True)]
)
def test_a_time_from_a_clock_that_is_far_off_is_kept_and_reviewed(
    skew_s: float, *, doubtful: bool
) -> None:
    """As the laptop itself reckons it; the time is the central's either way."""
    desk = Desk().registered()
    desk.context = replace(desk.context, skew_s=skew_s)
    desk.do("incident.restore", restore_args(60), minutes=60)
    assert desk.restoration().at == at(60)
    assert desk.restoration().needs_review is doubtful


def test_a_restoration_ends_the_pause() -> None:
    desk = Desk().registered()
    desk.do("incident.pause", PauseIncident(reason="waiting_parts"), minutes=20)
    desk.do("incident.restore", restore_args(50), minutes=60)
    assert desk.incident().state is IncidentState.RESTORED
    assert desk.incident().paused_from is None
    assert desk.incident().pauses[0].end == at(50)


def test_a_stopping_pause_moves_the_deadline_of_the_doubt() -> None:
    stopping = tuple(
        replace(pause, stops=frozenset({Indicator.RESTORATION})) for pause in policy().pauses
    )
    desk = Desk(rules=rulebook(replace(policy(), pauses=stopping))).registered()
    desk.do("incident.pause", PauseIncident(reason="waiting_parts"), minutes=20)
    desk.do("incident.restore", restore_args(120, uncertainty_s=60.0), minutes=120)
    assert desk.incident().clocks.restoration.due == at(220)
    assert not desk.restoration().needs_review


def test_the_count_found_on_site_reclassifies() -> None:
    desk = Desk().registered()
    desk.do("incident.restore", restore_args(130, affected=10), minutes=130)
    assert [c.severity for c in desk.incident().classifications] == [
        Severity.MAJOR,
        Severity.MINOR,
    ]
    assert desk.restoration().affected == 10
    assert desk.incident().clocks.restoration.state is ClockState.MET


def test_the_same_count_or_one_without_a_rule_reclassifies_nothing() -> None:
    desk = Desk().registered()
    desk.do("incident.restore", restore_args(60, affected=30), minutes=60)
    assert len(desk.incident().classifications) == 1
    by_hand = Desk()
    by_hand.context = replace(by_hand.context, total_users=None)
    by_hand.registered(affected=None, severity=Severity.MAJOR)
    by_hand.do("incident.restore", restore_args(60, affected=3), minutes=60)
    assert len(by_hand.incident().classifications) == 1
    assert by_hand.restoration().affected == 3


def test_a_count_above_the_users_of_the_service_is_refused() -> None:
    desk = Desk().registered()
    refused = desk.refused("incident.restore", restore_args(60, affected=500))
    assert refused[0] == "affected_over_total"


def test_a_count_below_zero_is_refused_even_where_no_total_is_known() -> None:
    desk = Desk()
    desk.context = replace(desk.context, total_users=None)
    desk.registered(affected=None, severity=Severity.MAJOR)
    refused = desk.refused("incident.restore", restore_args(60, affected=-5))
    assert refused == ("affected_invalid", "-5")


def test_a_count_does_not_undo_what_the_desk_overrode_with_a_reason() -> None:
    desk = Desk().registered(affected=10)
    override = Reclassify(severity=Severity.MAJOR, reason="Hospital")
    desk.do("incident.reclassify", override, minutes=20)
    too_many = desk.refused("incident.restore", restore_args(60, affected=500))
    assert too_many[0] == "affected_over_total"
    desk.do("incident.restore", restore_args(130, affected=12), minutes=130)
    assert len(desk.incident().classifications) == 2
    assert desk.incident().severity is Severity.MAJOR
    assert desk.incident().clocks.restoration.state is ClockState.MISSED
    assert desk.restoration().affected == 12


def test_only_what_is_down_can_be_restored() -> None:
    desk = Desk().reported()
    assert desk.refused("incident.restore", restore_args(60)) == ("wrong_state", "reported")
    restored = Desk().registered().restored()
    assert restored.refused("incident.restore", restore_args(70)) == ("wrong_state", "restored")
    paperwork = Desk().paperwork()
    refused = paperwork.refused("incident.restore", restore_args(60))
    assert refused == ("wrong_kind", "administrative")


def test_it_fails_again_and_the_clock_goes_on_from_the_original_report() -> None:
    desk = Desk().registered().restored(60)
    desk.do("incident.refail", RefailIncident(failed_at=at(90)), minutes=91)
    incident = desk.incident()
    assert incident.state is IncidentState.IN_PROGRESS
    assert incident.restoration is None
    assert incident.outages == (
        Outage(start=NINE, end=at(60), void=True, failed_at=at(90)),
        Outage(start=NINE, end=None),
    )
    assert incident.clocks.restoration.state is ClockState.RUNNING
    assert incident.clocks.restoration.due == at(120)
    desk.restored(150)
    assert desk.incident().clocks.restoration.state is ClockState.MISSED
    assert desk.incident().outages[-1].end == at(150)


def test_after_the_window_it_is_a_new_incident() -> None:
    window = policy().refail_window_s / 60
    desk = Desk().registered().restored(60)
    late = RefailIncident(failed_at=at(60 + window + 1))
    refused = desk.refused("incident.refail", late, minutes=60 + window + 1)
    assert refused == ("refail_too_late", "i1")
    edge = RefailIncident(failed_at=at(60 + window))
    desk.do("incident.refail", edge, minutes=60 + window + 1)


def test_a_closed_incident_does_not_fail_again() -> None:
    desk = Desk().registered().restored()
    desk.do("incident.close", CloseIncident(), minutes=70)
    refused = desk.refused("incident.refail", RefailIncident(failed_at=at(80)), minutes=80)
    assert refused == ("refail_too_late", "i1")


def test_a_failure_cannot_lie_in_the_future_nor_before_any_restoration() -> None:
    desk = Desk().registered().restored()
    ahead = RefailIncident(failed_at=at(600))
    assert desk.refused("incident.refail", ahead, minutes=90) == ("in_future", "failed_at")
    for early in (-10, 59):
        before = RefailIncident(failed_at=at(early))
        assert desk.refused("incident.refail", before, minutes=90) == ("invalid", "failed_at")
    desk.do("incident.refail", RefailIncident(failed_at=at(60)), minutes=90)
    running = Desk().registered()
    refused = running.refused("incident.refail", RefailIncident(failed_at=at(1)))
    assert refused == ("wrong_state", "acknowledged")


def test_the_clocks_of_the_case_are_those_of_its_facts() -> None:
    desk = Desk()
    desk.do("incident.register", register_args(), minutes=5)
    desk.restored()
    assert desk.incident().clocks == clocks(desk.incident(), desk.context.rules)
