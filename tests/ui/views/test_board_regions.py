"""Which region the board is about, in a large window and in a small one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from board_hands import (
    click_card,
    click_region,
    click_technician,
    listed,
    nodes,
    region,
    technician,
)
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QListView, QTreeView
from stage import Stage, find, pick, shown

from ui.models.region_model import NODE_ROLE
from ui.theme.theme import Theme
from ui.views.card_list import CardList
from ui.views.dispatcher.board_view import BoardView

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office


def test_the_tree_counts_whole_subtrees_and_their_worst_clock(board: BoardView) -> None:
    found = nodes(board)
    assert {key: (n.open, n.unassigned) for key, n in found.items()} == {
        "": (8, 1),
        "jal": (8, 1),
        "gdl": (4, 0),
        "zap": (2, 1),
        "tij": (1, 0),
        "cun": (1, 0),
    }
    assert found["jal"].worst == found["gdl"].worst
    assert found["gdl"].worst != found["zap"].worst
    assert found["jal"].technicians == 2


def test_a_region_filters_lists_and_people(board_stage: Stage, board: BoardView) -> None:
    click_region(board_stage, board, "cun")
    assert listed(board, "queue") == []
    assert listed(board, "assigned") == ["onsite"]
    click_region(board_stage, board, "jal")
    assert listed(board, "queue") == ["free"]
    assert len(listed(board, "assigned")) == 7


def test_regions_that_come_and_go_keep_the_choice(
    board_stage: Stage, board: BoardView, office: Office
) -> None:
    click_region(board_stage, board, "zap")
    told = office.desk_of("dora").do("incident.cancel", "incident:onsite", reason="duplicado")
    assert told["status"] == "applied"
    board_stage.sync(office)
    assert find(board, "board.tree", QTreeView).currentIndex().data(NODE_ROLE).id == "zap"
    assert "cun" not in nodes(board)
    assert listed(board, "assigned") == ["risk"]
    office.desk_of("dora").do("incident.cancel", "incident:free", reason="duplicado")
    office.desk_of("dora").do("incident.cancel", "incident:risk", reason="duplicado")
    board_stage.sync(office)
    assert "zap" not in nodes(board)
    assert len(listed(board, "assigned")) == 5


def test_all_regions_are_one_click_or_key_away(board_stage: Stage, board: BoardView) -> None:
    tree = find(board, "board.tree", QTreeView)
    everything = tree.model().index(0, 0)
    assert tree.currentIndex() == everything
    assert everything.data(Qt.ItemDataRole.DisplayRole) == "All my regions"
    click_region(board_stage, board, "cun")
    assert len(listed(board, "assigned")) == 1
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Escape)
    board_stage.settle()
    assert tree.currentIndex() == everything
    assert len(listed(board, "assigned")) == 7
    click_region(board_stage, board, "cun")
    where = tree.visualRect(everything).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=where)
    board_stage.settle()
    assert len(listed(board, "assigned")) == 7


def test_regions_and_technicians_are_heard_with_their_urgency(
    board_stage: Stage, board: BoardView
) -> None:
    said = region(board, "zap").data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == (
        "ZAP: 2 open incident(s), 1 unassigned. Nearest deadline: About to expire, 0:20:00 left."
    )
    assert region(board, "zap").data(Qt.ItemDataRole.ToolTipRole) == said
    ana = technician(board, "ana")
    assert ana.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Ana: 5 visit(s) · on site. JAL. Nearest deadline: Breached, 1:00:00 past the deadline."
    )
    board_stage.laptop.machine.advance(60)
    later = region(board, "zap").data(Qt.ItemDataRole.AccessibleTextRole)
    assert later.endswith("0:19:00 left.")


def test_a_chosen_region_is_marked_and_an_open_one_has_its_arrow(
    board_stage: Stage, board: BoardView
) -> None:
    tree = find(board, "board.tree", QTreeView)
    jal = region(board, "jal")

    def edge() -> QImage:
        area = tree.visualRect(jal)
        board_stage.settle()
        return tree.viewport().grab(QRect(0, area.top(), area.left(), area.height())).toImage()

    opened = edge()
    click_region(board_stage, board, "jal")
    assert edge() == opened, "the mark ends where the row begins"
    tree.collapse(jal)
    assert edge() != opened


def test_countdowns_of_the_tree_tick(board_stage: Stage, board: BoardView) -> None:
    tree = find(board, "board.tree", QTreeView)
    before = tree.viewport().grab().toImage()
    board_stage.tick(60)
    assert tree.viewport().grab().toImage() != before


@pytest.mark.parametrize(
    ("width", "scale", "parts"),
    [
        (1294, 1.0, ["tree", "cards", "people", "right"]),
        (1000, 1.0, ["tree", "cards", "people", "open"]),
        (1222, 2.0, ["cards", "people", "box", "open"]),
        (480, 1.0, ["cards", "people", "box", "open"]),
    ],
)
def test_as_many_columns_as_fit(
    board_stage: Stage, theme: Theme, width: int, scale: float, parts: list[str]
) -> None:
    theme.set_scale(scale)
    board = BoardView(board_stage.kit)
    board_stage.show(board, width)
    found = {
        "tree": find(board, "board.tree", QTreeView),
        "cards": find(board, "board.queue", CardList),
        "people": find(board, "board.technicians", QListView),
        "right": board._panel,
        "box": find(board, "board.region", QComboBox),
        "open": find(board, "board.open", QAbstractButton),
    }
    assert shown(board, "board.register")
    assert [name for name, part in found.items() if part.isVisible()] == parts
    for part in found.values():
        if part.isVisible():
            assert part.mapTo(board, QPoint(part.width(), 0)).x() <= width


def test_a_small_window_opens_case_and_form_in_place_of_the_board(
    board_stage: Stage, theme: Theme
) -> None:
    theme.set_scale(2.0)
    board = BoardView(board_stage.kit)
    board_stage.show(board, 1222)
    cards = find(board, "board.queue", CardList)
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_Down)
    board_stage.settle()
    assert not board._panel.isVisible()
    QTest.keyClick(cards, Qt.Key.Key_Return)
    board_stage.settle()
    assert board._panel.isVisible()
    assert not cards.isVisible()
    assert board._panel.incident_id == "free"
    board_stage.click(board, "visit.back")
    assert cards.isVisible()
    QTest.keySequence(cards, QKeySequence("Ctrl+N"))
    board_stage.settle()
    assert shown(board, "register.search")
    board_stage.click(board, "register.back")
    assert cards.isVisible()
    assert not shown(board, "register.search")


def test_a_small_window_chooses_its_region_in_a_box_and_opens_by_a_button(
    board_stage: Stage, theme: Theme, dora: FieldLaptop
) -> None:
    theme.set_scale(2.0)
    board = BoardView(board_stage.kit)
    board_stage.show(board, 1222)
    box = find(board, "board.region", QComboBox)
    texts = [box.itemText(position) for position in range(box.count())]
    assert texts[:3] == [
        "All my regions · 8 · 1 unassigned",
        "JAL · 8 · 1 unassigned",
        "  Cancún · 1",
    ]
    assert box.itemData(1, Qt.ItemDataRole.AccessibleTextRole).startswith("JAL: ")
    pick(box, "zap")
    board_stage.settle()
    assert (listed(board, "queue"), listed(board, "assigned")) == (["free"], ["risk"])
    assert find(board, "board.tree", QTreeView).currentIndex().data(NODE_ROLE).id == "zap"
    assert not find(board, "board.open", QAbstractButton).isEnabled()
    click_card(board_stage, board, "queue", "free")
    board_stage.click(board, "board.open")
    assert board._panel.isVisible()
    assert not shown(board, "board.region")
    board_stage.click(board, "visit.back")
    board_stage.click(board, "board.register")
    assert shown(board, "register.search")
    assert dora.waiting() == []


def test_figures_of_the_box_follow(board_stage: Stage, board: BoardView) -> None:
    click_card(board_stage, board, "queue", "free")
    click_technician(board_stage, board, "beto")
    board_stage.click(board, "board.assign")
    box = find(board, "board.region", QComboBox)
    assert box.itemText(0) == "All my regions · 8"
    click_region(board_stage, board, "tij")
    assert box.currentData() == "tij"
