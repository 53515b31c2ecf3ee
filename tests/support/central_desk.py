"""Laptops of tests that talk to a central in this process, command by command."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import central_seed
import msgspec
from sqlalchemy import select
from starlette.testclient import TestClient

from fieldtech.central import tables
from fieldtech.central.app import create_app
from fieldtech.central.blobs.folder import FolderStore
from fieldtech.central.database import Database
from fieldtech.protocol import codec, wire
from fieldtech.protocol.uuid7 import uuid7

if TYPE_CHECKING:
    import httpx2

    from fieldtech.clock import FakeClock

Key = tuple[str, str]
START = datetime(2026, 11, 4, 15, 0, tzinfo=UTC)
"""When the small world was written: a Wednesday morning in Guadalajara."""

_device_numbers = itertools.count(1)


@cache
def _seeded() -> tempfile.TemporaryDirectory[str]:
    """The small world, written once for the whole run."""
    folder = tempfile.TemporaryDirectory(prefix="fieldtech-seed-")
    database = Database.in_folder(Path(folder.name))
    central_seed.seed(database, START)
    database.close()
    return folder


class Desk:
    """A seeded central in this process with a clock that stands still."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        shutil.copytree(_seeded().name, folder)
        self._open(Database.in_folder(folder), clock, folder)

    @classmethod
    def over(cls, database: Database, clock: FakeClock, folder: Path) -> Self:
        """The central over a database that is seeded already."""
        made = cls.__new__(cls)
        made._open(database, clock, folder)
        return made

    def _open(self, database: Database, clock: FakeClock, folder: Path) -> None:
        self.clock = clock
        self.database = database
        self.client = TestClient(
            create_app(
                self.database, clock, housekeeping=False, blobs=FolderStore(folder / "blobs")
            ),
            raise_server_exceptions=False,
        )
        # Entered, it keeps one event loop for all requests; otherwise each one gets its own.
        self.client.__enter__()

    def close(self) -> None:
        """Let go of the database."""
        self.client.__exit__(None, None, None)
        self.database.close()

    def laptop(self, user: str, *, device_id: str = "") -> Laptop:
        """A new laptop on which ``user`` has signed in and said hello."""
        laptop = Laptop(self, user, device_id or f"device-{next(_device_numbers):04d}")
        laptop.sign_in()
        laptop.hello()
        return laptop


