"""State goes down: to those entitled to it, whole, in order, and no further."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest
from central_desk import assign, register
from sqlalchemy import func, select, update

from fieldtech.central import tables
from fieldtech.central.feed import Writer
from fieldtech.central.housekeeping import tidy
from fieldtech.central.people import put_person
from fieldtech.domain.reference import Customer, Person
from fieldtech.domain.words import Role
from fieldtech.protocol import wire
from fieldtech.protocol.wire import PullRequest

if TYPE_CHECKING:
    from central_desk import Desk, Laptop

DAY = 86_400


@pytest.fixture
def dora(desk: Desk) -> Laptop:
    """The dispatcher of ``jal``."""
    return desk.laptop("dora")


# Scope --------------------------------------------------------------------------------------------


def test_a_technician_sees_his_own_work_and_nothing_else(desk: Desk, dora: Laptop) -> None:
    for incident, place, technician in (("i1", "gdl", "ana"), ("i2", "zap", "beto")):
        register(dora, incident, place)
        assign(dora, incident, f"v-{incident}", technician)
    register(dora, "i3")
    ana, caro = desk.laptop("ana"), desk.laptop("caro")
    ana.pull()
    caro.pull()
    assert ana.ids("incident") == {"i1"}
    assert ana.ids("visit") == {"v-i1"}
    assert ana.ids("customer") == {"c-gdl"}
    assert (ana.ids("site"), ana.ids("service"), ana.ids("equipment")) == (
        {"s-gdl"},
        {"v-gdl"},
        {"e-gdl"},
    )
    assert ana.ids("policy") >= {"clever@1", "clever-literal@1"}
    assert ana.ids("settings") == {"central"}
    assert ana.ids("person") >= {"ana", "beto", "dora"}
    assert caro.ids("incident") == caro.ids("site") == set()
    assert set(ana.members) == {"ref", "tech:ana"}


def test_a_dispatcher_sees_the_granted_region_and_a_supervisor_all(
    desk: Desk, dora: Laptop
) -> None:
    nora, sol, root = desk.laptop("nora"), desk.laptop("sol"), desk.laptop("root")
    register(dora, "i1", "gdl")
    register(nora, "i2", "mty")
    for laptop in (dora, nora, sol, root):
        laptop.pull()
        laptop.assert_sums()
    assert dora.ids("incident") == {"i1"}
    assert dora.ids("site") == {"s-gdl", "s-zap"}
    assert nora.ids("incident") == {"i2"}
    assert nora.ids("site") == {"s-mty"}
    assert sol.ids("incident") == {"i1", "i2"}
    assert set(sol.members) == {"ref", "region:mx"}
    assert root.ids("incident") == set()
    assert set(root.members) == {"ref"}


def test_a_dispatcher_may_not_write_in_another_region(dora: Laptop) -> None:
    result = register(dora, "i1", "mty")
    assert (result["status"], result["code"]) == ("rejected", "not_authorised")


# Reassignment and retention -----------------------------------------------------------------------


def test_a_reassigned_visit_changes_laptops_with_its_put_before_its_del(
    desk: Desk, dora: Laptop
) -> None:
    ana, beto = desk.laptop("ana"), desk.laptop("beto")
    register(dora, "i1")
    assign(dora, "i1", "v1", "ana")
    ana.pull()
    result = dora.do(
        "visit.reassign", "visit:v1", new_visit_id="v2", technician_id="beto", reason="más cerca"
    )
    assert result["status"] == "applied", result
    beto.pull()
    ana.pull()
    assert beto.ids("incident") == {"i1"}
    assert beto.ids("site") == {"s-gdl"}
    assert ana.ids("incident") == ana.ids("visit") == ana.ids("site") == set()
    for laptop in (ana, beto):
        laptop.assert_sums()
    dora.order.clear()
    dora.pull()
    moved = [(line[0], line[4]) for line in dora.order if line[3] == "visit"]
    assert moved == [("put", "v1"), ("put", "v2")]


def test_a_companion_sees_the_visit_too(desk: Desk, dora: Laptop) -> None:
    beto = desk.laptop("beto")
    register(dora, "i1")
    assign(dora, "i1", "v1", "ana")
    added = dora.do("visit.add_companion", "visit:v1", technician_id="beto")
    assert added["status"] == "applied", added
    beto.pull()
    assert beto.ids("visit") == {"v1"}


def test_ended_work_leaves_the_laptops_after_fourteen_days(desk: Desk, dora: Laptop) -> None:
    ana = desk.laptop("ana")
    register(dora, "i1")
    assign(dora, "i1", "v1", "ana")
    dora.do("incident.cancel", "incident:i1", reason="error del cliente")
    ana.pull()
    dora.pull()
    assert ana.bodies["visit", "v1"]["state"] == "cancelled"
    desk.clock.advance(13 * DAY)
    tidy(desk.database, desk.clock)
    ana.pull()
    assert ana.ids("incident") == {"i1"}
    desk.clock.advance(2 * DAY)
    tidy(desk.database, desk.clock)
    for laptop in (ana, dora):
        laptop.pull()
        laptop.assert_sums()
        assert laptop.ids("incident") == laptop.ids("visit") == set()
    assert ana.ids("site") == set()
    assert dora.ids("site") == {"s-gdl", "s-zap"}


# Delivered: whose facts count ---------------------------------------------------------------------


def test_a_fact_is_taken_from_whom_the_visit_was_delivered_to(desk: Desk, dora: Laptop) -> None:
    ana, beto = desk.laptop("ana"), desk.laptop("beto")
    register(dora, "i1")
    assign(dora, "i1", "v1", "ana")
    ana.pull()
    dora.do("visit.reassign", "visit:v1", new_visit_id="v2", technician_id="beto", reason="x")
    dora.do("visit.reassign", "visit:v2", new_visit_id="v3", technician_id="ana", reason="x")
    told = ana.do("incident.note", "incident:i1", text="ya estaba ahí")
    never = beto.do("incident.note", "incident:i1", text="nunca la vi")
    stranger = desk.laptop("caro").do("incident.note", "incident:i1", text="no es mía")
    assert told["status"] == "applied"
    assert never["status"] == "applied", "his visit stands in the case, delivered or not"
    assert (stranger["status"], stranger["code"]) == ("rejected", "not_assigned")
    with desk.database.read() as connection:
        delivered = connection.execute(select(tables.delivered)).all()
    assert [(row.visit_id, row.user_id) for row in delivered] == [("v1", "ana")]


# Pages --------------------------------------------------------------------------------------------


def test_small_pages_bring_the_same_as_one_large_page(desk: Desk, dora: Laptop) -> None:
    for number in range(7):
        register(dora, f"i{number}")
    large, small = desk.laptop("dora"), desk.laptop("dora")
    assert large.pull() == 1
    assert small.pull(limit=3) > 5
    assert small.members == large.members
    assert small.bodies == large.bodies
    small.assert_sums()
    buckets = [line[1] for line in small.order]
    assert buckets == sorted(buckets, key=["ref", "region:jal"].index), "ref first"


def test_nothing_new_is_two_lines_and_a_change_is_one_more(dora: Laptop) -> None:
    register(dora, "i1")
    dora.pull()
    dora.order.clear()
    assert dora.pull() == 1
    assert dora.order == []
    dora.do("incident.note", "incident:i1", text="una")
    dora.pull()
    assert [line[3:6] for line in dora.order] == [["incident", "i1", 2]]


def test_bodies_are_sent_as_they_are_stored(desk: Desk, dora: Laptop) -> None:
    odd = Customer(id="c-gdl", name='Ñandú "S.A."\n\u2028 \\ </script> \U0001f6f0')
    with desk.database.write() as connection:
        writer = Writer(connection, now=desk.clock.now())
        writer.put("customer", odd.id, odd)
        writer.flush()
    dora.pull()
    assert dora.bodies["customer", "c-gdl"] == {"id": odd.id, "name": odd.name}


def test_a_page_is_cut_by_bytes_too(desk: Desk, dora: Laptop) -> None:
    dora.pull()
    with desk.database.write() as connection:
        writer = Writer(connection, now=desk.clock.now())
        for customer_id in ("c-gdl", "c-zap"):
            writer.put("customer", customer_id, Customer(id=customer_id, name="x" * 2_100_000))
        writer.flush()
    assert dora.pull() == 2
    dora.assert_sums()


def test_a_last_page_without_its_end_line_is_recognisable(dora: Laptop) -> None:
    told = dora.post("/v1/sync/pull", PullRequest(device_id=dora.device_id))
    lines = told.content.splitlines()
    assert told.headers["content-type"] == "application/x-ndjson"
    assert json.loads(lines[0])[0] == "begin"
    assert json.loads(lines[0])[1]["epoch"] == dora.epoch
    assert json.loads(lines[-1])[0] == "end"
    assert told.content.endswith(b"\n")
    assert told.headers["content-encoding"] == "gzip"


def test_last_n_travels_with_the_page(dora: Laptop) -> None:
    register(dora, "i1")
    assert dora.pull_page()["last_n"] == 1


# Grants -------------------------------------------------------------------------------------------


def grant(desk: Desk, user_id: str, role: Role, *region_ids: str) -> None:
    with desk.database.write() as connection:
        now = desk.clock.now()
        hashed = connection.execute(
            select(tables.user_account.c.password_hash).where(tables.user_account.c.id == user_id)
        ).scalar_one()
        writer = Writer(connection, now=now)
        person = Person(id=user_id, name=user_id, role=role, region_ids=region_ids)
        put_person(connection, writer, person, login=user_id, password_hash=hashed, now=now)
        writer.flush()


def test_region_rescope_and_back(desk: Desk, dora: Laptop) -> None:
    register(dora, "i1")
    dora.pull()
    assert dora.ids("incident") == {"i1"}
    grant(desk, "dora", Role.DISPATCHER, "zap")
    page = dora.pull_page()
    assert set(page["cursor"]) == {"ref", "region:zap"}
    assert set(dora.members) == {"ref", "region:zap"}
    assert dora.ids("site") == {"s-zap"}
    assert dora.ids("incident") == set()
    grant(desk, "dora", Role.DISPATCHER, "jal")
    dora.pull()
    assert dora.ids("incident") == {"i1"}
    assert set(dora.members) == {"ref", "region:jal"}


def test_a_technician_who_becomes_a_dispatcher_changes_buckets(desk: Desk, dora: Laptop) -> None:
    register(dora, "i1")
    assign(dora, "i1", "v1", "ana")
    ana = desk.laptop("ana")
    ana.pull()
    grant(desk, "ana", Role.DISPATCHER, "gdl")
    ana.pull()
    assert set(ana.members) == {"ref", "region:gdl"}
    assert ana.ids("incident") == {"i1"}


# Stale cursors ------------------------------------------------------------------------------------


def test_cursor_below_retention_resets_that_bucket_alone(desk: Desk, dora: Laptop) -> None:
    away, ana = desk.laptop("ana"), desk.laptop("ana")
    for number in range(5):
        register(dora, f"i{number}", "gdl" if number else "zap")
        assign(dora, f"i{number}", f"v{number}", "ana")
    away.pull()
    ana.pull()
    for number in range(1, 5):
        dora.do("incident.cancel", f"incident:i{number}", reason="x")
    desk.clock.advance(20 * DAY)
    tidy(desk.database, desk.clock)
    ana.pull()
    desk.clock.advance(91 * DAY)
    tidy(desk.database, desk.clock)
    with desk.database.read() as connection:
        bucket = tables.bucket.c
        floor = connection.execute(
            select(bucket.floor).where(bucket.name == "tech:ana")
        ).scalar_one()
    assert floor > away.cursor["tech:ana"]

    for laptop in (ana, away):
        laptop.sign_in()
        laptop.pull(limit=2)
        laptop.assert_sums()
        assert laptop.ids("incident") == {"i0"}
    fresh = desk.laptop("ana")
    fresh.pull(limit=1)
    fresh.assert_sums()
    assert fresh.ids("incident") == {"i0"}
    assert fresh.cursor["tech:ana"] >= floor


def test_a_cursor_ahead_of_the_central_resets(desk: Desk, dora: Laptop) -> None:
    dora.pull()
    head = dora.cursor["region:jal"]
    dora.cursor["region:jal"] = head + 1000
    told = dora.post("/v1/sync/pull", PullRequest(device_id=dora.device_id, cursor=dora.cursor))
    begin = json.loads(told.content.splitlines()[0])[1]
    assert begin["reset"] == ["region:jal"]
    dora.pull()
    dora.assert_sums()
    with desk.database.read() as connection:
        rows = select(func.count()).where(tables.feed.c.bucket == "region:jal")
        assert connection.execute(rows).scalar_one() == len(dora.members["region:jal"])


# Versions, epochs, tokens -------------------------------------------------------------------------


def test_an_old_protocol_may_push_but_not_pull(dora: Laptop) -> None:
    old = {wire.HEADER_PROTOCOL: "0"}
    told = dora.post("/v1/sync/pull", PullRequest(device_id=dora.device_id), **old)
    assert (told.status_code, told.json()["code"]) == (426, "upgrade_required")
    fine = dora.post(
        "/v1/sync/pull", PullRequest(device_id=dora.device_id), **{wire.HEADER_PROTOCOL: "1"}
    )
    assert fine.status_code == 200


def test_another_epoch_is_410_and_a_pull_that_is_none_400(dora: Laptop) -> None:
    told = dora.post("/v1/sync/pull", PullRequest(device_id=dora.device_id, epoch="other"))
    assert (told.status_code, told.json()["code"]) == (410, "epoch")
    bad = dora.post("/v1/sync/pull", b'{"cursor": [1]}')
    assert (bad.status_code, bad.json()["code"]) == (400, "malformed")


def test_without_a_token_nothing_is_told(desk: Desk, dora: Laptop) -> None:
    dora.pull()
    message = msgspec.json.encode(PullRequest(device_id=dora.device_id))
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
        told = desk.client.post("/v1/sync/pull", content=message, headers=headers)
        assert (told.status_code, told.json()["code"]) == (401, "unauthenticated")
        assert told.headers["www-authenticate"] == "Bearer"
        assert {"epoch", "server_time", "retryable"} <= set(told.json())


def test_token_expired_mid_sync_is_told_apart(desk: Desk, dora: Laptop) -> None:
    desk.clock.advance(901)
    token = {"Authorization": f"Bearer {dora.access}"}
    told = desk.client.get("/v1/me", headers=token)
    assert (told.status_code, told.json()["code"]) == (401, "token_expired")


def test_a_revoked_device_is_told_so(desk: Desk, dora: Laptop) -> None:
    with desk.database.write() as connection:
        table = tables.device
        connection.execute(update(table).values(revoked_at=desk.clock.now()))
    told = dora.post("/v1/sync/pull", PullRequest(device_id=dora.device_id))
    assert (told.status_code, told.json()["code"]) == (403, "device_revoked")
    assert dora.refresh().json()["code"] == "device_revoked"
    assert dora.sign_in().json()["code"] == "device_revoked"
