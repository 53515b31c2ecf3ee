"""Asks "really?" inside the page, with a reason; nothing modal while a customer waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget
from typing_extensions import override

from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.form import FormField
from ui.widgets.label import Label

if TYPE_CHECKING:
    from ui.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    ``reasons`` (code, label) offers a closed list; without it a reason is typed when
    ``reason_label`` is given, and none is asked when that is empty too.
    """

    key: str
    title: str
    text: str = ""
    confirm: str = ""
    danger: bool = False
    reason_label: str = ""
    reason_required: bool = True
    reasons: tuple[tuple[str, str], ...] = ()


class InlineConfirm(Card):
    """``confirmed`` carries the question's key and the reason, ``cancelled`` the key.

    Hidden until ``ask``. Enter confirms, Escape cancels; a missing reason is said, not barred.
    """

    confirmed = Signal(str, str)
    cancelled = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, sunken=True, parent=parent)
        self._question: Question | None = None
        self._title = Label(theme, weight=QFont.Weight.DemiBold, wrap=True)
        self._text = Label(theme, size=12, colour="muted", wrap=True)
        self._typed = FormField(theme, "", QLineEdit())
        self._picked = FormField(theme, "", QComboBox())
        self._confirm = Button(theme, kind="primary")
        self._cancel = Button(theme, kind="secondary")
        self._confirm.clicked.connect(self._accept)
        self._cancel.clicked.connect(self._refuse)
        actions = QHBoxLayout()
        actions.addStretch(1)
        actions.addWidget(self._cancel)
        actions.addWidget(self._confirm)
        for widget in (self._title, self._text, self._typed, self._picked):
            self.body.addWidget(widget)
        self.body.addLayout(actions)
        self.hide()
        self._retranslate()

    @property
    def question(self) -> Question | None:
        """What is being asked, ``None`` while hidden."""
        return self._question

    def ask(self, question: Question) -> None:
        """Show the question; one that was open is dropped without an answer."""
        self._question = question
        self._title.setText(question.title)
        self._text.setText(question.text)
        self._text.setVisible(bool(question.text))
        self._confirm.set_kind("danger" if question.danger else "primary")
        self._prepare_reason(question)
        self._retranslate()
        self.setAccessibleName(question.title)
        self.show()
        self._first_field().setFocus(Qt.FocusReason.TabFocusReason)

    def close_question(self) -> None:
        """Hide without an answer, for instance when the matter was settled elsewhere."""
        self._question = None
        self.hide()

    def _prepare_reason(self, question: Question) -> None:
        combo, line = self._picked.editor, self._typed.editor
        if isinstance(combo, QComboBox):
            combo.clear()
            for code, label in question.reasons:
                combo.addItem(label, code)
            combo.setCurrentIndex(-1)
        if isinstance(line, QLineEdit):
            line.clear()
        self._picked.setVisible(bool(question.reasons))
        self._typed.setVisible(bool(question.reason_label and not question.reasons))
        for field in (self._picked, self._typed):
            field.set_label(question.reason_label)
            field.set_problem("")

    def _first_field(self) -> QWidget:
        if not self._picked.isHidden():
            return self._picked.editor
        return self._confirm if self._typed.isHidden() else self._typed.editor

    def _reason(self) -> str:
        combo, line = self._picked.editor, self._typed.editor
        if not self._picked.isHidden() and isinstance(combo, QComboBox):
            return str(combo.currentData() or "")
        return line.text().strip() if isinstance(line, QLineEdit) else ""

    def _accept(self) -> None:
        question, reason = self._question, self._reason()
        if question is None:
            return
        asks = bool(question.reasons or question.reason_label)
        if asks and question.reason_required and not reason:
            field = self._typed if self._picked.isHidden() else self._picked
            field.set_problem(self.tr("A reason is needed."))
            field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.close_question()
        self.confirmed.emit(question.key, reason)

    def _refuse(self) -> None:
        question = self._question
        if question is not None:
            self.close_question()
            self.cancelled.emit(question.key)

    def _retranslate(self) -> None:
        asked = self._question.confirm if self._question else ""
        self._confirm.setText(asked or self.tr("Confirm"))
        self._cancel.setText(self.tr("Cancel"))

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._refuse()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._accept()
        else:
            super().keyPressEvent(event)
