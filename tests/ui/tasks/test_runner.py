"""Work leaves the windows' thread, and only what is still wanted comes back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QWidget

from ui.tasks.runner import TaskRunner
from ui.tasks.ticket import Ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

MANY = 2000


@pytest.fixture
def runner(qapp: object) -> Iterator[TaskRunner]:
    """A runner that is joined whatever the test does."""
    assert qapp is not None
    made = TaskRunner()
    yield made
    made.shutdown()
    made.deleteLater()


class Gate:
    """Work that stands still until it is let through."""

    def __init__(self, answer: str = "through") -> None:
        self.begun = threading.Event()
        self.open = threading.Event()
        self._answer = answer

    def __call__(self) -> str:
        self.begun.set()
        assert self.open.wait(10)
        return self._answer


def idle(qtbot: QtBot, runner: TaskRunner) -> None:
    """Let everything come back."""
    qtbot.waitUntil(lambda: not runner.is_busy)


def test_results_come_back_on_the_windows_thread(runner: TaskRunner, qtbot: QtBot) -> None:
    where: list[tuple[str, int, int]] = []

    def work() -> int:
        return threading.get_ident()

    here = threading.get_ident()
    runner.run_db(work, lambda there: where.append(("db", there, threading.get_ident())))
    runner.run_net(work, lambda there: where.append(("net", there, threading.get_ident())))
    idle(qtbot, runner)
    assert {lane for lane, _, _ in where} == {"db", "net"}
    assert all(there != here and back == here for _, there, back in where)


def test_the_store_has_one_thread_and_keeps_the_order(runner: TaskRunner, qtbot: QtBot) -> None:
    done: list[int] = []
    threads: set[int] = set()

    def work(number: int) -> Callable[[], int]:
        def run() -> int:
            threads.add(threading.get_ident())
            return number

        return run

    for number in range(500):
        runner.run_db(work(number), done.append)
    idle(qtbot, runner)
    assert done == list(range(500))
    assert len(threads) == 1


def test_no_delivery_is_lost_from_many_threads(runner: TaskRunner, qtbot: QtBot) -> None:
    done: list[int] = []
    for number in range(2000):
        runner.run_net(lambda number=number: number, done.append)  # type: ignore[misc]
    idle(qtbot, runner)
    assert sorted(done) == list(range(2000))


def test_a_newer_request_with_the_same_key_wins(runner: TaskRunner, qtbot: QtBot) -> None:
    gate = Gate("old")
    ran: list[str] = []
    shown: list[str] = []

    def between() -> str:
        ran.append("between")
        return "between"

    runner.run_db(gate, shown.append, key="filter")
    assert gate.begun.wait(10)
    runner.run_db(between, shown.append, key="filter")
    runner.run_db(lambda: "new", shown.append, key="filter")
    runner.run_db(lambda: "other", shown.append, key="another")
    gate.open.set()
    idle(qtbot, runner)
    assert shown == ["new", "other"]
    assert ran == [], "superseded before its turn, so it never ran"


def test_results_for_a_destroyed_owner_are_dropped(runner: TaskRunner, qtbot: QtBot) -> None:
    gate = Gate()
    shown: list[str] = []
    owner = QWidget()
    runner.run_db(gate, shown.append, owner=owner)
    assert gate.begun.wait(10)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.open.set()
    idle(qtbot, runner)
    assert shown == []


def test_a_cancelled_ticket_delivers_nothing_and_can_be_seen_inside(
    runner: TaskRunner, qtbot: QtBot
) -> None:
    ticket = Ticket()
    shown: list[None] = []
    stopped: list[bool] = []
    begun, looked = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert looked.wait(10)
        stopped.append(ticket.cancelled)

    assert runner.run_net(work, shown.append, ticket=ticket) is ticket
    assert begun.wait(10)
    ticket.cancel()
    looked.set()
    idle(qtbot, runner)
    assert (shown, stopped) == ([], [True])


def test_errors_go_to_their_handler_or_to_the_signal(runner: TaskRunner, qtbot: QtBot) -> None:
    def fail() -> None:
        raise OSError("disk full")

    handled: list[Exception] = []
    runner.run_db(fail, on_error=handled.append)
    idle(qtbot, runner)
    assert [str(error) for error in handled] == ["disk full"]
    with qtbot.waitSignal(runner.failed) as told:
        runner.run_net(fail)
    assert isinstance(told.args[0], OSError)


def test_busy_is_told_once_for_overlapping_work(runner: TaskRunner, qtbot: QtBot) -> None:
    told: list[bool] = []
    runner.busy.connect(told.append)
    gate = Gate()
    runner.run_db(gate)
    runner.run_net(gate)
    assert told == [True]
    gate.open.set()
    idle(qtbot, runner)
    assert told == [True, False]


def test_work_started_from_a_result_keeps_it_busy(runner: TaskRunner, qtbot: QtBot) -> None:
    told: list[bool] = []
    shown: list[str] = []
    runner.busy.connect(told.append)
    runner.run_db(lambda: 1, lambda _: runner.run_db(lambda: "second", shown.append))
    idle(qtbot, runner)
    assert shown == ["second"]
    assert told == [True, False]


def test_progress_is_posted_from_the_work(runner: TaskRunner, qtbot: QtBot) -> None:
    seen: list[tuple[int, int]] = []

    def work() -> None:
        for step in range(3):
            runner.post(lambda step=step: seen.append((step, threading.get_ident())))  # type: ignore[misc]

    runner.run_net(work)
    idle(qtbot, runner)
    assert seen == [(step, threading.get_ident()) for step in range(3)]


def test_posts_for_a_destroyed_owner_are_dropped(runner: TaskRunner, qtbot: QtBot) -> None:
    seen: list[str] = []
    owner = QWidget()
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    runner.post(lambda: seen.append("gone"), owner=owner)
    runner.post(lambda: seen.append("kept"))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["kept"]


class FreedOn:
    """Work that notes which thread let go of it last."""

    def __init__(self, threads: list[int], error: Exception | None) -> None:
        self._threads = threads
        self._error = error

    def __call__(self) -> None:
        if self._error is not None:
            raise self._error

    def __del__(self) -> None:
        self._threads.append(threading.get_ident())


@pytest.mark.parametrize("fails", [False, True])
def test_no_worker_lets_go_of_the_work_last(
    runner: TaskRunner, qtbot: QtBot, *, fails: bool
) -> None:
    """What it holds may be a widget, whose end on a worker can hang the window for good."""
    threads: list[int] = []
    told: list[object] = []
    for _ in range(MANY):
        work = FreedOn(threads, LookupError() if fails else None)
        runner.run_db(work, told.append, told.append)
        del work
    idle(qtbot, runner)
    runner.shutdown()
    assert len(told) == MANY
    assert threads == [threading.get_ident()] * MANY


def test_shutdown_finishes_the_store_and_drops_the_network(qapp: object) -> None:
    assert qapp is not None
    runner = TaskRunner(net_threads=1)
    written: list[str] = []
    shown: list[str] = []
    gate = Gate()
    runner.run_net(gate, shown.append)
    assert gate.begun.wait(10)
    queued = runner.run_net(lambda: written.append("net"))
    for number in range(20):
        runner.run_db(lambda number=number: written.append(f"draft {number}"))  # type: ignore[misc]
    gate.open.set()
    runner.shutdown()
    assert written == [f"draft {number}" for number in range(20)]
    assert queued.cancelled
    assert runner.run_db(lambda: written.append("late")).cancelled
    QCoreApplication.sendPostedEvents()  # an answer on its way would arrive now
    assert shown == []
    assert not runner.is_busy
    assert not [t for t in threading.enumerate() if t.name.startswith(("db_", "net_"))]
    runner.deleteLater()


def test_steps_leave_turns_to_others_and_belong_to_the_busy_spell(
    runner: TaskRunner, qtbot: QtBot
) -> None:
    order: list[str] = []

    def steps() -> Iterator[None]:
        for number in range(3):
            order.append(f"step {number}")
            QTimer.singleShot(0, owner, lambda number=number: order.append(f"other {number}"))
            yield

    owner = QWidget()
    qtbot.addWidget(owner)
    runner.in_turns(steps(), owner=owner)
    assert not order, "not at once"
    assert runner.is_busy
    idle(qtbot, runner)
    qtbot.waitUntil(lambda: len(order) == 6)
    for number in range(2):
        assert order.index(f"other {number}") < order.index(f"step {number + 1}")
    runner.in_turns(iter([1]), owner=owner)
    idle(qtbot, runner)


def test_steps_end_with_their_owner_and_with_the_runner(runner: TaskRunner, qtbot: QtBot) -> None:
    taken: list[int] = []
    owner, other = QWidget(), QWidget()
    qtbot.addWidget(other)

    def steps(*numbers: int) -> Iterator[None]:
        for number in numbers:
            taken.append(number)
            if number == 1:
                owner.deleteLater()
            yield

    runner.in_turns(steps(1, 2), owner=owner)
    runner.in_turns(steps(3, 4), owner=other)
    idle(qtbot, runner)
    assert taken == [1, 3, 4]
    runner.in_turns(steps(5), owner=other)
    runner.shutdown()
    runner.in_turns(steps(6), owner=other)
    assert not runner.is_busy
    QTimer.singleShot(0, other, lambda: taken.append(7))
    qtbot.waitUntil(lambda: 7 in taken)
    assert taken == [1, 3, 4, 7]
