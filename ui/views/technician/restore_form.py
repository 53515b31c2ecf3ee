"""Record the resolution: cause, solution, attribution, users, time; both deadlines shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, Qt, QTimeZone, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from fieldtech.domain.checklist import missing_items
from fieldtech.domain.commands import RestoreIncident
from fieldtech.domain.words import Attribution
from fieldtech.services.values import Refused
from ui.views import formats, labels, words
from ui.views.draft_keeper import DraftKeeper
from ui.views.refusals import refusal_text
from ui.views.technician.measure_words import suggested_attribution
from ui.views.technician.restore_texts import doubt_text, preview_text
from ui.widgets.form import FormField
from ui.widgets.suggested_choice import SuggestedChoice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.services.values import CaseDetail, ReclassificationPreview
    from ui.views.kit import Kit

COUNTABLE = tuple(a for a in Attribution if a is not Attribution.PLANNED)


class RestoreForm(QWidget):
    """Fills the visit panel while open; every field is a draft until it is sent.

    ``checklist_wanted`` leaves for what is still to answer; the draft waits.
    """

    closed = Signal()
    checklist_wanted = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._detail: CaseDetail | None = None
        self._moved_time = False
        self._counted = False
        self._build_fields()
        self._lay_out()
        self._draft = DraftKeeper(kit, self._collect, self)
        self._connect()

    def _build_fields(self) -> None:
        theme = self._kit.theme
        self._cause, self._solution, self._attribution = QComboBox(), QComboBox(), QComboBox()
        self._affected = QLineEdit()
        self._restored = QDateTimeEdit()
        self._restored.setDisplayFormat("d MMM yyyy HH:mm")
        self._restored.setCalendarPopup(True)
        self._evidence = QLineEdit()
        self._note = QPlainTextEdit()
        self._note.setTabChangesFocus(True)
        self._note.setFixedHeight(theme.px(64))
        for name, field in self._fields().items():
            field.setObjectName(f"restore.{name}")
        self._preview = labels.text(theme, size=12)
        self._preview.setObjectName("restore.preview")
        self._missing = labels.text(theme, size=12, colour="amber_text")
        self._missing.setObjectName("restore.missing")
        self._to_checklist = labels.button(
            theme, self.tr("Go to checklist"), "restore.checklist", kind="ghost", small=True
        )
        self._heading = labels.heading(theme, self.tr("Record resolution"))
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.setObjectName("restore.problem")
        self._back = labels.button(theme, self.tr("Back"), "restore.back")
        self._submit = labels.button(
            theme, self.tr("Service restored"), "restore.submit", kind="primary", icon="check"
        )

    def _fields(self) -> dict[str, QWidget]:
        return {
            "cause": self._cause,
            "solution": self._solution,
            "attribution": self._attribution,
            "affected": self._affected,
            "time": self._restored,
            "evidence": self._evidence,
            "note": self._note,
        }

    def _lay_out(self) -> None:
        theme = self._kit.theme
        titles = {
            "cause": self.tr("Cause"),
            "solution": self.tr("Solution"),
            "attribution": self.tr("Whose infrastructure failed"),
            "affected": self.tr("Users affected"),
            "time": self.tr("Restored at (site time)"),
            "evidence": self.tr("Evidence of the attribution"),
            "note": self.tr("What was done"),
        }
        body = QWidget()
        form = labels.column(body, spacing=theme.px(4))
        form.setContentsMargins(0, 0, theme.px(10), 0)
        self._time_field = FormField(theme, titles["time"], self._restored)
        self._whose = SuggestedChoice(theme, titles["attribution"], self._attribution)
        held = {"time": self._time_field, "attribution": self._whose}
        for name, field in self._fields().items():
            form.addWidget(held.get(name) or FormField(theme, titles[name], field))
        form.addStretch(1)
        self._form = form
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields are the stops, and scroll in
        area.setWidget(body)
        buttons = labels.line(spacing=theme.px(8))
        buttons.addWidget(self._back)
        buttons.addWidget(self._submit, 1)
        layout = labels.column(self, spacing=theme.px(6))
        layout.addWidget(self._heading)
        layout.addWidget(area, 1)
        self._told = QWidget()
        told = labels.column(self._told, spacing=theme.px(6))
        told.addWidget(self._preview)
        undone = labels.line(spacing=theme.px(6))
        undone.addWidget(self._missing, 1)
        undone.addWidget(self._to_checklist)
        told.addLayout(undone)
        self._column = layout
        layout.addWidget(self._told)
        layout.addWidget(self._problem)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        for box in (self._cause, self._solution, self._attribution):
            box.currentIndexChanged.connect(self._draft_touched)
        self._affected.textEdited.connect(self._count_typed)
        self._evidence.textEdited.connect(self._draft_touched)
        self._cause.activated.connect(self._suggest_attribution)
        self._affected.textChanged.connect(self._ask_preview)
        self._note.textChanged.connect(self._draft_touched)
        self._restored.dateTimeChanged.connect(self._time_moved)
        self._back.clicked.connect(self._leave)
        self._to_checklist.clicked.connect(self._leave_for_checklist)
        self._submit.clicked.connect(self._send)
        self._kit.ticker.tick.connect(self._time_goes_on)

    def open_for(self, detail: CaseDetail) -> None:
        """Show the form for a case, with its draft if one was left."""
        self._draft.let_go()
        self._detail = detail
        language = self._kit.language
        policy = detail.policy
        _fill(self._cause, [(c.code, c.label(language)) for c in policy.causes])
        _fill(self._solution, [(s.code, s.label(language)) for s in policy.solutions])
        _fill(self._attribution, [(a.value, words.attribution_text(a.value)) for a in COUNTABLE])
        self._whose.start_over()
        self._counted = False
        self._evidence.clear()
        self._note.clear()
        self._set_time(self._kit.clock.now(), detail)
        self._moved_time = False
        self._say_doubt(detail)
        self._problem.hide()
        self.refresh(detail)
        self._draft.bind(f"restore:{detail.incident.id}", self._restore_draft)
        self._cause.setFocus()

    def refresh(self, detail: CaseDetail) -> None:
        """The case changed while the form is open: only what depends on it is redrawn."""
        self._detail = detail
        if not self._counted:
            current = detail.incident.classification
            known = current.affected if current else None
            self._affected.setText("" if known is None else str(known))
        kind = detail.service.kind if detail.service else ""
        missing = (
            missing_items(detail.template, detail.visit, kind)
            if detail.template and detail.visit
            else ()
        )
        self._missing.setVisible(bool(missing))
        self._to_checklist.setVisible(bool(missing))
        self._missing.set_colour("amber_text")
        self._missing.setText(self.tr("%n item(s) to answer or waive", "", len(missing)))
        if detail.template and missing:
            titles = [i.title(self._kit.language) for i in detail.template.items if i.id in missing]
            self._missing.setToolTip(", ".join(titles))
            self._missing.setAccessibleDescription(", ".join(titles))
        self._suggest_attribution()
        self._ask_preview()

    def set_compact(self, wanted: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """Little height: the heading gives way, and what is told scrolls with the fields.

        Else that stands below them, so that both deadlines stay in sight while one scrolls.
        """
        self._heading.setVisible(not wanted)
        if wanted:
            self._form.insertWidget(self._form.count() - 1, self._told)
        else:
            self._column.insertWidget(2, self._told)

    def _set_time(self, moment: datetime, detail: CaseDetail) -> None:
        zone = QTimeZone(detail.timezone.encode())
        self._restored.blockSignals(True)  # noqa: FBT003  Qt's setter
        self._restored.setTimeZone(zone)
        self._restored.setDateTime(QDateTime.fromSecsSinceEpoch(int(moment.timestamp()), zone))
        self._restored.blockSignals(False)  # noqa: FBT003  Qt's setter

    def _time_goes_on(self, now: datetime) -> None:
        """What nobody touched shows the moment that would be kept."""
        if self._detail is not None and not self._moved_time and self.isVisible():
            self._set_time(now, self._detail)
            self._say_doubt(self._detail)

    def _time_moved(self) -> None:
        self._moved_time = True
        if self._detail is not None:
            self._say_doubt(self._detail)
        self._draft.touch()

    def _say_doubt(self, detail: CaseDetail) -> None:
        """How far off "now" can be; a time that somebody remembers is his word."""
        due = detail.incident.clocks.restoration.due
        now = self._kit.clock.moment()
        told = "" if self._moved_time else doubt_text(now.at, now.uncertainty_s, due)
        self._time_field.set_hint(told)

    def _count_typed(self) -> None:
        """From here on it is this person's count, and no longer the one last heard of."""
        self._counted = True
        self._draft_touched()

    def _draft_touched(self) -> None:
        self._problem.hide()
        self._draft.touch()

    def _collect(self) -> dict[str, Any]:
        return {
            "cause": self._cause.currentData(),
            "solution": self._solution.currentData(),
            "attribution": self._whose.chosen,
            "affected": self._affected.text() if self._counted else None,
            "evidence": self._evidence.text(),
            "note": self._note.toPlainText(),
            "time": self._restored.dateTime().toSecsSinceEpoch() if self._moved_time else None,
        }

    def _restore_draft(self, body: dict[str, Any]) -> None:
        for name, box in (("cause", self._cause), ("solution", self._solution)):
            box.setCurrentIndex(box.findData(body.get(name)))
        self._whose.bring_back(body.get("attribution"))
        self._suggest_attribution()
        affected = body.get("affected")
        if isinstance(affected, str):
            self._counted = True
            self._affected.setText(affected)
        self._evidence.setText(str(body.get("evidence") or ""))
        self._note.setPlainText(str(body.get("note") or ""))
        moment = body.get("time")
        if isinstance(moment, int) and self._detail is not None:
            self._set_time(datetime.fromtimestamp(moment, UTC), self._detail)
            self._moved_time = True

    def _suggest_attribution(self) -> None:
        if self._detail is not None:
            cause, now = str(self._cause.currentData()), self._kit.clock.now()
            self._whose.suggest(*suggested_attribution(self._detail, cause, now))

    def _ask_preview(self) -> None:
        detail = self._detail
        affected = formats.read_count(self._affected.text())
        self._preview.setVisible(affected is not None)
        if detail is None or affected is None:
            return
        incident_id = detail.incident.id
        self._kit.ask(
            lambda desk: desk.cases.preview_reclassification(incident_id, affected),
            self._show_preview,
            owner=self,
            key="restore.preview",
        )

    def _show_preview(self, preview: ReclassificationPreview | Refused) -> None:
        detail = self._detail
        if detail is None:
            return
        if isinstance(preview, Refused):
            self._preview.setText(refusal_text(preview.code, preview.detail))
            self._preview.set_colour("red_text")
            return
        self._preview.setText(preview_text(preview, detail, self._kit.clock.now()))
        changed = preview.severity_before != preview.severity_after
        self._preview.set_colour("amber_text" if changed else "muted")

    def _send(self) -> None:
        detail = self._detail
        if detail is None:
            return
        attribution = self._attribution.currentData()
        if attribution is None:
            self._refuse(refusal_text("missing_attribution"))
            return
        affected = self._affected.text().strip()
        if affected and formats.read_count(affected) is None:
            self._refuse(refusal_text("affected_invalid"))
            return
        moment = self._moment()
        if moment > self._kit.clock.now():
            # The rules would keep it for review; typed by hand it is a slip to be mended here.
            self._refuse(refusal_text("in_future"))
            return
        self._submit.setEnabled(False)
        self._draft.flush()
        self._kit.command(
            "incident.restore",
            f"incident:{detail.incident.id}",
            RestoreIncident(
                restored_at=moment,
                uncertainty_s=0.0,
                attribution=Attribution(attribution),
                cause=str(self._cause.currentData() or ""),
                solution=str(self._solution.currentData() or ""),
                affected=formats.read_count(affected) if self._counted else None,
                evidence=self._evidence.text().strip(),
                note=self._note.toPlainText().strip(),
            ),
            draft=self._draft.key,
            owner=self,
            done=self._sent,
            refused=self._refused,
            failed=lambda: self._submit.setEnabled(True),
        )

    def _moment(self) -> datetime:
        """The time in the field, or now when nobody touched it; never later than now."""
        now = self._kit.clock.now()
        if not self._moved_time:
            return now
        seconds = self._restored.dateTime().toSecsSinceEpoch()
        chosen = datetime.fromtimestamp(seconds, UTC)
        # The field shows whole minutes: "this minute" must not lie some seconds ahead.
        return min(chosen, now) if chosen - now < timedelta(minutes=1) else chosen

    def _sent(self) -> None:
        self._submit.setEnabled(True)
        self._draft.drop()
        self.closed.emit()

    def _refused(self, answer: Refused) -> None:
        self._submit.setEnabled(True)
        if answer.code == "missing_items" and not self._missing.isHidden():
            # The line above the buttons says so already; it only gets louder.
            self._missing.set_colour("red_text")
            self._to_checklist.setFocus()
            return
        self._refuse(refusal_text(answer.code, self._item_names(answer)))

    def _item_names(self, answer: Refused) -> str:
        if answer.code != "missing_items" or self._detail is None or not self._detail.template:
            return answer.detail
        items = {i.id: i.title(self._kit.language) for i in self._detail.template.items}
        return ", ".join(items.get(part, part) for part in answer.detail.split(","))

    def _refuse(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()

    def _leave(self) -> None:
        self._draft.flush()
        self.closed.emit()

    def _leave_for_checklist(self) -> None:
        self._draft.flush()
        self.checklist_wanted.emit()


def _fill(box: QComboBox, entries: Sequence[tuple[str, str]]) -> None:
    box.blockSignals(True)  # noqa: FBT003  Qt's setter
    box.clear()
    for code, label in entries:
        box.addItem(label, code)
    box.setCurrentIndex(-1)
    box.setPlaceholderText("…")
    box.blockSignals(False)  # noqa: FBT003  Qt's setter
