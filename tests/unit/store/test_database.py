"""The file itself: private, locked, upgraded with a copy, and never deleted or rebuilt."""

from __future__ import annotations

import os
import shutil
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from laptops import run_python
from sqlalchemy import create_engine
from sqlcipher3 import dbapi2 as driver

from fieldtech.clock import FakeClock
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.secrets import MemoryStore
from fieldtech.store import meta
from fieldtech.store.database import Database
from fieldtech.store.driver import KEY_NAME, connect, problem_from, raw_key
from fieldtech.store.lock import ProfileLock
from fieldtech.store.migrations import SCHEMA, STEPS
from fieldtech.store.opening import open_store
from fieldtech.store.profile_keys import LOCAL_NAME, SIGN_NAME
from fieldtech.store.tables import metadata


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile.open(tmp_path / "perfil de prueba")


@pytest.fixture
def secrets() -> MemoryStore:
    return MemoryStore()


def reopened(profile: Profile, secrets: MemoryStore) -> Database:
    return Database.open(profile, secrets)


def code_of(profile: Profile, secrets: MemoryStore) -> str:
    with pytest.raises(EnvironmentProblem) as problem:
        Database.open(profile, secrets)
    return problem.value.code


def test_a_full_disk_is_called_so_though_sqlite_calls_it_a_folder_that_cannot_be_written(
    profile: Profile, secrets: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_log(*_: object) -> None:
        raise driver.OperationalError("unable to open database file")

    monkeypatch.setattr("fieldtech.store.database.bring_up_to_date", no_log)
    assert code_of(profile, secrets) == "store_read_only"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    assert code_of(profile, secrets) == "disk_full"


def test_files_are_private_and_hold_nothing_readable(
    profile: Profile, secrets: MemoryStore
) -> None:
    with closing(reopened(profile, secrets)) as database:
        with database.write() as connection:
            meta.put(connection, "k", "palabra clave en claro")
        files = [path for path in profile.dir.iterdir() if path.is_file()]
        assert {path.name for path in files} >= {"store.db", "store.db-wal", "lock.db"}
        for path in files:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
            assert b"palabra clave" not in path.read_bytes()
            assert b"CREATE TABLE" not in path.read_bytes()
    assert not profile.db.read_bytes().startswith(b"SQLite format 3")


def test_an_opening_clears_half_written_files(profile: Profile, secrets: MemoryStore) -> None:
    scrap = profile.dir / ".fieldtech-secrets.json-x"
    scrap.write_text("{")
    with ProfileLock.acquire(profile.lock):
        assert code_of(profile, secrets) == "profile_in_use"
        assert scrap.exists(), "somebody may be writing it"
    reopened(profile, secrets).close()
    assert not scrap.exists()


def test_after_closing_nothing_is_read_or_written(profile: Profile, secrets: MemoryStore) -> None:
    database = reopened(profile, secrets)
    database.close()
    database.close()
    with ProfileLock.acquire(profile.lock):  # somebody else's by now
        with pytest.raises(EnvironmentProblem) as problem, database.write():
            pass
        assert problem.value.code == "store_closed"
        with pytest.raises(EnvironmentProblem) as problem, database.read():
            pass
        assert problem.value.code == "store_closed"


def test_a_command_that_is_being_kept_is_kept_before_closing(
    profile: Profile, secrets: MemoryStore
) -> None:
    database = reopened(profile, secrets)
    ending = threading.Thread(target=database.close)
    with database.write() as connection:
        ending.start()
        meta.put(connection, "k", "v")
        with pytest.raises(EnvironmentProblem) as problem:
            reopened(profile, secrets)
        assert problem.value.code == "profile_in_use", "the lock is held as long as it is written"
    ending.join(10)
    assert not ending.is_alive()
    with closing(reopened(profile, secrets)) as again, again.read() as connection:
        assert meta.get(connection, "k") == "v"


def test_a_second_opening_is_refused_and_possible_after_the_first_closed(
    profile: Profile, secrets: MemoryStore
) -> None:
    first = reopened(profile, secrets)
    assert code_of(profile, secrets) == "profile_in_use"
    first.close()
    first.close()
    reopened(profile, secrets).close()


def test_a_lock_taken_before_is_used_and_released(profile: Profile, secrets: MemoryStore) -> None:
    lock = ProfileLock.acquire(profile.lock)
    assert code_of(profile, secrets) == "profile_in_use"
    Database.open(profile, secrets, lock=lock).close()
    with ProfileLock.acquire(profile.lock):
        assert code_of(profile, secrets) == "profile_in_use"


def test_what_was_written_is_there_again(profile: Profile, secrets: MemoryStore) -> None:
    with closing(reopened(profile, secrets)) as database, database.write() as connection:
        meta.put(connection, "k", "v")
    with closing(reopened(profile, secrets)) as database, database.read() as connection:
        assert meta.get(connection, "k") == "v"


@pytest.mark.parametrize("durable", [True, False], ids=["durable", "not durable"])
def test_an_exception_rolls_back(
    profile: Profile,
    secrets: MemoryStore,
    durable: bool,  # noqa: FBT001  pytest passes parameters by name
) -> None:
    def write_and_fail() -> None:
        with database.write(durable=durable) as connection:
            meta.put(connection, "k", "v")
            raise RuntimeError

    with closing(reopened(profile, secrets)) as database:
        with pytest.raises(RuntimeError):
            write_and_fail()
        with database.read() as connection:
            assert meta.get(connection, "k") is None


def test_every_transaction_is_durable_unless_it_asks_otherwise(
    profile: Profile, secrets: MemoryStore
) -> None:
    def level(connection: object) -> int:
        return connection.exec_driver_sql("PRAGMA synchronous").scalar()  # type: ignore[attr-defined,no-any-return]

    with closing(reopened(profile, secrets)) as database:
        with database.write(durable=False) as connection:
            assert level(connection) == 1
        with pytest.raises(RuntimeError), database.write(durable=False) as connection:
            raise RuntimeError
        for _ in range(3):
            with database.write() as connection:
                assert level(connection) == 2
                mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
                assert mode == "wal"


def test_a_missing_key_is_told_and_no_new_one_made(profile: Profile, secrets: MemoryStore) -> None:
    reopened(profile, secrets).close()
    before = profile.db.read_bytes()
    key = secrets.get(KEY_NAME)
    secrets.delete(KEY_NAME)
    assert code_of(profile, secrets) == "key_missing"
    assert secrets.get(KEY_NAME) is None
    assert profile.db.read_bytes() == before
    assert key is not None
    secrets.set(KEY_NAME, key)
    reopened(profile, secrets).close()


@pytest.mark.parametrize("name", [KEY_NAME, LOCAL_NAME, SIGN_NAME])
def test_nothing_is_encrypted_under_a_key_that_was_not_kept(profile: Profile, name: str) -> None:
    """A keyring may say yes and keep nothing: at the next start the work would be lost."""

    class Swallowing(MemoryStore):
        def set(self, key: str, value: str) -> None:
            if key != name:
                super().set(key, value)

    with pytest.raises(EnvironmentProblem) as refused:
        open_store(profile, Swallowing(), FakeClock(datetime(2026, 11, 4, tzinfo=UTC)))
    assert refused.value.code == "secrets_not_kept"
    assert not profile.db.exists()


@pytest.mark.parametrize("damage", ["another key", "overwritten", "cut"])
def test_a_store_that_cannot_be_read_is_left_as_it_is(
    profile: Profile, secrets: MemoryStore, damage: str
) -> None:
    reopened(profile, secrets).close()
    whole = profile.db.read_bytes()
    if damage == "another key":
        secrets.set(KEY_NAME, "ab" * 32)
    elif damage == "overwritten":
        profile.db.write_bytes(whole[:100] + b"\x00" * 4000 + whole[4100:])
    else:
        profile.db.write_bytes(whole[:5000])
    before = profile.db.read_bytes()
    assert code_of(profile, secrets) == "store_corrupt"
    assert profile.db.read_bytes() == before
    with ProfileLock.acquire(profile.lock):
        pass  # a failed opening does not keep the profile


def test_damage_met_later_is_told_as_what_it_is(profile: Profile, secrets: MemoryStore) -> None:
    with closing(reopened(profile, secrets)) as database, database.write() as connection:
        for number in range(400):
            meta.put(connection, f"k{number}", "x" * 500)
    whole = bytearray(profile.db.read_bytes())
    for place in range(len(whole) * 3 // 4, len(whole), 4096):
        whole[place] ^= 0xFF
    profile.db.write_bytes(bytes(whole))
    with closing(reopened(profile, secrets)) as database:
        with pytest.raises(EnvironmentProblem) as problem, database.read() as connection:
            connection.exec_driver_sql("SELECT sum(length(value)) FROM meta").all()
        assert problem.value.code == "store_corrupt"


def test_a_newer_store_is_refused_and_not_touched(profile: Profile, secrets: MemoryStore) -> None:
    reopened(profile, secrets).close()
    with closing(connect(profile.db, raw_key(secrets, profile.db))) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    assert code_of(profile, secrets) == "schema_newer"
    with closing(connect(profile.db, raw_key(secrets, profile.db))) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA + 1,)


def next_step(connection: driver.Connection) -> None:
    connection.execute("CREATE TABLE later (id TEXT)")


def broken_step(connection: driver.Connection) -> None:
    connection.execute("CREATE TABLE half (id TEXT)")
    connection.execute("SELECT no_such_column FROM meta")


def test_an_upgrade_copies_the_file_first(profile: Profile, secrets: MemoryStore) -> None:
    with closing(reopened(profile, secrets)) as database:
        assert database.copy_before_upgrade is None
        with database.write() as connection:
            meta.put(connection, "k", "before")
    with closing(Database.open(profile, secrets, steps=(*STEPS, next_step))) as database:
        copy = database.copy_before_upgrade
        with database.write() as connection:
            connection.exec_driver_sql("SELECT id FROM later")
            meta.put(connection, "k", "after")
    assert copy is not None
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(connect(copy, raw_key(secrets, profile.db))) as connection:
        assert connection.execute("SELECT value FROM meta").fetchall() == [("before",)]
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA,)


