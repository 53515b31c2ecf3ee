"""Rules 5 and 8: what stops a service-level clock, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rule_samples import (
    PLAIN,
    T0,
    at,
    book,
    exclusion,
    pause,
    pausing,
    published,
    response,
    restoration,
    restored,
)

from fieldtech.domain.clock_view import ClockView, moment_of_share, remaining, state_at
from fieldtech.domain.codes import Indicator
from fieldtech.domain.sla import clocks, elapsed
from fieldtech.domain.words import Attribution, ClockState, ExclusionState, IncidentState

# Rule 5: exclusions


def test_the_published_policy_takes_no_clock_out_for_an_external_cause() -> None:
    incident = restored(180, exclusions=(exclusion(),))
    assert restoration(incident).state is ClockState.MISSED


def test_a_policy_that_lists_the_clock_undoes_the_miss_once_confirmed() -> None:
    policy = replace(published(), external_excluded_from=frozenset({Indicator.RESTORATION}))
    proposed = restored(180, exclusions=(exclusion(state=ExclusionState.PROPOSED),))
    confirmed = restored(180, exclusions=(exclusion(),))
    refused = restored(180, exclusions=(exclusion(state=ExclusionState.REFUSED),))
    assert restoration(proposed, book(policy)).state is ClockState.MISSED
    assert restoration(refused, book(policy)).state is ClockState.MISSED
    view = restoration(confirmed, book(policy))
    assert view.state is ClockState.EXCLUDED
    assert remaining(view, at(500)) is None
    assert state_at(view, at(500)) is ClockState.EXCLUDED
    late = replace(confirmed, acknowledged_at=at(60))
    assert response(late, book(policy)).state is ClockState.MISSED


@pytest.mark.parametrize("attribution", [Attribution.OWN_NETWORK, Attribution.ALLY])
def test_own_and_allied_infrastructure_never_excludes(attribution: Attribution) -> None:
    policy = replace(published(), external_excluded_from=frozenset({Indicator.RESTORATION}))
    incident = restored(180, exclusions=(exclusion(attribution=attribution),))
    assert restoration(incident, book(policy)).state is ClockState.MISSED


EXCLUDING = replace(published(), external_excluded_from=frozenset({Indicator.RESTORATION}))


def test_only_the_excluded_time_is_taken_out_of_a_clock() -> None:
    rules = book(EXCLUDING)
    minute = restored(600, exclusions=(exclusion(10, 11),))
    view = restoration(minute, rules)
    assert (view.state, view.due) == (ClockState.MISSED, at(121))
    enough = restored(180, exclusions=(exclusion(10, 71),))
    assert restoration(enough, rules).state is ClockState.MET
    just_not = restored(180, exclusions=(exclusion(10, 70),))
    assert restoration(just_not, rules).state is ClockState.MISSED
    assert elapsed(enough, EXCLUDING, at(500)) == 119 * 60


@pytest.mark.parametrize("whole", [(0, 180), (-60, 400), (0, None)])
def test_a_run_that_is_excluded_throughout_has_no_verdict(
    whole: tuple[float, float | None],
) -> None:
    incident = restored(180, exclusions=(exclusion(*whole),))
    assert restoration(incident, book(EXCLUDING)).state is ClockState.EXCLUDED


def test_an_open_exclusion_takes_a_running_clock_out_while_it_lasts() -> None:
    rules = book(EXCLUDING)
    lasting = replace(PLAIN, exclusions=(exclusion(30),))
    view = restoration(lasting, rules)
    assert (view.state, remaining(view, at(60))) == (ClockState.EXCLUDED, None)
    ended = replace(PLAIN, exclusions=(exclusion(30, 50),))
    assert (restoration(ended, rules).state, restoration(ended, rules).due) == (
        ClockState.RUNNING,
        at(140),
    )


def test_an_exclusion_that_begins_after_the_breach_undoes_nothing() -> None:
    rules = book(EXCLUDING)
    view = restoration(replace(PLAIN, exclusions=(exclusion(120),)), rules)
    assert (view.due, state_at(view, at(500))) == (at(120), ClockState.BREACHED)
    assert restoration(restored(180, exclusions=(exclusion(130),)), rules).state is (
        ClockState.MISSED
    )


def test_time_that_is_paused_and_excluded_counts_once() -> None:
    both = replace(
        pausing(Indicator.RESTORATION), external_excluded_from=frozenset({Indicator.RESTORATION})
    )
    incident = replace(PLAIN, pauses=(pause(10, 40),), exclusions=(exclusion(30, 60),))
    assert restoration(incident, book(both)).due == at(170)
    frozen = replace(PLAIN, pauses=(pause(10),), exclusions=(exclusion(30),))
    assert restoration(frozen, book(both)).state is ClockState.EXCLUDED


def test_an_exclusion_must_touch_the_time_the_clock_ran() -> None:
    for start, end in ((-60, 0), (180, 200)):
        view = restoration(restored(180, exclusions=(exclusion(start, end),)), book(EXCLUDING))
        assert (view.state, view.due) == (ClockState.MISSED, at(120))


# Rule 8: pauses


def test_the_published_policy_lets_no_pause_stop_a_clock() -> None:
    incident = replace(PLAIN, state=IncidentState.PENDING, pauses=(pause(10),))
    assert clocks(incident, book()) == clocks(PLAIN, book())


def test_an_open_pause_freezes_the_clock() -> None:
    rules = book(pausing(Indicator.RESTORATION))
    view = restoration(replace(PLAIN, pauses=(pause(30),)), rules)
    assert view == ClockView(state=ClockState.PAUSED, target_s=7200, start=T0, remaining_s=90 * 60)
    assert remaining(view, at(9999)) == 90 * 60
    assert state_at(view, at(9999)) is ClockState.PAUSED
    assert moment_of_share(view, 1.0) is None


def test_a_pause_stops_only_the_clocks_its_reason_lists() -> None:
    rules = book(pausing(Indicator.RESTORATION))
    assert response(replace(PLAIN, pauses=(pause(5, 10),)), rules).due == at(15)
    other_reason = pause(5, 10, reason="waiting_parts")
    assert restoration(replace(PLAIN, pauses=(other_reason,)), rules).due == at(120)
    unknown = pause(5, 10, reason="of another policy")
    assert restoration(replace(PLAIN, pauses=(unknown,)), rules).due == at(120)


def test_overlapping_and_pre_report_pauses_count_once_and_only_inside() -> None:
    rules = book(pausing(Indicator.RESTORATION))
    pauses = (pause(-30, 10), pause(5, 20), pause(15, 25), pause(40, 50), pause(-90, -80))
    assert restoration(replace(PLAIN, pauses=pauses), rules).due == at(120 + 25 + 10)


def test_a_pause_open_since_before_the_report_freezes_the_whole_target() -> None:
    rules = book(pausing(Indicator.RESTORATION))
    view = restoration(replace(PLAIN, pauses=(pause(-30),)), rules)
    assert (view.state, view.remaining_s) == (ClockState.PAUSED, 7200)


def test_a_pause_across_the_deadline_moves_it() -> None:
    rules = book(pausing(Indicator.RESTORATION))
    across = (pause(110, 300),)
    assert restoration(replace(PLAIN, pauses=across), rules).due == at(310)
    assert restoration(restored(309, pauses=across), rules).state is ClockState.MET
    assert restoration(restored(310, pauses=across), rules).state is ClockState.MISSED


@pytest.mark.parametrize("start", [120, 130])
def test_a_pause_that_begins_after_the_deadline_moves_and_freezes_nothing(start: float) -> None:
    rules = book(pausing(Indicator.RESTORATION))
    for pauses in ((pause(start),), (pause(start, 190),)):
        view = restoration(replace(PLAIN, pauses=pauses), rules)
        assert (view.state, view.due) == (ClockState.RUNNING, at(120))
        assert state_at(view, at(500)) is ClockState.BREACHED
        assert remaining(view, at(200)) == -80 * 60
        stopped = restoration(restored(200, pauses=pauses), rules)
        assert (stopped.state, stopped.due) == (ClockState.MISSED, at(120))


def test_a_pause_in_the_moment_of_an_up_to_deadline_still_counts() -> None:
    rules = book(pausing(Indicator.RESPONSE))
    accepted = replace(PLAIN, acknowledged_at=at(25), pauses=(pause(15, 25),))
    assert response(accepted, rules).state is ClockState.MET
    late = replace(accepted, pauses=(pause(15.1, 25),))
    assert response(late, rules).state is ClockState.MISSED


def test_the_overrun_counts_whole_for_the_ladder_too() -> None:
    policy = pausing(Indicator.RESTORATION)
    incident = replace(PLAIN, pauses=(pause(30, 60), pause(160, 200)))
    assert elapsed(incident, policy, at(150)) == 120 * 60
    assert elapsed(incident, policy, at(210)) == 180 * 60


def test_a_pause_that_outlasts_the_restoration_ends_with_it() -> None:
    rules = book(pausing(Indicator.RESTORATION))
    assert restoration(restored(100, pauses=(pause(60),)), rules).due == at(160)
