"""The dispatcher's board: where it burns, what nobody is on, and who goes, without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QListView,
    QTreeView,
)
from stage import Stage, double_click, find, shown, tab_to

from ui.models.region_model import NODE_ROLE
from ui.models.technician_model import TECHNICIAN_ROLE
from ui.theme.theme import Theme
from ui.views.card_list import CardList
from ui.views.dispatcher.board_view import BoardView

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office

    from fieldtech.services.values import RegionNode


@pytest.fixture
def board(board_stage: Stage) -> BoardView:
    """The board on a wide screen."""
    made = BoardView(board_stage.kit)
    board_stage.show(made, 1294)
    return made


def listed(board: BoardView, name: str) -> list[str]:
    return [row.incident_id for row in find(board, f"board.{name}", CardList).cards.rows()]


def nodes(board: BoardView) -> dict[str, RegionNode]:
    """The regions of the tree by id."""
    model = find(board, "board.tree", QTreeView).model()
    found: dict[str, RegionNode] = {}
    waiting = [QModelIndex()]
    while waiting:
        parent = waiting.pop()
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            found[index.data(NODE_ROLE).id] = index.data(NODE_ROLE)
            waiting.append(index)
    return found


def region(board: BoardView, region_id: str) -> QModelIndex:
    tree = find(board, "board.tree", QTreeView)
    hits = tree.model().match(
        tree.model().index(0, 0),
        Qt.ItemDataRole.DisplayRole,
        nodes(board)[region_id].name,
        1,
        Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive,
    )
    return hits[0]


def click_region(stage: Stage, board: BoardView, region_id: str) -> None:
    tree = find(board, "board.tree", QTreeView)
    where = tree.visualRect(region(board, region_id)).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=where)
    stage.settle()


def click_card(stage: Stage, board: BoardView, name: str, incident_id: str) -> None:
    cards = find(board, f"board.{name}", CardList)
    where = cards.visualRect(cards.cards.index_of(incident_id)).center()
    QTest.mouseClick(cards.viewport(), Qt.MouseButton.LeftButton, pos=where)
    stage.settle()


def click_technician(stage: Stage, board: BoardView, technician_id: str) -> None:
    people = find(board, "board.technicians", QListView)
    where = people.visualRect(technician(board, technician_id)).center()
    QTest.mouseClick(people.viewport(), Qt.MouseButton.LeftButton, pos=where)
    stage.settle()


def technician(board: BoardView, technician_id: str) -> QModelIndex:
    model = find(board, "board.technicians", QListView).model()
    indexes = (model.index(row, 0) for row in range(model.rowCount()))
    return next(index for index in indexes if index.data(TECHNICIAN_ROLE).id == technician_id)


def assign_text(board: BoardView) -> str:
    return find(board, "board.assign", QAbstractButton).text()


def problem(board: BoardView) -> str:
    label = find(board, "board.problem", QLabel)
    return label.text() if label.isVisible() else ""


def open_visit(laptop: FieldLaptop, incident_id: str) -> str:
    """Whose the incident is now."""
    detail = laptop.desk.cases.detail(incident_id)
    assert detail is not None
    visits = [visit for visit in detail.visits if visit.state.is_open]
    assert len(visits) == 1
    return visits[0].technician_id


def test_the_tree_counts_whole_subtrees_and_their_worst_clock(board: BoardView) -> None:
    found = nodes(board)
    assert {key: (n.open, n.unassigned) for key, n in found.items()} == {
        "jal": (8, 1),
        "gdl": (4, 0),
        "zap": (2, 1),
        "tij": (1, 0),
        "cun": (1, 0),
    }
    assert found["jal"].worst == found["gdl"].worst
    assert found["gdl"].worst != found["zap"].worst
    assert found["jal"].technicians == 2


def test_nobody_is_sent_to_what_works_again(board: BoardView) -> None:
    assert listed(board, "queue") == ["free"]
    assert listed(board, "assigned")[:2] == ["breached", "risk"]
    assert "restored" in listed(board, "assigned")
    titles = [label.text() for label in board.findChildren(QLabel)]
    assert str(len(listed(board, "assigned"))) in titles


def test_a_region_filters_lists_and_people(board_stage: Stage, board: BoardView) -> None:
    click_region(board_stage, board, "cun")
    assert listed(board, "queue") == []
    assert listed(board, "assigned") == ["onsite"]
    click_region(board_stage, board, "jal")
    assert listed(board, "queue") == ["free"]
    assert len(listed(board, "assigned")) == 7


def test_the_search_narrows_both_lists(board_stage: Stage, board: BoardView) -> None:
    board.search("zap")
    board_stage.settle()
    assert (listed(board, "queue"), listed(board, "assigned")) == (["free"], ["risk"])
    board.search("")
    board_stage.settle()
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


def test_an_incident_is_assigned_with_two_clicks_and_the_button(
    board_stage: Stage, board: BoardView, dora: FieldLaptop, office: Office
) -> None:
    assert not find(board, "board.assign", QAbstractButton).isEnabled()
    click_card(board_stage, board, "queue", "free")
    click_technician(board_stage, board, "beto")
    assert assign_text(board) == "Assign to Beto"
    board_stage.click(board, "board.assign")
    assert dora.waiting() == ["visit.assign"]
    assert listed(board, "queue") == []
    assert open_visit(dora, "free") == "beto"
    board_stage.sync(office)
    assert dora.waiting() == []
    beto = office.desk_of("beto")
    beto.pull()
    assert beto.has("incident", "free")


def test_after_assigning_the_button_offers_to_reassign_to_somebody_else(
    board_stage: Stage, board: BoardView, dora: FieldLaptop
) -> None:
    click_card(board_stage, board, "queue", "free")
    click_technician(board_stage, board, "beto")
    board_stage.click(board, "board.assign")
    assert assign_text(board) == "Beto has it"
    assert not find(board, "board.assign", QAbstractButton).isEnabled()
    click_technician(board_stage, board, "ana")
    assert assign_text(board) == "Reassign to Ana"
    board_stage.click(board, "board.assign")
    assert dora.waiting() == ["visit.assign", "visit.reassign"]
    assert open_visit(dora, "free") == "ana"


def test_a_double_click_assigns_once(
    board_stage: Stage, board: BoardView, dora: FieldLaptop
) -> None:
    click_card(board_stage, board, "queue", "free")
    click_technician(board_stage, board, "beto")
    double_click(find(board, "board.assign", QAbstractButton))
    board_stage.settle()
    assert dora.waiting() == ["visit.assign"]
    assert problem(board) == ""


def test_the_lists_share_one_choice(board_stage: Stage, board: BoardView) -> None:
    click_card(board_stage, board, "assigned", "risk")
    click_card(board_stage, board, "queue", "free")
    click_card(board_stage, board, "assigned", "run")
    chosen = {
        name: [index.row() for index in find(board, f"board.{name}", CardList).selectedIndexes()]
        for name in ("queue", "assigned")
    }
    assert chosen["queue"] == []
    assert len(chosen["assigned"]) == 1
    assert board._panel.incident_id == "run"


def test_the_keyboard_alone_assigns_and_reassigns(
    board_stage: Stage, board: BoardView, dora: FieldLaptop
) -> None:
    tree = find(board, "board.tree", QTreeView)
    tree.setFocus()
    visited = tab_to(board_stage, "board.queue")
    QTest.keyClick(visited, Qt.Key.Key_Down)
    board_stage.settle()
    people = tab_to(board_stage, "board.technicians")
    QTest.keyClick(people, Qt.Key.Key_Down)
    board_stage.settle()
    QTest.keySequence(people, QKeySequence("Ctrl+Return"))
    board_stage.settle()
    assert dora.waiting() == ["visit.assign"]
    first = open_visit(dora, "free")
    people = find(board, "board.technicians", QListView)
    people.setFocus()
    other = "ana" if first == "beto" else "beto"
    key = Qt.Key.Key_Down
    for _ in range(3):
        if people.currentIndex().data(TECHNICIAN_ROLE).id == other:
            break
        QTest.keyClick(people, key)
        if people.currentIndex().row() == people.model().rowCount() - 1:
            key = Qt.Key.Key_Up
        board_stage.settle()
    tab_to(board_stage, "board.assign")
    QTest.keyClick(find(board, "board.assign", QAbstractButton), Qt.Key.Key_Space)
    board_stage.settle()
    assert dora.waiting() == ["visit.assign", "visit.reassign"]
    assert open_visit(dora, "free") == other


def test_two_dispatchers_who_assign_at_once_do_not_overrule_each_other_unseen(
    board_stage: Stage, board: BoardView, dora: FieldLaptop, office: Office
) -> None:
    sol = office.desk_of("sol")
    told = sol.do("visit.assign", "visit:v-sol", incident_id="free", technician_id="ana")
    assert told["status"] == "applied"
    click_card(board_stage, board, "queue", "free")
    click_technician(board_stage, board, "beto")
    board_stage.click(board, "board.assign")
    board_stage.sync(office)
    refused = [row for row in dora.desk.sync.outbox() if row.state == "rejected"]
    assert [row.code for row in refused] == ["expected_changed"]
    assert open_visit(dora, "free") == "ana"


def test_countdowns_of_the_tree_tick(board_stage: Stage, board: BoardView) -> None:
    tree = find(board, "board.tree", QTreeView)
    before = tree.viewport().grab().toImage()
    board_stage.tick(60)
    assert tree.viewport().grab().toImage() != before


@pytest.mark.parametrize(
    ("width", "scale", "parts"),
    [
        (1294, 1.0, ["tree", "cards", "people", "right"]),
        (1000, 1.0, ["tree", "cards", "people"]),
        (1222, 2.0, ["cards", "people"]),
        (480, 1.0, ["cards", "people"]),
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
    }
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
    board_stage.click(board, "visit.back")
    assert cards.isVisible()
    QTest.keySequence(cards, QKeySequence("Ctrl+N"))
    board_stage.settle()
    assert shown(board, "register.search")
    board_stage.click(board, "register.back")
    assert cards.isVisible()
    assert not shown(board, "register.search")
