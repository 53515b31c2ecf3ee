"""Push: the commands of one device, in its order, each judged by itself, in one transaction.

The order of locks is the device, the cases by id, the buckets by name. Nothing is written before
every command is judged, so a refused one leaves no trace to undo; the fact in a refused step is
kept on purpose. Should writing itself fail on a value (which only a fault of ours can bring about),
the push runs again with a savepoint for each command, and the one that cannot be written is counted
like any whose code raises.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from fieldtech.central import tables
from fieldtech.central.auth import devices
from fieldtech.central.blobs import attachments, uploads
from fieldtech.central.blobs.folder import BlobStore
from fieldtech.central.database import Database, read_meta
from fieldtech.central.dialect import Crossed, lock_rows
from fieldtech.central.feed import Writer, current_body
from fieldtech.central.months import changed_months, lock_services
from fieldtech.central.refusal import Refused
from fieldtech.central.sync.cases import Cases
from fieldtech.central.sync.envelopes import Op, Push, read_op
from fieldtech.central.sync.ground import Grounds
from fieldtech.central.sync.judge import Judge, Verdict
from fieldtech.central.sync.ledger import Ledger, Stored
from fieldtech.central.sync.scope import buckets_of, visible
from fieldtech.clock import Clock
from fieldtech.domain.commands import FACTS
from fieldtech.protocol import wire
from fieldtech.protocol.codec import from_stamp, to_stamp
from fieldtech.protocol.wire import OpResult, PushReply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from fieldtech.central.auth.principal import Principal
    from fieldtech.protocol.wire import Envelope

TRIES = 3
"""How often a command's own code may raise before a person has to look at it."""

REOFFER = timedelta(days=30)
"""How long after a restore an unknown case may still be on its way from another laptop."""

MOST_SHOWN = 1024 * 1024
"""Most bytes of present state that one reply shows beside its refusals; a pull brings the rest."""

_LONGEST_ERROR = 500

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushing:
    """What a push works with, beside its request."""

    database: Database
    clock: Clock
    grounds: Grounds
    blobs: BlobStore | None = None
    """Where files lie, ``None`` where nobody is told which are missing."""


def push(parts: Pushing, who: Callable[[Connection], Principal], request: Push) -> PushReply:
    """Judge and store the commands of one request.

    ``who`` names the sender inside the same transaction. Raises ``Refused``: 403
    ``device_bound`` or ``device_revoked``, 409 ``gap``, ``device_forked`` or
    ``unknown_device``, 410 ``epoch``, 413 ``too_many_ops``.
    """
    if len(request.ops) > wire.MAX_OPS:
        raise Refused(413, "too_many_ops", f"at most {wire.MAX_OPS}", retryable=True)
    ops = [read_op(raw) for raw in request.ops]

    def run(connection: Connection, *, alone: bool) -> PushReply:
        return PushRun(parts, connection, who(connection), request, alone=alone).run(ops)

    try:
        return parts.database.transact(lambda connection: run(connection, alone=False))
    except Exception as problem:
        if not _is_a_commands(problem):
            raise
        log.exception("a push could not be written as a whole; now each command by itself")
        return parts.database.transact(lambda connection: run(connection, alone=True))


def _is_a_commands(problem: Exception) -> bool:
    """Tell whether a value may have brought this about: not a refusal, not the database itself."""
    if isinstance(problem, SQLAlchemyError):
        return isinstance(problem, IntegrityError | DataError)
    return not isinstance(problem, Refused | Crossed)


