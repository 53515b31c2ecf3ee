"""Two processes serve one PostgreSQL: any request may go to either, and any may be lost."""

from __future__ import annotations

import json
import subprocess
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import laptops
import pytest
from fault_proxy import Fault, fault_proxy
from sqlalchemy import func, select

from demo.central_process import REPO_CLI, START_LIMIT_S, STOP_LIMIT_S
from demo.lines import next_line
from fieldtech.central import tables
from fieldtech.central.database import Database
from fieldtech.domain.commands import AddNote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fault_proxy import FaultProxy
    from laptops import Laptop
    from postgres import Cluster

DRAINED = 0


class Worker:
    """One ``fieldtech-central serve`` over that database."""

    def __init__(self, database: str, folder: Path, number: int) -> None:
        place = ["--database", database, "--keys", str(folder), "--port", "0"]
        self._log = (folder / f"stderr-{number}.log").open("wb")
        self._process = subprocess.Popen(
            [*REPO_CLI, "serve", *place],
            stdout=subprocess.PIPE,
            stderr=self._log,
            encoding="utf-8",
        )
        self.url = str(json.loads(next_line(self._process, START_LIMIT_S))["url"])

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(STOP_LIMIT_S)

    def end(self) -> int:
        """Let it drain; return its exit code (negative once it was killed)."""
        self._process.terminate()
        code = self._process.wait(STOP_LIMIT_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()
        return code


class Office(NamedTuple):
    """Both workers, the balancer before them, and a look past their door."""

    one: Worker
    two: Worker
    balancer: FaultProxy
    database: Database

    def take_turns(self) -> None:
        """Send each request to the worker that did not have the last one."""
        urls = [self.one.url, self.two.url]

        def turn() -> None:
            urls.reverse()
            self.balancer.target = urls[0]

        self.balancer.plan("*", turn)

    def notes(self, incident_id: str) -> list[str]:
        body = tables.body.c
        query = select(body.text).where(body.entity == "incident", body.id == incident_id)
        with self.database.read() as connection:
            text = connection.execute(query).scalar_one()
        return [note["text"] for note in json.loads(text).get("notes", [])]


@pytest.fixture
def office(cluster: Cluster, seeded: str, tmp_path: Path) -> Iterator[Office]:
    url = cluster.copy_of(seeded)
    with ExitStack() as stack:
        database = Database.open(url)
        stack.callback(database.close)
        one = Worker(url, tmp_path, 1)
        stack.callback(one.end)
        two = Worker(url, tmp_path, 2)
        stack.callback(two.end)
        balancer = stack.enter_context(fault_proxy(one.url))
        yield Office(one, two, balancer, database)


@contextmanager
def at_work(office: Office, folder: Path) -> Iterator[tuple[Laptop, str]]:
    """Ana, and an incident that Dora has sent her to."""
    url = office.balancer.url
    with (
        laptops.laptop(folder, "dora", url) as dora,
        laptops.laptop(folder, "ana", url) as ana,
    ):
        dora.sync_clean()
        incident = dora.register()
        dora.assign(incident, "ana")
        dora.sync_settled()
        ana.sync_clean()
        yield ana, incident


def test_it_does_not_matter_which_worker_answers(office: Office, tmp_path: Path) -> None:
    office.take_turns()
    with at_work(office, tmp_path) as (ana, incident):
        for number in range(4):
            ana.queue("incident.note", f"incident:{incident}", AddNote(text=f"{number}"))
            ana.sync_settled()
        assert office.notes(incident) == ["0", "1", "2", "3"]
        assert len(ana.case(incident).visits) == 1
    assert (office.one.end(), office.two.end()) == (DRAINED, DRAINED)


def test_a_killed_workers_push_is_taken_once_by_the_other(office: Office, tmp_path: Path) -> None:
    with at_work(office, tmp_path) as (ana, incident):
        target = f"incident:{incident}"
        ana.queue("incident.note", target, AddNote(text="su respuesta se pierde"))
        office.balancer.plan("/push", Fault.LOSE_REPLY)
        assert ana.sync().problem is not None
        ana.queue("incident.note", target, AddNote(text="llega con ella"))
        office.balancer.plan("/push", office.one.kill)
        assert ana.sync().problem is not None
        office.balancer.target = office.two.url
        ana.sync_settled()
        assert office.notes(incident) == ["su respuesta se pierde", "llega con ella"]
    with office.database.read() as connection:
        op = tables.op.c
        mine = select(func.count()).where(op.user_id == "ana", op.cmd == "incident.note")
        assert connection.execute(mine).scalar_one() == 2
    assert office.two.end() == DRAINED
