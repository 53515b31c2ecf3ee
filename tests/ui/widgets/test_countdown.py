"""Countdowns: figures, shares, signs and what a screen reader hears."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from fieldtech.domain.words import ClockState
from ui.theme.tokens import Tone
from ui.widgets.countdown import (
    CountdownView,
    chip_size,
    countdown_text,
    describe_countdown,
    format_remaining,
    paint_countdown_chip,
)
from ui.widgets.countdown_label import CountdownLabel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def running(seconds: float, state: str = "running", total: float = 7200) -> CountdownView:
    """A clock that is due in so many seconds."""
    return CountdownView(state, due=NOW + timedelta(seconds=seconds), total_seconds=total)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1517, "0:25:17"),
        (7200, "2:00:00"),
        (0.2, "0:00:01"),
        (0, "0:00:00"),
        (-0.2, "0:00:00"),
        (-40, "\N{MINUS SIGN}0:00:40"),
        (-3661.9, "\N{MINUS SIGN}1:01:01"),
        (86399, "23:59:59"),
        (86400, "1 d 00:00"),
        (2 * 86400 + 3 * 3600 + 15 * 60 + 59, "2 d 03:15"),
        (-90000, "\N{MINUS SIGN}1 d 01:00"),
    ],
)
def test_format(seconds: float, text: str) -> None:
    assert format_remaining(seconds) == text


@given(st.floats(min_value=1, max_value=86_000), st.floats(min_value=0.01, max_value=500))
def test_time_never_seems_to_run_backwards(seconds: float, passed: float) -> None:
    def shown(value: float) -> tuple[int, ...]:
        return tuple(int(part) for part in format_remaining(value).split(":"))

    assert shown(max(0.0, seconds - passed)) <= shown(seconds)


def test_a_moving_clock_counts_to_its_due_time() -> None:
    view = running(1800)
    assert view.remaining(NOW) == 1800
    assert view.remaining(NOW + timedelta(hours=1)) == -1800
    assert view.used_share(NOW) == 0.75
    assert view.used_share(NOW + timedelta(hours=9)) == 1.0
    assert running(9000).used_share(NOW) == 0.0, "a due time moved out by a pause"
    assert running(60, total=0).used_share(NOW) == 0.0


def test_a_stopped_clock_stands_still() -> None:
    view = CountdownView("paused", due=NOW, total_seconds=7200, frozen_remaining=600.0)
    assert view.remaining(NOW + timedelta(hours=3)) == 600.0
    assert CountdownView("none").remaining(NOW) is None
    assert countdown_text(CountdownView("excluded"), NOW) == "\N{EM DASH}"


def test_every_state_has_a_tone_and_words() -> None:
    tones = {state: CountdownView(state).tone for state in ClockState}
    assert tones[ClockState.BREACHED] is Tone.DANGER
    assert tones[ClockState.AT_RISK] is Tone.WARN
    assert tones[ClockState.EXCLUDED] is Tone.NEUTRAL
    sentences = {describe_countdown(CountdownView(s, frozen_remaining=9), NOW) for s in ClockState}
    assert len(sentences) == len(ClockState)
    assert "0:00:40" in describe_countdown(running(-40, "breached"), NOW)


def picture(theme: Theme, state: ClockState) -> QImage:
    """A chip as it is painted, drained of colour: shapes alone must tell states apart."""
    view = CountdownView(state, NOW + timedelta(seconds=60), 7200, frozen_remaining=60.0)
    size = chip_size(theme, view, NOW)
    image = QImage(size, QImage.Format.Format_ARGB32)
    image.fill(QColor(theme.tokens.surface))
    painter = QPainter(image)
    paint_countdown_chip(painter, QRectF(image.rect()), theme, view, NOW)
    painter.end()
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return grey.scaled(grey.width(), grey.height(), Qt.AspectRatioMode.IgnoreAspectRatio)


def test_no_two_states_share_a_shape(theme: Theme) -> None:
    def shape(state: ClockState) -> bytes:
        image = picture(theme, state)
        ring = image.copy(0, 0, theme.px(24), image.height())
        middle = [ring.pixelColor(x, y).value() for x in range(24) for y in range(24)]
        darkest, lightest = min(middle), max(middle)
        half = (darkest + lightest) / 2
        return bytes(value < half for value in middle)

    shapes = {state: shape(state) for state in ClockState if state is not ClockState.EXCLUDED}
    assert len(set(shapes.values())) == len(shapes)


def test_the_big_clock_moves_on_and_speaks_once_a_minute(theme: Theme, qtbot: QtBot) -> None:
    label = CountdownLabel(theme)
    qtbot.addWidget(label)
    label.show_clock(running(1517), NOW, caption="to restore", detail="Due 12:40")
    assert label.figures == "0:25:17"
    spoken = label.accessibleName()
    assert spoken.startswith("to restore")
    label.set_now(NOW + timedelta(seconds=1))
    assert label.figures == "0:25:16"
    assert label.accessibleName() == spoken
    label.set_now(NOW + timedelta(seconds=61))
    assert label.accessibleName() != spoken
    label.show_clock(running(-5, "breached"), NOW, caption="to restore")
    assert label.figures == "\N{MINUS SIGN}0:00:05"
    label.show()
    assert not label.grab().isNull()


def test_an_empty_big_clock_ignores_the_tick(theme: Theme, qtbot: QtBot) -> None:
    label = CountdownLabel(theme)
    qtbot.addWidget(label)
    label.set_now(NOW)
    assert label.figures == ""
