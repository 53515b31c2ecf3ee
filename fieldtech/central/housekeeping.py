"""What time itself changes: ended work leaves the laptops, months begin, old tombstones go."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from fieldtech.central import tables
from fieldtech.central.auth.throttle import forget_old
from fieldtech.central.blobs.uploads import drop_bytes, drop_leftovers, drop_stale
from fieldtech.central.dialect import lock_rows, within
from fieldtech.central.feed import Writer
from fieldtech.central.months import changed_months, lock_services
from fieldtech.central.sync.ground import Grounds
from fieldtech.domain.availability import month_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from fieldtech.central.blobs.folder import BlobStore
    from fieldtech.central.database import Database
    from fieldtech.clock import Clock
    from fieldtech.domain.policy import Rulebook

    GoOn = Callable[[], bool]

TOMBSTONES_KEPT = timedelta(days=90)
EXPIRED_KEPT = timedelta(days=1)
"""How long an expired token is still told apart from one that never was."""

EVERY_S = 600.0
BREATH_S = 0.02
"""How long it rests between two chunks: there is one interpreter, and laptops wait for it."""

READ_AT_ONCE = 100
WRITTEN_AT_ONCE = 100
"""How many services or pieces of work one transaction is about: sign-ins wait behind it."""

_FIRST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a month begins first."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """When it was last tidied, and which steps could not be done then."""

    at: datetime
    failed: tuple[str, ...] = ()


def tidy(
    database: Database,
    clock: Clock,
    go_on: GoOn = lambda: True,
    blobs: BlobStore | None = None,
) -> Tidied:
    """Do everything that is due, in as many short transactions as it takes.

    A step that fails is logged and costs the others nothing. Stops between two transactions when
    ``go_on`` says no.
    """
    steps: dict[str, Callable[[], bool]] = {
        "retire_work": partial(_retire_all, database, clock, go_on),
        "count_months": partial(count_months, database, clock, go_on),
        "drop_tombstones": partial(_once, database, clock, drop_tombstones),
        "drop_tokens": partial(_once, database, clock, drop_tokens),
        "forget_sign_ins": partial(_once, database, clock, forget_old),
    }
    if blobs is not None:
        steps["drop_files"] = partial(_drop_files, database, clock, blobs, go_on)
    failed = []
    for name, step in steps.items():
        if not go_on():
            break
        try:
            done = step()
        except Exception:
            log.exception("%s failed; next try in %d s", name, EVERY_S)
            done = False
        if not done:
            failed.append(name)
    return Tidied(at=clock.now(), failed=tuple(failed))


def _once(database: Database, clock: Clock, step: Callable[[Connection, datetime], object]) -> bool:
    database.transact(lambda connection: step(connection, clock.now()))
    return True


def _drop_files(database: Database, clock: Clock, blobs: BlobStore, go_on: GoOn) -> bool:
    while go_on():
        gone = database.transact(lambda connection: drop_stale(connection, clock.now()))
        if not gone:
            break
        database.transact(partial(drop_bytes, blobs=blobs, gone=gone))
    found = blobs.unfinished()
    database.transact(lambda connection: drop_leftovers(connection, blobs, found))
    return True


def _retire_all(database: Database, clock: Clock, go_on: GoOn) -> bool:
    while go_on() and database.transact(lambda connection: retire_work(connection, clock.now())):
        pass
    return True


def retire_work(connection: Connection, now: datetime) -> int:
    """Take ended work whose retention is over off the laptops; return how much that was."""
    keys = []
    for entity, table in (("incident", tables.incident), ("visit", tables.visit)):
        over = table.c.live_until <= now
        due = select(table.c.id).where(over).order_by(table.c.id).limit(WRITTEN_AT_ONCE)
        ids = list(connection.execute(due).scalars())
        lock_rows(connection, table, within(table.c.id, ids))
        # Asked again under the lock: a push may have opened it anew meanwhile.
        still = select(table.c.id).where(over, within(table.c.id, ids)).order_by(table.c.id)
        ids = list(connection.execute(still).scalars())
        keys += [(entity, each) for each in ids]
        retired = update(table).where(within(table.c.id, ids)).values(live=False, live_until=None)
        connection.execute(retired)
        if entity == "visit":
            crew = tables.crew
            his = within(crew.c.visit_id, ids)
            connection.execute(update(crew).where(his).values(live=False))
    if keys:
        Writer(connection, now=now).revisit(keys)
    return len(keys)


def count_months(database: Database, clock: Clock, go_on: GoOn = lambda: True) -> bool:
    """Give each service its row for the month that begins; count anew where work is going on.

    Looks while only reading, and writes what is news: a service in a hundred, most times. Returns
    whether every service could be counted.
    """
    now = clock.now()
    with database.read() as connection:
        rules = Grounds().of(connection).rules
        due = _services_due(connection, now)
    failed = 0
    for start in range(0, len(due), READ_AT_ONCE):
        if not go_on():
            break
        with database.read() as connection:
            news, bad = _with_news(connection, rules, due[start : start + READ_AT_ONCE], now)
        failed += bad
        for first in range(0, len(news), WRITTEN_AT_ONCE):
            if not go_on():
                break
            chunk = news[first : first + WRITTEN_AT_ONCE]
            database.transact(partial(_count_months, rules=rules, services=chunk, now=now))
    return not failed


def _with_news(
    connection: Connection, rules: Rulebook, services: list[str], now: datetime
) -> tuple[list[str], int]:
    """Name the services with a month to be written; count those that cannot be counted."""
    try:
        found = changed_months(connection, rules, services, now, exact=False)
        return sorted({month.service_id for _, month in found}), 0
    except SQLAlchemyError:
        raise
    except Exception:
        if len(services) == 1:
            log.exception("the months of service %s cannot be counted", services[0])
            return [], 1
    half = len(services) // 2
    first, bad = _with_news(connection, rules, services[:half], now)
    second, worse = _with_news(connection, rules, services[half:], now)
    return first + second, bad + worse


def _count_months(
    connection: Connection, *, rules: Rulebook, services: list[str], now: datetime
) -> None:
    writer = Writer(connection, now=now)
    lock_services(connection, services)
    for month_id, month in changed_months(connection, rules, services, now, exact=False):
        writer.put("service_month", month_id, month)
    writer.flush()


def _services_due(connection: Connection, now: datetime) -> list[str]:
    """Those with a live incident, or without a row for a month that began somewhere already."""
    service, incident, month = tables.service.c, tables.incident.c, tables.service_month.c
    newest = month_of(now + _FIRST_ZONE, "UTC")
    busy = exists().where(incident.service_id == service.id, incident.live)
    begun = exists().where(month.service_id == service.id, month.month == newest)
    query = select(service.id).where(busy | ~begun).order_by(service.id)
    return list(connection.execute(query).scalars())


def drop_tombstones(connection: Connection, now: datetime) -> int:
    """Forget old tombstones and raise their buckets' floors; a cursor below one starts anew."""
    feed, bucket = tables.feed, tables.bucket
    old = feed.c.removed_at < now - TOMBSTONES_KEPT
    query = select(feed.c.bucket, func.max(feed.c.seq).label("top")).where(old)
    tops = connection.execute(query.group_by(feed.c.bucket).order_by(feed.c.bucket)).all()
    if not tops:
        return 0
    lock_rows(connection, bucket, bucket.c.name.in_([row.bucket for row in tops]))
    raised = (
        update(bucket)
        .where(bucket.c.name == bindparam("b_name"), bucket.c.floor < bindparam("b_top"))
        .values(floor=bindparam("b_top"))
    )
    connection.execute(raised, [{"b_name": row.bucket, "b_top": row.top} for row in tops])
    return connection.execute(delete(feed).where(old)).rowcount


def drop_tokens(connection: Connection, now: datetime) -> None:
    """Forget tokens that cannot be used any more."""
    for table in (tables.access_token, tables.refresh_token):
        connection.execute(delete(table).where(table.c.expires_at <= now - EXPIRED_KEPT))


class Housekeeper:
    """Runs ``tidy`` at the start and every ten minutes in a thread of its own."""

    def __init__(self, database: Database, clock: Clock, blobs: BlobStore | None = None) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeper")
        self.last: Tidied | None = None
        """How the last round ended, ``None`` before the first is over."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction at hand and end."""
        self._stop.set()
        self._thread.join()

    def once(self) -> None:
        """Tidy now, in the thread of the caller."""
        self.last = tidy(
            self._database, self._clock, lambda: not self._stop.wait(BREATH_S), self._blobs
        )

    def _run(self) -> None:
        while True:
            self.once()
            if self._stop.wait(EVERY_S):
                return
