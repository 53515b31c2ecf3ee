"""Rule 6 (and 5, 11): downtime of a service in a month, and the budget that is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_samples import PLAIN, at, exclusion, outage, pause, published

from fieldtech.domain.availability import (
    Availability,
    account,
    excused_windows,
    measure,
    month_bounds,
    month_of,
    outage_spans,
    work_touches,
)
from fieldtech.domain.codes import Indicator
from fieldtech.domain.facts import Exclusion, Outage, Restoration
from fieldtech.domain.incident import Incident
from fieldtech.domain.intervals import Closed, Span
from fieldtech.domain.planned import Announcement, PlannedWork
from fieldtech.domain.policy import PlannedRule
from fieldtech.domain.words import Attribution, ExclusionState, IncidentKind, IncidentState
from fieldtech.domain.working_days import Calendar

PERIOD = Closed(at(0), at(1000))
LONG_AFTER = at(10_000)
CALENDAR = Calendar(zones=("America/Mexico_City",), holidays=frozenset())


def fault(
    *outages: Outage, exclusions: tuple[Exclusion, ...] = (), planned: bool = False
) -> Incident:
    restoration = Restoration(
        at=at(0),
        uncertainty_s=0,
        attribution=Attribution.PLANNED,
        cause="planned_work",
        solution="other",
        affected=None,
        evidence="",
        by="tec",
    )
    return replace(
        PLAIN,
        outages=outages,
        exclusions=exclusions,
        restoration=restoration if planned else None,
    )


def work(
    start: float, end: float, *, announced: float = -10, corrective: bool = False
) -> PlannedWork:
    return PlannedWork(
        id=f"w-{start}",
        title="Mantenimiento",
        scope=("site:s-1",),
        start=at(start),
        end=at(end),
        announced_at=at(announced),
        corrective=corrective,
    )


def measured(*incidents: Incident, excused: tuple[Span, ...] = ()) -> Availability:
    return measure(incidents, published(), excused=excused, period=PERIOD, now=LONG_AFTER)


def down_minutes(*incidents: Incident, excused: tuple[Span, ...] = ()) -> float:
    return measured(*incidents, excused=excused).downtime_s / 60


def test_the_budget_of_thirty_days_is_three_hours_thirty_six() -> None:
    april = month_bounds("2026-04", "America/Mexico_City")
    result = measure((), published(), period=april, now=april.start)
    assert result.active_s == 30 * 86_400
    assert result.budget_s == pytest.approx(3 * 3600 + 36 * 60)
    assert (result.share, result.met) == (1.0, True)


def test_using_the_whole_budget_is_still_met_and_a_second_more_is_not() -> None:
    april = month_bounds("2026-04", "America/Mexico_City")

    def after(seconds: float) -> Availability:
        lasting = Outage(start=april.start, end=april.start + timedelta(seconds=seconds))
        down = replace(PLAIN, outages=(lasting,))
        return measure((down,), published(), period=april, now=april.end)

    assert after(12_960).met
    assert after(12_960).share == pytest.approx(0.995)
    assert not after(12_961).met
    assert after(12_961).remaining_s == pytest.approx(-1)


def test_overlapping_outages_count_once_and_only_inside_the_period() -> None:
    assert down_minutes(fault(outage(-50, 100)), fault(outage(50, 150))) == 150
    assert down_minutes(fault(outage(990, 2000))) == 10
    assert down_minutes(fault(outage(-50, -10)), fault(outage(1000, 1100))) == 0


def test_an_outage_that_lasts_counts_up_to_now() -> None:
    lasting = fault(outage(100))
    result = measure((lasting,), published(), period=PERIOD, now=at(160))
    assert result.downtime_s == 60 * 60
    assert measure((lasting,), published(), period=PERIOD, now=at(50)).downtime_s == 0
    assert result.active_s == PERIOD.seconds


@pytest.mark.parametrize(
    "uncounted",
    [
        replace(fault(outage(0, 100)), kind=IncidentKind.ADMINISTRATIVE),
        replace(fault(outage(0, 100)), state=IncidentState.REJECTED),
        replace(fault(outage(0, 100)), state=IncidentState.CANCELLED),
        replace(fault(outage(0, 100)), state=IncidentState.DUPLICATE),
        replace(fault(outage(0, 100)), classifications=()),
    ],
)
def test_only_a_classified_technical_fault_counts(uncounted: Incident) -> None:
    assert down_minutes(uncounted) == 0
    assert down_minutes(uncounted, fault(outage(50, 120))) == 70


def test_a_confirmed_external_cause_does_not_count() -> None:
    assert down_minutes(fault(outage(0, 100), exclusions=(exclusion(0),))) == 0
    part = fault(outage(0, 100), exclusions=(exclusion(20, 50),))
    assert down_minutes(part) == 70
    entry = measured(part).accounts[0]
    assert entry.external == (Closed(at(20), at(50)),)
    assert entry.counted == (Closed(at(0), at(20)), Closed(at(50), at(100)))


@pytest.mark.parametrize("state", [ExclusionState.PROPOSED, ExclusionState.REFUSED])
def test_an_exclusion_that_is_not_confirmed_takes_nothing_out(state: ExclusionState) -> None:
    assert down_minutes(fault(outage(0, 100), exclusions=(exclusion(0, state=state),))) == 100


def test_a_policy_may_count_external_causes() -> None:
    policy = replace(published(), external_excluded_from=frozenset({Indicator.RESTORATION}))
    down = fault(outage(0, 100), exclusions=(exclusion(0),))
    assert measure((down,), policy, period=PERIOD, now=LONG_AFTER).downtime_s == 6000


def test_an_uncounted_incident_never_erases_a_counted_one() -> None:
    external = fault(outage(0, 100), exclusions=(exclusion(0),))
    own = fault(outage(40, 60))
    assert down_minutes(external, own) == 20


def test_pauses_never_reduce_downtime() -> None:
    paused = replace(fault(outage(0, 100)), pauses=(pause(10, 90),))
    assert down_minutes(paused) == 100


def test_a_restoration_that_did_not_hold_is_downtime_throughout() -> None:
    assert down_minutes(fault(outage(0, 50, void=True), outage(70, 100))) == 100
    assert down_minutes(fault(outage(0, 50, void=True), outage(0, 100))) == 100
    assert outage_spans(fault(outage(0, 50, void=True))) == (Span(at(0), None),)


def test_an_announced_work_is_excused_and_its_overrun_counts() -> None:
    excused = excused_windows((work(10, 40),), published(), CALENDAR)
    assert excused == (Span(at(10), at(40)),)
    caused = fault(outage(10, 60), planned=True)
    assert down_minutes(caused, excused=excused) == 20
    assert measured(caused, excused=excused).accounts[0].planned == (Closed(at(10), at(40)),)


def test_a_fault_during_a_work_that_did_not_cause_it_counts() -> None:
    excused = excused_windows((work(10, 40),), published(), CALENDAR)
    assert down_minutes(fault(outage(10, 60)), excused=excused) == 50


@pytest.mark.parametrize("corrective", [True, False])
def test_a_work_nobody_announced_before_it_started_counts(*, corrective: bool) -> None:
    late = work(10, 40, announced=10, corrective=corrective)
    assert excused_windows((late,), published(), CALENDAR) == ()
    in_time = work(10, 40, announced=9, corrective=corrective)
    assert len(excused_windows((in_time,), published(), CALENDAR)) == 1


def test_full_notice_excuses_only_works_with_all_their_working_days() -> None:
    policy = replace(published(), planned_rule=PlannedRule.FULL_NOTICE)
    week = 7 * 24 * 60
    assert excused_windows((work(10, 40),), policy, CALENDAR) == ()
    assert excused_windows((work(10, 40, corrective=True),), policy, CALENDAR) == ()
    assert len(excused_windows((work(10, 40, announced=-week),), policy, CALENDAR)) == 1


def test_a_cancelled_work_excuses_nothing() -> None:
    cancelled = replace(work(10, 40), cancelled=True)
    assert excused_windows((cancelled,), published(), CALENDAR) == ()


def test_what_had_begun_stays_excused_when_the_work_is_moved_or_called_off() -> None:
    begun = Announcement(start=at(10), end=at(25), announced_at=at(-10))
    called_off = replace(work(10, 40), cancelled=True, superseded=(begun,))
    assert excused_windows((called_off,), published(), CALENDAR) == (Span(at(10), at(25)),)
    moved = replace(work(10, 60, announced=20), superseded=(replace(begun, end=at(40)),))
    excused = excused_windows((moved,), published(), CALENDAR)
    assert excused == (Span(at(10), at(40)),), "the new window was announced after its start"
    assert down_minutes(fault(outage(10, 60), planned=True), excused=excused) == 20
    unannounced = replace(called_off, superseded=(replace(begun, announced_at=at(10)),))
    assert excused_windows((unannounced,), published(), CALENDAR) == ()


def test_what_had_begun_needs_its_own_full_notice() -> None:
    policy = replace(published(), planned_rule=PlannedRule.FULL_NOTICE)
    begun = Announcement(start=at(10), end=at(25), announced_at=at(-10))
    week = replace(begun, announced_at=at(-7 * 24 * 60))
    called_off = replace(work(10, 40), cancelled=True, superseded=(begun,))
    assert excused_windows((called_off,), policy, CALENDAR) == ()
    told = replace(called_off, superseded=(week,))
    assert excused_windows((told,), policy, CALENDAR) == (Span(at(10), at(25)),)


def test_a_work_that_was_called_off_touches_only_where_it_had_begun() -> None:
    called_off = replace(work(10, 40), cancelled=True)
    place = {"service_id": "sv-1", "site_id": "s-1"}
    assert not work_touches(called_off, region_path=(), **place)
    begun = Announcement(start=at(10), end=at(25), announced_at=at(-10))
    assert work_touches(replace(called_off, superseded=(begun,)), region_path=(), **place)


def test_a_work_touches_a_service_by_itself_its_site_or_a_region() -> None:
    def touches(scope: str) -> bool:
        return work_touches(
            replace(work(0, 1), scope=(scope,)),
            service_id="sv-1",
            site_id="s-1",
            region_path=("MX-CMX", "MX"),
        )

    assert [touches(s) for s in ("service:sv-1", "site:s-1", "region:MX")] == [True] * 3
    assert not touches("region:MX-norte")
    assert not touches("site:sv-1")


def test_a_service_that_began_inside_the_month_is_measured_from_then() -> None:
    result = measure(
        (fault(outage(0, 600)),),
        published(),
        period=PERIOD,
        now=LONG_AFTER,
        active_from=at(500),
    )
    assert (result.active_s, result.downtime_s) == (500 * 60, 100 * 60)
    future = measure((), published(), period=PERIOD, now=LONG_AFTER, active_from=at(2000))
    assert (future.active_s, future.share) == (0, 1.0)


def test_a_month_is_that_of_the_site() -> None:
    assert month_bounds("2026-12", "America/Mexico_City") == Closed(
        datetime(2026, 12, 1, 6, tzinfo=UTC), datetime(2027, 1, 1, 6, tzinfo=UTC)
    )
    # The border changes its clocks in March: its month is an hour shorter.
    assert month_bounds("2026-03", "America/Tijuana").seconds == 31 * 86_400 - 3600
    assert month_of(datetime(2026, 4, 1, 5, 59, tzinfo=UTC), "America/Mexico_City") == "2026-03"
    with pytest.raises(ValueError, match="month"):
        month_bounds("2026-13", "UTC")


def test_the_projection_that_travels() -> None:
    month = measured(fault(outage(0, 10))).as_service_month("sv-1", "2026-03")
    assert (month.service_id, month.month, month.downtime_s) == ("sv-1", "2026-03", 600)
    assert month.target_share == 0.995


minutes = st.integers(-60, 180)


@st.composite
def faults(draw: st.DrawFn) -> Incident:
    start, end = sorted((draw(minutes), draw(minutes)))
    first, last = sorted((draw(minutes), draw(minutes)))
    lasts = draw(st.booleans())
    excluded = draw(st.lists(st.tuples(minutes, minutes), max_size=2))
    return replace(
        fault(outage(start, None if lasts else end), planned=draw(st.booleans())),
        exclusions=tuple(exclusion(min(pair), max(pair)) for pair in excluded),
        kind=draw(st.sampled_from([*[IncidentKind.TECHNICAL] * 3, IncidentKind.ADMINISTRATIVE])),
        pauses=(pause(first, last),),
    )


def is_down(incident: Incident, minute: int, windows: list[tuple[int, int]]) -> bool:
    moment = at(minute)
    (lasting,) = incident.outages
    inside = lasting.start <= moment and (lasting.end is None or moment < lasting.end)
    external = any(
        e.start <= moment and (e.end is not None and moment < e.end) for e in incident.exclusions
    )
    works = incident.restoration is not None and any(a <= minute < b for a, b in windows)
    counted = incident.kind is IncidentKind.TECHNICAL
    return counted and inside and not external and not works


@given(
    incidents=st.lists(faults(), max_size=4),
    windows=st.lists(st.tuples(minutes, minutes), max_size=2),
    now=st.integers(0, 150),
)
def test_downtime_equals_a_brute_force_minute_count(
    incidents: list[Incident], windows: list[tuple[int, int]], now: int
) -> None:
    excused = tuple(Span(at(start), at(end)) for start, end in windows)
    result = measure(
        incidents, published(), excused=excused, period=Closed(at(0), at(120)), now=at(now)
    )
    expected = sum(
        any(is_down(incident, minute, windows) for incident in incidents)
        for minute in range(min(now, 120))
    )
    assert result.downtime_s == expected * 60
    assert result.share == pytest.approx(1 - expected / 120)


@given(incident=faults(), now=st.integers(0, 150))
def test_counted_and_excused_time_make_up_the_outage(incident: Incident, now: int) -> None:
    entry = account(incident, published(), (Span(at(10), at(70)),), Closed(at(0), at(120)), at(now))
    bare = replace(incident, exclusions=(), restoration=None)
    whole = account(bare, published(), (), Closed(at(0), at(120)), at(now))

    def total(*groups: tuple[Closed, ...]) -> float:
        return sum(piece.seconds for group in groups for piece in group)

    assert total(entry.counted, entry.external, entry.planned) == total(whole.counted)
