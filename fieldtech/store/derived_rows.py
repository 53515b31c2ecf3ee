"""Agenda rows as they are stored: which there are, and writing them in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.store import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

_COLUMNS = (
    "rid, incident_id, visit_id, technician_id, customer_id, site_id, service_id, region_id,"
    " number, kind, title, customer, site, street, municipality, state, timezone, lat, lon,"
    " severity, incident_state, visit_state, reported_at, window_start, window_end, clocks,"
    " order_at, site_at, due_at, risk_at, place_key, active, assigned, away, waiting, refused,"
    " words"
)
_PLACEHOLDERS = ", ".join("?" * len(_COLUMNS.split(",")))
_INSERT = f"INSERT OR REPLACE INTO agenda ({_COLUMNS}) VALUES ({_PLACEHOLDERS})"  # noqa: S608


def present_rows(
    connection: Connection, wanted: Sequence[str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the rows that are there: ``(incident, visit)`` to its number and words' hash."""
    found = sql.rows(
        connection,
        "SELECT incident_id, visit_id, rid, words FROM agenda"
        " WHERE incident_id IN (SELECT value FROM json_each(?))",
        (sql.ids(wanted),),
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in found}


def away_incidents(connection: Connection, parts: Iterable[str]) -> frozenset[str]:
    """Return which incidents the central no longer grants: kept for unfinished work alone."""
    found = sql.rows(
        connection,
        "SELECT id FROM mirror WHERE entity = 'incident'"
        " AND id IN (SELECT incident_id FROM outbox"
        " WHERE state IN ('waiting', 'parked', 'rejected', 'quarantined'))"
        " AND id IN (SELECT value FROM json_each(?))"
        " AND NOT EXISTS (SELECT 1 FROM member WHERE member.rid = mirror.rid)",
        (sql.ids(parts),),
    )
    return frozenset(row[0] for row in found)


def next_rid(connection: Connection) -> int:
    """Return the first number no row has."""
    return int(sql.rows(connection, "SELECT coalesce(max(rid), 0) + 1 FROM agenda")[0][0])


def write_rows(
    connection: Connection,
    rows: list[tuple[sql.Value, ...]],
    words: list[tuple[int, str]],
    gone: list[int],
) -> None:
    """Write rows and the words to find them by, and delete the rows numbered in ``gone``."""
    if gone:
        rids = [(rid,) for rid in gone]
        sql.many(connection, "DELETE FROM agenda WHERE rid = ?", rids)
        sql.many(connection, "DELETE FROM agenda_words WHERE rowid = ?", rids)
    sql.many(connection, _INSERT, rows)
    sql.many(connection, "INSERT OR REPLACE INTO agenda_words (rowid, words) VALUES (?, ?)", words)
