"""The tree of regions with the counts of each subtree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldtech.services.values import RegionNode

NODE_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class RegionModel(QStandardItemModel):
    """One item a region; a few hundred at the most, so standard items do.

    ``show_regions`` changes texts in place while the set of regions is the same, so that the tree
    keeps what is open and chosen.
    """

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
            items[node.id] = item
            parent = items.get(node.parent_id, self.invisibleRootItem())
            parent.appendRow(item)
        return True

    def index_of(self, region_id: str) -> QModelIndex:
        """Where a region is; invalid when it has nothing to show."""
        item = self._items().get(region_id)
        return item.index() if item is not None else QModelIndex()

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


def _fill(item: QStandardItem, node: RegionNode) -> None:
    item.setText(node.name)
    item.setData(node, NODE_ROLE)
    item.setData(f"{node.name}: {node.open}", Qt.ItemDataRole.AccessibleTextRole)
