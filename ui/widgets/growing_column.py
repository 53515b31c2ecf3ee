"""Rows one below the other that may be many: the event loop is never held for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

T = TypeVar("T", bound="Hashable")

SLICE = 6
"""Rows made at one go: with all that Qt lays out after them still a fraction of 50 ms."""


class GrowingColumn(QWidget, Generic[T]):
    """Shows one widget for each item, in order, made by ``make``.

    The widget of an item that is still there is kept with everything in it. New ones are made a
    slice at a time, the first at once; ``grown`` comes after each slice.
    """

    grown = Signal()

    def __init__(
        self, make: Callable[[T], QWidget], *, spacing: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._make = make
        self._missing: list[tuple[int, T]] = []
        self._made: list[tuple[T, QWidget]] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._grow)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(spacing)

    @property
    def rows(self) -> tuple[QWidget, ...]:
        """The widgets made so far, in order."""
        return tuple(widget for _, widget in self._made)

    @property
    def is_complete(self) -> bool:
        """Every item has its widget."""
        return not self._missing

    def set_items(self, items: Sequence[T]) -> None:
        """Show these items from now on."""
        spare: dict[T, list[QWidget]] = {}
        for item, widget in self._made:
            spare.setdefault(item, []).append(widget)
        self._made, self._missing = [], []
        for position, item in enumerate(items):
            if spare.get(item):
                self._made.append((item, spare[item].pop(0)))
            else:
                self._missing.append((position, item))
        for left_over in spare.values():
            for widget in left_over:
                self._column.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._put_in_order()
        self._grow()

    def _put_in_order(self) -> None:
        for position, (_, widget) in enumerate(self._made):
            at = self._column.itemAt(position)
            if at is None or at.widget() is not widget:
                self._column.removeWidget(widget)
                self._column.insertWidget(position, widget)

    def _grow(self) -> None:
        """Make the next rows; all that stand before them are there already."""
        now, self._missing = self._missing[:SLICE], self._missing[SLICE:]
        for position, item in now:
            widget = self._make(item)
            self._column.insertWidget(position, widget)
            self._made.insert(position, (item, widget))
        if self._missing:
            self._timer.start()
        else:
            self._timer.stop()
        self.grown.emit()
