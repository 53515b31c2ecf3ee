"""A pill with a tint: severity, state, kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.theme.themed import ThemedWidget
from ui.theme.tokens import Tone

if TYPE_CHECKING:
    from ui.theme.theme import Theme

TEXT_SIZE = 12
PADDING = 10
ICON = 13
GAP = 5


def badge_size(theme: Theme, text: str, *, icon: bool = False) -> QSize:
    """The room a badge takes, for layouts and delegates."""
    metrics = theme.metrics(TEXT_SIZE, QFont.Weight.DemiBold)
    width = 2 * theme.px(PADDING) + metrics.horizontalAdvance(text) + 1
    if icon:
        width += theme.px(ICON) + theme.px(GAP)
    return QSize(width, theme.tokens.pill_height)


def paint_badge(
    painter: QPainter, rect: QRectF, theme: Theme, text: str, tone: Tone, *, icon: str = ""
) -> None:
    """Draw the pill filling ``rect``; the text is cut with an ellipsis when it does not fit."""
    pair = theme.tokens.pair(tone)
    font = theme.font(TEXT_SIZE, QFont.Weight.DemiBold)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(pair.fill))
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    inner = rect.adjusted(theme.px(PADDING), 0, -theme.px(PADDING) + 1, 0)
    if icon:
        size = theme.px(ICON)
        painter.drawPixmap(
            QRectF(inner.left(), rect.center().y() - size / 2, size, size).topLeft(),
            theme.pixmap(icon, pair.text, ICON),
        )
        inner.setLeft(inner.left() + size + theme.px(GAP))
    painter.setFont(font)
    painter.setPen(QColor(pair.text))
    metrics = theme.metrics(TEXT_SIZE, QFont.Weight.DemiBold)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(inner.width()))
    align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(inner, int(align), shown)
    painter.restore()


class Badge(ThemedWidget):
    """The pill as a widget; its accessible name is its text."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        tone: Tone = Tone.NEUTRAL,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._text, self._tone, self._icon = text, tone, icon
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    @property
    def text(self) -> str:
        """What the pill says."""
        return self._text

    @property
    def tone(self) -> Tone:
        """What its tint means."""
        return self._tone

    def show_text(self, text: str, tone: Tone, icon: str = "") -> None:
        """Say something else; an empty text hides the pill."""
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.restyle()

    @override
    def sizeHint(self) -> QSize:
        return badge_size(self._theme, self._text, icon=bool(self._icon))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.tokens.pill_height * 2, self._theme.tokens.pill_height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(
            painter, QRectF(self.rect()), self._theme, self._text, self._tone, icon=self._icon
        )
        painter.end()
