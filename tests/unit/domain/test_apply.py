"""What holds for every command: known names, fitting arguments, one entry, fresh clocks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import (
    COLLEAGUE,
    DISPATCHER,
    REGION_PARENTS,
    TECHNICIAN,
    Desk,
    at,
    register_args,
    restore_args,
)

from fieldtech.domain.apply import apply
from fieldtech.domain.case import Case, Rejection
from fieldtech.domain.commands import (
    Acknowledge,
    AddNote,
    AssignVisit,
    CloseIncident,
    Command,
    PauseIncident,
    ProposeExclusion,
    Reason,
)
from fieldtech.domain.policy import Rulebook
from fieldtech.domain.refusals import REJECTIONS, Refusal, refuse
from fieldtech.domain.words import Attribution


def test_an_unknown_command_is_refused_by_its_name() -> None:
    assert Desk().refused("incident.explode", AddNote(text="x")) == (
        "unknown_command",
        "incident.explode",
    )


def test_arguments_of_another_command_are_refused() -> None:
    assert Desk().registered().refused("incident.close", AddNote(text="x")) == ("invalid", "args")


def test_planned_works_have_a_rule_of_their_own() -> None:
    refused = Desk().refused("planned.cancel", Reason(reason="x"), target="planned:p1")
    assert refused == ("unknown_target", "planned:p1")


def test_an_entry_tells_who_did_what_when_and_where() -> None:
    desk = Desk().registered()
    answer = desk.do(
        "incident.pause", PauseIncident(reason="no_access", note="Portón cerrado"), minutes=20
    )
    (entry,) = answer.entries
    assert desk.incident().history[-1] == entry
    assert (entry.id, entry.cmd, entry.subject) == ("op-2", "incident.pause", "incident:i1")
    assert (entry.by, entry.device, entry.at) == (DISPATCHER.id, "desk-1", at(20))
    assert entry.text == "Portón cerrado"
    changed = {change.field: (change.old, change.new) for change in entry.changes}
    assert changed["state"] == ("acknowledged", "pending")
    assert changed["paused_from"] == ("", "acknowledged")


def test_a_command_may_name_the_visit_instead_of_its_incident() -> None:
    desk = Desk().registered().on_site().checked()
    desk.do("incident.restore", restore_args(60), TECHNICIAN, minutes=60, target="visit:v1")
    assert [entry.subject for entry in desk.incident().history[-2:]] == ["visit:v1", "incident:i1"]


def test_naming_an_old_visit_gives_no_rights_on_the_incident() -> None:
    desk = Desk().registered().on_site()
    desk.do("visit.cancel", Reason(reason="x"))
    claim = ProposeExclusion(
        exclusion_id="x", attribution=Attribution.CUSTOMER, start=at(0), evidence="x"
    )
    for target in ("incident:i1", "visit:v1"):
        refused = desk.refused("exclusion.propose", claim, TECHNICIAN, target=target)
        assert refused == ("not_assigned", "cancelled")


def test_a_command_for_a_visit_of_another_case_finds_nothing() -> None:
    desk = Desk().registered().assigned()
    for name, args in (
        ("visit.cancel", Reason(reason="x")),
        ("incident.note", AddNote(text="x")),
    ):
        assert desk.refused(name, args, target="visit:v9") == ("unknown_target", "visit:v9")
        assert desk.refused(name, args, target="site:s1") == ("unknown_target", "site:s1")


def test_a_refused_command_leaves_the_case_as_it_was_and_can_be_reissued() -> None:
    desk = Desk().registered()
    before = desk.case
    desk.refused("incident.close", CloseIncident())
    assert desk.case is before
    desk.restored()
    desk.do("incident.close", CloseIncident(), minutes=70)


def test_a_fact_counts_even_while_the_policy_is_not_here() -> None:
    desk = Desk().registered()
    due = desk.incident().clocks
    nothing = Rulebook(policies=(), default_policy_id="x", region_parents=REGION_PARENTS)
    desk.context = replace(desk.context, rules=nothing)
    desk.do("incident.note", AddNote(text="x"), DISPATCHER)
    assert desk.incident().clocks == due


def test_the_answer_depends_on_nothing_but_its_arguments() -> None:
    desk = Desk()
    command = Command(
        op_id="op",
        name="incident.register",
        target="incident:i1",
        actor=DISPATCHER,
        occurred_at=at(5),
        args=register_args(),
    )
    assert apply(Case(), command, desk.context) == apply(Case(), command, Desk().context)


def test_other_visits_of_a_case_are_left_alone() -> None:
    desk = Desk().registered().assigned()
    args = AssignVisit(incident_id="i1", technician_id=COLLEAGUE.id)
    desk.do("visit.assign", args, target="visit:v2")
    untouched = desk.visit("v2")
    desk.on_the_way()
    assert desk.visit("v2") is untouched


def test_every_code_has_one_line_of_meaning() -> None:
    assert set(REJECTIONS) == set(Refusal)
    assert all(meaning and "\n" not in meaning for meaning in REJECTIONS.values())
    assert refuse(Refusal.INVALID, "x") == Rejection(code="invalid", detail="x")


@pytest.mark.parametrize("code", list(Refusal))
def test_codes_are_words_for_programs(code: Refusal) -> None:
    assert code.value == code.name.lower()


def test_acknowledging_twice_is_refused() -> None:
    desk = Desk().reported()
    desk.do("incident.acknowledge", Acknowledge())
    refused = desk.refused("incident.acknowledge", Acknowledge())
    assert refused == ("wrong_state", "acknowledged")
