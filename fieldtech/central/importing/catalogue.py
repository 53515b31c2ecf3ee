"""The customers, sites and services a file speaks of, beside those the central has already.

A customer is found by name, a site by its customer and name, a service by its site and name;
capitals, accents and punctuation do not matter. What is new gets an id that follows from those
names, so that the same file gives the same ids everywhere. A cell with something in it replaces
what the central had; an empty cell never erases anything.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.cells import key
from fieldtech.central.importing.columns import KIND_MARKS
from fieldtech.central.importing.problems import Problem
from fieldtech.domain.reference import Customer, Service, Site
from fieldtech.domain.words import Access, RouterOwner
from fieldtech.geo.distance import haversine_m
from fieldtech.protocol.codec import decode_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

    from fieldtech.central.importing.tickets import Ticket

ValueT = TypeVar("ValueT", Customer, Site, Service)

_NAMESPACE = uuid.UUID("6a0c7e0e-5d3c-5c1b-9f0e-0f6a1d2b7c11")
_SAME_PLACE_M = 500.0


def named_id(*names: str) -> str:
    """Return the id that follows from names: the same ones always give the same id."""
    return str(uuid.uuid5(_NAMESPACE, "\n".join(name_key(name) for name in names)))


def name_key(name: str) -> str:
    """Return a name reduced to what tells it from others.

    Where a letter or digit would be lost by that, as of another script, nothing but capitals and
    blanks is: two names without a letter of ours are not one because of it.
    """
    signs = [sign for sign in unicodedata.normalize("NFKD", name) if sign.isalnum()]
    if signs and all(sign.isascii() for sign in signs):
        return key(name)
    return " ".join(name.casefold().split())


def ticket_id(external_id: str) -> str:
    """Return the incident's id that follows from the ticket's own, letter by letter.

    TK-10 and tk.10 are two tickets: their system says so, and nobody here can know better.
    """
    return str(uuid.uuid5(_NAMESPACE, f"incident\n{external_id}"))


class Catalogue:
    """What the central has, and what a file makes of it."""

    def __init__(self, connection: Connection) -> None:
        customers: list[Customer] = _all(connection, "customer")
        sites: list[Site] = _all(connection, "site")
        services: list[Service] = _all(connection, "service")
        self._customers = _index(customers, lambda each: (name_key(each.name),))
        self._sites = _index(sites, lambda each: (each.customer_id, name_key(each.name)))
        self._services = _index(services, lambda each: (each.site_id, name_key(each.name)))
        self._before: dict[str, Customer | Site | Service] = {}
        self._before |= {each.id: each for each in customers}
        self._before |= {each.id: each for each in sites}
        self._before |= {each.id: each for each in services}
        self._after: dict[str, dict[str, Customer | Site | Service]] = {
            "customer": {},
            "site": {},
            "service": {},
        }
        self._said: dict[tuple[str, str], tuple[int, Any]] = {}
        self.problems: list[Problem] = []

    @property
    def changed(self) -> dict[str, dict[str, Customer | Site | Service]]:
        """The new and altered values, by entity and id.

        What one row changed and another changed back is not among them.
        """
        return {
            entity: {i: each for i, each in values.items() if each != self._before.get(i)}
            for entity, values in self._after.items()
        }

    @property
    def sites_changed(self) -> tuple[Site, ...]:
        """The sites among them."""
        return tuple(each for each in self.changed["site"].values() if isinstance(each, Site))

    def take(self, ticket: Ticket) -> tuple[Customer, Site, Service]:
        """Return the ticket's customer, site and service as they are after it."""
        customer = self._customer(ticket)
        site = self._site(ticket, customer)
        return customer, site, self._service(ticket, site)

    def _customer(self, ticket: Ticket) -> Customer:
        where = (name_key(ticket.customer),)
        known = self._only(ticket, "customer", ticket.customer, self._customers.get(where, []))
        present = known or Customer(
            id=named_id("customer", ticket.customer),
            name=ticket.customer,
            contact=ticket.contact,
            phone=ticket.phone,
            email=ticket.email,
        )
        wanted = _filled(present, email=ticket.email, whatsapp=ticket.whatsapp)
        return self._keep("customer", self._customers, where, known, wanted)

    def _site(self, ticket: Ticket, customer: Customer) -> Site:
        where = (customer.id, name_key(ticket.site))
        known = self._only(ticket, "site", ticket.site, self._sites.get(where, []))
        spot = ticket.spot
        present = known or Site(
            id=named_id("site", ticket.customer, ticket.site),
            customer_id=customer.id,
            region_id=spot.municipality.id,
            name=ticket.site,
            street="",
            neighbourhood="",
            postcode="",
            municipality=ticket.municipality,
            state=spot.state_name,
            timezone=spot.timezone,
            lat=spot.lat,
            lon=spot.lon,
        )
        wanted = _filled(
            present,
            street=ticket.street,
            neighbourhood=ticket.neighbourhood,
            postcode=ticket.postcode,
            access_notes=ticket.access_notes,
            contact=ticket.contact,
            phone=ticket.phone,
        )
        if spot.exact:
            self._agree(ticket, "latitude", ("site", wanted.id), (spot.lat, spot.lon), _near)
            wanted = replace(wanted, lat=spot.lat, lon=spot.lon)
        return self._keep("site", self._sites, where, known, wanted)

    def _service(self, ticket: Ticket, site: Site) -> Service:
        where = (site.id, name_key(ticket.service))
        known = self._only(ticket, "service", ticket.service, self._services.get(where, []))
        present = known or Service(
            id=named_id("service", ticket.customer, ticket.site, ticket.service),
            site_id=site.id,
            customer_id=site.customer_id,
            kind=_guessed(ticket.service),
            name=ticket.service,
            total_users=None,
            router_owner=RouterOwner.CUSTOMER,
            access=Access.OWN,
        )
        if ticket.total_users is not None:
            said = ("total_users", present.id)
            self._agree(ticket, "total_users", said, ticket.total_users, int.__eq__)
        wanted = _filled(
            present,
            kind=ticket.service_kind,
            total_users=ticket.total_users,
            router_owner=ticket.router_owner,
            access=ticket.access,
            speed_mbps=ticket.speed_mbps,
        )
        return self._keep("service", self._services, where, known, wanted)

    def _only(self, ticket: Ticket, column: str, name: str, found: list[ValueT]) -> ValueT | None:
        if len(found) > 1:
            reason = f"the central has {len(found)} of that name; rename one of them first"
            self.problems.append(Problem(ticket.line, column, name, reason))
        return found[0] if found else None

    def _agree(
        self,
        ticket: Ticket,
        column: str,
        about: tuple[str, str],
        value: Any,  # noqa: ANN401  a count or a pair of degrees
        same: Callable[[Any, Any], bool],
    ) -> None:
        """Two rows that speak of the same thing must say the same of it."""
        line, before = self._said.setdefault(about, (ticket.line, value))
        if not same(before, value):
            reason = f"line {line} says {before} of the same {about[0].replace('_', ' ')}"
            self.problems.append(Problem(ticket.line, column, str(value), reason))

    def _keep(
        self,
        entity: str,
        index: dict[tuple[str, ...], list[ValueT]],
        where: tuple[str, ...],
        known: ValueT | None,
        wanted: ValueT,
    ) -> ValueT:
        if wanted != known:
            index[where] = [wanted]
            self._after[entity][wanted.id] = wanted
        return wanted


def _filled(value: ValueT, **fields: Any) -> ValueT:  # noqa: ANN401  the fields' own types
    """Return the value with the fields that the file says something about."""
    return replace(value, **{name: new for name, new in fields.items() if new not in ("", None)})


def _guessed(service: str) -> str:
    """The kind that a service's name suggests; empty where it suggests none."""
    words = f" {key(service)} "
    return next(
        (kind for kind, marks in KIND_MARKS if any(f" {mark} " in words for mark in marks)), ""
    )


def _near(before: tuple[float, float], now: tuple[float, float]) -> bool:
    return haversine_m(*before, *now) <= _SAME_PLACE_M


def _all(connection: Connection, entity: str) -> list[Any]:
    body = tables.body.c
    query = select(body.text).where(body.entity == entity).order_by(body.id)
    return [decode_body(entity, text) for text in connection.execute(query).scalars()]


def _index(
    values: Iterable[ValueT], place: Callable[[ValueT], tuple[str, ...]]
) -> dict[tuple[str, ...], list[ValueT]]:
    found: dict[tuple[str, ...], list[ValueT]] = {}
    for value in values:
        found.setdefault(place(value), []).append(value)
    return found
