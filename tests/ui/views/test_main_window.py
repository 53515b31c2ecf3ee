"""The whole window: heard, read and used without a mouse, in both roles and languages."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
import reading
from PySide6.QtCore import Qt, QTimeZone
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QScrollArea, QWidget
from stage import Stage, find, shown, spoken, tab_to

from fieldtech.config import Settings
from fieldtech.services.values import SyncStatus
from ui.theme.theme import Theme
from ui.views import formats
from ui.views.card_list import CardList
from ui.views.main_window import MainPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

KEYS = {
    "technician": ["agenda", "network", "sync", "settings"],
    "dispatcher": ["board", "agenda", "network", "sync", "settings"],
}


@pytest.fixture(params=["technician", "dispatcher"])
def role(request: pytest.FixtureRequest) -> str:
    """Each role in turn."""
    return str(request.param)


@pytest.fixture(params=["es", "en"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """Each language in turn, spoken."""
    yield from spoken(qapp, request.param)


@pytest.fixture
def anyone(
    request: pytest.FixtureRequest, role: str, theme: Theme, qtbot: QtBot, language: str
) -> Iterator[Stage]:
    """The screens of somebody in that role."""
    laptop = request.getfixturevalue("dora" if role == "dispatcher" else "ana")
    made = Stage(laptop, theme, qtbot, language=language)
    yield made
    made.close()


@pytest.fixture
def page(stage: Stage) -> MainPage:
    """The technician's window."""
    return open_page(stage, "technician")


@pytest.fixture
def desk_page(board_stage: Stage) -> MainPage:
    """The dispatcher's window."""
    return open_page(board_stage, "dispatcher")


def open_page(stage: Stage, role: str, width: int = 1366, height: int = 768) -> MainPage:
    made = MainPage(stage.kit, Settings(language=stage.kit.language), "Somebody", role)
    look = stage.laptop.desk.first_look()
    assert look is not None
    made.agenda.show_page(look.page)
    made.show_status(look.status)
    stage.show(made, width, height)
    return made


def listed(page: MainPage, name: str) -> list[str]:
    return [row.incident_id for row in find(page, name, CardList).cards.rows()]


def search(page: MainPage) -> QLineEdit:
    return find(page, "topbar.search", QLineEdit)


# --- going about


def test_screens_by_number(role: str, anyone: Stage) -> None:
    page = open_page(anyone, role)
    keys = KEYS[role]
    assert page.shown == keys[0]
    for number, key in list(enumerate(keys, start=1))[::-1]:
        QTest.keySequence(page, QKeySequence(f"Ctrl+{number}"))
        anyone.settle()
        assert page.shown == key
    page.go("nowhere")
    assert page.shown == keys[0]


def test_f5_and_the_button_ask_for_a_synchronisation(page: MainPage, stage: Stage) -> None:
    with stage.qtbot.waitSignal(page.sync_requested):
        QTest.keySequence(page, QKeySequence("F5"))
    with stage.qtbot.waitSignal(page.sync_requested):
        find(page, "topbar.sync", QAbstractButton).click()


def test_the_pill_leads_to_the_sync_screen(page: MainPage, stage: Stage) -> None:
    stage.click(page, "topbar.status")
    assert page.shown == "sync"


def test_breaches_and_waiting_work_are_counted_on_the_rail(page: MainPage) -> None:
    names = [b.accessibleName() for b in find(page, "rail", QWidget).findChildren(QAbstractButton)]
    assert names == ["Agenda, 1", "My IP", "Sync", "Settings"]
    page.show_status(SyncStatus(waiting=2, refused=1))
    names = [b.accessibleName() for b in find(page, "rail", QWidget).findChildren(QAbstractButton)]
    assert names[2] == "Sync, 3"


def test_date_and_last_contact_are_told_where_one_works(stage: Stage) -> None:
    one_in_the_morning = datetime(2026, 11, 5, 7, 30, tzinfo=UTC)  # in Guadalajara
    stage.laptop.machine.advance((one_in_the_morning - stage.laptop.clock.now()).total_seconds())
    for zone, day, contact in (
        ("America/Mexico_City", "5 November", "5 Nov 01:30"),
        ("America/Tijuana", "4 November", "4 Nov 23:30"),
    ):
        page = MainPage(stage.kit, Settings(), "Somebody", "technician", timezone=zone)
        page.show_status(SyncStatus(last_contact=one_in_the_morning))
        stage.show(page)
        assert any(day in label.text() for label in page.findChildren(QLabel)), zone
        assert contact in find(page, "topbar.status", QAbstractButton).toolTip()
        page.go("sync")
        stage.settle()
        assert any(contact in label.text() for label in page.findChildren(QLabel)), zone
        page.hide()


def test_somebody_works_where_most_of_his_sites_are() -> None:
    zones = ["America/Tijuana", "", "America/Cancun", "America/Tijuana"]
    assert formats.zone_of_work(zones) == "America/Tijuana"
    assert formats.zone_of_work([]) == QTimeZone.systemTimeZoneId().toStdString()


# --- the search


def test_typing_narrows_the_agenda_at_every_key(page: MainPage, stage: Stage) -> None:
    QTest.keySequence(page, QKeySequence("Ctrl+K"))
    assert search(page).hasFocus()
    QTest.keyClicks(search(page), "tiju")
    stage.settle()
    assert listed(page, "agenda.list") == ["minor"]
    QTest.keyClick(search(page), Qt.Key.Key_Escape)
    stage.settle()
    assert len(listed(page, "agenda.list")) == 5


