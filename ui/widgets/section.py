"""The small capital heading above a group, with something said at its right end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.label import Label

if TYPE_CHECKING:
    from ui.theme.theme import Theme


class SectionHeading(QWidget):
    """``MONTERREY                5 visits``: capitals are drawn, the text stays as written."""

    def __init__(
        self, theme: Theme, text: str, note: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = Label(theme, size=11, weight=QFont.Weight.DemiBold, colour="muted")
        self._note = Label(theme, size=11, weight=QFont.Weight.Medium, colour="muted")
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.px(2), theme.px(10), theme.px(2), theme.px(4))
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._note)
        self.set_text(text, note)

    def set_text(self, text: str, note: str = "") -> None:
        """Change the heading and what stands at its right."""
        self._text.setText(text.upper())
        self._note.setText(note)
        self.setAccessibleName(f"{text}. {note}" if note else text)

    def add_widget(self, widget: QWidget) -> None:
        """Put a control at the right end, for instance a small button."""
        self._row.addWidget(widget)
