"""What dispatchers do meanwhile: nothing the technician did is lost, and he is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.commands import (
    AddNote,
    FieldTime,
    Reason,
    ReassignVisit,
)
from fieldtech.domain.words import CheckStatus, IncidentState, VisitState
from fieldtech.store.agenda import AgendaQuery

if TYPE_CHECKING:
    from laptops import CentralRecords, Laptop, Sign


@pytest.fixture
def dora(sign: Sign) -> Laptop:
    dispatcher = sign("dora")
    dispatcher.sync_clean()
    return dispatcher


@pytest.fixture
def ana(sign: Sign) -> Laptop:
    return sign("ana")


def assigned(dora: Laptop, ana: Laptop) -> tuple[str, str]:
    incident_id = dora.register()
    visit_id = dora.assign(incident_id, "ana")
    dora.sync_settled()
    ana.sync_clean()
    return incident_id, visit_id


def test_reassigned_while_offline_with_pending(
    sign: Sign, dora: Laptop, ana: Laptop, records: CentralRecords
) -> None:
    """Given to somebody else while she worked: it stays until settled, her facts go up, then goes.

    The pull that takes the visit away comes before her work is settled, as when a push is refused
    by a quarantined command in front of it: the store is shown that order directly.
    """
    incident_id, visit_id = assigned(dora, ana)
    ana.arrive(visit_id)
    answered = ana.queue(
        "check.answer",
        f"visit:{visit_id}",
        AnswerCheck(item="lan.link", status=CheckStatus.PASS, value="1000 Mb/s"),
    )
    dora.queue(
        "visit.reassign",
        f"visit:{visit_id}",
        ReassignVisit(new_visit_id=f"{visit_id}-b", technician_id="beto", reason="más cerca"),
    )
    dora.sync_clean()

    pull_alone(ana)
    row = next(r for r in ana.store.agenda.rows([incident_id]) if r.visit_id == visit_id)
    assert (row.away, row.active) == (1, 1)
    assert row.waiting == 4
    assert ana.case(incident_id).visit(visit_id).answer("lan.link") is not None

    report = ana.sync_clean()

    assert records.outcomes(answered.op_ids[0]) == ["applied"]
    assert [item.cmd for item in reversed(report.refused)] == [
        "visit.accept",
        "visit.start_travel",
        "visit.arrive",
    ]
    assert records.body("incident", incident_id)["late_work"][0]["visit_id"] == visit_id
    assert records.body("visit", f"{visit_id}-b")["technician_id"] == "beto"
    assert report.waiting == 0
    assert {row.active for row in ana.store.agenda.rows([incident_id])} == {0}
    ana.store.decisions.decide(report.refused[-1].op_id, "note", text="Ya estaba resuelto")
    ana.sync_clean()
    told = records.body("incident", incident_id)["notes"]
    assert [note["text"] for note in told] == ["Ya estaba resuelto"]
    for item in report.refused[:-1]:
        ana.store.decisions.decide(item.op_id, "dismiss")
    assert ana.case(incident_id).incident is None
    assert ana.store.agenda.rows([incident_id]) == []
    beto = sign("beto")
    beto.sync_clean()
    assert any(r.incident_id == incident_id for r in beto.store.agenda.page(AgendaQuery()).rows)


def pull_alone(laptop: Laptop) -> None:
    """Pull without the push before it, as no run does: the outbox is hidden from the runner."""
    with laptop.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET device_id = 'hidden-' || device_id")
    try:
        laptop.sync_clean()
    finally:
        with laptop.store.database.write() as connection:
            connection.exec_driver_sql("UPDATE outbox SET device_id = substr(device_id, 8)")


def test_dispatcher_cancels_while_restored_offline(
    dora: Laptop, ana: Laptop, records: CentralRecords
) -> None:
    """The restoration is refused and shown; the fact of it is at the central, for review."""
    incident_id, visit_id = assigned(dora, ana)
    ana.arrive(visit_id)
    ana.answer_checklist(visit_id)
    ana.restore(incident_id)
    restored_at = ana.case(incident_id).incident.restoration.at
    assert ana.case(incident_id).incident.state is IncidentState.RESTORED
    dora.queue("incident.cancel", f"incident:{incident_id}", Reason(reason="el cliente desiste"))
    dora.sync_clean()

    report = ana.sync_clean()

    refused = {item.cmd: item for item in report.refused}
    assert refused["incident.restore"].code == "not_assigned", "a cancelled visit is nobody's"
    assert refused["incident.restore"].label.title == "Sin servicio de internet"
    assert any(f"incident:{incident_id}" in item.result.current for item in report.refused)
    late = records.body("incident", incident_id)["late_work"]
    restorations = [each for each in late if each["cmd"] == "incident.record_restoration"]
    assert len(restorations) == 1
    told = restorations[0]["summary"]
    assert told.startswith(f"restoration {restored_at.isoformat()}")
    assert "own_network" in told, "the attribution, cause and solution come with the time"
    times = [t["kind"] for t in records.body("visit", visit_id)["times"]]
    assert times == ["travel", "arrival", "restoration"]
    assert records.body("incident", incident_id)["state"] == "cancelled"
    assert ana.case(incident_id).incident.state is IncidentState.CANCELLED

    # It stays on screen until she decides, through a restart too.
    ana.close()
    ana.open()
    assert ana.sync_clean().refused
    noted = ana.store.decisions.decide(
        refused["incident.restore"].op_id, "note", text="Quedó restablecido"
    )
    assert noted.incidents == {incident_id}
    for item in ana.sync_clean().refused:
        ana.store.decisions.decide(item.op_id, "dismiss")
    report = ana.sync_clean()
    assert report.refused == ()
    texts = [note["text"] for note in records.body("incident", incident_id)["notes"]]
    assert texts == ["Quedó restablecido"]


def test_a_refused_command_can_be_reissued(
    dora: Laptop, ana: Laptop, records: CentralRecords
) -> None:
    """Two people change one thing: the second is refused, sees both, and sends hers again."""
    incident_id, visit_id = assigned(dora, ana)
    ana.queue("visit.accept", f"visit:{visit_id}", FieldTime(), state="assigned")
    dora.queue("visit.cancel", f"visit:{visit_id}", Reason(reason="equivocada"))
    second = dora.assign(incident_id, "ana")
    dora.sync_settled()

    (item,) = ana.sync_clean().refused
    assert (item.cmd, item.code) == ("visit.accept", "expected_changed")
    again = ana.store.decisions.decide(item.op_id, "reissue")
    assert again.code == "wrong_state", "what cannot be done now is refused at once"
    assert ana.store.outbox.item(item.op_id).state == "rejected"
    ana.store.decisions.decide(item.op_id, "dismiss")
    ana.queue("visit.accept", f"visit:{second}", FieldTime())
    assert ana.sync_clean().refused == ()
    assert records.body("visit", second)["state"] == "accepted"
    assert ana.case(incident_id).visit(visit_id).state is VisitState.CANCELLED


def test_bad_character_in_note(dora: Laptop, ana: Laptop, records: CentralRecords) -> None:
    """What could never be sent is refused at the keyboard, and blocks nothing behind it."""
    incident_id, _ = assigned(dora, ana)
    target = f"incident:{incident_id}"
    assert ana.refused("incident.note", target, AddNote(text="a\x00b")).code == "bad_character"
    assert ana.refused("incident.note", target, AddNote(text="a\ud800b")).code == "bad_character"
    assert ana.refused("incident.note", target, AddNote(text="x" * 2**20)).code == "too_long"
    assert ana.store.outbox.counts().waiting == 0

    # The longest note there can be, and every plane of Unicode, pass.
    ana.queue("incident.note", target, AddNote(text="ñ🛠\u2028\u0007" + "y" * 64_000))
    report = ana.sync_clean()
    assert (report.waiting, report.refused) == (0, ())
    assert records.body("incident", incident_id)["notes"][0]["text"].startswith("ñ🛠\u2028\u0007y")