def test_one_search_serves_board_and_list(desk_page: MainPage, board_stage: Stage) -> None:
    QTest.keySequence(desk_page, QKeySequence("Ctrl+K"))
    QTest.keyClicks(search(desk_page), "zap")
    board_stage.settle()
    assert listed(desk_page, "board.queue") == ["free"]
    assert listed(desk_page, "board.assigned") == ["risk"]
    desk_page.go("agenda")
    board_stage.settle()
    assert search(desk_page).text() == "zap"
    assert sorted(listed(desk_page, "agenda.list")) == ["free", "risk"]
    QTest.keySequence(desk_page, QKeySequence("Ctrl+K"))
    QTest.keyClick(search(desk_page), Qt.Key.Key_Escape)
    board_stage.settle()
    desk_page.go("board")
    board_stage.settle()
    assert len(listed(desk_page, "board.assigned")) == 7


def test_the_search_is_hidden_where_nothing_is_to_be_found(page: MainPage, stage: Stage) -> None:
    page.go("settings")
    stage.settle()
    assert not search(page).isVisible()
    page.go("agenda")
    assert search(page).isVisible()


# --- the keyboard alone


def test_from_the_search_to_an_action(page: MainPage, stage: Stage) -> None:
    QTest.keySequence(page, QKeySequence("Ctrl+K"))
    QTest.keyClicks(search(page), "tijuana")
    stage.settle()
    QTest.keyClick(search(page), Qt.Key.Key_Down)
    stage.settle()
    focused = QApplication.focusWidget()
    assert isinstance(focused, CardList)
    assert page.agenda.panel.incident_id == "minor"
    QTest.keyClick(tab_to(stage, "action.visit.accept"), Qt.Key.Key_Space)
    stage.settle()
    assert stage.laptop.waiting() == ["visit.accept"]
    assert shown(page, "action.visit.start_travel")


def test_down_from_the_search_reaches_the_board(desk_page: MainPage, board_stage: Stage) -> None:
    QTest.keySequence(desk_page, QKeySequence("Ctrl+K"))
    QTest.keyClick(search(desk_page), Qt.Key.Key_Down)
    board_stage.settle()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "board.queue"


def test_tab_goes_round_and_the_focus_is_always_seen(page: MainPage, stage: Stage) -> None:
    search(page).setFocus()
    met: list[QWidget] = []
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in met:
            break
        met.append(focused)
        assert _looks_different_without_focus(focused), reading.heard(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        stage.settle()
    names = {each.objectName() for each in met}
    assert {"agenda.list", "agenda.map", "visit.tabs", "topbar.sync"} <= names
    assert len(met) < 60, "Tab never comes round"


def _looks_different_without_focus(widget: QWidget) -> bool:
    with_focus = widget.grab().toImage()
    widget.clearFocus()
    without = widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    return bool(with_focus != without)


# --- what is heard and read


def everything(stage: Stage, page: MainPage, keys: list[str]) -> Iterator[str]:
    """Show every screen and every tab of the visit, one after the other."""
    for key in keys:
        page.go(key)
        stage.settle()
        yield key
    page.go("agenda")
    stage.settle()
    for tab in range(3):
        page.agenda.panel.open_tab(tab)
        stage.settle()
        yield f"agenda, tab {tab}"


def test_whatever_the_keyboard_reaches_has_a_name(role: str, anyone: Stage) -> None:
    page = open_page(anyone, role)
    for where in everything(anyone, page, KEYS[role]):
        assert reading.nameless(page) == [], where
    if role == "dispatcher":
        page.go("board")
        anyone.click(page, "board.register")
    else:
        page.agenda.open_incident("onsite")
        anyone.settle()
        anyone.click(page, "action.incident.restore")
    assert reading.nameless(page) == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_off_on_a_small_laptop(
    role: str, anyone: Stage, theme: Theme, scale: float
) -> None:
    theme.set_scale(scale)
    page = open_page(anyone, role)
    page.show_status(SyncStatus(waiting=12, problem="unreachable"))
    found = {
        where: [*reading.cut_off(page), *reading.outside(page), *reading.hidden_columns(page)]
        for where in everything(anyone, page, KEYS[role])
    }
    if role == "dispatcher":
        page.go("board")
        anyone.click(page, "board.register")
        found["register"] = [*reading.cut_off(page), *reading.hidden_columns(page)]
    assert {where: texts for where, texts in found.items() if texts} == {}


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
def test_the_bar_fits_a_small_laptop_and_nothing_in_it_touches(
    anyone: Stage, role: str, theme: Theme, scale: float
) -> None:
    theme.set_scale(scale)
    page = open_page(anyone, role)
    page.show_status(SyncStatus(waiting=12, problem="unreachable"))
    anyone.settle()
    assert page.width() == 1366
    sync = find(page, "topbar.sync", QAbstractButton)
    parts = [search(page), find(page, "topbar.status", QAbstractButton), sync]
    for left, right in pairwise(parts):
        assert right.x() - left.geometry().right() > theme.px(8)
    assert sync.geometry().right() < 1366
    assert sync.accessibleName() == sync.toolTip() != ""
    assert bool(sync.text()) == (scale < 2)
    page.resize(1800, 768)
    anyone.qtbot.waitUntil(lambda: bool(sync.text()))


@pytest.mark.parametrize("key", ["settings.signout", "settings.confirm"])
def test_the_settings_can_be_reached_at_double_size(
    anyone: Stage, role: str, theme: Theme, key: str
) -> None:
    theme.set_scale(2.0)
    page = open_page(anyone, role)
    page.go("settings")
    anyone.settle()
    find(page, "settings.signout", QAbstractButton).click()
    anyone.settle()
    assert page.height() == 768
    view = page._screen("settings")
    assert isinstance(view, QScrollArea)
    wanted = find(page, key, QWidget)
    view.ensureWidgetVisible(wanted)
    assert not wanted.visibleRegion().isEmpty()
