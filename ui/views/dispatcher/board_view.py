"""The dispatcher's board: regions, what nobody is on, who could go; register and assign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QSplitter,
    QStackedWidget,
    QTreeView,
    QWidget,
)

from fieldtech.services.values import AgendaPage, Refused
from ui.models.region_model import NODE_ROLE, RegionModel
from ui.models.technician_model import TECHNICIAN_ROLE, TechnicianModel
from ui.views import labels
from ui.views.card_list import CardList
from ui.views.dispatcher.board_delegates import RegionDelegate, TechnicianDelegate
from ui.views.dispatcher.register_form import RegisterForm
from ui.views.refusals import refusal_text
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.section import SectionHeading
from ui.widgets.themed import set_mark

if TYPE_CHECKING:
    from fieldtech.services.values import AgendaRow, Board, Saved
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit


class BoardView(QWidget):
    """Three columns: the tree, the queue above what is assigned, technicians and the case.

    Assigning: choose a card and a technician, then the button or Ctrl+Return.
    """

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._region_id = ""
        self._text = ""
        self._chosen: AgendaRow | None = None
        self._build_tree()
        self._queue = CardList(kit, "board.queue")
        self._queue.setAccessibleName(self.tr("Unassigned incidents"))
        self._assigned = CardList(kit, "board.assigned")
        self._assigned.setAccessibleName(self.tr("Assigned incidents"))
        self._build_technicians()
        self._panel = VisitPanel(kit)
        self._register = RegisterForm(kit)
        self._problem = labels.text(kit.theme, size=12, colour="red_text")
        self._problem.setObjectName("board.problem")
        self._problem.hide()
        self._assign = labels.button(
            kit.theme, self.tr("Assign"), "board.assign", kind="primary", icon="user-check"
        )
        self._new = labels.button(
            kit.theme, self.tr("Register incident"), "board.register", icon="plus"
        )
        self._lay_out()
        self._connect()
        self.refresh()

    def _build_tree(self) -> None:
        self._regions = RegionModel(self)
        self._tree = QTreeView()
        self._tree.setObjectName("board.tree")
        self._tree.setAccessibleName(self.tr("Regions"))
        self._tree.setHeaderHidden(True)
        self._tree.setModel(self._regions)
        self._tree.setItemDelegate(RegionDelegate(self._kit.theme, self._kit.clock, self._tree))
        self._tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._tree.setIndentation(self._kit.theme.px(10))
        self._tree.setMouseTracking(True)
        set_mark(self._tree, "frame", "none")

    def _build_technicians(self) -> None:
        self._technicians = TechnicianModel(self)
        self._people = QListView()
        self._people.setObjectName("board.technicians")
        self._people.setAccessibleName(self.tr("Technicians"))
        self._people.setModel(self._technicians)
        self._people.setItemDelegate(
            TechnicianDelegate(self._kit.theme, self._kit.clock, self._people)
        )
        self._people.setMouseTracking(True)
        set_mark(self._people, "frame", "none")

    def _lay_out(self) -> None:
        theme = self._kit.theme
        left = QWidget()
        tree = labels.column(left, spacing=theme.px(6))
        tree.setContentsMargins(theme.px(8), theme.px(8), 0, theme.px(8))
        tree.addWidget(self._new)
        tree.addWidget(SectionHeading(theme, self.tr("Regions")))
        tree.addWidget(self._tree, 1)
        middle = QWidget()
        cards = labels.column(middle, spacing=theme.px(2))
        cards.setContentsMargins(theme.px(6), theme.px(4), theme.px(6), 0)
        self._queue_title = SectionHeading(theme, self.tr("Unassigned"))
        self._assigned_title = SectionHeading(theme, self.tr("Assigned"))
        cards.addWidget(self._queue_title)
        cards.addWidget(self._queue, 3)
        cards.addWidget(self._assigned_title)
        cards.addWidget(self._assigned, 2)
        people = QWidget()
        staff = labels.column(people, spacing=theme.px(4))
        staff.setContentsMargins(theme.px(6), theme.px(4), theme.px(6), theme.px(8))
        staff.addWidget(SectionHeading(theme, self.tr("Technicians")))
        staff.addWidget(self._people, 1)
        staff.addWidget(self._problem)
        staff.addWidget(self._assign)
        self._right = QStackedWidget()
        self._right.addWidget(self._panel)
        self._right.addWidget(self._register)
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        for part in (left, middle, people, self._right):
            part.setMinimumWidth(theme.px(120))
            columns.addWidget(part)
            columns.setStretchFactor(columns.count() - 1, 1 if part is self._right else 0)
        columns.setSizes([theme.px(w) for w in (272, 306, 276, 440)])
        layout = labels.line(self, spacing=0)
        layout.addWidget(columns)

    def _connect(self) -> None:
        self._tree.selectionModel().currentChanged.connect(self._choose_region)
        for cards in (self._queue, self._assigned):
            cards.picked.connect(self._choose)
        self._people.selectionModel().currentChanged.connect(self._offer)
        self._assign.clicked.connect(self._send)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.activated.connect(self._send)
        register = QShortcut(QKeySequence("Ctrl+N"), self)
        register.activated.connect(self._open_register)
        self._new.clicked.connect(self._open_register)
        self._register.closed.connect(lambda: self._right.setCurrentWidget(self._panel))
        self._register.registered.connect(self.refresh)
        self._kit.announcer.changed.connect(self._changed)
        self._kit.ticker.tick.connect(self._tick)
        self._offer()

    def search(self, text: str) -> None:
        """Narrow both lists to what matches."""
        self._text = text
        self.refresh()

    def refresh(self) -> None:
        """Read the board again."""
        region, text = self._region_id, self._text
        self._kit.ask(
            lambda desk: desk.dispatch.board(region, text),
            self._show,
            owner=self,
            key="board",
        )

    def _show(self, board: Board) -> None:
        if self._regions.show_regions(board.regions):
            self._tree.expandToDepth(1)
        self._queue_title.set_text(self.tr("Unassigned"), str(len(board.queue)))
        self._assigned_title.set_text(self.tr("Assigned"), str(len(board.assigned)))
        for cards, rows in ((self._queue, board.queue), (self._assigned, board.assigned)):
            cards.cards.show_flat(AgendaPage(rows=rows, total=len(rows)))
        self._technicians.show_rows(board.technicians)
        if self._chosen is not None:
            chosen = self._chosen.incident_id
            if not self._queue.select(chosen):
                self._assigned.select(chosen)
        self._offer()

    def _choose_region(self) -> None:
        node = self._tree.currentIndex().data(NODE_ROLE)
        self._region_id = node.id if node is not None else ""
        self.refresh()

    def _choose(self, row: AgendaRow) -> None:
        other = self._assigned if self.sender() is self._queue else self._queue
        other.clearSelection()
        self._chosen = row
        self._problem.hide()
        self._right.setCurrentWidget(self._panel)
        self._panel.show_incident(row.incident_id, row.visit_id)
        self._offer()

    def _offer(self) -> None:
        """The button says what it will do, and to whom."""
        technician = self._people.currentIndex().data(TECHNICIAN_ROLE)
        row = self._chosen
        self._assign.setEnabled(technician is not None and row is not None)
        if technician is None:
            self._assign.setText(self.tr("Assign"))
        elif row is not None and row.visit_id:
            self._assign.setText(self.tr("Reassign to {name}").format(name=technician.name))
        else:
            self._assign.setText(self.tr("Assign to {name}").format(name=technician.name))

    def _send(self) -> None:
        technician = self._people.currentIndex().data(TECHNICIAN_ROLE)
        row = self._chosen
        if technician is None or row is None:
            return
        self._problem.hide()
        incident_id, technician_id = row.incident_id, technician.id
        self._kit.ask(
            lambda desk: desk.dispatch.assign(incident_id, technician_id), self._sent, owner=self
        )

    def _sent(self, answer: Saved | Refused) -> None:
        if isinstance(answer, Refused):
            self._problem.setText(refusal_text(answer.code, answer.detail))
            self._problem.show()
            return
        self._kit.announce(answer.changed)

    def _open_register(self) -> None:
        self._right.setCurrentWidget(self._register)
        self._register.open()

    def _changed(self, changes: Changes) -> None:
        if changes.incidents or changes.visits or changes.reference:
            self.refresh()

    def _tick(self) -> None:
        if self.isVisible():
            self._tree.viewport().update()
            self._people.viewport().update()
