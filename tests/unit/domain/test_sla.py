"""Rules 1, 3, 4, 10, 11 (5 and 8: ``test_sla_stopped``): the two clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from rule_samples import (
    PLAIN,
    T0,
    at,
    book,
    classed,
    outage,
    pause,
    pausing,
    published,
    response,
    restoration,
    restored,
)

from fieldtech.domain.clock_view import (
    Clocks,
    ClockView,
    moment_of_share,
    remaining,
    state_at,
    used_share,
)
from fieldtech.domain.codes import Indicator
from fieldtech.domain.policy import UnknownPolicy
from fieldtech.domain.sla import (
    alarms_reached,
    clocks,
    crosses_deadline,
    elapsed,
    restored_at,
)
from fieldtech.domain.words import (
    ClockState,
    IncidentKind,
    IncidentState,
    Severity,
)

SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)


# Rule 1: strictness


def test_restoration_at_exactly_two_hours_is_a_breach() -> None:
    assert restoration(restored(120)).state is ClockState.MISSED
    just_before = replace(outage(), end=at(120) - TICK)
    assert restoration(restored(0, outages=(just_before,))).state is ClockState.MET


def test_restoration_of_a_minor_fault_at_exactly_four_hours_is_a_breach() -> None:
    minor = (classed(Severity.MINOR),)
    assert restoration(restored(240, classifications=minor)).state is ClockState.MISSED
    assert restoration(restored(239, classifications=minor)).state is ClockState.MET


def test_response_at_exactly_fifteen_minutes_is_met() -> None:
    assert response(replace(PLAIN, acknowledged_at=at(15))).state is ClockState.MET
    assert response(replace(PLAIN, acknowledged_at=at(15) + TICK)).state is ClockState.MISSED


def test_response_runs_from_the_notification_and_restoration_from_the_report() -> None:
    incident = replace(PLAIN, notified_at=at(-10), registered_at=at(3), acknowledged_at=at(3))
    assert response(incident).start == at(-10)
    assert response(incident).due == at(5)
    assert restoration(incident).start == T0
    assert restoration(incident).due == at(120)


def test_an_open_clock_is_stored_as_running_and_refined_by_the_reader() -> None:
    view = restoration(PLAIN)
    assert view == ClockView(
        state=ClockState.RUNNING, target_s=7200, start=T0, due=at(120), at_risk_at=at(90)
    )
    assert state_at(view, at(90) - TICK) is ClockState.RUNNING
    assert state_at(view, at(90)) is ClockState.AT_RISK
    assert state_at(view, at(120) - TICK) is ClockState.AT_RISK
    assert state_at(view, at(120)) is ClockState.BREACHED
    assert state_at(view, at(500)) is ClockState.BREACHED


def test_a_clock_without_less_than_is_not_breached_at_its_deadline() -> None:
    view = response(PLAIN)
    assert not view.strict, 'the published response is "up to"'
    assert state_at(view, at(15)) is ClockState.AT_RISK
    assert state_at(view, at(15) + TICK) is ClockState.BREACHED


def test_strictness_is_the_policys() -> None:
    lenient = replace(published(), strict=frozenset({Indicator.RESPONSE}))
    assert restoration(restored(120), book(lenient)).state is ClockState.MET
    late = replace(PLAIN, acknowledged_at=at(15))
    assert response(late, book(lenient)).state is ClockState.MISSED


def test_remaining_and_used_share_count_on_after_the_deadline() -> None:
    view = restoration(PLAIN)
    assert remaining(view, at(30)) == 90 * 60
    assert remaining(view, at(130)) == -600
    assert used_share(view, at(30)) == 0.25
    assert used_share(view, at(180)) == 1.5
    assert used_share(view, at(-5)) == 0.0
    assert remaining(ClockView(), T0) is None
    assert used_share(ClockView(), T0) == 0.0


def test_a_stopped_clock_stands_still() -> None:
    view = restoration(restored(50))
    assert (view.state, view.stopped_at) == (ClockState.MET, at(50))
    assert remaining(view, at(50)) == remaining(view, at(5000)) == 70 * 60
    assert state_at(view, at(5000)) is ClockState.MET
    assert state_at(restoration(restored(150)), at(5000)) is ClockState.MISSED
    assert moment_of_share(view, 0.75) is None


def test_a_clock_without_a_target_has_no_share() -> None:
    view = ClockView(state=ClockState.RUNNING, start=T0, due=T0)
    assert used_share(view, at(5)) == 0.0


# Rule 4, and where no clock runs


def test_response_without_an_acknowledgement_goes_on_whatever_else_happens() -> None:
    view = response(replace(PLAIN, state=IncidentState.REPORTED))
    assert view.state is ClockState.RUNNING


@pytest.mark.parametrize(
    "state", [IncidentState.CANCELLED, IncidentState.REJECTED, IncidentState.DUPLICATE]
)
def test_no_clock_for_what_turned_out_to_be_no_fault(state: IncidentState) -> None:
    assert clocks(replace(PLAIN, state=state), book()) == Clocks()


def test_no_clock_for_administrative_and_not_yet_classified_incidents() -> None:
    assert clocks(replace(PLAIN, kind=IncidentKind.ADMINISTRATIVE), book()) == Clocks()
    assert clocks(replace(PLAIN, classifications=()), book()) == Clocks()


def test_closing_changes_no_clock() -> None:
    before = restored(119, acknowledged_at=at(3))
    after = replace(before, state=IncidentState.CLOSED, closed_at=at(9000))
    assert clocks(after, book()) == clocks(before, book())


def test_an_unknown_policy_version_is_said_so() -> None:
    other = replace(classed(), policy_version=7)
    with pytest.raises(UnknownPolicy, match="clever version 7"):
        clocks(replace(PLAIN, classifications=(other,)), book())


# Rule 3: reclassification


def test_reclassification_counts_from_the_original_report() -> None:
    both = (classed(Severity.MINOR), classed(Severity.MAJOR, 100))
    view = restoration(replace(PLAIN, classifications=both))
    assert (view.start, view.due, view.at_risk_at) == (T0, at(120), at(90))


def test_a_reclassification_can_make_a_restoration_late_and_another_in_time() -> None:
    upgraded = (classed(Severity.MINOR), classed(Severity.MAJOR, 100))
    downgraded = (classed(Severity.MAJOR), classed(Severity.MINOR, 100))
    assert restoration(restored(180, classifications=upgraded)).state is ClockState.MISSED
    assert restoration(restored(180, classifications=downgraded)).state is ClockState.MET


def test_a_response_met_under_the_class_then_in_force_stays_met() -> None:
    incident = replace(
        PLAIN,
        acknowledged_at=at(25),
        classifications=(classed(Severity.MINOR), classed(Severity.MAJOR, 60)),
    )
    view = response(incident)
    assert (view.state, view.target_s, view.due) == (ClockState.MET, 1800, at(30))


def test_a_class_decided_in_the_moment_of_the_acknowledgement_is_in_force() -> None:
    history = (classed(Severity.MAJOR), classed(Severity.MINOR, 20), classed(Severity.MAJOR, 60))
    incident = replace(PLAIN, acknowledged_at=at(20), classifications=history)
    assert response(incident).state is ClockState.MET


def test_a_response_not_met_then_is_judged_by_the_class_now_in_force() -> None:
    incident = replace(PLAIN, acknowledged_at=at(25))
    assert response(incident).state is ClockState.MISSED
    milder = (classed(Severity.MAJOR), classed(Severity.MINOR, 60))
    assert response(replace(incident, classifications=milder)).state is ClockState.MET


def test_an_open_response_follows_the_new_class() -> None:
    both = (classed(Severity.MINOR), classed(Severity.MAJOR, 5))
    assert response(replace(PLAIN, classifications=both)).due == at(15)


def test_a_class_found_after_the_acknowledgement_judges_it() -> None:
    late = replace(PLAIN, acknowledged_at=at(20), classifications=(classed(Severity.MAJOR, 40),))
    assert response(late).state is ClockState.MISSED


def test_reclassification_keeps_the_pauses() -> None:
    policy = pausing(Indicator.RESTORATION)
    incident = replace(
        PLAIN,
        pauses=(pause(10, 40),),
        classifications=(classed(Severity.MINOR), classed(Severity.MAJOR, 60)),
    )
    assert restoration(incident, book(policy)).due == at(150)


def test_elapsed_counts_active_time_up_to_the_stop() -> None:
    policy = pausing(Indicator.RESTORATION)
    incident = replace(PLAIN, pauses=(pause(30, 60),))
    assert elapsed(incident, policy, at(45)) == 30 * 60
    assert elapsed(incident, policy, at(90)) == 60 * 60
    assert elapsed(incident, published(), at(90)) == 90 * 60
    assert elapsed(restored(50), published(), at(90)) == 50 * 60
    assert elapsed(PLAIN, published(), at(-5)) == 0


# Rule 10: field times


def test_only_an_uncertain_time_can_cross_a_deadline() -> None:
    assert not crosses_deadline(at(120), 0, at(120))
    assert crosses_deadline(at(119), 60, at(120))
    assert crosses_deadline(at(121), 60, at(120))
    assert not crosses_deadline(at(118), 60, at(120))
    assert not crosses_deadline(at(118), 60, None)


def test_the_verdict_uses_the_point_estimate() -> None:
    doubtful = restored(0, outages=(outage(0, 119, uncertainty_s=600),))
    assert restoration(doubtful).state is ClockState.MET


# Rule 11: it fails again


def test_a_restoration_that_did_not_hold_never_happened_for_the_clock() -> None:
    again = replace(PLAIN, outages=(outage(0, 60, void=True), outage(70)))
    assert restored_at(again) is None
    assert restoration(again) == restoration(PLAIN)
    finally_up = replace(again, outages=(outage(0, 60, void=True), outage(70, 150)))
    assert restored_at(finally_up) == at(150)
    assert restoration(finally_up).state is ClockState.MISSED


def test_a_void_outage_alone_still_lasts() -> None:
    assert restored_at(replace(PLAIN, outages=(outage(0, 60, void=True),))) is None
    assert restored_at(replace(PLAIN, outages=())) is None


def test_an_outage_that_starts_where_the_void_one_did_takes_its_place() -> None:
    twice = (outage(0, 60, void=True), outage(0, 80, void=True), outage(0, 100))
    assert restored_at(replace(PLAIN, outages=twice)) == at(100)


def test_of_two_restorations_that_held_the_last_one_counts() -> None:
    assert restored_at(replace(PLAIN, outages=(outage(0, 60), outage(70, 90)))) == at(90)
    assert restored_at(replace(PLAIN, outages=(outage(0, 60), outage(70)))) is None


# Local alarms


def test_alarms_ring_at_the_policys_shares_of_a_running_clock() -> None:
    view = restoration(PLAIN)
    assert alarms_reached(view, published(), at(89)) == ()
    assert alarms_reached(view, published(), at(90)) == (0.75,)
    assert alarms_reached(view, published(), at(120)) == (0.75, 1.0)
    assert moment_of_share(view, 0.75) == at(90)
    assert alarms_reached(restoration(restored(119)), published(), at(500)) == ()
