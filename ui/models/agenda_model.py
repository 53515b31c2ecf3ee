"""The agenda as a list: a heading for each municipality, then its cards, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from fieldtech.services.values import AgendaGroup, AgendaPage, AgendaRow

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
HEADING_ROLE = ROW_ROLE + 1
SORT_ROLE = ROW_ROLE + 2
WHO_ROLE = ROW_ROLE + 3

_NONE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Heading:
    """What the delegate paints above a group of cards: a municipality, or one of its sites.

    Only a site with several visits in a row has a heading of its own; it carries no counts.
    """

    state: str
    municipality: str
    count: int
    major: int
    site: str = ""


class AgendaModel(QAbstractListModel):
    """Headings and cards of one query. Never reads anything itself: pages are handed to it.

    ``page_wanted(offset)`` asks its owner for more rows when the view scrolls near the end.
    ``describe`` says a card in one sentence for those who hear it.
    """

    page_wanted = Signal(int)

    def __init__(
        self, parent: QObject | None = None, describe: Callable[[AgendaRow], str] | None = None
    ) -> None:
        super().__init__(parent)
        self._describe = describe or _plainly
        self._items: list[AgendaRow | Heading] = []
        self._groups: dict[tuple[str, str], AgendaGroup] = {}
        self._names: dict[str, str] = {}
        self._loaded = 0
        self._total = 0
        self._asked = -1

    @property
    def loaded(self) -> int:
        """How many cards of the query are here."""
        return self._loaded

    def show_first(self, page: AgendaPage) -> None:
        """Replace everything by the first page of a query."""
        self.beginResetModel()
        self._groups = {(g.state, g.municipality): g for g in page.groups}
        self._items = []
        self._items.extend(self._with_headings(page.rows))
        self._loaded, self._total, self._asked = len(page.rows), page.total, -1
        self.endResetModel()

    def show_flat(self, page: AgendaPage, names: dict[str, str] | None = None) -> None:
        """Replace everything by a page without headings, as a queue by urgency is read.

        ``names`` by person: a desk's cards say who is on them, a technician's own do not.
        """
        self._names = names or {}
        self.beginResetModel()
        self._groups = {}
        self._items = list(page.rows)
        self._loaded, self._total, self._asked = len(page.rows), page.total, -1
        self.endResetModel()

    def append(self, page: AgendaPage) -> None:
        """Add the next page; a page that does not follow on (an older query's) is dropped."""
        if page.offset != self._loaded or not page.rows:
            return
        self._groups |= {(g.state, g.municipality): g for g in page.groups}
        flat = bool(self._items) and not isinstance(self._items[0], Heading)
        added = list(page.rows) if flat else self._with_headings(page.rows)
        first = len(self._items)
        self.beginInsertRows(_NONE, first, first + len(added) - 1)
        self._items.extend(added)
        self._loaded += len(page.rows)
        self.endInsertRows()

    def _with_headings(self, rows: tuple[AgendaRow, ...]) -> list[AgendaRow | Heading]:
        last = self._items[-1] if self._items else None
        place = (last.state, last.municipality) if last is not None else None
        site = "" if last is None or isinstance(last, Heading) else last.site_id
        items: list[AgendaRow | Heading] = []
        for row, following in zip_longest(rows, rows[1:]):
            here = (row.state, row.municipality)
            if here != place:
                group = self._groups.get(here)
                count, major = (group.count, group.major) if group else (0, 0)
                items.append(Heading(row.state, row.municipality, count, major))
                place, site = here, ""
            if row.site_id != site and following is not None and following.site_id == row.site_id:
                items.append(Heading(row.state, row.municipality, 0, 0, row.site))
            site = row.site_id
            items.append(row)
        return items

    def row_at(self, index: Index) -> AgendaRow | None:
        """The card's value, ``None`` on a heading or outside."""
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        return None if isinstance(item, Heading) else item

    def rows(self) -> list[AgendaRow]:
        """Every loaded card, in order."""
        return [item for item in self._items if not isinstance(item, Heading)]

    def index_of(self, incident_id: str) -> QModelIndex:
        """Where an incident's card is; an invalid index when it is not loaded."""
        for position, item in enumerate(self._items):
            if not isinstance(item, Heading) and item.incident_id == incident_id:
                return self.index(position, 0)
        return QModelIndex()

    @override
    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._items)

    @override
    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._loaded < self._total and self._asked != self._loaded

    @override
    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = self._loaded
            self.page_wanted.emit(self._loaded)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or index.row() >= len(self._items):
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._items[index.row()], Heading):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        if isinstance(item, Heading):
            return _heading_data(item, role)
        if role == WHO_ROLE:
            return self._names.get(item.technician_id, "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (self._describe(item), self._names.get(item.technician_id, ""))
            return ", ".join(part for part in said if part)
        return _card_data(item, role)


def _heading_data(item: Heading, role: int) -> object:
    if role == HEADING_ROLE:
        return item
    if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
        return item.site or f"{item.municipality}, {item.state}"
    return None


def _card_data(item: AgendaRow, role: int) -> object:
    if role == ROW_ROLE:
        return item
    if role == SORT_ROLE:
        return item.order_at
    return _plainly(item) if role == Qt.ItemDataRole.DisplayRole else None


def _plainly(item: AgendaRow) -> str:
    return f"{item.customer}, {item.title}, {item.number}"
