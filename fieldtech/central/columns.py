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
) -> set[str]:
    """Write the columns of entities of one kind, ``values`` by id; references must exist.

    Returns the ids of those whose place may have changed: who sees the others stays as it is.
    """
    if entity == "incident":
        return _write_incidents(connection, values, now)
    if entity == "visit":
        return _write_visits(connection, values, now)
    if entity == "region":
        _write_regions(connection, values)
    elif entity in _PLAIN:
        table, make = _PLAIN[entity]
        rows = [make(value) for value in values.values()]
        connection.execute(upsert(connection, table), rows)
    return set(values)


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
    *, is_open: bool, known: datetime | None, before: datetime | None, now: datetime
) -> datetime | None:
    """When it ended: as it says itself, else as stored, else now; ``None`` while open."""
    return None if is_open else min(known or before or now, now)


def _retained(
    ended_at: datetime | None, *, gone: bool, now: datetime
) -> tuple[bool, datetime | None]:
    if ended_at is None:
        return True, None
    until = ended_at + RETENTION
    live = until > now and not gone
    return live, until if live else None


def _write_incidents(
    connection: Connection, values: Mapping[str, Incident], now: datetime
) -> set[str]:
    table = tables.incident
    known = select(table).where(within(table.c.id, values))
    before = {row.id: row for row in connection.execute(known)}
    rows, moved = [], set()
    for value in values.values():
        old = before.get(value.id)
        ended = _ended(
            is_open=value.state.is_open,
            known=value.closed_at or (value.reported_at if old is None else None),
            before=old.ended_at if old is not None else None,
            now=now,
        )
        live, until = _retained(ended, gone=False, now=now)
        place = (value.region_id, value.customer_id, value.site_id, live)
        if old is None or place != (old.region_id, old.customer_id, old.site_id, old.live):
            moved.add(value.id)
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
    return moved


def _write_visits(connection: Connection, values: Mapping[str, Visit], now: datetime) -> set[str]:
    table, crew = tables.visit, tables.crew
    known = select(table.c.id, table.c.ended_at).where(within(table.c.id, values))
    before = {row.id: row.ended_at for row in connection.execute(known)}
    rows, live = [], {}
    for value in values.values():
        fresh = value.id not in before
        ended_before = before.get(value.id)
        last = max((record.at for record in value.times), default=None)
        ended = _ended(
            is_open=value.state.is_open,
            # Once it has ended, no late fact brings it back to the laptops.
            known=ended_before or last or (value.assigned_at if fresh else None),
            before=ended_before,
            now=now,
        )
        live[value.id], until = _retained(ended, gone=value.state in GONE_AT_ONCE, now=now)
        rows.append(
            {
                "id": value.id,
                "incident_id": value.incident_id,
                "technician_id": value.technician_id,
                "state": value.state.value,
                "ended_at": ended,
                "live": live[value.id],
                "live_until": until,
            }
        )
    connection.execute(upsert(connection, table), rows)
    wanted = {
        (value.id, user_id): live[value.id]
        for value in values.values()
        for user_id in (value.technician_id, *value.companions)
    }
    present = select(crew.c.visit_id, crew.c.user_id, crew.c.live)
    found = {
        (row.visit_id, row.user_id): row.live
        for row in connection.execute(present.where(within(crew.c.visit_id, values)))
    }
    changed = {key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)}
    # In order: the same seed writes the same rows in the same places.
    _write_crews(connection, values, {key: wanted.get(key) for key in sorted(changed)})
    return {visit_id for visit_id, _ in changed}


def _write_crews(
    connection: Connection,
    visits: Mapping[str, Visit],
    changed: Mapping[tuple[str, str], bool | None],
) -> None:
    """Write who goes to which visit and whether it is live; ``None``: he does not go any more."""
    crew, incident = tables.crew, tables.incident
    cases = {visits[visit_id].incident_id for visit_id, _ in changed}
    where = select(incident.c.id, incident.c.site_id, incident.c.customer_id)
    found = connection.execute(where.where(within(incident.c.id, cases)))
    places = {row.id: row for row in found}
    rows = []
    for (visit_id, user_id), live in changed.items():
        if live is None:
            his = (crew.c.visit_id == visit_id) & (crew.c.user_id == user_id)
            connection.execute(crew.delete().where(his))
            continue
        place = places[visits[visit_id].incident_id]
        rows.append(
            {
                "visit_id": visit_id,
                "user_id": user_id,
                "incident_id": place.id,
                "site_id": place.site_id,
                "customer_id": place.customer_id,
                "live": live,
            }
        )
    if rows:
        connection.execute(upsert(connection, crew), rows)
