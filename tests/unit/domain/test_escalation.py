"""Rule 9: the ladder by elapsed time, and what a telephone call changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_samples import PLAIN, at, book, clocked, exclusion, outage, pause, pausing, published

from fieldtech.domain.codes import Indicator
from fieldtech.domain.escalation import DueStep, due_steps, merged, message_id, next_step
from fieldtech.domain.facts import EscalationEntry
from fieldtech.domain.incident import Incident
from fieldtech.domain.sla import elapsed
from fieldtech.domain.words import IncidentKind, IncidentState


def entry(
    level: int, minutes: float = 0, *, how: str = "mail", by: str = "system", note: str = ""
) -> EscalationEntry:
    return EscalationEntry(level=level, at=at(minutes), how=how, by=by, note=note)


def taken(*levels: int) -> Incident:
    return replace(clocked(PLAIN), escalations=tuple(entry(level) for level in levels))


def fired(steps: tuple[DueStep, ...]) -> list[int]:
    return [step.level.level for step in steps if step.fire]


def marked(steps: tuple[DueStep, ...]) -> list[int]:
    return [step.level.level for step in steps if not step.fire]


@pytest.mark.parametrize(
    ("minutes", "levels_taken", "level"),
    [
        (0, (), 1),
        (90, (1,), 2),
        (120, (1, 2), 3),
        (180, (1, 2, 3), 4),
    ],
)
def test_each_level_falls_due_at_its_share(
    minutes: float, levels_taken: tuple[int, ...], level: int
) -> None:
    incident = taken(*levels_taken)
    assert fired(due_steps(incident, published(), at(minutes))) == [level]
    if minutes:
        assert due_steps(incident, published(), at(minutes - 0.1)) == ()


def test_of_several_due_the_highest_fires_and_the_rest_are_marked() -> None:
    steps = due_steps(clocked(PLAIN), published(), at(130))
    assert (fired(steps), marked(steps)) == ([3], [1, 2])


def test_nothing_fires_twice() -> None:
    assert due_steps(taken(1, 2, 3), published(), at(130)) == ()


def test_a_telephone_call_before_the_time_suppresses_the_mail() -> None:
    called = replace(taken(1), escalations=(entry(1), entry(2, 60, how="phone", by="ana")))
    assert due_steps(called, published(), at(100)) == ()
    assert fired(due_steps(called, published(), at(120))) == [3]


def test_a_call_to_a_higher_level_speaks_for_the_lower_ones() -> None:
    called = replace(taken(1), escalations=(entry(1), entry(3, 60, how="phone", by="ana")))
    steps = due_steps(called, published(), at(100))
    assert (fired(steps), marked(steps)) == ([], [2])


def test_paused_time_does_not_count_where_the_policy_stops_the_clock() -> None:
    policy = pausing(Indicator.RESTORATION)
    incident = clocked(
        replace(PLAIN, pauses=(pause(10, 40),), escalations=(entry(1),)), book(policy)
    )
    assert due_steps(incident, policy, at(119)) == ()
    assert fired(due_steps(incident, policy, at(120))) == [2]
    frozen = clocked(replace(PLAIN, pauses=(pause(10),), escalations=(entry(1),)), book(policy))
    assert due_steps(frozen, policy, at(9000)) == ()
    assert next_step(frozen, policy) is None


@pytest.mark.parametrize(
    "quiet",
    [
        replace(PLAIN, kind=IncidentKind.ADMINISTRATIVE),
        replace(PLAIN, state=IncidentState.CANCELLED),
        replace(PLAIN, classifications=()),
        replace(PLAIN, outages=(outage(0, 60),)),
    ],
)
def test_no_step_without_a_clock_or_once_the_service_is_back(quiet: Incident) -> None:
    incident = clocked(quiet)
    assert due_steps(incident, published(), at(500)) == ()
    assert next_step(incident, published()) is None


def test_an_excluded_clock_does_not_climb() -> None:
    policy = replace(published(), external_excluded_from=frozenset({Indicator.RESTORATION}))
    excluded = clocked(replace(PLAIN, exclusions=(exclusion(),)), book(policy))
    assert due_steps(excluded, policy, at(500)) == ()


def test_the_next_step_and_its_time() -> None:
    found = next_step(taken(1), published())
    assert found is not None
    assert (found[0].level, found[0].mail, found[1]) == (
        2,
        "plataformas@cleverideas.com.mx",
        at(90),
    )
    assert next_step(taken(1, 2, 3, 4), published()) is None


def test_the_message_id_is_fixed_and_different_for_each_step() -> None:
    assert message_id("i-1", 2) == message_id("i-1", 2)
    assert len({message_id(i, n) for i in ("i-1", "i-2", "día 1>") for n in (1, 2)}) == 6
    assert message_id("día 1>", 2).isascii()
    steps = due_steps(clocked(PLAIN), published(), at(0))
    assert steps[0].message_id == message_id("i-1", 1)


def test_a_later_call_merges_into_the_step() -> None:
    mail, call = entry(2, 90), entry(2, 95, how="phone", by="ana", note="contesta Luis")
    (step,) = merged((mail,), call)
    assert step == EscalationEntry(
        level=2, at=at(90), how="mail+phone", by="system, ana", note="contesta Luis"
    )


def test_what_was_said_stays_as_it_was_said_in_the_order_of_time() -> None:
    call = entry(2, 80, how="phone +52 81 1111 1111", by="ana", note="1. contesta\n2. lo verá")
    mail = entry(2, 90, by="system", note="Enviado")
    for order in ((call, mail), (mail, call)):
        (step,) = merged(order[:1], order[1])
        assert (step.at, step.how, step.by) == (
            at(80),
            "phone +52 81 1111 1111+mail",
            "ana, system",
        )
        assert step.note == "1. contesta\n2. lo verá\nEnviado"
    (again,) = merged(merged((call,), mail), mail)
    assert again.how == "phone +52 81 1111 1111+mail"


def test_the_next_step_goes_on_from_the_highest_taken() -> None:
    found = next_step(taken(1, 3), published())
    assert found is not None
    assert (found[0].level, found[1]) == (4, at(180)), "level 2 will only be marked"


def test_a_call_takes_the_step_that_was_only_marked() -> None:
    mark = replace(entry(1, 90, how="none"), suppressed=True)
    (step,) = merged((mark,), entry(1, 95, how="phone", by="ana"))
    assert (step.suppressed, step.how, step.by, step.at) == (False, "phone", "ana", at(90))


entries = st.builds(
    EscalationEntry,
    level=st.integers(1, 4),
    at=st.integers(0, 300).map(at),
    how=st.sampled_from(["mail", "phone", "whatsapp"]),
    by=st.sampled_from(["ana", "luis", "system"]),
    note=st.sampled_from(["", "contesta", "buzón"]),
)


@given(logged=st.lists(entries, max_size=6), data=st.data())
def test_merging_does_not_depend_on_the_order(
    logged: list[EscalationEntry], data: st.DataObject
) -> None:
    def folded(order: list[EscalationEntry]) -> tuple[EscalationEntry, ...]:
        result: tuple[EscalationEntry, ...] = ()
        for each in order:
            result = merged(result, each)
        return result

    def plain(steps: tuple[EscalationEntry, ...]) -> list[tuple[object, ...]]:
        return [
            (e.level, e.at, {*e.how.split("+")}, {*e.by.split(", ")}, {*e.note.split("\n")} - {""})
            for e in steps
        ]

    assert plain(folded(logged)) == plain(folded(data.draw(st.permutations(logged))))
    assert [each.level for each in folded(logged)] == sorted({each.level for each in logged})


@given(
    calls=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 4)), max_size=3),
    looks=st.lists(st.integers(0, 300), min_size=1, max_size=8).map(sorted),
)
def test_however_seldom_the_sweeper_looks_each_level_has_one_entry_and_mails_only_climb(
    calls: list[tuple[int, int]], looks: list[int]
) -> None:
    policy = published()
    incident = clocked(PLAIN)
    mailed: list[int] = []
    for now in looks:
        for minute, level in calls:
            if minute <= now and level not in {e.level for e in incident.escalations}:
                logged = merged(incident.escalations, entry(level, minute, how="phone", by="ana"))
                incident = replace(incident, escalations=logged)
        steps = due_steps(incident, policy, at(now))
        mailed.extend(fired(steps))
        for step in steps:
            mark = replace(entry(step.level.level, now), suppressed=not step.fire)
            incident = replace(incident, escalations=merged(incident.escalations, mark))
        used = elapsed(incident, policy, at(now)) / 7200
        reached = {e.level for e in incident.escalations}
        assert {s.level for s in policy.escalation if s.share <= used} <= reached
    assert mailed == sorted(set(mailed))
    levels = [e.level for e in incident.escalations]
    assert levels == sorted(set(levels))
