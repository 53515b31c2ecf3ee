"""The stored commands of a device: which number was which command, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import structs
from sqlalchemy import delete, select, update

from fieldtech.central import tables
from fieldtech.central.dialect import insert_all_new, insert_new, upsert
from fieldtech.central.refusal import Refused
from fieldtech.protocol import wire
from fieldtech.protocol.codec import decode, digest, encode
from fieldtech.protocol.wire import OpResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from fieldtech.central.auth.principal import Principal
    from fieldtech.central.sync.envelopes import Op

UNDECIDED = (wire.QUARANTINED, wire.PARKED)
"""What holds up later commands of the same device on the same subject."""

DROPPED = "dropped"
"""Why a command is refused that whoever runs the central gave up."""

_STAND_IN = "unreadable:"


class Stored(msgspec.Struct, frozen=True):
    """A command that was received before. ``keys`` are the entities its refusal showed."""

    op_id: str
    user_id: str
    status: str
    subject: str
    result: OpResult
    keys: tuple[tuple[str, str], ...] = ()
    device_id: str = ""


class Ledger:
    """Reads what a push needs to know of earlier commands at once; writes its own at the end."""

    def __init__(self, connection: Connection, principal: Principal, device_id: str) -> None:
        self._connection = connection
        self._principal = principal
        self._device_id = device_id
        self._slots: dict[int, str] = {}
        self._stored: dict[str, Stored] = {}
        self._held: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self._known: set[str] = set()
        self._new_ops: dict[str, dict[str, object]] = {}
        self._new_slots: list[dict[str, object]] = []

    def read(self, ops: Sequence[Op]) -> None:
        """Look up the numbers and ids of these commands, and what is held up on this device."""
        op, slot, run = tables.op.c, tables.op_slot.c, self._connection.execute
        numbers = [each.n for each in ops if each.n]
        here = select(slot.n, slot.op_id).where(
            slot.device_id == self._device_id, slot.n.in_(numbers)
        )
        self._slots = {row.n: row.op_id for row in run(here)}
        ids = {each.op_id for each in ops} | set(self._slots.values())
        columns = (op.op_id, op.user_id, op.device_id, op.status, op.subject, op.result)
        for row in run(select(*columns).where(op.op_id.in_(ids))):
            told = decode(row.result, _Told)
            self._stored[row.op_id] = Stored(
                op_id=row.op_id,
                user_id=row.user_id,
                status=row.status,
                subject=row.subject,
                result=told.result,
                keys=told.keys,
                device_id=row.device_id,
            )
        self._known = set(self._stored)
        self._read_held()

    def _read_held(self) -> None:
        """Read what of this person is undecided, under every number that his devices gave it.

        From the few of those, not from all numbers of a device: those are never forgotten.
        """
        op, slot, run = tables.op.c, tables.op_slot.c, self._connection.execute
        device = tables.device.c
        mine = select(device.id).where(device.user_id == self._principal.id)
        undecided = select(op.op_id, op.subject).where(
            op.device_id.in_(mine), op.status.in_(UNDECIDED)
        )
        subjects = {row.op_id: row.subject for row in run(undecided)}
        if subjects:
            numbers = select(slot.device_id, slot.n, slot.op_id)
            for device_id, n, op_id in run(numbers.where(slot.op_id.in_(subjects))):
                self._held[device_id, subjects[op_id]][op_id] = n

    def check_order(self, ops: Sequence[Op], last_n: int) -> None:
        """Raise ``Refused`` 409: ``gap`` with what is expected, or ``device_forked``."""
        given = dict(self._slots)
        for each in ops:
            if not each.n:
                continue
            if each.n > last_n + 1:
                expected = last_n + 1
                raise Refused(409, "gap", f"got {each.n}", retryable=True, expected=expected)
            if each.n == last_n + 1:
                last_n, given[each.n] = each.n, each.op_id
            elif each.op_id != given.get(each.n) and not _stands_in(given.get(each.n, "")):
                raise Refused(409, "device_forked", f"{each.n} was another command")

    def known(self, op: Op) -> Stored | None:
        """The command of that id, whoever sent it and under whatever number."""
        return self._stored.get(op.op_id)

    def at(self, n: int) -> Stored | None:
        """The command this device gave that number; ``None`` once it is forgotten."""
        return self._stored.get(self._slots.get(n, ""))

    def is_held(self, subject: str, op: Op) -> bool:
        """Tell whether a command before this one, on the same subject, waits for a person."""
        known = self._stored.get(op.op_id)
        if known is not None:
            return self._waits(known)
        return self._before(self._device_id, subject, op.n)

    def is_free(self, stored: Stored) -> bool:
        """Tell whether a parked command has nothing before it any more."""
        return stored.status == wire.PARKED and not self._waits(stored)

    def _waits(self, stored: Stored) -> bool:
        # By the numbers of the device that brought it first: a fork has others.
        return self._before(stored.device_id, stored.subject, stored.result.n)

    def _before(self, device_id: str, subject: str, n: int) -> bool:
        return any(each < n for each in self._held[device_id, subject].values())

    def keep(
        self,
        op: Op,
        result: OpResult,
        *,
        subject: str,
        keys: tuple[tuple[str, str], ...],
        now: datetime,
    ) -> None:
        """Note the result of a command under its number."""
        op_id = op.op_id or _stand_in(self._device_id, op.n)
        for before in self._held.values():
            before.pop(op_id, None)
        plain = OpResult(
            n=result.n,
            op_id=op_id,
            status=result.status,
            code=result.code,
            detail=result.detail,
            revs=result.revs,
            blobs_missing=result.blobs_missing,
        )
        self._new_ops[op_id] = {
            "op_id": op_id,
            "user_id": self._principal.id,
            "device_id": self._device_id,
            "cmd": op.envelope.cmd if op.envelope else "",
            "subject": subject,
            "status": result.status,
            "code": result.code,
            "result": encode(_Told(result=plain, keys=keys)).decode(),
            "envelope": op.text,
            "at": now,
        }
        self._stored[op_id] = Stored(
            op_id=op_id,
            user_id=self._principal.id,
            status=result.status,
            subject=subject,
            result=plain,
            keys=keys,
            device_id=self._device_id,
        )
        self.number(op.n, op_id)

    def number(self, n: int, op_id: str) -> None:
        """Note that this device gave a command this number; undecided, it holds up later ones."""
        stored = self._stored.get(op_id)
        if stored is not None and stored.status in UNDECIDED:
            self._held[self._device_id, stored.subject][op_id] = n
        self._slots[n] = op_id
        self._new_slots.append({"device_id": self._device_id, "n": n, "op_id": op_id})

    def count_failure(self, op_id: str, error: str) -> int:
        """Count one more time that the command's own code raised; return how often it has."""
        table = tables.op_try
        before = self._connection.execute(
            select(table.c.tries).where(table.c.op_id == op_id)
        ).scalar()
        tries = (before or 0) + 1
        row = {"op_id": op_id, "tries": tries, "error": error}
        self._connection.execute(upsert(self._connection, table), row)
        return tries

    def write(self) -> None:
        """Write what was noted.

        Raises ``Crossed`` when a command that was new here has meanwhile been stored from another
        device: it may take effect only once.
        """
        if self._new_ops:
            new = [row for op_id, row in self._new_ops.items() if op_id not in self._known]
            known = [row for op_id, row in self._new_ops.items() if op_id in self._known]
            if new:
                insert_all_new(self._connection, tables.op, new)
            if known:
                self._connection.execute(upsert(self._connection, tables.op), known)
            # Why a quarantined one failed is kept for the person who looks at it.
            set_aside = wire.QUARANTINED
            done = [i for i, row in self._new_ops.items() if row["status"] != set_aside]
            self._connection.execute(delete(tables.op_try).where(tables.op_try.c.op_id.in_(done)))
        if self._new_slots:
            self._connection.execute(insert_new(self._connection, tables.op_slot), self._new_slots)
        self._new_ops, self._new_slots = {}, []


