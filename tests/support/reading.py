"""What a screen reader hears of a window, and what an eye cannot read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QWidget,
)

from ui.widgets.elided_label import ElidedLabel
from ui.widgets.status_pill import StatusPill

if TYPE_CHECKING:
    from collections.abc import Iterator

SLACK_PX = 1


def nameless(window: QWidget) -> list[str]:
    """Whatever the keyboard reaches and a screen reader could only call "button" or "edit"."""
    return [_path(each) for each in stops(window) if not heard(each)]


def heard(widget: QWidget) -> str:
    """The accessible name."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def stops(window: QWidget) -> Iterator[QWidget]:
    """Every visible, enabled widget that Tab stops at."""
    for each in window.findChildren(QWidget):
        reachable = each.isVisible() and each.isEnabled() and each.focusProxy() is None
        if reachable and each.focusPolicy() & Qt.FocusPolicy.TabFocus and not _is_inner(each):
            yield each


def cut_off(window: QWidget) -> list[str]:
    """Texts that do not fit where they stand; those made to be shortened are not counted."""
    return [
        f"{_path(each)}: {_text(each)!r} has {each.width()}×{each.height()}, {wanted}"
        for each in window.findChildren(QWidget)
        if each.isVisible() and _text(each) and not isinstance(each, ElidedLabel | StatusPill)
        for wanted in _lacks(each)
    ]


def outside(window: QWidget) -> list[str]:
    """Controls that reach beyond what they stand in, where nothing scrolls them into view."""
    found = []
    for each in stops(window):
        parent = each.parentWidget()
        while parent is not None and parent is not window:
            if isinstance(parent.parentWidget(), QAbstractScrollArea):
                break
            corner = each.mapTo(parent, each.rect().bottomRight())
            if not parent.rect().adjusted(-2, -2, 2, 2).contains(corner):
                found.append(f"{_path(each)} in {_path(parent)}")
                break
            parent = parent.parentWidget()
    return found


def hidden_columns(window: QWidget) -> list[str]:
    """Scrolling forms that are wider than their window: nobody should scroll sideways to read."""
    return [
        _path(area)
        for area in window.findChildren(QScrollArea)
        if area.isVisible() and area.horizontalScrollBar().maximum() > 0
    ]


def _lacks(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel) and widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        if needed > widget.height() + SLACK_PX:
            yield f"needs height {needed}"
    elif isinstance(widget, QLabel | QAbstractButton | QTabBar | QComboBox):
        needed = widget.sizeHint().width()
        if needed > widget.width() + SLACK_PX:
            yield f"needs width {needed}"


def _text(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    if isinstance(widget, QTabBar):
        return " ".join(widget.tabText(i) for i in range(widget.count()))
    return widget.currentText() if isinstance(widget, QComboBox) else ""


def _is_inner(widget: QWidget) -> bool:
    """A part that Qt makes inside a field: the field itself is what is named."""
    parent = widget.parentWidget()
    return isinstance(widget, QLineEdit) and isinstance(parent, QAbstractSpinBox | QComboBox)


def _path(widget: QWidget) -> str:
    names: list[str] = []
    here: QWidget | None = widget
    while here is not None and len(names) < 4:
        names.append(here.objectName() or type(here).__name__)
        here = here.parentWidget()
    return " < ".join(names)
