"""The order of the work: which steps are done, which one is now, what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.theme.themed import ThemedWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.theme.theme import Theme

DISC = 20
TEXT_SIZE = 11


class Stepper(ThemedWidget):
    """Done steps carry a tick, the present one a dot in a ring, later ones a number."""

    def __init__(
        self, theme: Theme, steps: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._steps: tuple[str, ...] = ()
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_steps(steps)

    @property
    def current(self) -> int:
        """The number of the present step from 0; the count of steps when all are done."""
        return self._current

    def set_steps(self, steps: Sequence[str], current: int = 0) -> None:
        """Show these steps."""
        self._steps = tuple(steps)
        self.set_current(current)
        self.updateGeometry()

    def set_current(self, current: int) -> None:
        """Move to a step; the number after the last one means that all are done."""
        self._current = min(max(current, 0), len(self._steps))
        self._name()
        self.update()

    def _name(self) -> None:
        if self._current < len(self._steps):
            text = self.tr("Step {number} of {count}: {step}")
            step = self._steps[self._current]
        else:
            text, step = self.tr("All {count} steps done"), ""
        number, count = str(self._current + 1), str(len(self._steps))
        self.setAccessibleName(
            text.replace("{number}", number).replace("{count}", count).replace("{step}", step)
        )

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(90) * max(1, len(self._steps)), self._theme.px(DISC + 22))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(48) * max(1, len(self._steps)), self._theme.px(DISC + 22))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = self.width() / len(self._steps)
        size = self._theme.px(DISC)
        for number in range(len(self._steps)):
            centre = QPointF(cell * (number + 0.5), size / 2 + 1)
            if number:
                self._paint_line(painter, centre, cell, size, done=number <= self._current)
            self._paint_disc(painter, centre, size, number)
            self._paint_text(painter, QRectF(cell * number, size + 4, cell, size), number)
        painter.end()

    def _paint_line(
        self, painter: QPainter, centre: QPointF, cell: float, size: int, *, done: bool
    ) -> None:
        tokens = self._theme.tokens
        painter.setPen(QPen(QColor(tokens.accent if done else tokens.border), self._theme.px(2)))
        gap = size / 2 + self._theme.px(4)
        painter.drawLine(
            QPointF(centre.x() - cell + gap, centre.y()), QPointF(centre.x() - gap, centre.y())
        )

    def _paint_disc(self, painter: QPainter, centre: QPointF, size: int, number: int) -> None:
        theme, tokens = self._theme, self._theme.tokens
        disc = QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)
        if number < self._current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(disc)
            half = theme.px(12) / 2
            painter.drawPixmap(
                centre - QPointF(half, half), theme.pixmap("check", tokens.on_accent, 12)
            )
            return
        now = number == self._current
        ring = disc.adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(tokens.accent if now else tokens.field_border), theme.px(2)))
        painter.setBrush(QColor(tokens.surface))
        painter.drawEllipse(ring)
        if now:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(centre, size * 0.2, size * 0.2)
        else:
            painter.setPen(QColor(tokens.muted))
            painter.setFont(theme.font(TEXT_SIZE, QFont.Weight.DemiBold))
            painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), str(number + 1))

    def _paint_text(self, painter: QPainter, area: QRectF, number: int) -> None:
        theme, tokens = self._theme, self._theme.tokens
        now = number == self._current
        weight = QFont.Weight.DemiBold if now else QFont.Weight.Medium
        painter.setFont(theme.font(TEXT_SIZE, weight))
        painter.setPen(QColor(tokens.text if number <= self._current else tokens.muted))
        text = theme.metrics(TEXT_SIZE, weight).elidedText(
            self._steps[number], Qt.TextElideMode.ElideRight, int(area.width()) - 4
        )
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)
