"""Mis visitas: the cards by place and urgency, the map beside them, the visit at the right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from fieldtech.services.first_values import AgendaQuery
from ui.views import labels
from ui.views.card_list import CardList
from ui.views.map_place import MapPlace
from ui.views.pins import Pins
from ui.views.shape import WIDE, Shape, shape_of
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.chips import Chip, ChipBar

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from fieldtech.services.values import AgendaCounts, AgendaPage, AgendaRow
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit

PAGE = 200
LIST_WIDTH = 324
PANEL_WIDTH = 400
PINS_AFTER_MS = 250
"""Longer than the gap between two keys of somebody who types."""


@dataclass(frozen=True, slots=True)
class Place:
    """A reader's place in the agenda: what was asked for and which case was open."""

    query: AgendaQuery
    incident_id: str
    visit_id: str


class AgendaView(QWidget):
    """Owns the query; everything shown comes from the services' answers to it.

    ``counted`` carries the counts over the whole agenda after each answer; ``ready`` comes once,
    when the first rows are on the screen.
    """

    counted = Signal(object)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._query = self._shown = AgendaQuery()
        self._shape = Shape.WIDE
        self._chips = ChipBar(kit.theme)
        self._list = CardList(kit, "agenda.list")
        self._list.setAccessibleName(self.tr("My visits"))
        self._empty = labels.muted(kit.theme)
        self._empty.hide()
        self._map = MapPlace(kit.theme, "agenda.map")
        self._switch = labels.button(
            kit.theme, self.tr("Map"), "agenda.switch", icon="map", small=True
        )
        self._switch.setCheckable(True)
        self._pins: Pins | None = None
        # Pins of ten thousand take as long to read as three pages: they wait until one has typed.
        self._pins_wanted = QTimer(self, singleShot=True, interval=PINS_AFTER_MS)
        self._pins_wanted.timeout.connect(self._ask_pins)
        self._panel = VisitPanel(kit)
        self._lay_out()
        self._show_counts(None)
        self._connect()

    def _lay_out(self) -> None:
        theme = self._kit.theme
        self._left = QWidget()
        self._head = labels.line(spacing=theme.px(6))
        self._head.addWidget(self._chips, 1)
        self._head.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignTop)
        self._switch.hide()
        self._column = left = labels.column(self._left, spacing=theme.px(6))
        left.setContentsMargins(theme.px(8), theme.px(10), 0, 0)
        left.addLayout(self._head)
        left.addWidget(self._empty)
        left.addWidget(self._list, 1)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setChildrenCollapsible(False)
        for part in (self._left, self._map, self._panel):
            self._columns.addWidget(part)
        self._share_columns()
        self._left.setMinimumWidth(theme.px(230))
        self._panel.setMinimumWidth(theme.px(300))
        self._map.setMinimumWidth(theme.px(120))
        layout = labels.line(self, spacing=0)
        layout.addWidget(self._columns)

    def _share_columns(self) -> None:
        """List and visit as wide as they need, the rest is the map's."""
        px = self._kit.theme.px
        self._columns.setStretchFactor(1, 1)
        self._columns.setSizes([px(LIST_WIDTH), px(WIDE), px(PANEL_WIDTH)])

    def _connect(self) -> None:
        self._chips.chosen.connect(self._choose_chip)
        self._switch.toggled.connect(self._arrange_left)
        self._list.picked.connect(self._pick)
        self._list.opened.connect(self._open)
        self._list.clicked.connect(lambda index: self._open(self._list.cards.row_at(index)))
        self._list.cards.page_wanted.connect(self._more)
        self._map.pin_activated.connect(self._pick_on_map)
        self._panel.back.connect(self._back)
        self._kit.announcer.changed.connect(self._changed)

    @property
    def panel(self) -> VisitPanel:
        """The visit at the right."""
        return self._panel

    @property
    def place(self) -> Place:
        """Where the reader is: to be handed to the view that takes this one's place."""
        return Place(self._query, self._panel.incident_id, self._panel.visit_id)

    def return_to(self, place: Place) -> None:
        """Go on where another view left off."""
        self._query = place.query
        self._chips.set_current(place.query.chip)
        if place.incident_id:
            self._panel.show_incident(place.incident_id, place.visit_id)
        self.refresh()

    def show_chip(self, chip: str) -> None:
        """Filter as if that chip had been pressed, and forget the search."""
        self._chips.set_current(chip)
        self._query = AgendaQuery(chip=chip)
        self.refresh()

    def load_map(self) -> None:
        """Give the map its ground; the data is read away from the event loop."""
        self._kit.runner.run_net(self._kit.geography, self._map.canvas.set_geography, owner=self)

    def focus_list(self) -> None:
        """Put the keyboard into the list."""
        self._list.setFocus()
        if not self._list.currentIndex().isValid() and self._list.cards.rowCount() > 1:
            self._list.setCurrentIndex(self._list.cards.index(1, 0))

    def search(self, text: str) -> None:
        """Narrow the list to what matches; an empty text shows everything."""
        if text != self._query.text:
            self._query = replace(self._query, text=text)
            self.refresh()

    def refresh(self) -> None:
        """Ask the services again; what is chosen stays chosen."""
        query = self._query
        # What the reader has scrolled through is read again, or he would be thrown back.
        limit = max(PAGE, self._list.cards.loaded) if query == self._shown else PAGE
        self._kit.ask(
            lambda desk: desk.agenda.page(query, offset=0, limit=limit),
            self.show_page,
            owner=self,
            key=f"agenda.{id(self)}",
        )

    def recount(self) -> None:
        """A deadline has passed: count anew; the cards stand where they stood.

        Only the list of what is about to expire is another one now.
        """
        if self._query.chip == "expiring":
            self.refresh()
            return
        self._kit.ask(
            lambda desk: desk.agenda.counts(),
            self._recounted,
            owner=self,
            key=f"agenda.counts.{id(self)}",
        )

    def _recounted(self, counts: AgendaCounts) -> None:
        self._show_counts(counts)
        self.counted.emit(counts)
        if self._pins is not None and self._pins.recolour(self._kit.clock.now()):
            self._show_pins(self._pins)

    def show_first_look(self, page: AgendaPage) -> None:
        """Show the cards of the window's first paint; map and visit come with ``refresh``."""
        self._show_cards(page)

    def show_page(self, page: AgendaPage) -> None:
        """Show the first page of a query, and its first card where none is chosen yet.

        The same query shown anew stays where it was scrolled to.
        """
        place = self._list.place if self._query == self._shown else 0
        self._shown = self._query
        self._show_cards(page)
        if self._pins is None:
            self._ask_pins()
        else:
            self._pins_wanted.start()
        chosen = self._panel.incident_id
        if chosen:
            self._list.select(chosen)
        elif page.rows and self._shape is not Shape.NARROW:
            self._select_first(page.rows[0])
        self._list.return_to(place)

    def _show_cards(self, page: AgendaPage) -> None:
        self._list.cards.show_first(page)
        self._show_counts(page.counts)
        self._empty.setVisible(not page.rows)
        if not page.rows:
            searched = bool(self._query.text or self._query.chip != "all")
            self._empty.setText(
                self.tr("Nothing matches.")
                if searched
                else self.tr("No visits are assigned to you.")
            )
        self.counted.emit(page.counts)

    def _ask_pins(self) -> None:
        """Every incident of the query has its pin, however few of its cards are loaded."""
        query, now = self._query, self._kit.clock.now()
        self._kit.ask(
            lambda desk: Pins(desk.agenda.pins(query), now),
            self._show_pins,
            owner=self,
            key=f"agenda.pins.{id(self)}",
        )

    def _show_pins(self, pins: Pins) -> None:
        self._pins = pins
        self._map.canvas.set_pins(pins.all())
        self._map.canvas.set_highlight(pins.states)
        chosen = self._panel.incident_id
        if chosen and self._map.canvas.selected != chosen:
            self._map.select(chosen)

    def open_incident(self, incident_id: str) -> None:
        """Show an incident, wherever it is in the list."""
        for row in self._list.cards.rows():
            if row.incident_id == incident_id:
                self._list.select(incident_id)
                self._pick(row)
                self._open(row)
                return
        # Filtered out or on a page not loaded yet: the visit is shown all the same.
        self._list.clearSelection()
        self._panel.show_incident(incident_id, "")
        self._map.select(incident_id)
        self._show_panel()

    def _select_first(self, row: AgendaRow) -> None:
        self._list.select(row.incident_id)
        self._pick(row)

    def _show_counts(self, counts: AgendaCounts | None) -> None:
        self._chips.set_chips(
            [
                Chip("all", self.tr("All"), counts.all if counts else None),
                Chip("major", self.tr("Major fault"), counts.major if counts else None),
                Chip("expiring", self.tr("About to expire"), counts.expiring if counts else None),
            ]
        )

    def _choose_chip(self, chip: str) -> None:
        self._query = replace(self._query, chip=chip)
        self.refresh()

    def _more(self, offset: int) -> None:
        query = self._query

        def answer(page: AgendaPage) -> None:
            if query == self._query:
                self._list.cards.append(page)

        self._kit.ask(
            lambda desk: desk.agenda.page(query, offset=offset, limit=PAGE), answer, owner=self
        )

    def _pick(self, row: AgendaRow) -> None:
        self._panel.show_incident(row.incident_id, row.visit_id)
        self._map.select(row.incident_id)

    def _open(self, row: AgendaRow | None) -> None:
        if row is not None:
            self._show_panel()

    def _show_panel(self) -> None:
        """In a narrow window the visit takes the list's place."""
        if self._shape is Shape.NARROW:
            self._left.hide()
            self._panel.show()
            self._panel.setFocus()

    def _back(self) -> None:
        self._panel.hide()
        self._left.show()
        self._list.setFocus()

    def _pick_on_map(self, incident_id: str) -> None:
        self._list.select(incident_id)
        row = self._list.current_row()
        if row is not None:
            self._pick(row)
        else:
            # Its card is on a page that is not loaded yet.
            self._panel.show_incident(incident_id, "")
        self._show_panel()

    def _changed(self, changes: Changes) -> None:
        if changes.incidents or changes.visits or changes.reference:
            self.refresh()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        shape = shape_of(self.width(), self._kit.theme.scale)
        if shape is not self._shape:
            self._shape = shape
            self._arrange()

    def _arrange(self) -> None:
        self._arrange_left()
        narrow = self._shape is Shape.NARROW
        self._panel.set_back_visible(narrow)
        self._left.show()
        self._panel.setVisible(not narrow)
        self._columns.setStretchFactor(0, 1 if self._shape is Shape.MIDDLE else 0)

    def _arrange_left(self) -> None:
        """The map has a column of its own, or takes the place of the list when asked for."""
        wide = self._shape is Shape.WIDE
        self._switch.setVisible(not wide)
        instead = self._switch.isChecked() and not wide
        self._head.setContentsMargins(0, 0, 0 if wide else self._kit.theme.px(8), 0)
        self._list.setVisible(not instead)
        self._map.setVisible(wide or instead)
        beside = self._map.parentWidget() is self._columns
        if wide and not beside:
            self._columns.insertWidget(1, self._map)
            self._share_columns()
        elif beside and not wide:
            self._column.addWidget(self._map, 1)
