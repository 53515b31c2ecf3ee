"""A store that takes long to open: the window stands meanwhile, and says what is done."""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import field_office
import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from stage import find, shown
from typing_extensions import override
from undress import undress
from whole_app import Open, settled, signed_in, texts, window

from fieldtech import unlocking
from fieldtech.clock import SystemClock
from fieldtech.paths import Profile, default_profile_dir
from fieldtech.secrets import FileStore
from fieldtech.services import people
from fieldtech.services.access import SECRET_NAMES, SIGNED_OUT
from fieldtech.store.driver import connect, raw_key
from fieldtech.store.opening import open_store
from fieldtech.unlocking import GuardedSecrets
from ui.app import Application
from ui.views.opening_view import OpeningView
from ui.views.unlock_view import UnlockView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from fieldtech.clock import Clock
    from fieldtech.secrets import SecretStore
    from fieldtech.store.opening import Store

REBUILT = pytest.mark.expects_log("the store is damaged and will be rebuilt")
PHRASE = "caballo correcto pila"


@dataclass
class Slowly:
    """Holds whoever opens a store until ``go`` is set; ``threads`` have come that far."""

    go: threading.Event = field(default_factory=threading.Event)
    threads: list[str] = field(default_factory=list)
    in_time: list[bool] = field(default_factory=list)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A profile, made before opening one takes long."""
    return signed_in(tmp_path)


@pytest.fixture
def slowly(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slowly]:
    """Opening a store takes as long as a test wants."""
    assert Profile(folder).db.exists()
    held = Slowly()

    def hold(profile: Profile, secrets: SecretStore, clock: Clock) -> Store:
        held.threads.append(threading.current_thread().name)
        held.in_time.append(held.go.wait(5))
        return open_store(profile, secrets, clock)

    monkeypatch.setattr("fieldtech.services.desk.open_store", hold)
    yield held
    held.go.set()


def damage(folder: Path) -> Path:
    Profile(folder).db.write_bytes(b"\xa5" * 60_000)
    return folder


def is_opening(qtbot: QtBot, application: Application, slowly: Slowly) -> OpeningView:
    """The page stands while another thread opens, and the event loop goes round."""
    qtbot.waitUntil(lambda: bool(slowly.threads), timeout=5_000)
    page = application.window.centralWidget()
    assert isinstance(page, OpeningView)
    assert application.window.isVisible()
    beats: list[int] = []
    QTimer.singleShot(0, page, lambda: beats.append(1))
    qtbot.waitUntil(lambda: bool(beats), timeout=1_000)
    assert not slowly.in_time, "it is still held"
    assert slowly.threads[0].startswith("db")
    return page


@REBUILT
def test_a_rebuild_is_done_behind_a_page_that_says_so(
    launch: Open, qtbot: QtBot, folder: Path, slowly: Slowly
) -> None:
    application = launch(damage(folder))
    page = is_opening(qtbot, application, slowly)
    assert "Abriendo…" in texts(application)
    assert not shown(page, "opening.what"), "a short one is not explained"
    page.explain()
    assert any("reconstruyendo" in text for text in texts(application))
    slowly.go.set()
    settled(qtbot, application)
    assert shown(window(application), "agenda.list")
    assert slowly.in_time == [True]


def test_an_upgrade_is_told_as_one(
    launch: Open, qtbot: QtBot, folder: Path, slowly: Slowly
) -> None:
    profile = Profile(folder)
    connection = connect(profile.db, raw_key(FileStore(profile.key_file), profile.db))
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    application = launch(folder)
    is_opening(qtbot, application, slowly).explain()
    assert any("actualizando" in text for text in texts(application))
    slowly.go.set()
    qtbot.waitUntil(lambda: shown(window(application), "closed.text"), timeout=10_000)


@REBUILT
def test_the_window_closes_at_once_and_the_rebuild_is_done_to_its_end(
    launch: Open, qtbot: QtBot, folder: Path, slowly: Slowly
) -> None:
    class Gone(QObject):
        """Lets the rebuild go on as soon as nobody sees the window any more."""

        @override
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Hide:
                slowly.go.set()
            return super().eventFilter(watched, event)

    application = launch(damage(folder))
    is_opening(qtbot, application, slowly)
    gone = Gone()
    application.window.installEventFilter(gone)
    application.window.close()
    assert slowly.in_time == [True], "it was gone before the store was there"
    assert list(Profile(folder).dir.glob("store.db.damaged-*"))
    again = launch(folder)
    assert shown(window(again), "agenda.list"), "whole by now, and let go of"
    settled(qtbot, again)


@REBUILT
def test_behind_a_lock_it_is_the_same(
    launch: Open,
    qtbot: QtBot,
    folder: Path,
    slowly: Slowly,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unlocking, "_OPS", 1)
    monkeypatch.setattr(unlocking, "_MEM", 8192)
    profile = Profile(damage(folder))
    base = FileStore(profile.key_file)
    GuardedSecrets(base, profile, SystemClock(), SECRET_NAMES).put_lock("passphrase", PHRASE)
    application = launch(profile.dir)
    assert isinstance(application.window.centralWidget(), UnlockView)
    field_ = find(window(application), "unlock.text", QLineEdit)
    QTest.keyClicks(field_, PHRASE)
    QTest.keyClick(field_, Qt.Key.Key_Return)
    is_opening(qtbot, application, slowly)
    slowly.go.set()
    settled(qtbot, application)
    assert shown(window(application), "agenda.list")


@REBUILT
def test_so_it_is_on_the_way_to_somebody_elses_work(
    qapp: QApplication,
    qtbot: QtBot,
    folder: Path,
    slowly: Slowly,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(folder.parent / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(folder.parent / "home"))
    home = default_profile_dir()
    home.parent.mkdir(parents=True)
    shutil.copytree(damage(folder), home)
    user = people.LaptopUser(
        folder=home,
        login="ana",
        name="Ana",
        central="http://127.0.0.1:9",
        last_used=field_office.NOW,
    )
    people.note(user)
    # Signed out: the sign-in comes first, and nothing is opened for it.
    secrets = FileStore(Profile(home).key_file)
    secrets.set(SIGNED_OUT, "1")
    application = Application.build(["--secrets", "file"])
    qtbot.addWidget(application.window)
    secrets.delete(SIGNED_OUT)
    find(window(application), "people.1", QAbstractButton).click()
    is_opening(qtbot, application, slowly)
    slowly.go.set()
    settled(qtbot, application)
    assert shown(window(application), "agenda.list")
    application.close()
    undress(qapp, application)
