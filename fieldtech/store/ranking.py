"""The order of sites inside a municipality: the one with the most urgent visit comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.store import sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


def rank_sites(connection: Connection, sites: Iterable[str]) -> None:
    """Give every row of these sites the nearest deadline among the site's active rows.

    Kept in the row, so that a page of the agenda is read from one index in its final order. A row
    is written with its own deadline as its site's, so most need no second writing. The index is
    named: the planner would walk the whole agenda for each site instead.
    """
    sql.many(
        connection,
        "UPDATE agenda SET site_at = ranked.first FROM (SELECT site_id, min(order_at) AS first"
        " FROM agenda INDEXED BY agenda_site WHERE active = 1"
        " AND site_id IN (SELECT value FROM json_each(?)) GROUP BY site_id) AS ranked"
        " WHERE agenda.site_id = ranked.site_id AND agenda.site_at <> ranked.first",
        [(sql.ids(sites),)],
    )


def sites_of(connection: Connection, rids: list[int]) -> set[str]:
    """Return the sites of some rows."""
    found = sql.rows(
        connection,
        "SELECT site_id FROM agenda WHERE rid IN (SELECT value FROM json_each(?))",
        (sql.ids(str(rid) for rid in rids),),
    )
    return {row[0] for row in found}
