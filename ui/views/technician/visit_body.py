"""The inside of a visit's panel: header, tabs, actions and the restoration form of one incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QTabWidget, QWidget

from fieldtech.domain.words import IncidentKind
from ui.views import labels
from ui.views.technician.actions_bar import ActionsBar
from ui.views.technician.checklist_tab import ChecklistTab
from ui.views.technician.evidence_tab import EvidenceTab
from ui.views.technician.notes_tab import NotesTab
from ui.views.technician.restore_form import RestoreForm
from ui.views.technician.summary_tab import SummaryTab
from ui.views.technician.visit_header import VisitHeader

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from fieldtech.services.values import CaseDetail
    from ui.views.kit import Kit


CHECKLIST = 1
"""The tab of the checklist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a body is put together from."""

    header: VisitHeader
    summary: SummaryTab
    checklist: ChecklistTab
    notes: NotesTab
    evidence: EvidenceTab
    restore: RestoreForm
    actions: ActionsBar


def make_body(kit: Kit) -> Generator[None, None, VisitBody]:
    """Make a body, the windows free to do something else after each part of it."""
    header = VisitHeader(kit)
    summary = SummaryTab(kit)
    checklist = ChecklistTab(kit)
    notes = NotesTab(kit)
    yield
    evidence = EvidenceTab(kit)
    yield
    restore = RestoreForm(kit)
    yield
    actions = ActionsBar(kit)
    parts = Parts(
        header=header,
        summary=summary,
        checklist=checklist,
        notes=notes,
        evidence=evidence,
        restore=restore,
        actions=actions,
    )
    yield
    return VisitBody(kit, parts)


class VisitBody(QWidget):
    """Shows the case it is handed; ``restore_wanted`` asks for fresh facts for the form."""

    restore_wanted = Signal()

    def __init__(self, kit: Kit, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = kit.theme
        self._header = parts.header
        self._tabs = QTabWidget()
        self._tabs.tabBar().setObjectName("visit.tabs")
        self._tabs.tabBar().setAccessibleName(self.tr("Parts of the visit"))
        self._summary, self._checklist = parts.summary, parts.checklist
        self._notes, self._evidence = parts.notes, parts.evidence
        self._restore, self._actions = parts.restore, parts.actions
        self._evidence.counted.connect(self._count_files)
        for tab, title in (
            (self._summary, self.tr("Visit")),
            (self._checklist, self.tr("Checklist")),
            (self._notes, self.tr("Notes")),
            (self._evidence, self.tr("Files")),
        ):
            self._tabs.addTab(tab, title)
        work = QWidget()
        inner = labels.column(work, spacing=theme.px(6))
        inner.addWidget(self._tabs, 1)
        inner.addWidget(self._actions)
        self._compact = self._question_open = False
        self._pages = QStackedWidget()
        self._pages.addWidget(work)
        self._pages.addWidget(self._restore)
        layout = labels.column(self, spacing=theme.px(8))
        layout.addWidget(self._header)
        layout.addWidget(self._pages, 1)
        self._actions.restore_wanted.connect(self.restore_wanted)
        self._actions.asking.connect(self._asking)
        self._restore.closed.connect(self.close_restore)
        self._restore.checklist_wanted.connect(self._go_to_checklist)

    def open_tab(self, position: int) -> None:
        """Bring a tab to the front: 0 visit, 1 checklist, 2 notes, 3 files."""
        self._tabs.setCurrentIndex(position)

    def set_compact(self, wanted: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """Little height: the head takes two lines."""
        self._compact = wanted
        self._header.set_compact(wanted)
        self._restore.set_compact(wanted)
        self._notes.set_compact(wanted)
        self._make_room()

    def lead_with(self, widget: QWidget) -> None:
        """Put the way back before the name, where the head is two lines."""
        self._header.lead_with(widget)

    def _asking(self, asking: bool) -> None:  # noqa: FBT001  a signal's argument
        self._question_open = asking
        self._make_room()

    def _make_room(self) -> None:
        """In a low window an open question has the place of the tabs."""
        self._tabs.setVisible(not (self._compact and self._question_open))

    def show_case(self, detail: CaseDetail) -> None:
        """Show a case, or the same one as it is now."""
        for _ in self.showing(detail):
            pass

    def showing(self, detail: CaseDetail) -> Iterator[None]:
        """The same, the windows free to do something else after each part of it."""
        technical = detail.incident.kind is not IncidentKind.ADMINISTRATIVE
        self._tabs.setTabVisible(CHECKLIST, technical)
        self._header.show_case(detail)
        self._actions.show_case(detail)
        yield
        self._summary.show_case(detail)
        yield
        self._checklist.show_case(detail)
        yield
        self._notes.show_case(detail)
        self._evidence.show_case(detail)
        done, total = self._checklist.progress(detail)
        title = self.tr("Checklist")
        self._tabs.setTabText(1, f"{title} {done}/{total}" if total else title)
        notes = len(detail.incident.notes)
        title = self.tr("Notes")
        self._tabs.setTabText(2, f"{title} {notes}" if notes else title)
        if self._pages.currentIndex() == 1:
            self._restore.refresh(detail)
        self._order_stops()

    def _count_files(self, count: int) -> None:
        title = self.tr("Files")
        self._tabs.setTabText(3, f"{title} {count}" if count else title)

    def _order_stops(self) -> None:
        """The actions come after the tabs, whose widgets are made anew now and then."""
        window = self.window()
        for stop in self._actions.stops:
            last = window.previousInFocusChain()
            while last is not None and last is not window and last.window() is not window:
                last = last.previousInFocusChain()  # a menu or a list that drops down
            if last is not None and last is not stop:
                QWidget.setTabOrder(last, stop)

    def _go_to_checklist(self) -> None:
        self._pages.setCurrentIndex(0)
        self.open_tab(CHECKLIST)
        self._checklist.open_first_missing()

    def open_restore(self, detail: CaseDetail) -> None:
        """Bring the restoration form to the front."""
        self._pages.setCurrentIndex(1)
        self._restore.open_for(detail)

    def close_restore(self) -> None:
        """Bring the tabs back to the front; the keyboard goes on with the next step."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._restore.isAncestorOf(focused)
        self._pages.setCurrentIndex(0)
        if had_focus:
            self._actions.take_focus()
