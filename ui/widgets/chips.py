"""A bar of filter chips, one chosen at a time, each with its count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from ui.widgets.button import Button
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.roving import RovingFocus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class Chip:
    """``count`` stands behind the label; ``None`` shows none."""

    key: str
    label: str
    count: int | None = None

    @property
    def text(self) -> str:
        """Label and count as shown."""
        return self.label if self.count is None else f"{self.label} {self.count}"


class ChipBar(QWidget):
    """``chosen`` carries the key when a person picks another chip; arrows move along the bar."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._buttons: dict[str, Button] = {}
        self._row = FlowLayout(self, spacing=theme.px(6))
        self._group = QButtonGroup(self)
        self._roving = RovingFocus(self, choose_on_move=True)

    @property
    def current(self) -> str:
        """The key of the chosen chip, empty when there are no chips."""
        return next((key for key, b in self._buttons.items() if b.isChecked()), "")

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show these chips; the same keys in the same order only renew labels and counts.

        The choice is kept while its key is still there, else the first chip is chosen.
        """
        if [chip.key for chip in chips] != list(self._buttons):
            self._rebuild(chips)
        for chip in chips:
            self._buttons[chip.key].setText(chip.text)
        self.updateGeometry()

    def set_current(self, key: str) -> None:
        """Choose without telling; an unknown key changes nothing."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
            self._roving.settle()

    def _rebuild(self, chips: Sequence[Chip]) -> None:
        kept = self.current
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = {}
        for chip in chips:
            button = Button(self._theme, chip.text, kind="chip", parent=self)
            button.setCheckable(True)
            button.clicked.connect(self._clicked)
            self._group.addButton(button)
            self._row.addWidget(button)
            button.show()
            self._buttons[chip.key] = button
        self._roving.take(list(self._buttons.values()))
        if chips:
            self.set_current(kept if kept in self._buttons else chips[0].key)

    def _clicked(self) -> None:
        self._roving.settle()
        self.chosen.emit(self.current)