def test_old_copies_go_when_their_time_has_come(profile: Profile, secrets: MemoryStore) -> None:
    reopened(profile, secrets).close()
    with closing(Database.open(profile, secrets, steps=(*STEPS, next_step))) as database:
        copy = database.copy_before_upgrade
        assert copy is not None
        made = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
        database.forget_copies(made - timedelta(days=1))
        assert copy.exists()
        database.forget_copies(made + timedelta(days=1))
        assert not copy.exists()
        assert profile.db.exists()


def test_a_disk_that_is_full_in_an_upgrade_is_called_so(
    profile: Profile, secrets: MemoryStore
) -> None:
    def too_much(connection: driver.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        connection.execute("CREATE TABLE big (x)")
        connection.executemany("INSERT INTO big VALUES (zeroblob(4000))", [()] * 1000)

    reopened(profile, secrets).close()
    with pytest.raises(EnvironmentProblem) as problem:
        Database.open(profile, secrets, steps=(*STEPS, too_much))
    assert problem.value.code == "disk_full"
    reopened(profile, secrets).close()


HOLDER = """
import sys
from pathlib import Path
from fieldtech.errors import EnvironmentProblem
from fieldtech.store.lock import ProfileLock
try:
    ProfileLock.acquire(Path(sys.argv[1]))
    print("taken")
except EnvironmentProblem as problem:
    print(problem.code)
"""


@pytest.mark.skipif(os.name != "posix", reason="these are POSIX locks")
def test_asking_twice_in_one_process_lets_no_other_one_in(profile: Profile) -> None:
    with ProfileLock.acquire(profile.lock):
        with pytest.raises(EnvironmentProblem):
            ProfileLock.acquire(profile.lock)
        assert run_python(HOLDER, str(profile.lock)).stdout == "profile_in_use\n"
    assert run_python(HOLDER, str(profile.lock)).stdout == "taken\n"


def test_a_step_that_fails_leaves_the_store_at_the_step_before(
    profile: Profile, secrets: MemoryStore
) -> None:
    reopened(profile, secrets).close()
    with pytest.raises(EnvironmentProblem) as problem:
        Database.open(profile, secrets, steps=(*STEPS, next_step, broken_step))
    assert problem.value.code == "store_unreadable"
    with closing(connect(profile.db, raw_key(secrets, profile.db))) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA + 1,)
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "later" in names
    assert "half" not in names


