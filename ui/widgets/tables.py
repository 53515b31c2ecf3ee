"""Dresses the stock item views: what a style sheet cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QTreeView

from ui.widgets.themed import set_mark

if TYPE_CHECKING:
    from ui.theme.theme import Theme

ROW = 34


def dress_table(view: QTableView, theme: Theme) -> None:
    """Whole rows are chosen, no grid, headings at the left, rows tall enough for the scale.

    Call it again after ``theme.changed``.
    """
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(theme.px(ROW))
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setMinimumSectionSize(theme.px(48))


def dress_tree(view: QTreeView, theme: Theme, *, framed: bool = False) -> None:
    """No header line, an even row height, room for the arrows at the present scale.

    Call it again after ``theme.changed``. The view is polished here, before anything is laid
    out: rows measured earlier would keep the height of an undressed view.
    """
    set_mark(view, "frame", "box" if framed else "none")
    view.ensurePolished()
    view.setHeaderHidden(True)
    view.setUniformRowHeights(True)
    view.setIndentation(theme.px(18))
    view.setAnimated(False)
