"""Where a person's work becomes safe: judged, numbered, written and committed in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from fieldtech.domain.case import Rejection
from fieldtech.domain.commands import Command
from fieldtech.domain.refusals import Refusal, refuse
from fieldtech.domain.validity import problem_of
from fieldtech.protocol.black_box import KeptCommand
from fieldtech.protocol.codec import (
    args_to_wire,
    body_bytes,
    digest,
    to_stamp,
)
from fieldtech.protocol.upcasting import version_of
from fieldtech.protocol.uuid7 import uuid7
from fieldtech.protocol.wire import MAX_ARGS_BYTES, Envelope
from fieldtech.store import central_time, drafts, mirror, outbox, overlay, session, subsets
from fieldtech.store.blobs import queue
from fieldtech.store.blobs.shelf import BlobRef
from fieldtech.store.derive import Deriver, Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from fieldtech.clock import Clock
    from fieldtech.protocol.black_box import KeptDecision
    from fieldtech.store.central_time import Moment
    from fieldtech.store.database import Database
    from fieldtech.store.journal.keeper import Keeper
    from fieldtech.store.reference import Reference, Rules
    from fieldtech.store.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCommand:
    """What a screen asks for. ``target`` is ``incident:<id>``, ``visit:<id>`` or ``planned:<id>``.

    ``args`` is an instance of ``COMMANDS[name]``; ``expect`` what the person saw of contested
    fields (``domain.expectations.expected_values``); ``blobs`` the files that it brings along,
    which are on the shelf already.
    """

    name: str
    target: str
    args: object
    expect: dict[str, str] = field(default_factory=dict)
    blobs: tuple[BlobRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a transaction changed, so that screens redraw that and nothing else.

    ``everything``: too much to list (a first pull, a resync).
    """

    incidents: frozenset[str] = frozenset()
    visits: frozenset[str] = frozenset()
    outbox: bool = False
    reference: bool = False
    everything: bool = False

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            incidents=self.incidents | other.incidents,
            visits=self.visits | other.visits,
            outbox=self.outbox or other.outbox,
            reference=self.reference or other.reference,
            everything=self.everything or other.everything,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """The commands are on disk, durably ("guardado"), under these ids, in order."""

    op_ids: tuple[str, ...]
    changes: Changes


class Work:
    """Takes commands in."""

    def __init__(
        self, database: Database, reference: Reference, clock: Clock, keeper: Keeper
    ) -> None:
        self._database = database
        self._reference = reference
        self._clock = clock
        self._keeper = keeper

    def queue(self, *commands: NewCommand, draft: str = "") -> Queued | Rejection:
        """Judge and keep commands, all of them or none, in one durable transaction.

        The draft under the key ``draft``, which became these commands, is forgotten in the same
        one: after a crash it is either still there, or its work is. A refusal leaves it.

        Returns the first refusal, with nothing changed. Raises ``EnvironmentProblem`` when nobody
        has signed in or the disk does not take it; then nothing was kept either, and says so.
        """
        try:
            with self._database.write() as connection:
                queued = self._queue(connection, commands, draft=draft)
                if draft:
                    drafts.forget(connection, draft)
                return queued
        except _Refused as refused:
            return refused.rejection

    def queue_within(
        self, connection: Connection, commands: Sequence[NewCommand], *, decides: KeptDecision
    ) -> Queued | Rejection:
        """As ``queue``, inside a write transaction of the caller, who rolls back on a refusal.

        The commands take the place of one that was refused, which the caller notes as decided:
        after a crash both are so, or neither.
        """
        try:
            return self._queue(connection, commands, decides=decides)
        except _Refused as refused:
            return refused.rejection

    def _queue(
        self,
        connection: Connection,
        commands: Sequence[NewCommand],
        *,
        draft: str = "",
        decides: KeptDecision | None = None,
    ) -> Queued:
        who = session.load(connection)
        rules = self._reference.rules(connection)
        moment = central_time.settle(connection, self._clock)
        queued: list[_Accepted] = []
        for new in commands:
            n = who.next_n + len(queued)
            queued.append(_accept(connection, new, who=who, rules=rules, moment=moment, n=n))
            self._keeper.keep(replace(queued[-1].kept, draft=draft, decides=decides))
        session.set_next_n(connection, who.next_n + len(queued))
        incidents = frozenset(each.subject for each in queued)
        deriver = Deriver(rules, Viewer.of(who.user), moment.at.timestamp())
        deriver.derive(connection, sorted(incidents))
        return Queued(
            op_ids=tuple(each.op_id for each in queued),
            changes=Changes(
                incidents=incidents,
                visits=frozenset().union(*(each.visits for each in queued)),
                outbox=True,
            ),
        )


