"""``fieldtech-central``: serve, load the sample set, import tickets, add users."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from fieldtech import log
from fieldtech.central import arguments, audit, tables
from fieldtech.central.blobs import options
from fieldtech.central.database import FILE_NAME, Database, new_epoch
from fieldtech.central.feed import Writer
from fieldtech.central.folders import make_folder
from fieldtech.central.importing.territory import shipped_regions
from fieldtech.central.passwords import SHORTEST_PASSWORD, Passwords, generated_password
from fieldtech.central.people import put_person
from fieldtech.central.reflector import command as reflector
from fieldtech.central.shipped import load_channels, load_shipped
from fieldtech.central.sync.versions import MIN_PULL, retire_older
from fieldtech.clock import Clock, SystemClock
from fieldtech.domain.reference import Person
from fieldtech.domain.words import Role
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.uuid7 import uuid7

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    Run = Callable[[argparse.Namespace, Database, Clock], int]

USAGE_ERROR = 64
FAILED = 1
ADMIN = "admin"
REFLECTOR = "reflector"
"""The only command without a database."""
_BEGINNINGS = frozenset({"serve", "sample", "import", "user"})
"""What may make a central where none is. The others speak of one that is there: a folder that was
mistyped must not look as if its central had a new epoch."""

_NUMBERS = 1000
"""Protocols there may ever be."""

_BUSY = """\
The database does not answer: {problem}.
Nothing was changed. Try again, or look at whoever else is writing to it.
"""


class _Parser(argparse.ArgumentParser):
    """Exits 64 on a usage error, as every command of this program does."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; return the exit code (0 done, 1 it could not be, 64 wrong usage)."""
    words = sys.argv[1:] if argv is None else list(argv)
    parser, run = _parser(words[0] if words else "")
    args = parser.parse_args(words)
    log.setup(level=logging.DEBUG if args.verbose else logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    clock = SystemClock()
    try:
        if args.command == REFLECTOR:
            return 0 if reflector.run(args, clock) else FAILED
        database = _open(args)
        try:
            return run(args, database, clock)
        finally:
            database.close()
    except EnvironmentProblem as problem:
        sys.stderr.write(problem.user_text + "\n")
        return FAILED
    except OperationalError as problem:
        # Only the driver's own words: the statement's values may be anybody's.
        sys.stderr.write(_BUSY.format(problem=problem.orig))
        return FAILED
    finally:
        log.shutdown()


def _parser(chosen: str) -> tuple[argparse.ArgumentParser, Run]:
    """The parser, and what runs the chosen subcommand; only that one's modules are imported."""
    parser = _Parser(prog="fieldtech-central", description="The central of Fieldtech.")
    shared = _Parser(add_help=False)
    place = shared.add_mutually_exclusive_group(required=True)
    place.add_argument(
        "--data", type=arguments.folder, metavar="DIR", help="folder of the SQLite database"
    )
    place.add_argument("--database", metavar="URL", help="another database, e.g. postgresql://…")
    shared.add_argument("--verbose", action="store_true", help="log more")
    subs = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    helps = {
        "serve": "run the server",
        "sample": "write a sample set",
        "import": "import open tickets from a CSV file",
        "user": "add users",
        "quarantine": "commands that tripped over a fault of the central",
        "ingest": "take in the sealed package of a laptop",
        "review": "commands of sealed packages that nobody vouches for",
        "device": "list the laptops, or shut one out",
        "new-epoch": "after a restore from a backup: everybody resyncs",
    }
    parsers = {name: subs.add_parser(name, parents=[shared], help=helps[name]) for name in helps}
    reflector.add_arguments(subs.add_parser(REFLECTOR, help="the provider's side of measurements"))
    if chosen == "sample":
        from fieldtech.central.sample import command as sample

        sample.add_arguments(parsers[chosen])
        return parser, sample.run
    if chosen == "import":
        from fieldtech.central.importing import command as importing

        importing.add_arguments(parsers[chosen])
        return parser, importing.run
    if chosen == "quarantine":
        from fieldtech.central import quarantine

        quarantine.add_arguments(parsers[chosen])
        return parser, quarantine.run
    if chosen in {"ingest", "review"}:
        from fieldtech.central.ingest import command as ingest

        ingest.add_arguments(parsers["ingest"])
        ingest.add_review_arguments(parsers["review"])
        return parser, {"ingest": ingest.run, "review": ingest.run_review}[chosen]
    if chosen == "device":
        from fieldtech.central import laptops

        laptops.add_arguments(parsers[chosen])
        return parser, laptops.run
    _serve_arguments(parsers["serve"])
    _user_arguments(parsers["user"])
    return parser, {"user": _add_user, "new-epoch": _new_epoch}.get(chosen, _serve)


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--port", type=arguments.port, default=0, help="0 (the default) takes a free one"
    )
    parser.add_argument(
        "--keys", type=arguments.folder, metavar="DIR", help="folder of the private keys"
    )
    options.add_arguments(parser)
    options.add_daily_argument(parser)
    parser.add_argument("--policy", metavar="ID", help="the service levels in force from now on")
    parser.add_argument(
        "--policies", type=arguments.folder, metavar="DIR", help="policy files of your own"
    )
    parser.add_argument(
        "--min-pull-protocol",
        type=int,
        default=MIN_PULL,
        metavar="N",
        help="older laptops get no state from now on; their work is taken for 180 days more",
    )
    parser.add_argument(
        "--trusted-proxy",
        action="append",
        type=arguments.network,
        default=[],
        metavar="ADDRESS",
        help="a reverse proxy whose X-Forwarded-For is believed",
    )
    parser.add_argument("--tls-cert", type=Path, metavar="FILE")
    parser.add_argument("--tls-key", type=Path, metavar="FILE")