@dataclass(slots=True)
class Laptop:
    """Numbers commands, pushes them, and keeps what pulls bring, as a real one does."""

    desk: Desk
    user: str
    device_id: str
    next_n: int = 1
    epoch: str = ""
    access: str = ""
    refresh_token: str = ""
    cursor: dict[str, int] = field(default_factory=dict)
    members: dict[str, dict[Key, int]] = field(default_factory=dict)
    bodies: dict[Key, dict[str, Any]] = field(default_factory=dict)
    order: list[list[Any]] = field(default_factory=list)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def sign_in(self) -> httpx2.Response:
        """Sign in with the password of the seed."""
        told = self.desk.client.post(
            "/v1/session",
            json={
                "user": self.user,
                "password": central_seed.PASSWORD,
                "device_id": self.device_id,
                "device_name": "test",
            },
        )
        if told.status_code == 200:
            self._keep(told.json())
        return told

    def post(self, path: str, message: object, **headers: str) -> httpx2.Response:
        """Post a JSON message with this laptop's token, turned over once when it is refused."""
        told = self._post(path, message, headers)
        if told.status_code == 401 and self.refresh().status_code == 200:
            told = self._post(path, message, headers)
        return told

    def refresh(self, token: str = "") -> httpx2.Response:
        """Turn over the refresh token (or ``token``); keep the new pair."""
        asked = {"refresh_token": token or self.refresh_token, "device_id": self.device_id}
        told = self.desk.client.post("/v1/session/refresh", json=asked)
        if told.status_code == 200:
            self._keep(told.json())
        return told

    def _keep(self, told: dict[str, Any]) -> None:
        self.access, self.refresh_token = told["access_token"], told["refresh_token"]

    def _post(self, path: str, message: object, headers: dict[str, str]) -> httpx2.Response:
        content = message if isinstance(message, bytes) else msgspec.json.encode(message)
        whose = {"Authorization": f"Bearer {self.access}", "Content-Type": "application/json"}
        return self.desk.client.post(path, content=content, headers={**whose, **headers})

    def hello(self) -> httpx2.Response:
        """Say hello and take the epoch."""
        asked = wire.HelloRequest(
            device_id=self.device_id, app="test", schema=1, next_n=self.next_n
        )
        told = self.post("/v1/sync/hello", asked)
        if told.status_code == 200:
            self.epoch = told.json()["epoch"]
        return told

    def envelope(
        self, cmd: str, target: str, *, n: int | None = None, **args: Any
    ) -> dict[str, Any]:
        """Number one command; ``expect`` among ``args`` becomes the envelope's own."""
        expect = args.pop("expect", {})
        if n is None:
            n, self.next_n = self.next_n, self.next_n + 1
        occurred_at = codec.to_stamp(self.desk.clock.now())
        return {
            "n": n,
            "op_id": uuid7(self.desk.clock.now()),
            "v": 1,
            "cmd": cmd,
            "target": target,
            "occurred_at": occurred_at,
            "args": args,
            "expect": expect,
            "sha256": codec.digest(codec.body_bytes(cmd, target, occurred_at, args)),
        }

    def push_raw(self, *ops: Any, epoch: str = "") -> httpx2.Response:
        """Push these envelopes as they are."""
        told = wire.PushRequest(device_id=self.device_id, epoch=epoch or self.epoch, ops=list(ops))
        return self.post("/v1/sync/push", told)

    def push(self, *ops: Any) -> list[dict[str, Any]]:
        """Push these envelopes; return their results."""
        told = self.push_raw(*ops)
        assert told.status_code == 200, told.text
        results: list[dict[str, Any]] = told.json()["results"]
        return results

    def do(self, cmd: str, target: str, **args: Any) -> dict[str, Any]:
        """Push one command; return its result."""
        return self.push(self.envelope(cmd, target, **args))[0]

    def pull(self, *, limit: int = wire.MAX_PULL_ROWS) -> int:
        """Pull until nothing more comes; return how many pages that took."""
        pages = 1
        while self.pull_page(limit=limit)["more"]:
            pages += 1
        return pages

    def pull_page(self, *, limit: int = wire.MAX_PULL_ROWS) -> dict[str, Any]:
        """Pull one page and apply it; return its ``end``."""
        asked = wire.PullRequest(
            device_id=self.device_id, epoch=self.epoch, cursor=self.cursor, limit=limit
        )
        told = self.post("/v1/sync/pull", asked)
        assert told.status_code == 200, told.text
        lines = [msgspec.json.decode(line) for line in told.content.splitlines()]
        assert lines[0][0] == "begin"
        assert lines[-1][0] == "end"
        begin, end = lines[0][1], lines[-1][1]
        for bucket in [*begin["drop"], *begin["reset"]]:
            self.members.pop(bucket, None)
        for line in lines[1:-1]:
            self._apply(line)
        self.order += lines[1:-1]
        self.cursor = end["cursor"]
        self.checks |= {check["bucket"]: check for check in end["check"]}
        return dict(end)

    def _apply(self, line: list[Any]) -> None:
        op, bucket, _seq, entity, entity_id, rev = line[:6]
        members = self.members.setdefault(bucket, {})
        key = (entity, entity_id)
        if op == "put":
            members[key] = rev
            self.bodies[key] = line[6]
        else:
            members.pop(key, None)
            if not any(key in others for others in self.members.values()):
                self.bodies.pop(key, None)

    def has(self, entity: str, entity_id: str) -> bool:
        """Tell whether an entity is a member of any bucket here."""
        return any((entity, entity_id) in members for members in self.members.values())

    def ids(self, entity: str) -> set[str]:
        """The ids of all entities of a kind that are here."""
        return {key[1] for members in self.members.values() for key in members if key[0] == entity}

    def assert_sums(self) -> None:
        """Compare count and additive hash of every bucket with what the central told."""
        for bucket, check in self.checks.items():
            members = self.members.get(bucket, {})
            total = sum(codec.row_hash(*key, rev) for key, rev in members.items())
            assert check["count"] == len(members), bucket
            assert check["hash"] == str(total % codec.HASH_MODULUS), bucket


def register(laptop: Laptop, incident_id: str, municipality: str = "gdl") -> dict[str, Any]:
    """Let a dispatcher register an incident at the seeded place of a municipality."""
    return laptop.do("incident.register", f"incident:{incident_id}", **place(laptop, municipality))


def place(laptop: Laptop, municipality: str = "gdl") -> dict[str, Any]:
    """The arguments that register an incident there."""
    return {
        "site_id": f"s-{municipality}",
        "customer_id": f"c-{municipality}",
        "service_id": f"v-{municipality}",
        "region_id": municipality,
        "title": "Sin internet",
        "notified_at": codec.to_stamp(laptop.desk.clock.now()),
        "affected": 40,
    }


def assign(laptop: Laptop, incident_id: str, visit_id: str, technician: str) -> dict[str, Any]:
    """Let a dispatcher send a technician."""
    return laptop.do(
        "visit.assign", f"visit:{visit_id}", incident_id=incident_id, technician_id=technician
    )


def note(laptop: Laptop, text: str, *, n: int | None = None) -> dict[str, Any]:
    """The envelope of a note on ``inc-1``."""
    return laptop.envelope("incident.note", "incident:inc-1", n=n, text=text)


def notes_of(desk: Desk, incident_id: str = "inc-1") -> list[str]:
    """The notes that the central has on an incident, in their order."""
    with desk.database.read() as connection:
        body = tables.body.c
        query = select(body.text).where(body.entity == "incident", body.id == incident_id)
        text = connection.execute(query).scalar_one()
    return [each["text"] for each in json.loads(text).get("notes", [])]
