"""Six laptops of five people at a small central in this process, over a link that misbehaves.

What each of them was told is saved stands in ``Hand.given``; what was refused to him, and what he
decided about it, beside it: the ground truth that ``sync_truth`` holds the stores against.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import central_seed
import msgspec
from field_office import CENTRAL_URL, NOW, InProcess, Office, new_clock, new_office

from fieldtech.central.database import Database as CentralDatabase
from fieldtech.central.database import new_epoch, read_meta
from fieldtech.central.feed import Writer
from fieldtech.central.people import put_person
from fieldtech.clock import FakeClock
from fieldtech.domain.reference import Person
from fieldtech.domain.words import Role
from fieldtech.paths import Profile
from fieldtech.protocol.codec import to_stamp
from fieldtech.protocol.wire import SessionRequest
from fieldtech.secrets import FileStore
from fieldtech.store import central_time, devices
from fieldtech.store.opening import Store, open_store
from fieldtech.store.work import NewCommand, Queued
from fieldtech.sync.client import PROBLEM_JSON, CentralClient
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.runner import SyncRunner
from fieldtech.sync.tokens import TokenBox, Tokens
from fieldtech.sync.transport import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fieldtech.store.blobs.shelf import BlobRef
    from fieldtech.store.outbox import OutboxItem
    from fieldtech.sync.runner import SyncReport
    from fieldtech.sync.transport import Patience

ROWS = 9
"""A page's most rows: an incident, its place and its visits seldom come in one."""

PEOPLE = {"ana": "ana", "ana-2": "ana", "beto": "beto", "caro": "caro", "dora": "dora"}
PEOPLE["nora"] = "nora"
"""Laptops and whose they are: Ana works on two."""

UNREACHED, REPLY_LOST, CUT, DOUBLED = "unreached", "reply lost", "reply cut", "request doubled"
LATE_COPY, FAILED, BUSY, GATEWAY = "request again later", "answered 500", "answered 429", "502"
PORTAL, EXPIRED, STALLED = "captive portal", "token expired", "stalled"
FAULTS = (
    UNREACHED,
    REPLY_LOST,
    CUT,
    DOUBLED,
    LATE_COPY,
    FAILED,
    BUSY,
    GATEWAY,
    PORTAL,
    EXPIRED,
    STALLED,
)
_NEVER_ARRIVES = {
    UNREACHED: Failure(kind=Kind.UNREACHABLE),
    STALLED: Failure(kind=Kind.TIMEOUT),
}


class RoughLink(InProcess):
    """A hand's way to the central: a fault for each request, as long as there are any."""

    def __init__(self, hand: Hand) -> None:
        super().__init__(hand.crew.office.client, hand.clock)
        self._hand = hand

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        patience: Patience,
    ) -> Reply:
        """Do one request, unless it is to go wrong."""
        hand = self._hand
        fault = hand.faults.pop(0) if hand.faults else ""
        hand.crew.injected.update([fault] if fault else [])
        if fault in _NEVER_ARRIVES:
            raise SyncFailure(_NEVER_ARRIVES[fault])
        if fault in {FAILED, BUSY, GATEWAY, PORTAL}:
            return self._instead(fault)
        if fault == EXPIRED and "Authorization" in headers:
            headers = {**headers, "Authorization": "Bearer long-ago"}
        if path.endswith("pull") and body is not None:
            body = msgspec.json.encode(msgspec.json.decode(body) | {"limit": ROWS})

        def once() -> Reply:
            return InProcess.send(self, method, path, body, headers, patience)

        if fault == DOUBLED:
            once()
        reply = once()
        late, hand.late = hand.late, once if fault == LATE_COPY else None
        if late is not None:
            late()
        if fault == REPLY_LOST:
            raise SyncFailure(Failure(kind=Kind.TRUNCATED))
        return _halved(reply) if fault == CUT else reply

    def _instead(self, fault: str) -> Reply:
        status = {FAILED: 500, BUSY: 429, GATEWAY: 502, PORTAL: 200}[fault]
        body, kind = b"<html>Bienvenido</html>", "text/html"
        if fault in {FAILED, BUSY}:
            kind = PROBLEM_JSON
            body = msgspec.json.encode(self._hand.crew.problem(fault))
        moment = self._hand.clock.boot()
        return Reply(
            status=status,
            content_type=kind,
            body=body,
            sent_s=moment,
            answered_s=moment,
            retry_after_s=30.0 if fault == BUSY else None,
        )


