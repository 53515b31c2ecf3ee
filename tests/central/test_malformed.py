"""What no honest laptop sends is refused with a 4xx, or command by command; never a 500."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from central_desk import place, register

from fieldtech.central.sync.push import MOST_SHOWN
from fieldtech.protocol import codec, wire

if TYPE_CHECKING:
    from central_desk import Desk, Laptop

BOTH = ["sqlite", "postgresql"]
"""A text with a NUL in it is what only one of them takes."""

BAD = ["a\x00b", "a\ud800b"]


@pytest.fixture
def dora(desk: Desk) -> Laptop:
    """A dispatcher with one incident."""
    laptop = desk.laptop("dora")
    register(laptop, "inc-1")
    return laptop


def post(laptop: Laptop, path: str, message: object) -> tuple[int, str]:
    """Send a message as loosely as the standard library writes it."""
    told = laptop.post(path, json.dumps(message).encode())
    return told.status_code, told.json()["code"]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ["user", "password", "device_name", "device_id"])
def test_a_sign_in_with_such_a_text(desk: Desk, name: str, bad: str) -> None:
    asked = {"user": "dora", "password": "p", "device_id": "device-1", "device_name": "x"}
    told = desk.client.post("/v1/session", content=json.dumps({**asked, name: bad}))
    assert told.status_code in {400, 422}
    assert told.json()["code"] == "invalid"


@pytest.mark.parametrize("version", ["9" * 5000, "1.0", "-1", ""])
@pytest.mark.parametrize("path", ["/v1/sync/push", "/v1/sync/pull"])
def test_a_protocol_that_is_no_number(dora: Laptop, path: str, version: str) -> None:
    told = dora.post(path, {}, **{wire.HEADER_PROTOCOL: version})
    assert (told.status_code, told.json()["code"]) == (426, "upgrade_required")


def test_a_length_that_no_number_holds(desk: Desk) -> None:
    told = desk.client.post("/v1/session", content=b"{}", headers={"Content-Length": "9" * 5000})
    assert (told.status_code, told.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("desk", BOTH, indirect=True)
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ["refresh_token", "device_id"])
def test_a_refresh_with_such_a_text(dora: Laptop, name: str, bad: str) -> None:
    asked = {"refresh_token": dora.refresh_token, "device_id": dora.device_id, name: bad}
    told = dora.desk.client.post("/v1/session/refresh", content=json.dumps(asked))
    assert told.status_code in {401, 403, 422}


@pytest.mark.parametrize("desk", BOTH, indirect=True)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("HEAD", "/v1/uploads/a%00b"),
        ("PATCH", "/v1/uploads/a%00b"),
        ("GET", "/v1/attachments/a%00b"),
        ("POST", "/v1/admin/devices/a%00b/revoke"),
    ],
)
def test_an_id_in_the_path_that_no_database_takes(desk: Desk, method: str, path: str) -> None:
    boss = desk.laptop("root")
    headers = {"Authorization": f"Bearer {boss.access}", "Upload-Offset": "0"}
    told = desk.client.request(method, path, headers=headers, content=b"x")
    assert told.status_code == 404
    assert method == "HEAD" or told.json()["code"] == "not_found"


@pytest.mark.parametrize(
    "odd",
    [
        {"schema": 10**30},
        {"schema": -1},
        {"next_n": 10**30},
        {"next_n": 0},
        *({name: bad} for name in ("app", "device_id") for bad in BAD),
    ],
    ids=str,
)
def test_a_hello_that_no_laptop_says(dora: Laptop, odd: dict[str, Any]) -> None:
    asked = {"device_id": dora.device_id, "app": "t", "schema": 1, "next_n": dora.next_n, **odd}
    status, code = post(dora, "/v1/sync/hello", asked)
    assert status in {400, 422}
    assert code == "invalid"


@pytest.mark.parametrize(
    "odd",
    [
        {"cursor": {"ref": 2**63}},
        {"cursor": {"ref": -(2**63)}},
        {"cursor": {"ref": 10**30}},
        {"device_id": "a\x00b"},
        {"device_id": "a\ud800b"},
    ],
    ids=str,
)
def test_a_pull_that_no_laptop_asks_for(dora: Laptop, odd: dict[str, Any]) -> None:
    asked = {"device_id": dora.device_id, "epoch": dora.epoch, "cursor": {}, **odd}
    assert post(dora, "/v1/sync/pull", asked) == (400, "malformed")


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("name", ["device_id", "epoch"])
def test_a_push_from_such_a_device(dora: Laptop, name: str, bad: str) -> None:
    asked = {"device_id": dora.device_id, "epoch": dora.epoch, "ops": [], name: bad}
    assert post(dora, "/v1/sync/push", asked) == (400, "malformed")


def test_an_id_with_a_nul_in_it_is_one_commands_own_fault(dora: Laptop) -> None:
    odd = [
        dora.envelope("incident.mark_duplicate", "incident:inc-1", of="inc\x00-1"),
        dora.envelope("visit.assign", "visit:v", incident_id="i\x00", technician_id="ana"),
        dora.envelope("visit.assign", "visit:v", incident_id="inc-1", technician_id="a\x00"),
        dora.envelope("incident.register", "incident:x", **{**place(dora), "site_id": "s\x00"}),
        dora.envelope("incident.n\x00te", "incident:inc-1", text="x"),
    ]
    results = dora.push(*odd, dora.envelope("incident.note", "incident:inc-1", text="buena"))
    told = [(each["status"], each["code"]) for each in results]
    assert told == [("rejected", "invalid")] * 5 + [("applied", "")]


@pytest.mark.parametrize(
    "spoil",
    [
        {"v": 0},
        {"v": -1},
        {"expect": {"state": "x" * wire.MAX_ARGS_BYTES}},
        {"wall": "a\ud800"},
        {"cmd": "void", "target": "a\x00"},
    ],
    ids=lambda spoil: str(spoil)[:20],
)
def test_other_parts_of_a_command(dora: Laptop, spoil: dict[str, Any]) -> None:
    bad = {**dora.envelope("incident.note", "incident:inc-1", text="mala"), **spoil}
    good = dora.envelope("incident.note", "incident:inc-1", text="buena")
    asked = {"device_id": dora.device_id, "epoch": dora.epoch, "ops": [bad, good]}
    told = dora.post("/v1/sync/push", json.dumps(asked).encode())
    assert [each["status"] for each in told.json()["results"]] == ["rejected", "applied"]


@pytest.mark.parametrize("sign", ["[]", "{}"])
@pytest.mark.parametrize("where", ["args", "expect", "extra", "alone"])
def test_a_command_nested_too_deep_costs_nobody_else_his_turn(
    dora: Laptop, where: str, sign: str
) -> None:
    bad = {**dora.envelope("incident.note", "incident:inc-1", text='[[["mala'), "extra": 0}
    good = dora.envelope("incident.note", "incident:inc-1", text='{{"[\\')
    depth = 100_000
    opening = "[" if sign == "[]" else '{"a":'
    deep = opening * depth + "1" + sign[1] * depth
    first = deep if where == "alone" else json.dumps({**bad, where: "DEEP"})
    ops = f"[{first.replace(json.dumps('DEEP'), deep)},{json.dumps(good)}]"
    if where == "alone":
        good["n"] = bad["n"]
        ops = f"[{deep},{json.dumps(good)}]"
    head = json.dumps({"device_id": dora.device_id, "epoch": dora.epoch})[:-1]
    told = dora.post("/v1/sync/push", f'{head},"ops":{ops}}}'.encode())
    assert told.status_code == 200, told.text
    results = told.json()["results"]
    assert results[-1]["status"] == "applied", results
    if where != "extra":  # What nobody reads harms nobody.
        assert (results[0]["status"], results[0]["code"]) == ("rejected", "invalid")


def test_a_message_nested_too_deep_as_a_whole_is_malformed(dora: Laptop) -> None:
    for text in ("[" * 100_000, "[" * 100_000 + "]" * 100_000, '"' * 100_001):
        assert dora.post("/v1/sync/push", text.encode()).status_code == 400


def test_a_reply_shows_what_stands_there_once_and_not_without_end(dora: Laptop) -> None:
    for _ in range(30):
        dora.do("incident.note", "incident:inc-1", text="x" * 40_000)
    register(dora, "inc-2")
    refused = dora.push(
        *(
            dora.envelope("incident.reject", f"incident:{each}", reason="r")
            for each in ("inc-2",) * 5
        ),
        *(dora.envelope("incident.reject", "incident:inc-1", reason="r") for _ in range(5)),
    )
    assert {each["status"] for each in refused} == {"rejected"}
    assert [list(each["current"]) for each in refused] == [["incident:inc-2"], *[[]] * 9]
    assert len(codec.encode(refused)) < MOST_SHOWN