def reopen(connection: Connection, op_id: str) -> Row[Any] | None:
    """Take a command out of quarantine so that it is judged again; ``None``: it is not there."""
    op = tables.op
    here = (op.c.op_id == op_id) & (op.c.status == wire.QUARANTINED)
    found = connection.execute(select(op).where(here)).one_or_none()
    connection.execute(update(op).where(here).values(status=wire.DEFERRED))
    connection.execute(delete(tables.op_try).where(tables.op_try.c.op_id == op_id))
    return found


def drop(connection: Connection, op_id: str) -> Row[Any] | None:
    """Give a quarantined command up: refused for good. ``None``: it is not there."""
    found = reopen(connection, op_id)
    if found is not None:
        told = decode(found.result, _Told)
        refused = structs.replace(
            told, result=replace(told.result, status=wire.REJECTED, code=DROPPED)
        )
        values = {
            "status": wire.REJECTED,
            "code": DROPPED,
            "result": encode(refused).decode(),
        }
        op = tables.op
        connection.execute(update(op).where(op.c.op_id == op_id).values(**values))
    return found


class _Told(msgspec.Struct, frozen=True):
    """What stands in ``op.result``."""

    result: OpResult
    keys: tuple[tuple[str, str], ...] = ()


def _stand_in(device_id: str, n: int) -> str:
    """The id under which a command is kept that has none of its own."""
    return f"{_STAND_IN}{digest(f'{device_id}:{n}'.encode())[:40]}"


def _stands_in(op_id: str) -> bool:
    return op_id.startswith(_STAND_IN)
