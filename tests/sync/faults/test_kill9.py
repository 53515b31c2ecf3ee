"""``kill -9`` at seeded acts of the real program, again and again on the same profile.

An act is whatever it does to a file of the profile or says to the network (see ``powerloss``).
After each kill the profile opens, everything that was called saved is there, and the next round
goes on from what was left; at the end the central has each command once, in order, and each file
whole.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
import tally
from powerloss.building import needs_compiler, run_watched

from fieldtech.domain.commands import AddNote
from fieldtech.secrets import FileStore
from fieldtech.store.blobs import queue
from fieldtech.sync.assembly import open_sender
from fieldtech.sync.metering import Unmetered

if TYPE_CHECKING:
    from central_process import CentralProcess
    from laptops import CentralRecords, Laptop, Sign

pytestmark = needs_compiler

ROUNDS, SOAK_ROUNDS = 15, 300
LATEST_AT_START, LATEST_AT_WORK = 120, 700
"""Acts after which nearly every start, and nearly every round, is over."""


@dataclass
class Told:
    """What the program had called saved, over all rounds."""

    op_ids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def take_in(self, printed: str) -> None:
        for line in printed.splitlines():
            match line.split():
                case ["saved", op_id, text]:
                    self.op_ids.append(op_id)
                    self.texts.append(text)
                case ["file", sha256]:
                    self.files.append(sha256)


def assigned(dora: Laptop, ana: Laptop) -> str:
    dora.sync_clean()
    incident_id = dora.register()
    dora.assign(incident_id, "ana")
    dora.sync_settled()
    ana.sync_clean()
    return incident_id


def kill_rounds(
    ana: Laptop, dora: Laptop, records: CentralRecords, how_many: int, data: Path
) -> None:
    incident_id = assigned(dora, ana)
    ana.close()
    told, dice = Told(), Random(9)  # noqa: S311  a seeded choice
    for number in range(how_many):
        since = "start" if number % 5 == 4 else "work"
        act = dice.randint(1, LATEST_AT_START if since == "start" else LATEST_AT_WORK)
        with_note = number % 3 == 0
        if with_note:  # news for the next pull
            dora.queue("incident.note", f"incident:{incident_id}", AddNote(text=f"dora {number}"))
            dora.sync_settled()
        told.take_in(
            run_watched(
                "powerloss.child_rounds",
                ana.folder,
                *(incident_id, str(act), str(number), since),
                ends=-signal.SIGKILL,
            )
        )
        check_after_the_kill(ana, told, f"round {number}: act {act} of the {since}")
    ana.open()
    ana.sync_settled()
    send_files(ana)
    check_at_the_central(records, incident_id, told, data)


def check_after_the_kill(ana: Laptop, told: Told, where: str) -> None:
    store = ana.open()
    with store.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT op_id FROM outbox ORDER BY n").scalars().all()
    known = set(told.op_ids)
    tally.count(
        rounds=1,
        faults={"kill9": 1},
        lost=len(known - set(rows)),
        duplicated=len(rows) - len(set(rows)),
    )
    assert [op_id for op_id in rows if op_id in known] == told.op_ids, where
    assert len(set(rows)) == len(rows), where
    missing = [sha256 for sha256 in told.files if not store.shelf.has(sha256)]
    assert not missing, where
    ana.close()


def send_files(ana: Laptop) -> None:
    secrets = FileStore(ana.profile.key_file)
    sender = open_sender(ana.store, secrets, ana.clock, meter=Unmetered(), patience=ana.patience)
    try:
        report = sender.run_once()
    finally:
        sender.close()
    assert (report.left, report.aside, report.problem) == (0, 0, None)
    with ana.store.database.read() as connection:
        assert queue.counts(connection).waiting == 0


def check_at_the_central(records: CentralRecords, incident_id: str, told: Told, data: Path) -> None:
    outcomes = {op_id: records.outcomes(op_id) for op_id in told.op_ids}
    tally.count(
        acknowledged=len(told.op_ids),
        lost=sum(not outcome for outcome in outcomes.values()),
        duplicated=sum(len(outcome) > 1 for outcome in outcomes.values()),
    )
    assert outcomes == {op_id: ["applied"] for op_id in told.op_ids}
    body = records.body("incident", incident_id)
    mine = [note["text"] for note in body["notes"] if not note["text"].startswith("dora")]
    assert len(set(mine)) == len(mine), "once each"
    known = set(told.texts)
    assert [text for text in mine if text in known] == told.texts, "in order"
    for sha256 in told.files:
        assert (data / "blobs" / sha256[:2] / sha256).exists()
    assert len(told.op_ids) >= 10, "the rounds got somewhere"


def test_kill9_again_and_again(
    sign: Sign, records: CentralRecords, central: CentralProcess
) -> None:
    kill_rounds(sign("ana"), sign("dora"), records, ROUNDS, central.data)


@pytest.mark.soak
@pytest.mark.timeout(2400)
def test_kill9_hundreds_of_times(
    sign: Sign, records: CentralRecords, central: CentralProcess
) -> None:
    kill_rounds(sign("ana"), sign("dora"), records, SOAK_ROUNDS, central.data)


@pytest.mark.timeout(900)
def test_kill9_between_outbox_and_ui_ack_at_every_act(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """One note, killed at each of its acts: told of it, it is there; else all of it or nothing."""
    every = 1 if request.config.getoption("--soak") else 2
    killed = run_watched("powerloss.child_forks", tmp_path, "queue", str(every), timeout_s=800)
    tally.count(rounds=int(killed), faults={"kill9": int(killed)})
    assert int(killed) * every >= 20


@pytest.mark.timeout(900)
def test_kill9_mid_page_apply_at_every_act(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Several pages, killed at each of their acts: each is there with its cursor, or not at all."""
    every = 1 if request.config.getoption("--soak") else 5
    killed = run_watched("powerloss.child_forks", tmp_path, "page", str(every), timeout_s=800)
    tally.count(rounds=int(killed), faults={"kill9": int(killed)})
    assert int(killed) * every >= 60
