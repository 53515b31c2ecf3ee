"""Databases restored from old copies, on either side: no work lost, none done twice."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import laptops
import pytest
from central_process import running_central
from sqlalchemy import update

from fieldtech.central import tables
from fieldtech.central.database import Database
from fieldtech.domain.commands import AddNote
from fieldtech.store import devices

if TYPE_CHECKING:
    from pathlib import Path

    from laptops import CentralRecords, Laptop, Sign


def assigned(dora: Laptop, ana: Laptop) -> str:
    dora.sync_clean()
    incident_id = dora.register()
    dora.assign(incident_id, "ana")
    dora.sync_settled()
    ana.sync_clean()
    return incident_id


def notes(records: CentralRecords, incident_id: str) -> list[str]:
    return [note["text"] for note in records.body("incident", incident_id).get("notes", [])]


@pytest.mark.parametrize("has_journal", [True, False])
def test_db_restored_from_old_copy(
    sign: Sign, records: CentralRecords, tmp_path: Path, *, has_journal: bool
) -> None:
    """Its journal knows what came after the copy, and the laptop goes on as before.

    Without one it gives a number again that it gave before, and goes on as another device.
    """
    dora, ana = sign("dora"), sign("ana")
    incident_id = assigned(dora, ana)
    target = f"incident:{incident_id}"
    device = ana.store.session.get().device_id
    ana.close()
    shutil.copyfile(ana.profile.db, tmp_path / "old-copy")

    ana.open()
    ana.queue("incident.note", target, AddNote(text="antes"))
    ana.sync_settled()
    ana.close()
    shutil.copyfile(tmp_path / "old-copy", ana.profile.db)
    if not has_journal:
        shutil.rmtree(ana.profile.journal)

    ana.open()
    ana.queue("incident.note", target, AddNote(text="después"))
    ana.sync_settled()

    assert notes(records, incident_id) == ["antes", "después"]
    assert (ana.store.session.get().device_id == device) is has_journal
    ana.queue("incident.note", target, AddNote(text="sigue"))
    ana.sync_settled()
    assert notes(records, incident_id) == ["antes", "después", "sigue"]
    assert [n.text for n in ana.case(incident_id).incident.notes] == ["antes", "después", "sigue"]


def test_server_restored_from_backup(tmp_path: Path) -> None:
    """What the central forgot is offered again, in order; what it remembers is not done twice."""
    with running_central(tmp_path / "central") as central:
        records = laptops.CentralRecords(central.data)
        with (
            laptops.laptop(tmp_path, "dora", central.url) as dora,
            laptops.laptop(tmp_path, "ana", central.url) as ana,
        ):
            incident_id = assigned(dora, ana)
            target = f"incident:{incident_id}"
            ana.queue("incident.note", target, AddNote(text="recordada"))
            ana.sync_settled()
            central.stop()
            shutil.copytree(central.data, tmp_path / "backup")
            central.start()
            ana.queue("incident.note", target, AddNote(text="olvidada"))
            ana.sync_settled()

            central.stop()
            shutil.rmtree(central.data)
            shutil.copytree(tmp_path / "backup", central.data)
            begin_another_life(central.data)
            central.start()
            assert notes(records, incident_id) == ["recordada"]
            ana.queue("incident.note", target, AddNote(text="nueva"))
            ana.sync_settled()

            assert notes(records, incident_id) == ["recordada", "olvidada", "nueva"]
            mine = [note.text for note in ana.case(incident_id).incident.notes]
            assert mine == ["recordada", "olvidada", "nueva"]
            dora.sync_settled()
            assert len(dora.case(incident_id).incident.notes) == 3


def test_server_restored_from_backup_after_this_laptop_forked(tmp_path: Path) -> None:
    """What went up under the first device goes up again too, before what came after it."""
    with running_central(tmp_path / "central") as central:
        records = laptops.CentralRecords(central.data)
        with (
            laptops.laptop(tmp_path, "dora", central.url) as dora,
            laptops.laptop(tmp_path, "ana", central.url) as ana,
        ):
            incident_id = assigned(dora, ana)
            target = f"incident:{incident_id}"
            central.stop()
            shutil.copytree(central.data, tmp_path / "backup")
            central.start()
            ana.queue("incident.note", target, AddNote(text="antes"))
            ana.sync_settled()
            with ana.store.database.write() as connection:
                devices.fork(connection)
            ana.restart_sync()
            ana.queue("incident.note", target, AddNote(text="después"))
            ana.sync_settled()

            central.stop()
            shutil.rmtree(central.data)
            shutil.copytree(tmp_path / "backup", central.data)
            begin_another_life(central.data)
            central.start()
            ana.queue("incident.note", target, AddNote(text="nueva"))
            ana.sync_settled()

            assert notes(records, incident_id) == ["antes", "después", "nueva"]
            mine = [note.text for note in ana.case(incident_id).incident.notes]
            assert mine == ["antes", "después", "nueva"]


def begin_another_life(data: Path) -> None:
    """What the restore runbook does: name another epoch, and the moment of the restore."""
    database = Database.in_folder(data)
    meta = tables.meta
    with database.write() as connection:
        connection.execute(update(meta).where(meta.c.key == "epoch").values(value="second-life"))
    database.close()
