"""The one way in which screens have work done away from the event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import count
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from ui.tasks.mailbox import Mailbox
from ui.tasks.ticket import Ticket

T = TypeVar("T")

NET_THREADS = 4
_NO_MORE = object()


class _Lane(Enum):
    DB = "db"
    NET = "net"


@dataclass(frozen=True, slots=True)
class _Job:
    """What has to be known again when the work comes back.

    It stays on the windows' thread: what ``work`` and the callbacks hold, often a widget, must not
    be let go of by a worker last, see ``ui/tasks/garbage.py``.
    """

    lane: _Lane
    ticket: Ticket
    work: Callable[[], object]
    on_done: Callable[[Any], object] | None
    on_error: Callable[[Exception], object] | None
    owner: QObject | None
    key: Hashable | None


def _unless_cancelled(ticket: Ticket, held: list[Callable[[], T]]) -> T:
    """Skip work that was superseded while it waited for its thread.

    The work is taken out of ``held``, so that the executor keeps no hold of it.
    """
    work = held.pop()
    if ticket.cancelled:
        raise CancelledError
    return work()


def _let_go(future: Future[Any]) -> None:
    """Drop the frames of an error that was told: they hold the work, the executor holds them."""
    error = None if future.cancelled() else future.exception()
    if isinstance(error, Exception):
        error.__traceback__ = None


class TaskRunner(QObject):
    """Runs plain functions on worker threads and brings their results to the windows' thread.

    ``run_db`` has one worker thread for the life of the program, so calls keep their order and
    the store sees a single writer; ``run_net`` has a few, for the network and for probes.
    Create the runner on the windows' thread, call it only from there, and call ``shutdown``
    before the application ends.

    ``failed`` carries the exception of work that named no ``on_error``.
    ``busy`` turns true with the first open task and false after the last one.
    """

    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, *, net_threads: int = NET_THREADS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox(self)
        self._lanes = {
            _Lane.DB: ThreadPoolExecutor(1, thread_name_prefix="db"),
            _Lane.NET: ThreadPoolExecutor(net_threads, thread_name_prefix="net"),
        }
        self._open: dict[int, _Job] = {}
        self._numbers = count(1)
        self._newest: dict[Hashable, Ticket] = {}
        self._closed = False
        self._steps: deque[tuple[Iterator[object], QObject]] = deque()
        self._turns = QTimer(self, interval=0)
        self._turns.timeout.connect(self._take_step)

    @property
    def is_busy(self) -> bool:
        """Some task has not been delivered yet, or some step has not been taken."""
        return bool(self._open or self._steps)

    def run_db(
        self,
        work: Callable[[], T],
        on_done: Callable[[T], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
        *,
        key: Hashable | None = None,
        owner: QObject | None = None,
        ticket: Ticket | None = None,
    ) -> Ticket:
        """Have ``work()`` run on the store's thread and ``on_done(result)`` on this one.

        A later task with the same ``key`` makes this one void: typing into a filter shows only
        the newest result. Nothing is delivered once ``owner`` has been destroyed. An exception
        goes to ``on_error``, or to ``failed`` when there is none. Hand in a ``ticket`` when the
        work itself looks at it to stop early.
        """
        return self._run(_Job(_Lane.DB, ticket or Ticket(), work, on_done, on_error, owner, key))

    def run_net(
        self,
        work: Callable[[], T],
        on_done: Callable[[T], object] | None = None,
        on_error: Callable[[Exception], object] | None = None,
        *,
        key: Hashable | None = None,
        owner: QObject | None = None,
        ticket: Ticket | None = None,
    ) -> Ticket:
        """Have ``work()`` run on one of the few network threads; otherwise as ``run_db``."""
        return self._run(_Job(_Lane.NET, ticket or Ticket(), work, on_done, on_error, owner, key))

    def post(self, call: Callable[[], object], *, owner: QObject | None = None) -> None:
        """Have ``call()`` run on the windows' thread; safe from any thread.

        This is how long work tells its progress:
        ``runner.post(lambda: bar.setValue(done), owner=bar)``.
        """
        self._mailbox.post(partial(self._call_for, owner, call))

    def in_turns(self, steps: Iterator[object], *, owner: QObject) -> None:
        """Take steps on the windows' thread, each in a turn of the event loop of its own.

        For what only that thread can do and what together would have it stand still. They end with
        ``owner``; what is asked for later comes after them.
        """
        if not self._closed:
            self._steps.append((steps, owner))
            self._turns.start()

    def shutdown(self) -> None:
        """Finish what the store was asked to write, drop the rest, join every thread.

        Nothing is delivered afterwards, and later requests come back cancelled.
        """
        self._closed = True
        self._turns.stop()
        self._steps.clear()
        for job in self._open.values():
            # The store's queue may hold a draft typed a moment ago: it is run to its end.
            if job.lane is _Lane.NET:
                job.ticket.cancel()
        self._lanes[_Lane.NET].shutdown(wait=True, cancel_futures=True)
        self._lanes[_Lane.DB].shutdown(wait=True)
        self._open.clear()
        self._newest.clear()

    def _take_step(self) -> None:
        steps, owner = self._steps[0]
        if not isValid(owner) or next(steps, _NO_MORE) is _NO_MORE:
            self._steps.popleft()
        if not self._steps:
            self._turns.stop()

    def _run(self, job: _Job) -> Ticket:
        if self._closed:
            job.ticket.cancel()
            return job.ticket
        if job.key is not None:
            older = self._newest.get(job.key)
            if older is not None:
                older.cancel()
            self._newest[job.key] = job.ticket
        number = next(self._numbers)
        self._open[number] = job
        if len(self._open) == 1:
            self.busy.emit(True)  # noqa: FBT003  a Qt signal's argument
        future = self._lanes[job.lane].submit(_unless_cancelled, job.ticket, [job.work])
        future.add_done_callback(partial(self._come_back, number))
        return job.ticket

    def _come_back(self, number: int, future: Future[Any]) -> None:
        if not self._closed:
            self._mailbox.post(partial(self._deliver, number, future))

    def _deliver(self, number: int, future: Future[Any]) -> None:
        if self._closed:
            return
        job = self._open[number]
        if job.key is not None and self._newest.get(job.key) is job.ticket:
            del self._newest[job.key]
        try:
            self._hand_over(job, future)
        finally:
            _let_go(future)
            # Only now: work that a result starts belongs to the same busy spell.
            self._open.pop(number, None)
            if not self._open:
                self.busy.emit(False)  # noqa: FBT003  a Qt signal's argument

    def _hand_over(self, job: _Job, future: Future[Any]) -> None:
        if job.ticket.cancelled or future.cancelled():
            return
        if job.owner is not None and not isValid(job.owner):
            return
        error = future.exception()
        if error is None:
            if job.on_done is not None:
                job.on_done(future.result())
        elif not isinstance(error, Exception):
            raise error
        elif job.on_error is not None:
            job.on_error(error)
        else:
            self.failed.emit(error)

    @staticmethod
    def _call_for(owner: QObject | None, call: Callable[[], object]) -> None:
        if owner is None or isValid(owner):
            call()
