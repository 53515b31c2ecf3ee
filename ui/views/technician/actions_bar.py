"""The state buttons in the order of the work, and what some of them ask first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QSizePolicy, QWidget
from typing_extensions import override

from fieldtech.domain.commands import (
    Acknowledge,
    CloseIncident,
    FieldTime,
    RefailIncident,
    ResumeIncident,
)
from fieldtech.domain.words import Severity
from fieldtech.services.values import Refused
from ui.views import formats, labels, words
from ui.views.draft_keeper import DraftKeeper
from ui.views.refusals import refusal_text
from ui.views.technician import asked
from ui.views.technician.restore_texts import preview_text
from ui.widgets.button import Button

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QMouseEvent

    from fieldtech.services.values import CaseDetail, ReclassificationPreview
    from ui.views.kit import Kit

PRIMARY = (
    "incident.acknowledge",
    "visit.accept",
    "visit.start_travel",
    "visit.arrive",
    "visit.resume",
    "incident.resume",
    "incident.restore",
    "visit.finish",
    "incident.close",
)
"""What comes next, first match first."""

MORE = (
    "visit.decline",
    "visit.leave",
    "incident.pause",
    "incident.refail",
    "visit.unable",
    "visit.request_followup",
    "visit.cancel",
    "visit.abandon",
    "incident.reclassify",
    "exclusion.propose",
    "escalation.log",
    "incident.mark_duplicate",
    "incident.reject",
    "incident.cancel",
)


class _StepButton(Button):
    """Takes the first half of a double click only.

    By the second half the next step's button stands in the same place: one hasty double click
    would accept a visit and start the journey.
    """

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


class ActionsBar(QWidget):
    """One large button for what comes next, a menu for the rest, an inline field for reasons.

    ``restore_wanted`` asks the panel to open the resolution form; everything else is sent here,
    one command at a time. ``asking`` tells that a question stands open, and that it is closed.
    """

    restore_wanted = Signal()
    asking = Signal(bool)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        theme = kit.theme
        self._detail: CaseDetail | None = None
        self._pending = ""
        self._offered: list[str] = []
        self._steps: list[Button] = []
        self._sending = False
        self._answered = False
        self._menu = QMenu(self)
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.setObjectName("action.problem")
        self._problem.hide()
        self._reason_row = self._make_reason_row()
        self._draft = DraftKeeper(kit, self._collect, self)
        self._foot = QWidget()
        self._buttons = labels.line(self._foot, spacing=theme.px(8))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = labels.column(self, spacing=theme.px(6))
        layout.addWidget(self._reason_row)
        layout.addWidget(self._problem)
        layout.addWidget(self._foot)

    def _make_reason_row(self) -> QWidget:
        """What is chosen, over the words that go with it, over the two ways out."""
        theme = self._kit.theme
        row = QWidget()
        self._reason_title = labels.text(theme, size=12, bold=True)
        self._choice = QComboBox()
        self._choice.setObjectName("reason.choice")
        self._choice.setAccessibleName(self.tr("Choice"))
        self._reason = QLineEdit()
        self._reason.setAccessibleName(self.tr("Reason"))
        self._reason.setObjectName("reason.text")
        self._reason.setPlaceholderText(self.tr("Reason"))
        confirm = labels.button(theme, self.tr("Save"), "reason.save", kind="primary", small=True)
        cancel = labels.button(theme, self.tr("Back"), "reason.back", small=True)
        confirm.clicked.connect(self._send_with_reason)
        self._reason.returnPressed.connect(self._send_with_reason)
        cancel.clicked.connect(self._close_reason)
        self._reason.textEdited.connect(self._reason_typed)
        self._choice.activated.connect(self._reason_typed)
        self._choice.currentIndexChanged.connect(self._say_what_is_asked)
        self._ways_out = (cancel, confirm)
        self._preview = labels.text(theme, size=12, colour="muted")
        self._preview.setObjectName("reason.preview")
        ways_out = labels.line(spacing=theme.px(8))
        ways_out.addWidget(cancel)
        ways_out.addWidget(confirm, 1)
        layout = labels.column(row, spacing=theme.px(6))
        layout.addWidget(self._reason_title)
        layout.addWidget(self._choice)
        layout.addWidget(self._reason)
        layout.addWidget(self._preview)
        layout.addLayout(ways_out)
        row.hide()
        return row

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops here, in order."""
        return (self._choice, self._reason, *self._ways_out, *self._steps)

    def show_case(self, detail: CaseDetail) -> None:
        """Offer what is possible now."""
        if self._detail is not None and self._detail.incident.id != detail.incident.id:
            self._show_question(wanted=False)
            self._problem.hide()
            self._sending = self._answered = False
        self._detail = detail
        if self._answered:
            self._sending = self._answered = False
        primary = next((name for name in PRIMARY if name in detail.legal), "")
        legal = asked.possible(detail)
        offered = [primary, *(name for name in MORE if name in legal)]
        if offered != self._offered:
            self._offered = offered
            self._rebuild(primary, offered[1:])

    def take_focus(self) -> None:
        """Bring the keyboard to what comes next."""
        if self._steps:
            self._steps[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _rebuild(self, primary: str, more: Sequence[str]) -> None:
        had_focus = QApplication.focusWidget() in self._steps
        labels.clear(self._buttons)
        self._menu.clear()
        self._steps = []
        for name in more:
            self._menu.addAction(self._title(name), self._starter(name))
        if more:
            other = labels.button(self._kit.theme, self.tr("More"), "action.more", icon="ellipsis")
            other.setMenu(self._menu)
            self._buttons.addWidget(other)
            self._steps.append(other)
        if primary:
            button = _StepButton(self._kit.theme, words.action_text(primary), kind="primary")
            button.setObjectName(f"action.{primary}")
            button.clicked.connect(self._starter(primary))
            self._buttons.addWidget(button, 1)
            self._steps.append(button)
        for step in self._steps:
            step.show()
        if had_focus:
            # The step just taken had the keyboard: the next one gets it.
            self.take_focus()

    def _starter(self, name: str) -> Callable[[], None]:
        return lambda: self._start(name)

    def _start(self, name: str) -> None:
        if self._sending:
            return
        self._problem.hide()
        if name == "incident.restore":
            self.restore_wanted.emit()
        elif name in asked.WITH_REASON:
            self._ask_reason(name)
        else:
            self._send(name, self._plain_args(name))

    def _plain_args(self, name: str) -> object:
        if name == "incident.resume":
            return ResumeIncident()
        if name == "incident.close":
            return CloseIncident()
        if name == "incident.acknowledge":
            return Acknowledge()
        if name == "incident.refail":
            return RefailIncident(failed_at=self._kit.clock.now())
        return FieldTime()

    def _ask_reason(self, name: str) -> None:
        detail = self._detail
        if detail is None:
            return
        self._draft.let_go()
        self._pending = name
        self._reason_title.setText(self._title(name))
        self._choice.clear()
        for code, label in asked.choices(name, detail, self._kit.language):
            self._choice.addItem(label, code)
        self._choice.setVisible(self._choice.count() > 0)
        self._reason.setVisible(name != "incident.mark_duplicate")
        self._reason.clear()
        self._say_what_is_asked()
        self._draft.bind(f"reason:{name}:{detail.incident.id}", self._restore_reason)
        self._show_question(wanted=True)
        (self._choice if self._choice.count() else self._reason).setFocus()

    def _say_what_is_asked(self) -> None:
        """What the text is for, and what the choice would do to the deadlines."""
        said = self.tr("Evidence") if self._pending == "exclusion.propose" else self.tr("Reason")
        if self._choice.currentData() == asked.COUNT:
            said = self.tr("Users affected")
        self._reason.setPlaceholderText(said)
        self._reason.setAccessibleName(said)
        self._ask_preview()

    def _ask_preview(self) -> None:
        """Both deadlines, before and after, for a change of the severity."""
        detail, choice, text = self._detail, self._choice.currentData(), self._reason.text().strip()
        by_count = choice == asked.COUNT
        affected = formats.read_count(text) if by_count else None
        wanted = self._pending == "incident.reclassify" and bool(choice)
        self._preview.hide()
        if detail is None or not wanted or (by_count and affected is None):
            return
        incident_id = detail.incident.id
        severity = None if by_count else Severity(choice)
        self._kit.ask(
            lambda desk: desk.cases.preview_reclassification(incident_id, affected, severity),
            self._show_preview,
            owner=self,
            key="reason.preview",
        )

    def _show_preview(self, preview: ReclassificationPreview | Refused) -> None:
        if self._detail is None or self._pending != "incident.reclassify":
            return
        self._preview.setText(
            refusal_text(preview.code, preview.detail)
            if isinstance(preview, Refused)
            else preview_text(preview, self._detail, self._kit.clock.now())
        )
        self._preview.show()

    def _close_reason(self) -> None:
        self._show_question(wanted=False)
        self._problem.hide()
        self.take_focus()

    def _show_question(self, *, wanted: bool) -> None:
        """The question takes the place of the buttons."""
        self._reason_row.setVisible(wanted)
        self._foot.setVisible(not wanted)
        self.asking.emit(wanted)

    def _title(self, name: str) -> str:
        """The words of a button or a question."""
        if name == "incident.reclassify":
            return self.tr("Change the severity")
        if name == "incident.pause" and self._detail is not None:
            pauses = self._detail.policy.pauses
            if not any(pause.stops for pause in pauses):
                return self.tr("Record a pause (the clock goes on)")
        return words.action_text(name)

    def _collect(self) -> dict[str, Any]:
        return {"text": self._reason.text(), "choice": self._choice.currentData()}

    def _reason_typed(self) -> None:
        self._problem.hide()
        self._ask_preview()
        self._draft.touch()

    def _restore_reason(self, body: dict[str, Any]) -> None:
        if not self._reason.text():
            self._reason.setText(str(body.get("text") or ""))
        kept = self._choice.findData(body.get("choice"))
        if kept >= 0:
            self._choice.setCurrentIndex(kept)

    def _send_with_reason(self) -> None:
        detail, name = self._detail, self._pending
        if detail is None or not name:
            return
        args = asked.arguments(
            name,
            detail,
            choice=self._choice.currentData(),
            text=self._reason.text().strip(),
            now=self._kit.clock.now(),
        )
        if isinstance(args, asked.Lacking):
            self._refuse(refusal_text(args.code))
        else:
            self._send(name, args)

    def _send(self, name: str, args: object) -> None:
        detail = self._detail
        if detail is None or self._sending:
            return
        on_visit = name.startswith("visit.") and detail.visit is not None
        target = (
            f"visit:{detail.visit.id}"
            if on_visit and detail.visit
            else (f"incident:{detail.incident.id}")
        )
        self._sending = True
        self._draft.flush()
        self._kit.command(
            name,
            target,
            args,
            draft=self._draft.key if name == self._pending else "",
            owner=self,
            done=self._kept,
            refused=self._answered_no,
            failed=self._not_kept,
            expect=asked.seen(name, detail),
        )

    def _kept(self) -> None:
        """What is legal now is known when the case comes back; until then nothing is sent."""
        self._answered = True
        if self._pending:
            self._pending = ""
            self._draft.drop()
        if not self._reason_row.isHidden():
            self._close_reason()

    def _not_kept(self) -> None:
        self._sending = False

    def _answered_no(self, answer: Refused) -> None:
        self._sending = False
        self._refuse(refusal_text(answer.code, answer.detail))

    def _refuse(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()
