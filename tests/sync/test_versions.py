"""A laptop that is too old hands in its work; one that was updated with work pending keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from central_process import running_central
from crew import Crew
from laptops import CentralRecords, laptop

from fieldtech.domain.commands import AddNote, AssignVisit, RegisterIncident
from fieldtech.protocol import upcasting
from fieldtech.protocol.codec import body_bytes, decode, digest, encode
from fieldtech.protocol.wire import Envelope

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from crew import Hand

    from fieldtech.domain.case import Case
    from fieldtech.domain.facts import Note


def test_a_laptop_that_is_too_old_hands_in_its_work_and_says_so(tmp_path: Path) -> None:
    """The real client against a real central that gives its version no state any more."""
    with (
        running_central(tmp_path / "central") as central,
        laptop(tmp_path, "dora", central.url) as dora,
    ):
        dora.sync_clean()
        incident_id = dora.register()
        dora.sync_settled()
        dora.queue("incident.note", f"incident:{incident_id}", AddNote(text="antes del cambio"))
        central.stop()
        central.options = ("--min-pull-protocol", "2")
        central.start()
        dora.restart_sync()
        report = dora.sync()
        assert report.problem is not None
        assert (report.problem.code, report.pushed, report.waiting) == ("upgrade_required", 1, 0)
        notes = CentralRecords(central.data).body("incident", incident_id)["notes"]
        assert [each["text"] for each in notes] == ["antes del cambio"]
        assert [each.text for each in shown(dora.case(incident_id))] == ["antes del cambio"]


def test_upgrade_with_old_ops_pending_whose_arguments_are_others_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A note that was written when its text was called body is shown and taken."""
    crew = Crew()
    try:
        dora, ana = crew.hands["dora"], crew.hands["ana"]
        dora.give("incident.register", "incident:m-1", a_fault(crew))
        dora.give("visit.assign", "visit:w-1", AssignVisit(incident_id="m-1", technician_id="ana"))
        assert dora.run().waiting == 0
        ana.run()
        (op_id,) = ana.give("incident.note", "incident:m-1", AddNote(text="de antes"))
        _as_it_was_written_then(ana, op_id)
        monkeypatch.setitem(
            upcasting.STEPS, "incident.note", (lambda args: {"text": args["body"]},)
        )
        ana.close()
        with ana.store.database.write() as connection:
            ana.store.feed.replay(connection, frozenset({"m-1"}))
        assert [each.text for each in shown(ana.store.cases.get("m-1"))] == ["de antes"]
        assert ana.run().waiting == 0
        assert ana.states()[op_id] == "applied"
        ana.run()
        assert [each.text for each in shown(ana.store.cases.get("m-1"))] == ["de antes"]
    finally:
        crew.end()


def shown(case: Case) -> tuple[Note, ...]:
    assert case.incident is not None
    return case.incident.notes


def a_fault(crew: Crew) -> RegisterIncident:
    return RegisterIncident(
        site_id="s-gdl",
        customer_id="c-gdl",
        service_id="v-gdl",
        region_id="gdl",
        title="Sin servicio",
        notified_at=crew.clock.now() - timedelta(minutes=5),
        channel="phone",
        affected=20,
    )


def _as_it_was_written_then(hand: Hand, op_id: str) -> None:
    """Rewrite a note that waits as version 1 of a program that called its text ``body``."""
    with hand.store.database.write() as connection:
        run = connection.exec_driver_sql
        text = run("SELECT envelope FROM outbox WHERE op_id = ?", (op_id,)).scalar_one()
        now = decode(text, Envelope)
        args = {"body": now.args["text"]}
        told = body_bytes(now.cmd, now.target, now.occurred_at, args)
        then = replace(now, args=args, v=1, sha256=digest(told))
        run("UPDATE outbox SET envelope = ? WHERE op_id = ?", (encode(then).decode(), op_id))
        run("DELETE FROM overlay")