def fill_the_disk(database: Database) -> None:
    with database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for number in range(1000):
            meta.put(connection, f"more-{number}", "x" * 1000)


def test_a_full_disk_is_told_and_what_was_saved_before_stays(
    profile: Profile, secrets: MemoryStore
) -> None:
    with closing(reopened(profile, secrets)) as database:
        with database.write() as connection:
            meta.put(connection, "k", "saved")
        with pytest.raises(EnvironmentProblem) as problem:
            fill_the_disk(database)
        assert problem.value.code == "disk_full"
        assert "not saved" in problem.value.what_was_kept
        with database.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
            assert meta.get(connection, "k") == "saved"
            assert meta.get(connection, "more-0") is None
            meta.put(connection, "k", "again")


def test_a_folder_that_cannot_be_written_is_told(profile: Profile, secrets: MemoryStore) -> None:
    profile.db.mkdir()
    assert code_of(profile, secrets) == "store_read_only"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("database is locked", "store_busy"),
        ("disk I/O error", "store_io"),
        ("attempt to write a readonly database", "store_read_only"),
        ("database or disk is full", "disk_full"),
    ],
)
def test_what_the_driver_says_has_a_meaning(text: str, code: str) -> None:
    problem = problem_from(driver.OperationalError(text))
    assert problem is not None
    assert problem.code == code


