"""Work under way at a small central, and laptops that hold it: for tests of services and screens.

The world of ``central_seed`` with two more municipalities in time zones of their own and a handful
of incidents. It is played once a run, through the real central and the real sync, and copied for
each test. Now is Wednesday 2026-11-04 16:00 UTC: 10:00 in Guadalajara, 08:00 in Tijuana, 11:00 in
Cancún. What there is (technician ``ana`` unless said, everybody affected unless said):

``breached``  Guadalajara, three hours ago     ``risk``      Zapopan, 100 minutes ago
``run``       Guadalajara, ten minutes ago     ``minor``     Tijuana, half an hour ago, 4 of 40
``onsite``    Cancún, 20 minutes ago, arrived  ``other``     Guadalajara, of ``beto``
``free``      Zapopan, nobody is on it         ``restored``  Guadalajara, to be closed
"""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import central_desk
import central_seed
import msgspec
from sqlalchemy import select
from starlette.testclient import TestClient

from fieldtech.central import tables
from fieldtech.central.app import create_app
from fieldtech.central.blobs.folder import FolderStore
from fieldtech.central.database import Database
from fieldtech.central.feed import Writer
from fieldtech.central.seal import ensure_seal_key
from fieldtech.clock import FakeClock
from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.commands import (
    FieldTime,
)
from fieldtech.domain.reference import Channel, Customer, Region, Service, Site
from fieldtech.domain.words import Access, CheckStatus, RegionKind, RouterOwner
from fieldtech.paths import Profile
from fieldtech.protocol.codec import to_stamp
from fieldtech.protocol.wire import SessionRequest
from fieldtech.secrets import FileStore, SecretStore
from fieldtech.services.central_clock import CentralClock
from fieldtech.services.desk import Desk, open_desk
from fieldtech.services.opening import Opening
from fieldtech.services.values import Refused, Saved
from fieldtech.store import central_time
from fieldtech.sync.client import CentralClient
from fieldtech.sync.runner import SyncRunner
from fieldtech.sync.tokens import TokenBox, Tokens
from fieldtech.sync.transport import Patience, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldtech.sync.runner import SyncReport

NOW = datetime(2026, 11, 4, 16, 0, tzinfo=UTC)
BEGIN = NOW - timedelta(hours=3)
CENTRAL_URL = "http://127.0.0.1:9"
"""Nobody answers there: what goes up or down does so through ``InProcess``."""

FAR_PLACES = {
    "tij": ("Tijuana", "America/Tijuana", 32.51, -117.03),
    "cun": ("Cancún", "America/Cancun", 21.16, -86.85),
}
USERS = ("ana", "dora")
_device_numbers = itertools.count(1)


class InProcess:
    """A ``Transport`` to a central in this process."""

    def __init__(self, client: TestClient, clock: FakeClock) -> None:
        self._client = client
        self._clock = clock

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        patience: Patience,
    ) -> Reply:
        """Do one request; it takes no time."""
        assert patience.total_s > 0
        moment = self._clock.boot()
        told = self._client.request(method, path, content=body, headers=dict(headers))
        kind = str(told.headers.get("Content-Type", "")).partition(";")[0]
        return Reply(
            status=told.status_code,
            content_type=kind,
            body=told.content,
            sent_s=moment,
            answered_s=moment,
        )

    def cancel(self) -> None:
        """Nothing is ever under way when somebody else could ask."""

    def halt(self) -> None:
        """Nor to halt."""

    def resume(self) -> None:
        """Nor to resume."""

    def close(self) -> None:
        """The client belongs to the central."""


class Office(central_desk.Desk):
    """The central of one test, over data that is there already."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:  # the base would seed again
        self.clock = clock
        self.database = Database.in_folder(folder)
        ensure_seal_key(self.database, folder)
        self.client = TestClient(
            create_app(
                self.database, clock, housekeeping=False, blobs=FolderStore(folder / "blobs")
            ),
            raise_server_exceptions=False,
        )
        self.client.__enter__()

    def close(self) -> None:
        """Let go of the database."""
        self.client.__exit__(None, None, None)
        self.database.close()

    def history(self, incident_id: str) -> list[str]:
        """The ids of the commands in an incident's history, in their order."""
        body = tables.body.c
        query = select(body.text).where(body.entity == "incident", body.id == incident_id)
        with self.database.read() as connection:
            text = connection.execute(query).scalar_one()
        return [entry["id"] for entry in msgspec.json.decode(text).get("history", [])]

    def desk_of(self, user: str) -> central_desk.Laptop:
        """Somebody at another laptop, working straight at the central."""
        return self.laptop(user, device_id=f"elsewhere-{next(_device_numbers):04d}")


