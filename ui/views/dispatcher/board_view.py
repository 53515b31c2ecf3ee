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
from typing_extensions import override

from fieldtech.services.values import AgendaPage, Refused
from ui.models.region_model import NODE_ROLE, RegionModel
from ui.models.technician_model import TECHNICIAN_ROLE, TechnicianModel
from ui.views import labels
from ui.views.card_list import CardList
from ui.views.dispatcher.board_delegates import RegionDelegate, TechnicianDelegate
from ui.views.dispatcher.register_form import RegisterForm
from ui.views.refusals import refusal_text
from ui.views.shape import Shape, shape_of
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.section import SectionHeading
from ui.widgets.themed import set_mark

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from fieldtech.services.values import AgendaRow, Board, Saved
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit


class BoardView(QWidget):
    """Three columns: the tree, the queue above what is assigned, technicians and the case.

    Assigning: choose a card and a technician, then the button or Ctrl+Return. Where not all
    columns fit, the case (Enter, double click) and the form take the place of the others.
    """

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._region_id = ""
        self._text = ""
        self._chosen: AgendaRow | None = None
        self._sending = False
        self._shape = Shape.WIDE
        self._opened = False
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
        self._left = QWidget()
        tree = labels.column(self._left, spacing=theme.px(6))
        tree.setContentsMargins(theme.px(8), theme.px(8), 0, theme.px(8))
        tree.addWidget(self._new)
        tree.addWidget(SectionHeading(theme, self.tr("Regions")))
        tree.addWidget(self._tree, 1)
        self._middle = QWidget()
        cards = labels.column(self._middle, spacing=theme.px(2))
        cards.setContentsMargins(theme.px(6), theme.px(4), theme.px(6), 0)
        self._queue_title = SectionHeading(theme, self.tr("Unassigned"))
        self._assigned_title = SectionHeading(theme, self.tr("Assigned"))
        cards.addWidget(self._queue_title)
        cards.addWidget(self._queue, 3)
        cards.addWidget(self._assigned_title)
        cards.addWidget(self._assigned, 2)
        self._staff = QWidget()
        staff = labels.column(self._staff, spacing=theme.px(4))
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
        for part in (self._left, self._middle, self._staff, self._right):
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
            cards.opened.connect(self._open_case)
            cards.doubleClicked.connect(self._open_case)
        self._people.selectionModel().currentChanged.connect(self._choose_technician)
        self._assign.clicked.connect(self._send)
        for chosen_from in (self._queue, self._assigned, self._people):
            # Of the lists alone: in a form or a note the same keys are about something else.
            context = Qt.ShortcutContext.WidgetWithChildrenShortcut
            shortcut = QShortcut(QKeySequence("Ctrl+Return"), chosen_from, context=context)
            shortcut.activated.connect(self._send)
        register = QShortcut(QKeySequence("Ctrl+N"), self)
        register.activated.connect(self._open_register)
        self._new.clicked.connect(self._open_register)
        self._register.closed.connect(self._close)
        self._panel.back.connect(self._close)
        self._register.registered.connect(self.refresh)
        self._kit.announcer.changed.connect(self._changed)
        self._kit.ticker.tick.connect(self._tick)
        self._offer()

    def search(self, text: str) -> None:
        """Narrow both lists to what matches."""
        if text != self._text:
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

    def focus_list(self) -> None:
        """Put the keyboard into the queue, or below it when nothing waits."""
        cards = self._queue if self._queue.cards.rowCount() else self._assigned
        cards.setFocus()
        if not cards.currentIndex().isValid():
            cards.setCurrentIndex(cards.cards.index(0, 0))

    def _show(self, board: Board) -> None:
        if self._regions.show_regions(board.regions):
            self._tree.expandToDepth(1)
            self._find_region()
        self._queue_title.set_text(self.tr("Unassigned"), str(len(board.queue)))
        self._assigned_title.set_text(self.tr("Assigned"), str(len(board.assigned)))
        technician = self._people.currentIndex().data(TECHNICIAN_ROLE)
        self._technicians.show_rows(board.technicians)
        if technician is not None:
            self._people.setCurrentIndex(self._technicians.index_of(technician.id))
        chosen = self._chosen.incident_id if self._chosen is not None else ""
        for cards, rows in ((self._queue, board.queue), (self._assigned, board.assigned)):
            place = cards.place
            cards.cards.show_flat(AgendaPage(rows=rows, total=len(rows)), board.names)
            if cards.select(chosen):
                self._chosen = cards.current_row()
            cards.return_to(place)
        self._offer()

    def _find_region(self) -> None:
        """The tree was built anew: what was chosen is chosen again, if it is still there."""
        index = self._regions.index_of(self._region_id)
        if index.isValid():
            self._tree.setCurrentIndex(index)
        elif self._region_id:
            self._region_id = ""
            self.refresh()

    def _choose_region(self) -> None:
        node = self._tree.currentIndex().data(NODE_ROLE)
        region_id = node.id if node is not None else ""
        if region_id != self._region_id:
            self._region_id = region_id
            self.refresh()

    def _choose(self, row: AgendaRow) -> None:
        other = self._assigned if self.sender() is self._queue else self._queue
        other.clearSelection()
        self._chosen = row
        self._problem.hide()
        self._right.setCurrentWidget(self._panel)
        self._panel.show_incident(row.incident_id, row.visit_id)
        self._offer()

    def _choose_technician(self) -> None:
        self._problem.hide()
        self._offer()

    def _offer(self) -> None:
        """The button says what it will do, and to whom."""
        technician = self._people.currentIndex().data(TECHNICIAN_ROLE)
        row = self._chosen
        his_already = (
            row is not None
            and technician is not None
            and (bool(row.visit_id) and row.technician_id == technician.id)
        )
        self._assign.setEnabled(technician is not None and row is not None and not his_already)
        if technician is None:
            self._assign.setText(self.tr("Assign"))
        elif his_already:
            self._assign.setText(self.tr("{name} has it").format(name=technician.name))
        elif row is not None and row.visit_id:
            self._assign.setText(self.tr("Reassign to {name}").format(name=technician.name))
        else:
            self._assign.setText(self.tr("Assign to {name}").format(name=technician.name))

    def _send(self) -> None:
        technician = self._people.currentIndex().data(TECHNICIAN_ROLE)
        row = self._chosen
        if technician is None or row is None or self._sending:
            return
        self._problem.hide()
        self._sending = True
        incident_id, technician_id = row.incident_id, technician.id
        self._kit.ask(
            lambda desk: desk.dispatch.assign(incident_id, technician_id),
            self._sent,
            owner=self,
            failed=lambda error: self._kit.give_up(error, self._not_sent),
        )

    def _not_sent(self) -> None:
        self._sending = False

    def _sent(self, answer: Saved | Refused) -> None:
        self._sending = False
        if isinstance(answer, Refused):
            self._problem.setText(refusal_text(answer.code, answer.detail))
            self._problem.show()
            return
        self._kit.announce(answer.changed)

    def _open_register(self) -> None:
        self._right.setCurrentWidget(self._register)
        self._opened = True
        self._arrange()
        self._register.open()

    def _open_case(self) -> None:
        """Show the case chosen; a wide board shows it all the time."""
        self._opened = True
        self._arrange()
        self._panel.setFocus()

    def _close(self) -> None:
        """Back from the case or the form to the lists."""
        self._right.setCurrentWidget(self._panel)
        self._opened = False
        self._arrange()
        self.focus_list()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        shape = shape_of(self.width(), self._kit.theme.scale)
        if shape is not self._shape:
            self._shape = shape
            self._arrange()

    def _arrange(self) -> None:
        wide = self._shape is Shape.WIDE
        alone = self._opened and not wide
        self._right.setVisible(wide or alone)
        self._middle.setVisible(not alone)
        self._staff.setVisible(not alone)
        self._left.setVisible(not alone and self._shape is not Shape.NARROW)
        self._panel.set_back_visible(alone)

    def _changed(self, changes: Changes) -> None:
        if changes.incidents or changes.visits or changes.reference:
            self.refresh()

    def _tick(self) -> None:
        if self.isVisible():
            self._tree.viewport().update()
            self._people.viewport().update()
