"""Tokens run out and sign-ins end in the middle of work: the queue stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.central import tables
from fieldtech.central.database import Database
from fieldtech.domain.commands import AddNote
from fieldtech.sync.signin import sign_out

if TYPE_CHECKING:
    from pathlib import Path

    from central_process import CentralProcess
    from laptops import CentralRecords, Laptop, Sign


def with_note(sign: Sign, url: str) -> tuple[Laptop, str]:
    ana = sign("ana", url)
    dora = sign("dora")
    dora.sync_clean()
    incident_id = dora.register()
    dora.assign(incident_id, "ana")
    dora.sync_settled()
    ana.sync_clean()
    ana.queue("incident.note", f"incident:{incident_id}", AddNote(text="pendiente"))
    return ana, incident_id


def revoke_sessions(data: Path, user: str) -> None:
    """End every session of a user, as an administrator would."""
    database = Database.in_folder(data)
    table = tables.session_family
    with database.write() as connection:
        connection.execute(table.delete().where(table.c.user_id == user))
    database.close()


def test_an_ended_session_keeps_the_queue_until_the_next_sign_in(
    sign: Sign, central: CentralProcess, records: CentralRecords
) -> None:
    ana, incident_id = with_note(sign, central.url)
    revoke_sessions(central.data, "ana")

    report = ana.sync()
    assert report.problem is not None
    assert (report.problem.code, report.waiting) == ("signed_out", 1)

    ana.close()
    ana.sign_in(central.url)
    assert ana.sync_clean().waiting == 0
    assert len(records.body("incident", incident_id)["notes"]) == 1


def test_logging_out_keeps_the_queue(sign: Sign, central: CentralProcess) -> None:
    ana, _ = with_note(sign, central.url)

    assert sign_out(ana.store, ana.secrets, ana.clock, patience=ana.patience)
    ana.close()
    ana.open()
    report = ana.sync()

    assert report.problem is not None
    assert (report.problem.code, report.waiting) == ("signed_out", 1)
    assert ana.store.outbox.counts().waiting == 1
