"""Values that could not be stored or reckoned with are refused before any rule sees them."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_desk import DISPATCHER, NINE, Desk, at, register_args, restore_args

from fieldtech.domain.commands import AddNote, Command, RecordRestoration
from fieldtech.domain.planned_commands import AnnouncePlanned
from fieldtech.domain.validity import MAX_SECONDS, MAX_TEXT_BYTES, problem_of

NOTE = Command(
    op_id="op",
    name="incident.note",
    target="incident:i1",
    actor=DISPATCHER,
    occurred_at=NINE,
    args=AddNote(text="x"),
)


@pytest.mark.parametrize("bad", ["a\x00b", "half \ud83d", "\udfff"])
def test_bad_characters_are_refused_with_their_field(bad: str) -> None:
    desk = Desk().registered()
    assert desk.refused("incident.note", AddNote(text=bad)) == ("bad_character", "text")
    refused = Desk().refused("incident.register", register_args(title=bad))
    assert refused == ("bad_character", "title")


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (replace(NOTE, target="incident:\x00"), "target"),
        (replace(NOTE, op_id="\x00"), "op_id"),
        (replace(NOTE, actor=replace(DISPATCHER, id="\x00")), "actor"),
        (replace(NOTE, actor=replace(DISPATCHER, device="\ud800")), "actor"),
        (replace(NOTE, expect={"\x00": ""}), "expect"),
        (replace(NOTE, expect={"state": "\x00"}), "expect"),
    ],
)
def test_every_text_of_the_command_is_looked_at(command: Command, field: str) -> None:
    problem = problem_of(command)
    assert problem is not None
    assert (problem.code, problem.detail) == ("bad_character", field)


def test_texts_in_a_list_are_looked_at() -> None:
    args = AnnouncePlanned(title="x", scope=("region:mx", "\x00"), start=at(0), end=at(1))
    problem = problem_of(replace(NOTE, args=args))
    assert problem is not None
    assert problem.detail == "scope"


def test_a_note_has_room_for_64_kibibytes_in_utf_8() -> None:
    desk = Desk().registered()
    desk.do("incident.note", AddNote(text="x" * MAX_TEXT_BYTES))
    desk.do("incident.note", AddNote(text="ñ" * (MAX_TEXT_BYTES // 2)))
    for text in ("x" * (MAX_TEXT_BYTES + 1), "ñ" * (MAX_TEXT_BYTES // 2 + 1), "x" * 2**20):
        assert desk.refused("incident.note", AddNote(text=text)) == ("too_long", "text")


@pytest.mark.parametrize(
    "moment",
    [
        NINE.replace(tzinfo=None),
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_a_time_must_name_a_moment_one_can_reckon_with(moment: datetime) -> None:
    problem = problem_of(replace(NOTE, occurred_at=moment))
    assert problem is not None
    assert (problem.code, problem.detail) == ("invalid", "occurred_at")
    desk = Desk().registered()
    args = RecordRestoration(restored_at=moment)
    assert desk.refused("incident.record_restoration", args) == ("invalid", "restored_at")


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2099, 1, 1, tzinfo=timezone(timedelta(hours=-6))),
    ],
)
def test_the_time_of_a_broken_clock_is_kept(moment: datetime) -> None:
    assert problem_of(replace(NOTE, occurred_at=moment)) is None


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -1.0, MAX_SECONDS * 2])
def test_an_uncertainty_is_a_number_of_seconds(seconds: float) -> None:
    desk = Desk().registered()
    args = restore_args(60, uncertainty_s=seconds)
    assert desk.refused("incident.restore", args) == ("invalid", "uncertainty_s")


@given(st.text())
def test_exactly_the_texts_that_can_be_stored_pass(text: str) -> None:
    problem = problem_of(replace(NOTE, args=AddNote(text=text)))
    storable = "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
    assert (problem is None) is storable
