"""An operator's export of open tickets, as small as it can be, and what an import makes of it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.feed import Writer
from fieldtech.central.importing.run import Outcome, import_file
from fieldtech.central.sync.ground import Grounds
from fieldtech.domain.apply import apply
from fieldtech.domain.case import Applied, Case, Context
from fieldtech.domain.commands import Actor, Command
from fieldtech.domain.words import Role
from fieldtech.protocol.codec import decode_body

if TYPE_CHECKING:
    from fieldtech.central.database import Database
    from fieldtech.domain.incident import Incident

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
REPORTED = datetime(2026, 11, 22, 16, 40, tzinfo=UTC)
SUPERVISOR = Actor(id="sol", role=Role.SUPERVISOR)
NEEDED = {
    "Folio": "OP-1",
    "Asunto": "Enlace de fibra caído",
    "Fecha de reporte": "22/11/2026 10:40",
    "Acuse": "22/11/2026 10:49",
    "Cliente": "Clínica Santa Elena",
    "Sucursal": "Matriz",
    "Latitud": "25,6714",
    "Longitud": "-100,3096",
    "Servicio": "Internet dedicado 100 Mbps",
    "Usuarios": "40",
    "Afectados": "20",
}
"""A row that can be imported, by its headers. The report: 22 November 2026, 16:40 UTC."""


def export(
    *rows: dict[str, str],
    delimiter: str = ";",
    encoding: str = "utf-8",
    without: tuple[str, ...] = (),
) -> bytes:
    """Return a file of these rows, each with what ``NEEDED`` has where it says nothing else."""
    full = [{**NEEDED, **row} for row in rows]
    headers = [h for h in dict.fromkeys(name for row in full for name in row) if h not in without]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([row.get(header, "") for header in headers] for row in full)
    return out.getvalue().encode(encoding)


def taken(database: Database, raw: bytes, **options: Any) -> Outcome:
    return import_file(database, raw, now=NOW, **options)


def bad(outcome: Outcome) -> list[tuple[int, str]]:
    assert not outcome.written
    return [(problem.line, problem.column) for problem in outcome.problems]


def bodies(database: Database, entity: str) -> list[Any]:
    body = tables.body.c
    query = select(body.text).where(body.entity == entity).order_by(body.id)
    with database.read() as connection:
        return [decode_body(entity, text) for text in connection.execute(query).scalars()]


def incident(database: Database, external_id: str = "OP-1") -> Incident:
    found: list[Incident] = [
        each for each in bodies(database, "incident") if each.external_id == external_id
    ]
    assert len(found) == 1
    return found[0]


def heads(database: Database) -> dict[str, int]:
    with database.read() as connection:
        bucket = tables.bucket.c
        return {row.name: row.head for row in connection.execute(select(bucket.name, bucket.head))}


def worked(database: Database, name: str, args: object) -> None:
    """Let somebody at the central do something to the imported incident."""
    before = incident(database)
    with database.write() as connection:
        command = Command(
            op_id=f"op-{name}",
            name=name,
            target=f"incident:{before.id}",
            actor=SUPERVISOR,
            occurred_at=NOW,
            args=args,
        )
        context = Context(now=NOW, rules=Grounds().of(connection).rules, total_users=40)
        verdict = apply(Case(incident=before), command, context)
        assert isinstance(verdict, Applied)
        writer = Writer(connection, now=NOW)
        writer.put("incident", before.id, verdict.case.incident)
        writer.flush()
