"""The checklist of a visit: answered by hand, judged by the template's thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea, QWidget

from fieldtech.domain.checklist import Widget, judge, missing_items
from fieldtech.domain.commands import AnswerCheck, WaiveCheck
from fieldtech.domain.words import CheckStatus
from ui.views import labels, words
from ui.views.refusals import refusal_text
from ui.views.technician.check_row import CheckRow

if TYPE_CHECKING:
    from fieldtech.domain.checklist import Item, Template
    from fieldtech.services.values import CaseDetail, Refused
    from ui.views.kit import Kit


class ChecklistTab(QScrollArea):
    """Sections LAN, WiFi, Router, Internet, SIP; one row an item, opened one at a time.

    Rows are built once for a visit and refreshed in place, so that an answer coming back from
    the central never closes the row under the technician's hands.
    """

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self.setWidgetResizable(True)
        self._visit_id = ""
        self._template_key = ""
        self._rows: dict[str, CheckRow] = {}
        self._problem = labels.text(kit.theme, size=12, colour="red_text")
        self._problem.hide()

    def show_case(self, detail: CaseDetail) -> None:
        """Show the visit's checklist; without a visit or template, say so."""
        template, visit = detail.template, detail.visit
        if visit is None or template is None:
            self._visit_id = self._template_key = ""
            self._rows = {}
            self.setWidget(self._empty(self.tr("There is no checklist for this incident.")))
            return
        if (visit.id, template.key) != (self._visit_id, self._template_key):
            self._visit_id, self._template_key = visit.id, template.key
            self._build(detail, template)
        self._refresh(detail, template)

    def progress(self, detail: CaseDetail) -> tuple[int, int]:
        """How many of the items that apply are answered, and how many there are."""
        if detail.template is None or detail.visit is None:
            return 0, 0
        kind = detail.service.kind if detail.service else ""
        items = [item for item in detail.template.items if item.applies_to(kind)]
        return sum(detail.visit.answer(item.id) is not None for item in items), len(items)

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
        layout.setContentsMargins(0, theme.px(4), theme.px(10), 0)
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.hide()
        layout.addWidget(self._problem)
        self._rows = {}
        for section in template.sections:
            items = [item for item in section.items if item.applies_to(kind)]
            if not items:
                continue
            layout.addWidget(labels.heading(theme, section.title(language)))
            for item in items:
                row = self._row(detail, item)
                self._rows[item.id] = row
                layout.addWidget(row)
        layout.addStretch(1)
        self.setWidget(body)

    def _row(self, detail: CaseDetail, item: Item) -> CheckRow:
        row = CheckRow(self._kit, item, f"{self._visit_id}:{item.id}")
        row.opened.connect(self._close_others)
        row.answered.connect(self._answer)
        row.waived.connect(self._waive)
        return row

    def _refresh(self, detail: CaseDetail, template: Template) -> None:
        assert detail.visit is not None
        kind = detail.service.kind if detail.service else ""
        missing = set(missing_items(template, detail.visit, kind))
        for item_id, row in self._rows.items():
            row.show_answer(detail.visit.answer(item_id), missing=item_id in missing)

    def _close_others(self, item_id: str) -> None:
        for other, row in self._rows.items():
            if other != item_id:
                row.close_details()
        self.ensureWidgetVisible(self._rows[item_id])

    def _answer(self, item_id: str, status: str, value: str, note: str) -> None:
        self._send(
            "check.answer",
            AnswerCheck(item=item_id, status=CheckStatus(status), value=value, note=note),
            item_id,
        )

    def _waive(self, item_id: str, reason: str) -> None:
        self._send("check.waive", WaiveCheck(item=item_id, reason=reason), item_id)

    def _send(self, name: str, args: object, item_id: str) -> None:
        self._problem.hide()
        self._kit.command(
            name,
            f"visit:{self._visit_id}",
            args,
            owner=self,
            done=lambda: self._sent(item_id),
            refused=self._refused,
        )

    def _sent(self, item_id: str) -> None:
        if item_id in self._rows:
            self._rows[item_id].saved()

    def _refused(self, answer: Refused) -> None:
        self._problem.setText(refusal_text(answer.code, answer.detail))
        self._problem.show()
        self.ensureWidgetVisible(self._problem)


def threshold_text(item: Item) -> str:
    """The limit an item is judged by, as its second line."""
    if item.threshold is None:
        return ""
    limit = f"{item.threshold.limit:g} {item.unit}".strip()
    return f"{item.threshold.op.value} {limit}"


def suggested_status(item: Item, value: str) -> CheckStatus | None:
    """What the threshold makes of a typed value."""
    return judge(item, value) if item.widget is not Widget.NONE else None


def status_word(status: CheckStatus | None) -> str:
    """The verdict in words."""
    return words.check_text(status.value if status else "")
