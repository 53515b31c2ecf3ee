"""When a synchronisation is due, told by the timer it sets; nobody waits here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtNetwork import QNetworkInformation

from ui.tasks.sync_schedule import AFTER_COMMAND_MS, EVERY_MS, SyncSchedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Runs:
    """A schedule with its runs counted."""

    def __init__(self) -> None:
        self.schedule = SyncSchedule()
        self.count = 0
        self.schedule.due.connect(self._count)

    def _count(self) -> None:
        self.count += 1

    def fire(self) -> None:
        """Let the time come."""
        assert self.schedule._timer.isActive()
        self.schedule._timer.stop()
        self.schedule._timer.timeout.emit()

    def waits_ms(self) -> int | None:
        """How long until the next run, ``None`` when none is planned."""
        timer = self.schedule._timer
        return timer.interval() if timer.isActive() else None


@pytest.fixture
def runs(qtbot: QtBot) -> Iterator[Runs]:
    """A schedule that has not begun."""
    assert qtbot is not None
    made = Runs()
    yield made
    made.schedule.stop()
    made.schedule.deleteLater()


def test_after_a_run_that_a_person_stopped_none_follows_at_once(runs: Runs) -> None:
    runs.schedule.start()
    runs.fire()
    runs.schedule.command_made()
    runs.schedule.finished(60.0, stopped=True)
    assert runs.waits_ms() == 60_000
    runs.schedule.command_made()
    assert runs.waits_ms() == AFTER_COMMAND_MS, "but for what is done from now on"


def test_it_begins_at_once_and_goes_on_every_minute(runs: Runs) -> None:
    assert runs.waits_ms() is None
    runs.schedule.start()
    assert runs.waits_ms() == 0
    runs.fire()
    assert runs.count == 1
    assert runs.waits_ms() is None, "nothing more while a run is under way"
    runs.schedule.finished(None)
    assert runs.waits_ms() == EVERY_MS == 60_000
    runs.fire()
    assert runs.count == 2


def test_a_command_is_sent_a_second_later(runs: Runs) -> None:
    runs.schedule.start()
    runs.fire()
    runs.schedule.finished(None)
    runs.schedule.command_made()
    assert runs.waits_ms() == AFTER_COMMAND_MS == 1_000
    runs.schedule.command_made()
    assert runs.waits_ms() == 1_000


def test_a_person_does_not_wait(runs: Runs) -> None:
    runs.schedule.start()
    runs.fire()
    runs.schedule.finished(None)
    runs.schedule.command_made()
    runs.schedule.now()
    assert runs.waits_ms() == 0
    runs.schedule.command_made()
    assert runs.waits_ms() == 0, "what is due sooner is not put off"


def test_what_is_asked_during_a_run_follows_it(runs: Runs) -> None:
    runs.schedule.start()
    runs.fire()
    runs.schedule.command_made()
    runs.schedule.now()
    assert runs.waits_ms() is None
    assert runs.count == 1
    runs.schedule.finished(None)
    assert runs.waits_ms() == AFTER_COMMAND_MS
    runs.fire()
    runs.schedule.finished(None)
    assert runs.waits_ms() == EVERY_MS


@pytest.mark.parametrize(("wait_s", "expected_ms"), [(2.5, 2_500), (300.0, 300_000), (0.0, 0)])
def test_after_a_failure_it_waits_as_told(runs: Runs, wait_s: float, expected_ms: int) -> None:
    runs.schedule.start()
    runs.fire()
    runs.schedule.finished(wait_s)
    assert runs.waits_ms() == expected_ms
    runs.schedule.command_made()
    assert runs.waits_ms() == min(expected_ms, AFTER_COMMAND_MS)


def test_a_network_that_comes_back_is_tried_at_once(runs: Runs) -> None:
    reach = QNetworkInformation.Reachability
    runs.schedule.start()
    runs.fire()
    runs.schedule.finished(300.0)
    runs.schedule._network_changed(reach.Disconnected)
    assert runs.waits_ms() == 300_000
    runs.schedule._network_changed(reach.Online)
    assert runs.waits_ms() == 0


def about(seconds: float) -> object:
    """So many seconds, less what the test itself took."""
    return pytest.approx(seconds * 1000, abs=900)


def test_a_wait_the_central_asked_for_is_shortened_by_a_person_only(runs: Runs) -> None:
    runs.schedule.start()
    runs.fire()
    runs.schedule.command_made()
    runs.schedule.finished(3000.0, 3000.0)
    assert runs.waits_ms() == about(3000), "not even by what was done meanwhile"
    runs.schedule.command_made()
    runs.schedule._network_changed(QNetworkInformation.Reachability.Online)
    assert runs.waits_ms() == about(3000)
    runs.schedule.now()
    assert runs.waits_ms() == 0
    runs.fire()
    runs.schedule.finished(None)
    runs.schedule.command_made()
    assert runs.waits_ms() == AFTER_COMMAND_MS, "the next wait is an ordinary one"


def test_of_a_longer_wait_the_central_asked_for_a_part(runs: Runs) -> None:
    runs.schedule.start()
    runs.fire()
    runs.schedule.finished(300.0, 20.0)
    assert runs.waits_ms() == 300_000
    runs.schedule.command_made()
    assert runs.waits_ms() == about(20)


def test_a_wait_from_before_the_start_goes_on(runs: Runs) -> None:
    runs.schedule.start(hold_s=42.0)
    assert runs.waits_ms() == about(42)
    runs.schedule.command_made()
    assert runs.waits_ms() == about(42)
    assert not is_running(runs)
    runs.fire()
    assert is_running(runs)


def is_running(runs: Runs) -> bool:
    """Ask anew: a checker takes an attribute for what it was a line before."""
    return runs.schedule.running


@pytest.mark.parametrize("under_way", [False, True])
def test_stopped_it_stays_stopped(runs: Runs, *, under_way: bool) -> None:
    runs.schedule.start()
    runs.fire()
    if under_way:
        runs.schedule.command_made()
        runs.schedule.stop()
        runs.schedule.finished(None)
    else:
        runs.schedule.finished(None)
        runs.schedule.stop()
    assert runs.waits_ms() is None
    runs.schedule.now()
    runs.schedule.command_made()
    assert runs.waits_ms() is None
    assert runs.count == 1
