"""``fieldtech-central sample``: fills an empty central and says who may sign in."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fieldtech.central.passwords import Passwords
from fieldtech.central.sample.generate import Request
from fieldtech.central.sample.people import BRIGADE_PASSWORD
from fieldtech.central.sample.writer import write_sample
from fieldtech.protocol.codec import to_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from fieldtech.central.database import Database
    from fieldtech.central.sample.writer import Written
    from fieldtech.clock import Clock

DEFAULT_INCIDENTS, DEFAULT_SEED = 40, 1
_GRAIN = timedelta(minutes=1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this subcommand."""
    parser.add_argument(
        "--incidents", type=_size, default=DEFAULT_INCIDENTS, help="how many (default 40)"
    )
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another set (default 1)")
    parser.add_argument(
        "--at", type=_moment, help="the sample's present, ISO 8601 with a zone (default: now)"
    )
    parser.add_argument(
        "--one-technician",
        action="store_true",
        help="give every further visit to the technician 'tecnico'",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace, database: Database, clock: Clock) -> int:
    """Write the sample set and print its users. Raises ``EnvironmentProblem``, ``DataError``."""
    now = clock.now()
    request = Request(
        seed=args.seed,
        incidents=args.incidents,
        at=args.at or now - timedelta(seconds=now.second, microseconds=now.microsecond),
        one_technician=args.one_technician,
    )
    with _no_collector():
        written = write_sample(database, request, Passwords())
    _report(written, request, sys.stdout, as_json=args.json)
    return 0


@contextmanager
def _no_collector() -> Iterator[None]:
    """Leave cycles alone meanwhile: there are none, and looking for them took a quarter of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _report(written: Written, request: Request, out: TextIO, *, as_json: bool) -> None:
    users = [
        {
            "user": user.login,
            "password": user.password,
            "role": user.person.role.value,
            "name": user.person.name,
            "regions": list(user.person.region_ids),
        }
        for user in written.users
    ]
    if as_json:
        document = {
            "at": to_stamp(request.at),
            "seed": request.seed,
            "incidents": written.incidents,
            "visits": written.visits,
            "customers": written.customers,
            "sites": written.sites,
            "states": dict(sorted(written.states.items())),
            "users": users,
        }
        out.write(json.dumps(document, ensure_ascii=False) + "\n")
        return
    states = ", ".join(f"{state} {count}" for state, count in sorted(written.states.items()))
    out.write(f"{written.incidents} incidents ({states}), {written.visits} visits, ")
    out.write(f"{written.customers} customers, {written.sites} sites\n\n")
    named = [user for user in users if user["password"] != BRIGADE_PASSWORD]
    for user in named:
        regions = " ".join(user["regions"])
        out.write(
            f"{user['user']:<12} {user['password']:<20} {user['role']:<12} {user['name']:<24} "
            f"{regions}\n"
        )
    if len(named) < len(users):
        last = users[-1]["user"]
        out.write(f"brigada-001 … {last}: {BRIGADE_PASSWORD}\n")


def _size(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs its zone, for example 2026-11-22T12:00Z")
    return moment.astimezone(UTC)
