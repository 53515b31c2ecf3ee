"""Stores that released versions wrote: each opens today with everything that was in it.

``databases/vN.sqlite`` was written by the version whose schema was N, by ``write_sample`` as it was
then; its key is ``KEY``. Never rewrite one: a released schema is what it was. When a schema is
added, the first test fails and says where it left the new file to commit.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from small_feed import NINE, TECHNICIAN, World, open_for, take_in

from fieldtech.clock import FakeClock
from fieldtech.domain.commands import AddNote, FieldTime
from fieldtech.domain.words import VisitState
from fieldtech.paths import Profile
from fieldtech.secrets import MemoryStore
from fieldtech.store.agenda import AgendaQuery
from fieldtech.store.driver import KEY_NAME, connect
from fieldtech.store.first_page import read_first_page
from fieldtech.store.migrations import SCHEMA
from fieldtech.store.opening import open_store
from fieldtech.store.work import NewCommand, Queued

DATABASES = Path(__file__).parent / "databases"
KEY = "5eed" * 16


def secrets() -> MemoryStore:
    kept = MemoryStore()
    kept.set(KEY_NAME, KEY)
    return kept


def write_sample(folder: Path) -> Path:
    """Write a store with something of everything; return its file."""
    world = World()
    world.furnish()
    world.place("tech:ana", "uno")
    world.incident("tech:ana", "i1", "uno")
    world.incident("tech:ana", "i2", "uno", minutes_ago=90)
    clock = FakeClock(NINE + timedelta(minutes=5))
    with open_for(folder, TECHNICIAN, clock=clock, secrets=secrets()) as store:
        take_in(store, world)
        queued = store.work.queue(
            NewCommand(name="visit.accept", target="visit:w-i1", args=FieldTime()),
            NewCommand(name="incident.note", target="incident:i1", args=AddNote(text="pendiente")),
        )
        assert isinstance(queued, Queued)
        store.drafts.put("visit:w-i1/note", "a medias")
    profile = Profile.open(folder)
    with closing(connect(profile.db, KEY)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return profile.db


def stored() -> list[Path]:
    return sorted(DATABASES.glob("v*.sqlite"))


def test_every_released_schema_is_stored(tmp_path: Path) -> None:
    if not (DATABASES / f"v{SCHEMA}.sqlite").exists():
        shutil.copyfile(write_sample(tmp_path), tmp_path / f"v{SCHEMA}.sqlite")
        pytest.fail(f"commit {tmp_path}/v{SCHEMA}.sqlite as {DATABASES}")
    assert [path.stem for path in stored()] == [f"v{n}" for n in range(1, SCHEMA + 1)]


@pytest.mark.parametrize("path", stored(), ids=lambda path: path.stem)
def test_a_stored_database_opens_with_all_its_work(tmp_path: Path, path: Path) -> None:
    profile = Profile.open(tmp_path)
    shutil.copyfile(path, profile.db)
    clock = FakeClock(NINE + timedelta(minutes=6))
    store = open_store(profile, secrets(), clock)
    try:
        while store.feed.finish():
            pass
        assert store.session.get().user == TECHNICIAN
        assert [item.cmd for item in store.outbox.items()] == ["incident.note", "visit.accept"]
        case = store.cases.get("i1")
        assert [note.text for note in case.incident.notes] == ["pendiente"]
        assert case.visit("w-i1").state is VisitState.ACCEPTED
        assert store.drafts.get("visit:w-i1/note") == "a medias"
        rows = store.agenda.page(AgendaQuery(text="sucursal")).rows
        assert [row.incident_id for row in rows] == ["i2", "i1"]
        with store.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
            counted = connection.exec_driver_sql(
                "SELECT size, (SELECT count(*) FROM member JOIN mirror USING (rid)"
                " WHERE bucket_id = bucket.id) FROM bucket"
            ).all()
        assert counted, "it holds what it was granted, and knows that it does"
        assert all(size == members for size, members in counted)
        more = store.work.queue(
            NewCommand(name="visit.start_travel", target="visit:w-i1", args=FieldTime())
        )
        assert isinstance(more, Queued)
    finally:
        store.close()
    first = read_first_page(profile, secrets(), clock)
    assert first is not None
    assert first.waiting == 3
