"""A row of joined buttons for one answer out of a few: pass, warning, fail, does not apply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget
from typing_extensions import override

from ui.theme.painting import paint_panel
from ui.theme.themed import ThemedWidget
from ui.theme.tokens import Tone
from ui.widgets.roving import RovingFocus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.theme.theme import Theme

TEXT_SIZE = 12
ICON = 14
GAP = 6
PADDING = 10


@dataclass(frozen=True, slots=True)
class Segment:
    """One possible answer; the icon gives it a shape beside the colour."""

    key: str
    label: str
    tone: Tone = Tone.INFO
    icon: str = ""


class SegmentedControl(ThemedWidget):
    """``chosen`` carries the key a person picked. Nothing is chosen until somebody chooses.

    Answers whose words do not fit beside each other stand in two rows.
    """

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, segments: Sequence[Segment] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._buttons: dict[str, _SegmentButton] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(1, 1, 1, 1)
        self._grid.setSpacing(0)
        self._columns = 0
        self._roving = RovingFocus(self, choose_on_move=False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_segments(segments)

    @property
    def current(self) -> str:
        """The key of the chosen answer, empty for none."""
        return next((key for key, b in self._buttons.items() if b.isChecked()), "")

    @property
    def buttons(self) -> tuple[QAbstractButton, ...]:
        """The answers, in order, for the chain of the Tab key."""
        return tuple(self._buttons.values())

    def set_segments(self, segments: Sequence[Segment]) -> None:
        """Offer these answers, none of them chosen."""
        for button in self._buttons.values():
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for segment in segments:
            button = _SegmentButton(self._theme, segment, self)
            button.clicked.connect(self._clicked)
            self._buttons[segment.key] = button
        self._columns = 0
        self._arrange(self.width())
        self._roving.take(list(self._buttons.values()))

    def set_current(self, key: str) -> None:
        """Show an answer without telling; an empty or unknown key shows none."""
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self._roving.settle()

    def _clicked(self) -> None:
        picked = next(key for key, b in self._buttons.items() if b is self.sender())
        self.set_current(picked)
        self.chosen.emit(picked)

    def _arrange(self, width: int) -> None:
        """One row when every answer can be read in it, else two."""
        buttons = list(self._buttons.values())
        widest = max((button.sizeHint().width() for button in buttons), default=0)
        fits = widest * len(buttons) <= width - 2
        columns = max(1, len(buttons) if fits else (len(buttons) + 1) // 2)
        if columns == self._columns:
            return
        self._columns = columns
        for number, button in enumerate(buttons):
            self._grid.addWidget(button, number // columns, number % columns)
        for column in range(len(buttons)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self.updateGeometry()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width())

    @override
    def restyle(self) -> None:
        self._arrange(self.width())
        super().restyle()

    @override
    def sizeHint(self) -> QSize:
        # The layout's own hint is of one row, as wide as it likes: the width is the parent's.
        return QSize(self.minimumSizeHint().width(), self._grid.sizeHint().height())

    @override
    def minimumSizeHint(self) -> QSize:
        rows = (len(self._buttons) + self._columns - 1) // max(self._columns, 1)
        across = self._theme.px(60) * ((len(self._buttons) + 1) // 2)
        return QSize(across + 2, rows * self._theme.tokens.control_height + 2)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        paint_panel(
            painter,
            QRectF(self.rect()),
            tokens.radius_m,
            fill=tokens.surface,
            border=tokens.border,
        )
        painter.setPen(QPen(QColor(tokens.border), 1))
        for number, button in enumerate(self._buttons.values()):
            left, top = button.x() + 0.5, button.y() + 0.5
            if number % self._columns:
                painter.drawLine(QPointF(left, top), QPointF(left, top + button.height() - 1))
            if number >= self._columns:
                painter.drawLine(QPointF(left, top), QPointF(left + button.width() - 1, top))
        painter.end()


class _SegmentButton(QAbstractButton):
    def __init__(self, theme: Theme, segment: Segment, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._segment = theme, segment
        self.setText(segment.label)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        theme = self._theme
        metrics = theme.metrics(TEXT_SIZE, QFont.Weight.DemiBold)
        width = metrics.horizontalAdvance(self.text()) + 2 * theme.px(PADDING) + 1
        if self._segment.icon:
            width += theme.px(ICON) + theme.px(GAP)
        return QSize(width, theme.tokens.control_height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(40), self._theme.tokens.control_height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens = self._theme, self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        pair = tokens.pair(self._segment.tone)
        ink = pair.text if self.isChecked() else tokens.muted
        if not self.isEnabled():
            ink = tokens.disabled
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(pair.fill))
            painter.drawRoundedRect(area, tokens.radius_s, tokens.radius_s)
        elif self.underMouse() and self.isEnabled():
            painter.setBrush(QColor(tokens.surface_hover))
            painter.drawRoundedRect(area, tokens.radius_s, tokens.radius_s)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(area, tokens.radius_s, tokens.radius_s)
        self._paint_label(painter, area, ink, theme)
        painter.end()

    def _paint_label(self, painter: QPainter, area: QRectF, ink: str, theme: Theme) -> None:
        weight = QFont.Weight.DemiBold
        metrics = theme.metrics(TEXT_SIZE, weight)
        icon = self._segment.icon
        icon_room = theme.px(ICON) + theme.px(GAP) if icon else 0
        room = round(area.width()) - icon_room - theme.px(6)
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        left = area.center().x() - (metrics.horizontalAdvance(text) + icon_room) / 2
        if icon:
            top = area.center().y() - theme.px(ICON) / 2
            painter.drawPixmap(QPointF(left, top), theme.pixmap(icon, ink, ICON))
        painter.setFont(theme.font(TEXT_SIZE, weight))
        painter.setPen(QColor(ink))
        label = QRectF(left + icon_room, area.top(), area.width(), area.height())
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(label, int(align), text)
