"""Two runs of the probes side by side: before the repair, and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ui.views import formats, labels
from ui.views.technician.measure_words import cause_text, profile_text, reading_text
from ui.views.technician.measured import compared_runs, differ, runs_of
from ui.widgets.form import FormField

if TYPE_CHECKING:
    from fieldtech.domain.checklist import Template
    from fieldtech.domain.facts import Measurement
    from fieldtech.services.values import CaseDetail
    from ui.views.kit import Kit

WIDTH, HEIGHT = 780, 560


class Comparison(QDialog):
    """Two whole runs of the incident, at first what was broken and the last; what differs first."""

    def __init__(
        self, kit: Kit, detail: CaseDetail, template: Template, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("comparison")
        self.setWindowTitle(self.tr("Before and after"))
        self._template, self._language = template, kit.language
        self._runs = runs_of(detail)
        theme = kit.theme
        self._air = theme.px(6)
        layout = labels.column(self, spacing=theme.px(10), margin=theme.px(16))
        self._choices: list[QComboBox] = []
        titles = (("before", self.tr("Before")), ("after", self.tr("After")))
        for (name, title), run in zip(titles, compared_runs(self._runs), strict=True):
            box = self._chooser(detail.timezone, run)
            box.setObjectName(f"comparison.{name}")
            self._choices.append(box)
            layout.addWidget(FormField(theme, title, box))
        self._table = self._make_table()
        layout.addWidget(self._table, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.resize(theme.px(WIDTH), theme.px(HEIGHT))
        for box in self._choices:
            box.currentIndexChanged.connect(self._fill)
        self._fill()

    def _chooser(self, timezone: str, chosen: Measurement) -> QComboBox:
        """Every run by when, how and where it was made, and what it comes to."""
        box = QComboBox()
        # However long a verdict is, it must not make the window wider than the screen.
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for place, run in enumerate(self._runs):
            when = formats.day_and_time(run.at, timezone)
            parts = (when, profile_text(run), run.interface, cause_text(run.cause)[0])
            box.addItem(" · ".join(part for part in parts if part), place)
        box.setCurrentIndex(self._runs.index(chosen))
        return box

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setObjectName("comparison.table")
        table.setAccessibleName(self.windowTitle())
        table.setHorizontalHeaderLabels([self.tr("Item"), self.tr("Before"), self.tr("After")])
        table.verticalHeader().hide()
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        return table

    def _fill(self) -> None:
        """Set the two runs that are chosen beside each other."""
        first, last = (self._runs[box.currentIndex()] for box in self._choices)
        items = self._template.items
        pairs = [(item, first.reading(item.id), last.reading(item.id)) for item in items]
        rows = [each for each in pairs if each[1] is not None or each[2] is not None]
        rows.sort(key=lambda each: not differ(each[1], each[2]))
        self._table.setRowCount(len(rows))
        for place, (item, before, after) in enumerate(rows):
            changed = "● " if differ(before, after) else ""
            texts = (
                changed + item.title(self._language),
                reading_text(item, before, self._language),
                reading_text(item, after, self._language),
            )
            for column, text in enumerate(texts):
                self._table.setItem(place, column, QTableWidgetItem(text))
        self._table.resizeRowsToContents()
        for place in range(len(rows)):
            self._table.setRowHeight(place, self._table.rowHeight(place) + self._air)


def show_comparison(kit: Kit, detail: CaseDetail, template: Template, parent: QWidget) -> None:
    """Open the table without holding anything else up."""
    dialog = Comparison(kit, detail, template, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
