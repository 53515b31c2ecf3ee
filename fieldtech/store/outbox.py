"""The commands of this laptop, from "guardado" to the end of a person's last worry about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, insert, or_, select, update

from fieldtech.protocol.codec import decode, encode
from fieldtech.protocol.wire import (
    APPLIED,
    DUPLICATE,
    PARKED,
    QUARANTINED,
    REJECTED,
    Envelope,
    OpResult,
)
from fieldtech.store import mirror, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Row, Select

    from fieldtech.store.database import Database

WAITING = "waiting"
DECIDED = "decided"
PENDING = (WAITING, PARKED)
"""States in which the central has not settled the command."""
REFUSED = (REJECTED, QUARANTINED)
"""States that wait for a person."""

_table = tables.outbox


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What the incident was called when the command was made: it may be out of sight by now."""

    number: str = ""
    title: str = ""
    customer: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxItem:
    """One command and what became of it.

    ``state`` is waiting, parked, applied, rejected, quarantined or decided; ``result`` what the
    central said, ``decision`` what a person did about a refusal (reissue, note, export, dismiss).
    """

    device_id: str
    n: int
    op_id: str
    cmd: str
    target: str
    incident_id: str
    visit_id: str
    label: Label
    envelope: Envelope
    state: str
    code: str
    detail: str
    result: OpResult | None
    made_at: datetime
    settled_at: datetime | None
    decision: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxCounts:
    """How many commands wait for the central, and how many refusals wait for a person."""

    waiting: int
    refused: int


