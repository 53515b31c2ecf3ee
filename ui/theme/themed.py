"""How a widget follows the theme it was handed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.theme.theme import Theme


def follow(theme: Theme, restyle: Callable[[], None]) -> None:
    """Call ``restyle`` now and after every switch of colours or scale.

    Pass a bound method of a ``QObject``: the connection ends with the object.
    """
    restyle()
    theme.changed.connect(restyle)


class ThemedWidget(QWidget):
    """A widget that paints itself from the theme and repaints when the theme changes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        theme.changed.connect(self._theme_changed)

    @property
    def theme(self) -> Theme:
        """The theme this widget was made with."""
        return self._theme

    def restyle(self) -> None:
        """Take sizes and colours anew; the default asks for a new size and a repaint."""
        self.updateGeometry()
        self.update()

    def _theme_changed(self) -> None:
        self.restyle()
