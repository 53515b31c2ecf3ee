"""Labelled fields with their mistakes written beneath them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDateTimeEdit,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from ui.theme.themed import follow
from ui.widgets.label import Label
from ui.widgets.themed import set_mark

if TYPE_CHECKING:
    from ui.theme.theme import Theme

ICON = 13
_WHEEL_HAZARDS = (QComboBox, QAbstractSpinBox)


class FormField(QWidget):
    """Label above, ``editor`` below it, then a hint or the mistake.

    The label is the editor's accessible name, the hint or mistake its description.
    """

    def __init__(
        self,
        theme: Theme,
        label: str,
        editor: QWidget,
        *,
        hint: str = "",
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self.editor = theme, editor
        self._hint, self._problem = hint, ""
        self._label = Label(theme, size=12, weight=QFont.Weight.DemiBold)
        self._required = required
        self._sign = QLabel()
        self._below = Label(theme, size=12, colour="muted", wrap=True)
        below = QHBoxLayout()
        below.setSpacing(theme.px(5))
        below.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._below, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(self._label)
        column.addWidget(editor)
        column.addLayout(below)
        self.setFocusProxy(editor)
        if isinstance(editor, _WHEEL_HAZARDS):
            editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            editor.installEventFilter(self)
        self.set_label(label)
        follow(theme, self._restyle)

    @property
    def problem(self) -> str:
        """The mistake shown, empty when there is none."""
        return self._problem

    def set_label(self, label: str, hint: str | None = None) -> None:
        """Change the words, for instance after a switch of language."""
        self._label.setText(f"{label} *" if self._required else label)
        self.editor.setAccessibleName(label)
        if hint is not None:
            self._hint = hint
        self._restyle()

    def set_hint(self, hint: str) -> None:
        """Write something else beneath the field; a mistake stays in its place while there is one.

        Nothing is redrawn for the same words: some are told every second.
        """
        if hint != self._hint:
            self._hint = hint
            self._restyle()

    def set_problem(self, text: str) -> None:
        """Write the mistake under the field and mark it; an empty text takes both away."""
        self._problem = text
        set_mark(self.editor, "invalid", "true" if text else "false")
        self._restyle()

    def _restyle(self) -> None:
        theme = self._theme
        said = self._problem or self._hint
        self._below.setText(said)
        self._below.set_colour("red_text" if self._problem else "muted")
        self._below.setVisible(bool(said))
        self._sign.setVisible(bool(self._problem))
        self._sign.setPixmap(theme.pixmap("circle-alert", theme.tokens.red_text, ICON))
        self.editor.setAccessibleDescription(said)
        self._indent()

    def _indent(self) -> None:
        """Keep a spin box's figures off its edge: Qt ignores the style sheet's padding there."""
        editor = self.editor
        drops_down = isinstance(editor, QDateTimeEdit) and editor.calendarPopup()
        if isinstance(editor, QAbstractSpinBox) and not drops_down:
            inner = editor.findChild(QLineEdit)
            if inner is not None:
                inner.setTextMargins(self._theme.tokens.space_s, 0, 0, 0)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the wheel scroll the form and not change a value that happens to lie under it."""
        if event.type() == QEvent.Type.Wheel and not self.editor.hasFocus():
            event.ignore()
            return True
        return False

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._indent()


class Form(QWidget):
    """A column of fields known by name."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fields: dict[str, FormField] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(14))

    def add_field(
        self,
        name: str,
        label: str,
        editor: QWidget,
        *,
        hint: str = "",
        required: bool = False,
    ) -> FormField:
        """Put a field at the end."""
        field = FormField(self._theme, label, editor, hint=hint, required=required)
        self._fields[name] = field
        self._column.addWidget(field)
        return field

    def add_row(self, *widgets: QWidget) -> None:
        """Put several widgets, fields of this form or others, side by side at the end."""
        row = QHBoxLayout()
        row.setSpacing(self._theme.px(12))
        for widget in widgets:
            row.addWidget(widget, 1, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)

    def field(self, name: str) -> FormField:
        """A field by its name; ``KeyError`` when there is none."""
        return self._fields[name]

    def set_problems(self, problems: dict[str, str]) -> None:
        """Show exactly these mistakes and bring the focus to the first of them."""
        for name, field in self._fields.items():
            field.set_problem(problems.get(name, ""))
        first = next((field for field in self._fields.values() if field.problem), None)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
