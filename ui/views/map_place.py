"""The place of the map in a screen; the map itself comes after the window's first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.views import labels

if TYPE_CHECKING:
    from ui.map.map_canvas import MapCanvas
    from ui.theme.theme import Theme


class MapPlace(QWidget):
    """Looks like open water until ``canvas`` is first asked for; passes its clicks on."""

    pin_activated = Signal(str)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        """``name`` is the object name of the map."""
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._canvas: MapCanvas | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def canvas(self) -> MapCanvas:
        """The map."""
        if self._canvas is None:
            # Imported here: the first paint of the window does not wait for the map.
            from ui.map.map_canvas import MapCanvas

            self._canvas = MapCanvas(self._theme)
            self._canvas.setObjectName(self._name)
            self._canvas.pin_activated.connect(self.pin_activated)
            labels.line(self, spacing=0).addWidget(self._canvas)
        return self._canvas

    def select(self, key: str) -> None:
        """Mark a pin on the map, once there is one."""
        if self._canvas is not None:
            self._canvas.set_selected(key)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._canvas is None:
            painter = QPainter(self)
            painter.fillRect(event.rect(), QColor(self._theme.tokens.map_sea))
            painter.end()
