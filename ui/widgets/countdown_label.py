"""The big clock of a visit: figures, what they count to, the share used, and a line below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from fieldtech.domain.words import ClockState
from ui.theme.themed import ThemedWidget
from ui.widgets.card import Card
from ui.widgets.countdown import CountdownView, countdown_text, describe_countdown
from ui.widgets.label import Label, tone_colour
from ui.widgets.share_bar import ShareBar
from ui.widgets.state_sign import paint_state_sign

if TYPE_CHECKING:
    from datetime import datetime

    from ui.theme.theme import Theme
    from ui.theme.tokens import Tone

SIGN = 22
FIGURES = 26
HEADLINE = 18
SMALL_FIGURES = 17


class CountdownLabel(Card):
    """Show a clock with ``show_clock`` and move it with ``set_now`` at every tick.

    ``set_compact`` leaves one line, the figures and the deadline, for windows of little height.
    """

    _compact = False

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, sunken=True, parent=parent)
        self._view: CountdownView | None = None
        self._spoken: tuple[str, int] | None = None
        self._sign = _Sign(theme)
        self._headline = ""
        self._figures = _Figures(theme)
        self._caption = Label(theme, size=12, colour="muted")
        self._detail = Label(theme, size=12, weight=QFont.Weight.Medium)
        self._bar = ShareBar(theme)
        self._foot = Label(theme, size=12, colour="muted", wrap=True)
        self._foot.hide()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addStretch(1)
        for label in (self._caption, self._detail):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            right.addWidget(label)
        right.addStretch(1)
        top = QHBoxLayout()
        top.addWidget(self._sign)
        top.addWidget(self._figures)
        top.addStretch(1)
        top.addLayout(right)
        self.body.addLayout(top)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._foot)

    @property
    def figures(self) -> str:
        """The time as shown."""
        return self._figures.text

    def show_clock(
        self,
        view: CountdownView,
        now: datetime,
        *,
        caption: str = "",
        detail: str = "",
        foot: str = "",
        headline: str = "",
    ) -> None:
        """Show a clock; ``caption`` says what it counts to, ``detail`` its times of day.

        ``headline`` stands in the place of the figures where nothing counts any more.
        """
        self._view = view
        self._headline = headline
        self._caption.setText(caption)
        # A headline is wide: its times go below, where they have a line of their own.
        below = " · ".join(part for part in (detail, foot) if part) if headline else foot
        self._detail.setText("" if headline and not self._compact else detail)
        self._foot.setText(below)
        self._fit()
        self.set_now(now)

    def set_compact(self, wanted: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """One line only, or everything."""
        if wanted != self._compact:
            self._compact = wanted
            self._fit()
            self.restyle()

    def _fit(self) -> None:
        """Show what belongs to the present form, in its sizes."""
        full = not self._compact
        large = HEADLINE if self._headline else FIGURES
        self._figures.set_size(large if full else SMALL_FIGURES)
        self._caption.setVisible(full and bool(self._caption.text()))
        self._foot.setVisible(full and bool(self._foot.text()))
        self._bar.setVisible(full)

    @override
    def restyle(self) -> None:
        super().restyle()
        if self._compact:
            px = self._theme.px
            self.body.setContentsMargins(px(10), px(4), px(10), px(4))

    def set_now(self, now: datetime) -> None:
        """Move the figures on; repaints only what changed."""
        if self._view is None:
            return
        view = self._view
        self._figures.show_text(self._headline or countdown_text(view, now), tone_colour(view.tone))
        self._bar.set_share(view.used_share(now), view.tone)
        self._sign.show_state(view.state, view.used_share(now), view.tone)
        self._speak(view, now)

    def _speak(self, view: CountdownView, now: datetime) -> None:
        """Renew the accessible name once a minute: every second would drown a screen reader."""
        spoken = (view.state, int((view.remaining(now) or 0) // 60))
        if spoken != self._spoken:
            self._spoken = spoken
            sentence = describe_countdown(view, now)
            self.setAccessibleName(f"{self._caption.text()} {sentence}".strip())


class _Figures(ThemedWidget):
    """The large figures.

    Painted and not a ``QLabel``: that lays the whole panel out anew for every text, and measured
    every second that took more of a core than all other clocks together.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.text = self._colour = ""
        self._size: float = FIGURES
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, colour: str) -> None:
        if (text, colour) == (self.text, self._colour):
            return
        before = self.sizeHint()
        self.text, self._colour = text, colour
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def set_size(self, size: float) -> None:
        if size != self._size:
            self._size = size
            self.updateGeometry()
            self.update()

    def _width(self) -> int:
        weight = QFont.Weight.Bold
        return self._theme.text_width(self.text, self._size, weight, tabular=True) + 1

    @override
    def sizeHint(self) -> QSize:
        height = self._theme.metrics(self._size, QFont.Weight.Bold, tabular=True).height()
        return QSize(self._width(), height)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.text:
            return
        theme = self._theme
        painter = QPainter(self)
        painter.setFont(theme.font(self._size, QFont.Weight.Bold, tabular=True))
        painter.setPen(QColor(getattr(theme.tokens, self._colour)))
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), int(align), self.text)
        painter.end()


class _Sign(ThemedWidget):
    """The state's shape beside the figures, absent for a clock that simply runs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._state, self._share = ClockState.NONE.value, 0.0
        self._tone: Tone | None = None
        self.hide()

    def show_state(self, state: str, share: float, tone: Tone) -> None:
        shown = (state, round(share, 2), tone)
        if shown == (self._state, self._share, self._tone):
            return
        self._state, self._share, self._tone = shown
        self.setVisible(state != ClockState.RUNNING)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(SIGN), self._theme.px(SIGN))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._tone is None:
            return
        size = self._theme.px(SIGN)
        area = QRectF(0, (self.height() - size) / 2, size, size)
        painter = QPainter(self)
        pair = self._theme.tokens.pair(self._tone)
        paint_state_sign(painter, area, pair, self._state, self._share)
        painter.end()