class PushRun:
    """One push inside its transaction."""

    def __init__(
        self,
        parts: Pushing,
        connection: Connection,
        principal: Principal,
        request: Push,
        *,
        alone: bool,
        kept: bool = False,
    ) -> None:
        """``kept``: it came earlier, while its laptop had not been shut out yet."""
        self._kept = kept
        self._connection = connection
        self._principal = principal
        self._request = request
        self._alone = alone
        self._blobs = parts.blobs
        self._now = parts.clock.now()
        self._ground = parts.grounds.of(connection)
        self._epoch = read_meta(connection, "epoch")
        self._ledger = Ledger(connection, principal, request.device_id)
        self._last_n = 0
        self._stopped = False
        self._shown: dict[int, tuple[tuple[str, str], ...]] = {}
        self._start_over()

    def _start_over(self) -> None:
        """Take fresh cases and a fresh writer: the old ones may hold what was never written."""
        self._writer = Writer(self._connection, now=self._now)
        self._cases = Cases(self._connection, self._writer)
        restored = read_meta(self._connection, "restored_at")
        self._judge = Judge(
            self._connection,
            principal=self._principal,
            device_id=self._request.device_id,
            ground=self._ground,
            cases=self._cases,
            now=self._now,
            restored_lately=bool(restored) and self._now - from_stamp(restored) < REOFFER,
        )

    def run(self, ops: Sequence[Op]) -> PushReply:
        """Judge every command, write once, answer."""
        if self._request.epoch != self._epoch:
            raise Refused(410, "epoch", "resync, then offer your commands again", retryable=True)
        self._take_device()
        self._ledger.read(ops)
        self._ledger.check_order(ops, self._last_n)
        self._fetch(ops)
        results = [self._one(place, op) for place, op in enumerate(ops)]
        self._flush()
        self._ledger.write()
        if not self._kept:
            devices.touch(self._connection, self._request.device_id, self._now, last_n=self._last_n)
        return PushReply(
            epoch=self._epoch,
            server_time=to_stamp(self._now),
            last_n=self._last_n,
            results=self._with_files(ops, self._with_current(results)),
        )

    def _take_device(self) -> None:
        table = tables.device
        lock_rows(self._connection, table, table.c.id == self._request.device_id)
        device = devices.find(self._connection, self._request.device_id)
        if device is None:
            raise Refused(409, "unknown_device", "say hello first", retryable=True)
        if device.user_id != self._principal.id:
            raise Refused(403, "device_bound", "this device id belongs to another user")
        if device.revoked_at is not None and not self._kept:
            raise Refused(403, "device_revoked")
        if not devices.same_laptop(self._connection, device.id, self._principal.device_id):
            raise Refused(403, "device_bound", "sign in on this device first")
        self._last_n = device.last_n

    def _fetch(self, ops: Sequence[Op]) -> None:
        """Read all cases at once; their locks are taken in the order of their ids."""
        incidents: set[str] = set()
        visits: set[str] = set()
        for op in ops:
            if op.envelope is None:
                continue
            kind, _, each = op.envelope.target.partition(":")
            (visits if kind == "visit" else incidents).add(each if kind != "planned" else "")
            named = (op.envelope.args.get("incident_id"), op.envelope.args.get("of"))
            incidents |= {name for name in named if isinstance(name, str)}
        self._cases.fetch(incidents - {""}, visits - {""})

    def _one(self, place: int, op: Op) -> OpResult:
        if self._stopped:
            return OpResult(n=op.n, op_id=op.op_id, status=wire.DEFERRED, code="behind")
        if not op.n:
            return OpResult(
                n=0, op_id=op.op_id, status=wire.REJECTED, code=op.problem, detail=op.detail
            )
        seen = op.n <= self._last_n
        stored = self._ledger.at(op.n) if seen else self._ledger.known(op)
        if stored is not None and stored.user_id != self._principal.id:
            op = replace(op, op_id="", envelope=None, problem="op_id_taken", detail=op.op_id)
            stored = None
        if stored is not None and self._is_decided(stored):
            if not seen:
                # A forked device offers it again under a new number: one effect, two numbers.
                self._ledger.number(op.n, op.op_id)
                self._last_n = op.n
            return self._again(place, op, stored)
        verdict, revs = self._decide(op)
        result = OpResult(
            n=op.n,
            op_id=op.op_id,
            status=verdict.status,
            code=verdict.code,
            detail=verdict.detail,
            revs=revs,
        )
        self._shown[place] = verdict.shown
        if not self._stopped:
            self._ledger.keep(
                op, result, subject=verdict.subject, keys=verdict.shown, now=self._now
            )
            self._last_n = max(self._last_n, op.n)
        return result

    def _is_decided(self, stored: Stored) -> bool:
        """Deferred ones are judged anew, and parked ones once nothing is before them."""
        return stored.status != wire.DEFERRED and not self._ledger.is_free(stored)

    def _again(self, place: int, op: Op, stored: Stored) -> OpResult:
        """The stored result; what was applied comes back as a duplicate."""
        applied = stored.status == wire.APPLIED
        self._shown[place] = stored.keys
        return replace(
            stored.result,
            n=op.n,
            op_id=op.op_id or stored.op_id,
            status=wire.DUPLICATE if applied else stored.status,
        )

    def _decide(self, op: Op) -> tuple[Verdict, dict[str, int]]:
        if op.envelope is None:
            return Verdict(status=wire.REJECTED, code=op.problem, detail=op.detail), {}
        subject = self._judge.subject_of(op.envelope)
        # What somebody saw or did waits for nothing.
        if op.envelope.cmd not in FACTS and self._ledger.is_held(subject, op):
            return Verdict(status=wire.PARKED, code="behind_quarantined", subject=subject), {}
        try:
            return self._apply(op.envelope)
        except (IntegrityError, DataError) as problem:
            if not self._alone:
                raise
            return self._failed(op, subject, problem), {}
        except (SQLAlchemyError, Crossed):
            raise  # The database's trouble is not the command's.
        except Exception as problem:  # noqa: BLE001  any fault of ours in the command's own code
            return self._failed(op, subject, problem), {}

    def _apply(self, envelope: Envelope) -> tuple[Verdict, dict[str, int]]:
        if not self._alone:
            verdict = self._judge.judge(envelope)
            return verdict, self._put(verdict)
        with self._connection.begin_nested():
            verdict = self._judge.judge(envelope)
            revs = self._put(verdict)
            self._flush()
            return verdict, revs

    def _flush(self) -> None:
        """Count the months of the services that were down anew, then write everything."""
        down = self._cases.down
        services = {each.service_id for each in down.values()} - {""}
        if services:
            lock_services(self._connection, services)
            for month_id, month in changed_months(
                self._connection, self._ground.rules, services, self._now, unwritten=down
            ):
                self._writer.put("service_month", month_id, month)
        down.clear()
        self._writer.flush()

    def _put(self, verdict: Verdict) -> dict[str, int]:
        if verdict.attached is not None:
            incident_id = verdict.subject.partition(":")[2]
            attachments.note(self._connection, verdict.attached, incident_id, self._principal.id)
        return {
            f"{entity}:{entity_id}": self._writer.put(entity, entity_id, value)
            for entity, entity_id, value in verdict.puts
        }

    def _failed(self, op: Op, subject: str, problem: Exception) -> Verdict:
        """Count the failure; the third time set the command aside for a person."""
        log.error("command %s (%s) failed", op.op_id, subject, exc_info=problem)
        if not self._alone:
            self._flush()
        self._start_over()
        error = repr(problem)[:_LONGEST_ERROR]
        if self._ledger.count_failure(op.op_id, error) < TRIES:
            self._stopped = True
            return Verdict(status=wire.DEFERRED, code="failed", subject=subject)
        return Verdict(status=wire.QUARANTINED, code="failed", subject=subject)

    def _with_files(self, ops: Sequence[Op], results: list[OpResult]) -> list[OpResult]:
        """Tell which of its files the sender has not sent yet; the work itself waits for none."""
        named = {
            place: op.envelope.blobs
            for place, op in enumerate(ops)
            if op.envelope is not None and op.envelope.blobs
        }
        wanted = (digest for digests in named.values() for digest in digests)
        missing = set(uploads.missing(self._connection, self._principal.id, wanted, self._blobs))
        for place, digests in named.items():
            absent = tuple(digest for digest in digests if digest in missing)
            results[place] = replace(results[place], blobs_missing=absent)
        return results

    def _with_current(self, results: list[OpResult]) -> list[OpResult]:
        """Show the refused ones what stands there now, as far as their sender may see it."""
        refused = {
            place: keys
            for place, keys in self._shown.items()
            if keys and results[place].status == wire.REJECTED
        }
        wanted = {key for keys in refused.values() for key in keys}
        if not wanted:
            return results
        buckets = buckets_of(self._connection, self._principal)
        seen = visible(self._connection, buckets, wanted)
        left = MOST_SHOWN
        for place, keys in sorted(refused.items()):
            current: dict[str, object] = {}
            for key in keys:
                # Each once: a hundred refusals about one incident say nothing new about it.
                text = current_body(self._connection, *key) if key in seen else None
                seen.discard(key)
                if text is not None and len(bytes(text)) <= left:
                    left -= len(bytes(text))
                    current[":".join(key)] = text
            results[place] = replace(results[place], current=current)
        return results
