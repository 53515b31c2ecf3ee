"""From an entity's value to the columns its table keeps; the value itself stands in ``body``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import upsert, within
from fieldtech.domain.words import VisitState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

    from fieldtech.domain.incident import Incident
    from fieldtech.domain.visit import Visit

RETENTION = timedelta(days=14)
"""How long ended work stays on the laptops."""

GONE_AT_ONCE = frozenset({VisitState.REASSIGNED, VisitState.DECLINED})
"""States in which a visit is no longer its technician's: it leaves his laptop without delay."""

ORDER = (
    "region",
    "channel",
    "person",
    "policy",
    "template",
    "settings",
    "customer",
    "site",
    "service",
    "equipment",
    "service_month",
    "site_history",
    "incident",
    "visit",
    "planned",
)
"""Referred-to entities first: the order in which rows are written and numbered on the feed."""


def write_columns(
    connection: Connection, entity: str, values: Mapping[str, Any], now: datetime
) -> None:
    """Write the columns of entities of one kind, ``values`` by id; references must exist."""
    if entity == "incident":
        _write_incidents(connection, values, now)
    elif entity == "visit":
        _write_visits(connection, values, now)
    elif entity in _PLAIN:
        table, make = _PLAIN[entity]
        rows = [make(value) for value in values.values()]
        connection.execute(upsert(connection, table), rows)
    elif entity == "region":
        _write_regions(connection, values)


def delete_columns(connection: Connection, entity: str, ids: list[str]) -> None:
    """Take away the columns of removed entities; refused by the database while referred to."""
    if entity in _PLAIN:
        table = _PLAIN[entity][0]
        connection.execute(table.delete().where(within(table.c.id, ids)))


def _customer(value: Any) -> dict[str, Any]:  # noqa: ANN401  one of the entity values
    return {"id": value.id, "name": value.name}


def _site(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"id": value.id, "customer_id": value.customer_id, "region_id": value.region_id}


def _service(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": value.id,
        "site_id": value.site_id,
        "customer_id": value.customer_id,
        "total_users": value.total_users,
    }


def _equipment(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": value.id,
        "site_id": value.site_id,
        "service_id": value.service_id or None,
        "total_users": value.total_users,
    }


def _service_month(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": f"{value.service_id}@{value.month}",
        "service_id": value.service_id,
        "month": value.month,
    }


def _channel(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"id": value.id, "region_id": value.region_id}


def _planned(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": value.id,
        "starts_at": value.start,
        "ends_at": value.end,
        "cancelled": value.cancelled,
    }


_PLAIN: dict[str, tuple[Table, Any]] = {
    "customer": (tables.customer, _customer),
    "site": (tables.site, _site),
    "service": (tables.service, _service),
    "equipment": (tables.equipment, _equipment),
    "service_month": (tables.service_month, _service_month),
    "channel": (tables.channel, _channel),
    "planned": (tables.planned, _planned),
}


def _write_regions(connection: Connection, values: Mapping[str, Any]) -> None:
    known = {row.id: row.path for row in connection.execute(select(tables.region))}
    statement = upsert(connection, tables.region)
    waiting = dict(values)
    while waiting:
        ready = [r for r in waiting.values() if not r.parent_id or r.parent_id in known]
        ready = [r for r in ready if r.parent_id not in waiting]
        if not ready:
            names = ", ".join(sorted(waiting))
            raise ValueError(f"regions without a known parent: {names}")
        rows = []
        for each in ready:
            path = f"{known[each.parent_id] if each.parent_id else '/'}{each.id}/"
            known[each.id] = path
            del waiting[each.id]
            rows.append(
                {
                    "id": each.id,
                    "parent_id": each.parent_id or None,
                    "kind": each.kind.value,
                    "name": each.name,
                    "path": path,
                }
            )
        connection.execute(statement, rows)


def _ended(
    *, is_open: bool, known: datetime | None, before: datetime | None, fresh: bool, now: datetime
) -> datetime | None:
    """When it ended: as it says itself, else as stored, else now; ``None`` while open."""
    if is_open:
        return None
    return min(known or before or now, now) if not fresh else min(known or now, now)


def _retained(
    ended_at: datetime | None, *, gone: bool, now: datetime
) -> tuple[bool, datetime | None]:
    if ended_at is None:
        return True, None
    until = ended_at + RETENTION
    live = until > now and not gone
    return live, until if live else None


def _write_incidents(connection: Connection, values: Mapping[str, Incident], now: datetime) -> None:
    table = tables.incident
    before = {
        row.id: row.ended_at
        for row in connection.execute(
            select(table.c.id, table.c.ended_at).where(within(table.c.id, values))
        )
    }
    rows = []
    for value in values.values():
        fresh = value.id not in before
        ended = _ended(
            is_open=value.state.is_open,
            known=value.closed_at or (value.reported_at if fresh else None),
            before=before.get(value.id),
            fresh=fresh,
            now=now,
        )
        live, until = _retained(ended, gone=False, now=now)
        rows.append(
            {
                "id": value.id,
                "number": value.number,
                "external_id": value.external_id or None,
                "kind": value.kind.value,
                "state": value.state.value,
                "region_id": value.region_id,
                "customer_id": value.customer_id,
                "site_id": value.site_id,
                "service_id": value.service_id or None,
                "reported_at": value.reported_at,
                "ended_at": ended,
                "live": live,
                "live_until": until,
            }
        )
    connection.execute(upsert(connection, table), rows)


def _write_visits(connection: Connection, values: Mapping[str, Visit], now: datetime) -> None:
    table, incident = tables.visit, tables.incident
    before = {
        row.id: row.ended_at
        for row in connection.execute(
            select(table.c.id, table.c.ended_at).where(within(table.c.id, values))
        )
    }
    wanted = {value.incident_id for value in values.values()}
    places = {
        row.id: row
        for row in connection.execute(
            select(incident.c.id, incident.c.site_id, incident.c.customer_id).where(
                within(incident.c.id, wanted)
            )
        )
    }
    rows, crews = [], []
    for value in values.values():
        fresh = value.id not in before
        last = max((record.at for record in value.times), default=None)
        ended = _ended(
            is_open=value.state.is_open,
            known=last or (value.assigned_at if fresh else None),
            before=before.get(value.id),
            fresh=fresh,
            now=now,
        )
        live, until = _retained(ended, gone=value.state in GONE_AT_ONCE, now=now)
        rows.append(
            {
                "id": value.id,
                "incident_id": value.incident_id,
                "technician_id": value.technician_id,
                "state": value.state.value,
                "ended_at": ended,
                "live": live,
                "live_until": until,
            }
        )
        place = places[value.incident_id]
        crews += [
            {
                "visit_id": value.id,
                "user_id": user_id,
                "incident_id": value.incident_id,
                "site_id": place.site_id,
                "customer_id": place.customer_id,
                "live": live,
            }
            for user_id in dict.fromkeys((value.technician_id, *value.companions))
        ]
    connection.execute(upsert(connection, table), rows)
    connection.execute(upsert(connection, tables.crew), crews)
    stale = {(crew["visit_id"], crew["user_id"]) for crew in crews}
    present = connection.execute(
        select(tables.crew.c.visit_id, tables.crew.c.user_id).where(
            within(tables.crew.c.visit_id, values)
        )
    )
    left = [row for row in present if (row.visit_id, row.user_id) not in stale]
    for row in left:
        connection.execute(
            tables.crew.delete().where(
                tables.crew.c.visit_id == row.visit_id, tables.crew.c.user_id == row.user_id
            )
        )
