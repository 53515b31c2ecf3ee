"""What a test does on the dispatcher's board, and what it reads there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListView, QTreeView, QWidget
from stage import find

from ui.models.region_model import NODE_ROLE
from ui.models.technician_model import TECHNICIAN_ROLE
from ui.views.card_list import CardList
from ui.widgets.banner import BannerQueue

if TYPE_CHECKING:
    from field_office import FieldLaptop
    from stage import Stage

    from fieldtech.domain.incident import Incident
    from fieldtech.services.values import RegionNode
    from ui.views.dispatcher.board_view import BoardView


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


def news(board: BoardView) -> str:
    """What the board says it has done, in one line."""
    banner = find(board, "board.news", BannerQueue)
    told = banner.shown
    return f"{told.title}. {told.text}" if told is not None and banner.isVisible() else ""


def undo(stage: Stage, board: BoardView) -> None:
    """Press the button of the board's news; a new button is there a moment after its banner."""
    banner = find(board, "board.news", BannerQueue)

    def offered() -> list[QAbstractButton]:
        buttons = banner.findChildren(QAbstractButton)
        return [each for each in buttons if each.text() == "Undo" and each.isVisible()]

    stage.qtbot.waitUntil(lambda: bool(offered()))
    QTest.mouseClick(offered()[-1], Qt.MouseButton.LeftButton)
    stage.settle()


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


def choose(stage: Stage, form: QWidget, text: str) -> None:
    """Search and take the first hit with Enter."""
    stage.type(form, "register.search", text)
    QTest.keyClick(find(form, "register.search", QLineEdit), Qt.Key.Key_Return)
    stage.settle()


def newest(laptop: FieldLaptop) -> Incident:
    """The incident registered last."""
    row = laptop.desk.sync.outbox()[0]
    assert row.cmd == "incident.register"
    detail = laptop.desk.cases.detail(row.incident_id)
    assert detail is not None
    return detail.incident
