"""One point of a checklist: verdict, title, threshold and value; opened it takes the answer."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from fieldtech.domain.words import CheckStatus
from ui.theme.themed import ThemedWidget
from ui.theme.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.check_header import CheckHeader, CheckItemView
from ui.widgets.check_tools import CheckTools
from ui.widgets.label import Label
from ui.widgets.segmented import Segment, SegmentedControl

if TYPE_CHECKING:
    from ui.theme.theme import Theme

NOTE_WIDTH = 170
"""Room a note needs beside the button, at 100 %; with less the button stands below it."""


class CheckItemRow(ThemedWidget):
    """Pure presentation: every signal carries the row's ``key`` first.

    ``answered(key, status)`` when a person picks a verdict; ``value_edited`` and ``note_edited``
    at every keystroke, for drafts; ``value_entered`` when the value is confirmed with Enter;
    ``waive_requested``, ``repeat_requested`` and ``evidence_requested`` from their buttons;
    ``opened`` when unfolded.
    """

    answered = Signal(str, str)
    value_edited = Signal(str, str)
    value_entered = Signal(str, str)
    note_edited = Signal(str, str)
    waive_requested = Signal(str)
    repeat_requested = Signal(str)
    evidence_requested = Signal(str)
    opened = Signal(str)

    def __init__(self, theme: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._key = key
        self._missing = False
        self._view: CheckItemView | None = None
        self._header = CheckHeader(theme, self)
        self._header.clicked.connect(self._toggle)
        self._value = QLineEdit()
        self._answers = SegmentedControl(theme)
        self._note = QLineEdit()
        self._waive = Button(theme, kind="ghost", small=True, icon="shield-alert")
        self._problem = Label(theme, size=12, colour="red_text")
        self._problem.setObjectName("check.problem")
        self._problem.hide()
        self._tools: CheckTools | None = None
        self._foot = QGridLayout()
        self._foot.setColumnStretch(0, 1)
        self._details = self._make_details()
        self._details.hide()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(self._header)
        self._column.addWidget(self._details)
        self._retranslate()
        self.restyle()

    @property
    def key(self) -> str:
        """The item this row stands for."""
        return self._key

    @property
    def is_open(self) -> bool:
        """The answer buttons are showing."""
        return not self._details.isHidden()

    @property
    def is_missing(self) -> bool:
        """The item is mandatory and nobody has answered it."""
        return self._missing

    @property
    def note(self) -> str:
        """The note as typed so far."""
        return self._note.text()

    @property
    def value(self) -> str:
        """The value as typed so far."""
        return self._value.text()

    def show_item(self, view: CheckItemView) -> None:
        """Show the item as it stands. A field a person is typing in keeps what was typed."""
        if view == self._view:
            return
        self._view = view
        self._header.show_view(view)
        self._missing = view.missing
        answered = view.status is not None and not view.unsaved
        self._answers.set_current(view.status.value if view.status and answered else "")
        self._value.setVisible(view.field is not None)
        self._value.setPlaceholderText(view.unit)
        _fill(self._value, view.field or "")
        _fill(self._note, view.note)
        self._waive.setVisible(view.can_waive and not view.locked)
        for field in (self._value, self._note):
            field.setReadOnly(view.locked)
        self._offer_tools(view)
        # The fields stay: whoever is typing while a probe is at work goes on typing.
        self._allow_answers(not view.locked and not view.busy)

    @property
    def reads_evidence(self) -> bool:
        """Somebody is reading the evidence."""
        return self.is_open and self._tools is not None and self._tools.is_shown

    def show_evidence(self, text: str) -> None:
        """Put a text into the drawer of the evidence."""
        if self._tools is not None:
            self._tools.show_evidence(text)

    def complain(self, sentence: str) -> None:
        """Say under the fields why an answer was not taken; an empty sentence takes it back."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def ask_for_note(self) -> None:
        """Bring the keyboard to the note."""
        self._note.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_open(self, wanted: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """Unfold or fold; unfolding brings the focus to the first field."""
        if wanted == self.is_open:
            return
        self._details.setVisible(wanted)
        self.complain("")
        self._header.set_open(wanted)
        if wanted:
            if self._view is not None:
                self._offer_tools(self._view)
            self.opened.emit(self._key)
            first = self._answers if self._value.isHidden() else self._value
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _allow_answers(self, allowed: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """What is disabled loses the keyboard: it stays in the row."""
        if not allowed and any(e.hasFocus() for e in (self._answers, *self._answers.buttons)):
            self.ask_for_note()
        self._answers.setEnabled(allowed)

    def _offer_tools(self, view: CheckItemView) -> None:
        """Show what a probe can do; made once the row is opened, for thirty would be a pause."""
        if self._tools is None:
            if not self.is_open or not (view.can_repeat or view.has_evidence):
                return
            self._tools = CheckTools(self._theme)
            self._tools.repeat_wanted.connect(lambda: self.repeat_requested.emit(self._key))
            self._tools.evidence_wanted.connect(lambda: self.evidence_requested.emit(self._key))
            layout = self._details.layout()
            if layout is not None:
                layout.addWidget(self._tools)
            self._chain()
        self._tools.offer(repeat=view.can_repeat, waits=view.waits, evidence=view.has_evidence)

    def _make_details(self) -> QWidget:
        details = QWidget(self)
        self._foot.addWidget(self._note, 0, 0)
        self._foot.addWidget(self._waive, 0, 1)
        column = QVBoxLayout(details)
        column.addWidget(self._value)
        column.addWidget(self._answers)
        column.addLayout(self._foot)
        column.addWidget(self._problem)
        self._answers.chosen.connect(lambda status: self.answered.emit(self._key, status))
        self._value.textEdited.connect(lambda text: self.value_edited.emit(self._key, text))
        self._value.returnPressed.connect(
            lambda: self.value_entered.emit(self._key, self._value.text())
        )
        self._note.textEdited.connect(lambda text: self.note_edited.emit(self._key, text))
        self._waive.clicked.connect(lambda: self.waive_requested.emit(self._key))
        return details

    def _toggle(self) -> None:
        self.set_open(not self.is_open)

    def _retranslate(self) -> None:
        self._answers.set_segments(
            [
                Segment(CheckStatus.PASS, self.tr("Pass"), Tone.OK, "check"),
                Segment(CheckStatus.WARN, self.tr("Warning"), Tone.WARN, "triangle-alert"),
                Segment(CheckStatus.FAIL, self.tr("Fail"), Tone.DANGER, "x"),
                Segment(
                    CheckStatus.NOT_APPLICABLE, self.tr("Not applicable"), Tone.NEUTRAL, "minus"
                ),
            ]
        )
        self._answers.setAccessibleName(self.tr("Result"))
        self._value.setAccessibleName(self.tr("Measured value"))
        self._note.setPlaceholderText(self.tr("Note"))
        self._note.setAccessibleName(self.tr("Note"))
        self._waive.setText(self.tr("Waive"))
        self._chain()
        self._place_waive()

    def _chain(self) -> None:
        """Tab goes as the work does; buttons made anew would else come last."""
        tools = self._tools.stops if self._tools is not None else ()
        order = (self._header, self._value, *self._answers.buttons, self._note, self._waive, *tools)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _place_waive(self) -> None:
        """Beside the note where both fit, else on a line of its own."""
        px = self._theme.px
        room = self.width() - px(34) - px(2) - px(8)
        fits = self._waive.sizeHint().width() + px(NOTE_WIDTH) <= room
        row, column = (0, 1) if fits else (1, 0)
        if self._foot.itemAtPosition(row, column) is None:
            self._foot.removeWidget(self._waive)
            side = Qt.AlignmentFlag.AlignLeft
            self._foot.addWidget(self._waive, row, column, side)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_waive()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            chosen = self._answers.current
            self._retranslate()
            self._answers.set_current(chosen)
        super().changeEvent(event)

    @override
    def restyle(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(0, 0, 0, 1)
        layout = self._details.layout()
        if layout is not None:
            layout.setContentsMargins(px(34), 0, px(2), px(12))
            layout.setSpacing(px(8))
        self._foot.setSpacing(px(8))
        self._place_waive()
        super().restyle()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = QColor(self._theme.tokens.border)
        painter.fillRect(0, self.height() - 1, self.width(), 1, line)
        painter.end()


def _fill(field: QLineEdit, text: str) -> None:
    if not field.hasFocus() and field.text() != text:
        field.setText(text)
