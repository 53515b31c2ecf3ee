"""An operator's export of open tickets, as small as it can be, for the tests of the import."""

from __future__ import annotations

import csv
import io

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
