"""The visit: header, tabs and actions of one incident, loaded and reloaded from the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from ui.views import labels
from ui.views.technician.actions_bar import ActionsBar
from ui.views.technician.checklist_tab import ChecklistTab
from ui.views.technician.notes_tab import NotesTab
from ui.views.technician.restore_form import RestoreForm
from ui.views.technician.summary_tab import SummaryTab
from ui.views.technician.visit_header import VisitHeader

if TYPE_CHECKING:
    from fieldtech.services.values import CaseDetail
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit


class VisitPanel(QWidget):
    """Shows one incident at a time; ``show_incident`` switches, announcements refresh.

    ``back`` is emitted by the button that narrow windows show above the panel.
    """

    back = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("visit.panel")
        self._kit = kit
        self._incident_id = ""
        self._visit_id = ""
        self._header = VisitHeader(kit)
        self._tabs = QTabWidget()
        self._tabs.tabBar().setObjectName("visit.tabs")
        self._summary = SummaryTab(kit)
        self._checklist = ChecklistTab(kit)
        self._notes = NotesTab(kit)
        self._restore = RestoreForm(kit)
        self._actions = ActionsBar(kit)
        for tab, title in (
            (self._summary, self.tr("Visit")),
            (self._checklist, self.tr("Checklist")),
            (self._notes, self.tr("Notes")),
        ):
            self._tabs.addTab(tab, title)
        self._pages = QStackedWidget()
        self._lay_out()
        self._actions.restore_wanted.connect(self._open_restore)
        self._restore.closed.connect(self._close_restore)
        kit.announcer.changed.connect(self._changed)

    def _lay_out(self) -> None:
        theme = self._kit.theme
        work = QWidget()
        inner = labels.column(work, spacing=theme.px(6))
        inner.addWidget(self._tabs, 1)
        inner.addWidget(self._actions)
        self._pages.addWidget(work)
        self._pages.addWidget(self._restore)
        self._back = labels.button(
            theme, self.tr("Agenda"), "visit.back", kind="ghost", icon="chevron-left", small=True
        )
        self._back.clicked.connect(self.back)
        self._back.hide()
        self._shown = QWidget()
        body = labels.column(self._shown, spacing=theme.px(8))
        body.addWidget(self._header)
        body.addWidget(self._pages, 1)
        self._empty = labels.muted(theme, self.tr("Choose a visit from the list."))
        layout = labels.column(self, spacing=theme.px(4))
        layout.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        layout.addWidget(self._back)
        layout.addWidget(self._empty)
        layout.addWidget(self._shown, 1)
        self._shown.hide()

    def set_back_visible(self, visible: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """Narrow windows show the way back to the list."""
        self._back.setVisible(visible)

    @property
    def incident_id(self) -> str:
        """The incident shown, empty when none."""
        return self._incident_id

    def open_tab(self, position: int) -> None:
        """Bring a tab to the front: 0 visit, 1 checklist, 2 notes."""
        self._tabs.setCurrentIndex(position)

    def show_incident(self, incident_id: str, visit_id: str) -> None:
        """Load and show another incident."""
        if incident_id != self._incident_id:
            self._pages.setCurrentIndex(0)
        self._incident_id, self._visit_id = incident_id, visit_id
        self._load()

    def _load(self) -> None:
        incident_id, visit_id = self._incident_id, self._visit_id
        self._kit.ask(
            lambda desk: desk.cases.detail(incident_id, visit_id),
            self._show,
            owner=self,
            key=f"visit.panel.{id(self)}",
        )

    def _show(self, detail: CaseDetail | None) -> None:
        self._shown.setVisible(detail is not None)
        self._empty.setVisible(detail is None)
        if detail is None:
            self._empty.setText(self.tr("This incident is no longer on this laptop."))
            return
        self._header.show_case(detail)
        self._summary.show_case(detail)
        self._checklist.show_case(detail)
        self._notes.show_case(detail)
        self._actions.show_case(detail)
        done, total = self._checklist.progress(detail)
        title = self.tr("Checklist")
        self._tabs.setTabText(1, f"{title} {done}/{total}" if total else title)
        notes = len(detail.incident.notes)
        title = self.tr("Notes")
        self._tabs.setTabText(2, f"{title} {notes}" if notes else title)
        if self._pages.currentIndex() == 1:
            self._restore.refresh(detail)

    def _open_restore(self) -> None:
        incident_id, visit_id = self._incident_id, self._visit_id

        def answer(detail: CaseDetail | None) -> None:
            if detail is not None:
                self._pages.setCurrentIndex(1)
                self._restore.open_for(detail)

        self._kit.ask(lambda desk: desk.cases.detail(incident_id, visit_id), answer, owner=self)

    def _close_restore(self) -> None:
        self._pages.setCurrentIndex(0)

    def _changed(self, changes: Changes) -> None:
        if self._incident_id and (self._incident_id in changes.incidents or changes.reference):
            self._load()
