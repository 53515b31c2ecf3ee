"""What a person does about refused work: send it again, keep it as a note, export it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fieldtech.domain.case import Rejection
from fieldtech.domain.commands import AddNote
from fieldtech.domain.expectations import expected_values
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.protocol.black_box import KeptDecision
from fieldtech.protocol.codec import encode
from fieldtech.protocol.upcasting import read_args
from fieldtech.protocol.wire import MAX_ARGS_BYTES, QUARANTINED
from fieldtech.store import cases, central_time, orphans, outbox, session
from fieldtech.store.derive import Deriver, Viewer
from fieldtech.store.work import Changes, NewCommand

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.clock import Clock
    from fieldtech.store.database import Database
    from fieldtech.store.journal.keeper import Keeper
    from fieldtech.store.outbox import OutboxItem
    from fieldtech.store.reference import Reference
    from fieldtech.store.work import Work

Decision = Literal["reissue", "note", "export", "dismiss"]


class _RollBack(Exception):
    """Carries a refusal out of the transaction, which is rolled back by it."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.code)
        self.rejection = rejection


class Decisions:
    """A refusal stays visible until one of these was chosen; then it is kept as decided."""

    def __init__(
        self,
        database: Database,
        work: Work,
        reference: Reference,
        clock: Clock,
        keeper: Keeper,
    ) -> None:
        self._keeper = keeper
        self._database = database
        self._work = work
        self._reference = reference
        self._clock = clock

    def decide(self, op_id: str, decision: Decision, *, text: str = "") -> Changes | Rejection:
        """Settle a refused command.

        ``reissue`` queues the same work again on what is in force now; ``note`` queues ``text``
        as a note on the incident, or as several where one cannot hold it; ``export`` and
        ``dismiss`` only record the choice (see ``export``). A rule that refuses the new command
        leaves everything as it was. A chain is sent again in its order: ``earlier_refused`` while
        one before it waits. What the central keeps aside is not sent again, it would be done twice
        once that is mended: ``held_at_central``.
        """
        try:
            with self._database.write() as connection:
                item = outbox.item(connection, op_id)
                if item is None or item.state not in outbox.REFUSED:
                    return refuse(Refusal.UNKNOWN_TARGET, op_id)
                if decision == "reissue" and item.state == QUARANTINED:
                    return refuse(Refusal.HELD_AT_CENTRAL, item.cmd)
                if decision == "reissue" and outbox.refused_before(connection, item):
                    return refuse(Refusal.EARLIER_REFUSED, item.cmd)
                changes = self._carry_out(connection, item, decision, text)
                outbox.decide(connection, op_id, decision, self._now(connection))
                self._keeper.settle_after([op_id])
                touched = orphans.collect(connection, ()) | {item.incident_id}
                self._redraw(connection, touched)
                return changes | Changes(incidents=touched, outbox=True)
        except _RollBack as rolled_back:
            return rolled_back.rejection

    def export(self, op_id: str) -> str | None:
        """Return a refused command and the central's answer as one JSON document."""
        with self._database.read() as connection:
            item = outbox.item(connection, op_id)
        if item is None:
            return None
        return encode(
            {
                "label": item.label,
                "command": item.envelope,
                "state": item.state,
                "code": item.code,
                "detail": item.detail,
                "result": item.result,
            }
        ).decode()

    def _carry_out(
        self, connection: Connection, item: OutboxItem, decision: Decision, text: str
    ) -> Changes:
        decides = KeptDecision(op_id=item.op_id, decision=decision)
        if decision == "reissue":
            return self._queue(connection, [_again(connection, item)], decides)
        if decision == "note":
            target = f"incident:{item.incident_id}"
            notes = [
                NewCommand(name="incident.note", target=target, args=AddNote(text=part))
                for part in _parts(text)
            ]
            return self._queue(connection, notes, decides)
        return Changes()

    def _queue(
        self, connection: Connection, commands: Sequence[NewCommand], decides: KeptDecision
    ) -> Changes:
        queued = self._work.queue_within(connection, commands, decides=decides)
        if isinstance(queued, Rejection):
            raise _RollBack(queued)
        return queued.changes

    def _now(self, connection: Connection) -> datetime:
        return central_time.now(connection, self._clock).at

    def _redraw(self, connection: Connection, incidents: frozenset[str]) -> None:
        user = session.load(connection).user
        now = self._now(connection).timestamp()
        deriver = Deriver(self._reference.rules(connection), Viewer.of(user), now)
        deriver.derive(connection, sorted(incidents))


def _parts(text: str) -> list[str]:
    """Split a text into parts that fit one command each."""
    if len(encode(AddNote(text=text))) <= MAX_ARGS_BYTES:
        return [text]
    half = text.rfind(" ", 1, len(text) // 2) + 1 or len(text) // 2
    return [*_parts(text[:half]), *_parts(text[half:])]


def _again(connection: Connection, item: OutboxItem) -> NewCommand:
    """Return the same work, expecting of the contested fields what is in force now."""
    case = cases.view(connection, item.incident_id)
    visit = case.visit(item.visit_id) if item.visit_id else None
    in_force = expected_values(case, visit)
    return NewCommand(
        name=item.cmd,
        target=item.target,
        args=read_args(item.cmd, item.envelope.v, item.envelope.args),
        expect={name: in_force.get(name, text) for name, text in item.envelope.expect.items()},
    )
