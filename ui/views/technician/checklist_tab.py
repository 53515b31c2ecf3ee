"""The checklist of a visit: answered by hand, judged by the template's thresholds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget
from typing_extensions import override

from fieldtech.domain.check_commands import AnswerCheck, WaiveCheck
from fieldtech.domain.checklist import Widget, judge, missing_items
from fieldtech.domain.words import CheckStatus, VisitState
from ui.views import formats, labels
from ui.views.draft_keeper import DraftKeeper
from ui.views.refusals import refusal_text
from ui.views.technician.checklist_measuring import ChecklistMeasuring
from ui.views.technician.comparison import show_comparison
from ui.views.technician.item_texts import choice_label, subtitle, typed_value, with_unit
from ui.views.technician.measure_words import reading_text, reason_text
from ui.widgets.check_header import CheckItemView
from ui.widgets.check_item import CheckItemRow
from ui.widgets.section import SectionHeading

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from fieldtech.domain.checklist import Item, Template
    from fieldtech.domain.facts import Answer
    from fieldtech.services.machine import MeasurableInterface
    from fieldtech.services.networks import NetworkService
    from fieldtech.services.values import CaseDetail, Refused
    from ui.views.kit import Kit
    from ui.views.technician.measured import Shown

LOOK_MS = 5_000
"""How often the interfaces are looked at while the checklist is."""


class ChecklistTab(QScrollArea):
    """Sections LAN, WiFi, Router, Internet, SIP; one row an item, opened one at a time.

    Rows are built once for a visit and refreshed in place, so that an answer coming back from
    the central never closes the row under the technician's hands.
    """

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self.setAccessibleName(self.tr("Checklist"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._visit_id = ""
        self._template_key = ""
        self._template: Template | None = None
        self._rows: dict[str, CheckItemRow] = {}
        self._typed: dict[str, dict[str, str]] = {}
        self._measured: dict[str, str] = {}
        self._locked = self._here = False
        self._measuring = ChecklistMeasuring(kit, self)
        self._measuring.changed.connect(self._show_live)
        self._measuring.kept.connect(self._reload)
        self._measuring.compare_wanted.connect(self._compare)
        self._detail: CaseDetail | None = None
        self._networks: NetworkService | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_around)
        self._draft = DraftKeeper(kit, self._collect, self)

    def show_case(self, detail: CaseDetail) -> None:
        """Show the visit's checklist; without a visit or template, say so."""
        template, visit = detail.template, detail.visit
        if visit is None or template is None:
            self._visit_id = self._template_key = ""
            self._rows = {}
            self._measuring.card.setParent(None)
            self.setWidget(self._empty(self.tr("There is no checklist for this incident.")))
            return
        if (visit.id, template.key) != (self._visit_id, self._template_key):
            self._draft.flush()
            self._visit_id, self._template_key = visit.id, template.key
            self._template = template
            self._typed = {}
            self._build(detail, template)
            self._draft.bind(f"check:{visit.id}", self._restore)
        self._refresh(detail, template)

    def progress(self, detail: CaseDetail) -> tuple[int, int]:
        """How many of the items that apply are answered, and how many there are."""
        if detail.template is None or detail.visit is None:
            return 0, 0
        kind = detail.service.kind if detail.service else ""
        items = [item for item in detail.template.items if item.applies_to(kind)]
        return sum(detail.visit.answer(item.id) is not None for item in items), len(items)

    def open_first_missing(self) -> None:
        """Unfold the first mandatory item without an answer."""
        row = next((row for row in self._rows.values() if row.is_missing), None)
        if row is not None:
            row.set_open(True)

    def _empty(self, text: str) -> QWidget:
        body = QWidget()
        layout = labels.column(body, margin=self._kit.theme.px(16))
        layout.addWidget(labels.muted(self._kit.theme, text))
        layout.addStretch(1)
        return body

    def _build(self, detail: CaseDetail, template: Template) -> None:
        theme, language = self._kit.theme, self._kit.language
        kind = detail.service.kind if detail.service else ""
        body = QWidget()
        layout = labels.column(body, spacing=0)
        layout.setContentsMargins(theme.px(6), theme.px(4), theme.px(10), 0)
        self._rows = {}
        # The card outlives the rows: Qt deletes what lies in the widget before.
        self._measuring.card.setParent(None)
        layout.addWidget(self._measuring.card)
        for section in template.sections:
            items = [item for item in section.items if item.applies_to(kind)]
            if not items:
                continue
            layout.addWidget(SectionHeading(theme, section.title(language)))
            for item in items:
                row = self._row(item)
                self._rows[item.id] = row
                layout.addWidget(row)
        layout.addStretch(1)
        self.setWidget(body)

    def _row(self, item: Item) -> CheckItemRow:
        row = CheckItemRow(self._kit.theme, item.id)
        row.setObjectName(f"check.{item.id}")
        row.setToolTip(item.help(self._kit.language))
        row.opened.connect(self._close_others)
        row.answered.connect(self._answer)
        row.value_edited.connect(lambda key, text: self._keep(key, "value", text))
        row.note_edited.connect(lambda key, text: self._keep(key, "note", text))
        row.value_entered.connect(self._judge)
        row.waive_requested.connect(self._waive)
        row.repeat_requested.connect(self._measuring.repeat)
        row.evidence_requested.connect(lambda key: self._show_evidence(key, anew=True))
        return row

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._kit.runner.run_net(_measured_facts, self._measure, key="measured", owner=self)
        self._kit.ask(lambda desk: desk.networks, self._watch, key="networks", owner=self)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._look.stop()
        super().hideEvent(event)

    def _watch(self, networks: NetworkService) -> None:
        """Cables are pulled and adapters plugged in while the list stands here."""
        self._networks = networks
        self._look_around()
        if self.isVisible():
            self._look.start()

    def _look_around(self) -> None:
        if self._networks is not None:
            card = self._measuring.card
            look = partial(_interfaces, self._networks)
            self._kit.runner.run_net(look, card.offer_interfaces, key="interfaces", owner=card)

    def _measure(self, facts: dict[str, str]) -> None:
        """What the machine itself can tell stands in the fields until a person answers."""
        if facts != self._measured:
            self._measured = facts
            self._reload()

    def _refresh(self, detail: CaseDetail, template: Template) -> None:
        if detail.visit is None:
            return
        self._detail = detail
        self._measuring.show_case(detail)
        # What this machine sees is the site's only while its own technician is there.
        self._locked = not detail.mine
        self._here = detail.mine and detail.visit.state is VisitState.ON_SITE
        self._show_rows(detail, template)

    def _show_rows(self, detail: CaseDetail, template: Template) -> None:
        if detail.visit is None:
            return
        kind = detail.service.kind if detail.service else ""
        missing = set(missing_items(template, detail.visit, kind))
        for item in template.items:
            row = self._rows.get(item.id)
            if row is not None:
                answer = detail.visit.answer(item.id)
                row.show_item(self._view(item, answer, missing=item.id in missing))
                if row.reads_evidence:
                    self._show_evidence(item.id, anew=False)

    def _view(self, item: Item, answer: Answer | None, *, missing: bool) -> CheckItemView:
        typed = self._typed.get(item.id, {})
        shown = self._measuring.shown(item.id, answer)
        here = self._measured.get(item.id, "") if self._here and shown.status is None else ""
        seen = shown.value or here
        value = typed.get("value", choice_label(item, seen, self._kit.language))
        note = typed.get("note", (answer.note or answer.reason) if answer else "")
        return CheckItemView(
            title=item.title(self._kit.language),
            subtitle=self._subtitle(item, with_unit(item, here, self._kit.language), shown),
            status=shown.status,
            value=with_unit(item, shown.value, self._kit.language),
            field=value if item.widget is not Widget.NONE else None,
            unit=item.unit,
            note=note,
            missing=missing,
            can_waive=item.mandatory,
            locked=self._locked,
            busy=shown.busy,
            unsaved=shown.unsaved and shown.since is None,
            can_repeat=self._measuring.can_repeat(item),
            waits=not self._measuring.is_idle,
            has_evidence=bool(item.probe) and self._measuring.has_evidence(item.id),
        )

    def _subtitle(self, item: Item, here: str, shown: Shown) -> str:
        """The item's limit or help; what this machine sees of it is a hint and no answer."""
        language = self._kit.language
        service = self._detail.service if self._detail else None
        said = subtitle(item, language, service.speed_mbps if service else None)
        unsaved = self.tr("not saved") if shown.unsaved else ""
        zone = self._detail.timezone if self._detail else ""
        then = formats.day_and_time(shown.at, zone) if shown.at else ""
        older = self.tr("measured {time}").format(time=then) if then else ""
        hint = self.tr("from this laptop: {value}").format(value=here) if here else ""
        before = reading_text(item, shown.before, language, ", ")
        was = self.tr("before: {value}").format(value=before) if before else ""
        newer = reading_text(item, shown.since, language, ", ")
        since = self.tr("measured since: {value}").format(value=newer) if newer else ""
        parts = (unsaved, reason_text(shown.reason), since, older, was, hint, said)
        return " · ".join(part for part in parts if part)

    def _show_live(self) -> None:
        """Show what the probes have found so far, the rows as they stand otherwise."""
        if self._detail is not None and self._template is not None and self._rows:
            self._show_rows(self._detail, self._template)

    def _show_evidence(self, item_id: str, *, anew: bool) -> None:
        def show(text: str) -> None:
            row = self._rows.get(item_id)
            if row is not None:
                row.show_evidence(text)

        self._measuring.ask_evidence(item_id, show, anew=anew)

    def _compare(self) -> None:
        if self._detail is not None and self._template is not None:
            show_comparison(self._kit, self._detail, self._template, self)

    def _restore(self, body: dict[str, Any]) -> None:
        """Bring back what was typed into rows that were not sent."""
        for item_id, fields in body.items():
            if item_id in self._rows and isinstance(fields, dict):
                self._typed[item_id] = {key: str(text) for key, text in fields.items()}
        self._reload()

    def _reload(self) -> None:
        visit_id = self._visit_id
        if visit_id:
            self._kit.ask(
                lambda desk: desk.cases.detail_of_visit(visit_id), self._refresh_now, owner=self
            )

    def _refresh_now(self, detail: CaseDetail | None) -> None:
        if detail is None or self._template is None or detail.visit is None:
            return
        if detail.visit.id == self._visit_id:
            self._refresh(detail, self._template)

    def _collect(self) -> dict[str, Any]:
        return {item_id: dict(fields) for item_id, fields in self._typed.items()}

    def _keep(self, item_id: str, field: str, text: str) -> None:
        self._typed.setdefault(item_id, {})[field] = text
        self._draft.touch()

    def _close_others(self, item_id: str) -> None:
        for other, row in self._rows.items():
            if other != item_id:
                row.set_open(False)
        # The row has its new height once the layout has run.
        QTimer.singleShot(0, self._rows[item_id], lambda: self._bring(item_id))

    def _bring(self, item_id: str) -> None:
        """Scroll so that the whole row can be seen, its head first; never sideways."""
        row, body = self._rows.get(item_id), self.widget()
        if row is None or body is None:
            return
        bar, room = self.verticalScrollBar(), self.viewport().height()
        top = row.mapTo(body, row.rect().topLeft()).y()
        bottom = top + row.height()
        if bottom > bar.value() + room:
            bar.setValue(bottom - room)
        if top < bar.value():
            bar.setValue(top)

    def _judge(self, item_id: str, value: str) -> None:
        """Enter in the value's field: the threshold answers when it can."""
        item = self._template.item(item_id) if self._template else None
        if item is None or not value.strip():
            return
        status = judge(item, typed_value(item, value, self._kit.language))
        if status is None:
            self._say(item_id, self.tr("This value has no verdict of its own: choose the result."))
        else:
            self._answer(item_id, status.value)

    def _answer(self, item_id: str, status: str) -> None:
        row = self._rows[item_id]
        item = self._template.item(item_id) if self._template else None
        value = row.value.strip()
        args = AnswerCheck(
            item=item_id,
            status=CheckStatus(status),
            value=typed_value(item, value, self._kit.language) if item is not None else value,
            note=row.note.strip(),
        )
        self._send("check.answer", args, item_id)

    def _waive(self, item_id: str) -> None:
        reason = self._rows[item_id].note.strip()
        if not reason:
            self._say(item_id, self.tr("To waive an item, write the reason into its note first."))
            self._rows[item_id].ask_for_note()
            return
        self._send("check.waive", WaiveCheck(item=item_id, reason=reason), item_id)

    def _send(self, name: str, args: object, item_id: str) -> None:
        self._rows[item_id].complain("")
        self._kit.command(
            name,
            f"visit:{self._visit_id}",
            args,
            owner=self,
            done=lambda: self._sent(item_id),
            refused=lambda answer: self._refused(item_id, answer),
        )

    def _sent(self, item_id: str) -> None:
        if item_id in self._rows:
            self._rows[item_id].set_open(False)
        if self._typed.pop(item_id, None) is not None:
            self._draft.touch()

    def _refused(self, item_id: str, answer: Refused) -> None:
        self._say(item_id, refusal_text(answer.code, answer.detail))

    def _say(self, item_id: str, sentence: str) -> None:
        """Tell it in the row it is about, which may have been folded meanwhile."""
        row = self._rows.get(item_id)
        if row is not None:
            row.set_open(True)
            row.complain(sentence)
            QTimer.singleShot(0, row, lambda: self._bring(item_id))


def _interfaces(networks: NetworkService) -> tuple[MeasurableInterface, ...]:
    # Imported here for the same reason as below.
    from fieldtech.services.machine import interfaces_to_measure

    return interfaces_to_measure(networks)


def _measured_facts() -> dict[str, str]:
    # Imported here: reading interfaces needs psutil, which the first paint does without.
    from fieldtech.services.machine import measured_facts

    return measured_facts()
