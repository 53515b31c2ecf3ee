"""Our own faults: the command that trips over one is set aside, everything else goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from central_desk import note, notes_of, place, register

from fieldtech.central import tables

if TYPE_CHECKING:
    from central_desk import Desk, Laptop


@pytest.fixture
def dora(desk: Desk) -> Laptop:
    """A dispatcher with one incident."""
    laptop = desk.laptop("dora")
    register(laptop, "inc-1")
    return laptop


@pytest.mark.expects_log("inc-1. failed")
def test_poison_op_first_in_queue_is_set_aside_after_three_tries(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(dora, "inc-2")
    judge = "fieldtech.central.sync.judge.apply"
    real = _poisoned(monkeypatch, judge, "veneno")
    poison = note(dora, "veneno")
    behind = note(dora, "detrás")
    other = dora.envelope("incident.note", "incident:inc-2", text="otra")
    for _ in range(2):
        results = dora.push(poison, behind, other)
        assert [r["status"] for r in results] == ["deferred"] * 3
    results = dora.push(poison, behind, other)
    assert [r["status"] for r in results] == ["quarantined", "parked", "applied"]
    assert notes_of(desk) == []
    assert notes_of(desk, "inc-2") == ["otra"]

    monkeypatch.setattr(judge, real)
    assert dora.push(note(dora, "también detrás"))[0]["status"] == "parked"
    sol = desk.laptop("sol")
    assert sol.do("incident.note", "incident:inc-1", text="de otra")["status"] == "applied"
    assert dora.push(poison)[0]["status"] == "quarantined"


@pytest.mark.expects_log("does not answer")
def test_outage_does_not_quarantine(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def locked(*_args: object) -> None:
        raise OperationalError("BEGIN", None, Exception("database is locked"))

    op = note(dora, "al final")
    with monkeypatch.context() as broken:
        broken.setattr("fieldtech.central.sync.judge.apply", locked)
        for _ in range(4):
            told = dora.push_raw(op)
            assert (told.status_code, told.json()["code"]) == (503, "unavailable")
            assert told.json()["retryable"] is True
            assert told.headers["retry-after"]
    assert dora.push(op)[0]["status"] == "applied"
    assert notes_of(desk) == ["al final"]


@pytest.mark.expects_log("could not be written as a whole", "failed")
def test_a_value_that_cannot_be_written_takes_no_other_command_with_it(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folio is taken behind the counter's back: the database itself refuses the row."""
    with desk.database.write() as connection:
        connection.execute(tables.counter.update().values(value=0))
    monkeypatch.setattr("fieldtech.central.sync.judge.take_folios", lambda *_args: ["INC-26110001"])
    good = note(dora, "buena")
    bad = dora.envelope("incident.register", "incident:inc-2", **place(dora))
    results = [dora.push(good, bad) for _ in range(3)]
    assert [[r["status"] for r in each] for each in results] == [
        ["applied", "deferred"],
        ["duplicate", "deferred"],
        ["duplicate", "quarantined"],
    ]
    assert notes_of(desk) == ["buena"]


@pytest.mark.expects_log("could not be written as a whole", "failed")
def test_a_value_without_a_text_takes_no_other_command_with_it(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldtech.protocol.codec import encode_body

    def sometimes(value: Any) -> str:
        if any(each.text == "mala" for each in getattr(value, "notes", ())):
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        return encode_body(value)

    monkeypatch.setattr("fieldtech.central.feed.encode_body", sometimes)
    good, bad = note(dora, "buena"), note(dora, "mala")
    statuses = [[r["status"] for r in dora.push(good, bad)] for _ in range(3)]
    assert statuses == [
        ["applied", "deferred"],
        ["duplicate", "deferred"],
        ["duplicate", "quarantined"],
    ]
    assert notes_of(desk) == ["buena"]


@pytest.mark.expects_log("could not be written as a whole", "failed")
def test_a_fault_in_what_follows_from_a_command_is_that_commands(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setattr("fieldtech.central.sync.push.changed_months", broken)
    down = dora.envelope("incident.register", "incident:inc-2", **place(dora))
    good = note(dora, "buena")
    results = [dora.push(down, good) for _ in range(3)]
    assert [[r["status"] for r in each] for each in results] == [
        ["deferred", "deferred"],
        ["deferred", "deferred"],
        ["quarantined", "applied"],
    ]
    assert notes_of(desk) == ["buena"]


def _poisoned(monkeypatch: pytest.MonkeyPatch, name: str, poison: str) -> Any:
    from fieldtech.domain.apply import apply

    def sometimes(case: Any, command: Any, context: Any) -> Any:
        if getattr(command.args, "text", "") == poison:
            raise ZeroDivisionError
        return apply(case, command, context)

    monkeypatch.setattr(name, sometimes)
    return apply
