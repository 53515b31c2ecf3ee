"""What others do, or this laptop itself, while a synchronisation is under way or long overdue."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.commands import (
    AddNote,
)
from fieldtech.domain.words import CheckStatus
from fieldtech.protocol.codec import body_bytes, decode, digest, encode
from fieldtech.protocol.wire import Envelope
from fieldtech.store.driver import KEY_NAME, connect
from fieldtech.store.migrations import SCHEMA
from fieldtech.sync.page_size import PageSize

if TYPE_CHECKING:
    from fault_proxy import FaultProxy
    from laptops import CentralRecords, Laptop, Sign
    from sqlcipher3 import dbapi2 as driver

    from fieldtech.store.session import Session

KEY = "5eed" * 16
"""Of the stored databases."""
PULL = "/v1/sync/pull"
DATABASES = Path(__file__).parents[2] / "store" / "databases"


def assigned(dora: Laptop, *technicians: Laptop) -> tuple[str, str]:
    """An incident whose visit the first goes to, with the others as companions."""
    dora.sync_clean()
    incident_id = dora.register()
    visit_id = dora.assign(incident_id, technicians[0].user)
    dora.sync_settled()
    for technician in technicians:
        technician.sync_clean()
    return incident_id, visit_id


def test_two_technicians_same_checklist_item(sign: Sign, records: CentralRecords) -> None:
    """Both answers are kept, in the order in which the central heard of them."""
    dora, ana, again = sign("dora"), sign("ana"), sign("ana")
    incident_id, visit_id = assigned(dora, ana, again)
    target = f"visit:{visit_id}"
    ana.queue("check.answer", target, AnswerCheck(item="lan.cable", status=CheckStatus.FAIL))
    again.queue(
        "check.answer", target, AnswerCheck(item="lan.cable", status=CheckStatus.PASS, note="2.ª")
    )
    again.sync_settled()
    ana.sync_settled()
    visit = records.body("visit", visit_id)
    assert [each["status"] for each in visit["answers"]] == ["fail"], "the last one heard of"
    assert [each["status"] for each in visit["answer_history"]] == ["pass"]
    again.sync_settled()
    for laptop in (ana, again):
        shown = laptop.case(incident_id).visit(visit_id)
        assert shown is not None
        answer = shown.answer("lan.cable")
        assert answer is not None
        assert answer.status is CheckStatus.FAIL
        assert [each.note for each in shown.answer_history] == ["2.ª"]


def test_edit_during_long_pull(
    sign: Sign, proxy: FaultProxy, records: CentralRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed while pages arrive is safe, waits for nobody, and is sent."""
    dora, ana = sign("dora"), sign("ana", proxy.url)
    incident_id, _ = assigned(dora, ana)
    monkeypatch.setattr(PageSize, "within", lambda _self, _limit: 2)
    pages, given = 5, list[str]()
    shown: list[list[str]] = []

    def edit() -> None:
        target = f"incident:{incident_id}"
        shown.append(texts())
        given.extend(ana.queue("incident.note", target, AddNote(text=f"{len(given)}")).op_ids)

    def texts() -> list[str]:
        return [each.text for each in ana.case(incident_id).incident.notes]

    # What the pull is about is in it too: the pages take the place of what is being added to.
    dora.queue("incident.note", f"incident:{incident_id}", AddNote(text="de la central"))
    for _ in range(pages):
        dora.assign(dora.register(), ana.user)
    dora.sync_settled()
    before = proxy.count(PULL)
    for _ in range(pages):
        proxy.plan(PULL, edit)
    ana.sync_clean()
    assert proxy.count(PULL) - before > pages, "it was a long one"
    mine = [str(number) for number in range(pages)]
    assert [[text for text in seen if text in mine] for seen in shown] == [
        mine[:done] for done in range(pages)
    ], "it never blinks"
    ana.sync_settled()
    there = [n["text"] for n in records.body("incident", incident_id)["notes"]]
    assert there == ["de la central", *mine] == texts()
    assert all(records.outcomes(op_id) == ["applied"] for op_id in given)


@pytest.mark.parametrize("schema", range(1, SCHEMA + 1))
def test_upgrade_with_old_ops_pending(sign: Sign, records: CentralRecords, schema: int) -> None:
    """A store that an older program wrote opens today, and its work is sent and taken."""
    dora, ana = sign("dora"), sign("ana")
    incident_id, visit_id = assigned(dora, ana)
    whose = ana.store.session.get()
    ana.close()
    shutil.rmtree(ana.profile.journal)  # an older program had none
    for path in ana.profile.dir.glob("store.db*"):
        path.unlink()
    shutil.copyfile(DATABASES / f"v{schema}.sqlite", ana.profile.db)
    ana.secrets.set(KEY_NAME, KEY)
    with closing(connect(ana.profile.db, KEY)) as old:
        _move_to(old, whose, {"i1": incident_id, "w-i1": visit_id})

    ana.open()
    waiting = list(reversed(ana.store.outbox.items()))
    assert [(item.cmd, item.n) for item in waiting] == [("visit.accept", 1), ("incident.note", 2)]
    ana.sync_settled()
    assert all(records.outcomes(item.op_id) == ["applied"] for item in waiting)
    assert records.body("visit", visit_id)["state"] == "accepted"
    assert [n["text"] for n in records.body("incident", incident_id)["notes"]] == ["pendiente"]
    ana.sync_settled()
    assert ana.case(incident_id).visit(visit_id) is not None
    ana.queue("incident.note", f"incident:{incident_id}", AddNote(text="sigue"))
    ana.sync_settled()


def _move_to(old: driver.Connection, whose: Session, ids: dict[str, str]) -> None:
    """Make the stored profile that of this user at this central, its work about these records."""
    old.execute("BEGIN")
    old.execute(
        "UPDATE session SET central_url = ?, device_id = ?, user = ?, epoch = ?",
        (whose.central_url, whose.device_id, encode(whose.user).decode(), whose.epoch),
    )
    rows = old.execute("SELECT rid, envelope FROM outbox").fetchall()
    for rid, text in rows:
        envelope = decode(text, Envelope)
        kind, _, each = envelope.target.partition(":")
        target = f"{kind}:{ids[each]}"
        body = body_bytes(envelope.cmd, target, envelope.occurred_at, envelope.args)
        moved = replace(envelope, target=target, sha256=digest(body))
        old.execute(
            "UPDATE outbox SET device_id = ?, target = ?, incident_id = ?, envelope = ?"
            " WHERE rid = ?",
            (whose.device_id, target, ids["i1"], encode(moved).decode(), rid),
        )
    for table in ("mirror", "member", "bucket", "overlay", "agenda", "place", "dirty"):
        old.execute(f"DELETE FROM {table}")  # noqa: S608  as before the first pull
    old.execute("COMMIT")
