"""Sealed packages against a central at odds: laptops that lie, commands that wait, people who left.

The packages are written here record by record, as the laptop writes them; whole laptops come in
``tests/sync/test_sealed_packages.py``.
"""

from __future__ import annotations

import json
from argparse import Namespace
from typing import TYPE_CHECKING, Any

import central_seed
import pytest
from central_desk import assign, note, notes_of, register
from nacl.signing import SigningKey
from packing import Journal, Told
from sqlalchemy import select, update

from fieldtech.central import laptops, tables
from fieldtech.central.auth import devices
from fieldtech.central.auth.devices import RESERVED
from fieldtech.central.database import new_epoch
from fieldtech.central.seal import ensure_seal_key
from fieldtech.domain.apply import apply
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol import upcasting, wire

if TYPE_CHECKING:
    from pathlib import Path

    from central_desk import Desk, Laptop

JUDGE = "fieldtech.central.sync.judge.apply"


@pytest.fixture
def ana(desk: Desk) -> Laptop:
    """Who was sent to an incident."""
    dora, ana = desk.laptop("dora"), desk.laptop("ana")
    register(dora, "inc-1")
    assign(dora, "inc-1", "v-1", "ana")
    ana.pull()
    return ana


@pytest.fixture
def journal(ana: Laptop, tmp_path: Path) -> Journal:
    """Her laptop's black box."""
    return Journal(ana, tmp_path)