def test_our_own_mistakes_are_not_blamed_on_the_world(
    profile: Profile, secrets: MemoryStore
) -> None:
    assert problem_from(driver.OperationalError("no such table: x")) is None
    with (
        closing(reopened(profile, secrets)) as database,
        pytest.raises(Exception, match="no such table"),
        database.read() as connection,
    ):
        connection.exec_driver_sql("SELECT 1 FROM nowhere")


Shape = dict[str, tuple[list[tuple[object, ...]], set[tuple[tuple[str, ...], bool]]]]


def shape(connection: driver.Connection) -> Shape:
    """Columns and indexes of every plain table."""
    names = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND name NOT LIKE 'sqlite_%'"
        )
    ]
    found: Shape = {}
    for name in names:
        columns = connection.execute(
            'SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY name', (name,)
        ).fetchall()
        indexes = set()
        for index, unique in connection.execute(
            'SELECT name, "unique" FROM pragma_index_list(?)', (name,)
        ).fetchall():
            parts = connection.execute(
                "SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,)
            )
            indexes.add((tuple(row[0] for row in parts), bool(unique)))
        found[name] = (columns, indexes)
    return found


def test_models_equal_migrations(tmp_path: Path) -> None:
    with (
        closing(driver.connect(":memory:", isolation_level=None)) as migrated,
        closing(driver.connect(str(tmp_path / "models.db"), isolation_level=None)) as modelled,
    ):
        for step in STEPS:
            step(migrated)
        engine = create_engine(
            "sqlite://", creator=lambda: driver.connect(str(tmp_path / "models.db")), module=driver
        )
        metadata.create_all(engine)
        engine.dispose()
        expected = shape(modelled)
        found = {name: what for name, what in shape(migrated).items() if "_words" not in name}
        for name, (columns, indexes) in expected.items():
            lowered = [(c[0], _plain(str(c[1])), *c[2:]) for c in columns]
            assert found[name][0] == lowered, name
            assert found[name][1] == indexes, name
        assert found.keys() == expected.keys()


def _plain(kind: str) -> str:
    return {"FLOAT": "REAL"}.get(kind, kind)
