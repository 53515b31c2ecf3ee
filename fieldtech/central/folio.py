"""Folios, the readable numbers of incidents: ``INC-26110042`` is the 42nd of November 2026 (UTC).

Year and month take four digits, the count within the month at least four more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.dialect import insert_new, lock_rows

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

PREFIX = "INC-"


def take_folios(connection: Connection, now: datetime, count: int = 1) -> list[str]:
    """Take the next numbers of the month of ``now``; nobody else ever gets them.

    A number that an import brought from elsewhere is passed over.
    """
    table, month = tables.counter, f"{now:%y%m}"
    name = f"folio:{month}"
    connection.execute(insert_new(connection, table), {"name": name, "value": 0})
    lock_rows(connection, table, table.c.name == name)
    last: int = connection.execute(select(table.c.value).where(table.c.name == name)).scalar_one()
    folios: list[str] = []
    while len(folios) < count:
        wanted = count - len(folios)
        offered = [f"{PREFIX}{month}{last + 1 + step:04d}" for step in range(wanted)]
        last += wanted
        number = tables.incident.c.number
        taken = set(connection.execute(select(number).where(number.in_(offered))).scalars())
        folios += [folio for folio in offered if folio not in taken]
    connection.execute(table.update().where(table.c.name == name).values(value=last))
    return folios
