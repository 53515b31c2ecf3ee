"""The operator asks for a lock: at the start before the work, later in the day beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lock_policy import require_lock
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit
from stage import find, pick, shown
from whole_app import Open, settled, signed_in, window

from fieldtech import unlocking
from fieldtech.paths import Profile
from ui.tasks.announcer import Changes
from ui.views import news
from ui.views.new_lock import NewLockView

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.app import Application
    from ui.views.main_window import MainPage

PHRASE = "caballo correcto pila"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least that Argon2id takes."""
    monkeypatch.setattr(unlocking, "_OPS", 1)
    monkeypatch.setattr(unlocking, "_MEM", 8192)


def at_work(launch: Open, qtbot: QtBot, folder: Path) -> tuple[Application, MainPage]:
    application = launch(folder)
    settled(qtbot, application)
    assert application._page is not None
    return application, application._page


def asked(qtbot: QtBot, application: Application) -> None:
    """A synchronisation brings the policy and tells how things stand."""
    require_lock(application.seat.open_desk().store)
    tell(qtbot, application)


def tell(qtbot: QtBot, application: Application) -> None:
    with qtbot.waitSignal(application._announcer.changed, timeout=10_000):
        application._announcer.announce(Changes(sync=True))
    settled(qtbot, application)


def is_told(page: MainPage) -> bool:
    return any(banner.key == news.LOCK for banner in page.banners.waiting)


def press_banner(page: MainPage) -> None:
    page.banners.look_at(news.LOCK)
    buttons = page.banners.findChildren(QAbstractButton)
    next(each for each in buttons if each.property("action") == news.LOCK).click()


def put_on(qtbot: QtBot, application: Application) -> None:
    for name in ("first", "second"):
        find(window(application), f"lock.{name}", QLineEdit).setText(PHRASE)
    find(window(application), "newlock.submit", QAbstractButton).click()
    qtbot.waitUntil(lambda: shown(window(application), "agenda.list"), timeout=10_000)


def test_a_lock_asked_for_during_the_day_covers_nothing(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = signed_in(tmp_path)
    application, page = at_work(launch, qtbot, folder)
    assert not is_told(page)
    asked(qtbot, application)
    assert application.window.centralWidget() is page
    assert is_told(page)

    press_banner(page)
    assert isinstance(application.window.centralWidget(), NewLockView)
    find(window(application), "newlock.back", QAbstractButton).click()
    assert application.window.centralWidget() is page
    assert is_told(page), "it was only looked at"

    press_banner(page)
    put_on(qtbot, application)
    assert application.window.centralWidget() is page
    assert not is_told(page)
    assert Profile(folder).lock_file.exists()
    tell(qtbot, application)
    assert not is_told(page)


def test_whoever_puts_it_off_is_not_told_again_before_the_next_start(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = signed_in(tmp_path)
    application, page = at_work(launch, qtbot, folder)
    asked(qtbot, application)
    page.banners.look_at(news.LOCK)
    page.banners._dismiss()
    tell(qtbot, application)
    assert not is_told(page)
    page.go("settings")
    pick(find(page, "settings.language", QComboBox), "en")
    qtbot.waitUntil(lambda: application._page is not page, timeout=10_000)
    settled(qtbot, application)
    after = application._page
    assert application.window.centralWidget() is after, "a change of language is no start"
    assert after is not None
    assert not is_told(after)
    application.close()

    again = launch(folder)
    qtbot.waitUntil(lambda: isinstance(again.window.centralWidget(), NewLockView), timeout=10_000)
    assert not shown(window(again), "newlock.back")
    put_on(qtbot, again)
    settled(qtbot, again)
    assert shown(window(again), "agenda.list"), "not asked again"


def test_a_lock_that_has_to_stay_is_told_where_it_could_be_taken_off(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application, page = at_work(launch, qtbot, signed_in(tmp_path))
    application.seat.access.put_lock(PHRASE)
    page.go("settings")
    settled(qtbot, application)
    assert shown(page, "lock.off")
    assert not shown(page, "lock.stays")
    require_lock(application.seat.open_desk().store)
    for name in ("first", "second"):
        find(page, f"lock.{name}", QLineEdit).setText(f"{PHRASE} nueva")
    find(page, "lock.put", QAbstractButton).click()
    settled(qtbot, application)
    assert not shown(page, "lock.off")
    assert "operador" in find(page, "lock.stays", QLabel).text()
