"""Planned works: announced, moved, called off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_desk import (
    ADMIN,
    DISPATCHER,
    FAR_DISPATCHER,
    SUPERVISOR,
    TECHNICIAN,
    Desk,
    at,
)

from fieldtech.domain.case import Rejection
from fieldtech.domain.commands import Actor, Command, Reason
from fieldtech.domain.facts import Entry
from fieldtech.domain.planned import Announcement, PlannedWork
from fieldtech.domain.planned_commands import AnnouncePlanned, ChangePlanned
from fieldtech.domain.planned_rules import apply_planned

DAY = 24 * 60
ANNOUNCEMENT = AnnouncePlanned(
    title="Cambio de tarjeta",
    scope=("region:norte", "site:site-9"),
    start=at(7 * DAY),
    end=at(7 * DAY + 120),
    notice_text="Estimado cliente",
)


def _issue(
    work: PlannedWork | None,
    name: str,
    args: object,
    actor: Actor = DISPATCHER,
    *,
    minutes: float = 10,
    expect: dict[str, str] | None = None,
    target: str = "planned:p1",
) -> tuple[PlannedWork, Entry] | Rejection:
    command = Command(
        op_id=f"op-{minutes}",
        name=name,
        target=target,
        actor=actor,
        occurred_at=at(minutes),
        args=args,
        expect=expect or {},
    )
    return apply_planned(work, command, replace(Desk().context, now=at(minutes)))


def _announced() -> PlannedWork:
    answer = _issue(None, "planned.announce", ANNOUNCEMENT)
    assert not isinstance(answer, Rejection), answer
    return answer[0]


def _code(answer: tuple[PlannedWork, Entry] | Rejection) -> tuple[str, str]:
    assert isinstance(answer, Rejection), answer
    return answer.code, answer.detail


def test_a_work_is_announced_at_the_moment_of_the_command() -> None:
    answer = _issue(None, "planned.announce", ANNOUNCEMENT)
    assert not isinstance(answer, Rejection)
    work, entry = answer
    assert (work.id, work.title, work.scope) == ("p1", ANNOUNCEMENT.title, ANNOUNCEMENT.scope)
    assert (work.announced_at, work.cancelled, work.corrective) == (at(10), False, False)
    assert work.history == (entry,)
    assert (entry.subject, entry.cmd, entry.by) == ("planned:p1", "planned.announce", DISPATCHER.id)


def test_at_the_central_the_notice_runs_from_when_it_had_the_announcement() -> None:
    """Two days in a laptop without contact are two days in which no customer was told."""
    context = replace(Desk().context, now=at(2 * DAY), received=at(2 * DAY))
    for name, args, work in (
        ("planned.announce", ANNOUNCEMENT, None),
        ("planned.change", ChangePlanned(start=at(8 * DAY), end=at(9 * DAY)), _announced()),
    ):
        command = Command(
            op_id="op-late",
            name=name,
            target="planned:p1",
            actor=DISPATCHER,
            occurred_at=at(10),
            args=args,
        )
        answer = apply_planned(work, command, context)
        assert not isinstance(answer, Rejection)
        assert answer[0].announced_at == at(2 * DAY)
        assert answer[1].at == at(10), "the timeline keeps the laptop's word"


def test_moving_the_window_is_a_new_announcement() -> None:
    work = _announced()
    args = ChangePlanned(start=at(8 * DAY), end=at(8 * DAY + 60), reason="Lluvia")
    answer = _issue(work, "planned.change", args, minutes=DAY)
    assert not isinstance(answer, Rejection)
    moved, entry = answer
    assert (moved.start, moved.end, moved.announced_at) == (args.start, args.end, at(DAY))
    assert moved.history == (*work.history, entry)
    assert entry.text == "Lluvia"
    assert {change.field for change in entry.changes} == {"start", "end", "announced_at"}


def test_a_work_is_called_off_with_a_reason() -> None:
    work = _announced()
    blank = _issue(work, "planned.cancel", Reason(reason=" "))
    assert _code(blank) == ("missing_reason", "reason")
    answer = _issue(work, "planned.cancel", Reason(reason="Sin refacción"))
    assert not isinstance(answer, Rejection)
    assert answer[0].cancelled
    again = _issue(answer[0], "planned.cancel", Reason(reason="x"))
    assert _code(again) == ("wrong_state", "cancelled")


def test_what_is_over_stays_as_it_was() -> None:
    late = 7 * DAY + 120
    args = ChangePlanned(start=at(9 * DAY), end=at(10 * DAY))
    answer = _issue(_announced(), "planned.change", args, minutes=late)
    assert _code(answer) == ("wrong_state", "over")
    assert not isinstance(_issue(_announced(), "planned.change", args, minutes=late - 1), Rejection)


def _after(work: PlannedWork, name: str, args: object, minutes: float) -> PlannedWork:
    answer = _issue(work, name, args, minutes=minutes)
    assert not isinstance(answer, Rejection), answer
    return answer[0]


def test_a_window_that_had_begun_is_kept_as_it_was_told() -> None:
    work, begin = _announced(), 7 * DAY
    longer = ChangePlanned(start=at(begin), end=at(begin + 300), reason="Falta un empalme")
    moved = _after(work, "planned.change", longer, begin + 60)
    told = Announcement(start=work.start, end=work.end, announced_at=at(10))
    assert moved.superseded == (told,)
    shorter = replace(longer, end=at(begin + 90))
    again = _after(moved, "planned.change", shorter, begin + 80)
    assert again.superseded[0] == replace(told, end=at(begin + 90))
    over = _after(again, "planned.cancel", Reason(reason="Lluvia"), begin + 85)
    assert over.cancelled
    assert over.superseded[0] == replace(told, end=at(begin + 85))


def test_a_window_that_had_not_begun_leaves_no_trace_but_the_timeline() -> None:
    work = _announced()
    later = ChangePlanned(start=at(8 * DAY), end=at(9 * DAY))
    assert _after(work, "planned.change", later, 7 * DAY).superseded == ()
    assert _after(work, "planned.cancel", Reason(reason="x"), 7 * DAY).superseded == ()


def test_a_work_moved_to_another_day_while_it_goes_on_keeps_its_whole_window() -> None:
    later = ChangePlanned(start=at(8 * DAY), end=at(9 * DAY))
    moved = _after(_announced(), "planned.change", later, 7 * DAY + 30)
    assert [(w.start, w.end) for w in moved.superseded] == [(at(7 * DAY), at(7 * DAY + 120))]


@pytest.mark.parametrize(
    ("args", "refused"),
    [
        (replace(ANNOUNCEMENT, title=" "), ("invalid", "title")),
        (replace(ANNOUNCEMENT, scope=()), ("invalid", "scope")),
        (replace(ANNOUNCEMENT, end=ANNOUNCEMENT.start), ("invalid", "end")),
        (replace(ANNOUNCEMENT, notice_text="\x00"), ("bad_character", "notice_text")),
    ],
)
def test_an_impossible_work_is_refused(args: AnnouncePlanned, refused: tuple[str, str]) -> None:
    assert _code(_issue(None, "planned.announce", args)) == refused


def test_a_window_has_a_length() -> None:
    args = ChangePlanned(start=at(9 * DAY), end=at(9 * DAY))
    assert _code(_issue(_announced(), "planned.change", args)) == ("invalid", "end")


def test_a_work_is_announced_once_and_known_before_it_changes() -> None:
    again = _issue(_announced(), "planned.announce", ANNOUNCEMENT)
    assert _code(again) == ("already_exists", "p1")
    unknown = _issue(None, "planned.cancel", Reason(reason="x"))
    assert _code(unknown) == ("unknown_target", "planned:p1")
    other = _issue(_announced(), "planned.cancel", Reason(reason="x"), target="planned:p2")
    assert _code(other) == ("unknown_target", "planned:p2")
    for target in ("incident:p1", "planned:"):
        wrong = _issue(None, "planned.announce", ANNOUNCEMENT, target=target)
        assert _code(wrong) == ("unknown_target", target)


def test_only_commands_on_planned_works_are_taken() -> None:
    for name in ("incident.cancel", "planned.explode"):
        assert _code(_issue(None, name, Reason(reason="x"))) == ("unknown_command", name)
    wrong = _issue(None, "planned.announce", Reason(reason="x"))
    assert _code(wrong) == ("invalid", "args")


def test_the_desk_announces_in_its_regions() -> None:
    for actor in (TECHNICIAN, ADMIN):
        answer = _issue(None, "planned.announce", ANNOUNCEMENT, actor)
        assert _code(answer) == ("not_authorised", actor.role.value)
    far = _issue(None, "planned.announce", ANNOUNCEMENT, FAR_DISPATCHER)
    assert _code(far) == ("not_authorised", "norte")
    far = _issue(_announced(), "planned.cancel", Reason(reason="x"), FAR_DISPATCHER)
    assert _code(far) == ("not_authorised", "norte")
    assert not isinstance(_issue(None, "planned.announce", ANNOUNCEMENT, SUPERVISOR), Rejection)


def test_two_people_do_not_move_a_window_past_each_other() -> None:
    args = ChangePlanned(start=at(9 * DAY), end=at(9 * DAY + 60))
    stale = _issue(_announced(), "planned.change", args, expect={"start": "2026-03-01T00:00:00Z"})
    assert _code(stale) == ("expected_changed", "start=2026-03-11T15:00:00Z")


@given(
    st.lists(
        st.one_of(
            st.tuples(
                st.just("planned.change"),
                st.builds(
                    ChangePlanned,
                    start=st.integers(-100, 30_000).map(at),
                    end=st.integers(-100, 30_000).map(at),
                ),
            ),
            st.tuples(
                st.just("planned.cancel"),
                st.builds(Reason, reason=st.sampled_from(["", "motivo"])),
            ),
        ),
        max_size=8,
    ),
    st.integers(0, 12_000),
)
def test_a_work_is_always_sound_and_its_history_only_grows(
    commands: list[tuple[str, object]], minute: int
) -> None:
    work = _announced()
    for step, (name, args) in enumerate(commands):
        answer = _issue(work, name, args, minutes=minute + step)
        if isinstance(answer, Rejection):
            continue
        after, entry = answer
        assert after.history == (*work.history, entry)
        assert after.start < after.end
        assert not work.cancelled
        assert all(window.start < window.end for window in after.superseded)
        work = after