class Outbox:
    """Reads the outbox for the screens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self) -> OutboxCounts:
        """Return the two numbers of the sync line."""
        with self._database.read() as connection:
            return counts(connection)

    def items(
        self,
        states: Sequence[str] = (*PENDING, *REFUSED),
        *,
        incident_id: str | None = None,
    ) -> list[OutboxItem]:
        """Return commands in those states, the newest first."""
        query = select(_table).where(_table.c.state.in_(states))
        if incident_id is not None:
            query = query.where(_table.c.incident_id == incident_id)
        with self._database.read() as connection:
            return [_item(row) for row in connection.execute(query.order_by(_table.c.rid.desc()))]

    def to_show(self, *, most_pending: int, most_accepted: int = 0) -> list[OutboxItem]:
        """Return every refusal, and of what waits or was accepted the last few, newest first."""
        query = select(_table).where(
            or_(
                _table.c.state.in_(REFUSED),
                _table.c.rid.in_(_newest(PENDING, most_pending)),
                _table.c.rid.in_(_newest((APPLIED,), most_accepted)),
            )
        )
        with self._database.read() as connection:
            return [_item(row) for row in connection.execute(query.order_by(_table.c.rid.desc()))]

    def item(self, op_id: str) -> OutboxItem | None:
        """Return one command."""
        with self._database.read() as connection:
            return item(connection, op_id)


def _newest(states: Sequence[str], most: int) -> Select[tuple[int]]:
    return (
        select(_table.c.rid)
        .where(_table.c.state.in_(states))
        .order_by(_table.c.rid.desc())
        .limit(most)
    )


def with_files(connection: Connection) -> list[OutboxItem]:
    """Return the commands that brought files along and were not refused."""
    kept = _table.c.state.in_((*PENDING, QUARANTINED, APPLIED))
    rows = connection.execute(select(_table).where(kept))
    return [item for item in map(_item, rows) if item.envelope.blobs]


def refused_before(connection: Connection, later: OutboxItem) -> bool:
    """Tell whether an earlier command on the same incident was refused and waits for a person.

    Refusals come in chains: who could not arrive could not restore either.
    """
    places = select(_table.c.rid).where(_table.c.op_id == later.op_id).scalar_subquery()
    query = select(_table.c.rid).where(
        _table.c.incident_id == later.incident_id,
        _table.c.state == REJECTED,  # behind one that is kept aside the central itself waits
        _table.c.rid < places,
    )
    return bool(later.incident_id) and connection.execute(query.limit(1)).first() is not None


def counts(connection: Connection) -> OutboxCounts:
    """Count inside a transaction."""
    rows = connection.execute(
        select(_table.c.state, func.count())
        .where(_table.c.state.in_((*PENDING, *REFUSED)))
        .group_by(_table.c.state)
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return OutboxCounts(
        waiting=sum(found.get(state, 0) for state in PENDING),
        refused=sum(found.get(state, 0) for state in REFUSED),
    )


def item(connection: Connection, op_id: str) -> OutboxItem | None:
    """Return one command inside a transaction."""
    row = connection.execute(select(_table).where(_table.c.op_id == op_id)).one_or_none()
    return None if row is None else _item(row)


def has_waiting(connection: Connection) -> bool:
    """Tell whether there is work that the central has not seen (set aside is seen)."""
    query = select(_table.c.rid).where(_table.c.state == WAITING)
    return connection.execute(query.limit(1)).first() is not None


def known_ids(connection: Connection) -> set[str]:
    """Return the ids of every command that is kept."""
    return set(connection.execute(select(_table.c.op_id)).scalars())


def numbers(connection: Connection, device_id: str) -> set[int]:
    """Return the numbers that a device has given and are still kept."""
    query = select(_table.c.n).where(_table.c.device_id == device_id)
    return set(connection.execute(query).scalars())


def add(
    connection: Connection,
    *,
    device_id: str,
    envelope: Envelope,
    incident_id: str,
    visit_id: str,
    label: Label,
    made_at: datetime,
) -> None:
    """Put one command in line."""
    connection.execute(
        insert(_table).values(
            device_id=device_id,
            n=envelope.n,
            op_id=envelope.op_id,
            cmd=envelope.cmd,
            target=envelope.target,
            incident_id=incident_id,
            visit_id=visit_id,
            label=encode(label).decode(),
            envelope=encode(envelope).decode(),
            state=WAITING,
            code="",
            detail="",
            result="",
            landed=0,
            made_at=made_at.timestamp(),
            settled_at=None,
            decision="",
            decided_at=None,
        )
    )


def replayable(
    connection: Connection, incident_id: str
) -> list[tuple[Envelope, Mapping[str, int]]]:
    """Return the commands of an incident that its mirror does not show in full yet, in order.

    Each comes with the revisions it brought about, by ``entity:id``; none while it waits.
    """
    rows = connection.execute(
        select(_table.c.envelope, _table.c.state, _table.c.result)
        .where(
            _table.c.incident_id == incident_id,
            _table.c.state.in_((*PENDING, APPLIED)),
            _table.c.landed == 0,
        )
        .order_by(_table.c.rid)
    )
    return [
        (
            decode(row.envelope, Envelope),
            decode(row.result, OpResult).revs if row.state == APPLIED else {},
        )
        for row in rows
    ]


def pending_incidents(connection: Connection) -> frozenset[str]:
    """Return the incidents with commands the central has not settled."""
    return _incidents_in(connection, PENDING)


def unfinished_incidents(connection: Connection) -> frozenset[str]:
    """Return those, and the incidents with refusals that wait for a person."""
    return _incidents_in(connection, (*PENDING, *REFUSED))


def _incidents_in(connection: Connection, states: Sequence[str]) -> frozenset[str]:
    query = select(_table.c.incident_id).where(_table.c.state.in_(states)).distinct()
    return frozenset(connection.execute(query).scalars())


def burden(connection: Connection, incidents: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return ``(waiting, refused)`` for those incidents that have any."""
    wanted = msgspec.json.encode(list(incidents)).decode()
    rows = connection.exec_driver_sql(
        "SELECT incident_id, sum(state IN ('waiting', 'parked')),"
        " sum(state IN ('rejected', 'quarantined')) FROM outbox"
        " WHERE state IN ('waiting', 'parked', 'rejected', 'quarantined')"
        " AND incident_id IN (SELECT value FROM json_each(?)) GROUP BY incident_id",
        (wanted,),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def settle(connection: Connection, results: Iterable[OpResult], at: datetime) -> frozenset[str]:
    """Note what became of commands; return the incidents they belong to.

    A refusal a person has already decided on stays decided, and an outcome that is settled is
    never undone by an older answer that arrives late.
    """
    touched: set[str] = set()
    for result in results:
        row = connection.execute(
            select(_table.c.state, _table.c.code, _table.c.incident_id).where(
                _table.c.op_id == result.op_id
            )
        ).one_or_none()
        if row is None or row.state == DECIDED:
            continue
        state = _STATE_OF_STATUS.get(result.status, PARKED)
        if state == PARKED and row.state not in PENDING:
            continue
        if state == row.state == QUARANTINED and result.code == row.code:
            continue  # asked again, and nothing has changed
        connection.execute(
            update(_table)
            .where(_table.c.op_id == result.op_id)
            .values(
                state=state,
                code=result.code,
                detail=result.detail,
                result=encode(result).decode(),
                settled_at=None if state == PARKED else at.timestamp(),
            )
        )
        touched.add(row.incident_id)
    return frozenset(touched)


_STATE_OF_STATUS = {
    APPLIED: APPLIED,
    DUPLICATE: APPLIED,
    REJECTED: REJECTED,
    QUARANTINED: QUARANTINED,
}


def land(connection: Connection, *, complete: bool) -> frozenset[str]:
    """Let applied commands go that the mirror shows by now; return their incidents.

    ``complete``: a pull that began after they were settled has reached its end, so whatever the
    mirror still lacks has left this laptop's scope.
    """
    rows = connection.execute(
        select(_table.c.op_id, _table.c.incident_id, _table.c.result).where(
            _table.c.state == APPLIED, _table.c.landed == 0
        )
    ).all()
    gone = [row for row in rows if complete or _landed(connection, row.result)]
    if gone:
        connection.execute(
            update(_table).where(_table.c.op_id.in_([row.op_id for row in gone])).values(landed=1)
        )
    return frozenset(row.incident_id for row in gone)


def _landed(connection: Connection, result: str) -> bool:
    revs = decode(result, OpResult).revs
    return bool(revs) and mirror.reached(connection, revs) == revs.keys()


def decide(connection: Connection, op_id: str, decision: str, at: datetime) -> None:
    """A person has seen a refusal and chosen what to do about it, for good."""
    connection.execute(
        update(_table)
        .where(_table.c.op_id == op_id, _table.c.state.not_in((APPLIED, DECIDED)))
        .values(
            state=DECIDED,
            decision=decision,
            decided_at=at.timestamp(),
            settled_at=func.coalesce(_table.c.settled_at, at.timestamp()),
        )
    )


def purge(connection: Connection, before: datetime) -> tuple[str, ...]:
    """Delete what was applied and landed before a moment; return which."""
    done = connection.execute(
        _table.delete()
        .where(
            _table.c.state.in_((APPLIED, DECIDED)),
            _table.c.landed + (_table.c.state == DECIDED) > 0,
            _table.c.settled_at < before.timestamp(),
        )
        .returning(_table.c.op_id)
    )
    return tuple(done.scalars())


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _item(row: Row[Any]) -> OutboxItem:
    return OutboxItem(
        device_id=row.device_id,
        n=row.n,
        op_id=row.op_id,
        cmd=row.cmd,
        target=row.target,
        incident_id=row.incident_id,
        visit_id=row.visit_id,
        label=decode(row.label, Label),
        envelope=decode(row.envelope, Envelope),
        state=row.state,
        code=row.code,
        detail=row.detail,
        result=decode(row.result, OpResult) if row.result else None,
        made_at=datetime.fromtimestamp(row.made_at, UTC),
        settled_at=_moment(row.settled_at),
        decision=row.decision,
        decided_at=_moment(row.decided_at),
    )
