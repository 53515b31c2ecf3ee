"""The dark rail at the left: the app's screens, an icon above each name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme.themed import ThemedWidget
from ui.theme.tokens import Tone
from ui.widgets.roving import RovingFocus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.theme.theme import Theme

WIDTH = 72
ITEM_HEIGHT = 56
ICON = 20
MOST_SHOWN = 99


@dataclass(frozen=True, slots=True)
class RailItem:
    """One screen; ``badge`` counts what waits there, in red when ``urgent``."""

    key: str
    icon: str
    label: str
    badge: int = 0
    urgent: bool = False


class NavRail(ThemedWidget):
    """``navigated`` carries the key a person picked. Up and Down move, Tab leaves."""

    navigated = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._buttons: dict[str, _RailButton] = {}
        self._column = QVBoxLayout(self)
        self._group = QButtonGroup(self)
        self._roving = RovingFocus(self, choose_on_move=False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.restyle()

    @property
    def current(self) -> str:
        """The key of the screen shown, empty before the first."""
        return next((key for key, b in self._buttons.items() if b.isChecked()), "")

    def set_items(self, items: Sequence[RailItem], bottom: Sequence[RailItem] = ()) -> None:
        """Show these screens, ``bottom`` ones at the foot; the choice is kept by key."""
        kept = self.current
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.deleteLater()
        while self._column.takeAt(0) is not None:
            pass
        self._buttons = {}
        for item in items:
            self._add(item)
        self._column.addStretch(1)
        for item in bottom:
            self._add(item)
        self._roving.take(list(self._buttons.values()))
        self.set_current(kept)

    def set_current(self, key: str) -> None:
        """Mark a screen without telling; an unknown key changes nothing."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
            self._roving.settle()

    def set_badge(self, key: str, count: int, *, urgent: bool = False) -> None:
        """Show how many things wait on a screen; 0 shows nothing."""
        if key in self._buttons:
            self._buttons[key].set_badge(count, urgent=urgent)

    def _add(self, item: RailItem) -> None:
        button = _RailButton(self._theme, item, self)
        button.clicked.connect(self._clicked)
        self._group.addButton(button)
        self._column.addWidget(button)
        self._buttons[item.key] = button

    def _clicked(self) -> None:
        self._roving.settle()
        self.navigated.emit(self.current)

    @override
    def restyle(self) -> None:
        px = self._theme.px
        self.setFixedWidth(px(WIDTH))
        self._column.setContentsMargins(px(8), px(14), px(8), px(14))
        self._column.setSpacing(px(6))
        super().restyle()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.rail))
        painter.end()


class _RailButton(QAbstractButton):
    def __init__(self, theme: Theme, item: RailItem, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._icon, self._label = theme, item.icon, item.label
        self._badge, self._urgent = 0, False
        self.setText(item.label)
        self.setToolTip(item.label)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_badge(item.badge, urgent=item.urgent)

    def set_badge(self, count: int, *, urgent: bool) -> None:
        self._badge, self._urgent = count, urgent
        self.setAccessibleName(f"{self._label}, {count}" if count else self._label)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(WIDTH - 16), self._theme.px(ITEM_HEIGHT))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens = self._theme, self._theme.tokens
        area = QRectF(self.rect())
        lit = self.isChecked() or self.underMouse()
        ink = tokens.on_rail if lit else tokens.rail_text
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(tokens.rail_active))
            painter.drawRoundedRect(area, tokens.radius_m, tokens.radius_m)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.on_rail), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), tokens.radius_m, tokens.radius_m)
        size = theme.px(ICON)
        icon_top = area.top() + theme.px(9)
        left = area.center().x() - size / 2
        painter.drawPixmap(QPointF(left, icon_top), theme.pixmap(self._icon, ink, ICON))
        weight = QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium
        painter.setFont(theme.font(11, weight))
        painter.setPen(QColor(ink))
        line = QRectF(area.left(), icon_top + size + theme.px(3), area.width(), theme.px(16))
        metrics = theme.metrics(11, weight)
        text = metrics.elidedText(self._label, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), text)
        if self._badge:
            self._paint_badge(painter, QPointF(left + size - theme.px(3), icon_top))
        painter.end()

    def _paint_badge(self, painter: QPainter, corner: QPointF) -> None:
        theme, tokens = self._theme, self._theme.tokens
        text = f"{MOST_SHOWN}+" if self._badge > MOST_SHOWN else str(self._badge)
        weight = QFont.Weight.Bold
        height = theme.px(15)
        width = theme.metrics(10, weight).horizontalAdvance(text) + theme.px(8)
        wide = max(width, height)
        left = min(corner.x(), self.width() - wide - 2)
        pill = QRectF(left, corner.y() - theme.px(5), wide, height)
        tone = Tone.DANGER if self._urgent else Tone.INFO
        painter.setPen(QPen(QColor(tokens.rail), theme.px(2)))
        painter.setBrush(QColor(tokens.solid(tone)))
        painter.drawRoundedRect(pill.adjusted(-1, -1, 1, 1), height / 2, height / 2)
        painter.setPen(QColor(tokens.on_red if self._urgent else tokens.on_accent))
        painter.setFont(theme.font(10, weight))
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), text)
