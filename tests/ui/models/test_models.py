"""Every model keeps Qt's contract, and hands out values that sort as what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import field_office
import pytest
from PySide6.QtCore import QModelIndex, Qt

from fieldtech.services.values import AgendaPage, AgendaQuery
from ui.models.agenda_model import HEADING_ROLE, ROW_ROLE, SORT_ROLE, AgendaModel, Heading
from ui.models.region_model import NODE_ROLE, RegionModel
from ui.models.technician_model import LOAD_ROLE, TECHNICIAN_ROLE, TechnicianModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from field_office import FieldLaptop
    from pytestqt.qtbot import QtBot

    from fieldtech.services.values import Board

ROOT = QModelIndex()


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[FieldLaptop]:
    """The technician's laptop."""
    yield from field_office.opened("ana", tmp_path / "ana", field_office.new_clock())


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    """What the dispatcher's laptop holds."""
    for dora in field_office.opened("dora", tmp_path / "dora", field_office.new_clock()):
        yield dora.desk.dispatch.board()


def page(laptop: FieldLaptop, offset: int = 0, limit: int = 2, chip: str = "all") -> AgendaPage:
    return laptop.desk.agenda.page(AgendaQuery(chip=chip), offset=offset, limit=limit)


def texts(model: AgendaModel) -> list[str]:
    """Headings and incidents in order."""
    found = []
    for position in range(model.rowCount()):
        heading = model.index(position, 0).data(HEADING_ROLE)
        row = model.row_at(model.index(position, 0))
        assert (heading is None) != (row is None)
        found.append(f"# {heading.municipality}" if row is None else row.incident_id)
    return found


def test_the_agenda_grows_page_by_page(ana: FieldLaptop, qtmodeltester: Any, qtbot: QtBot) -> None:
    model = AgendaModel()
    model.show_first(page(ana))
    assert texts(model) == ["# Cancún", "onsite", "# GDL", "breached"]
    with qtbot.waitSignal(model.page_wanted) as wanted:
        model.fetchMore(ROOT)
    assert wanted.args == [2]
    assert not model.canFetchMore(ROOT), "one question at a time"
    model.append(page(ana, 2))
    assert texts(model)[3:] == ["breached", "run", "# Tijuana", "minor"]
    qtmodeltester.check(model)
    model.append(page(ana, 4))
    assert texts(model)[-2:] == ["# ZAP", "risk"]
    last = model.index(model.rowCount() - 2, 0).data(HEADING_ROLE)
    assert (last.count, last.major) == (1, 1), "counts come with each page"
    assert (model.loaded, model.canFetchMore(ROOT)) == (5, False)
    qtmodeltester.check(model)


def test_a_page_of_an_older_query_is_dropped(ana: FieldLaptop) -> None:
    model = AgendaModel()
    model.show_first(page(ana))
    model.append(page(ana, 4))
    assert model.loaded == 2
    model.append(page(ana, 0))
    assert model.loaded == 2
    model.append(AgendaPage(offset=2, total=5))
    assert model.loaded == 2


def test_a_heading_counts_its_whole_municipality(ana: FieldLaptop) -> None:
    model = AgendaModel()
    model.show_first(page(ana))
    heading = model.index(2, 0).data(HEADING_ROLE)
    assert heading == Heading(state="JAL", municipality="GDL", count=2, major=2)
    assert model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "GDL, JAL"
    selectable = Qt.ItemFlag.ItemIsSelectable
    assert not model.flags(model.index(2, 0)) & selectable
    assert model.flags(model.index(3, 0)) & selectable


def test_a_queue_has_no_headings(ana: FieldLaptop, qtmodeltester: Any) -> None:
    model = AgendaModel()
    model.show_first(page(ana, limit=5))
    model.show_flat(page(ana, limit=5))
    qtmodeltester.check(model)
    assert texts(model) == ["onsite", "breached", "run", "minor", "risk"]


def test_cards_sort_by_their_deadline_as_a_number(ana: FieldLaptop) -> None:
    model = AgendaModel()
    model.show_flat(page(ana, limit=5))
    cells = [model.index(position, 0) for position in range(model.rowCount())]
    keys = [cell.data(SORT_ROLE) for cell in cells]
    assert all(isinstance(key, float) for key in keys)
    urgent = [row for _, row in sorted(zip(keys, texts(model), strict=True))]
    assert urgent == ["breached", "risk", "onsite", "run", "minor"]


