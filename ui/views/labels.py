"""Plain texts in the theme's sizes and tones, one call each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.button import Button
from ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

    from ui.theme.theme import Theme
    from ui.widgets.button import Kind


def text(
    theme: Theme,
    content: str = "",
    *,
    size: float = 13,
    bold: bool = False,
    colour: str = "text",
    wrap: bool = True,
) -> Label:
    """A text of the theme; ``colour`` names a token."""
    weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
    return Label(theme, content, size=size, weight=weight, colour=colour, wrap=wrap)


def muted(theme: Theme, content: str = "", *, size: float = 12, wrap: bool = True) -> Label:
    """A quiet text."""
    return text(theme, content, size=size, colour="muted", wrap=wrap)


def heading(theme: Theme, content: str) -> Label:
    """A small capital heading above a group."""
    label = text(theme, content.upper(), size=11, bold=True, colour="muted")
    label.setContentsMargins(0, theme.px(8), 0, theme.px(2))
    return label


def button(
    theme: Theme,
    label: str,
    name: str,
    *,
    kind: Kind = "secondary",
    icon: str = "",
    small: bool = False,
) -> Button:
    """A push button; ``name`` is its object name."""
    made = Button(theme, label, kind=kind, icon=icon, small=small)
    made.setObjectName(name)
    return made


def column(parent: QWidget | None = None, *, spacing: int = 8, margin: int = 0) -> QVBoxLayout:
    """A vertical layout with even margins."""
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    return layout


def line(parent: QWidget | None = None, *, spacing: int = 8, margin: int = 0) -> QHBoxLayout:
    """A horizontal layout with even margins."""
    layout = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    return layout


def clear(layout: QLayout) -> None:
    """Remove and delete everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