@dataclass(slots=True)
class FieldLaptop:
    """One profile, opened: what a person's screens stand on."""

    profile: Profile
    machine: FakeClock
    secrets: SecretStore = field(init=False)
    clock: CentralClock = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        """Open the store."""
        self.secrets = FileStore(self.profile.key_file)
        self.clock = CentralClock(self.machine)
        self.desk = open_desk(self.profile, self.secrets, self.machine, self.clock)

    def close(self) -> None:
        """Close it."""
        self.desk.close()

    def opening(self) -> Opening:
        """What the application opens the profile with."""
        return Opening(self.profile, self.secrets, self.machine)

    def sign_in(self, office: Office, user: str) -> None:
        """Sign in at the central in this process."""
        store = self.desk.store
        device_id = store.session.get().device_id
        request = SessionRequest(
            user=user, password=central_seed.PASSWORD, device_id=device_id, device_name="test"
        )
        answer = CentralClient(InProcess(office.client, self.machine), self.machine).sign_in(
            request
        )
        told = answer.value
        store.session.sign_in(
            central_url=CENTRAL_URL, device_name="test", user=told.user, epoch=told.epoch
        )
        TokenBox(self.secrets).put(
            Tokens(access=told.access_token, refresh=told.refresh_token, device_id=device_id)
        )
        with store.database.write() as connection:
            central_time.save(connection, answer.sample)

    def sync(self, office: Office) -> SyncReport:
        """Push and pull everything."""
        transport = InProcess(office.client, self.machine)
        runner = SyncRunner(
            store=self.desk.store,
            feed=self.desk.store.feed,
            client=CentralClient(transport, self.machine),
            transport=transport,
            tokens=TokenBox(self.secrets),
            clock=self.machine,
        )
        report = runner.run_once()
        assert report.problem is None, report.problem
        with self.desk.store.database.read() as connection:
            self.clock.set_sample(central_time.load(connection))
        return report

    def do(self, name: str, target: str, args: object) -> Saved:
        """Give a command that must be accepted here."""
        answer = self.desk.cases.do(name, target, args, {})
        assert not isinstance(answer, Refused), answer
        return answer

    def do_on_visit(self, incident_id: str, *names: str) -> None:
        """Take steps of the person's own visit, such as ``visit.accept``."""
        for name in names:
            self.do(name, f"visit:{self.visit_of(incident_id)}", FieldTime())

    def answer_mandatory(self, incident_id: str) -> None:
        """Say "pass" to every item that keeps the visit from being finished."""
        detail = self.desk.cases.detail(incident_id)
        assert detail is not None
        assert detail.template is not None
        kind = detail.service.kind if detail.service else ""
        for item in detail.template.items:
            if item.mandatory and item.applies_to(kind):
                args = AnswerCheck(item=item.id, status=CheckStatus.PASS)
                self.do("check.answer", f"visit:{self.visit_of(incident_id)}", args)

    def visit_of(self, incident_id: str) -> str:
        """The id of the visit that the person's screen shows."""
        detail = self.desk.cases.detail(incident_id)
        assert detail is not None
        assert detail.visit is not None
        return detail.visit.id

    def waiting(self) -> list[str]:
        """The commands not sent yet, the oldest first."""
        rows = sorted(self.desk.sync.outbox(), key=lambda row: row.n)
        return [row.cmd for row in rows if row.state == "waiting"]


@cache
def _template() -> tuple[Path, float]:
    """Play the world once; return its folder and the reading of the boot clock at its end."""
    here = Path(tempfile.mkdtemp(prefix="fieldtech-office-"))
    atexit.register(shutil.rmtree, here, ignore_errors=True)
    clock = FakeClock(BEGIN)
    database = Database.in_folder(here / "central")
    central_seed.seed(database, clock.now())
    with database.write() as connection:
        _put_far_places(Writer(connection, now=clock.now()))
    database.close()
    office = Office(here / "central", clock)
    try:
        _play(office, clock)
        for user in USERS:
            laptop = FieldLaptop(Profile.open(here / user), clock)
            try:
                laptop.sign_in(office, user)
                laptop.sync(office)
            finally:
                laptop.close()
    finally:
        office.close()
    return here, clock.boot()


def new_clock() -> FakeClock:
    """A clock that stands at ``NOW``, of the same boot as the world."""
    return FakeClock(NOW, boot=_template()[1])


def new_office(folder: Path, clock: FakeClock) -> Office:
    """The central of one test."""
    shutil.copytree(_template()[0] / "central", folder)
    return Office(folder, clock)


def new_profile(user: str, folder: Path) -> Profile:
    """A profile on which ``user`` has signed in and synchronised."""
    shutil.copytree(_template()[0] / user, folder)
    return Profile.open(folder)


