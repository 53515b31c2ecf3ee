"""The clocks against a minute-by-minute count, and against facts arriving in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rule_samples import PLAIN, TIMES, at, book, classed, exclusion, outage, pause, pausing

from fieldtech.domain.clock_view import remaining, state_at
from fieldtech.domain.codes import Indicator
from fieldtech.domain.facts import Classification, Exclusion, Outage, Pause
from fieldtech.domain.incident import Incident
from fieldtech.domain.severity import in_order
from fieldtech.domain.sla import clocks, crosses_deadline, elapsed
from fieldtech.domain.words import ClockState, Severity

POLICY = pausing(Indicator.RESTORATION, Indicator.RESPONSE)
RULES = book(POLICY)
LATEST = 600

minutes = st.integers(-120, LATEST)
severities = st.sampled_from(list(Severity))
reasons = st.sampled_from(["no_access", "waiting_parts"])


@st.composite
def pauses(draw: st.DrawFn, *, may_last: bool = True) -> Pause:
    start, end = sorted((draw(minutes), draw(minutes)))
    lasts = may_last and draw(st.booleans())
    return pause(start, None if lasts else end, draw(reasons))


@st.composite
def outage_lists(draw: st.DrawFn) -> tuple[Outage, ...]:
    """One fault that came back and went again: every outage but the last is void."""
    edges = sorted(draw(st.lists(st.integers(1, LATEST), unique=True, max_size=6)))
    times = [0, *edges]
    starts, ends = times[::2], times[1::2]
    return tuple(
        outage(start, ends[index] if index < len(ends) else None, void=index + 1 < len(starts))
        for index, start in enumerate(starts)
    )


@st.composite
def incidents(draw: st.DrawFn) -> Incident:
    later = sorted(draw(st.lists(st.integers(1, LATEST), max_size=3, unique=True)))
    history = [classed(draw(severities), minute) for minute in (0, *later)]
    acknowledged = draw(st.none() | st.integers(0, LATEST))
    return replace(
        PLAIN,
        classifications=tuple(history),
        outages=draw(outage_lists()),
        pauses=tuple(draw(st.lists(pauses(), max_size=5))),
        exclusions=tuple(
            exclusion(start, start + 5) for start in draw(st.lists(minutes, max_size=2))
        ),
        acknowledged_at=None if acknowledged is None else at(acknowledged),
    )


@given(incident=incidents(), data=st.data())
def test_no_clock_depends_on_the_order_in_which_facts_arrive(
    incident: Incident, data: st.DataObject
) -> None:
    arrived: tuple[Classification, ...] = ()
    for decision in data.draw(st.permutations(incident.classifications)):
        arrived = in_order((*arrived, decision))
    shuffled = replace(
        incident,
        classifications=arrived,
        pauses=tuple(data.draw(st.permutations(incident.pauses))),
        outages=tuple(data.draw(st.permutations(incident.outages))),
        exclusions=tuple(data.draw(st.permutations(incident.exclusions))),
    )
    first, second = clocks(incident, RULES), clocks(shuffled, RULES)
    assert first == second
    for now in map(at, (0, 90, 120, 700)):
        assert remaining(first.restoration, now) == remaining(second.restoration, now)
        assert elapsed(incident, POLICY, now) == elapsed(shuffled, POLICY, now)


def active_minutes(incident: Incident, target: int, until: int) -> int:
    """Count, minute by minute, those after the report that use the restoration clock up.

    Nothing stops it any more once the target is used up.
    """
    stopping = [(p.start, p.end) for p in incident.pauses if p.reason == "no_access"]
    stopping += [(e.start, e.end) for e in incident.exclusions]
    used = 0
    for minute in range(until):
        stopped = any(
            start <= at(minute) and (end is None or at(minute) < end) for start, end in stopping
        )
        used += used >= target or not stopped
    return used


exclusion_lists = st.lists(st.tuples(minutes, st.integers(0, 200)), max_size=2).map(
    lambda pairs: tuple(exclusion(start, start + length) for start, length in pairs)
)


@given(
    severity=severities,
    all_pauses=st.lists(pauses(), max_size=5),
    exclusions=exclusion_lists,
    stop=st.none() | st.integers(0, LATEST),
)
def test_the_restoration_clock_equals_a_minute_by_minute_count(
    severity: Severity,
    all_pauses: list[Pause],
    exclusions: tuple[Exclusion, ...],
    stop: int | None,
) -> None:
    policy = replace(POLICY, external_excluded_from=frozenset({Indicator.RESTORATION}))
    incident = replace(
        PLAIN,
        classifications=(classed(severity),),
        pauses=tuple(all_pauses),
        exclusions=exclusions,
        outages=(outage(0, stop),),
    )
    view = clocks(incident, book(policy)).restoration
    target = TIMES[severity][1] // 60
    # Read after the last fact: a view holds what is recorded and knows nothing of the future.
    now = LATEST + 200 if stop is None else stop
    active = active_minutes(incident, target, now)
    assert elapsed(incident, policy, at(now)) == active * 60
    if view.state is ClockState.EXCLUDED:
        outside = replace(incident, pauses=())
        assert active_minutes(outside, target, now) == 0, "a minute of the run was not excluded"
        return
    assert remaining(view, at(now)) == (target - active) * 60
    breached = active >= target
    if stop is not None:
        assert view.state is (ClockState.MISSED if breached else ClockState.MET)
    else:
        assert (state_at(view, at(now)) is ClockState.BREACHED) == breached


@given(incident=incidents(), minute=st.integers(0, LATEST), length=st.integers(1, 60))
def test_what_happens_after_a_breach_never_moves_its_deadline(
    incident: Incident, minute: int, length: int
) -> None:
    before = clocks(incident, RULES).restoration
    if before.due is None:
        return
    started = before.due + timedelta(minutes=minute)
    later = replace(
        pause(0), start=started, end=None if length % 2 else started + timedelta(minutes=length)
    )
    after = clocks(replace(incident, pauses=(*incident.pauses, later)), RULES).restoration
    assert after == before


@given(all_pauses=st.lists(pauses(may_last=False), max_size=4))
def test_time_only_ever_uses_a_clock_up(all_pauses: list[Pause]) -> None:
    incident = replace(PLAIN, pauses=tuple(all_pauses))
    used = [elapsed(incident, POLICY, at(minute)) for minute in range(0, LATEST, 7)]
    assert all(later >= earlier for earlier, later in pairwise(used))


@given(
    drawn=incidents(),
    severity=severities,
    later=st.integers(0, LATEST),
    minute=st.integers(0, 30),
)
def test_no_reclassification_undoes_a_response_met_under_the_class_then_in_force(
    drawn: Incident, severity: Severity, later: int, minute: int
) -> None:
    acknowledged = at(minute)
    incident = replace(drawn, acknowledged_at=acknowledged)
    then = [c for c in incident.classifications if c.at <= acknowledged] or [
        incident.classifications[0]
    ]
    alone = replace(incident, classifications=(then[-1],))
    after = replace(
        incident,
        classifications=(*incident.classifications, classed(severity, LATEST + later)),
    )
    if clocks(alone, RULES).response.state is ClockState.MET:
        assert clocks(after, RULES).response.state is ClockState.MET


@given(incident=incidents())
def test_the_latest_class_alone_fixes_the_restoration_deadline(incident: Incident) -> None:
    alone = replace(incident, classifications=incident.classifications[-1:])
    assert clocks(incident, RULES).restoration == clocks(alone, RULES).restoration


@given(incident=incidents())
def test_a_fault_that_came_back_is_one_fault_from_the_first_report(incident: Incident) -> None:
    last = max(incident.outages, key=lambda each: each.start)
    whole = replace(incident, outages=(replace(last, start=PLAIN.reported_at),))
    assert clocks(incident, RULES).restoration == clocks(whole, RULES).restoration


@given(
    stop=st.integers(0, LATEST), uncertainty=st.floats(0.001, 36_000), due=st.integers(0, LATEST)
)
def test_a_time_needs_review_exactly_when_its_error_could_change_the_verdict(
    stop: int, uncertainty: float, due: int
) -> None:
    early, late = stop * 60 - uncertainty, stop * 60 + uncertainty
    assert crosses_deadline(at(stop), uncertainty, at(due)) == (early <= due * 60 <= late)
