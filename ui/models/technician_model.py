"""The technicians of a region as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from fieldtech.services.values import TechnicianRow

Index = QModelIndex | QPersistentModelIndex
TECHNICIAN_ROLE = int(Qt.ItemDataRole.UserRole) + 1
LOAD_ROLE = TECHNICIAN_ROLE + 1
_NONE = QModelIndex()


class TechnicianModel(QAbstractListModel):
    """The least loaded first, as the services sort them.

    ``describe`` says a technician in one sentence, for those who hear the list and for the tool
    tip.
    """

    def __init__(
        self, parent: QObject | None = None, describe: Callable[[TechnicianRow], str] | None = None
    ) -> None:
        super().__init__(parent)
        self._describe = describe or _plainly
        self._rows: tuple[TechnicianRow, ...] = ()

    def show_rows(self, rows: tuple[TechnicianRow, ...]) -> None:
        """Show these technicians; the same people in the same order only renew their figures."""
        if [row.id for row in rows] == [row.id for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, 0))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def index_of(self, technician_id: str) -> QModelIndex:
        """Where a technician is; invalid when he is not of this region."""
        for position, row in enumerate(self._rows):
            if row.id == technician_id:
                return self.index(position, 0)
        return QModelIndex()

    @override
    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == TECHNICIAN_ROLE:
            return row
        if role == LOAD_ROLE:
            return row.open_visits
        if role == Qt.ItemDataRole.DisplayRole:
            return _plainly(row)
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return self._describe(row)
        return None


def _plainly(row: TechnicianRow) -> str:
    return f"{row.name}, {row.open_visits}"