@dataclass(frozen=True, slots=True)
class _Accepted:
    op_id: str
    subject: str
    visits: frozenset[str]
    kept: KeptCommand


class _Refused(Exception):
    """Never leaves this module: raised so that the transaction rolls back."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.code)
        self.rejection = rejection


def _accept(
    connection: Connection, new: NewCommand, *, who: Session, rules: Rules, moment: Moment, n: int
) -> _Accepted:
    command = Command(
        op_id=uuid7(moment.at),
        name=new.name,
        target=new.target,
        actor=who.actor,
        occurred_at=moment.at,
        args=new.args,
        expect=new.expect,
    )
    problem = problem_of(command)
    if problem is not None:
        raise _Refused(problem)
    envelope = _envelope(command, n, moment, tuple(blob.sha256 for blob in new.blobs))
    subject = overlay.subject_of(connection, command)
    before = overlay.current(connection, subject)
    after = overlay.step(connection, before, command, rules, skew_s=moment.offset_s)
    if isinstance(after, Rejection):
        raise _Refused(after)
    overlay.save(connection, subject, before, after)
    visits = frozenset(
        visit.id for visit in after.case.visits if visit != before.case.visit(visit.id)
    )
    label = _label(connection, after)
    visit_id = command.target_id if command.target_kind == "visit" else ""
    outbox.add(
        connection,
        device_id=who.device_id,
        envelope=envelope,
        incident_id=subject,
        visit_id=visit_id,
        label=label,
        made_at=moment.at,
    )
    for blob in new.blobs:
        queue.add(
            connection,
            sha256=blob.sha256,
            size=blob.size,
            name=blob.name,
            incident_id=subject,
            at=moment.at,
        )
    kept = KeptCommand(
        envelope=envelope,
        incident_id=subject,
        visit_id=visit_id,
        label=msgspec.structs.asdict(label),
        made_at=moment.at.timestamp(),
    )
    return _Accepted(command.op_id, subject, visits, kept)


def _envelope(command: Command, n: int, moment: Moment, blobs: tuple[str, ...]) -> Envelope:
    """Return the command as it will travel; refuse what could never be sent."""
    args = args_to_wire(command.args)
    stamp = to_stamp(command.occurred_at)
    body = body_bytes(command.name, command.target, stamp, args)
    if len(msgspec.json.encode(args)) > MAX_ARGS_BYTES:
        raise _Refused(refuse(Refusal.TOO_LONG, command.name))
    return Envelope(
        n=n,
        op_id=command.op_id,
        v=version_of(command.name),
        cmd=command.name,
        target=command.target,
        occurred_at=stamp,
        sha256=digest(body),
        args=args,
        expect=command.expect,
        wall=to_stamp(moment.wall),
        offset_s=moment.offset_s,
        uncertainty_s=moment.uncertainty_s,
        boot_s=moment.boot_s,
        boot_id=moment.boot_id,
        blobs=blobs,
    )


def _label(connection: Connection, state: overlay.State) -> outbox.Label:
    if state.planned is not None:
        return outbox.Label(title=state.planned.title)
    incident = state.case.incident
    if incident is None:
        return outbox.Label()
    customer = mirror.body(connection, "customer", incident.customer_id)
    site = mirror.body(connection, "site", incident.site_id)
    return outbox.Label(
        number=incident.number,
        title=incident.title,
        customer=subsets.customer.decode(customer).name if customer is not None else "",
        site=subsets.site.decode(site).name if site is not None else "",
    )
