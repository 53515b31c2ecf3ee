"""Our own faults: the command that trips over one is set aside, everything else goes on."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

import pytest
from central_desk import note, notes_of, place, register
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from fieldtech.central import quarantine, tables
from fieldtech.central.auth import devices
from fieldtech.errors import EnvironmentProblem

if TYPE_CHECKING:
    from central_desk import Desk, Laptop


JUDGE = "fieldtech.central.sync.judge.apply"


@pytest.fixture
def dora(desk: Desk) -> Laptop:
    """A dispatcher with one incident."""
    laptop = desk.laptop("dora")
    register(laptop, "inc-1")
    return laptop


def poisoned(dora: Laptop, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A note that trips over a fault of ours, a step behind it; both are set aside."""
    with monkeypatch.context() as broken:
        _poisoned(broken, JUDGE, "veneno")
        ops = [note(dora, "veneno"), dora.envelope("incident.cancel", "incident:inc-1", reason="r")]
        results = [dora.push(*ops) for _ in range(3)]
    assert [each["status"] for each in results[-1]] == ["quarantined", "parked"]
    return ops


@pytest.mark.expects_log("inc-1. failed")
def test_poison_op_first_in_queue_is_set_aside_after_three_tries(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(dora, "inc-2")
    real = _poisoned(monkeypatch, JUDGE, "veneno")
    poison = note(dora, "veneno")
    behind = dora.envelope("incident.cancel", "incident:inc-1", reason="r")
    other = dora.envelope("incident.note", "incident:inc-2", text="otra")
    for _ in range(2):
        results = dora.push(poison, behind, other)
        assert [r["status"] for r in results] == ["deferred"] * 3
    results = dora.push(poison, behind, other)
    assert [r["status"] for r in results] == ["quarantined", "parked", "applied"]
    assert notes_of(desk) == []
    assert notes_of(desk, "inc-2") == ["otra"]

    monkeypatch.setattr(JUDGE, real)
    also = dora.envelope("incident.close", "incident:inc-1")
    assert dora.push(also)[0]["status"] == "parked"
    assert dora.push(note(dora, "visto"))[0]["status"] == "applied", "a fact waits for nothing"
    sol = desk.laptop("sol")
    assert sol.do("incident.note", "incident:inc-1", text="de otra")["status"] == "applied"
    assert [each["status"] for each in dora.push(poison, behind)] == ["quarantined", "parked"]


@pytest.mark.expects_log("inc-1. failed")
def test_a_released_command_takes_effect_and_what_waited_behind_it_follows(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    poison, behind = poisoned(dora, monkeypatch)
    (listed,) = told(desk, capsys, "list")["quarantined"]
    assert (listed["id"], listed["user"], listed["cmd"]) == (
        poison["op_id"],
        "dora",
        "incident.note",
    )
    assert listed["parked_behind"] == 1
    assert "ZeroDivisionError" in listed["error"]

    released = told(desk, capsys, "release", poison["op_id"])
    assert released["status"] == "applied"
    assert notes_of(desk) == ["veneno"]
    assert told(desk, capsys, "list") == {"quarantined": []}
    assert [each["status"] for each in dora.push(poison, behind)] == ["duplicate", "applied"]
    assert [each["status"] for each in dora.push(poison, behind)] == ["duplicate"] * 2
    assert trail(desk) == ["quarantine_released"]


def seen_at(desk: Desk, laptop: Laptop) -> object:
    with desk.database.read() as connection:
        found = devices.find(connection, laptop.device_id)
    assert found is not None
    return found.seen_at


@pytest.mark.parametrize("how", [("release", "applied"), ("drop", "rejected")])
@pytest.mark.expects_log("inc-1. failed")
def test_what_came_before_its_laptop_was_shut_out_can_still_be_released(
    desk: Desk,
    dora: Laptop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    how: tuple[str, str],
) -> None:
    """And so does what was parked behind it: that laptop cannot send it again."""
    action, status = how
    poison, behind = poisoned(dora, monkeypatch)
    last = dora.envelope("incident.note", "incident:inc-1", text="al final")
    assert dora.push(last)[0]["status"] == "applied", "a fact"
    with desk.database.write() as connection:
        devices.revoke(connection, dora.device_id, desk.clock.now(), by="root")
    seen = seen_at(desk, dora)
    desk.clock.advance(86_400)
    assert told(desk, capsys, action, poison["op_id"])["status"] == status
    assert notes_of(desk) == ["al final", "veneno"][: 2 if status == "applied" else 1]
    op = tables.op.c
    with desk.database.read() as connection:
        query = select(op.status).where(op.op_id == behind["op_id"])
        assert connection.execute(query).scalar() == "applied"
    assert seen_at(desk, dora) == seen, "nobody saw that laptop"


@pytest.mark.expects_log("inc-1. failed")
def test_a_command_that_still_fails_stays_where_it_is(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, behind = poisoned(dora, monkeypatch)
    _poisoned(monkeypatch, JUDGE, "veneno")
    for _ in range(4):
        with pytest.raises(EnvironmentProblem, match="still_fails"):
            command(desk, "release", poison["op_id"])
    assert [each["status"] for each in dora.push(poison, behind)] == ["quarantined", "parked"]
    assert trail(desk) == []


@pytest.mark.expects_log("inc-1. failed")
def test_a_dropped_command_is_refused_for_good_and_holds_nothing_up(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    poison, behind = poisoned(dora, monkeypatch)
    last = dora.envelope("incident.note", "incident:inc-1", text="al final")
    assert told(desk, capsys, "drop", poison["op_id"])["code"] == "dropped"
    results = dora.push(poison, behind, last)
    assert [each["status"] for each in results] == ["rejected", "applied", "applied"]
    assert results[0]["code"] == "dropped"
    assert notes_of(desk) == ["al final"]
    assert trail(desk) == ["quarantine_dropped"]


@pytest.mark.expects_log("inc-1. failed")
def test_parked_commands_follow_in_their_order_under_a_forks_numbers_too(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    poison, first = poisoned(dora, monkeypatch)
    second = dora.envelope("incident.close", "incident:inc-1")
    assert dora.push(second)[0]["status"] == "parked"
    dora.device_id = "device-forked-1"
    assert dora.hello().status_code == 200
    again = [{**op, "n": n} for n, op in enumerate((poison, first, second), 1)]
    assert [each["status"] for each in dora.push(*again)] == ["quarantined", "parked", "parked"]
    told(desk, capsys, "drop", poison["op_id"])
    assert dora.push(again[2])[0]["status"] == "parked", "the one before it has not come yet"
    assert [each["status"] for each in dora.push(*again[1:])] == ["applied", "rejected"]


@pytest.mark.expects_log("inc-1. failed")
def test_new_steps_of_a_forked_device_wait_behind_those_it_took_along(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    poison, first = poisoned(dora, monkeypatch)
    dora.device_id, dora.next_n = "device-forked-2", 2
    assert dora.hello().status_code == 200
    again = {**first, "n": 1}
    with_it = dora.envelope("incident.close", "incident:inc-1")
    assert [each["status"] for each in dora.push(again, with_it)] == ["parked", "parked"]
    later = dora.envelope("incident.close", "incident:inc-1")
    assert dora.push(later)[0]["status"] == "parked"
    (listed,) = told(desk, capsys, "list")["quarantined"]
    assert listed["parked_behind"] == 3, "whichever device of hers numbered them"
    dora.device_id, dora.next_n = "device-forked-3", 4
    assert dora.hello().status_code == 200
    twice = [{**op, "n": n} for n, op in enumerate((again, with_it, later), 1)]
    assert [each["status"] for each in dora.push(*twice)] == ["parked"] * 3, "a second fork"
    again, with_it, later = twice
    told(desk, capsys, "drop", poison["op_id"])
    also = dora.envelope("incident.close", "incident:inc-1")
    assert dora.push(also)[0]["status"] == "parked", "those before it have not come yet"
    results = dora.push(again, with_it, later, also)
    assert [each["status"] for each in results] == ["applied"] + ["rejected"] * 3


@pytest.mark.parametrize("action", ["release", "drop"])
def test_only_what_is_quarantined_is_released_or_dropped(
    desk: Desk, dora: Laptop, action: str
) -> None:
    op = note(dora, "una")
    dora.push(op)
    for op_id in (op["op_id"], "nothing", ""):
        with pytest.raises(EnvironmentProblem) as refused:
            command(desk, action, op_id)
        assert refused.value.code == "not_quarantined"
    assert dora.push(op)[0]["status"] == "duplicate"


OUTAGES = {
    "locked": OperationalError("BEGIN", None, Exception("database is locked")),
    "gone": InterfaceError("SELECT", None, Exception("connection already closed")),
    "restarting": InternalError("SELECT", None, Exception("cannot execute during recovery")),
    "too many": PoolTimeout("QueuePool limit reached"),
}


@pytest.mark.expects_log("the database does not answer|request failed")
@pytest.mark.parametrize("outage", OUTAGES)
def test_outage_does_not_quarantine(
    desk: Desk, dora: Laptop, monkeypatch: pytest.MonkeyPatch, outage: str
) -> None:
    def locked(*_args: object) -> None:
        raise OUTAGES[outage]

    op = note(dora, "al final")
    with monkeypatch.context() as broken:
        broken.setattr("fieldtech.central.sync.judge.apply", locked)
        for _ in range(4):
            told = dora.push_raw(op)
            assert told.status_code in {500, 503}
            assert told.json()["retryable"] is True
            if told.status_code == 503:
                assert told.json()["code"] == "unavailable"
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


def command(desk: Desk, action: str, op_id: str = "") -> None:
    quarantine.run(argparse.Namespace(action=action, op_id=op_id), desk.database, desk.clock)


def told(
    desk: Desk, capsys: pytest.CaptureFixture[str], action: str, op_id: str = ""
) -> dict[str, Any]:
    command(desk, action, op_id)
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def trail(desk: Desk) -> list[str]:
    with desk.database.read() as connection:
        audit = tables.audit.c
        query = select(audit.action).where(audit.action.startswith("quarantine"))
        return list(connection.execute(query).scalars())


def _poisoned(monkeypatch: pytest.MonkeyPatch, name: str, poison: str) -> Any:
    from fieldtech.domain.apply import apply

    def sometimes(case: Any, command: Any, context: Any) -> Any:
        if getattr(command.args, "text", "") == poison:
            raise ZeroDivisionError
        return apply(case, command, context)

    monkeypatch.setattr(name, sometimes)
    return apply
