"""Which region the board is about: a tree where there is room for it, else a box."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QSizePolicy, QTreeView
from typing_extensions import override

from ui.models.region_model import NODE_ROLE, RegionModel
from ui.views import formats
from ui.views.dispatcher.board_delegates import RegionDelegate
from ui.widgets.themed import set_mark

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from fieldtech.services.values import Board, RegionNode
    from ui.models.region_model import Index
    from ui.theme.theme import Theme
    from ui.views.kit import Kit

EVERYTHING = ""
INDENT = "  "
INDENTATION = 12
ARROW = 12
BOX_LETTERS = 12


class RegionChoice(QObject):
    """``tree`` and ``box`` are laid out by the board and show the same choice.

    The first entry is everything the dispatcher was given; it has no id. ``chosen`` comes when a
    person chooses another region, and when the chosen one has nothing to show any more.
    """

    chosen = Signal()

    def __init__(self, kit: Kit, parent: QWidget) -> None:
        super().__init__(parent)
        self._region_id = EVERYTHING
        self.tree = _Tree(kit.theme)
        self.tree.setObjectName("board.tree")
        self.tree.setAccessibleName(self.tr("Regions"))
        self.tree.setHeaderHidden(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setMouseTracking(True)
        set_mark(self.tree, "frame", "none")
        self._painter = RegionDelegate(kit.theme, kit.clock, self.tree)
        self._model = RegionModel(self, self._painter.describe)
        self.tree.setModel(self._model)
        self.tree.setItemDelegate(self._painter)
        self.box = QComboBox()
        self.box.setObjectName("board.region")
        self.box.setAccessibleName(self.tr("Region"))
        self.box.setMinimumContentsLength(BOX_LETTERS)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tree.selectionModel().currentChanged.connect(self._from_tree)
        self.box.activated.connect(self._from_box)

    @property
    def region_id(self) -> str:
        """The region chosen, empty for everything."""
        return self._region_id

    def choose(self, region_id: str) -> None:
        """Choose a region; one that the tree does not show leaves the choice as it is."""
        if self._model.index_of(region_id).isValid():
            self._take(region_id)

    def choose_everything(self) -> None:
        """Choose all that the dispatcher was given."""
        self.choose(EVERYTHING)

    def show_regions(self, board: Board) -> None:
        """Show the figures of a board; what is chosen stays chosen while it is there."""
        everything = replace(board.whole, name=self.tr("All my regions"))
        if self._model.show_regions((everything, *board.regions)):
            self.tree.expandToDepth(1)
        self._fill_box()
        if self._model.index_of(self._region_id).isValid():
            self._mark()
        else:
            self._take(EVERYTHING)

    def _fill_box(self) -> None:
        entries = list(self._model.in_order())
        known = [self.box.itemData(position) for position in range(self.box.count())]
        if known != [node.id for _, node in entries]:
            self.box.clear()
            for _, node in entries:
                self.box.addItem("", node.id)
        for position, (depth, node) in enumerate(entries):
            self.box.setItemText(position, INDENT * depth + self._entry(node))
            said = self._painter.describe(node)
            self.box.setItemData(position, said, Qt.ItemDataRole.AccessibleTextRole)

    def _entry(self, node: RegionNode) -> str:
        """A line of the box: the name, how much there is and how much of it waits for somebody."""
        parts = [node.name]
        if node.open:
            parts.append(formats.number(node.open))
        if node.unassigned:
            parts.append(self.tr("%n unassigned", "", node.unassigned))
        return " · ".join(parts)

    def _from_tree(self) -> None:
        node = self.tree.currentIndex().data(NODE_ROLE)
        if node is not None:
            self._take(node.id)

    def _from_box(self) -> None:
        self._take(str(self.box.currentData()))

    def _take(self, region_id: str) -> None:
        changed = region_id != self._region_id
        self._region_id = region_id
        self._mark()
        if changed:
            self.chosen.emit()

    def _mark(self) -> None:
        """Both show what is chosen."""
        index = self._model.index_of(self._region_id)
        if index != self.tree.currentIndex():
            self.tree.setCurrentIndex(index)
        self.box.setCurrentIndex(self.box.findData(self._region_id))


class _Tree(QTreeView):
    """Paints what stands before a row: Qt paints the ground of a chosen one there as well."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setIndentation(theme.px(INDENTATION))

    @override
    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        theme = self._theme
        painter.fillRect(rect, QColor(theme.tokens.background))
        if self.model().hasChildren(index):
            name = "chevron-down" if self.isExpanded(index) else "chevron-right"
            place = QRect(0, 0, theme.px(ARROW), theme.px(ARROW))
            place.moveCenter(rect.center())
            place.moveRight(rect.right())
            painter.drawPixmap(place.topLeft(), theme.pixmap(name, theme.tokens.muted, ARROW))
