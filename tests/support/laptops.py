"""Real laptops for tests: a profile on disk, its store, and the real sync to a real central."""

from __future__ import annotations

import itertools
import subprocess
import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import central_seed
import msgspec
from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.database import Database
from fieldtech.clock import Clock, SystemClock
from fieldtech.domain.case import Rejection
from fieldtech.domain.check_commands import WaiveCheck
from fieldtech.domain.commands import (
    AssignVisit,
    FieldTime,
    RegisterIncident,
    RestoreIncident,
)
from fieldtech.domain.words import Attribution
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore, SecretStore
from fieldtech.store.opening import Store, open_store
from fieldtech.store.work import NewCommand, Queued
from fieldtech.sync.assembly import open_runner
from fieldtech.sync.backoff import Pace
from fieldtech.sync.runner import SyncRunner
from fieldtech.sync.signin import sign_in
from fieldtech.sync.transport import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldtech.domain.case import Case
    from fieldtech.sync.runner import SyncReport

QUICK = Patience(connect_s=5.0, stall_s=5.0, total_s=20.0)
_numbers = itertools.count(1)


@dataclass(slots=True)
class Laptop:
    """One profile of one user. ``close`` and ``open`` end and start the program on it."""

    folder: Path
    user: str
    clock: Clock = field(default_factory=SystemClock)
    patience: Patience = QUICK
    url: str = ""
    _store: Store | None = None
    _runner: SyncRunner | None = None

    @property
    def profile(self) -> Profile:
        return Profile.open(self.folder)

    @property
    def secrets(self) -> SecretStore:
        return FileStore(self.profile.key_file)

    @property
    def store(self) -> Store:
        assert self._store is not None
        return self._store

    @property
    def runner(self) -> SyncRunner:
        if self._runner is None:
            self._runner = open_runner(
                self.store, self.secrets, self.clock, patience=self.patience, pace=Pace()
            )
        return self._runner

    def open(self) -> Store:
        """Start the program: open the profile's store."""
        if self._store is None:
            self._store = open_store(self.profile, self.secrets, self.clock)
        return self._store

    def close(self) -> None:
        """End the program."""
        self.restart_sync()
        if self._store is not None:
            self._store.close()
        self._store = None

    def restart_sync(self) -> None:
        """Let the next synchronisation know nothing of those before."""
        if self._runner is not None:
            self._runner.close()
        self._runner = None

    def sign_in(self, url: str) -> None:
        """Sign in with the password of the small world."""
        self.url = url
        sign_in(
            self.open(),
            self.secrets,
            self.clock,
            central_url=url,
            user=self.user,
            password=central_seed.PASSWORD,
            device_name="test",
            patience=self.patience,
        )

    def sync(self) -> SyncReport:
        """Synchronise once, whatever comes of it."""
        return self.runner.run_once()

    def sync_clean(self) -> SyncReport:
        """Synchronise once, without any problem."""
        report = self.sync()
        assert report.problem is None, report.problem
        return report

    def sync_settled(self) -> SyncReport:
        """Synchronise once; everything this laptop did is at the central and was accepted."""
        report = self.sync_clean()
        assert (report.waiting, report.refused) == (0, ())
        return report

    def queue(self, name: str, target: str, args: object, **expect: str) -> Queued:
        """Queue a command that the rules accept."""
        outcome = self.store.work.queue(
            NewCommand(name=name, target=target, args=args, expect=expect)
        )
        assert isinstance(outcome, Queued), outcome
        return outcome

    def refused(self, name: str, target: str, args: object) -> Rejection:
        """Queue a command that the rules refuse."""
        outcome = self.store.work.queue(NewCommand(name=name, target=target, args=args))
        assert isinstance(outcome, Rejection), outcome
        return outcome

    def case(self, incident_id: str) -> Case:
        """An incident as this laptop shows it."""
        return self.store.cases.get(incident_id)

    # The day's work, in the domain's words.

    def register(self, *, place: str = "gdl", affected: int = 20) -> str:
        """A dispatcher registers a fault; returns the incident's id."""
        incident_id = f"inc-{uuid.uuid4()}"
        self.queue(
            "incident.register",
            f"incident:{incident_id}",
            RegisterIncident(
                site_id=f"s-{place}",
                customer_id=f"c-{place}",
                service_id=f"v-{place}",
                region_id=place.partition("-")[0],
                title="Sin servicio de internet",
                notified_at=self.clock.now() - timedelta(minutes=5),
                channel="phone",
                affected=affected,
            ),
        )
        return incident_id

    def assign(self, incident_id: str, technician: str) -> str:
        """A dispatcher sends a technician; returns the visit's id."""
        visit_id = f"vis-{uuid.uuid4()}"
        self.queue(
            "visit.assign",
            f"visit:{visit_id}",
            AssignVisit(incident_id=incident_id, technician_id=technician),
        )
        return visit_id

    def arrive(self, visit_id: str) -> None:
        """A technician accepts, drives and arrives."""
        for step in ("accept", "start_travel", "arrive"):
            self.queue(f"visit.{step}", f"visit:{visit_id}", FieldTime())

    def answer_checklist(self, visit_id: str) -> None:
        """A technician waives what the checklist insists on."""
        incident_id = self.store.cases.incident_of_visit(visit_id)
        assert incident_id is not None
        visit = self.case(incident_id).visit(visit_id)
        assert visit is not None
        template = self.store.reference.template(visit.checklist)
        assert template is not None
        for item in template.items:
            if item.mandatory:
                waived = WaiveCheck(item=item.id, reason="medido a mano")
                self.queue("check.waive", f"visit:{visit_id}", waived)

    def restore_args(self) -> RestoreIncident:
        """What a restoration brings."""
        policy = self.store.reference.rules().rulebook.policies[0]
        return RestoreIncident(
            restored_at=self.clock.now(),
            attribution=Attribution.OWN_NETWORK,
            cause=policy.causes[0].code,
            solution=policy.solutions[0].code,
        )

    def restore(self, incident_id: str) -> None:
        """A technician restores the service."""
        self.queue("incident.restore", f"incident:{incident_id}", self.restore_args())


