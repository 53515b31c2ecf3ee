"""Whatever people do, in whatever order: no illegal state, no lost fact, no raised error."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from case_invariants import violations
from drawn_commands import (
    ACTORS,
    ARGUMENTS,
    NAMES,
    POLICIES,
    drawn_context,
    drawn_start,
    moments,
    next_commands,
    texts,
    uncertainties,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_samples import at
from service_desk import (
    CHECKLIST,
    TECHNICIAN,
    Desk,
    rulebook,
)

from fieldtech.domain.apply import apply
from fieldtech.domain.authority import is_on
from fieldtech.domain.case import Applied, Case, Rejection
from fieldtech.domain.check_commands import AnswerCheck, RecordMeasurement, WaiveCheck
from fieldtech.domain.commands import (
    COMMANDS,
    FACTS,
    Actor,
    AddAttachment,
    AddNote,
    Command,
    RecordRestoration,
    RecordTime,
    SwapEquipment,
)
from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.refusals import REJECTIONS
from fieldtech.domain.words import CheckStatus


def _was_on_a_visit(case: Case, actor: Actor) -> bool:
    return any(is_on(visit, actor) for visit in case.visits)


_MALFORMED = {"invalid", "missing_reason", "unknown_target"}


@settings(max_examples=150)
@given(st.data())
def test_no_sequence_of_commands_reaches_an_illegal_state(data: st.DataObject) -> None:
    case, rules = drawn_start(data)
    assert violations(case, rules) == []
    for count in range(data.draw(st.integers(8, 30))):
        command = data.draw(next_commands(case, 100 + count))
        context = drawn_context(rules, was_assigned=data.draw(st.booleans()))
        answer = apply(case, command, context)
        if isinstance(answer, Rejection):
            assert answer.code in set(REJECTIONS)
            fact = command.name in FACTS and _was_on_a_visit(case, command.actor)
            assert not fact or answer.code in _MALFORMED, answer
            continue
        assert violations(answer.case, rules) == []
        _assert_the_timeline_grew(case, answer, command)
        case = answer.case


def _assert_the_timeline_grew(before: Case, answer: Applied, command: Command) -> None:
    old = before.incident.history if before.incident else ()
    assert answer.case.incident is not None
    new = answer.case.incident.history
    assert new[: len(old)] == old
    added = new[len(old) :]
    assert added
    assert added == answer.entries[: len(added)]
    assert added[0].id == command.op_id
    assert {entry.cmd for entry in added} == {command.name}
    assert {(entry.by, entry.device) for entry in added} == {
        (command.actor.id, command.actor.device)
    }


FACT_ARGUMENTS: dict[str, st.SearchStrategy[object]] = {
    "visit.record_time": st.builds(
        RecordTime, kind=st.just("arrival"), at=moments, uncertainty_s=uncertainties
    ),
    "incident.record_restoration": ARGUMENTS[RecordRestoration],
    "incident.note": st.builds(AddNote, text=st.just("x")),
    "attachment.add": st.builds(
        AddAttachment,
        attachment_id=st.just("a"),
        kind=texts,
        name=texts,
        sha256=texts,
        size=st.integers(0, 9),
    ),
    "check.answer": st.builds(
        AnswerCheck,
        item=st.just("lan.cable"),
        status=st.sampled_from(CheckStatus),
        note=st.just("x"),
    ),
    "check.waive": st.builds(WaiveCheck, item=st.just("anything"), reason=st.just("x")),
    "check.measure": st.builds(
        RecordMeasurement,
        measurement_id=st.sampled_from(["m1", "m2", "m3"]),
        started_at=st.just(at(20)),
        profile=texts,
        interface=texts,
        seconds=st.floats(0, 60),
        cause=texts,
        readings=st.lists(
            st.builds(
                MeasuredItem,
                item=st.sampled_from(["lan.cable", "sip.loss"]),
                status=st.sampled_from(CheckStatus),
                value=texts,
            ),
            max_size=4,
        ).map(tuple),
    ),
    "equipment.swap": st.builds(
        SwapEquipment,
        equipment_id=st.just("e1"),
        old_serial=texts,
        old_mac=texts,
        new_serial=st.just("B2"),
        new_mac=texts,
    ),
}


@settings(max_examples=150)
@given(st.data())
def test_a_fact_is_never_refused_to_who_was_sent(data: st.DataObject) -> None:
    """However the case went on meanwhile, and whatever the clock of the laptop says."""
    rules = rulebook(data.draw(st.sampled_from(POLICIES)))
    case = Desk(rules=rules).registered().on_site().case
    case = replace(case, original=replace(Desk(rules=rules).registered().incident(), id="i0"))
    for count in range(data.draw(st.integers(0, 12))):
        command = data.draw(next_commands(case, 100 + count))
        answer = apply(case, command, drawn_context(rules))
        case = answer.case if isinstance(answer, Applied) else case
    name = data.draw(st.sampled_from(sorted(FACTS)))
    fact = Command(
        op_id="fact",
        name=name,
        target="visit:v1",
        actor=TECHNICIAN,
        occurred_at=data.draw(moments),
        args=data.draw(FACT_ARGUMENTS[name]),
        expect={"state": "what it was in the morning"},
    )
    answer = apply(
        case, fact, drawn_context(rules, minute=0, was_assigned=data.draw(st.booleans()))
    )
    assert isinstance(answer, Applied), answer
    assert answer.entries[0].id == "fact"


ANY_TEXT = st.text(max_size=30)
ANY_MOMENT = st.datetimes() | st.datetimes(timezones=st.timezones())


@settings(max_examples=200)
@given(st.data())
def test_apply_is_total(data: st.DataObject) -> None:
    """Absurd ids, texts, times and numbers are answered, never raised."""
    case, rules = drawn_start(data)
    name = data.draw(st.sampled_from(NAMES))
    command = Command(
        op_id=data.draw(ANY_TEXT),
        name=data.draw(st.just(name) | ANY_TEXT),
        target=data.draw(st.sampled_from(["incident:i1", "visit:v1", "visit:", ""]) | ANY_TEXT),
        actor=replace(data.draw(st.sampled_from(ACTORS)), device=data.draw(ANY_TEXT)),
        occurred_at=data.draw(ANY_MOMENT),
        args=_absurd(data, data.draw(ARGUMENTS[COMMANDS[name]])),
        expect=data.draw(st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=2)),
    )
    answer = apply(case, command, drawn_context(rules))
    assert isinstance(answer, Applied | Rejection)
    if isinstance(answer, Applied):
        assert violations(answer.case, rules) == []


def _absurd(data: st.DataObject, args: Any) -> Any:
    """Put an absurd value of the right type in the place of some values."""
    absurd: dict[str, st.SearchStrategy[object]] = {
        "datetime": ANY_MOMENT,
        "float": st.floats(),
        "str": ANY_TEXT,
        "int": st.integers(-(10**12), 10**12),
    }
    changes = {}
    for name in type(args).__dataclass_fields__:
        kind = type(getattr(args, name)).__name__
        if kind in absurd and data.draw(st.booleans()):
            changes[name] = data.draw(absurd[kind])
    return replace(args, **changes)


def test_the_small_checklist_is_the_one_the_visits_carry() -> None:
    assert Desk().registered().assigned().visit().checklist == CHECKLIST
