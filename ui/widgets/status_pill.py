"""The pill that says how things stand: connected, working, waiting to send, refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from ui.theme.themed import follow
from ui.theme.tokens import Tone

if TYPE_CHECKING:
    from ui.theme.theme import Theme

TEXT_SIZE = 12
ICON = 14
PADDING = 11
GAP = 6
SHORTEST = 140


class StatusPill(QAbstractButton):
    """Text, an icon whose shape differs by state, and a tint; a click (``clicked``) asks more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone, self._icon = Tone.NEUTRAL, ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        follow(theme, self._restyle)

    @property
    def tone(self) -> Tone:
        """What the tint means now."""
        return self._tone

    def show_status(self, text: str, tone: Tone, icon: str = "", hint: str = "") -> None:
        """Say how things stand; ``hint`` is the longer sentence of the tool tip."""
        self._tone, self._icon = tone, icon
        self.setText(text)
        self.setToolTip(hint)
        self.setAccessibleName(text)
        self.setAccessibleDescription(hint)
        self._restyle()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        theme = self._theme
        metrics = theme.metrics(TEXT_SIZE, QFont.Weight.DemiBold)
        width = metrics.horizontalAdvance(self.text()) + 2 * theme.px(PADDING) + 1
        if self._icon:
            width += theme.px(ICON) + theme.px(GAP)
        return QSize(width, theme.tokens.chip_height)

    @override
    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._theme.px(SHORTEST)), hint.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens = self._theme, self._theme.tokens
        pair = tokens.pair(self._tone)
        area = QRectF(self.rect())
        radius = area.height() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(pair.fill))
        painter.drawRoundedRect(area, radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius - 1, radius - 1)
        inner = area.adjusted(theme.px(PADDING), 0, -theme.px(PADDING) + 1, 0)
        if self._icon:
            top = area.center().y() - theme.px(ICON) / 2
            pixmap = theme.pixmap(self._icon, pair.text, ICON)
            painter.drawPixmap(QPointF(inner.left(), top), pixmap)
            inner.setLeft(inner.left() + theme.px(ICON) + theme.px(GAP))
        painter.setFont(theme.font(TEXT_SIZE, QFont.Weight.DemiBold))
        painter.setPen(QColor(pair.text))
        metrics = theme.metrics(TEXT_SIZE, QFont.Weight.DemiBold)
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, int(inner.width()))
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, int(align), text)
        painter.end()
