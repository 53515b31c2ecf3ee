"""Commands come up: each by itself, in order, once, and never silently lost."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from central_desk import assign, note, notes_of, register
from sqlalchemy import func, select

from fieldtech.central import tables
from fieldtech.central.database import new_epoch, read_meta
from fieldtech.protocol import wire

if TYPE_CHECKING:
    from central_desk import Desk, Laptop


@pytest.fixture
def dora(desk: Desk) -> Laptop:
    """A dispatcher with one incident."""
    laptop = desk.laptop("dora")
    register(laptop, "inc-1")
    return laptop


# Once, in order -----------------------------------------------------------------------------------


def test_ack_lost_after_commit_brings_the_stored_result_and_no_second_effect(
    desk: Desk, dora: Laptop
) -> None:
    op = note(dora, "una vez")
    first = dora.push(op)[0]
    again = dora.push(op)[0]
    assert first["status"] == "applied"
    assert again["status"] == "duplicate"
    assert again["revs"] == first["revs"]
    assert notes_of(desk) == ["una vez"]


def test_request_duplicated_with_more_behind_it_goes_on_where_it_stopped(
    desk: Desk, dora: Laptop
) -> None:
    first, second = note(dora, "uno"), note(dora, "dos")
    dora.push(first)
    assert [r["status"] for r in dora.push(first, second)] == ["duplicate", "applied"]
    assert notes_of(desk) == ["uno", "dos"]


def test_push_batches_reordered_are_a_gap_and_nothing_of_them_is_taken(
    desk: Desk, dora: Laptop
) -> None:
    first, second, third = (note(dora, text) for text in ("uno", "dos", "tres"))
    told = dora.push_raw(second, third)
    assert told.status_code == 409
    assert told.headers["content-type"] == "application/problem+json"
    assert (told.json()["code"], told.json()["expected"]) == ("gap", first["n"])
    assert told.json()["retryable"] is True
    assert notes_of(desk) == []
    assert [r["status"] for r in dora.push(first, second, third)] == ["applied"] * 3
    assert notes_of(desk) == ["uno", "dos", "tres"]


def test_nobody_pushes_under_the_numbers_of_another_laptop_of_his(desk: Desk, dora: Laptop) -> None:
    """What a stolen laptop gives a number to would be taken for the other one's."""
    other = desk.laptop("dora")
    op = note(dora, "mía")
    own, other.device_id = other.device_id, dora.device_id
    told = other.push_raw(note(other, "ajena", n=op["n"]))
    assert (told.status_code, told.json()["code"]) == (403, "device_bound")
    other.device_id = own
    assert dora.push(op)[0]["status"] == "applied"
    assert notes_of(desk) == ["mía"]


def test_the_same_number_for_another_command_is_a_forked_device(desk: Desk, dora: Laptop) -> None:
    op = note(dora, "uno")
    dora.push(op)
    told = dora.push_raw(note(dora, "otro", n=op["n"]))
    assert (told.status_code, told.json()["code"]) == (409, "device_forked")
    assert notes_of(desk) == ["uno"]


def test_db_restored_from_old_copy_is_told_at_hello_and_goes_on_as_a_new_device(
    desk: Desk, dora: Laptop
) -> None:
    done, lost = note(dora, "llegó"), note(dora, "aún no")
    dora.push(done)
    dora.next_n = done["n"]  # The laptop's database is a copy from before that push.
    assert dora.hello().json()["code"] == "device_forked"

    dora.device_id, dora.next_n = "device-forked", 1
    assert dora.hello().status_code == 200
    done["n"], lost["n"] = 1, 2
    assert [r["status"] for r in dora.push(done, lost)] == ["duplicate", "applied"]
    assert [r["status"] for r in dora.push(done, lost)] == ["duplicate", "duplicate"]
    assert notes_of(desk) == ["llegó", "aún no"]


def test_numbers_seen_but_never_sent_again_cannot_be_taken_by_another_user(
    desk: Desk, dora: Laptop
) -> None:
    op = note(dora, "mía")
    dora.push(op)
    sol = desk.laptop("sol")
    stolen = {**note(sol, "suya"), "op_id": op["op_id"]}
    for _ in range(2):
        result = sol.push(stolen)[0]
        assert (result["status"], result["code"]) == ("rejected", "op_id_taken")
        assert result["revs"] == {}
    assert notes_of(desk) == ["mía"]