def opened(user: str, folder: Path, clock: FakeClock) -> Iterator[FieldLaptop]:
    """For fixtures: a laptop of ``user``, closed afterwards."""
    laptop = FieldLaptop(new_profile(user, folder), clock)
    yield laptop
    laptop.close()


def _put_far_places(writer: Writer) -> None:
    for region_id, (name, zone, lat, lon) in FAR_PLACES.items():
        region = Region(
            id=region_id, parent_id="jal", kind=RegionKind.MUNICIPALITY, name=name, timezone=zone
        )
        writer.put("region", region_id, region)
        writer.flush()
        customer = Customer(id=f"c-{region_id}", name=f"Cliente {name}", phone="+52 664 123 4567")
        writer.put("customer", customer.id, customer)
        site = Site(
            id=f"s-{region_id}",
            customer_id=customer.id,
            region_id=region_id,
            name=f"Sucursal {name}",
            street="Calle Primera 7",
            neighbourhood="Centro",
            postcode="22000",
            municipality=name,
            state=name,
            timezone=zone,
            lat=lat,
            lon=lon,
        )
        writer.put("site", site.id, site)
        service = Service(
            id=f"v-{region_id}",
            site_id=site.id,
            customer_id=customer.id,
            kind="internet",
            name="Internet dedicado",
            total_users=40,
            router_owner=RouterOwner.OPERATOR,
            access=Access.OWN,
        )
        writer.put("service", service.id, service)
    central_seed.put_place(writer, "gdl", suffix="2")
    mail = Channel(
        id="ch-mail", region_id="mx", kind="email", name="Mesa", address="soporte@example.mx"
    )
    phone = Channel(
        id="ch-phone", region_id="mx", kind="phone", name="Mesa", address="+52 33 1234 5678"
    )
    for channel in (mail, phone):
        writer.put("channel", channel.id, channel)
    writer.flush()


def _play(office: Office, clock: FakeClock) -> None:
    dora, ana = office.desk_of("dora"), office.desk_of("ana")
    minutes_before_now = {
        180: [("breached", "gdl", 40, "ana"), ("restored", "gdl2", 40, "ana")],
        100: [("risk", "zap", 40, "ana")],
        30: [("minor", "tij", 4, "ana")],
        20: [("onsite", "cun", 40, "ana"), ("other", "gdl2", 40, "beto")],
        15: [("free", "zap", 40, "")],
        10: [("run", "gdl", 40, "ana")],
    }
    for before, incidents in minutes_before_now.items():
        clock.advance((NOW - timedelta(minutes=before) - clock.now()).total_seconds())
        for incident_id, place, affected, technician in incidents:
            _register(dora, incident_id, place, affected)
            if technician:
                told = central_desk.assign(dora, incident_id, f"v-{incident_id}", technician)
                assert told["status"] == "applied", told
    for step in ("accept", "start_travel", "arrive"):
        for incident_id in ("onsite", "restored"):
            told = ana.do(f"visit.{step}", f"visit:v-{incident_id}")
            assert told["status"] == "applied", told
    ana.pull()
    for item in mandatory(ana):
        told = ana.do("check.answer", "visit:v-restored", item=item, status="pass")
        assert told["status"] == "applied", told
    told = dora.do("incident.restore", "incident:restored", **restoration(clock.now()))
    assert told["status"] == "applied", told
    assert ana.do("visit.finish", "visit:v-restored")["status"] == "applied"
    clock.advance((NOW - clock.now()).total_seconds())


def _register(dora: central_desk.Laptop, incident_id: str, place: str, affected: int) -> None:
    args = {
        "site_id": f"s-{place}",
        "customer_id": f"c-{place}",
        "service_id": f"v-{place}",
        "region_id": place.rstrip("2"),
        "title": f"Sin internet ({incident_id})",
        "notified_at": to_stamp(dora.desk.clock.now()),
        "affected": affected,
    }
    told = dora.do("incident.register", f"incident:{incident_id}", **args)
    assert told["status"] == "applied", told


def mandatory(laptop: central_desk.Laptop, kind: str = "internet") -> list[str]:
    """The items that a restoration at a service of that kind waits for."""
    templates = [body for key, body in laptop.bodies.items() if key[0] == "template"]
    return [
        item["id"]
        for section in templates[0]["sections"]
        for item in section["items"]
        if item["mandatory"] and kind in (item.get("when") or [kind])
    ]


def restoration(moment: datetime) -> dict[str, Any]:
    """Arguments of a complete restoration at that moment, as they travel."""
    return {
        "restored_at": to_stamp(moment),
        "attribution": "own_network",
        "cause": "fiber_cut",
        "solution": "cable_replaced",
    }
