"""Signing in and out of the whole application: what is said, what is kept, what is closed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import central_seed
import pytest
from central_process import running_central
from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
)
from stage import find, pick, shown
from whole_app import Open, fill_in, problem, settled, signed_in, texts, window

from fieldtech import config
from fieldtech.clock import SystemClock
from fieldtech.domain.commands import AddNote
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.services.central_clock import CentralClock
from fieldtech.services.desk import open_desk
from fieldtech.services.values import SyncStatus
from fieldtech.sync.tokens import TokenBox
from ui.app import Application
from ui.tasks.announcer import Changes
from ui.widgets.confirm import InlineConfirm

if TYPE_CHECKING:
    from pathlib import Path

    from central_process import CentralProcess
    from logfail import ExpectLog
    from pytestqt.qtbot import QtBot


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentralProcess]:
    """The small world, served."""
    with running_central(tmp_path_factory.mktemp("central")) as running:
        yield running


# --- signing in


def test_a_wrong_password_then_the_right_one(
    launch: Open, qtbot: QtBot, tmp_path: Path, central: CentralProcess
) -> None:
    application = launch(tmp_path / "new")
    fill_in(application, central.url, "ana", "guess")
    qtbot.waitUntil(lambda: bool(problem(application)), timeout=15_000)
    assert problem(application) == "El usuario o la contraseña no son correctos."
    fill_in(application, central.url, "ana", central_seed.PASSWORD)
    qtbot.waitUntil(lambda: not shown(window(application), "signin.submit"), timeout=15_000)
    settled(qtbot, application)
    assert "Todo enviado" in texts(application)
    settings = config.load(Profile(tmp_path / "new").settings)
    assert (settings.central_url, settings.last_user) == (central.url, "ana")
    assert central_seed.PASSWORD not in Profile(tmp_path / "new").settings.read_text()


def test_a_central_that_is_away_is_said_and_the_password_kept(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(tmp_path / "new")
    fill_in(application, "http://127.0.0.1:9", "ana", "secret")
    qtbot.waitUntil(lambda: bool(problem(application)), timeout=15_000)
    assert problem(application).startswith("No se alcanza la central.")
    assert find(window(application), "signin.password", QLineEdit).text() == "secret"
    assert find(window(application), "signin.submit", QAbstractButton).isEnabled()


def test_a_second_person_is_kept_out_and_the_first_goes_on(
    launch: Open, qtbot: QtBot, tmp_path: Path, central: CentralProcess
) -> None:
    application = launch(tmp_path / "new")
    fill_in(application, central.url, "ana", central_seed.PASSWORD)
    settled(qtbot, application)
    assert application._page is not None
    application._page.sign_in_wanted.emit()
    qtbot.waitUntil(lambda: shown(window(application), "signin.submit"))
    fill_in(application, central.url, "beto", central_seed.PASSWORD)
    qtbot.waitUntil(lambda: bool(problem(application)), timeout=15_000)
    assert "otr" in problem(application)
    fill_in(application, central.url, "ana", central_seed.PASSWORD)
    qtbot.waitUntil(lambda: not shown(window(application), "signin.submit"), timeout=15_000)
    settled(qtbot, application)


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a central that takes every request and answers none."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"


def test_a_sign_in_that_takes_long_can_be_given_up(
    launch: Open, qtbot: QtBot, tmp_path: Path, silent: str, central: CentralProcess
) -> None:
    application = launch(tmp_path / "new")
    fill_in(application, silent, "ana", "secret")
    assert shown(window(application), "signin.waiting")
    assert not find(window(application), "signin.user", QLineEdit).isEnabled()
    qtbot.waitUntil(lambda: application.seat.desk is not None, timeout=10_000)
    find(window(application), "signin.cancel", QAbstractButton).click()
    qtbot.waitUntil(lambda: not shown(window(application), "signin.cancel"), timeout=5_000)
    assert problem(application) == ""
    assert find(window(application), "signin.password", QLineEdit).text() == "secret"
    fill_in(application, central.url, "ana", central_seed.PASSWORD)
    settled(qtbot, application)
    assert "Todo enviado" in texts(application)


def test_the_window_closes_at_once_whatever_the_network_does(
    launch: Open, qtbot: QtBot, tmp_path: Path, silent: str
) -> None:
    application = launch(tmp_path / "new")
    fill_in(application, silent, "ana", "secret")
    qtbot.waitUntil(lambda: application.seat.desk is not None, timeout=10_000)
    waited = QElapsedTimer()
    waited.start()
    application.window.close()
    assert waited.elapsed() < 5_000


def test_a_window_closed_while_the_desk_opens_waits_for_nobody(
    launch: Open, tmp_path: Path, silent: str
) -> None:
    application = launch(tmp_path / "new")
    fill_in(application, silent, "ana", "secret")
    waited = QElapsedTimer()
    waited.start()
    application.window.close()
    assert waited.elapsed() < 5_000
    assert not application._runner.is_busy


def test_the_address_of_the_central_can_be_handed_in(launch: Open, tmp_path: Path) -> None:
    application = launch(tmp_path / "new", "--central", "https://central.example.mx")
    field = find(window(application), "signin.central", QLineEdit)
    assert field.text() == "https://central.example.mx"


def test_the_form_speaks_the_language_of_who_stands_before_it(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(tmp_path / "new")
    find(window(application), "signin.user", QLineEdit).setText("ana")
    assert "Contraseña" in texts(application)
    pick(find(window(application), "signin.language", QComboBox), "en")
    qtbot.waitUntil(lambda: "Password" in texts(application))
    assert find(window(application), "signin.user", QLineEdit).text() == "ana"
    assert window(application).locale().name() == "en_US"
    assert config.load(Profile(tmp_path / "new").settings).language == "en"
    assert not shown(window(application), "signin.back"), "there is nothing to go back to"


def test_signing_in_again_is_no_dead_end_with_the_central_off(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(signed_in(tmp_path))
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.agenda.open_incident("minor")
    told = {banner.key for banner in page.banners.waiting}
    assert told
    page.sign_in_wanted.emit()
    assert shown(window(application), "signin.back")
    find(window(application), "signin.back", QAbstractButton).click()
    qtbot.waitUntil(lambda: shown(window(application), "agenda.list"), timeout=10_000)
    settled(qtbot, application)
    page = application._page
    assert page is not None
    assert page.agenda.panel.incident_id == "minor"
    assert {banner.key for banner in page.banners.waiting} == told


# --- signing out


def sign_out(application: Application, qtbot: QtBot) -> None:
    page = application._page
    assert page is not None
    page.go("settings")
    find(page, "settings.signout", QAbstractButton).click()
    confirm = find(page, "settings.confirm", InlineConfirm)
    assert confirm.question is not None
    confirm._confirm.click()
    qtbot.waitUntil(lambda: shown(window(application), "signin.submit"), timeout=15_000)


def test_signing_out_locks_the_work_and_loses_none(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = signed_in(tmp_path)
    application = launch(folder)
    settled(qtbot, application)
    assert application.seat.desk is not None
    application.seat.desk.cases.do("incident.note", "incident:run", AddNote(text="listo"), {})
    application._announcer.announce(Changes(outbox=True))
    settled(qtbot, application)
    sign_out(application, qtbot)
    assert not shown(window(application), "signin.back")
    application.close()

    locked = launch(folder)
    assert shown(window(locked), "signin.submit")
    assert not shown(window(locked), "agenda.list")
    locked.close()
    secrets = FileStore(Profile(folder).key_file)
    assert TokenBox(secrets).get() is None
    clock = SystemClock()
    desk = open_desk(Profile(folder), secrets, clock, CentralClock(clock))
    assert [row.cmd for row in desk.sync.outbox() if row.state == "waiting"] == ["incident.note"]
    desk.close()


def asks_gravely(confirm: InlineConfirm) -> bool | None:
    return confirm.question.danger if confirm.question else None


def test_work_not_sent_is_named_before_signing_out(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(signed_in(tmp_path))
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.go("settings")
    page.show_status(SyncStatus())
    assert not shown(page, "settings.pending")
    assert not shown(page, "settings.sync")
    find(page, "settings.signout", QAbstractButton).click()
    confirm = find(page, "settings.confirm", InlineConfirm)
    assert asks_gravely(confirm) is False
    page.show_status(SyncStatus(files_waiting=1))
    assert find(page, "settings.pending", QLabel).text() == ("1 archivo aún no está en la central")
    assert asks_gravely(confirm) is True, "a photo is work"
    assert shown(page, "settings.sync")
    page.show_status(SyncStatus())
    assert asks_gravely(confirm) is False
    page.show_status(SyncStatus(waiting=2, refused=1))
    assert shown(page, "settings.pending")
    assert asks_gravely(confirm) is True, "asked anew: there is something to lose sight of by now"
    with qtbot.waitSignal(page.sync_requested):
        find(page, "settings.sync", QAbstractButton).click()
    with qtbot.assertNotEmitted(page.sign_out_wanted):
        confirm._cancel.click()


def test_after_signing_out_one_signs_in_again(
    launch: Open, qtbot: QtBot, tmp_path: Path, central: CentralProcess
) -> None:
    folder = tmp_path / "new"
    application = launch(folder)
    fill_in(application, central.url, "ana", central_seed.PASSWORD)
    settled(qtbot, application)
    sign_out(application, qtbot)
    fill_in(application, central.url, "ana", central_seed.PASSWORD)
    settled(qtbot, application)
    assert "Todo enviado" in texts(application)
    application.close()
    again = launch(folder)
    assert shown(window(again), "agenda.list")


def test_a_sign_out_that_cannot_be_kept_is_told_and_the_work_stays(
    launch: Open,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    expect_log: ExpectLog,
) -> None:
    application = launch(signed_in(tmp_path))
    settled(qtbot, application)

    def full(_store: FileStore, _name: str, _value: str) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(FileStore, "set", full)
    expect_log("work failed")
    page = application._page
    assert page is not None
    page.sign_out_wanted.emit()
    qtbot.waitUntil(lambda: application._page is not page, timeout=10_000)
    settled(qtbot, application)
    assert application._page is not None
    assert "problem" in {banner.key for banner in application._page.banners.waiting}
    assert not shown(window(application), "signin.submit")
