"""The floating buttons of the map: closer, farther, show everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme.painting import SHADOW_DROP, SHADOW_REACH, paint_panel, paint_shadow
from ui.theme.themed import ThemedWidget

if TYPE_CHECKING:
    from ui.theme.theme import Theme

ICON = 16


class MapControls(ThemedWidget):
    """Three buttons in one floating card."""

    zoomed_in = Signal()
    zoomed_out = Signal()
    fitted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._icons: dict[QPushButton, str] = {}
        self._closer = self._button("plus")
        self._farther = self._button("minus")
        self._fit = self._button("locate-fixed")
        self._closer.clicked.connect(self.zoomed_in)
        self._farther.clicked.connect(self.zoomed_out)
        self._fit.clicked.connect(self.fitted)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        for button in (self._closer, self._farther, self._fit):
            self._column.addWidget(button)
        self._retranslate()
        self.restyle()

    @property
    def room(self) -> int:
        """The pixels around the card that its shadow takes."""
        return self._theme.px(SHADOW_REACH + SHADOW_DROP)

    def _button(self, icon: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "icon")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoDefault(False)
        self._icons[button] = icon
        return button

    def _retranslate(self) -> None:
        for button, hint in (
            (self._closer, self.tr("Zoom in")),
            (self._farther, self.tr("Zoom out")),
            (self._fit, self.tr("Show all visits")),
        ):
            button.setToolTip(hint)
            button.setAccessibleName(hint)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    @override
    def restyle(self) -> None:
        edge = self.room + self._theme.px(1)
        size = self._theme.px(ICON)
        for button, icon in self._icons.items():
            button.setIcon(self._theme.icon(icon, size=ICON))
            button.setIconSize(QSize(size, size))
        self._column.setContentsMargins(edge, edge, edge, edge)
        self.resize(self.sizeHint())
        super().restyle()

    @override
    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        panel = QRectF(self.rect()).adjusted(self.room, self.room, -self.room, -self.room)
        painter = QPainter(self)
        paint_shadow(painter, panel, tokens.radius_m, self._theme)
        paint_panel(painter, panel, tokens.radius_m, fill=tokens.surface, border=tokens.border)
        for button in (self._farther, self._fit):
            line = QRectF(panel.left() + 8, button.y(), panel.width() - 16, 1)
            painter.fillRect(line, QColor(tokens.border))
        painter.end()
