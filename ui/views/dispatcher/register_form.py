"""Register an incident in under half a minute: find the service, count the users, save."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, Qt, QTimeZone, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from fieldtech.domain.commands import RegisterIncident
from fieldtech.domain.words import IncidentKind, Severity
from fieldtech.services.values import Refused
from ui.views import formats, labels, words
from ui.views.dispatcher.service_search import ServiceSearch
from ui.views.draft_keeper import DraftKeeper
from ui.views.refusals import refusal_text
from ui.widgets.form import FormField

if TYPE_CHECKING:
    from fieldtech.services.values import Saved, ServiceHit, SeverityPreview
    from ui.views.kit import Kit

CHANNELS = ("phone", "email", "whatsapp", "portal")
ZONE = "America/Mexico_City"


class RegisterForm(QWidget):
    """Saving is the acknowledgement: it stops the response clock. The form is a draft till then.

    ``registered`` carries the new incident and its region, ``closed`` comes when the form is done
    with. The call comes in when the form is opened; whoever writes it down later says so himself.
    """

    closed = Signal()
    registered = Signal(str, str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._hit: ServiceHit | None = None
        self._notified_at = kit.clock.now()
        self._zone = ZONE
        self._labelled: dict[str, FormField] = {}
        self._build_fields()
        self._lay_out()
        self._draft = DraftKeeper(kit, self._collect, self)
        self._connect()

    def _build_fields(self) -> None:
        theme = self._kit.theme
        self._search = ServiceSearch(self._kit, self)
        self._kind = QComboBox()
        self._kind.addItem(self.tr("Technical fault"), IncidentKind.TECHNICAL.value)
        self._kind.addItem(self.tr("Administrative"), IncidentKind.ADMINISTRATIVE.value)
        self._title = QLineEdit()
        self._channel = QComboBox()
        for channel in CHANNELS:
            self._channel.addItem(words.channel_text(channel), channel)
        self._notified = QDateTimeEdit()
        self._notified.setDisplayFormat("d MMM yyyy HH:mm")
        self._notified.setCalendarPopup(True)
        self._affected = QLineEdit()
        self._severity = QComboBox()
        self._severity.addItem(self.tr("By the rule"), "")
        for severity in Severity:
            self._severity.addItem(words.severity_text(severity.value), severity.value)
        self._reason = QLineEdit()
        self._description = QPlainTextEdit()
        self._description.setTabChangesFocus(True)
        self._description.setFixedHeight(theme.px(56))
        self._preview = labels.text(theme, size=12, bold=True)
        self._preview.setObjectName("register.preview")
        self._warning = labels.text(theme, size=12, colour="amber_text")
        self._warning.setObjectName("register.duplicate")
        self._warning.hide()
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.setObjectName("register.problem")
        self._problem.hide()
        self._back = labels.button(theme, self.tr("Back"), "register.back")
        self._anew = labels.button(theme, self.tr("Start over"), "register.anew", kind="ghost")
        self._submit = labels.button(
            theme, self.tr("Register and acknowledge"), "register.submit", kind="primary"
        )

    def _fields(self) -> list[tuple[str, str, QWidget]]:
        return [
            ("search", self.tr("Who calls"), self._search.field),
            ("results", self.tr("Service"), self._search.results),
            ("title", self.tr("Fault"), self._title),
            ("affected", self.tr("Users affected"), self._affected),
            ("severity", self.tr("Severity"), self._severity),
            ("reason", self.tr("Reason to overrule"), self._reason),
            ("channel", self.tr("Channel"), self._channel),
            ("notified", self.tr("Time of the notification (site time)"), self._notified),
            ("kind", self.tr("Kind"), self._kind),
            ("description", self.tr("Description"), self._description),
        ]

    def _lay_out(self) -> None:
        theme = self._kit.theme
        body = QWidget()
        form = labels.column(body, spacing=theme.px(4))
        form.setContentsMargins(0, 0, theme.px(10), 0)
        for name, title, field in self._fields():
            field.setObjectName(f"register.{name}")
            self._labelled[name] = FormField(theme, title, field)
            form.addWidget(self._labelled[name])
            if name == "results":
                form.addWidget(self._warning)
            if name == "severity":
                form.addWidget(self._preview)
        form.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields are the stops, and scroll in
        area.setWidget(body)
        buttons = labels.line(spacing=theme.px(8))
        buttons.addWidget(self._back)
        buttons.addWidget(self._anew)
        buttons.addWidget(self._submit, 1)
        layout = labels.column(self, spacing=theme.px(6))
        layout.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        layout.addWidget(labels.text(theme, self.tr("Register incident"), size=17, bold=True))
        layout.addWidget(area, 1)
        layout.addWidget(self._problem)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self._search.edited.connect(self._touched)
        self._search.chosen.connect(self._choose)
        self._search.taken.connect(self._title.setFocus)
        for field in (self._title, self._affected, self._reason):
            field.textEdited.connect(self._touched)
        self._affected.textChanged.connect(self._ask_severity)
        self._severity.currentIndexChanged.connect(self._severity_chosen)
        self._kind.currentIndexChanged.connect(self._severity_chosen)
        self._channel.currentIndexChanged.connect(self._touched)
        self._description.textChanged.connect(self._touched)
        self._notified.dateTimeChanged.connect(self._time_moved)
        self._back.clicked.connect(self._leave)
        self._anew.clicked.connect(self._start_over)
        self._submit.clicked.connect(self._send)
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("Ctrl+Return"), self, context=context).activated.connect(
            self._submit.click
        )

    def open(self) -> None:
        """Start, with what was left unfinished if there is anything."""
        self._draft.let_go()
        self._reset()
        self._draft.bind("register", self._restore)
        self._search.field.setFocus()

    def _start_over(self) -> None:
        """Another call: nothing of what was left unfinished, its time least of all."""
        self._draft.drop()
        self.open()

    def _reset(self) -> None:
        self._hit = None
        self._search.clear()
        for field in (self._title, self._affected, self._reason):
            field.clear()
        self._kind.setCurrentIndex(0)
        self._channel.setCurrentIndex(0)
        self._severity.setCurrentIndex(0)
        self._description.clear()
        self._zone = ZONE
        self._set_time(self._kit.clock.now())
        for label in (self._warning, self._problem, self._preview):
            label.hide()
        self._severity_chosen()

    def _set_time(self, moment: datetime) -> None:
        self._notified_at = moment
        zone = QTimeZone(self._zone.encode())
        self._notified.blockSignals(True)  # noqa: FBT003  Qt's setter
        self._notified.setTimeZone(zone)
        self._notified.setDateTime(QDateTime.fromSecsSinceEpoch(int(moment.timestamp()), zone))
        self._notified.blockSignals(False)  # noqa: FBT003  Qt's setter

    def _choose(self, hit: ServiceHit | None) -> None:
        self._hit = hit
        self._warning.setVisible(bool(hit and hit.open_numbers))
        if hit is None:
            self._preview.hide()
            return
        if hit.open_numbers:
            self._warning.setText(
                self.tr("This service already has an open incident: {numbers}").format(
                    numbers=", ".join(hit.open_numbers)
                )
            )
        total = "?" if hit.total_users is None else str(hit.total_users)
        self._affected.setPlaceholderText(self.tr("of {total}").format(total=total))
        self._ask_severity()
        self._kit.ask(
            lambda desk: desk.dispatch.timezone(hit.site_id),
            self._show_zone,
            owner=self,
            key="register.zone",
        )

    def _show_zone(self, timezone: str) -> None:
        """The customer says his own time of day: the same moment on the site's clock."""
        self._zone = timezone or ZONE
        self._set_time(self._notified_at)

    def _ask_severity(self) -> None:
        hit, affected = self._hit, formats.read_count(self._affected.text())
        if hit is None or self._is_paperwork:
            return
        chosen = self._severity.currentData()
        by_hand = Severity(chosen) if chosen else None
        self._kit.ask(
            lambda desk: desk.dispatch.severity(hit, affected, by_hand),
            self._show_severity,
            owner=self,
            key="register.severity",
        )

    def _show_severity(self, preview: SeverityPreview) -> None:
        holds = bool(preview.severity) and self._hit is not None and not self._is_paperwork
        self._preview.setVisible(holds)
        if not holds:
            return
        severity = words.severity_text(preview.severity)
        if preview.share is not None:
            severity = f"{severity} ({formats.percent(preview.share, 0)})"
        text = self.tr("{severity}: response {response}, restoration {restoration}").format(
            severity=severity,
            response=formats.duration(preview.response_s),
            restoration=formats.duration(preview.restoration_s),
        )
        if preview.by_rule not in {"", preview.severity}:
            rule = self.tr("By hand: the rule says {severity}.")
            text = f"{text}. {rule.format(severity=words.severity_text(preview.by_rule))}"
        self._preview.setText(text)
        self._preview.set_colour("red_text" if preview.severity == "major" else "text")

    def _severity_chosen(self) -> None:
        """Ask for what the kind and the choice need: paperwork has neither users nor severity."""
        fault = not self._is_paperwork
        self._labelled["affected"].setVisible(fault)
        self._labelled["severity"].setVisible(fault)
        self._labelled["reason"].setVisible(fault and bool(self._severity.currentData()))
        self._preview.setVisible(False)
        self._ask_severity()
        self._touched()

    @property
    def _is_paperwork(self) -> bool:
        return bool(self._kind.currentData() == IncidentKind.ADMINISTRATIVE.value)

    def _time_moved(self) -> None:
        """Somebody says another time, to the minute: seconds that nobody sees are not meant."""
        seconds = self._notified.dateTime().toSecsSinceEpoch()
        self._notified_at = datetime.fromtimestamp(seconds - seconds % 60, UTC)
        self._touched()

    def _touched(self) -> None:
        self._problem.hide()
        draft = getattr(self, "_draft", None)
        if draft is not None:
            draft.touch()

    def _collect(self) -> dict[str, Any]:
        return {
            "search": self._search.field.text(),
            "service": self._hit.service_id if self._hit else "",
            "title": self._title.text(),
            "affected": self._affected.text(),
            "severity": self._severity.currentData(),
            "reason": self._reason.text(),
            "channel": self._channel.currentData(),
            "kind": self._kind.currentData(),
            "description": self._description.toPlainText(),
            "time": self._notified_at.timestamp(),
        }

    def _restore(self, body: dict[str, Any]) -> None:
        for name, field in (
            ("title", self._title),
            ("affected", self._affected),
            ("reason", self._reason),
        ):
            field.setText(str(body.get(name) or ""))
        for name, box in (
            ("severity", self._severity),
            ("channel", self._channel),
            ("kind", self._kind),
        ):
            box.setCurrentIndex(max(0, box.findData(body.get(name))))
        self._description.setPlainText(str(body.get("description") or ""))
        moment = body.get("time")
        if isinstance(moment, int | float):
            self._set_time(datetime.fromtimestamp(moment, UTC))
        self._search.restore(str(body.get("search") or ""), str(body.get("service") or ""))

    def _send(self) -> None:
        hit = self._hit
        if hit is None or not self._title.text().strip():
            self._refuse(self.tr("Choose the service and say what is wrong."))
            return
        fault = not self._is_paperwork
        affected = self._affected.text().strip() if fault else ""
        if affected and formats.read_count(affected) is None:
            self._refuse(refusal_text("affected_invalid"))
            return
        severity = self._severity.currentData() if fault else ""
        args = RegisterIncident(
            site_id=hit.site_id,
            customer_id=hit.customer_id,
            service_id=hit.service_id,
            region_id=hit.region_id,
            title=self._title.text().strip(),
            notified_at=self._moment(),
            kind=IncidentKind(self._kind.currentData()),
            description=self._description.toPlainText().strip(),
            channel=str(self._channel.currentData()),
            affected=formats.read_count(affected),
            severity=Severity(severity) if severity else None,
            override_reason=self._reason.text().strip() if severity else "",
        )
        self._submit.setEnabled(False)
        self._draft.flush()
        draft = self._draft.key
        self._kit.ask(
            lambda desk: desk.dispatch.register(args, draft=draft),
            lambda answer: self._sent(args.region_id, answer),
            owner=self,
            failed=lambda error: self._kit.give_up(error, lambda: self._submit.setEnabled(True)),
        )

    def _moment(self) -> datetime:
        """When the customer called: the time shown, not that of the last keystroke."""
        now = self._kit.clock.now()
        soon = self._notified_at - now < timedelta(minutes=1)
        return min(self._notified_at, now) if soon else self._notified_at

    def _sent(self, region_id: str, answer: Saved | Refused) -> None:
        self._submit.setEnabled(True)
        if isinstance(answer, Refused):
            self._refuse(refusal_text(answer.code, answer.detail))
            return
        self._draft.drop()
        self._kit.announce(answer.changed)
        for incident_id in answer.changed.incidents:
            self.registered.emit(incident_id, region_id)
        self.closed.emit()

    def _refuse(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()

    def _leave(self) -> None:
        self._draft.flush()
        self.closed.emit()
