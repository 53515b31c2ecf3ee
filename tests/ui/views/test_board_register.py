"""Registering from the board: by keyboard, and where the new incident is afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import field_office
from board_hands import choose, newest, news, undo
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QTreeView
from stage import Stage, find, shown, tab_to

from ui.models.region_model import NODE_ROLE
from ui.views.card_list import CardList
from ui.views.dispatcher.board_view import BoardView
from ui.views.dispatcher.register_form import RegisterForm

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office


def register(stage: Stage, board: BoardView, service: str) -> None:
    """Open the form on the board, and save a new incident."""
    (form,) = board.findChildren(RegisterForm)
    stage.click(board, "board.register")
    choose(stage, form, service)
    stage.type(form, "register.title", "Sin tono")
    stage.type(form, "register.affected", "12")
    stage.click(form, "register.submit")


def test_what_was_registered_is_chosen_open_and_told_with_its_folio(
    board_stage: Stage, board: BoardView, dora: FieldLaptop, office: Office
) -> None:
    register(board_stage, board, "Cliente Tij")
    incident = newest(dora)
    cards = find(board, "board.queue", CardList)
    assert cards.current_row().incident_id == incident.id
    assert board._panel.incident_id == incident.id
    assert news(board) == f"{incident.number} registered. Cliente Tijuana · Sin tono"
    people = find(board, "board.technicians", QListView)
    people.setCurrentIndex(people.model().index(0, 0))
    board_stage.sync(office)
    final = dora.desk.cases.detail(incident.id).incident.number
    assert final.startswith("INC-")
    assert news(board).startswith(f"{final} registered"), "the folio is the central's"
    board_stage.click(board, "board.assign")
    assert dora.waiting() == ["visit.assign"]
    assert dora.desk.cases.detail(incident.id).visit is not None


def test_an_assignment_before_the_folio_is_told_with_it_later(
    board_stage: Stage, board: BoardView, dora: FieldLaptop, office: Office
) -> None:
    register(board_stage, board, "Cliente Tij")
    incident_id = newest(dora).id
    people = find(board, "board.technicians", QListView)
    people.setCurrentIndex(people.model().index(0, 0))
    board_stage.click(board, "board.assign")
    assert news(board).startswith("P-")
    board_stage.sync(office)
    folio = dora.desk.cases.detail(incident_id).incident.number
    assert news(board) == f"{folio} assigned to Beto. "
    undo(board_stage, board)
    assert dora.waiting() == ["visit.cancel"]


def test_what_was_registered_elsewhere_takes_the_board_there(
    board_stage: Stage, board: BoardView, dora: FieldLaptop
) -> None:
    tree = find(board, "board.tree", QTreeView)
    model = tree.model()
    (cancun,) = model.match(
        model.index(0, 0), Qt.ItemDataRole.DisplayRole, "Cancún", 1, Qt.MatchFlag.MatchRecursive
    )
    tree.setCurrentIndex(cancun)
    board_stage.settle()
    register(board_stage, board, "Cliente Tij")
    assert tree.currentIndex().data(NODE_ROLE).id == "tij"
    assert find(board, "board.queue", CardList).current_row().incident_id == newest(dora).id


def test_what_was_registered_behind_a_search_is_open_and_assigned_all_the_same(
    board_stage: Stage, board: BoardView, dora: FieldLaptop
) -> None:
    board.search("sucursal zap")
    board_stage.settle()
    register(board_stage, board, "Cliente Tij")
    incident = newest(dora)
    assert find(board, "board.queue", CardList).cards.rows() == []
    assert board._panel.incident_id == incident.id
    assert news(board).endswith("The search hides it from the lists.")
    people = find(board, "board.technicians", QListView)
    people.setCurrentIndex(people.model().index(0, 0))
    board_stage.click(board, "board.assign")
    assert dora.waiting() == ["incident.register", "visit.assign"]
    assert dora.desk.cases.detail(incident.id).visit is not None


def test_the_keys_that_assign_save_the_form_and_assign_nobody(
    board_stage: Stage, dora: FieldLaptop
) -> None:
    board = BoardView(board_stage.kit)
    board_stage.show(board, 1294)
    cards = find(board, "board.queue", CardList)
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_Down)
    people = find(board, "board.technicians", QListView)
    people.setCurrentIndex(people.model().index(0, 0))
    board_stage.settle()
    QTest.keySequence(cards, QKeySequence("Ctrl+N"))
    board_stage.settle()
    (form,) = board.findChildren(RegisterForm)
    choose(board_stage, form, "Cliente Tij")
    title = find(form, "register.title", QLineEdit)
    QTest.keySequence(title, QKeySequence("Ctrl+Return"))
    board_stage.settle()
    assert dora.waiting() == []
    assert (
        find(form, "register.problem", QLabel).text() == "Choose the service and say what is wrong."
    )
    board_stage.type(form, "register.title", "Sin tono")
    board_stage.type(form, "register.affected", "12")
    affected = find(form, "register.affected", QLineEdit)
    QTest.keySequence(affected, QKeySequence("Ctrl+Return"))
    QTest.keySequence(affected, QKeySequence("Ctrl+Return"))
    board_stage.settle()
    assert dora.waiting() == ["incident.register"]


def test_from_the_board_by_keyboard_alone(board_stage: Stage, dora: FieldLaptop) -> None:
    board = BoardView(board_stage.kit)
    board_stage.show(board, 1294)
    QTest.keySequence(board, QKeySequence("Ctrl+N"))
    board_stage.settle()
    for text in ("Cliente gdl2", "Sin internet en caja", "30"):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QLineEdit)
        QTest.keyClicks(focused, text)
        board_stage.settle()
        key = Qt.Key.Key_Return if text == "Cliente gdl2" else Qt.Key.Key_Tab
        QTest.keyClick(focused, key)
        board_stage.settle()
    focused = tab_to(board_stage, "register.submit")
    QTest.keyClick(focused, Qt.Key.Key_Space)
    board_stage.settle()
    incident = newest(dora)
    assert (incident.title, incident.customer_id) == ("Sin internet en caja", "c-gdl2")
    assert not shown(board, "register.submit")
    waiting = [row.incident_id for row in dora.desk.dispatch.board().queue]
    assert incident.id in waiting
    assert incident.reported_at - field_office.NOW < timedelta(seconds=1)
