"""One synchronisation from end to end: the engine decides, this does it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import fieldtech
from fieldtech.protocol.wire import SCHEMA, HelloRequest, PullRequest
from fieldtech.store import buckets, central_time, devices, outbox, sending, session
from fieldtech.store.outbox import OutboxItem
from fieldtech.store.profile_keys import remember_seal_key
from fieldtech.store.work import Changes
from fieldtech.sync import engine, offset
from fieldtech.sync.batch import lines_of, next_batch
from fieldtech.sync.failures import SyncFailure
from fieldtech.sync.pacing import Pacer
from fieldtech.sync.page_size import PageSize
from fieldtech.sync.prefetch import Prefetch
from fieldtech.sync.problems import SyncProblem, problem_of

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.store.central_time import Sample
    from fieldtech.store.feed import Feed
    from fieldtech.store.opening import Store
    from fieldtech.sync.backoff import Pace
    from fieldtech.sync.client import CentralClient, UnreadPage
    from fieldtech.sync.engine import Acquaintance, Action
    from fieldtech.sync.tokens import TokenBox
    from fieldtech.sync.transport import Transport

KEPT_DAYS = 30
"""How long a confirmed command stays, to be offered again to a central restored from a backup."""

GREETING_HOLDS_S = 600.0
"""How long a hello is good for; every reply confirms the epoch, so it saves a round trip."""

Tell = Callable[["Progress"], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: ``phase`` hello, push, pull or finish; commands and rows so far.

    ``to_push`` is how many commands there were when it began.
    """

    phase: str
    pushed: int
    pulled: int
    to_push: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a run did.

    ``reached``: the central itself answered. ``waiting`` and ``refused`` are the whole outbox's
    after the run, ``problem`` why it ended early (``None``: complete), ``next_try_s`` the seconds
    until the next one by itself.
    """

    reached: bool
    pushed: int
    pulled: int
    waiting: int
    refused: tuple[OutboxItem, ...]
    problem: SyncProblem | None
    changes: Changes
    next_try_s: float


@dataclass(slots=True)
class _Run:
    """The counters of one run.

    ``up_to_n`` is the last command there was when it began: whoever works on while it runs must
    not keep it from pulling. What he adds goes up with the next one.
    """

    engine: engine.Engine
    progress: Tell
    ahead: Prefetch
    pushed: int = 0
    pulled: int = 0
    to_push: int = 0
    up_to_n: int = 0
    reached: bool = False
    changes: Changes = field(default_factory=Changes)

    def tell(self, phase: str) -> None:
        self.progress(
            Progress(phase=phase, pushed=self.pushed, pulled=self.pulled, to_push=self.to_push)
        )


class SyncRunner:
    """Synchronises one store. ``run_once`` from any one thread, the ways to stop from others."""

    def __init__(
        self,
        *,
        store: Store,
        feed: Feed,
        client: CentralClient,
        transport: Transport,
        tokens: TokenBox,
        clock: Clock,
        pace: Pace | None = None,
    ) -> None:
        self._store = store
        self._feed = feed
        self._client = client
        self._transport = transport
        self._tokens = tokens
        self._clock = clock
        self._pacer = Pacer(store.database, clock, pace)
        self._running, self._stopping_it = threading.Lock(), threading.Lock()
        self._cancelled, self._stopping = threading.Event(), threading.Event()
        self._page_size = PageSize()
        self._known: Acquaintance | None = None
        self._known_at = 0.0
        self._sample: Sample | None = None
        self._unsaved: Sample | None = None

    def run_once(
        self, progress: Tell | None = None, stopping: threading.Event | None = None
    ) -> SyncReport:
        """Push what waits, then pull to the end; never raises for what the network does.

        ``stopping``, set before or by ``stop``, ends this run and no other. Raises
        ``EnvironmentProblem`` when the store cannot be read or written.
        """
        if not self._running.acquire(blocking=False):
            return self._report(None, engine.Stop("running"))
        try:
            self._stopping = stopping or threading.Event()
            self._transport.resume()
            return self._run(progress or _ignore)
        finally:
            with self._stopping_it:
                self._running.release()
                self._transport.resume()  # whoever signs in next uses the same connection's watch

    def stop(self) -> None:
        """Stop the present run at once, if there is one; later ones are not kept from beginning.

        Between two requests nothing is ever half done: what was received is kept.
        """
        with self._stopping_it:
            if self._running.locked():
                self._stopping.set()
                self._transport.halt()

    def cancel(self) -> None:
        """Stop the present run within milliseconds, and every later one: the program is ending."""
        self._cancelled.set()
        self._transport.cancel()

    def seconds_to_next(self) -> float:
        """Return how long to wait before the next run by itself; 0: now."""
        return self._pacer.seconds_left()

    def seconds_held(self) -> float:
        """Return how long the central wants to be left alone by everything but a person's click."""
        return self._pacer.seconds_held()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _run(self, progress: Tell) -> SyncReport:
        deciding = engine.Engine(self._acquaintance(), self._page_size)
        run = _Run(deciding, progress, Prefetch(self._fetch))
        with self._store.database.read() as connection:
            self._sample = central_time.load(connection)
            run.to_push = outbox.counts(connection).waiting
            now = session.load(connection)
        signed_in = now.user is not None
        run.up_to_n = now.next_n - 1
        if not signed_in or self._tokens.get() is None:
            return self._end(run, engine.Stop("signed_out" if signed_in else "not_signed_in"))
        self._finish(run)
        action = run.engine.start(waiting=run.to_push > 0)
        if self._stopping.is_set():  # before its turn came; later on the requests are cut
            action = engine.Stop("cancelled")
        try:
            while not isinstance(action, engine.Stop):
                action = self._do(run, action)
        finally:
            run.ahead.drop()
        return self._end(run, action)

    def _do(self, run: _Run, action: Action) -> Action:
        try:
            return self._carry_out(run, action)
        except SyncFailure as failed:
            _log.info("sync: %s", failed)
            run.reached = run.reached or bool(failed.failure.code)
            return run.engine.failed(failed.failure)

    def _carry_out(self, run: _Run, action: Action) -> Action:
        if not isinstance(action, engine.Pull):
            run.ahead.drop()  # one request at a time, and what it brings may say otherwise
        match action:
            case engine.Hello():
                after = self._hello(run)
            case engine.Push():
                after = self._push(run, action)
            case engine.Pull():
                after = self._pull(run, action)
            case engine.Refresh():
                after = self._refresh(run)
            case engine.Stop():
                after = action
            case _:
                after = self._repair(run, action)
        return after

    def _repair(self, run: _Run, action: engine.Repair) -> Action:
        """Set right in the store what the engine found out of step with the central."""
        if isinstance(action, engine.Fork):
            with self._store.database.write() as connection:
                run.up_to_n = devices.fork(connection) - 1
            return run.engine.forked()
        if isinstance(action, engine.StartOver):
            forked = self._feed.start_over(action.epoch)
            run.up_to_n = self._store.session.get().next_n - 1
            return run.engine.forked() if forked else run.engine.started_over()
        self._void(action.push)
        return run.engine.voided()

    def _hello(self, run: _Run) -> Action:
        run.tell("hello")
        now = self._store.session.get()
        request = HelloRequest(
            device_id=now.device_id,
            app=fieldtech.__version__,
            schema=SCHEMA,
            next_n=now.next_n,
            sign_key=self._store.keeper.journal.sign_key,
        )
        answer = self._client.hello(request, self._access())
        run.reached = True
        self._settle_device(now.device_id)
        remember_seal_key(self._store.database, answer.value.seal_key)
        self._known_at = self._clock.boot()
        self._compare(answer.sample)
        return run.engine.hello_done(answer.value, next_n=now.next_n, epoch=now.epoch)

    def _push(self, run: _Run, action: engine.Push) -> Action:
        with self._store.database.read() as connection:
            now = session.load(connection)
            batch = next_batch(connection, now.device_id, now.epoch, action)
        if batch.gap:
            return run.engine.gap_found()
        if not batch.size:
            return run.engine.nothing_to_push()
        run.tell("push")
        answer = self._client.push(batch.body, now.device_id, self._access())
        run.reached = True
        run.changes |= self._feed.settle(answer.value, self._compare(answer.sample))
        self._unsaved = None
        run.pushed += batch.size
        with self._store.database.read() as connection:
            more = sending.has_between(connection, now.device_id, answer.value.last_n, run.up_to_n)
        return run.engine.pushed(last_n=answer.value.last_n, through_n=batch.last_n, more=more)

    def _pull(self, run: _Run, action: engine.Pull) -> Action:
        run.tell("pull")
        with self._store.database.read() as connection:
            now = session.load(connection)
            cursor = buckets.cursors(connection)
        request = PullRequest(
            device_id=now.device_id, epoch=now.epoch, cursor=cursor, limit=action.limit
        )
        answers = run.ahead.take(request)
        run.reached = True
        for answer in answers:
            self._compare(answer.sample)
        outcome = self._feed.apply_all([answer.value for answer in answers], self._unsaved)
        self._unsaved = None
        run.pulled += outcome.rows
        run.changes |= outcome.changes
        return run.engine.page_applied(
            more=outcome.more,
            mismatched=bool(outcome.mismatched),
            last_n=outcome.last_n,
        )

    def _refresh(self, run: _Run) -> Action:
        tokens = self._tokens.get()
        if tokens is None:
            return engine.Stop("signed_out")
        try:
            answer = self._client.refresh(tokens.refresh, tokens.device_id)
        except SyncFailure as failed:
            return run.engine.refresh_failed(failed.failure)
        told = answer.value
        # Kept before it is used: the old pair stays good until the new one is first seen.
        self._tokens.put(replace(tokens, access=told.access_token, refresh=told.refresh_token))
        self._compare(answer.sample)
        before = self._store.session.get().user
        if before != told.user:
            with self._store.database.write() as connection:
                session.set_user(connection, told.user)
            if before is None or before.role != told.user.role:
                self._feed.redraw()
        return run.engine.refreshed()

    def _void(self, push: engine.Push) -> None:
        """Give up the one command that was sent by itself and was too large all the same."""
        with self._store.database.write() as connection:
            now = session.load(connection)
            moment = central_time.now(connection, self._clock).at
            for line in lines_of(connection, now.device_id, replace(push, max_ops=1)):
                sending.void(connection, now.device_id, line.n, moment)

    def _fetch(self, request: PullRequest) -> UnreadPage:
        return self._client.pull(request, self._access())

    def _access(self) -> str:
        tokens = self._tokens.get()
        return tokens.access if tokens is not None else ""

    def _settle_device(self, device_id: str) -> None:
        """After a fork's first hello the central knows the session by the new device."""
        tokens = self._tokens.get()
        if tokens is not None and tokens.device_id != device_id:
            self._tokens.put(replace(tokens, device_id=device_id))

    def _compare(self, new: Sample) -> Sample | None:
        """Take in a comparison of clocks; return the best one as long as it is not stored."""
        if offset.better(self._sample, new):
            self._sample = self._unsaved = new
        return self._unsaved

    def _acquaintance(self) -> Acquaintance | None:
        fresh = self._clock.boot() - self._known_at < GREETING_HOLDS_S
        return self._known if fresh else None

    def _finish(self, run: _Run) -> None:
        """Bring the lists up to date, piece by piece; what a stop leaves is done next time."""
        stops = (self._cancelled, self._stopping)
        while not any(stop.is_set() for stop in stops) and self._feed.finish():
            run.tell("finish")

    def _end(self, run: _Run, stop: engine.Stop) -> SyncReport:
        self._finish(run)  # however it ended: what did arrive is to be seen
        if stop.problem:
            self._known = None
            if stop.problem == "signed_out":
                self._tokens.reread()
        else:
            if run.engine.known is not self._known:
                self._forget_old()
            self._known = run.engine.known
        return self._report(run, stop)

    def _forget_old(self) -> None:
        """Let confirmed work go that no restored central will ask for, and old copies with it."""
        with self._store.database.read() as connection:
            now = central_time.now(connection, self._clock).at
        self._store.forget_old(now - timedelta(days=KEPT_DAYS))

    def _report(self, run: _Run | None, stop: engine.Stop) -> SyncReport:
        left = self._remember(stop) if run is not None else self.seconds_to_next()
        counts = self._store.outbox.counts()
        return SyncReport(
            reached=run is not None and run.reached,
            pushed=run.pushed if run is not None else 0,
            pulled=run.pulled if run is not None else 0,
            waiting=counts.waiting,
            refused=tuple(self._store.outbox.items(outbox.REFUSED)) if counts.refused else (),
            problem=problem_of(stop.problem),
            changes=run.changes if run is not None else Changes(),
            next_try_s=left,
        )

    def _remember(self, stop: engine.Stop) -> float:
        """Keep when the next run is due; a person's own stop is no failure."""
        if not stop.problem:
            return self._pacer.succeeded()
        if stop.problem == "cancelled":
            return self._pacer.stopped()
        return self._pacer.failed(stop.retry_after_s)


def _ignore(_progress: Progress) -> None:
    """Nobody watches."""
