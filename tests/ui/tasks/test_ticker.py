"""The beat follows the clock's full seconds and rests while nobody looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from fieldtech.clock import FakeClock
from ui.tasks.ticker import SecondTicker

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

START = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def clock(qapp: object) -> FakeClock:
    """A clock a hundredth before a full second: beats come quickly."""
    assert qapp is not None
    return FakeClock(START + timedelta(milliseconds=990))


def runs(ticker: SecondTicker) -> bool:
    """Ask anew: a checker takes an attribute for what it was a line before."""
    return ticker.running


def test_beats_carry_the_full_second(clock: FakeClock, qtbot: QtBot) -> None:
    ticker = SecondTicker(clock)
    moments: list[datetime] = []
    ticker.tick.connect(moments.append)
    ticker.start()
    assert moments == [START], "the first beat comes at once"
    clock.advance(0.013)
    qtbot.waitUntil(lambda: len(moments) == 2)
    assert moments[1] == START + timedelta(seconds=1)
    ticker.stop()
    assert not runs(ticker)


def test_it_rests_while_the_window_is_hidden_or_minimised(clock: FakeClock, qtbot: QtBot) -> None:
    ticker = SecondTicker(clock)
    window = QWidget()
    qtbot.addWidget(window)
    ticker.watch(window)
    ticker.start()
    assert not runs(ticker)
    with qtbot.waitSignal(ticker.tick):
        window.show()
    assert runs(ticker)
    window.showMinimized()
    qtbot.waitUntil(lambda: not runs(ticker))
    with qtbot.waitSignal(ticker.tick):
        window.showNormal()
    window.hide()
    assert not runs(ticker)
    ticker.stop()
    window.show()
    assert not runs(ticker), "stopped stays stopped"


def test_watching_another_window_forgets_the_first(clock: FakeClock, qtbot: QtBot) -> None:
    ticker = SecondTicker(clock)
    first, second = QWidget(), QWidget()
    for window in (first, second):
        qtbot.addWidget(window)
    first.show()
    ticker.watch(first)
    ticker.start()
    assert runs(ticker)
    ticker.watch(second)
    assert not runs(ticker)
    second.show()
    assert runs(ticker)
    first.hide()
    assert runs(ticker)
    ticker.stop()
