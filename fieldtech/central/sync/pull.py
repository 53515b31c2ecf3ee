"""Pull: one page of what changed in the user's buckets, bodies passed on as they are stored.

All of a page comes from one snapshot. A cursor is the last ``seq`` the laptop has of a bucket. It
is negative while a first load is still below the bucket's floor: there a small number means "not
that far yet" and not "too old", and only the central needs to know the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import and_, exists, literal, select

from fieldtech.central import tables
from fieldtech.central.database import read_meta
from fieldtech.central.dialect import insert_new, within
from fieldtech.central.refusal import Refused
from fieldtech.central.sync.scope import buckets_of
from fieldtech.domain.reference import Person
from fieldtech.domain.words import Role
from fieldtech.protocol.codec import decode, encode, encode_body, to_stamp
from fieldtech.protocol.pages import Begin, End
from fieldtech.protocol.wire import MAX_PULL_BYTES, MAX_PULL_ROWS, BucketCheck

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.central.auth.principal import Principal
    from fieldtech.protocol.wire import PullRequest


@dataclass(slots=True)
class Page:
    """A finished page and the visits it brings their own technician, to be noted as delivered."""

    data: bytes
    visits: list[str]


@dataclass(frozen=True, slots=True)
class _Bucket:
    """One granted bucket as this snapshot has it."""

    name: str
    head: int = 0
    floor: int = 0
    size: int = 0
    hash: str = "0"

    @property
    def check(self) -> BucketCheck:
        """What a laptop that is at the head must have."""
        return BucketCheck(bucket=self.name, head=self.head, count=self.size, hash=self.hash)


@dataclass(slots=True)
class _Rows:
    """The lines of a page as they gather."""

    limit: int
    lines: list[str] = field(default_factory=list)
    size: int = 0
    visits: list[str] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """No further line fits."""
        return len(self.lines) >= self.limit or self.size >= MAX_PULL_BYTES


def pull(connection: Connection, principal: Principal, request: PullRequest, now: datetime) -> Page:
    """Make the next page for this cursor; ``connection`` must read one snapshot.

    Raises ``Refused`` 410 ``epoch`` when the cursor is of another history.
    """
    epoch = read_meta(connection, "epoch")
    if request.epoch and request.epoch != epoch:
        raise Refused(410, "epoch", "resync, then offer your commands again", retryable=True)
    granted = _granted(connection, buckets_of(connection, principal))
    starts = {bucket.name: _start(bucket, request.cursor) for bucket in granted}
    begin = Begin(
        epoch=epoch,
        server_time=to_stamp(now),
        grant=tuple(starts),
        drop=tuple(sorted(set(request.cursor) - set(starts))),
        reset=tuple(name for name, start in starts.items() if start is None),
    )
    rows = _Rows(limit=max(1, min(request.limit, MAX_PULL_ROWS)))
    cursor, checks, more = {}, [], False
    for bucket in granted:
        start = starts[bucket.name] or 0
        reached = start if rows.is_full else _read(connection, principal, bucket, start, rows)
        cursor[bucket.name] = reached
        if reached == bucket.head:
            checks.append(bucket.check)
        else:
            more = True
    device = tables.device.c
    his = (device.id == request.device_id) & (device.user_id == principal.id)
    last_n = connection.execute(select(device.last_n).where(his))
    end = End(cursor=cursor, more=more, last_n=last_n.scalar() or 0, check=tuple(checks))
    text = (
        f'["begin",{encode(begin).decode()}]\n{"".join(rows.lines)}["end",{encode(end).decode()}]\n'
    )
    return Page(data=text.encode(), visits=_own(connection, principal, rows.visits))


def note_delivered(
    connection: Connection, principal: Principal, visits: list[str], now: datetime
) -> None:
    """Remember that these visits were delivered to their technician.

    In one statement, however many they are: a first pull brings hundreds a page.
    """
    visit, delivered = tables.visit.c, tables.delivered
    rows = (
        select(visit.id, literal(principal.id), literal(now, delivered.c.at.type))
        .where(within(visit.id, visits))
        .order_by(visit.id)
    )
    connection.execute(insert_new(connection, delivered).from_select(list(delivered.c), rows))


def _granted(connection: Connection, names: tuple[str, ...]) -> list[_Bucket]:
    """The granted buckets in their order; one that holds nothing yet is empty."""
    table = tables.bucket
    found = {
        row.name: _Bucket(row.name, row.head, row.floor, row.size, row.hash)
        for row in connection.execute(select(table).where(table.c.name.in_(names)))
    }
    return [found.get(name, _Bucket(name)) for name in names]


def _start(bucket: _Bucket, cursor: dict[str, int]) -> int | None:
    """Where to go on in a bucket; ``None``: the cursor is of no use, begin again."""
    at = cursor.get(bucket.name, 0)
    if at > bucket.head or 0 < at < bucket.floor:
        return None
    return at


def _read(
    connection: Connection, principal: Principal, bucket: _Bucket, start: int, rows: _Rows
) -> int:
    """Add this bucket's rows after ``start``; return the cursor they reach."""
    feed, body = tables.feed.c, tables.body.c
    loading = start <= 0
    after = feed.seq > abs(start)
    if loading:
        # Nothing to take away from a laptop that is only filling this bucket.
        after &= feed.op == "put"
    query = (
        select(feed.seq, feed.op, feed.entity, feed.id, feed.rev, body.text)
        .select_from(tables.feed)
        .outerjoin(
            tables.body,
            and_(body.entity == feed.entity, body.id == feed.id, body.audience == ""),
        )
        .where(feed.bucket == bucket.name, after)
        .order_by(feed.seq)
        .limit(rows.limit - len(rows.lines))
    )
    name = msgspec.json.encode(bucket.name).decode()
    mine = bucket.name.startswith("tech:")
    reached: int = 0
    for seq, op, entity, entity_id, rev, text in connection.execute(query):
        quoted = msgspec.json.encode(entity_id).decode()
        if op == "put":
            shown = _person_for(principal, text) if entity == "person" else text
            line = f'["put",{name},{seq},"{entity}",{quoted},{rev},{shown}]\n'
        else:
            line = f'["del",{name},{seq},"{entity}",{quoted},{rev}]\n'
        rows.lines.append(line)
        rows.size += len(line)
        if mine and entity == "visit" and op == "put":
            rows.visits.append(entity_id)
        reached = int(seq)
        if rows.is_full:
            return -reached if loading and reached < bucket.floor else reached
    return bucket.head


def _person_for(principal: Principal, text: str) -> str:
    """A person's card; a technician learns of others who they are and where they work.

    He needs a name for each line of a history. Where his colleagues live and how to reach them is
    for those who send them.
    """
    if principal.role is not Role.TECHNICIAN:
        return text
    person = decode(text, Person)
    if person.id == principal.id:
        return text
    bare = replace(person, phone="", email="", skills=(), base_lat=None, base_lon=None)
    return encode_body(bare)


def _own(connection: Connection, principal: Principal, visits: list[str]) -> list[str]:
    """Of these visits, those on which the user goes and that were not noted before."""
    if not visits:
        return []
    crew, delivered = tables.crew.c, tables.delivered.c
    noted = exists().where(delivered.user_id == principal.id, delivered.visit_id == crew.visit_id)
    query = select(crew.visit_id).where(
        crew.user_id == principal.id, within(crew.visit_id, visits), ~noted
    )
    return list(connection.execute(query).scalars())
