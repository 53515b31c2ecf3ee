"""Customers with their sites, services and equipment, put into real towns."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fieldtech.domain.reference import Customer, Equipment, Service, Site
from fieldtech.domain.words import Access, RouterOwner
from fieldtech.geo.box import METRES_PER_DEGREE
from fieldtech.geo.distance import haversine_m
from fieldtech.geo.folding import fold

if TYPE_CHECKING:
    import random
    from datetime import datetime

    from fieldtech.central.importing.territory import Located, Territory
    from fieldtech.central.sample.texts import CustomerKind, Product, Texts
    from fieldtech.geo.gazetteer import Place

_PEOPLE_PER_KM2 = 3_000
_WIDEST_M = 4_000.0
_NARROWEST_M = 300.0
_OWN_SHARE = 0.4
"""A site strays at most this share of the way to the next town, so that its own stays nearest."""
_FEWEST_USERS = 5
UNCOUNTED = 0.06
"""The share of services whose users nobody has counted."""
_ON_WHATSAPP = 0.5
_ALLY = 0.2
_MANAGED = 0.3
_YOUNGEST_DAYS, _OLDEST_DAYS = 90, 2_000


@dataclass(frozen=True, slots=True)
class Premises:
    """One site with one of its services: what an incident can be about."""

    customer: Customer
    site: Site
    service: Service
    product: str
    equipment: tuple[Equipment, ...]

    @property
    def first_device(self) -> str:
        """The id of the device the service hangs on, empty without one."""
        return self.equipment[0].id if self.equipment else ""


class Builder:
    """Makes customers and their premises; ids count up in the order of making."""

    def __init__(
        self, texts: Texts, territory: Territory, rng: random.Random, at: datetime
    ) -> None:
        self._texts = texts
        self._names = texts.names
        self._territory = territory
        self._rng = rng
        self._at = at
        self._made: dict[str, int] = {}
        self._reach: dict[int, float] = {}
        self._states = {state.id: state for state in texts.names.state}
        self._towns = {town.geoname_id: town for town in texts.names.town}
        self._kinds = {kind.id: kind for kind in texts.names.customer_kind}
        self._devices = {kind.kind: kind for kind in texts.products.equipment}
        self._products = {product.id: product for product in texts.products.product}

    def customer(self, trade: str, place: Place, name: str = "") -> Customer:
        """Return a new customer; without a name one of its trade's."""
        rng, kind = self._rng, self._kinds[trade]
        name = name or self._customer_name(kind)
        lada = self._states[place.state_code].lada
        mail_name = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
        return Customer(
            id=self._next("c"),
            name=name,
            contact=self._person(),
            phone=self._phone(lada),
            email=f"contacto@{mail_name}.example",
            whatsapp=self._phone(lada) if rng.random() < _ON_WHATSAPP else "",
        )

    def site(self, customer: Customer, place: Place, name: str) -> Site:
        """Return a new site of the customer somewhere in a town."""
        rng, names = self._rng, self._names
        located = self._located(place)
        return Site(
            id=self._next("s"),
            customer_id=customer.id,
            region_id=located.municipality.id,
            name=name,
            street=f"{rng.choice(names.streets)} {rng.randint(1, 2400)}",
            neighbourhood=rng.choice(names.neighbourhoods),
            postcode=self._postcode(place),
            municipality=located.municipality.name,
            state=located.state.name,
            timezone=located.timezone,
            lat=located.lat,
            lon=located.lon,
            access_notes=rng.choice(names.access_notes).format(contact=customer.contact),
            contact=customer.contact,
            phone=customer.phone,
        )

    def premises(
        self, customer: Customer, site: Site, trade: str, product_id: str = ""
    ) -> Premises:
        """Return the site with a new service and its equipment."""
        rng, kind = self._rng, self._kinds[trade]
        product = self._products[product_id or rng.choice(kind.services)]
        low, high = kind.users
        users = max(_FEWEST_USERS, round(rng.randint(low, high) * product.users))
        service = Service(
            id=self._next("v"),
            site_id=site.id,
            customer_id=customer.id,
            kind=product.kind,
            name=self._service_name(product, users),
            total_users=users,
            router_owner=RouterOwner.OPERATOR
            if rng.random() < product.router
            else RouterOwner.CUSTOMER,
            access=Access.ALLY if rng.random() < _ALLY else Access.OWN,
            speed_mbps=rng.choice(product.speeds) if product.speeds else None,
            active_since=self._active_since(),
        )
        if service.speed_mbps:
            service = replace(service, name=product.name.format(speed=service.speed_mbps))
        # The first device carries the service; a second one is managed at some sites only.
        devices = [k for n, k in enumerate(product.equipment) if not n or rng.random() < _MANAGED]
        equipment = tuple(self._device(service, kind_id) for kind_id in devices)
        return Premises(customer, site, service, product.id, equipment)

    def uncounted(self, premises: Premises) -> Premises:
        """Return some of the premises without a user count, as real contracts have it."""
        if self._rng.random() >= UNCOUNTED:
            return premises
        return replace(premises, service=replace(premises.service, total_users=None))

    def branches(self, trade: str) -> list[str]:
        """Return the names of a customer's sites, mostly just one."""
        rng, names = self._rng, self._names
        most = self._kinds[trade].sites
        count = min(most, 1 + int(rng.expovariate(1.6)))
        return rng.sample(names.branches, count)

    def trade(self) -> str:
        """Return the id of a trade, by their weights."""
        kinds = self._names.customer_kind
        return self._rng.choices(kinds, [kind.weight for kind in kinds])[0].id

    def _customer_name(self, kind: CustomerKind) -> str:
        rng, names = self._rng, self._names
        return rng.choice(kind.names).format(
            surname=rng.choice(names.surnames),
            surname2=rng.choice(names.surnames),
            saint=rng.choice(names.saints),
            word=rng.choice(names.words),
            given=rng.choice(names.given),
            number=rng.randint(2, 250),
        )

    def _service_name(self, product: Product, users: int) -> str:
        channels = min(60, max(4, users // 2))
        return product.name.format(speed="", channels=channels, extensions=users)

    def _device(self, service: Service, kind_id: str) -> Equipment:
        rng, kind = self._rng, self._devices[kind_id]
        tail = rng.getrandbits(40)
        return Equipment(
            id=self._next("e"),
            site_id=service.site_id,
            service_id=service.id,
            kind=kind.kind,
            model=rng.choice(kind.models),
            serial=f"{kind.prefix}{rng.randint(20, 26)}{rng.getrandbits(28):07X}",
            # 02: locally administered, so nobody's real device.
            mac=":".join(f"{octet:02X}" for octet in (0x02, *tail.to_bytes(5, "big"))),
            total_users=service.total_users,
        )

    def _located(self, place: Place) -> Located:
        reach = self._reach_of(place)
        angle = self._rng.random() * 2 * math.pi
        metres = reach * math.sqrt(self._rng.random())
        lat = place.lat + metres * math.cos(angle) / METRES_PER_DEGREE
        narrow = METRES_PER_DEGREE * math.cos(math.radians(place.lat))
        lon = place.lon + metres * math.sin(angle) / narrow
        located = self._territory.of_place(place, round(lat, 6), round(lon, 6))
        if located is None:
            raise ValueError(f"{place.name} lies in no region of the tree")
        return located

    def _reach_of(self, place: Place) -> float:
        known = self._reach.get(place.geoname_id)
        if known is not None:
            return known
        others = [
            haversine_m(place.lat, place.lon, town.lat, town.lon)
            for town in self._territory.towns(place.state_code)
            if town.geoname_id != place.geoname_id
        ]
        wide = math.sqrt(max(place.population, 1) / _PEOPLE_PER_KM2 / math.pi) * 1_000
        reach = min(_WIDEST_M, max(_NARROWEST_M, wide), _OWN_SHARE * min(others, default=_WIDEST_M))
        self._reach[place.geoname_id] = reach
        return reach

    def _postcode(self, place: Place) -> str:
        town = self._towns.get(place.geoname_id)
        starts = town.postcodes if town else self._states[place.state_code].postcodes
        start = self._rng.choice(starts)
        digits = 5 - len(start)
        return f"{start}{self._rng.randrange(10**digits):0{digits}d}"

    def _phone(self, lada: str) -> str:
        first = self._rng.randrange(10 ** (5 - len(lada)))
        return f"+52 {lada} 0{first:0{5 - len(lada)}d} {self._rng.randrange(10_000):04d}"

    def _person(self) -> str:
        rng, names = self._rng, self._names
        return f"{rng.choice(names.given)} {rng.choice(names.surnames)}"

    def _active_since(self) -> str:
        days = timedelta(days=self._rng.randint(_YOUNGEST_DAYS, _OLDEST_DAYS))
        return (self._at - days).date().isoformat()

    def _next(self, prefix: str) -> str:
        self._made[prefix] = self._made.get(prefix, 0) + 1
        return f"{prefix}{self._made[prefix]:06d}"
