"""A feed without a central: pages as the central would send them, and a store to put them in.

``World`` is the truth; ``page`` tells a laptop what it lacks. One region tree, one policy and one
checklist as shipped, customers, sites, services and incidents as a test wants them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from fieldtech.clock import Clock, FakeClock
from fieldtech.domain import checklist_file, policy_file
from fieldtech.domain.apply import apply
from fieldtech.domain.case import Applied, Case, Context
from fieldtech.domain.commands import COMMANDS, Actor, AssignVisit, Command, RegisterIncident
from fieldtech.domain.incident import Incident
from fieldtech.domain.policy import Rulebook
from fieldtech.domain.reference import (
    Channel,
    Customer,
    Equipment,
    Person,
    Region,
    Service,
    Site,
)
from fieldtech.domain.visit import Visit
from fieldtech.domain.words import Access, RegionKind, Role, RouterOwner
from fieldtech.paths import Profile, resources_dir
from fieldtech.protocol.codec import HASH_MODULUS, encode, encode_body, row_hash, to_stamp
from fieldtech.protocol.pages import Begin, End
from fieldtech.protocol.wire import BucketCheck, UserInfo
from fieldtech.secrets import MemoryStore, SecretStore
from fieldtech.store.opening import Store, open_store
from fieldtech.store.page import Page, read_page

NINE = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
TECHNICIAN = UserInfo(id="ana", login="ana", name="Ana", role="technician", region_ids=("jal",))
DISPATCHER = UserInfo(id="dora", login="dora", name="Dora", role="dispatcher", region_ids=("jal",))
PARENTS = {"mx": "", "jal": "mx", "gdl": "jal", "zap": "jal", "nl": "mx", "mty": "nl"}
NAMES = {"jal": "Jalisco", "gdl": "Guadalajara", "zap": "Zapopan", "nl": "Nuevo León"}
_KINDS = {"mx": RegionKind.COUNTRY, "jal": RegionKind.STATE, "nl": RegionKind.STATE}

Key = tuple[str, str]


@dataclass(slots=True)
class _Bucket:
    head: int = 0
    rows: dict[Key, tuple[int, str, int]] = field(default_factory=dict)

    def check(self, name: str) -> BucketCheck:
        alive = [(key, rev) for key, (_, op, rev) in self.rows.items() if op == "put"]
        total = sum(row_hash(*key, rev) for key, rev in alive) % HASH_MODULUS
        return BucketCheck(bucket=name, head=self.head, count=len(alive), hash=str(total))


@dataclass(slots=True)
class World:
    """Everything the pretended central has. ``now`` is its time."""

    now: datetime = NINE
    epoch: str = "epoch-1"
    last_n: int = sys.maxsize
    """The last of the laptop's commands that it remembers: by itself it forgets none."""
    bodies: dict[Key, tuple[int, str]] = field(default_factory=dict)
    buckets: dict[str, _Bucket] = field(default_factory=dict)

    def put(self, bucket: str, entity: str, entity_id: str, value: object) -> int:
        """Change an entity and show it in a bucket; return its revision."""
        rev = self.bodies.get((entity, entity_id), (0, ""))[0] + 1
        text = encode_body(value) if not isinstance(value, str) else value
        self.bodies[entity, entity_id] = (rev, text)
        for name, held in self.buckets.items():
            if name != bucket and held.rows.get((entity, entity_id), (0, "", 0))[1] == "put":
                self.show(name, entity, entity_id)
        self.show(bucket, entity, entity_id)
        return rev

    def show(self, bucket: str, entity: str, entity_id: str) -> None:
        """Put an entity as it stands in one more bucket."""
        held = self.buckets.setdefault(bucket, _Bucket())
        held.head += 1
        held.rows[entity, entity_id] = (held.head, "put", self.bodies[entity, entity_id][0])

    def hide(self, bucket: str, entity: str, entity_id: str) -> None:
        """Take an entity out of a bucket."""
        held = self.buckets[bucket]
        held.head += 1
        held.rows[entity, entity_id] = (held.head, "del", self.bodies[entity, entity_id][0])

    def page(
        self,
        cursor: dict[str, int],
        granted: tuple[str, ...] | None = None,
        *,
        limit: int = 1000,
        reset: tuple[str, ...] = (),
    ) -> bytes:
        """What a laptop with this cursor gets."""
        names = tuple(self.buckets) if granted is None else granted
        begin = Begin(
            epoch=self.epoch,
            server_time=to_stamp(self.now),
            grant=names,
            drop=tuple(sorted(set(cursor) - set(names))),
            reset=reset,
        )
        lines: list[str] = []
        reached: dict[str, int] = {}
        checks: list[BucketCheck] = []
        for name in names:
            held = self.buckets.setdefault(name, _Bucket())
            start = 0 if name in reset else cursor.get(name, 0)
            at = self._lines(name, held, start, limit - len(lines), lines)
            reached[name] = at
            if at == held.head:
                checks.append(held.check(name))
        end = End(
            cursor=reached, more=len(checks) < len(names), last_n=self.last_n, check=tuple(checks)
        )
        text = "".join(f"{line}\n" for line in lines)
        return (
            f'["begin",{encode(begin).decode()}]\n{text}["end",{encode(end).decode()}]\n'.encode()
        )

    def _lines(self, name: str, held: _Bucket, start: int, room: int, lines: list[str]) -> int:
        newer = sorted((row[0], key, row) for key, row in held.rows.items() if row[0] > start)
        for seq, (entity, entity_id), (_, op, rev) in newer[:room]:
            head = msgspec.json.encode([op, name, seq, entity, entity_id, rev]).decode()
            body = f",{self.bodies[entity, entity_id][1]}]" if op == "put" else "]"
            lines.append(head[:-1] + body)
        if len(newer) <= room:
            return held.head
        return newer[room - 1][0] if room > 0 else start

    # What incidents refer to.

    def furnish(self) -> None:
        """Put what everybody needs into ``ref``: regions, rules, people, channels."""
        for plain in _policies():
            self.put("ref", "policy", f"{plain['id']}@{plain['version']}", _json(plain))
        template = _template()
        self.put("ref", "template", f"{template['id']}@{template['version']}", _json(template))
        settings = {
            "default_policy": "clever",
            "default_checklist": f"{template['id']}@{template['version']}",
        }
        self.put("ref", "settings", "central", _json(settings))
        for region_id, parent in PARENTS.items():
            region = Region(
                id=region_id,
                parent_id=parent,
                kind=_KINDS.get(region_id, RegionKind.MUNICIPALITY),
                name=NAMES.get(region_id, region_id.upper()),
                timezone="America/Mexico_City",
            )
            self.put("ref", "region", region_id, region)
        for region_id in ("mx", "jal", "gdl"):
            channel = Channel(
                id=f"tel-{region_id}",
                region_id=region_id,
                kind="phone",
                name=f"Mesa {region_id}",
                address="33 1234 5678",
            )
            self.put("ref", "channel", channel.id, channel)
        for user_id in ("ana", "beto"):
            person = Person(
                id=user_id, name=user_id.title(), role=Role.TECHNICIAN, region_ids=("jal",)
            )
            self.put("ref", "person", user_id, person)

    def place(self, bucket: str, name: str, *, region: str = "gdl", **texts: str) -> None:
        """Put a customer ``c-<name>`` with a site, a service of 40 users and a router."""
        customer = Customer(
            id=f"c-{name}",
            name=texts.get("customer", f"Cliente {name}"),
            phone=texts.get("phone", ""),
        )
        site = Site(
            id=f"s-{name}",
            customer_id=customer.id,
            region_id=region,
            name=texts.get("site", f"Sucursal {name}"),
            street=texts.get("street", "Av. Vallarta 100"),
            neighbourhood="Centro",
            postcode="44100",
            municipality=NAMES.get(region, region),
            state="sin uso",
            timezone="America/Mexico_City",
            lat=20.67,
            lon=-103.35,
        )
        service = Service(
            id=f"v-{name}",
            site_id=site.id,
            customer_id=customer.id,
            kind="internet",
            name="Internet dedicado",
            total_users=40,
            router_owner=RouterOwner.OPERATOR,
            access=Access.OWN,
        )
        router = Equipment(
            id=f"e-{name}",
            site_id=site.id,
            service_id=service.id,
            kind="router",
            model="RB4011",
            serial=texts.get("serial", f"SN-{name}"),
            mac="00:11:22:33:44:55",
        )
        for entity, value in (
            ("customer", customer),
            ("site", site),
            ("service", service),
            ("equipment", router),
        ):
            self.put(bucket, entity, value.id, value)

    def incident(
        self,
        bucket: str,
        incident_id: str,
        place: str,
        *,
        technician: str = "ana",
        minutes_ago: float = 5,
        affected: int = 20,
        region: str = "gdl",
        title: str = "Sin servicio",
    ) -> None:
        """Put an incident, and a visit ``w-<incident_id>`` where a technician is named."""
        args = RegisterIncident(
            site_id=f"s-{place}",
            customer_id=f"c-{place}",
            service_id=f"v-{place}",
            region_id=region,
            title=title,
            notified_at=self.now - timedelta(minutes=minutes_ago),
            affected=affected,
        )
        case = self._played(Case(), "incident.register", f"incident:{incident_id}", args)
        if technician:
            sent = AssignVisit(incident_id=incident_id, technician_id=technician)
            case = self._played(case, "visit.assign", f"visit:w-{incident_id}", sent)
        self.keep(bucket, case)

    def play(self, bucket: str, incident_id: str, name: str, target: str, args: object) -> None:
        """Let a dispatcher of the pretended central do something to an incident."""
        case = Case(
            incident=self._value("incident", incident_id, Incident),
            visits=tuple(
                msgspec.json.decode(text, type=Visit)
                for (entity, _), (_, text) in self.bodies.items()
                if entity == "visit" and msgspec.json.decode(text)["incident_id"] == incident_id
            ),
        )
        self.keep(bucket, self._played(case, name, target, args))

    def keep(self, bucket: str, case: Case) -> None:
        """Put a case's parts that changed."""
        values: list[tuple[str, Any]] = [("visit", visit) for visit in case.visits]
        if case.incident is not None:
            values.insert(0, ("incident", case.incident))
        for entity, value in values:
            known = self.bodies.get((entity, value.id))
            if known is None or known[1] != encode_body(value):
                self.put(bucket, entity, value.id, value)

    def _value(self, entity: str, entity_id: str, kind: type) -> Any:
        return msgspec.json.decode(self.bodies[entity, entity_id][1], type=kind)

    def _played(self, case: Case, name: str, target: str, args: object) -> Case:
        assert isinstance(args, COMMANDS[name])
        command = Command(
            op_id=f"op-{len(self.bodies)}-{name}-{target}",
            name=name,
            target=target,
            actor=Actor(id="sol", role=Role.SUPERVISOR),
            occurred_at=self.now,
            args=args,
        )
        outcome = apply(case, command, self._context())
        assert isinstance(outcome, Applied), outcome
        return outcome.case

    def _context(self) -> Context:
        template = checklist_file.from_wire(_template())
        return Context(
            now=self.now,
            rules=Rulebook(
                policies=tuple(policy_file.from_wire(plain) for plain in _policies()),
                default_policy_id="clever",
                region_parents=PARENTS,
            ),
            number=f"INC-{len(self.bodies):06d}",
            total_users=40,
            templates={template.key: template},
            default_checklist=template.key,
        )