# One bad command is its own loss ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"sha256": "0" * 64}, "invalid"),
        ({"target": "incident:" + "x" * 200}, "invalid"),
        ({"target": "../etc"}, "invalid"),
        ({"v": "one"}, "invalid"),
        ({"occurred_at": "yesterday"}, "invalid"),
        ({"args": ["not", "a", "mapping"]}, "invalid"),
        ({"op_id": None}, "invalid"),
        ({"op_id": "x y"}, "invalid"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_malformed_command_is_rejected_alone_and_consumes_its_number(
    desk: Desk, dora: Laptop, spoil: dict[str, Any], code: str
) -> None:
    bad = {**note(dora, "mala"), **spoil}
    good = note(dora, "buena")
    results = dora.push(bad, good)
    assert [r["status"] for r in results] == ["rejected", "applied"]
    assert results[0]["code"] == code
    assert [r["status"] for r in dora.push(bad, good)] == ["rejected", "duplicate"]
    assert notes_of(desk) == ["buena"]


@pytest.mark.parametrize("bad", [3, None, "text", [], {}, {"n": "1"}, {"n": 0}, {"n": 2**80}])
def test_a_command_without_a_readable_number_is_only_told(
    desk: Desk, dora: Laptop, bad: object
) -> None:
    results = dora.push(bad, note(dora, "buena"))
    assert [(r["n"], r["status"]) for r in results] == [(0, "rejected"), (2, "applied")]
    assert notes_of(desk) == ["buena"]


def test_bad_character_in_note_rejects_that_note_alone(desk: Desk, dora: Laptop) -> None:
    nul, surrogate, good = note(dora, "nul"), note(dora, "half"), note(dora, "buena")
    plain = json.dumps(
        {"device_id": dora.device_id, "epoch": dora.epoch, "ops": [nul, surrogate, good]}
    )
    body = plain.replace('"nul"', '"a\\u0000b"').replace('"half"', '"\\ud800"').encode()
    told = dora.post("/v1/sync/push", body)
    assert told.status_code == 200
    assert [r["status"] for r in told.json()["results"]] == ["rejected", "rejected", "applied"]
    assert notes_of(desk) == ["buena"]


def test_arguments_over_the_limit_and_unknown_commands_are_rejected(
    desk: Desk, dora: Laptop
) -> None:
    long = note(dora, "x" * wire.MAX_ARGS_BYTES)
    unknown = dora.envelope("incident.explode", "incident:inc-1")
    extra = dora.envelope("incident.note", "incident:inc-1", text="a", colour="red")
    results = dora.push(long, unknown, extra)
    assert [r["code"] for r in results] == ["invalid", "unknown_command", "invalid"]
    assert notes_of(desk) == []


def test_void_consumes_a_number_and_does_nothing(dora: Laptop) -> None:
    void = {**dora.envelope("void", ""), "sha256": ""}
    assert dora.push(void)[0]["status"] == "applied"


def test_a_newer_version_of_a_command_waits_for_a_newer_central(dora: Laptop) -> None:
    op = {**note(dora, "futuro"), "v": 2}
    results = dora.push(op, note(dora, "presente"))
    assert [(r["status"], r["code"]) for r in results] == [
        ("deferred", "newer_version"),
        ("applied", ""),
    ]
    assert dora.push(op)[0]["status"] == "deferred"


def test_a_refusal_shows_what_stands_there_now(desk: Desk, dora: Laptop) -> None:
    ana = desk.laptop("ana")
    assign(dora, "inc-1", "vis-1", "ana")
    dora.do("incident.cancel", "incident:inc-1", reason="duplicada por teléfono")
    refused = ana.envelope("visit.accept", "visit:vis-1")
    result = ana.push(refused)[0]
    assert (result["status"], result["code"]) == ("rejected", "wrong_state")
    assert result["current"]["visit:vis-1"]["state"] == "cancelled"
    assert result["current"]["incident:inc-1"]["state"] == "cancelled"
    assert ana.push(refused)[0] == result, "the stored refusal, with the state of today"


@pytest.mark.usefixtures("dora")
def test_a_refusal_shows_nothing_out_of_scope(desk: Desk) -> None:
    caro = desk.laptop("caro")
    result = caro.do("incident.note", "incident:inc-1", text="intrusa")
    assert (result["status"], result["current"]) == ("rejected", {})
    assert notes_of(desk) == []


# A new epoch --------------------------------------------------------------------------------------


def test_server_restored_from_backup_defers_what_it_does_not_know_yet(
    desk: Desk, dora: Laptop
) -> None:
    ana = desk.laptop("ana")
    old = dora.epoch
    with desk.database.write() as connection:
        new_epoch(connection, desk.clock.now())
    assert dora.push_raw(note(dora, "x", n=2)).json()["code"] == "epoch"
    assert dora.push_raw(note(dora, "x", n=2)).status_code == 410
    assert dora.hello().status_code == 200
    assert dora.epoch != old

    # The dispatcher's registration was lost with the backup and has not been offered again yet.
    ana.hello()
    early = ana.envelope("incident.note", "incident:inc-9", text="de campo")
    result = ana.push(early)[0]
    assert (result["status"], result["code"]) == ("deferred", "unknown_target")
    register(dora, "inc-9")
    assign(dora, "inc-9", "vis-9", "ana")
    assert ana.push(early)[0]["status"] == "applied"
    assert ana.push(early)[0]["status"] == "duplicate"
    assert notes_of(desk, "inc-9") == ["de campo"]


def test_without_a_restore_an_unknown_target_is_refused(dora: Laptop) -> None:
    result = dora.do("incident.note", "incident:nowhere", text="x")
    assert (result["status"], result["code"]) == ("rejected", "unknown_target")


# Sizes and shapes ---------------------------------------------------------------------------------


def test_too_many_commands_and_too_many_bytes_are_413(dora: Laptop) -> None:
    many = dora.push_raw(*({"n": n} for n in range(1, wire.MAX_OPS + 2)))
    assert (many.status_code, many.json()["code"]) == (413, "too_many_ops")
    large = dora.post("/v1/sync/push", b" " * (wire.MAX_PUSH_BYTES + 1))
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    bomb = gzip.compress(b" " * (50 * wire.MAX_PUSH_BYTES))
    blown = dora.post("/v1/sync/push", bomb, **{"Content-Encoding": "gzip"})
    assert (blown.status_code, blown.json()["code"]) == (413, "too_large")


def test_gzip_both_ways_and_truncated_body(desk: Desk, dora: Laptop) -> None:
    asked = wire.PushRequest(
        device_id=dora.device_id, epoch=dora.epoch, ops=[note(dora, f"nota {n}") for n in range(20)]
    )
    packed = gzip.compress(msgspec.json.encode(asked))
    cut = dora.post("/v1/sync/push", packed[:-20], **{"Content-Encoding": "gzip"})
    assert (cut.status_code, cut.json()["code"]) == (400, "malformed")
    assert notes_of(desk) == []
    told = dora.post("/v1/sync/push", packed, **{"Content-Encoding": "gzip"})
    assert told.status_code == 200
    assert told.headers["content-encoding"] == "gzip"
    assert len(notes_of(desk)) == 20


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"ops": 3}', b"[" * 100_000])
def test_a_push_that_is_no_push_is_400(dora: Laptop, body: bytes) -> None:
    told = dora.post("/v1/sync/push", body)
    assert (told.status_code, told.json()["code"]) == (400, "malformed")


