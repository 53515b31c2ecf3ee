"""The black box against what breaks a laptop's disk: the named faults, on real parts."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import pytest

from fieldtech.domain.commands import AddNote

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


def crash_copy(laptop: Laptop, into: Path) -> None:
    """What is on the disk while the program runs, its log not yet written back."""
    shutil.copytree(laptop.folder, into)


@pytest.mark.parametrize("seed", range(8))
def test_wal_bit_flip(sign: Sign, records: CentralRecords, tmp_path: Path, seed: int) -> None:
    """One flipped bit in the log silently drops every later commit, and SQLite calls it sound."""
    dora, ana = sign("dora"), sign("ana")
    incident_id = assigned(dora, ana)
    ana.close()
    ana.open()
    given = [
        ana.queue("incident.note", f"incident:{incident_id}", AddNote(text=f"{n}")).op_ids[0]
        for n in range(6)
    ]
    crash_copy(ana, tmp_path / "crashed")
    ana.close()
    shutil.rmtree(ana.folder)
    (tmp_path / "crashed").rename(ana.folder)
    log = ana.profile.db.with_name("store.db-wal")
    data = bytearray(log.read_bytes())
    assert len(data) > 6 * 4096, "the commits are in the log only"
    place = random.Random(seed).randrange(32, len(data))  # noqa: S311  a seeded place
    data[place] ^= 1 << (seed % 8)
    log.write_bytes(data)

    ana.open()
    waiting = [item.op_id for item in reversed(ana.store.outbox.items())]
    assert waiting == given
    assert [n.text for n in ana.case(incident_id).incident.notes] == list("012345")
    ana.sync_settled()
    told = records.body("incident", incident_id)["notes"]
    assert [note["text"] for note in told] == list("012345")
    assert all(records.outcomes(op_id) == ["applied"] for op_id in given)


def test_the_flip_would_lose_work_without_the_journal(sign: Sign, tmp_path: Path) -> None:
    """The control: the same without the black box does lose it."""
    dora, ana = sign("dora"), sign("ana")
    incident_id = assigned(dora, ana)
    ana.close()
    ana.open()
    for n in range(6):
        ana.queue("incident.note", f"incident:{incident_id}", AddNote(text=f"{n}"))
    crash_copy(ana, tmp_path / "crashed")
    ana.close()
    shutil.rmtree(ana.folder)
    (tmp_path / "crashed").rename(ana.folder)
    shutil.rmtree(ana.profile.journal)
    log = ana.profile.db.with_name("store.db-wal")
    data = bytearray(log.read_bytes())
    data[40] ^= 1
    log.write_bytes(data)
    ana.open()
    assert ana.store.outbox.items() == []


@pytest.mark.expects_log("the store is damaged and will be rebuilt")
def test_a_ruined_database_is_rebuilt_and_goes_on_as_the_same_device(
    sign: Sign, records: CentralRecords
) -> None:
    dora, ana = sign("dora"), sign("ana")
    incident_id = assigned(dora, ana)
    target = f"incident:{incident_id}"
    ana.queue("incident.note", target, AddNote(text="enviada"))
    ana.sync_settled()
    ana.queue("incident.note", target, AddNote(text="por enviar"))
    device = ana.store.session.get().device_id
    ana.close()
    ana.profile.db.write_bytes(b"\xa5" * 100_000)

    ana.open()
    assert ana.store.session.get().device_id == device
    ana.sync_clean()
    ana.sync_settled()
    told = [note["text"] for note in records.body("incident", incident_id)["notes"]]
    assert told == ["enviada", "por enviar"]
    assert [n.text for n in ana.case(incident_id).incident.notes] == told
    ana.queue("incident.note", target, AddNote(text="sigue"))
    ana.sync_settled()
    assert ana.store.session.get().device_id == device