@contextmanager
def open_for(
    folder: Path,
    user: UserInfo | None = TECHNICIAN,
    *,
    clock: Clock | None = None,
    secrets: SecretStore | None = None,
) -> Iterator[Store]:
    """An open store whose user is signed in (``None``: nobody is)."""
    store = open_store(Profile.open(folder), secrets or MemoryStore(), clock or FakeClock(NINE))
    try:
        if user is not None:
            store.session.sign_in(
                central_url="http://127.0.0.1:9", device_name="test", user=user, epoch="epoch-1"
            )
        yield store
    finally:
        store.close()


def take_in(store: Store, world: World, *granted: str, limit: int = 1000) -> None:
    """Bring a store up to date with the world, page by page."""
    more = True
    while more:
        more = store.feed.apply(next_page(store, world, *granted, limit=limit)).more
    while store.feed.finish():
        pass


def next_page(store: Store, world: World, *granted: str, limit: int = 1000) -> Page:
    """The page this store would be sent next."""
    return read_page(world.page(store.feed.cursors(), granted or None, limit=limit))


@cache
def _policies() -> tuple[dict[str, Any], ...]:
    folder = resources_dir() / "policy"
    loaded = (policy_file.load_policy(path) for path in sorted(folder.glob("clever*.toml")))
    return tuple(dict(policy_file.to_wire(policy)) for policy in loaded)


@cache
def _template() -> dict[str, Any]:
    path = min((resources_dir() / "checklists").glob("*.toml"))
    return dict(checklist_file.to_wire(checklist_file.load_template(path)))


def _json(plain: object) -> str:
    return msgspec.json.encode(plain).decode()
