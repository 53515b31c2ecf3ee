"""A service-level clock as a chip: remaining time, share used, and a sign for each state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from fieldtech.domain.words import ClockState
from ui.theme.tokens import Tone
from ui.widgets.state_sign import paint_state_sign

if TYPE_CHECKING:
    from ui.theme.theme import Theme

CHIP_HEIGHT = 24
RING = 13
TEXT_SIZE = 13
PADDING = 8
GAP = 6

_MINUTE = 60
_HOUR = 3600
_DAY = 86400
_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EM DASH}"

_MOVING = frozenset({ClockState.RUNNING, ClockState.AT_RISK, ClockState.BREACHED})
_TONES = {
    ClockState.RUNNING: Tone.OK,
    ClockState.AT_RISK: Tone.WARN,
    ClockState.BREACHED: Tone.DANGER,
    ClockState.MISSED: Tone.DANGER,
    ClockState.MET: Tone.OK,
    ClockState.PAUSED: Tone.INFO,
}


@dataclass(frozen=True, slots=True)
class CountdownView:
    """What is needed to draw one clock at any moment.

    ``state`` is a ``ClockState`` or its word. A moving clock counts towards ``due``; a stopped
    one shows ``frozen_remaining`` seconds. ``total_seconds`` is the target the share refers to.
    """

    state: str
    due: datetime | None = None
    total_seconds: float = 0.0
    frozen_remaining: float | None = None
    start: datetime | None = None

    def remaining(self, now: datetime) -> float | None:
        """Seconds left, negative once past due; ``None`` when there is nothing to count."""
        if self.state in _MOVING and self.due is not None:
            return (self.due - now).total_seconds()
        return self.frozen_remaining

    def used_share(self, now: datetime) -> float:
        """The part of the target already used, 0.0 to 1.0."""
        remaining = self.remaining(now)
        if remaining is None or self.total_seconds <= 0:
            return 0.0
        return min(1.0, max(0.0, 1.0 - remaining / self.total_seconds))

    @property
    def tone(self) -> Tone:
        """The tint of this state."""
        return _TONES.get(ClockState(self.state), Tone.NEUTRAL)


def format_remaining(seconds: float) -> str:
    """``0:25:17``; past due with a minus sign, counting up; from a day on ``2 d 03:15``.

    A started second counts as a whole one before the deadline, so ``0:00:00`` is the deadline
    itself and never a second early.
    """
    whole = ceil(seconds) if seconds > 0 else floor(-seconds)
    sign = _MINUS if seconds < 0 and whole else ""
    days, rest = divmod(whole, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, secs = divmod(rest, _MINUTE)
    if days:
        return f"{sign}{days} d {hours:02}:{minutes:02}"
    return f"{sign}{hours}:{minutes:02}:{secs:02}"


def countdown_text(view: CountdownView, now: datetime) -> str:
    """The figures of a clock, or a dash when it has none."""
    remaining = view.remaining(now)
    return _DASH if remaining is None else format_remaining(remaining)


def describe_countdown(view: CountdownView, now: datetime) -> str:
    """One sentence for screen readers and tool tips: the state in words, then the time."""
    translate = QCoreApplication.translate
    words = {
        ClockState.RUNNING: translate("Countdown", "Running, {time} left"),
        ClockState.AT_RISK: translate("Countdown", "About to expire, {time} left"),
        ClockState.BREACHED: translate("Countdown", "Breached, {time} past the deadline"),
        ClockState.MISSED: translate("Countdown", "Missed by {time}"),
        ClockState.MET: translate("Countdown", "Met with {time} to spare"),
        ClockState.PAUSED: translate("Countdown", "Stopped with {time} left"),
        ClockState.EXCLUDED: translate("Countdown", "Excluded from the count"),
    }
    sentence = words.get(ClockState(view.state), translate("Countdown", "No clock"))
    return sentence.replace("{time}", countdown_text(view, now).removeprefix(_MINUS))


def chip_size(theme: Theme, view: CountdownView, now: datetime) -> QSize:
    """The room a chip takes, for layouts and delegates."""
    text = countdown_text(view, now)
    width = 2 * theme.px(PADDING) + theme.px(RING) + theme.px(GAP)
    width += theme.text_width(text, TEXT_SIZE, QFont.Weight.Bold, tabular=True)
    return QSize(width + 1, theme.px(CHIP_HEIGHT))


def paint_countdown_chip(
    painter: QPainter, rect: QRectF, theme: Theme, view: CountdownView, now: datetime
) -> None:
    """Draw the pill with its sign and figures, filling ``rect``."""
    pair = theme.tokens.pair(view.tone)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(pair.fill))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    size = theme.px(RING)
    ring = QRectF(rect.left() + theme.px(PADDING), rect.center().y() - size / 2, size, size)
    paint_state_sign(painter, ring, pair, view.state, view.used_share(now))
    painter.setFont(theme.font(TEXT_SIZE, QFont.Weight.Bold, tabular=True))
    painter.setPen(QColor(pair.text))
    figures = rect.adjusted(theme.px(PADDING) + size + theme.px(GAP), 0, 0, 0)
    painter.drawText(
        figures,
        int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
        countdown_text(view, now),
    )
    painter.restore()
