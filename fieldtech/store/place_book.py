"""Where incidents are and whose they are, as their rows and search words say it; read once.

A change of an incident seldom comes with one of its site, its devices or its customer. What a page
changes is forgotten before rows are derived, so this is speed and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fieldtech.domain.words import RegionKind
from fieldtech.store import mirror, subsets
from fieldtech.store.harvest import Harvest
from fieldtech.store.search import code_words, fold

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from fieldtech.store.page import Page
    from fieldtech.store.reference import Rules
    from fieldtech.store.subsets import CustomerPart, IncidentPart, SitePart

MANY = 5_000
"""More places than these are not kept."""


class Place(NamedTuple):
    """Where an incident is."""

    site: str
    street: str
    municipality: str
    state: str
    timezone: str
    lat: float
    lon: float
    key: str
    words: str


class Owner(NamedTuple):
    """Whose it is."""

    name: str
    words: str


_NOWHERE = Place("", "", "", "", "", 0.0, 0.0, "\x7f", "")
_NOBODY = Owner("", "")


class PlaceBook:
    """Places by site, owners by customer. Not thread-safe."""

    def __init__(self, harvest: Harvest | None = None) -> None:
        """``harvest`` may hold what a pull has just written."""
        self._harvest = harvest or Harvest()
        self._rules: Rules | None = None
        self._places: dict[str, Place] = {}
        self._owners: dict[str, Owner] = {}

    def place(self, site_id: str) -> Place:
        """Return where a site is; nowhere when it is not here."""
        return self._places.get(site_id, _NOWHERE)

    def owner(self, customer_id: str) -> Owner:
        """Return who a customer is; nobody when he is not here."""
        return self._owners.get(customer_id, _NOBODY)

    def read(self, connection: Connection, rules: Rules, parts: Collection[IncidentPart]) -> None:
        """Read what these incidents need and is not known yet."""
        if rules is not self._rules or len(self._places) + len(self._owners) > MANY:
            self.clear()
        self._rules = rules
        customers = {part.customer_id for part in parts} - self._owners.keys()
        if customers:
            for customer_id, customer in self._customer_parts(connection, customers).items():
                self._owners[customer_id] = Owner(customer.name, code_words(customer.phone))
        sites = {part.site_id for part in parts} - self._places.keys()
        if sites:
            self._read_sites(connection, rules, sites)

    def forget_changed(self, page: Page) -> None:
        """Forget what a page changes; it is read anew when it is asked for."""
        if page.dels or page.begin.drop or page.begin.reset:
            self.clear()
        for put in page.puts:
            if put.entity == "site":
                self._places.pop(put.id, None)
            elif put.entity == "equipment":
                self._places.pop(put.parent, None)
            elif put.entity == "customer":
                self._owners.pop(put.id, None)

    def clear(self) -> None:
        """Forget everything."""
        self._places.clear()
        self._owners.clear()

    def _customer_parts(self, connection: Connection, wanted: set[str]) -> dict[str, CustomerPart]:
        known = self._harvest.customers
        read = mirror.bodies(connection, "customer", wanted - known.keys())
        decode = subsets.customer.decode
        return {each: known[each] for each in wanted & known.keys()} | {
            customer_id: decode(body) for customer_id, body in read.items()
        }

    def _site_parts(self, connection: Connection, wanted: set[str]) -> dict[str, SitePart]:
        known = self._harvest.sites
        read = mirror.bodies(connection, "site", wanted - known.keys())
        decode = subsets.site.decode
        return {each: known[each] for each in wanted & known.keys()} | {
            site_id: decode(body) for site_id, body in read.items()
        }

    def _read_sites(self, connection: Connection, rules: Rules, sites: set[str]) -> None:
        devices: dict[str, list[str]] = {}
        for site_id, _, body in mirror.bodies_below(connection, "equipment", sites):
            serial = subsets.equipment.decode(body).serial
            devices.setdefault(site_id, []).append(code_words(serial))
        for site_id, site in self._site_parts(connection, sites).items():
            region = rules.ancestor(site.region_id, RegionKind.STATE)
            state = region.name if region is not None else site.state
            self._places[site_id] = Place(
                site=site.name,
                street=site.street,
                municipality=site.municipality,
                state=state,
                timezone=site.timezone,
                lat=site.lat,
                lon=site.lon,
                key=fold(f"{state}\x1f{site.municipality}"),
                words=" ".join(
                    (
                        site.name,
                        site.street,
                        site.neighbourhood,
                        site.municipality,
                        state,
                        code_words(site.phone),
                        *devices.get(site_id, ()),
                    )
                ),
            )
