"""The real process is killed with -9 at the worst moments; nothing acknowledged is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import central_seed
import laptops
import pytest
from central_process import running_central

from fieldtech.central.feed import Writer
from fieldtech.clock import SystemClock
from fieldtech.errors import EnvironmentProblem
from fieldtech.store.agenda import AgendaQuery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central_process import CentralProcess
    from laptops import CentralRecords, Laptop, Sign

    from fieldtech.central.database import Database

KILL_AT = """
import os, signal, sys
from pathlib import Path
import fieldtech.store.database as database
from fieldtech.clock import SystemClock
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore

folder, statement, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen = 0

def connect(path, key, plain=database.connect):
    connection = plain(path, key)
    def watch(text):
        global seen
        if armed and text.lstrip().startswith(statement):
            seen += 1
            if seen == times:
                os.kill(os.getpid(), signal.SIGKILL)
    connection.set_trace_callback(watch)
    return connection

armed = False
database.connect = connect
from fieldtech.store.opening import open_store
profile = Profile.open(folder)
secrets = FileStore(profile.key_file)
store = open_store(profile, secrets, SystemClock())
armed = True
"""

QUEUE_NOTE = (
    KILL_AT
    + """
from fieldtech.domain.commands import AddNote
from fieldtech.store.work import NewCommand
store.work.queue(NewCommand(name="incident.note", target=sys.argv[4], args=AddNote(text="a salvo")))
# Here the screen would say "guardado".
os.kill(os.getpid(), signal.SIGKILL)
"""
)

SYNC = (
    KILL_AT
    + """
from fieldtech.sync.assembly import open_runner
print(open_runner(store, secrets, SystemClock()).run_once(), flush=True)
"""
)

HOLD = """
import sys
from fieldtech.clock import SystemClock
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.store.opening import open_store
profile = Profile.open(sys.argv[1])
store = open_store(profile, FileStore(profile.key_file), SystemClock())
print("open", flush=True)
sys.stdin.read()
"""


def assigned(sign: Sign) -> tuple[Laptop, str]:
    dora, ana = sign("dora"), sign("ana")
    dora.sync_clean()
    incident_id = dora.register()
    dora.assign(incident_id, "ana")
    dora.sync_settled()
    ana.sync_clean()
    ana.close()
    return ana, incident_id


def test_kill9_between_outbox_and_ui_ack(sign: Sign, records: CentralRecords) -> None:
    """Committed but never confirmed on screen: it is there after the restart, and goes up once."""
    ana, incident_id = assigned(sign)
    target = f"incident:{incident_id}"
    killed = laptops.run_python(QUEUE_NOTE, str(ana.folder), "never", "0", target)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    ana.open()
    assert [note.text for note in ana.case(incident_id).incident.notes] == ["a salvo"]
    assert ana.store.outbox.counts().waiting == 1
    assert ana.store.agenda.rows([incident_id])[0].waiting == 1
    ana.sync_clean()
    assert [n["text"] for n in records.body("incident", incident_id)["notes"]] == ["a salvo"]


@pytest.mark.parametrize(("statement", "kept"), [("INSERT INTO outbox", 0), ("COMMIT", 1)])
def test_killed_before_the_commit_all_or_nothing_is_there(
    sign: Sign, statement: str, kept: int
) -> None:
    """Before the journal has it there is no trace; once it has, it is as good as committed."""
    ana, incident_id = assigned(sign)
    target = f"incident:{incident_id}"
    killed = laptops.run_python(QUEUE_NOTE, str(ana.folder), statement, "1", target)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    ana.open()
    assert len(ana.case(incident_id).incident.notes) == kept
    assert ana.store.outbox.counts().waiting == kept
    assert ana.store.agenda.rows([incident_id])[0].waiting == kept


def crowded(database: Database) -> None:
    """The small world with 400 more places: more rows than one page holds."""
    now = SystemClock().now()
    central_seed.seed(database, now)
    with database.write() as connection:
        writer = Writer(connection, now=now)
        for number in range(400):
            central_seed.put_place(writer, "gdl", suffix=f"-{number}")
        writer.flush()


@pytest.fixture(scope="module")
def crowded_central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentralProcess]:
    with running_central(tmp_path_factory.mktemp("crowded"), prepare=crowded) as running:
        yield running


@pytest.mark.parametrize(
    ("statement", "times"),
    [
        ("INSERT INTO mirror", 1),
        ("INSERT INTO mirror", 700),
        ("INSERT INTO member", 1),
        ("INSERT INTO mirror", 1200),
        ("INSERT OR REPLACE INTO bucket", 1),
        ("COMMIT", 1),
        ("COMMIT", 2),
        ("BEGIN IMMEDIATE", 3),
        ("INSERT OR REPLACE INTO place", 1),
    ],
)
def test_kill9_mid_page_apply(
    sign: Sign, crowded_central: CentralProcess, statement: str, times: int
) -> None:
    """Page and cursor are both there or both absent; the next run brings what is granted."""
    dora = sign("dora", crowded_central.url)
    dora.close()
    killed = laptops.run_python(SYNC, str(dora.folder), statement, str(times))
    assert killed.returncode == -signal.SIGKILL, killed.stderr + killed.stdout

    dora.open()
    with dora.store.database.read() as connection:
        rows, distinct, members, sizes = (
            connection.exec_driver_sql(f"SELECT {what}").scalar()
            for what in (
                "count(*) FROM mirror",
                "count(DISTINCT rid) FROM member",
                "count(*) FROM member",
                "coalesce(sum(size), 0) FROM bucket",
            )
        )
    assert (rows, members) == (distinct, sizes), "a page is whole or absent, and counted"

    dora.sync_clean()
    assert dora.sync_clean().pulled == 0
    with dora.store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM dirty").scalar() == 0
        services = connection.exec_driver_sql(
            "SELECT count(*) FROM mirror WHERE entity = 'service'"
        ).scalar()
    assert services == 402
    assert len(dora.store.places.search("vallarta", limit=1000)) == 402
    assert dora.store.agenda.page(AgendaQuery()).total == 0


def test_two_processes_same_profile(sign: Sign) -> None:
    """The second is refused at once and clearly; a kill -9 of the first lets the next one in."""
    ana = sign("ana")
    ana.close()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(ana.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(EnvironmentProblem) as refused:
            ana.open()
        assert refused.value.code == "profile_in_use"
    finally:
        holder.kill()
        holder.communicate()

    ana.open()
    assert ana.sync_clean().problem is None
