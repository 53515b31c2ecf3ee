"""Notes and the timeline: what was written, and everything that happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QWidget
from typing_extensions import override

from ui.views import labels
from ui.views.draft_keeper import DraftKeeper
from ui.views.refusals import refusal_text
from ui.views.technician.case_timeline import events_of
from ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from fieldtech.services.values import CaseDetail, Refused
    from ui.views.kit import Kit


FIELD_HEIGHT = 76
LOW_FIELD_HEIGHT = 42


class NotesTab(QWidget):
    """A field whose draft survives a crash, above the timeline, newest first."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        theme = kit.theme
        self._incident_id = ""
        self._field = QPlainTextEdit()
        self._field.setObjectName("note.text")
        self._field.setAccessibleName(self.tr("New note"))
        self._field.setPlaceholderText(self.tr("What you saw, what you did, who you talked to"))
        self._field.setTabChangesFocus(True)
        self._field.setFixedHeight(theme.px(FIELD_HEIGHT))
        self._save = labels.button(
            theme, self.tr("Save note"), "note.save", kind="primary", small=True
        )
        self._save.setEnabled(False)
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.hide()
        self._draft = DraftKeeper(kit, lambda: {"text": self._field.toPlainText()}, self)
        self._detail: CaseDetail | None = None
        self._timeline = Timeline(theme)
        self._list = QScrollArea()
        self._list.setAccessibleName(self.tr("What happened"))
        self._list.setWidgetResizable(True)
        self._list.setMinimumHeight(theme.px(24))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        held = labels.column(holder)
        held.setContentsMargins(0, theme.px(4), theme.px(10), 0)
        held.addWidget(self._timeline)
        held.addStretch(1)
        self._list.setWidget(holder)
        self._beside, self._foot = (
            labels.line(spacing=theme.px(8)),
            labels.line(spacing=theme.px(8)),
        )
        self._beside.addWidget(self._field, 1)
        self._foot.addWidget(self._problem, 1)
        self._foot.addWidget(self._save)
        layout = labels.column(self, spacing=theme.px(6))
        layout.setContentsMargins(0, theme.px(10), 0, 0)
        layout.addLayout(self._beside)
        layout.addLayout(self._foot)
        layout.addWidget(self._list, 1)
        self._field.textChanged.connect(self._typed)
        self._save.clicked.connect(self._send)

    def set_compact(self, wanted: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """Little height: the field is one line, with its button beside it."""
        height = LOW_FIELD_HEIGHT if wanted else FIELD_HEIGHT
        self._field.setFixedHeight(self._kit.theme.px(height))
        (self._beside if wanted else self._foot).addWidget(self._save)

    def show_case(self, detail: CaseDetail) -> None:
        """Show a case; the field is left alone while it is about the same one."""
        if detail.incident.id != self._incident_id:
            self._draft.flush()
            self._incident_id = detail.incident.id
            self._field.blockSignals(True)  # noqa: FBT003  Qt's setter
            self._field.clear()
            self._field.blockSignals(False)  # noqa: FBT003  Qt's setter
            self._save.setEnabled(False)
            self._draft.bind(f"note:{detail.incident.id}", self._restore)
        self._detail = detail
        self._show_timeline()

    def _restore(self, body: dict[str, Any]) -> None:
        if not self._field.toPlainText():
            self._field.setPlainText(str(body.get("text", "")))

    def _typed(self) -> None:
        self._save.setEnabled(bool(self._field.toPlainText().strip()))
        self._problem.hide()
        self._draft.touch()

    def _send(self) -> None:
        self._save.setEnabled(False)
        self._draft.flush()
        incident_id, key = self._incident_id, self._draft.key
        text, name = self._field.toPlainText().strip(), self.tr("note.txt")
        # Of any length: what a command cannot carry goes along as a file of that name.
        self._kit.keep(
            lambda desk: desk.files.add_note(incident_id, text, name, draft=key),
            owner=self,
            done=self._sent,
            refused=self._refused,
            failed=lambda: self._save.setEnabled(True),
        )

    def _sent(self) -> None:
        self._field.clear()
        self._draft.drop()

    def _refused(self, answer: Refused) -> None:
        self._save.setEnabled(True)
        self._problem.setText(refusal_text(answer.code, answer.detail))
        self._problem.show()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_timeline()

    def _show_timeline(self) -> None:
        """Draw what happened; a tab nobody looks at draws nothing."""
        if self._detail is not None and self.isVisible():
            self._timeline.set_events(events_of(self._detail, self._kit.language))
