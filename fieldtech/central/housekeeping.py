"""What time itself changes: ended work leaves the laptops, months begin, old tombstones go."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from fieldtech.central import tables
from fieldtech.central.dialect import lock_rows
from fieldtech.central.feed import FLUSH_AT, Writer
from fieldtech.central.months import changed_months
from fieldtech.central.sync.ground import Grounds
from fieldtech.domain.availability import month_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.central.database import Database
    from fieldtech.clock import Clock
    from fieldtech.domain.policy import Rulebook

TOMBSTONES_KEPT = timedelta(days=90)
EXPIRED_KEPT = timedelta(days=1)
"""How long an expired token is still told apart from one that never was."""

EVERY_S = 600.0
SERVICES_AT_ONCE = 500
_FIRST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a month begins first."""

log = logging.getLogger(__name__)


def tidy(database: Database, clock: Clock) -> None:
    """Do everything that is due, in as many short transactions as it takes."""
    while database.transact(lambda connection: retire_work(connection, clock.now())):
        pass
    count_months(database, clock)
    database.transact(lambda connection: drop_tombstones(connection, clock.now()))
    database.transact(lambda connection: drop_tokens(connection, clock.now()))


def retire_work(connection: Connection, now: datetime) -> int:
    """Take ended work whose retention is over off the laptops; return how much that was."""
    keys = []
    for entity, table in (("incident", tables.incident), ("visit", tables.visit)):
        due = select(table.c.id).where(table.c.live_until <= now).order_by(table.c.id)
        ids = list(connection.execute(due.limit(FLUSH_AT // 2)).scalars())
        keys += [(entity, each) for each in ids]
        retired = update(table).where(table.c.id.in_(ids)).values(live=False, live_until=None)
        connection.execute(retired)
        if entity == "visit":
            crew = tables.crew
            connection.execute(update(crew).where(crew.c.visit_id.in_(ids)).values(live=False))
    if keys:
        Writer(connection, now=now).revisit(keys)
    return len(keys)


def count_months(database: Database, clock: Clock) -> None:
    """Give each service its row for the month that begins; count anew where work is going on."""
    now = clock.now()
    with database.read() as connection:
        rules = Grounds().of(connection).rules
        due = _services_due(connection, now)
    for start in range(0, len(due), SERVICES_AT_ONCE):
        chunk = due[start : start + SERVICES_AT_ONCE]
        database.transact(partial(_count_months, rules=rules, services=chunk, now=now))


def _count_months(
    connection: Connection, *, rules: Rulebook, services: list[str], now: datetime
) -> None:
    writer = Writer(connection, now=now)
    for month_id, month in changed_months(connection, rules, services, now):
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

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeper")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the step at hand and end."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                tidy(self._database, self._clock)
            except SQLAlchemyError:
                log.exception("tidying failed; next try in %d s", EVERY_S)
            if self._stop.wait(EVERY_S):
                return
