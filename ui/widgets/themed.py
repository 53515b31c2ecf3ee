"""Small changes to a widget's look that the style sheet and the palette take up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def set_mark(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet selects by, and have the look renewed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def set_text_colour(widget: QWidget, colour: str) -> None:
    """Colour a widget's own text without giving it a style sheet, which would cost a parse."""
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
    palette.setColor(QPalette.ColorRole.Text, QColor(colour))
    widget.setPalette(palette)
