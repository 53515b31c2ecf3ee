"""Requests and replies that get lost, cut or doubled on the way: the work arrives once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fault_proxy import Fault

from fieldtech.domain.commands import AddNote

if TYPE_CHECKING:
    from fault_proxy import FaultProxy
    from laptops import CentralRecords, Laptop, Sign

PUSH = "/v1/sync/push"


def on_site(sign: Sign, technician: Laptop) -> tuple[str, str]:
    """A fault is registered, assigned and known to the technician: incident and visit."""
    dispatcher = sign("dora")
    dispatcher.sync_clean()
    incident_id = dispatcher.register()
    visit_id = dispatcher.assign(incident_id, technician.user)
    dispatcher.sync_settled()
    technician.sync_clean()
    return incident_id, visit_id


def notes(records: CentralRecords, incident_id: str) -> list[str]:
    return [note["text"] for note in records.body("incident", incident_id).get("notes", [])]


def test_ack_lost_after_commit(sign: Sign, proxy: FaultProxy, records: CentralRecords) -> None:
    """The central has it, the laptop does not know: it asks again and nothing happens twice."""
    ana = sign("ana", proxy.url)
    incident_id, _ = on_site(sign, ana)
    op_id = ana.queue("incident.note", f"incident:{incident_id}", AddNote(text="una vez")).op_ids[0]
    proxy.plan(PUSH, Fault.LOSE_REPLY)

    first = ana.sync()
    assert first.problem is not None
    assert first.waiting == 1
    assert notes(records, incident_id) == ["una vez"]

    assert ana.sync_clean().waiting == 0
    assert records.outcomes(op_id) == ["applied"]
    assert notes(records, incident_id) == ["una vez"]
    assert [note.text for note in ana.case(incident_id).incident.notes] == ["una vez"]


def test_request_duplicated(sign: Sign, proxy: FaultProxy, records: CentralRecords) -> None:
    """The network delivers a push twice: one effect, and a clean outbox."""
    ana = sign("ana", proxy.url)
    incident_id, visit_id = on_site(sign, ana)
    ana.arrive(visit_id)
    ana.queue("incident.note", f"incident:{incident_id}", AddNote(text="doble"))
    proxy.plan(PUSH, Fault.DUPLICATE)

    report = ana.sync_clean()

    assert (report.waiting, report.refused) == (0, ())
    assert notes(records, incident_id) == ["doble"]
    assert records.body("visit", visit_id)["state"] == "on_site"
    assert len(records.body("visit", visit_id)["times"]) == 3