def test_cards_are_found_and_told_by_their_words(ana: FieldLaptop) -> None:
    model = AgendaModel()
    model.show_first(page(ana, limit=5))
    index = model.index_of("minor")
    row = model.row_at(index)
    assert row is not None
    assert index.data(ROW_ROLE) is row
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == f"Cliente Tijuana, Sin internet (minor), {row.number}"
    assert not model.index_of("other").isValid()
    assert model.row_at(QModelIndex()) is None
    assert model.index(0, 0).data(SORT_ROLE) is None
    assert index.data(Qt.ItemDataRole.DecorationRole) is None


def test_regions_hang_below_their_parents(board: Board, qtmodeltester: Any) -> None:
    model = RegionModel()
    assert model.show_regions(board.regions)
    qtmodeltester.check(model)
    jal = model.item(0)
    below = [jal.child(row).data(NODE_ROLE).id for row in range(jal.rowCount())]
    assert (jal.data(NODE_ROLE).id, sorted(below)) == ("jal", ["cun", "gdl", "tij", "zap"])
    assert jal.index().data(Qt.ItemDataRole.AccessibleTextRole) == "JAL: 8"
    assert not jal.isEditable()


def test_new_figures_keep_the_tree(board: Board, qtbot: QtBot) -> None:
    model = RegionModel()
    model.show_regions(board.regions)
    kept = model.item(0)
    with qtbot.assertNotEmitted(model.modelReset):
        assert not model.show_regions(board.regions)
    assert model.item(0) is kept
    assert model.show_regions(board.regions[:1])
    assert model.item(0).rowCount() == 0
    model.show_regions(())
    assert model.rowCount() == 0


def test_technicians_are_a_list_with_their_load(
    board: Board, qtmodeltester: Any, qtbot: QtBot
) -> None:
    model = TechnicianModel()
    qtmodeltester.check(model)
    model.show_rows(board.technicians)
    qtmodeltester.check(model)
    found = [
        (model.index(r, 0).data(TECHNICIAN_ROLE).id, model.index(r, 0).data(LOAD_ROLE))
        for r in range(model.rowCount())
    ]
    assert found == [("beto", 1), ("ana", 5)]
    said = model.index_of("ana").data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Ana, 5"
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.show_rows(board.technicians)
    with qtbot.waitSignal(model.modelReset):
        model.show_rows(board.technicians[:1])
    assert not model.index_of("ana").isValid()
    assert model.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is None


def test_the_node_of_everything_stands_above_the_others(board: Board, qtmodeltester: Any) -> None:
    model = RegionModel()
    roots = [replace(node, parent_id="") for node in board.regions if node.id in {"jal", "tij"}]
    model.show_regions([replace(board.whole, name="All"), *roots, board.regions[1]])
    qtmodeltester.check(model)
    assert [(depth, node.name) for depth, node in model.in_order()] == [
        (0, "All"),
        (0, "JAL"),
        (1, board.regions[1].name),
        (0, "Tijuana"),
    ]
    assert model.index_of("").row() == 0


def test_what_is_heard_of_regions_and_technicians_is_what_the_view_says(board: Board) -> None:
    regions = RegionModel(describe=lambda node: f"{node.name} has {node.unassigned} waiting")
    regions.show_regions(board.regions)
    technicians = TechnicianModel(describe=lambda row: f"{row.name} is on {row.on_site} site")
    technicians.show_rows(board.technicians)
    for role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
        assert regions.index_of("zap").data(role) == "ZAP has 1 waiting"
        assert technicians.index_of("ana").data(role) == "Ana is on 1 site"


def test_a_queue_grows_without_headings(ana: FieldLaptop, qtmodeltester: Any) -> None:
    model = AgendaModel()
    model.show_flat(page(ana))
    model.append(page(ana, 2))
    assert model.canFetchMore(ROOT)
    qtmodeltester.check(model)
    assert texts(model) == ["onsite", "breached", "run", "minor"]