def _halved(reply: Reply) -> Reply:
    return Reply(
        status=reply.status,
        content_type=reply.content_type,
        body=reply.body[: len(reply.body) // 2],
        sent_s=reply.sent_s,
        answered_s=reply.answered_s,
    )


@dataclass(slots=True)
class Hand:
    """One laptop, with all that its person was told about his work."""

    crew: Crew
    name: str
    user: str
    folder: Path
    clock: FakeClock
    faults: list[str] = field(default_factory=list)
    late: Callable[[], Reply] | None = None
    given: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    decided: set[str] = field(default_factory=set)
    parked: set[str] = field(default_factory=set)
    revoked: bool = False
    may_be_signed_out: bool = False
    _store: Store | None = None
    _runner: SyncRunner | None = None

    @property
    def profile(self) -> Profile:
        """The folders of this laptop."""
        return Profile.open(self.folder)

    @property
    def store(self) -> Store:
        """The store, opened when it is first asked for."""
        if self._store is None:
            profile = self.profile
            self._store = open_store(profile, FileStore(profile.key_file), self.clock)
        return self._store

    @property
    def tokens(self) -> TokenBox:
        """What this laptop shows the central."""
        return TokenBox(FileStore(self.profile.key_file))

    def close(self) -> None:
        """End the program."""
        self.forget_runs()
        if self._store is not None:
            self._store.close()
        self._store = None

    def forget_runs(self) -> None:
        """Let the next synchronisation know nothing of those before."""
        self._runner = None

    def sign_in(self) -> None:
        """Sign in with the password, as after every session that was ended."""
        session = self.store.session
        device_id = session.get().device_id
        asked = SessionRequest(
            user=self.user,
            password=central_seed.PASSWORD,
            device_id=device_id,
            device_name=self.name,
        )
        link = InProcess(self.crew.office.client, self.clock)
        answer = CentralClient(link, self.clock).sign_in(asked)
        told = answer.value
        session.sign_in(
            central_url=CENTRAL_URL, device_name=self.name, user=told.user, epoch=told.epoch
        )
        self.tokens.put(
            Tokens(access=told.access_token, refresh=told.refresh_token, device_id=device_id)
        )
        with self.store.database.write() as connection:
            central_time.save(connection, answer.sample)
        self.forget_runs()

    def run(self, faults: Iterable[str] = ()) -> SyncReport:
        """Synchronise once; ``faults`` befall its requests, one each ("" none)."""
        if self._runner is None:
            link = RoughLink(self)
            self._runner = SyncRunner(
                store=self.store,
                feed=self.store.feed,
                client=CentralClient(link, self.clock),
                transport=link,
                tokens=self.tokens,
                clock=self.clock,
            )
        self.faults[:] = faults
        try:
            report = self._runner.run_once()
        finally:
            self.faults.clear()
            self.late = None
        self.refused |= {item.op_id for item in report.refused}
        self.parked |= {op_id for op_id, state in self.states().items() if state == "parked"}
        return report

    def give(
        self, name: str, target: str, args: object, *, blobs: tuple[BlobRef, ...] = ()
    ) -> tuple[str, ...]:
        """Do some work; what the rules refuse at once was never saved."""
        command = NewCommand(name=name, target=target, args=args, blobs=blobs)
        queued = self.store.work.queue(command)
        if not isinstance(queued, Queued):
            return ()
        self.given += queued.op_ids
        return queued.op_ids

    def states(self) -> dict[str, str]:
        """State by id of every command in the outbox, the oldest first."""
        with self.store.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT op_id, state FROM outbox ORDER BY rid")
            return {row[0]: row[1] for row in rows}

    def undecided(self) -> list[OutboxItem]:
        """Refusals that wait for the person."""
        return self.store.outbox.items(("rejected", "quarantined"))

    def fork(self) -> None:
        """Go on as another device."""
        with self.store.database.write() as connection:
            devices.fork(connection)
        self.forget_runs()


class Crew:
    """The central, the laptops, and the copies that somebody made of them."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fieldtech-crew-"))
        template, boot = _template()
        shutil.copytree(template, self.folder, dirs_exist_ok=True)
        self.clock = FakeClock(NOW, boot=boot)
        self.office = Office(self.folder / "central", self.clock)
        self.injected: Counter[str] = Counter()
        self.grants: dict[str, tuple[Role, tuple[str, ...]]] = {
            "dora": (Role.DISPATCHER, ("jal",)),
            "nora": (Role.DISPATCHER, ("nl",)),
        }
        self.hands = {
            name: Hand(self, name, user, self.folder / name, FakeClock(NOW, boot=boot))
            for name, user in PEOPLE.items()
        }
        self.back_up()

    def end(self) -> None:
        """Everybody goes home."""
        for hand in self.hands.values():
            hand.close()
        self.office.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def problem(self, code: str) -> dict[str, object]:
        """The central's own words for something it cannot do now."""
        with self.office.database.read() as connection:
            epoch = read_meta(connection, "epoch")
        stamp = to_stamp(self.clock.now())
        return {"code": code, "epoch": epoch, "server_time": stamp}

    def advance(self, seconds: float) -> None:
        """Let time pass for everybody."""
        for clock in [self.clock, *(hand.clock for hand in self.hands.values())]:
            clock.advance(seconds)

    def grant(self, user: str, role: Role, regions: tuple[str, ...]) -> None:
        """Give a person of the desk another role and other regions."""
        person = Person(id=user, name=user.title(), role=role, region_ids=regions)
        now = self.clock.now()
        with self.office.database.write() as connection:
            held = connection.exec_driver_sql(
                "SELECT password_hash FROM user_account WHERE id = ?", (user,)
            ).scalar_one()
            writer = Writer(connection, now=now)
            put_person(connection, writer, person, login=user, password_hash=held, now=now)
            writer.flush()
        self.grants[user] = (role, regions)

    def back_up(self) -> None:
        """Copy the central as it stands."""
        backup = self.folder / "backup"
        shutil.rmtree(backup, ignore_errors=True)
        self.office.close()
        shutil.copytree(self.folder / "central", backup)
        self._backed_up = dict(self.grants), {n for n, h in self.hands.items() if h.revoked}
        self._reopen()

    def restore(self) -> None:
        """The central loses everything since the copy, and begins another life."""
        self.office.close()
        shutil.rmtree(self.folder / "central")
        shutil.copytree(self.folder / "backup", self.folder / "central")
        database = CentralDatabase.in_folder(self.folder / "central")
        with database.write() as connection:
            new_epoch(connection, self.clock.now())
        database.close()
        grants, revoked = self._backed_up
        self.grants = dict(grants)
        for hand in self.hands.values():
            hand.revoked = hand.name in revoked
            hand.may_be_signed_out = True  # its newest tokens may be of the lost time
        self._reopen()

    def copy(self, name: str) -> Hand:
        """Somebody copies a laptop's whole profile, and from now on works on both."""
        hand = self.hands[name]
        hand.close()
        folder = self.folder / f"{name}-copy"
        shutil.copytree(hand.folder, folder)
        clock = FakeClock(hand.clock.now(), boot=hand.clock.boot(), boot_id=hand.clock.boot_id())
        made = Hand(self, folder.name, hand.user, folder, clock, given=list(hand.given))
        made.refused, made.decided = set(hand.refused), set(hand.decided)
        made.parked = set(hand.parked)
        made.revoked = hand.revoked
        made.may_be_signed_out = hand.may_be_signed_out = True  # two that turn over one token
        self.hands[made.name] = made
        return made

    def _reopen(self) -> None:
        self.office = Office(self.folder / "central", self.clock)
        for hand in self.hands.values() if hasattr(self, "hands") else ():
            hand.forget_runs()


@cache
def _template() -> tuple[Path, float]:
    """Sign everybody in and synchronise once; return the folder and the boot clock's reading."""
    here = Path(tempfile.mkdtemp(prefix="fieldtech-crew-seed-"))
    atexit.register(shutil.rmtree, here, ignore_errors=True)
    clock = new_clock()
    crew = Crew.__new__(Crew)
    crew.office = new_office(here / "central", clock)
    crew.injected = Counter()
    try:
        for name, user in PEOPLE.items():
            hand = Hand(crew, name, user, here / name, clock)
            hand.sign_in()
            assert hand.run().problem is None
            hand.close()
    finally:
        crew.office.close()
    return here, clock.boot()
