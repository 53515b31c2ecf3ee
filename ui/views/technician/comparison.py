"""Two runs of the probes side by side: before the repair, and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from fieldtech.domain.words import CheckStatus
from ui.views import formats, labels, words
from ui.views.technician.item_texts import with_unit
from ui.views.technician.measure_words import cause_text, reason_text
from ui.views.technician.measured import runs_of

if TYPE_CHECKING:
    from fieldtech.domain.checklist import Item, Template
    from fieldtech.domain.facts import MeasuredItem, Measurement
    from fieldtech.services.values import CaseDetail
    from ui.views.kit import Kit

WIDTH, HEIGHT = 780, 560


class Comparison(QDialog):
    """The first whole run of the incident beside the last one; what differs comes first."""

    def __init__(
        self, kit: Kit, detail: CaseDetail, template: Template, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("comparison")
        self.setWindowTitle(self.tr("Before and after"))
        theme = kit.theme
        runs = runs_of(detail)
        first, last = runs[0], runs[-1]
        layout = labels.column(self, spacing=theme.px(10), margin=theme.px(16))
        for title, run in ((self.tr("Before"), first), (self.tr("After"), last)):
            when = formats.day_and_time(run.at, detail.timezone)
            told = f"{title} · {when}: {cause_text(run.cause)[0]}"
            layout.addWidget(labels.text(theme, told, bold=True))
        layout.addWidget(self._table(kit, template, first, last), 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.resize(theme.px(WIDTH), theme.px(HEIGHT))

    def _table(
        self, kit: Kit, template: Template, first: Measurement, last: Measurement
    ) -> QTableWidget:
        pairs = [(item, first.reading(item.id), last.reading(item.id)) for item in template.items]
        rows = [each for each in pairs if each[1] is not None or each[2] is not None]
        rows.sort(key=lambda each: not _differ(each[1], each[2]))
        table = QTableWidget(len(rows), 3)
        table.setObjectName("comparison.table")
        table.setAccessibleName(self.windowTitle())
        table.setHorizontalHeaderLabels([self.tr("Item"), self.tr("Before"), self.tr("After")])
        table.verticalHeader().hide()
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        for place, (item, before, after) in enumerate(rows):
            changed = "● " if _differ(before, after) else ""
            texts = (
                changed + item.title(kit.language),
                _told(item, before, kit.language),
                _told(item, after, kit.language),
            )
            for column, text in enumerate(texts):
                table.setItem(place, column, QTableWidgetItem(text))
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        table.resizeRowsToContents()
        return table


def show_comparison(kit: Kit, detail: CaseDetail, template: Template, parent: QWidget) -> None:
    """Open the table without holding anything else up."""
    dialog = Comparison(kit, detail, template, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _differ(before: MeasuredItem | None, after: MeasuredItem | None) -> bool:
    """Both were measured, and the results are not the same."""
    if before is None or after is None:
        return False
    unmeasured = CheckStatus.NOT_MEASURABLE
    return before.status is not after.status and unmeasured not in {before.status, after.status}


def _told(item: Item, reading: MeasuredItem | None, language: str) -> str:
    """A reading in words: the result, and its value or why there is none."""
    if reading is None:
        return ""
    said = with_unit(item, reading.value, language) or reason_text(reading.reason)
    return " · ".join(part for part in (words.check_text(reading.status.value), said) if part)
