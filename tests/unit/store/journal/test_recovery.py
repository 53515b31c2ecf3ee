"""What the database loses, the journal puts back: once, in order, and for everybody to see."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from small_feed import DISPATCHER, NINE, TECHNICIAN, World, open_for, take_in
from small_work import note, notes, queue, settle

from fieldtech.clock import FakeClock
from fieldtech.domain.case import Rejection
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.protocol.sealing import Kind, SealedRecord, read_records
from fieldtech.protocol.wire import APPLIED, REJECTED
from fieldtech.secrets import MemoryStore
from fieldtech.store import devices
from fieldtech.store.driver import KEY_NAME
from fieldtech.store.journal import segments
from fieldtech.store.opening import Store, open_store
from fieldtech.store.profile_keys import LOCAL_NAME

if TYPE_CHECKING:
    from pathlib import Path


class Days:
    """One profile over several starts of the program."""

    def __init__(self, folder: Path) -> None:
        self.profile = Profile.open(folder)
        self.secrets = MemoryStore()
        self.clock = FakeClock(NINE + timedelta(minutes=5))
        self.world = World()
        self.world.furnish()
        self.world.place("tech:ana", "uno")
        self.world.incident("tech:ana", "i1", "uno")
        with open_for(folder, TECHNICIAN, clock=self.clock, secrets=self.secrets) as store:
            take_in(store, self.world)

    def start(self) -> Store:
        """The program starts."""
        return open_store(self.profile, self.secrets, self.clock)

    def work(self, *texts: str) -> tuple[str, ...]:
        """A start, some notes, and an end."""
        store = self.start()
        op_ids = queue(store, *(note(text) for text in texts)).op_ids
        store.close()
        return op_ids

    def copy(self) -> Path:
        """The database as it is now."""
        copy = self.profile.dir.parent / "copy.db"
        shutil.copyfile(self.profile.db, copy)
        return copy

    def put_back(self, copy: Path) -> None:
        """Somebody puts an old copy in the database's place."""
        for end in ("-wal", "-shm"):
            self.profile.db.with_name(self.profile.db.name + end).unlink(missing_ok=True)
        shutil.copyfile(copy, self.profile.db)

    def damage(self, at: float = 0.5) -> None:
        """A few pages of the database become garbage."""
        size = self.profile.db.stat().st_size
        with self.profile.db.open("r+b") as file:
            file.seek(int(size * at) // 4096 * 4096)
            file.write(b"\xa5" * 8192)

    def records(self) -> list[SealedRecord]:
        """Every whole record of the journal."""
        found = []
        for path in segments.segments_in(self.profile.journal):
            found += [r for r in read_records(path.read_bytes()) if isinstance(r, SealedRecord)]
        return found


@pytest.fixture
def days(tmp_path: Path) -> Days:
    return Days(tmp_path / "profile")


def op_ids(store: Store) -> list[str]:
    return [item.op_id for item in reversed(store.outbox.items())]


def test_what_an_old_copy_has_not_is_in_line_again_in_order(days: Days) -> None:
    first = days.work("uno")
    copy = days.copy()
    later = days.work("dos", "tres")
    days.put_back(copy)
    store = days.start()
    assert store.recovered.put_back == 2
    assert op_ids(store) == [*first, *later]
    assert [item.n for item in reversed(store.outbox.items())] == [1, 2, 3]
    assert notes(store) == ["uno", "dos", "tres"]
    assert store.session.get().next_n == 4
    rows = store.agenda.rows(["i1"])
    assert rows[0].waiting == 3, "the lists know it at once"
    store.close()
    again = days.start()
    assert again.recovered.put_back == 0, "once"
    again.close()


def test_a_number_given_anew_moves_what_had_it_before(days: Days) -> None:
    copy = days.copy()
    (lost,) = days.work("antes")
    journal = days.profile.journal
    moved = journal.with_name("elsewhere")
    journal.rename(moved)
    days.put_back(copy)
    (newer,) = days.work("después")
    for path in segments.segments_in(moved):
        path.rename(journal / f"9{path.name}")
    store = days.start()
    numbers = {item.op_id: item.n for item in store.outbox.items()}
    assert numbers == {newer: 1, lost: 2}
    assert store.session.get().next_n == 3
    store.close()


def test_what_was_rolled_back_does_not_come_back(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = days.start()

    def refuse(*_: object) -> None:
        raise EnvironmentProblem("The disk is full.", code="disk_full")

    keeper = store.keeper
    before_commit = keeper.before_commit

    def then_fail(connection: object) -> None:
        before_commit(connection)  # type: ignore[arg-type]
        refuse()

    monkeypatch.setattr(keeper, "before_commit", then_fail)
    with pytest.raises(EnvironmentProblem, match="full"):
        store.work.queue(note("no"))
    monkeypatch.undo()
    assert [r.record.kind for r in days.records()][-2:] == [Kind.COMMAND, Kind.ABORT]
    (kept,) = queue(store, note("sí")).op_ids
    store.close()
    again = days.start()
    assert op_ids(again) == [kept]
    assert again.recovered.put_back == 0
    again.close()


@pytest.mark.expects_log("an abort could not be journaled")
def test_a_journal_that_cannot_be_written_keeps_nothing_and_says_so(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = days.start()
    queue(store, note("antes"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(segments, "sync_file", full)
    with pytest.raises(EnvironmentProblem) as problem:
        store.work.queue(note("no"))
    assert problem.value.code == "disk_full"
    monkeypatch.undo()
    assert notes(store) == ["antes"]
    queue(store, note("después"))
    store.close()
    again = days.start()
    assert notes(again) == ["antes", "después"]
    assert again.keeper.journal.damaged == 0
    again.close()


def test_what_was_made_as_several_devices_comes_back_in_the_order_it_was_made(days: Days) -> None:
    """A later device numbers from one again: its work must not overtake what was made before."""
    first = days.work("uno", "dos", "tres")
    store = days.start()
    with store.database.write() as connection:
        devices.fork(connection)
    last_device = store.session.get().device_id
    (later,) = queue(store, note("cuatro")).op_ids
    for op_id in first:  # under the new number the central has settled it, and forgets it
        settle(store, op_id, APPLIED)
    store.close()
    days.profile.db.unlink()
    store = days.start()
    items = sorted(store.outbox.items(), key=lambda item: item.n)
    assert [item.op_id for item in items] == [*first, later]
    assert [item.n for item in items] == [1, 2, 3, 4]
    who = store.session.get()
    assert who.next_n == 5
    assert {item.device_id for item in items} == {who.device_id}
    assert who.device_id != last_device, "whose numbers the central may know for others"
    store.close()
    again = days.start()
    assert again.recovered.put_back == 0
    assert again.session.get().device_id == who.device_id
    again.close()


def test_a_database_that_is_gone_still_belongs_to_whom_it_belonged(days: Days) -> None:
    given = days.work("uno", "dos")
    days.profile.db.unlink()
    store = days.start()
    assert op_ids(store) == list(given)
    assert store.recovered.rebuilt is not None, "and it is told"
    with pytest.raises(EnvironmentProblem) as refused:
        store.session.sign_in(
            central_url="http://127.0.0.1:9", device_name="x", user=DISPATCHER, epoch="epoch-1"
        )
    assert refused.value.code == "profile_of_another"
    store.close()
    again = days.start()
    assert again.session.get().user == TECHNICIAN
    assert again.session.get().next_n == 3
    again.close()


def test_work_sent_again_just_before_a_crash_takes_the_place_of_the_refused(days: Days) -> None:
    (refused, other) = days.work("uno", "dos")
    store = days.start()
    settle(store, refused, REJECTED, code="wrong_state")
    store.close()
    copy = days.copy()
    store = days.start()
    assert not isinstance(store.decisions.decide(refused, "reissue"), Rejection)
    again = store.outbox.items()[0].op_id
    store.close()
    days.put_back(copy)  # as if the database had not come to commit it

    store = days.start()
    assert op_ids(store) == [other, again]
    assert notes(store) == ["dos", "uno"]
    decided = store.outbox.item(refused)
    assert decided is not None
    assert (decided.state, decided.decision) == ("decided", "reissue")
    store.close()
    days.profile.db.unlink()
    store = days.start()
    assert op_ids(store) == [other, again], "with the database lost, too"
    store.close()


def test_a_decision_that_was_rolled_back_leaves_the_work_in_the_journal(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    (refused,) = days.work("uno")
    store = days.start()
    settle(store, refused, REJECTED, code="wrong_state")
    before_commit = store.keeper.before_commit

    def then_fail(connection: object) -> None:
        before_commit(connection)  # type: ignore[arg-type]
        raise EnvironmentProblem("The disk is full.", code="disk_full")

    monkeypatch.setattr(store.keeper, "before_commit", then_fail)
    with pytest.raises(EnvironmentProblem, match="full"):
        store.decisions.decide(refused, "dismiss")
    monkeypatch.undo()
    queue(store, note("dos"))
    store.close()
    days.profile.db.unlink()
    store = days.start()
    assert op_ids(store)[0] == refused, "it was not decided on"
    store.close()


def test_a_torn_end_costs_nothing_that_was_acknowledged(days: Days) -> None:
    days.work("uno")
    (segment,) = segments.segments_in(days.profile.journal)
    with segment.open("ab") as file:
        file.write(segment.read_bytes()[:150])
    days.work("dos")
    assert len(segments.segments_in(days.profile.journal)) == 2, "what is torn stays as it is"
    days.profile.db.unlink()
    days.profile.damaged.touch()
    store = days.start()
    assert len(store.outbox.items()) == 2
    assert store.keeper.journal.damaged == 1
    store.close()


@pytest.mark.parametrize("at", [0.0, 0.4, 0.8])
def test_a_damaged_database_is_rebuilt(days: Days, at: float) -> None:
    given = days.work("uno", "dos")
    store = days.start()
    store.drafts.put("visit:w-i1/note", "a medias")
    store.close()
    days.damage(at)
    days.profile.damaged.touch()  # as a statement that met the damage leaves it
    store = days.start()
    assert store.session.get().user == TECHNICIAN
    assert op_ids(store) == list(given)
    assert store.session.get().next_n == 3
    rebuilt = store.recovered.rebuilt
    assert rebuilt is not None
    assert (days.profile.dir / rebuilt.aside).exists(), "set aside, not deleted"
    assert not days.profile.damaged.exists()
    take_in(store, days.world)
    assert notes(store) == ["uno", "dos"]
    with store.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
    store.close()


@pytest.mark.expects_log("the store is damaged and will be rebuilt")
def test_the_first_page_alone_tells_that_it_is_damaged(days: Days) -> None:
    given = days.work("uno")
    days.damage(0)
    store = days.start()
    assert op_ids(store) == list(given)
    assert store.recovered.rebuilt is not None
    store.close()


def test_drafts_and_outcomes_are_saved_from_what_can_be_read(days: Days) -> None:
    (refused, taken) = days.work("uno", "dos")
    store = days.start()
    settle(store, refused, REJECTED, code="wrong_state")
    settle(store, taken, APPLIED)
    store.drafts.put("visit:w-i1/note", "a medias")
    store.close()
    days.profile.damaged.touch()
    store = days.start()
    assert store.drafts.get("visit:w-i1/note") == "a medias"
    states = {item.op_id: item.state for item in store.outbox.items((REJECTED, APPLIED))}
    assert states == {refused: REJECTED, taken: APPLIED}
    assert store.recovered.rebuilt is not None
    assert store.recovered.rebuilt.drafts == 1
    store.close()


def test_damage_that_is_met_while_working_is_mended_by_the_next_start(days: Days) -> None:
    given = days.work("uno")
    store = days.start()
    store.close()
    days.damage(0.3)
    days.damage(0.6)
    with pytest.raises(EnvironmentProblem) as problem:
        _read_everything(days)
    assert problem.value.code == "store_corrupt"
    assert days.profile.damaged.exists()
    store = days.start()
    assert op_ids(store) == list(given)
    store.close()


def _read_everything(days: Days) -> None:
    store = days.start()
    try:
        with store.database.read() as connection:
            for table in ("mirror", "member", "agenda", "outbox", "bucket", "place", "overlay"):
                connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
            connection.exec_driver_sql("SELECT * FROM agenda_words").all()
            connection.exec_driver_sql("VACUUM")
    finally:
        store.close()


def test_under_another_key_nothing_is_touched(days: Days) -> None:
    days.work("uno")
    days.secrets.set(KEY_NAME, "ab" * 32)
    days.secrets.set(LOCAL_NAME, "cd" * 32)
    before = days.profile.db.read_bytes()
    with pytest.raises(EnvironmentProblem) as problem:
        days.start()
    assert problem.value.code == "store_corrupt"
    assert days.profile.db.read_bytes() == before
    assert list(days.profile.dir.glob("*damaged*")) == []


def test_nothing_of_a_person_is_in_clear(days: Days) -> None:
    days.work("El cliente Jiménez no abre")
    raw = b"".join(p.read_bytes() for p in segments.segments_in(days.profile.journal))
    for word in (b"Jim", b"cliente", b"incident.note", b"Ana"):
        assert word not in raw
    assert days.profile.journal.stat().st_mode & 0o077 == 0
    for path in segments.segments_in(days.profile.journal):
        assert path.stat().st_mode & 0o177 == 0


def test_a_long_journal_is_cut_into_segments_that_each_say_whose_they_are(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "LONGEST", 3000)
    given = [op_id for number in range(12) for op_id in days.work(f"nota {number}")]
    paths = segments.segments_in(days.profile.journal)
    assert len(paths) > 3
    for path in paths:
        first = next(iter(read_records(path.read_bytes())))
        assert isinstance(first, SealedRecord)
        assert first.record.kind is Kind.SESSION
    days.profile.db.unlink()
    days.profile.damaged.touch()
    store = days.start()
    assert op_ids(store) == given
    store.close()


def test_what_the_central_confirmed_long_ago_goes_and_stays_gone(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "LONGEST", 1500)
    old = [days.work(f"vieja {number}")[0] for number in range(4)]
    store = days.start()
    for op_id in old:
        settle(store, op_id, APPLIED)
    take_in(store, days.world)
    with store.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET landed = 1")
    (young,) = queue(store, note("nueva")).op_ids
    before = len(segments.segments_in(days.profile.journal))
    store.forget_old(NINE + timedelta(days=31))
    after = segments.segments_in(days.profile.journal)
    assert len(after) < before
    store.close()
    store = days.start()
    assert store.recovered.put_back == 0
    assert op_ids(store) == [young]
    store.close()


def test_a_record_of_somebody_else_is_not_believed(days: Days) -> None:
    days.work("uno")
    (segment,) = segments.segments_in(days.profile.journal)
    forged = bytearray(segment.read_bytes())
    other = Days(days.profile.dir.parent / "other")
    other.work("forjada")
    other_segment = segments.segments_in(other.profile.journal)[0].read_bytes()
    segment.write_bytes(bytes(forged) + other_segment)
    store = days.start()
    assert notes(store) == ["uno"]
    store.close()
