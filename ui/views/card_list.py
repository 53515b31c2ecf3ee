"""The list of cards of the agenda and of the dispatcher's queue, ticking without repainting all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget
from typing_extensions import override

from ui.models.agenda_model import AgendaModel, Index
from ui.views.clock_views import countdown_of
from ui.views.visit_card import VisitCardDelegate, state_text
from ui.views.words import severity_text
from ui.widgets.countdown import describe_countdown
from ui.widgets.themed import set_mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from PySide6.QtCore import QItemSelection, QRect, QSize
    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from fieldtech.services.values import AgendaRow
    from ui.views.kit import Kit

_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End})


class CardList(QListView):
    """``picked(row)`` comes when a card becomes current, ``opened(row)`` on Enter."""

    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, kit: Kit, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._clock = kit.clock
        self._cards = AgendaModel(self, self._describe)
        self.setModel(self._cards)
        self._painter = VisitCardDelegate(kit.theme, kit.clock, self)
        self.setItemDelegate(self._painter)
        self._faces: dict[int, tuple[str, str, str, int]] = {}
        self._is_painted = False
        self._seen: tuple[int, QSize, int] | None = None
        self._seen_rows: list[tuple[int, QRect]] = []
        self._cards.modelReset.connect(self._look_anew)
        self._cards.rowsInserted.connect(self._look_anew)
        kit.theme.changed.connect(self._look_anew)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(kit.theme.px(24))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        set_mark(self, "frame", "none")
        kit.ticker.tick.connect(self._tick)

    @property
    def cards(self) -> AgendaModel:
        """The model."""
        return self._cards

    def _describe(self, row: AgendaRow) -> str:
        """A card in one sentence, its urgency included."""
        now = self._clock.now()
        said = (
            row.customer,
            row.title,
            severity_text(row.severity),
            state_text(row),
            describe_countdown(countdown_of(row, now), now),
            row.number,
        )
        return ", ".join(part for part in said if part)

    def select(self, incident_id: str) -> bool:
        """Make a card current and bring it into view, without telling; False when not loaded."""
        index = self._cards.index_of(incident_id)
        if not index.isValid():
            return False
        self.blockSignals(True)  # noqa: FBT003  Qt's setter
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.blockSignals(False)  # noqa: FBT003  Qt's setter
        self.scrollTo(index)
        self.viewport().update()
        return True

    @property
    def place(self) -> int:
        """How far the list is scrolled, for ``return_to``."""
        return self.verticalScrollBar().value()

    def return_to(self, place: int) -> None:
        """Scroll back to where the reader was before the cards were shown anew."""
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(place)

    def current_row(self) -> AgendaRow | None:
        """The card chosen."""
        return self._cards.row_at(self.currentIndex())

    def _look_anew(self) -> None:
        self._seen = None

    def _tick(self, now: datetime) -> None:
        """Repaint the chips whose figures have changed.

        Only those on screen (a dataChanged for every row costs 2-3 % of a core), and of their
        cards nothing else: the texts take three times as long to paint as the chip.
        """
        # The beat of the window's first show comes before its paint: nothing has aged yet.
        if not (self._is_painted and self.isVisible()):
            return
        before, self._faces = self._faces, {}
        for position, area in self._on_screen:
            row = self._cards.row_at(self._cards.index(position, 0))
            if row is None:
                continue
            view, text, size = self._painter.clock_face(row, now)
            face = (row.incident_id, text, view.state, size.width())
            self._faces[position] = face
            known = before.get(position, face)
            if known[-1] != size.width():
                self.viewport().update(area)
            elif known != face or position not in before:
                self.viewport().update(self._painter.clock_area(area, size))

    @property
    def _on_screen(self) -> list[tuple[int, QRect]]:
        """The positions of the rows to be seen and where they are.

        Kept while nothing moves: asking Qt for them takes as long as painting the chips.
        """
        seen = (self.verticalScrollBar().value(), self.viewport().size(), self._cards.rowCount())
        if seen != self._seen:
            self._seen, self._seen_rows = seen, list(self._find_rows())
        return self._seen_rows

    def _find_rows(self) -> Iterator[tuple[int, QRect]]:
        bottom = self.viewport().height()
        first = self.indexAt(QPoint(1, 0)).row()
        for position in range(max(first, 0), self._cards.rowCount()):
            area = self.visualRect(self._cards.index(position, 0))
            if area.top() >= bottom:
                return
            yield position, area

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._is_painted = True
        self._painter.expose(event.region())
        super().paintEvent(event)
        self._painter.expose(None)

    @override
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        row = self.current_row()
        # A selection taken away leaves the current card: that one was not picked.
        chosen = self.selectionModel().isSelected(self.currentIndex())
        if row is not None and chosen and not self.signalsBlocked():
            self.picked.emit(row)

    @override
    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        # Arrow keys stop on headings otherwise, which cannot be chosen.
        if current.isValid() and self._cards.row_at(current) is None:
            step = 1 if current.row() >= previous.row() else -1
            beyond = self._cards.index(current.row() + step, 0)
            # Above the first heading there is nothing: back to the card below it.
            card = beyond if beyond.isValid() else self._cards.index(current.row() - step, 0)
            if card.isValid():
                self.setCurrentIndex(card)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            row = self.current_row()
            if row is not None:
                self.opened.emit(row)
                return
        super().keyPressEvent(event)
        if event.key() in _MOVES and self._awaits_choice(self.currentIndex()):
            self.selectionModel().select(
                self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def _awaits_choice(self, index: Index) -> bool:
        """A lone card becomes current when the keyboard comes in, and no key moves on from it."""
        is_card = self._cards.row_at(index) is not None
        return is_card and not self.selectionModel().isSelected(index)