def _user_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["add"])
    parser.add_argument("--login", required=True, type=arguments.line)
    parser.add_argument("--name", required=True, type=arguments.line)
    roles = [role.value for role in Role if role is not Role.SYSTEM]
    parser.add_argument("--role", required=True, choices=roles)
    parser.add_argument("--region", action="append", default=[], metavar="ID")
    parser.add_argument(
        "--password-stdin", action="store_true", help="read it there; else one is made"
    )


def _open(args: argparse.Namespace) -> Database:
    if not args.data:
        return Database.open(args.database)
    if args.command not in _BEGINNINGS and not (args.data / FILE_NAME).is_file():
        raise _wrong(f"There is no central in {args.data}.", "no_central")
    return Database.in_folder(args.data)


def _serve(args: argparse.Namespace, database: Database, clock: Clock) -> int:
    # Imported here: the other subcommands need no web framework.
    from platformdirs import user_data_path

    from fieldtech.central.app import create_app
    from fieldtech.central.blobs.folder import FolderStore
    from fieldtech.central.seal import ensure_seal_key
    from fieldtech.central.serve import run_server, sole_server

    if not MIN_PULL <= args.min_pull_protocol < _NUMBERS:
        text = f"--min-pull-protocol is a number from {MIN_PULL} on, not {args.min_pull_protocol}."
        raise _wrong(text, "bad_protocol")
    if args.tls_key and not args.tls_cert:
        raise _wrong("--tls-key needs --tls-cert.", "tls_unusable")
    keys = args.keys or args.data or user_data_path("fieldtech-central", appauthor=False)

    blobs = args.blobs or keys / "blobs"
    limits = options.limits_of(args)

    def serve() -> bool:
        ensure_seal_key(database, keys)
        make_folder(blobs)
        _first_run(database, clock, args)
        return run_server(
            create_app(database, clock, blobs=FolderStore(blobs), blob_limits=limits),
            host=args.host,
            port=args.port,
            out=sys.stdout,
            tls_cert=args.tls_cert,
            tls_key=args.tls_key,
            trusted_proxies=args.trusted_proxy,
        )

    if not args.data:
        return 0 if serve() else FAILED
    with sole_server(args.data):
        return 0 if serve() else FAILED


