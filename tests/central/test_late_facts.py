"""A step that came too late is refused; the time in it is kept, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from central_desk import assign, register
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.housekeeping import tidy
from fieldtech.central.sync import sizes
from fieldtech.protocol import wire
from fieldtech.protocol.codec import to_stamp
from fieldtech.sync.transport import MAX_REPLY_BYTES

if TYPE_CHECKING:
    from central_desk import Desk


def body(desk: Desk, entity: str, entity_id: str) -> dict[str, Any]:
    with desk.database.read() as connection:
        table = tables.body.c
        query = select(table.text).where(table.entity == entity, table.id == entity_id)
        plain: dict[str, Any] = json.loads(connection.execute(query).scalar_one())
    return plain


def test_the_time_of_a_refused_step_is_kept_once_however_often_it_is_sent(desk: Desk) -> None:
    dora, ana = desk.laptop("dora"), desk.laptop("ana")
    register(dora, "inc-1")
    assign(dora, "inc-1", "vis-1", "ana")
    ana.pull()
    dora.do("visit.cancel", "visit:vis-1", reason="equivocada")

    step = ana.envelope("visit.start_travel", "visit:vis-1")
    first, again = ana.push(step)[0], ana.push(step)[0]

    assert (first["status"], first["code"]) == ("rejected", "wrong_state")
    assert (again["status"], again["revs"]) == ("rejected", first["revs"])
    visit = body(desk, "visit", "vis-1")
    assert visit["state"] == "cancelled"
    assert [time["kind"] for time in visit["times"]] == ["travel"]
    late = body(desk, "incident", "inc-1")["late_work"]
    assert [(each["cmd"], each["by"]) for each in late] == [("visit.record_time", "ana")]
    assert first["revs"]["visit:vis-1"] == revision(desk)


def revision(desk: Desk) -> int:
    with desk.database.read() as connection:
        table = tables.body.c
        query = select(table.rev).where(table.entity == "visit", table.id == "vis-1")
        return int(connection.execute(query).scalar_one())


def test_a_late_fact_brings_no_expired_customer_back_to_the_laptop(desk: Desk) -> None:
    dora, ana = desk.laptop("dora"), desk.laptop("ana")
    register(dora, "inc-1")
    assign(dora, "inc-1", "vis-1", "ana")
    ana.pull()
    dora.do("visit.cancel", "visit:vis-1", reason="equivocada")
    desk.clock.advance(15 * 86_400)
    tidy(desk.database, desk.clock)
    ana.pull()
    assert not ana.has("visit", "vis-1")

    at = to_stamp(desk.clock.now())
    fact = ana.do("visit.record_time", "visit:vis-1", kind="leave", at=at)
    assert fact["status"] == "applied", fact
    ana.pull()
    assert not ana.has("visit", "vis-1")
    assert not ana.has("customer", "c-gdl")


def test_an_incident_is_never_longer_than_a_laptop_takes_and_can_still_be_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "MOST_TOLD_BYTES", 200_000)
    monkeypatch.setattr(sizes, "MOST_BYTES", 400_000)
    dora = desk.laptop("dora")
    register(dora, "inc-1")
    told = [dora.do("incident.note", "incident:inc-1", text="x" * 60_000) for _ in range(5)]
    refused = [(each["code"], each["detail"]) for each in told if each["status"] == "rejected"]
    assert refused == [("too_long", "incident:inc-1")] * 2
    assert dora.do("incident.cancel", "incident:inc-1", reason="ya")["status"] == "applied"
    assert len(json.dumps(body(desk, "incident", "inc-1"))) < 400_000


def test_no_page_outgrows_what_laptops_take() -> None:
    assert wire.MAX_PULL_BYTES + sizes.MOST_BYTES < MAX_REPLY_BYTES


def test_somebody_who_was_never_sent_leaves_nothing(desk: Desk) -> None:
    dora, beto = desk.laptop("dora"), desk.laptop("beto")
    register(dora, "inc-1")
    assign(dora, "inc-1", "vis-1", "ana")
    told = beto.do("visit.start_travel", "visit:vis-1")
    assert (told["status"], told["code"], told["revs"]) == ("rejected", "not_assigned", {})
    assert "late_work" not in body(desk, "incident", "inc-1")
