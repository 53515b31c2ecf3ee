"""A small world for tests of the central and of everything that talks to it.

Regions: ``mx`` > ``jal`` > ``gdl``, ``zap``; ``mx`` > ``nl`` > ``mty``. One customer, site, service
(40 users) and router in each municipality ``<m>``: ``c-<m>``, ``s-<m>``, ``v-<m>``, ``e-<m>``.
People: technicians ``ana`` and ``beto`` (jal), ``caro`` (nl); dispatchers ``dora`` (jal) and
``nora`` (nl); ``sol``, a supervisor; ``root``, an administrator. Everybody's password is
``PASSWORD``; a user's id is his login.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.central.feed import Writer
from fieldtech.central.passwords import Passwords
from fieldtech.central.people import put_person
from fieldtech.central.shipped import load_shipped
from fieldtech.domain.reference import Customer, Equipment, Person, Region, Service, Site
from fieldtech.domain.words import Access, RegionKind, Role, RouterOwner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fieldtech.central.database import Database

PASSWORD = "correct horse battery"
MUNICIPALITIES = {"gdl": "jal", "zap": "jal", "mty": "nl"}
PEOPLE: dict[str, tuple[Role, tuple[str, ...]]] = {
    "ana": (Role.TECHNICIAN, ("jal",)),
    "beto": (Role.TECHNICIAN, ("jal",)),
    "caro": (Role.TECHNICIAN, ("nl",)),
    "dora": (Role.DISPATCHER, ("jal",)),
    "nora": (Role.DISPATCHER, ("nl",)),
    "sol": (Role.SUPERVISOR, ()),
    "root": (Role.ADMIN, ()),
}


def seed(database: Database, now: datetime, *, people: Sequence[str] = tuple(PEOPLE)) -> None:
    """Write the small world, in one transaction."""
    hashed = Passwords().hash(PASSWORD)
    with database.write() as connection:
        writer = Writer(connection, now=now)
        load_shipped(connection, writer)
        writer.put_many("region", [(region.id, region) for region in regions()])
        writer.flush()
        for user_id in people:
            role, region_ids = PEOPLE[user_id]
            person = Person(id=user_id, name=user_id.title(), role=role, region_ids=region_ids)
            put_person(connection, writer, person, login=user_id, password_hash=hashed, now=now)
        for municipality in MUNICIPALITIES:
            put_place(writer, municipality)
        writer.flush()


def regions() -> list[Region]:
    """The region tree."""
    zone = "America/Mexico_City"
    tree = [
        ("mx", "", RegionKind.COUNTRY),
        ("jal", "mx", RegionKind.STATE),
        ("nl", "mx", RegionKind.STATE),
        *((each, above, RegionKind.MUNICIPALITY) for each, above in MUNICIPALITIES.items()),
    ]
    return [
        Region(id=each, parent_id=above, kind=kind, name=each.upper(), timezone=zone)
        for each, above, kind in tree
    ]


def put_place(writer: Writer, municipality: str, *, suffix: str = "") -> None:
    """Put one more customer with its site, service and router; ``suffix`` ends their ids."""
    each = f"{municipality}{suffix}"
    writer.put("customer", f"c-{each}", Customer(id=f"c-{each}", name=f"Cliente {each}"))
    site = Site(
        id=f"s-{each}",
        customer_id=f"c-{each}",
        region_id=municipality,
        name=f"Sucursal {each}",
        street="Av. Vallarta 100",
        neighbourhood="Centro",
        postcode="44100",
        municipality=municipality.upper(),
        state=MUNICIPALITIES[municipality],
        timezone="America/Mexico_City",
        lat=20.67,
        lon=-103.35,
    )
    writer.put("site", site.id, site)
    service = Service(
        id=f"v-{each}",
        site_id=site.id,
        customer_id=site.customer_id,
        kind="internet",
        name="Internet dedicado",
        total_users=40,
        router_owner=RouterOwner.OPERATOR,
        access=Access.OWN,
    )
    writer.put("service", service.id, service)
    router = Equipment(
        id=f"e-{each}",
        site_id=site.id,
        service_id=service.id,
        kind="router",
        model="RB4011",
        serial="SN1",
        mac="00:11:22:33:44:55",
    )
    writer.put("equipment", router.id, router)
