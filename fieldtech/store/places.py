"""The register of services a dispatcher searches when somebody calls: customer, site, service."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fieldtech.store import mirror, sql, subsets
from fieldtech.store.search import code_words, match, words_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from fieldtech.store.database import Database

CHUNK = 500


class PlaceHit(NamedTuple):
    """A service that can be reported as down. ``open_numbers``: incidents it has already."""

    service_id: str
    site_id: str
    customer_id: str
    region_id: str
    customer: str
    site: str
    street: str
    neighbourhood: str
    municipality: str
    state: str
    service: str
    service_kind: str
    total_users: int | None
    open_numbers: tuple[str, ...]


class Places:
    """Finds services."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, text: str, *, limit: int = 50) -> list[PlaceHit]:
        """Return services whose customer, site, street, phone, serial or name begins so."""
        found = match(text)
        if found is None:
            return []
        with self._database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT service_id FROM place WHERE rid IN"
                " (SELECT rowid FROM place_words WHERE place_words MATCH ?) LIMIT ?",
                (found, limit),
            )
            return _hits(connection, [row[0] for row in rows])


def mark(connection: Connection, services: Iterable[str]) -> None:
    """Say that these services' words are no longer right."""
    rows = [(service_id,) for service_id in services]
    if rows:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO dirty (entity, id) VALUES ('service', ?)", rows
        )


def mark_at(connection: Connection, entity: str, ids: Sequence[str]) -> None:
    """Say that these customers or sites changed: their services are to be found otherwise."""
    column = "customer_id" if entity == "customer" else "site_id"
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO dirty (entity, id) SELECT 'service', service_id FROM place"  # noqa: S608
        f" WHERE {column} IN (SELECT value FROM json_each(?))",
        (_json(ids),),
    )


def dirty(connection: Connection, limit: int = CHUNK) -> list[str]:
    """Return some services whose words are to be derived."""
    found = sql.rows(connection, "SELECT id FROM dirty WHERE entity = 'service' LIMIT ?", (limit,))
    return [row[0] for row in found]


def derive(connection: Connection, services: Sequence[str]) -> None:
    """Bring the search rows of these services up to date and take their marks away."""
    bodies = mirror.bodies(connection, "service", services)
    parts = [subsets.service.decode(body) for body in bodies.values()]
    words_of_site = _site_words(connection, {part.site_id for part in parts})
    present = {
        row[0]: (row[1], row[2])
        for row in connection.exec_driver_sql(
            "SELECT service_id, rid, words FROM place"
            " WHERE service_id IN (SELECT value FROM json_each(?))",
            (_json(services),),
        )
    }
    fresh = int(
        connection.exec_driver_sql("SELECT coalesce(max(rid), 0) + 1 FROM place").scalar_one()
    )
    rows: list[tuple[object, ...]] = []
    words: list[tuple[int, str]] = []
    for part in parts:
        text = f"{part.name} {words_of_site.get(part.site_id, '')}"
        hashed = words_hash(text)
        known = present.pop(part.id, None)
        if known is not None and known[1] == hashed:
            continue
        rid = known[0] if known is not None else fresh
        if known is None:
            fresh += 1
        rows.append((rid, part.id, part.site_id, part.customer_id, hashed))
        words.append((rid, text))
    gone = [(rid,) for rid, _ in present.values()]
    if gone:
        connection.exec_driver_sql("DELETE FROM place WHERE rid = ?", gone)
        connection.exec_driver_sql("DELETE FROM place_words WHERE rowid = ?", gone)
    if rows:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO place (rid, service_id, site_id, customer_id, words)"
            " VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO place_words (rowid, words) VALUES (?, ?)", words
        )
    connection.exec_driver_sql(
        "DELETE FROM dirty WHERE entity = 'service' AND id IN (SELECT value FROM json_each(?))",
        (_json(services),),
    )


def _site_words(connection: Connection, sites: set[str]) -> dict[str, str]:
    found = {
        site_id: subsets.site.decode(body)
        for site_id, body in mirror.bodies(connection, "site", sites).items()
    }
    owners = {site.customer_id for site in found.values()}
    customers = {
        customer_id: subsets.customer.decode(body)
        for customer_id, body in mirror.bodies(connection, "customer", owners).items()
    }
    serials: dict[str, list[str]] = {}
    for site_id, _, body in mirror.bodies_below(connection, "equipment", sites):
        serials.setdefault(site_id, []).append(code_words(subsets.equipment.decode(body).serial))
    words: dict[str, str] = {}
    for site_id, site in found.items():
        customer = customers.get(site.customer_id)
        words[site_id] = " ".join(
            (
                customer.name if customer is not None else "",
                code_words(customer.phone) if customer is not None else "",
                site.name,
                site.street,
                site.neighbourhood,
                site.municipality,
                code_words(site.phone),
                *serials.get(site_id, ()),
            )
        )
    return words


def _hits(connection: Connection, services: list[str]) -> list[PlaceHit]:
    parts = [
        subsets.service.decode(body)
        for body in mirror.bodies(connection, "service", services).values()
    ]
    sites = {
        site_id: subsets.site.decode(body)
        for site_id, body in mirror.bodies(
            connection, "site", {part.site_id for part in parts}
        ).items()
    }
    customers = {
        customer_id: subsets.customer.decode(body)
        for customer_id, body in mirror.bodies(
            connection, "customer", {part.customer_id for part in parts}
        ).items()
    }
    numbers = _open_numbers(connection, sites)
    hits: list[PlaceHit] = []
    for part in parts:
        site, customer = sites.get(part.site_id), customers.get(part.customer_id)
        if site is None or customer is None:
            continue
        hits.append(
            PlaceHit(
                service_id=part.id,
                site_id=part.site_id,
                customer_id=part.customer_id,
                region_id=site.region_id,
                customer=customer.name,
                site=site.name,
                street=site.street,
                neighbourhood=site.neighbourhood,
                municipality=site.municipality,
                state=site.state,
                service=part.name,
                service_kind=part.kind,
                total_users=part.total_users,
                open_numbers=tuple(numbers.get(part.id, ())),
            )
        )
    return sorted(hits, key=lambda hit: (hit.customer, hit.site, hit.service, hit.service_id))


def _open_numbers(connection: Connection, sites: Iterable[str]) -> dict[str, list[str]]:
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT service_id, number FROM agenda WHERE active = 1"
        " AND site_id IN (SELECT value FROM json_each(?)) ORDER BY number",
        (_json(list(sites)),),
    )
    numbers: dict[str, list[str]] = {}
    for service_id, number in rows:
        numbers.setdefault(service_id, []).append(number)
    return numbers


def _json(values: Sequence[str]) -> str:
    return msgspec.json.encode(list(values)).decode()
