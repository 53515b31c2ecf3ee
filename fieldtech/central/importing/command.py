"""``fieldtech-central import FILE.csv``: an operator's export of open tickets, one row an incident.

The file is UTF-8 (with or without its mark), UTF-16 with its mark, or Windows-1252; cells are
separated by ``;``, ``,`` or tabs; all three are detected. Headers are Spanish or English, with any
capitals, accents and punctuation. Needed are

* the ticket: ``external_id`` (folio, ticket), ``title`` (asunto, falla), ``reported_at`` (fecha de
  reporte);
* the place: ``customer`` (cliente), ``site`` (sitio, sucursal), and ``latitude`` + ``longitude``
  or ``coordinates`` (coordenadas), or ``municipality`` with ``state_name`` (municipio, estado), or
  a ``region`` path such as ``Noreste > Nuevo León > Monterrey``;
* the service: ``service`` (servicio), with ``total_users`` (usuarios) and ``affected_users``
  (usuarios afectados), from which the policy gives the severity; or a ``severity`` by hand.

May be there: ``kind``, ``state`` (estatus: new or open; only open tickets are imported),
``description``, ``channel``, ``notified_at``, ``acknowledged_at``, ``contact``, ``phone``,
``email``, ``whatsapp``, ``street``, ``neighbourhood``, ``postcode``, ``timezone``,
``access_notes``, ``service_kind``, ``severity_reason``, ``router_owner``, ``access``,
``speed_mbps``. Every alias stands in ``columns.py``; ``--map`` names a TOML file for other headers
and words (``mapping.py``). ``resources/sample/tickets_example.csv`` is an example.

Dates are ``2026-11-22 10:40`` or ``22/11/2026 10:40``, in the site's own time zone unless they
carry an offset. Coordinates may have a decimal comma. Where a report has two times, the earlier
starts both clocks. A ticket without a time or a status of acceptance waits for one here.

It is all or nothing, and safe to repeat: a ticket is known by its external id. What a second run
changes about a known one is told in ``cases.py``. Exit code 0: done (or, with ``--dry-run``, it
would be); 2: lines are bad, each named on stderr, nothing was written; 64: wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech.central.importing.mapping import load_map
from fieldtech.central.importing.run import NO_MAP, import_file
from fieldtech.errors import DataError

if TYPE_CHECKING:
    from fieldtech.central.database import Database
    from fieldtech.central.importing.problems import Problem
    from fieldtech.central.importing.run import Outcome
    from fieldtech.clock import Clock

DONE, BAD_LINES, USAGE = 0, 2, 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--map", type=Path, metavar="FILE.toml", help="what its columns mean")
    parser.add_argument("--dry-run", action="store_true", help="name what is wrong, write nothing")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace, database: Database, clock: Clock) -> int:
    """Import the file; return 0, 2 (bad lines) or 64 (no such file, a wrong column map)."""
    try:
        raw = args.file.read_bytes()
        columns = load_map(args.map) if args.map else NO_MAP
    except OSError as problem:
        sys.stderr.write(f"{args.file}: {problem.strerror}\n")
        return USAGE
    except DataError as problem:
        sys.stderr.write(f"{problem}\n")
        return USAGE
    outcome = import_file(database, raw, now=clock.now(), columns=columns, dry_run=args.dry_run)
    if args.json:
        sys.stdout.write(json.dumps(_document(args, outcome), ensure_ascii=False) + "\n")
    else:
        _tell(args, outcome)
    return BAD_LINES if outcome.problems else DONE


def _tell(args: argparse.Namespace, outcome: Outcome) -> None:
    file = str(args.file)
    for remark in outcome.remarks:
        sys.stderr.write(f"{remark.sentence(file)} [note]\n")
    for problem in outcome.problems:
        sys.stderr.write(f"{problem.sentence(file)}\n")
    if outcome.problems:
        lines = len({problem.line for problem in outcome.problems})
        sys.stdout.write(f"{lines} bad lines of {outcome.rows}; nothing was written\n")
        return
    done = "would be" if args.dry_run else "were"
    sys.stdout.write(
        f"{outcome.rows} rows: {outcome.created} incidents {done} created, {outcome.updated} "
        f"updated, {outcome.unchanged} unchanged; {outcome.records} customers, sites and services "
        f"{done} new or altered\n"
    )


def _document(args: argparse.Namespace, outcome: Outcome) -> dict[str, object]:
    return {
        "file": str(args.file),
        "encoding": outcome.encoding,
        "delimiter": outcome.delimiter,
        "dry_run": args.dry_run,
        "written": outcome.written,
        "rows": outcome.rows,
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "records": outcome.records,
        "ignored_columns": list(outcome.ignored),
        "bad": [_plain(problem) for problem in outcome.problems],
        "notes": [_plain(remark) for remark in outcome.remarks],
    }


def _plain(problem: Problem) -> dict[str, object]:
    return {
        "line": problem.line,
        "column": problem.column,
        "value": problem.shown,
        "reason": problem.reason,
    }
