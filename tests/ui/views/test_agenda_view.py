"""My visits: grouped by place, filtered, searched, mapped, and used without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from stage import Stage, button, find, shown

from fieldtech.services.agenda import AgendaService
from fieldtech.services.geography import project
from ui.map.map_canvas import MapCanvas
from ui.models.agenda_model import HEADING_ROLE, AgendaModel
from ui.theme.theme import Theme
from ui.views.card_list import CardList
from ui.views.technician import agenda_view
from ui.views.technician.agenda_view import AgendaView
from ui.views.technician.visit_panel import VisitPanel

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office

    from fieldtech.services.values import AgendaPage, AgendaQuery

PLACES = {"minor": (32.51, -117.03), "onsite": (21.16, -86.85)}


@pytest.fixture
def agenda(stage: Stage) -> AgendaView:
    """The agenda on a wide screen."""
    return open_agenda(stage, 1294)


def open_agenda(stage: Stage, width: int) -> AgendaView:
    made = AgendaView(stage.kit)
    made.refresh()
    stage.show(made, width)
    return made


def cards(agenda: AgendaView) -> CardList:
    return find(agenda, "agenda.list", CardList)


def listed(agenda: AgendaView) -> list[str]:
    """The incidents in the list, in order."""
    return [row.incident_id for row in cards(agenda).cards.rows()]


def chosen(agenda: AgendaView) -> tuple[str, str, str]:
    """What list, map and panel say is chosen."""
    row = cards(agenda).current_row()
    there = find(agenda, "agenda.map", MapCanvas).selected
    return (row.incident_id if row else "", there, agenda.panel.incident_id)


def pick(stage: Stage, agenda: AgendaView, incident_id: str) -> None:
    view = cards(agenda)
    index = view.cards.index_of(incident_id)
    view.scrollTo(index)
    where = view.visualRect(index).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    stage.settle()


def search(stage: Stage, agenda: AgendaView, text: str) -> list[str]:
    agenda.search(text)
    stage.settle()
    return listed(agenda)


def told(agenda: AgendaView) -> list[str]:
    return [label.text() for label in agenda.findChildren(QLabel) if label.isVisible()]


def test_visits_are_grouped_by_place_and_sorted_by_what_is_left(agenda: AgendaView) -> None:
    model = cards(agenda).cards
    seen = []
    for position in range(model.rowCount()):
        index = model.index(position, 0)
        heading = index.data(HEADING_ROLE)
        row = model.row_at(index)
        if row is not None:
            seen.append(row.incident_id)
        elif heading.site:
            seen.append(f"## {heading.site}")
        else:
            seen.append(f"# {heading.state} {heading.municipality} {heading.count}")
    assert seen == [
        *("# JAL Cancún 1", "onsite"),
        *("# JAL GDL 2", "## Sucursal gdl", "breached", "run"),
        *("# JAL Tijuana 1", "minor"),
        *("# JAL ZAP 1", "risk"),
    ]


def test_chips_count_everything_and_narrow_the_list(stage: Stage, agenda: AgendaView) -> None:
    chips = [b.text() for b in agenda.findChildren(QAbstractButton) if b.property("kind") == "chip"]
    assert chips == ["All 5", "Major fault 4", "About to expire 2"]
    QTest.mouseClick(button(agenda, "About to expire 2"), Qt.MouseButton.LeftButton)
    stage.settle()
    assert listed(agenda) == ["breached", "risk"]
    QTest.mouseClick(button(agenda, "Major fault 4"), Qt.MouseButton.LeftButton)
    stage.settle()
    assert "minor" not in listed(agenda)
    assert len(listed(agenda)) == 4
    QTest.mouseClick(button(agenda, "All 5"), Qt.MouseButton.LeftButton)
    stage.settle()
    assert len(listed(agenda)) == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cancun", ["onsite"]),
        ("Cliente Tij", ["minor"]),
        ("664 123", ["minor", "onsite"]),
        ("calle primera", ["minor", "onsite"]),
        ("SN1", ["breached", "run", "risk"]),
        ("nadie", []),
    ],
)
def test_the_search_finds_by_what_people_remember(
    stage: Stage, agenda: AgendaView, text: str, expected: list[str]
) -> None:
    assert sorted(search(stage, agenda, text)) == sorted(expected)
    assert ("Nothing matches." in told(agenda)) is (not expected)
    assert len(search(stage, agenda, "")) == 5


def test_the_search_finds_a_folio(stage: Stage, agenda: AgendaView) -> None:
    row = cards(agenda).cards.rows()[0]
    assert search(stage, agenda, row.number) == [row.incident_id]


def test_every_key_asks_and_only_the_last_answer_counts(stage: Stage, agenda: AgendaView) -> None:
    for text in ("t", "ti", "tij", "can", "cancu"):
        agenda.search(text)
    stage.settle()
    assert listed(agenda) == ["onsite"]


def test_what_is_chosen_in_the_list_is_chosen_on_the_map(stage: Stage, agenda: AgendaView) -> None:
    assert chosen(agenda) == ("onsite", "onsite", "onsite")
    pick(stage, agenda, "minor")
    assert chosen(agenda) == ("minor", "minor", "minor")


@pytest.mark.parametrize("incident_id", ["minor", "onsite"])
def test_what_is_chosen_on_the_map_is_chosen_in_the_list(
    stage: Stage, agenda: AgendaView, incident_id: str
) -> None:
    pick(stage, agenda, "risk")
    canvas = find(agenda, "agenda.map", MapCanvas)
    canvas.fit_to_pins()
    x, y = canvas.view.to_screen(*project(*PLACES[incident_id]))
    # A pin stands on its place: its head is above it.
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y) - 18))
    stage.settle()
    assert chosen(agenda) == (incident_id, incident_id, incident_id)


def test_a_pin_of_a_page_not_loaded_is_opened_all_the_same(
    stage: Stage, agenda: AgendaView
) -> None:
    search(stage, agenda, "tijuana")
    agenda.open_incident("risk")
    stage.settle()
    assert agenda.panel.incident_id == "risk"
    assert "Sin internet (risk)" in told(agenda)


def test_news_keeps_what_is_chosen_and_where_one_has_scrolled(
    stage: Stage, agenda: AgendaView, office: Office
) -> None:
    agenda.resize(1294, 260)
    stage.settle()
    pick(stage, agenda, "onsite")
    bar = cards(agenda).verticalScrollBar()
    bar.setValue(bar.maximum())
    place = bar.value()
    assert place > 0
    office.desk_of("dora").do("incident.note", "incident:risk", text="llama otra vez")
    stage.sync(office)
    assert chosen(agenda)[0] == "onsite"
    assert bar.value() == place


def test_a_visit_that_is_taken_away_leaves_the_list(
    stage: Stage, agenda: AgendaView, office: Office
) -> None:
    args = {"new_visit_id": "v-2", "technician_id": "beto"}
    office.desk_of("dora").do("visit.reassign", "visit:v-minor", **args)
    stage.sync(office)
    assert "minor" not in listed(agenda)
    assert "All 4" in [b.text() for b in agenda.findChildren(QAbstractButton)]


def test_further_pages_come_when_they_are_scrolled_to(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda_view, "PAGE", 2)
    asked: list[tuple[int, int]] = []
    page = AgendaService.page

    def counting(
        service: AgendaService, query: AgendaQuery, *, offset: int, limit: int
    ) -> AgendaPage:
        asked.append((offset, limit))
        return page(service, query, offset=offset, limit=limit)

    monkeypatch.setattr(AgendaService, "page", counting)
    agenda = open_agenda(stage, 1294)
    stage.qtbot.waitUntil(lambda: len(listed(agenda)) == 5)
    assert listed(agenda) == ["onsite", "breached", "run", "minor", "risk"]
    assert asked == [(0, 2), (2, 2), (4, 2)]
    stage.settle()
    agenda.refresh()
    stage.settle()
    assert asked[3:] == [(0, 5)]


@pytest.mark.parametrize(
    ("width", "scale", "parts"),
    [
        (480, 1.0, ["list"]),
        (760, 1.0, ["list", "panel"]),
        (1024, 1.0, ["list", "panel"]),
        (1120, 1.0, ["list", "map", "panel"]),
        (1294, 1.0, ["list", "map", "panel"]),
        (1222, 2.0, ["list"]),
        (2240, 2.0, ["list", "map", "panel"]),
    ],
)
def test_as_many_columns_as_fit(
    stage: Stage, theme: Theme, width: int, scale: float, parts: list[str]
) -> None:
    theme.set_scale(scale)
    agenda = open_agenda(stage, width)
    found = {"list": cards(agenda), "map": agenda._map, "panel": agenda.panel}
    assert [name for name, part in found.items() if part.isVisible()] == parts
    for part in found.values():
        if part.isVisible():
            right = part.mapTo(agenda, QPoint(part.width(), 0)).x()
            assert right <= agenda.width()
            assert part.width() >= theme.px(100)


def pins(agenda: AgendaView) -> set[str]:
    return {pin.key for pin in agenda._pins.all()} if agenda._pins else set()


def test_the_map_shows_every_incident_of_the_query_and_not_only_the_first_page(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agenda_view, "PAGE", 2)
    monkeypatch.setattr(AgendaModel, "canFetchMore", lambda *_: False)
    agenda = open_agenda(stage, 1294)
    assert len(listed(agenda)) == 2
    assert pins(agenda) == {"onsite", "breached", "run", "minor", "risk"}
    assert chosen(agenda) == ("onsite", "onsite", "onsite")
    agenda.search("SN1")
    stage.settle()
    stage.qtbot.waitUntil(lambda: pins(agenda) == {"breached", "run", "risk"})
    find(agenda, "agenda.map", MapCanvas).pin_activated.emit("risk")
    stage.settle()
    assert agenda.panel.incident_id == "risk"


@pytest.mark.parametrize("width", [480, 760])
def test_where_the_map_has_no_column_it_takes_the_lists_place(stage: Stage, width: int) -> None:
    agenda = open_agenda(stage, width)
    stage.click(agenda, "agenda.switch")
    assert agenda._map.isVisible()
    assert not cards(agenda).isVisible()
    assert agenda._map.width() >= 300
    find(agenda, "agenda.map", MapCanvas).pin_activated.emit("risk")
    stage.settle()
    assert agenda.panel.incident_id == "risk"
    assert agenda.panel.isVisible()
    agenda.resize(1294, 700)
    stage.settle()
    assert cards(agenda).isVisible()
    assert agenda._map.isVisible()
    assert not shown(agenda, "agenda.switch")
    assert agenda._map.mapTo(agenda, QPoint(0, 0)).x() >= cards(agenda).width()


def test_a_narrow_window_shows_list_or_visit(stage: Stage) -> None:
    agenda = open_agenda(stage, 480)
    assert not agenda.panel.isVisible()
    agenda.focus_list()
    QTest.keyClick(cards(agenda), Qt.Key.Key_Down)
    stage.settle()
    QTest.keyClick(cards(agenda), Qt.Key.Key_Return)
    stage.settle()
    assert agenda.panel.isVisible()
    assert not cards(agenda).isVisible()
    assert shown(agenda, "action.visit.accept")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert agenda.panel.isAncestorOf(focused)
    stage.click(agenda, "visit.back")
    assert cards(agenda).hasFocus()
    agenda.resize(1294, 700)
    stage.settle()
    assert agenda.panel.isVisible()
    assert cards(agenda).isVisible()


def test_arrows_stop_at_cards_alone(stage: Stage, agenda: AgendaView) -> None:
    agenda.focus_list()
    view = cards(agenda)
    seen = []
    for key in (Qt.Key.Key_Home, *[Qt.Key.Key_Down] * 5, *[Qt.Key.Key_Up] * 5):
        QTest.keyClick(view, key)
        stage.settle()
        row = view.current_row()
        assert row is not None
        seen.append(row.incident_id)
    down = ["onsite", "breached", "run", "minor", "risk"]
    assert seen == [*down, "risk", *reversed(down[:-1]), "onsite"]


def test_the_second_hand_moves_the_cards(stage: Stage, agenda: AgendaView) -> None:
    before = cards(agenda).viewport().grab().toImage()
    stage.tick(1)
    assert cards(agenda).viewport().grab().toImage() != before


def test_counts_are_told_for_the_rail(stage: Stage) -> None:
    agenda = AgendaView(stage.kit)
    with stage.qtbot.waitSignal(agenda.counted) as heard:
        agenda.refresh()
    stage.qtbot.addWidget(agenda)
    stage.settle()
    assert (heard.args[0].all, heard.args[0].breached) == (5, 1)


def test_nothing_to_do_is_said(stage: Stage, ana: FieldLaptop, office: Office) -> None:
    dora = office.desk_of("dora")
    for incident_id in ("breached", "risk", "run", "minor", "onsite"):
        dora.do("visit.cancel", f"visit:v-{incident_id}", reason="prueba")
    ana.sync(office)
    agenda = open_agenda(stage, 1294)
    assert "No visits are assigned to you." in told(agenda)
    assert isinstance(find(agenda, "visit.panel", QWidget), VisitPanel)