def _first_run(database: Database, clock: Clock, args: argparse.Namespace) -> None:
    """Load what ships with the program; make the first administrator and tell him once."""
    now = clock.now()
    policy: str | None = args.policy
    password = generated_password()

    def work(connection: Connection) -> bool:
        retire_older(connection, args.min_pull_protocol, now)
        writer = Writer(connection, now=now)
        load_shipped(connection, writer, policy=policy, own=args.policies)
        _load_regions(connection, writer)
        writer.flush()
        load_channels(connection, writer)
        if policy is not None:
            audit.record(connection, now, "policy_chosen", user_id=audit.OPERATOR, subject=policy)
        count = select(func.count()).select_from(tables.user_account)
        first = not connection.execute(count).scalar_one()
        if first:
            admin = Person(id=uuid7(now), name="Administrator", role=Role.ADMIN, region_ids=())
            hashed = Passwords().hash(password)
            put_person(connection, writer, admin, login=ADMIN, password_hash=hashed, now=now)
            audit.record(connection, now, "user_added", user_id=audit.OPERATOR, subject=admin.id)
        writer.flush()
        return first

    if database.transact(work):
        sys.stderr.write(f"First start. Sign in as {ADMIN!r} with {password} and keep that safe.\n")


def _load_regions(connection: Connection, writer: Writer) -> None:
    """Put the shipped tree (country, regions, states) where there is no region yet."""
    if connection.execute(select(tables.region.c.id).limit(1)).first() is None:
        writer.put_many("region", ((region.id, region) for region in shipped_regions()))


def _add_user(args: argparse.Namespace, database: Database, clock: Clock) -> int:
    given = sys.stdin.readline().rstrip("\r\n") if args.password_stdin else ""
    if args.password_stdin and len(given) < SHORTEST_PASSWORD:
        text = f"A password has at least {SHORTEST_PASSWORD} characters."
        raise _wrong(text, "password_too_short")
    password = given or generated_password()
    hashed = Passwords().hash(password)
    now = clock.now()

    def work(connection: Connection) -> str:
        writer = Writer(connection, now=now)
        _load_regions(connection, writer)
        writer.flush()
        user, region = tables.user_account.c, tables.region.c
        if connection.execute(select(user.id).where(user.login == args.login)).first():
            raise _wrong(f"There is a user {args.login!r} already.", "login_taken")
        known = set(
            connection.execute(select(region.id).where(region.id.in_(args.region))).scalars()
        )
        if missing := sorted(set(args.region) - known):
            raise _wrong(f"There is no region {', '.join(missing)}.", "unknown_region")
        person = Person(
            id=uuid7(now), name=args.name, role=Role(args.role), region_ids=tuple(args.region)
        )
        put_person(connection, writer, person, login=args.login, password_hash=hashed, now=now)
        writer.flush()
        what = " ".join((args.role, *args.region))
        audit.record(
            connection, now, "user_added", user_id=audit.OPERATOR, subject=person.id, detail=what
        )
        return person.id

    told = {"id": database.transact(work), "login": args.login}
    sys.stdout.write(json.dumps(told if given else {**told, "password": password}) + "\n")
    return 0


def _new_epoch(_args: argparse.Namespace, database: Database, clock: Clock) -> int:
    now = clock.now()

    def work(connection: Connection) -> str:
        epoch = new_epoch(connection, now)
        audit.record(connection, now, "new_epoch", user_id=audit.OPERATOR, subject=epoch)
        return epoch

    sys.stdout.write(json.dumps({"epoch": database.transact(work)}) + "\n")
    return 0


def _wrong(message: str, code: str) -> EnvironmentProblem:
    return EnvironmentProblem(message, code=code, what_was_kept="Nothing was changed.")


if __name__ == "__main__":
    sys.exit(main())
