"""The view of incidents and visits: the mirror with the work not yet confirmed laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.domain.case import Case
from fieldtech.domain.incident import Incident
from fieldtech.domain.visit import Visit
from fieldtech.protocol.codec import decode
from fieldtech.store import mirror

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from fieldtech.store.database import Database


class Cases:
    """Reads whole incidents as the person of this laptop left them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, incident_id: str) -> Case:
        """Return an incident with all its visits; ``incident`` is ``None`` when it is not here."""
        with self._database.read() as connection:
            return view(connection, incident_id)

    def incident_of_visit(self, visit_id: str) -> str | None:
        """Return the id of the incident a visit belongs to."""
        with self._database.read() as connection:
            return incident_of_visit(connection, visit_id)


def confirmed(connection: Connection, incident_id: str) -> Case:
    """Return an incident as the central sent it last, without this laptop's pending work."""
    return Case(
        incident=mirror.value(connection, "incident", incident_id),
        visits=in_order(mirror.values(connection, "visit", incident_id)),
    )


def view(connection: Connection, incident_id: str) -> Case:
    """Return an incident with this laptop's pending work in it."""
    laid_over = {
        (row[0], row[1]): row[2]
        for row in connection.exec_driver_sql(
            "SELECT entity, id, body FROM overlay WHERE incident_id = ? ORDER BY id",
            (incident_id,),
        )
    }
    if not laid_over:
        return confirmed(connection, incident_id)
    over = laid_over.pop(("incident", incident_id), None)
    incident = (
        decode(over, Incident)
        if over is not None
        else mirror.value(connection, "incident", incident_id)
    )
    visits = {
        entity_id: body
        for _, entity_id, body in mirror.bodies_below(connection, "visit", [incident_id])
    }
    visits |= {entity_id: body for (_, entity_id), body in laid_over.items()}
    return Case(
        incident=incident,
        visits=in_order(decode(body, Visit) for body in visits.values()),
    )


def in_order(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    """Return visits as the rules expect them: the last assigned last."""
    return tuple(sorted(visits, key=lambda visit: (visit.assigned_at, visit.id)))


def incident_of_visit(connection: Connection, visit_id: str) -> str | None:
    """Return a visit's incident, pending visits included."""
    row = connection.exec_driver_sql(
        "SELECT incident_id FROM overlay WHERE entity = 'visit' AND id = ? "
        "UNION ALL SELECT parent FROM mirror WHERE entity = 'visit' AND id = ? LIMIT 1",
        (visit_id, visit_id),
    ).first()
    return None if row is None else row[0]
