"""The dispatcher's board: where it burns, what nobody is on, and who goes, without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from board_hands import (
    assign_text,
    click_card,
    click_region,
    click_technician,
    listed,
    news,
    open_visit,
    problem,
    undo,
)
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QListView, QTreeView
from stage import Stage, double_click, find, tab_to

from ui.models.technician_model import TECHNICIAN_ROLE
from ui.views.card_list import CardList
from ui.views.dispatcher.board_view import BoardView
from ui.views.dispatcher.card_column import CardColumn

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office


def test_nobody_is_sent_to_what_works_again(board: BoardView) -> None:
    assert listed(board, "queue") == ["free"]
    assert listed(board, "assigned")[:2] == ["breached", "risk"]
    assert "restored" in listed(board, "assigned")
    titles = [label.text() for label in board.findChildren(QLabel)]
    assert str(len(listed(board, "assigned"))) in titles


def test_the_search_narrows_both_lists(board_stage: Stage, board: BoardView) -> None:
    board.search("zap")
    board_stage.settle()
    assert (listed(board, "queue"), listed(board, "assigned")) == (["free"], ["risk"])
    board.search("")
    board_stage.settle()
    assert len(listed(board, "assigned")) == 7


def test_an_empty_list_says_why(board_stage: Stage, board: BoardView) -> None:
    def said(name: str) -> str:
        label = find(board, f"board.{name}.empty", QLabel)
        return label.text() if label.isVisible() else ""

    assert (said("queue"), said("assigned")) == ("", "")
    click_region(board_stage, board, "cun")
    assert (said("queue"), said("assigned")) == ("Every incident has a technician.", "")
    board.search("nada de nada")
    board_stage.settle()
    assert (said("queue"), said("assigned")) == ("Nothing matches.", "Nothing matches.")


def test_lists_count_all_and_grow_as_one_scrolls(
    board_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CardColumn, "PAGE", 3)
    board = BoardView(board_stage.kit)
    board_stage.show(board, 1294, 420)
    cards = find(board, "board.assigned", CardList)
    assert [len(listed(board, "assigned")), cards.cards.loaded] == [3, 3]
    assert "7" in [label.text() for label in board.findChildren(QLabel)]
    while cards.cards.canFetchMore(QModelIndex()):
        cards.verticalScrollBar().setValue(cards.verticalScrollBar().maximum())
        cards.cards.fetchMore(QModelIndex())
        board_stage.settle()
    whole = board_stage.laptop.desk.dispatch.board(assigned=100).assigned
    assert listed(board, "assigned") == [row.incident_id for row in whole]
    board.refresh()
    board_stage.settle()
    assert len(listed(board, "assigned")) == 7, "what was scrolled through is read again"


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


def test_an_assignment_is_undone(
    board_stage: Stage, board: BoardView, dora: FieldLaptop, office: Office
) -> None:
    click_card(board_stage, board, "queue", "free")
    click_technician(board_stage, board, "beto")
    board_stage.click(board, "board.assign")
    free = dora.desk.cases.detail("free")
    assert free is not None
    assert news(board) == f"{free.incident.number} assigned to Beto. "
    undo(board_stage, board)
    assert dora.waiting() == ["visit.assign", "visit.cancel"]
    assert listed(board, "queue") == ["free"]
    assert (news(board), assign_text(board)) == ("", "Assign to Beto")
    board_stage.sync(office)
    assert dora.desk.sync.outbox() == ()


def test_who_had_it_before_gets_it_back_by_keyboard(
    board_stage: Stage, board: BoardView, dora: FieldLaptop
) -> None:
    click_card(board_stage, board, "assigned", "run")
    click_technician(board_stage, board, "beto")
    people = find(board, "board.technicians", QListView)
    people.setFocus()
    QTest.keySequence(people, QKeySequence("Ctrl+Return"))
    board_stage.settle()
    assert open_visit(dora, "run") == "beto"
    QTest.keySequence(people, QKeySequence("Ctrl+Z"))
    board_stage.settle()
    assert open_visit(dora, "run") == "ana"
    QTest.keySequence(people, QKeySequence("Ctrl+Z"))
    board_stage.settle()
    assert dora.waiting() == ["visit.reassign", "visit.reassign"], "it is undone once"


def test_what_others_decided_meanwhile_is_not_undone(
    board_stage: Stage, board: BoardView, dora: FieldLaptop, office: Office
) -> None:
    click_card(board_stage, board, "queue", "free")
    click_technician(board_stage, board, "beto")
    board_stage.click(board, "board.assign")
    board_stage.sync(office)
    told = office.desk_of("sol").do(
        "visit.reassign",
        f"visit:{dora.visit_of('free')}",
        new_visit_id="v-sol",
        technician_id="ana",
    )
    assert told["status"] == "applied", told
    board_stage.sync(office)
    undo(board_stage, board)
    assert problem(board) == "Not possible in the present state."
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


def test_a_lone_card_is_chosen_by_an_arrow(board_stage: Stage, board: BoardView) -> None:
    cards = find(board, "board.queue", CardList)
    cards.setFocus()
    assert board._panel.incident_id == "", "coming in chooses nothing"
    QTest.keyClick(cards, Qt.Key.Key_Down)
    board_stage.settle()
    assert board._panel.incident_id == "free"


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