class Sign(Protocol):
    """Gives a laptop on which a user of the small world has signed in."""

    def __call__(self, user: str, url: str = "", **settings: Any) -> Laptop:
        """Sign in, at the central itself unless ``url`` says otherwise."""
        ...


@contextmanager
def laptop(folder: Path, user: str, url: str, **settings: Any) -> Iterator[Laptop]:
    """A laptop on which ``user`` has signed in at the central under ``url``."""
    machine = Laptop(folder=folder / f"{user}-{next(_numbers)}", user=user, **settings)
    try:
        machine.sign_in(url)
        yield machine
    finally:
        machine.close()


@dataclass(frozen=True, slots=True)
class CentralRecords:
    """What stands in a central's database, read past its door."""

    data: Path

    def body(self, entity: str, entity_id: str) -> dict[str, Any]:
        """An entity as the central has it."""
        table = tables.body
        with self._database() as database, database.read() as connection:
            text = connection.execute(
                select(table.c.text).where(table.c.entity == entity, table.c.id == entity_id)
            ).scalar_one()
        plain: dict[str, Any] = msgspec.json.decode(text)
        return plain

    def outcomes(self, op_id: str) -> list[str]:
        """What became of a command: one status for each time it was stored."""
        table = tables.op
        with self._database() as database, database.read() as connection:
            return list(
                connection.execute(select(table.c.status).where(table.c.op_id == op_id)).scalars()
            )

    @contextmanager
    def _database(self) -> Iterator[Database]:
        database = Database.in_folder(self.data)
        try:
            yield database
        finally:
            database.close()


def run_python(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script as another process; a killed one has a negative return code."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
