"""The fact in a refused transition is taken out of it, always the same one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import NINE, TECHNICIAN, Desk, at, restore_args

from fieldtech.domain.apply import apply
from fieldtech.domain.case import Applied, Rejection
from fieldtech.domain.commands import (
    FACTS,
    AddNote,
    Command,
    FieldTime,
    Reason,
    RecordRestoration,
    RecordTime,
)
from fieldtech.domain.refusals import Refusal
from fieldtech.domain.salvage import SALVAGED, fact_of
from fieldtech.domain.validity import MAX_TEXT_BYTES, problem_of


def _command(name: str, args: object, target: str = "visit:v1") -> Command:
    return Command(
        op_id="op-x",
        name=name,
        target=target,
        actor=TECHNICIAN,
        occurred_at=at(40),
        args=args,
        expect={"state": "assigned"},
    )


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("visit.start_travel", "travel"),
        ("visit.arrive", "arrival"),
        ("visit.leave", "departure"),
        ("visit.resume", "return"),
        ("visit.finish", "finish"),
    ],
)
def test_a_step_holds_the_time_it_was_done(step: str, kind: str) -> None:
    told = FieldTime(at=at(38), uncertainty_s=4.0, note="Por la puerta de atrás")
    fact = fact_of(_command(step, told))
    assert fact is not None
    assert (fact.op_id, fact.name, fact.target) == ("op-x.fact", "visit.record_time", "visit:v1")
    assert fact.args == RecordTime(
        kind=kind, at=at(38), uncertainty_s=4.0, note="Por la puerta de atrás"
    )
    assert fact.name in FACTS
    assert not fact.expect
    untold = fact_of(_command(step, FieldTime()))
    assert untold is not None
    assert isinstance(untold.args, RecordTime)
    assert untold.args.at == at(40), "the time of the command where none was told"


def test_a_visit_that_came_to_nothing_holds_when_and_why() -> None:
    fact = fact_of(_command("visit.unable", Reason(reason="Nadie abre")))
    assert fact is not None
    assert fact.name == "visit.record_time"
    assert fact.args == RecordTime(kind="finish", at=at(40), note="Nadie abre")


@pytest.mark.parametrize(
    "code",
    [
        Refusal.AFFECTED_OVER_TOTAL,
        Refusal.AFFECTED_INVALID,
        Refusal.UNKNOWN_POLICY,
        Refusal.OVERRIDE_REASON_NEEDED,
        Refusal.SEVERITY_NEEDED,
        Refusal.IN_FUTURE,
        Refusal.MISSING_ATTRIBUTION,
        Refusal.MISSING_REASON,
        Refusal.WRONG_KIND,
        Refusal.EARLIER_REFUSED,
    ],
)
def test_what_speaks_against_the_transition_only_leaves_the_fact(code: Refusal) -> None:
    assert code.value in SALVAGED


@pytest.mark.parametrize(
    "code",
    [
        Refusal.INVALID,
        Refusal.BAD_CHARACTER,
        Refusal.TOO_LONG,
        Refusal.UNKNOWN_COMMAND,
        Refusal.UNKNOWN_TARGET,
        Refusal.NOT_AUTHORISED,
    ],
)
def test_a_message_that_makes_no_sense_leaves_nothing(code: Refusal) -> None:
    assert code.value not in SALVAGED


def test_a_restoration_refused_for_its_count_still_has_its_time() -> None:
    desk = Desk().registered().on_site().checked()
    args = restore_args(50, affected=500)
    command = replace(_command("incident.restore", args, "incident:i1"), expect={})
    refused = apply(desk.case, command, desk.context)
    assert isinstance(refused, Rejection)
    assert refused.code in SALVAGED
    fact = fact_of(command)
    assert fact is not None
    applied = apply(desk.case, fact, desk.context)
    assert isinstance(applied, Applied)
    assert (applied.case.visits[0].times[-1].kind, applied.case.visits[0].times[-1].at) == (
        "restoration",
        at(50),
    )


def test_a_restoration_holds_its_time_and_says_the_rest_in_its_note() -> None:
    args = restore_args(50, note="Quedó operando", evidence="foto 3", affected=7)
    fact = fact_of(_command("incident.restore", args, "incident:i1"))
    assert fact is not None
    assert fact.name == "incident.record_restoration"
    assert isinstance(fact.args, RecordRestoration)
    assert fact.args.restored_at == args.restored_at
    for part in (args.attribution, args.cause, args.solution, "affected=7", "foto 3", "operando"):
        assert part in fact.args.note


def test_a_long_restoration_is_cut_to_what_can_be_stored() -> None:
    args = restore_args(50, note="ñ" * (MAX_TEXT_BYTES // 2))
    fact = fact_of(_command("incident.restore", args, "incident:i1"))
    assert fact is not None
    assert problem_of(fact) is None


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("visit.accept", FieldTime()),
        ("visit.cancel", Reason(reason="x")),
        ("incident.note", AddNote(text="x")),
    ],
)
def test_decisions_and_facts_hold_no_other_fact(name: str, args: object) -> None:
    assert fact_of(_command(name, args)) is None


def test_the_fact_of_a_late_restoration_becomes_late_work_and_leaves_the_state() -> None:
    desk = Desk().registered().on_site()
    desk.do("incident.cancel", Reason(reason="Desiste"), minutes=45)
    command = _command("incident.restore", restore_args(50), "incident:i1")
    command = replace(command, expect={}, occurred_at=NINE)
    refused = apply(desk.case, command, desk.context)
    assert isinstance(refused, Rejection)
    assert refused.code in SALVAGED
    fact = fact_of(command)
    assert fact is not None
    applied = apply(desk.case, fact, desk.context)
    assert isinstance(applied, Applied)
    after = applied.case.incident
    assert after is not None
    assert after.state == desk.incident().state
    assert after.late_work[-1].summary.startswith("restoration")
    assert applied.case.visits[0].times[-1].kind == "restoration"
