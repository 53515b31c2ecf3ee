"""Names and values in two columns: the facts of a site, a service, an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from ui.widgets.button import Button
from ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class KeyValue:
    """One line; with ``copyable`` a button offers the value for the clipboard."""

    name: str
    value: str
    copyable: bool = False
    colour: str = "text"


class KeyValueList(QWidget):
    """Values can be selected; ``copy_requested`` carries one whose button was pressed."""

    copy_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[KeyValue, ...] = ()
        self._widgets: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(6))
        self._grid.setColumnStretch(1, 1)

    def set_rows(self, rows: Sequence[KeyValue]) -> None:
        """Show these lines; nothing happens when they are the ones already shown."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        for widget in self._widgets:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._widgets = []
        for number, row in enumerate(self._rows):
            self._add(number, row)

    def _add(self, number: int, row: KeyValue) -> None:
        top = Qt.AlignmentFlag.AlignTop
        name = Label(self._theme, row.name, size=12, colour="muted")
        value = Label(
            self._theme, row.value, weight=QFont.Weight.Medium, colour=row.colour, wrap=True
        )
        value.allow_copying()
        value.setAccessibleName(f"{row.name}: {row.value}")
        self._grid.addWidget(name, number, 0, top)
        self._grid.addWidget(value, number, 1, top)
        self._widgets += [name, value]
        if row.copyable and row.value:
            button = Button(self._theme, kind="icon", icon="copy", tiny=True)
            button.set_hint(self.tr("Copy {name}").replace("{name}", row.name))
            button.setProperty("value", row.value)
            button.clicked.connect(self._copy)
            self._grid.addWidget(button, number, 2, top)
            self._widgets.append(button)

    def _copy(self) -> None:
        self.copy_requested.emit(str(self.sender().property("value")))

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            rows, self._rows = self._rows, ()
            self.set_rows(rows)
        super().changeEvent(event)
