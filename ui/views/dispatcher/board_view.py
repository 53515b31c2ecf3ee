"""The dispatcher's board: regions, what nobody is on, who could go; register and assign."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListView, QSplitter, QStackedWidget, QWidget
from typing_extensions import override

from fieldtech.services.values import AgendaPage, Refused
from ui.models.technician_model import TECHNICIAN_ROLE, TechnicianModel
from ui.views import labels
from ui.views.dispatcher.board_delegates import TechnicianDelegate
from ui.views.dispatcher.board_news import Assignment, BoardNews
from ui.views.dispatcher.card_column import CardColumn
from ui.views.dispatcher.region_choice import RegionChoice
from ui.views.dispatcher.register_form import RegisterForm
from ui.views.refusals import refusal_text
from ui.views.shape import Shape, shape_of
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.section import SectionHeading
from ui.widgets.themed import set_mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from fieldtech.services.values import AgendaRow, Board, CaseDetail, Saved
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit


class _Case(NamedTuple):
    """The incident to be assigned, and who has it (both empty: nobody)."""

    incident_id: str
    number: str
    visit_id: str = ""
    technician_id: str = ""


class BoardView(QWidget):
    """Three columns: the regions, the queue above what is assigned, technicians and the case.

    Assigning: choose a card and a technician, then the button or Ctrl+Return; Ctrl+Z takes it
    back. Where not all columns fit, the case (Enter, double click, "Open") and the form take the
    place of the others, and a box the place of the tree.
    """

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._text = ""
        self._asked = ("", "")
        self._chosen: _Case | None = None
        self._look_in = ""
        self._sending = False
        self._shape = Shape.WIDE
        self._opened = False
        self._regions = RegionChoice(kit, self)
        self._queue = CardColumn(
            kit, "board.queue", self.tr("Unassigned"), self.tr("Unassigned incidents")
        )
        self._assigned = CardColumn(
            kit, "board.assigned", self.tr("Assigned"), self.tr("Assigned incidents")
        )
        self._build_technicians()
        self._panel = VisitPanel(kit)
        self._register = RegisterForm(kit)
        self._news = BoardNews(kit)
        self._build_buttons()
        self._lay_out()
        self._connect()
        self._arrange()
        self.refresh()

    def _build_technicians(self) -> None:
        self._people = QListView()
        self._people.setObjectName("board.technicians")
        self._people.setAccessibleName(self.tr("Technicians"))
        painter = TechnicianDelegate(self._kit.theme, self._kit.clock, self._people)
        self._technicians = TechnicianModel(self, painter.describe)
        self._people.setModel(self._technicians)
        self._people.setItemDelegate(painter)
        self._people.setMouseTracking(True)
        set_mark(self._people, "frame", "none")

    def _build_buttons(self) -> None:
        theme = self._kit.theme
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.setObjectName("board.problem")
        self._problem.hide()
        self._assign = labels.button(
            theme, self.tr("Assign"), "board.assign", kind="primary", icon="user-check"
        )
        self._new = labels.button(
            theme, self.tr("Register incident"), "board.register", icon="plus"
        )
        self._open = labels.button(theme, self.tr("Open"), "board.open", icon="external-link")

    def _lay_out(self) -> None:
        theme = self._kit.theme
        self._left = QWidget()
        self._tree_column = labels.column(self._left, spacing=theme.px(6))
        self._tree_column.setContentsMargins(theme.px(8), theme.px(8), 0, theme.px(8))
        self._tree_column.addWidget(SectionHeading(theme, self.tr("Regions")))
        self._tree_column.addWidget(self._regions.tree, 1)
        middle = QWidget()
        cards = labels.column(middle, spacing=theme.px(2))
        cards.setContentsMargins(theme.px(6), theme.px(4), theme.px(6), 0)
        cards.addWidget(self._queue, 3)
        cards.addWidget(self._assigned, 2)
        staff_column = QWidget()
        staff = labels.column(staff_column, spacing=theme.px(4))
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
        for part in (self._left, middle, staff_column, self._right):
            part.setMinimumWidth(theme.px(120))
            columns.addWidget(part)
            columns.setStretchFactor(columns.count() - 1, 1 if part is self._right else 0)
        columns.setSizes([theme.px(w) for w in (298, 306, 268, 422)])
        self._lists = (middle, staff_column)
        self._bar = QWidget()
        self._bar_row = labels.line(self._bar, spacing=theme.px(8))
        self._bar_row.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), 0)
        self._bar_row.addWidget(self._regions.box, 1)
        self._bar_row.addWidget(self._open)
        self._bar_row.addStretch(0)
        layout = labels.column(self, spacing=0)
        layout.addWidget(self._news)
        layout.addWidget(self._bar)
        layout.addWidget(columns, 1)

    def _connect(self) -> None:
        self._regions.chosen.connect(self.refresh)
        for column in (self._queue, self._assigned):
            column.cards.picked.connect(self._choose)
            column.cards.opened.connect(self._open_row)
            column.cards.doubleClicked.connect(self._open_case)
        self._queue.cards.cards.page_wanted.connect(lambda at: self._more(self._queue, at))
        self._assigned.cards.cards.page_wanted.connect(lambda at: self._more(self._assigned, at))
        self._people.selectionModel().currentChanged.connect(self._choose_technician)
        self._assign.clicked.connect(self._send)
        self._open.clicked.connect(self._open_case)
        self._new.clicked.connect(self._open_register)
        # Of the lists alone: in a form or a note the same keys are about something else.
        lists = (self._queue.cards, self._assigned.cards, self._people)
        self._on_key("Ctrl+Return", self._send, *lists)
        self._on_key("Ctrl+Z", self._news.take_back, *lists)
        self._on_key("Escape", self._regions.choose_everything, self._regions.tree, *lists)
        QShortcut(QKeySequence("Ctrl+N"), self).activated.connect(self._open_register)
        self._news.refused.connect(self._tell_problem)
        self._register.closed.connect(self._close)
        self._panel.back.connect(self._close)
        self._register.registered.connect(self._registered)
        self._kit.announcer.changed.connect(self._changed)
        self._kit.ticker.tick.connect(self._tick)
        self._offer()

    def _on_key(self, keys: str, action: Callable[[], None], *places: QWidget) -> None:
        """Do ``action`` on these keys while the keyboard is in one of ``places``."""
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for place in places:
            QShortcut(QKeySequence(keys), place, context=context).activated.connect(action)

    def search(self, text: str) -> None:
        """Narrow both lists to what matches."""
        if text != self._text:
            self._text = text
            self.refresh()

    def refresh(self) -> None:
        """Read the board again; what the reader has scrolled through is read with it."""
        region, text = asked = (self._regions.region_id, self._text)
        again = asked == self._asked
        queue = self._queue.wanted if again else CardColumn.PAGE
        assigned = self._assigned.wanted if again else CardColumn.PAGE
        self._kit.ask(
            lambda desk: desk.dispatch.board(region, text, queue=queue, assigned=assigned),
            lambda board: self._show(board, asked),
            owner=self,
            key="board",
        )

    def _more(self, column: CardColumn, offset: int) -> None:
        region, text = asked = self._asked
        assigned, limit = column is self._assigned, CardColumn.PAGE

        def answer(page: AgendaPage) -> None:
            if asked == self._asked:
                column.cards.cards.append(page)

        self._kit.ask(
            lambda desk: desk.dispatch.cards(
                region, text, assigned=assigned, offset=offset, limit=limit
            ),
            answer,
            owner=self,
        )

    def focus_list(self) -> None:
        """Put the keyboard into the queue, or below it when nothing waits."""
        cards = (self._queue if self._queue.cards.cards.rowCount() else self._assigned).cards
        cards.setFocus()
        if not cards.currentIndex().isValid():
            cards.setCurrentIndex(cards.cards.index(0, 0))

    def _show(self, board: Board, asked: tuple[str, str]) -> None:
        stay, self._asked = asked == self._asked, asked
        self._regions.show_regions(board)
        technician = self._people.currentIndex().data(TECHNICIAN_ROLE)
        self._technicians.show_rows(board.technicians)
        if technician is not None:
            self._people.setCurrentIndex(self._technicians.index_of(technician.id))
        found = self._show_lists(board, stay=stay and not self._look_in)
        elsewhere, self._look_in = self._look_in, ""
        if elsewhere and not found:
            # Not in the region chosen, or behind many that are more urgent: there it is seen.
            self._regions.choose(elsewhere)
        self._offer()

    def _show_lists(self, board: Board, *, stay: bool) -> bool:
        """Show both lists; returns whether what is chosen is in one of them."""
        searched = self.tr("Nothing matches.") if self._asked[1] else ""
        nobody = searched or self.tr("Every incident has a technician.")
        nothing = searched or self.tr("Nobody has been assigned.")
        queue = AgendaPage(rows=board.queue, total=board.queue_total)
        assigned = AgendaPage(rows=board.assigned, total=board.assigned_total)
        found = False
        for column, page, empty in (
            (self._queue, queue, nobody),
            (self._assigned, assigned, nothing),
        ):
            chosen = self._chosen.incident_id if self._chosen is not None else ""
            if column.show_cards(page, board.names, chosen=chosen, stay=stay, empty=empty):
                self._chosen = _case(column.cards.current_row())
                found = True
        return found

    def _choose(self, row: AgendaRow) -> None:
        other = self._assigned if self.sender() is self._queue.cards else self._queue
        other.cards.clearSelection()
        self._chosen = _case(row)
        self._problem.hide()
        self._right.setCurrentWidget(self._panel)
        self._panel.show_incident(row.incident_id, row.visit_id)
        self._offer()

    def _choose_technician(self) -> None:
        # Where the keyboard comes in, Qt makes the first one current without showing it.
        current = self._people.currentIndex()
        self._people.selectionModel().select(
            current, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self._problem.hide()
        self._offer()

    def _offer(self) -> None:
        """The button says what it will do, and to whom."""
        technician = self._people.currentIndex().data(TECHNICIAN_ROLE)
        case = self._chosen
        his_already = (
            case is not None
            and technician is not None
            and (bool(case.visit_id) and case.technician_id == technician.id)
        )
        self._open.setEnabled(case is not None)
        self._assign.setEnabled(technician is not None and case is not None and not his_already)
        if technician is None:
            self._assign.setText(self.tr("Assign"))
        elif his_already:
            self._assign.setText(self.tr("{name} has it").format(name=technician.name))
        elif case is not None and case.visit_id:
            self._assign.setText(self.tr("Reassign to {name}").format(name=technician.name))
        else:
            self._assign.setText(self.tr("Assign to {name}").format(name=technician.name))

    def _send(self) -> None:
        technician = self._people.currentIndex().data(TECHNICIAN_ROLE)
        case = self._chosen
        if technician is None or case is None or self._sending:
            return
        self._problem.hide()
        self._sending = True
        sent = Assignment(
            case.incident_id, case.number, technician.id, technician.name, case.technician_id
        )
        self._kit.ask(
            lambda desk: desk.dispatch.assign(sent.incident_id, sent.technician_id),
            lambda answer: self._sent(sent, answer),
            owner=self,
            failed=lambda error: self._kit.give_up(error, self._not_sent),
        )

    def _not_sent(self) -> None:
        self._sending = False

    def _sent(self, sent: Assignment, answer: Saved | Refused) -> None:
        self._sending = False
        if isinstance(answer, Refused):
            self._tell_problem(refusal_text(answer.code, answer.detail))
            return
        self._kit.announce(answer.changed)
        self._news.tell_assigned(sent)

    def _tell_problem(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()

    def _open_register(self) -> None:
        self._right.setCurrentWidget(self._register)
        self._opened = True
        self._arrange()
        self._register.open()

    def _registered(self, incident_id: str, region_id: str) -> None:
        """Put what was registered before the dispatcher's eyes, wherever he was looking."""

        def answer(detail: CaseDetail | None) -> None:
            if detail is None:
                return
            self._chosen = _Case(incident_id, detail.incident.number)
            self._look_in = region_id
            self._news.tell_registered(detail, hidden=bool(self._text))
            self._panel.show_incident(incident_id, "")
            self.refresh()

        self._kit.ask(lambda desk: desk.cases.detail(incident_id), answer, owner=self)

    def _open_row(self, row: AgendaRow) -> None:
        self._choose(row)
        self._open_case()

    def _open_case(self) -> None:
        """Show the case chosen; a wide board shows it all the time."""
        if self._chosen is None:
            return
        self._right.setCurrentWidget(self._panel)
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
        wide, narrow = self._shape is Shape.WIDE, self._shape is Shape.NARROW
        alone = self._opened and not wide
        self._right.setVisible(wide or alone)
        for part in self._lists:
            part.setVisible(not alone)
        self._left.setVisible(not alone and not narrow)
        # Without the case beside the lists a button opens it, and "Register" stands with it.
        (self._tree_column if wide else self._bar_row).insertWidget(0, self._new)
        self._bar.setVisible(not wide and not alone)
        self._regions.box.setVisible(narrow)
        self._panel.set_back_visible(alone)

    def _changed(self, changes: Changes) -> None:
        if changes.incidents or changes.visits or changes.reference:
            self.refresh()

    def _tick(self) -> None:
        if self.isVisible():
            self._regions.tree.viewport().update()
            self._people.viewport().update()


def _case(row: AgendaRow | None) -> _Case | None:
    if row is None:
        return None
    return _Case(row.incident_id, row.number, row.visit_id, row.technician_id)