def test_another_devices_numbers_are_not_for_this_user(desk: Desk, dora: Laptop) -> None:
    ana = desk.laptop("ana")
    ana.device_id = dora.device_id
    told = ana.push_raw(note(ana, "x"))
    assert (told.status_code, told.json()["code"]) == (403, "device_bound")
    dora.device_id = "device-nobody"
    assert dora.push_raw(note(dora, "x")).json()["code"] == "unknown_device"


def test_request_id_is_echoed_or_made(desk: Desk) -> None:
    told = desk.client.get("/livez", headers={"X-Request-ID": "laptop-7.3"})
    assert told.headers["x-request-id"] == "laptop-7.3"
    made = desk.client.get("/livez", headers={"X-Request-ID": "bad id\t<script>"})
    assert made.headers["x-request-id"] not in {"", "bad id\t<script>"}


def test_every_command_is_kept_as_it_came(desk: Desk, dora: Laptop) -> None:
    op = {**note(dora, "uno"), "wall": "2026-11-04T09:00:00-06:00", "offset_s": -3.5}
    dora.push(op)
    with desk.database.read() as connection:
        row = connection.execute(select(tables.op).where(tables.op.c.op_id == op["op_id"])).one()
        count = connection.execute(select(func.count()).select_from(tables.op)).scalar_one()
        assert read_meta(connection, "epoch") == dora.epoch
    assert json.loads(row.envelope) == op
    assert (row.user_id, row.device_id, row.subject) == ("dora", dora.device_id, "incident:inc-1")
    assert count == 2
