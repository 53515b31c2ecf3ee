"""The tree of regions with the counts of each subtree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from PySide6.QtCore import QObject

    from fieldtech.services.values import RegionNode

Index = QModelIndex | QPersistentModelIndex
NODE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_SAID = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)


class RegionModel(QStandardItemModel):
    """One item a region; a few hundred at the most, so standard items do.

    ``show_regions`` changes texts in place while the set of regions is the same, so that the tree
    keeps what is open and chosen. ``describe`` says a region in one sentence, for those who hear
    the tree and for the tool tip.
    """

    def __init__(
        self, parent: QObject | None = None, describe: Callable[[RegionNode], str] | None = None
    ) -> None:
        super().__init__(parent)
        self._describe = describe or _plainly

    def show_regions(self, regions: Iterable[RegionNode]) -> bool:
        """Show these regions (parents first); returns whether the tree was built anew."""
        nodes = {node.id: node for node in regions}
        known = self._items()
        if set(known) == set(nodes):
            for region_id, item in known.items():
                _fill(item, nodes[region_id])
            return False
        self.clear()
        items: dict[str, QStandardItem] = {}
        for node in nodes.values():
            item = QStandardItem()
            item.setEditable(False)
            _fill(item, node)
            # What has no parent hangs below nothing, not below the node of everything, which has
            # no id.
            parent = items.get(node.parent_id) if node.parent_id else None
            (parent or self.invisibleRootItem()).appendRow(item)
            items[node.id] = item
        return True

    def index_of(self, region_id: str) -> QModelIndex:
        """Where a region is; invalid when it has nothing to show."""
        item = self._items().get(region_id)
        return item.index() if item is not None else QModelIndex()

    def in_order(self) -> Iterator[tuple[int, RegionNode]]:
        """Yield every region as the open tree lists them, with how deep it lies in it."""
        yield from _below(self.invisibleRootItem(), 0)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in _SAID and index.isValid():
            return self._describe(super().data(index, NODE_ROLE))
        return super().data(index, role)

    def _items(self) -> dict[str, QStandardItem]:
        found: dict[str, QStandardItem] = {}
        waiting = [self.invisibleRootItem()]
        while waiting:
            parent = waiting.pop()
            for row in range(parent.rowCount()):
                item = parent.child(row)
                found[item.data(NODE_ROLE).id] = item
                waiting.append(item)
        return found


def _below(parent: QStandardItem, depth: int) -> Iterator[tuple[int, RegionNode]]:
    for row in range(parent.rowCount()):
        item = parent.child(row)
        yield depth, item.data(NODE_ROLE)
        yield from _below(item, depth + 1)


def _fill(item: QStandardItem, node: RegionNode) -> None:
    item.setText(node.name)
    item.setData(node, NODE_ROLE)


def _plainly(node: RegionNode) -> str:
    return f"{node.name}: {node.open}"