def test_only_what_did_not_come_up_by_itself_comes_in(
    desk: Desk, ana: Laptop, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = journal.keep(note(ana, "uno"))
    assert ana.push(sent)[0]["status"] == "applied"
    lost = journal.keep(note(ana, "dos"))
    code, told = journal.ingest(capsys)
    assert (code, told["known"], told["applied"]) == (0, 1, [lost["op_id"]])
    assert ana.push(lost)[0]["status"] == "duplicate", "the laptop came back, with its own numbers"
    assert ana.do("incident.note", "incident:inc-1", text="tres")["status"] == "applied"
    assert notes_of(desk) == ["uno", "dos", "tres"]


def test_a_laptop_cannot_stand_in_the_way_of_anothers_package(
    desk: Desk, ana: Laptop, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ids that begin like those of packages' stand-ins are for nobody to claim."""
    for device_id in (RESERVED + ana.device_id, f"{RESERVED}0123456789"):
        asked = {
            "user": "beto",
            "password": central_seed.PASSWORD,
            "device_id": device_id,
            "device_name": "x",
        }
        told = desk.client.post("/v1/session", json=asked)
        assert (told.status_code, told.json()["code"]) == (400, "invalid")
    journal.note("llega")
    assert journal.ingest(capsys)[0] == 0
    assert notes_of(desk) == ["llega"]


def test_the_longest_ids_do_not_come_to_the_same(
    desk: Desk, ana: Laptop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dora = desk.laptop("dora")
    assign(dora, "inc-1", "v-2", "beto")
    for number, user in enumerate(("ana", "beto")):
        laptop = desk.laptop(user, device_id="x" * 63 + str(number))
        laptop.pull()
        folder = tmp_path / user
        folder.mkdir()
        (folder / "seal.key").write_bytes(_seal_key(desk, tmp_path))
        journal = Journal(laptop, folder)
        journal.note(user)
        assert journal.ingest(capsys)[0] == 0
    assert notes_of(desk) == ["ana", "beto"]
    assert ana.pull() == 1


def _seal_key(desk: Desk, folder: Path) -> bytes:
    ensure_seal_key(desk.database, folder)
    return (folder / "seal.key").read_bytes()


@pytest.mark.expects_log("inc-1. failed")
def test_a_command_that_fails_is_set_aside_and_the_others_keep_their_order(
    desk: Desk,
    ana: Laptop,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """More than one request holds, and the bad one stands in the first."""
    texts = [f"{n:03}" for n in range(wire.MAX_OPS + 20)]
    ids = [journal.note(text) for text in texts]

    def failing(before: Any, about: Any, context: Any) -> Any:
        if getattr(about.args, "text", "") == "003":
            raise ZeroDivisionError
        return apply(before, about, context)

    monkeypatch.setattr(JUDGE, failing)
    code, told = journal.ingest(capsys)
    assert (code, told["waiting"]) == (2, {ids[3]: "quarantined"})
    assert len(told["applied"]) == len(texts) - 1
    assert notes_of(desk) == [text for text in texts if text != "003"]
    monkeypatch.setattr(JUDGE, apply)
    assert journal.ingest(capsys) == (0, told | _nothing_new(len(texts)))
    del ana


def _nothing_new(known: int) -> Told:
    return {"applied": [], "known": known, "waiting": {}, "refused": {}}


def test_what_was_put_off_comes_in_with_the_next_time(
    desk: Desk,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its laptop may be at the bottom of a river: nobody else offers the command again."""
    op = journal.laptop.envelope("incident.note", "incident:inc-1", texto="de mañana") | {"v": 2}
    journal.keep(op)
    code, told = journal.ingest(capsys)
    assert (code, told["waiting"]) == (2, {op["op_id"]: "deferred"})
    renamed = (lambda args: {"text": args["texto"]},)
    monkeypatch.setitem(upcasting.STEPS, "incident.note", (lambda args: args, *renamed))
    # In the version that the central now reads, "texto" is what version 2 had.
    code, told = journal.ingest(capsys)
    assert (code, told["applied"], told["waiting"]) == (0, [op["op_id"]], {})
    assert notes_of(desk) == ["de mañana"]


def test_after_a_restore_a_case_may_still_be_on_its_way(
    desk: Desk, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    with desk.database.write() as connection:
        new_epoch(connection, desk.clock.now())
    lost = journal.laptop.envelope("incident.note", "incident:inc-9", text="aún no está")
    journal.keep(lost)
    assert journal.ingest(capsys)[1]["waiting"] == {lost["op_id"]: "deferred"}
    dora = desk.laptop("dora")
    register(dora, "inc-9")
    assign(dora, "inc-9", "v-9", "ana")
    code, told = journal.ingest(capsys)
    assert (code, told["applied"]) == (0, [lost["op_id"]])
    assert notes_of(desk, "inc-9") == ["aún no está"]


# Taken back ---------------------------------------------------------------------------------------


def test_what_a_revoked_laptop_took_back_is_not_even_reviewed(
    desk: Desk, ana: Laptop, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.take_back(journal.note("no se guardó"))
    kept = journal.note("se guardó")
    with desk.database.write() as connection:
        devices.revoke(connection, ana.device_id, desk.clock.now(), by="root")
    code, told = journal.ingest(capsys)
    assert (code, told["aborted"], told["review"]) == (2, 1, {kept: "revoked"})
    assert journal.review(capsys, "accept") == (
        0,
        {"device": ana.device_id, **_nothing_new(0), "applied": [kept]},
    )
    assert notes_of(desk) == ["se guardó"]


def test_nobody_else_takes_a_signed_command_back(
    desk: Desk, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.take_back(journal.note("se queda"), SigningKey.generate())
    code, told = journal.ingest(capsys)
    assert (code, told["aborted"]) == (0, 0)
    assert notes_of(desk) == ["se queda"]


def test_before_a_laptop_has_registered_its_key_its_word_against_its_word(
    ana: Laptop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = Journal(ana, tmp_path, registered=False)
    journal.take_back(journal.note("no se guardó"))
    kept = journal.note("se guardó")
    _, told = journal.ingest(capsys)
    assert (told["aborted"], told["review"]) == (1, {kept: "no_key"})


# Forged -------------------------------------------------------------------------------------------


def test_a_forged_command_does_not_hide_the_true_one(
    desk: Desk, ana: Laptop, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stands before it in the package and says to be it."""
    true, other = note(ana, "la verdadera"), note(ana, "la falsa")
    journal.keep({**other, "op_id": true["op_id"]}, SigningKey.generate())
    journal.keep(true)
    journal.keep({**other, "op_id": true["op_id"]}, SigningKey.generate())
    code, told = journal.ingest(capsys)
    assert (code, told["applied"], told["review"]) == (0, [true["op_id"]], {})
    assert notes_of(desk) == ["la verdadera"]


def test_a_forged_command_in_review_makes_way_for_the_true_one(
    desk: Desk, ana: Laptop, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    true, other = note(ana, "la verdadera"), note(ana, "la falsa")
    forged = {**other, "op_id": true["op_id"]}
    journal.keep(forged, SigningKey.generate())
    assert journal.ingest(capsys)[1]["review"] == {true["op_id"]: "bad_signature"}
    with desk.database.write() as connection:
        devices.revoke(connection, ana.device_id, desk.clock.now(), by="root")
    journal.keep(true)
    assert journal.ingest(capsys)[1]["review"] == {true["op_id"]: "revoked"}
    journal.forget()
    journal.keep(forged, SigningKey.generate())
    assert journal.ingest(capsys)[1]["review"] == {true["op_id"]: "bad_signature"}
    assert journal.review(capsys, "accept")[1]["applied"] == [true["op_id"]]
    assert notes_of(desk) == ["la verdadera"]


# People and reviews -------------------------------------------------------------------------------


def test_work_of_somebody_who_left_waits_for_an_operator(
    desk: Desk, ana: Laptop, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    op_id = journal.note("mi último día")
    user = tables.user_account
    with desk.database.write() as connection:
        connection.execute(update(user).where(user.c.id == "ana").values(active=False))
    code, told = journal.ingest(capsys)
    assert (code, told["review"]) == (2, {op_id: "inactive_user"})
    assert notes_of(desk) == []
    assert journal.review(capsys, "accept")[1]["applied"] == [op_id]
    assert notes_of(desk) == ["mi último día"]
    del ana


def test_what_is_put_off_stays_in_review_until_it_is_decided(
    desk: Desk,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = journal.note("ya", SigningKey.generate())
    op = journal.laptop.envelope("incident.note", "incident:inc-1", text="luego") | {"v": 2}
    journal.keep(op, SigningKey.generate())
    assert set(journal.ingest(capsys)[1]["review"].values()) == {"bad_signature"}
    code, told = journal.review(capsys, "accept")
    assert (code, told["applied"], told["waiting"]) == (2, [now], {op["op_id"]: "deferred"})
    (waiting,) = journal.review(capsys, "list")[1]["review"]
    assert waiting["commands"] == 1
    monkeypatch.setitem(upcasting.STEPS, "incident.note", (lambda args: args,))
    assert journal.review(capsys, "accept")[1]["applied"] == [op["op_id"]]
    assert journal.review(capsys, "list")[1] == {"review": []}
    assert notes_of(desk) == ["ya", "luego"]


def test_each_package_and_each_decision_leaves_a_trail(
    desk: Desk, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.note("una", SigningKey.generate())
    journal.ingest(capsys)
    journal.review(capsys, "drop")
    audit = tables.audit.c
    with desk.database.read() as connection:
        rows = connection.execute(
            select(audit.action, audit.subject, audit.detail).order_by(audit.at, audit.id)
        ).all()
    told = {
        row.action: (row.subject, json.loads(row.detail)) for row in rows if row.detail[:1] == "{"
    }
    subject, counts = told["package_ingested"]
    assert (subject, counts["commands"], counts["review"]) == ("1.fieldtech", 1, 1)
    assert told["review_drop"][1]["dropped"] == 1


def test_what_waits_of_a_package_waits_of_its_laptop(
    desk: Desk, ana: Laptop, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    """The journal's own device is none that an administrator could shut out."""
    journal.note("de la caja")
    journal.note("de quién", SigningKey.generate())
    journal.ingest(capsys)
    with desk.database.write() as connection:
        sealed = tables.op.c.device_id.startswith(RESERVED)
        connection.execute(update(tables.op).where(sealed).values(status=wire.QUARANTINED))
    assert laptops.run(Namespace(action="list"), desk.database, desk.clock) == 0
    rows = {each["id"]: each for each in json.loads(capsys.readouterr().out)["devices"]}
    assert not any(each.startswith(RESERVED) for each in rows)
    assert rows[ana.device_id]["held"] == 1
    args = Namespace(action="show", device=ana.device_id)
    assert laptops.run(args, desk.database, desk.clock) == 0
    told = json.loads(capsys.readouterr().out)
    assert rows[ana.device_id].items() <= told.items()
    assert (told["sessions"], told["in_review"]) == (1, 1)
    assert {each["action"] for each in told["trail"]} == {"signed_in", "device_registered"}
    with pytest.raises(EnvironmentProblem, match="nobody's"):
        laptops.run(Namespace(action="show", device="nobody's"), desk.database, desk.clock)
