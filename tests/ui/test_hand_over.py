"""The work of a laptop that cannot be opened leaves it all the same, without any key."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import field_office
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from stage import find, shown
from whole_app import Open, choose_in_dialog, settled, signed_in, window

from fieldtech import unlocking
from fieldtech.clock import SystemClock
from fieldtech.domain.commands import AddNote
from fieldtech.paths import Profile
from fieldtech.protocol.black_box import open_package
from fieldtech.secrets import LOCK_COPY, FileStore
from fieldtech.services.access import SECRET_NAMES
from fieldtech.services.opening import Opening
from fieldtech.unlocking import GuardedSecrets
from ui.views.unlock_view import UnlockView

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.app import Application


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least that Argon2id takes."""
    monkeypatch.setattr(unlocking, "_OPS", 1)
    monkeypatch.setattr(unlocking, "_MEM", 8192)


def with_a_note(tmp_path: Path) -> Profile:
    """A profile in which a note waits."""
    profile = Profile(signed_in(tmp_path))
    opening = Opening(profile, FileStore(profile.key_file), field_office.new_clock())
    opening.desk().cases.do("incident.note", "incident:run", AddNote(text="nadie"), {})
    opening.close()
    return profile


def lock(profile: Profile) -> None:
    base = FileStore(profile.key_file)
    guarded = GuardedSecrets(base, profile, SystemClock(), SECRET_NAMES)
    guarded.put_lock("passphrase", "caballo correcto pila")


def export(qtbot: QtBot, application: Application, name: str, out: Path) -> None:
    find(window(application), f"{name}.export", QAbstractButton).click()
    choose_in_dialog(application, out)
    qtbot.waitUntil(lambda: shown(window(application), f"{name}.told"), timeout=10_000)
    assert str(out) in find(window(application), f"{name}.told", QLabel).text()
    with open_package(out) as package:
        assert package.manifest.records == 1


def amount(qtbot: QtBot, application: Application, name: str) -> str:
    qtbot.waitUntil(lambda: shown(window(application), f"{name}.amount"), timeout=10_000)
    return find(window(application), f"{name}.amount", QLabel).text()


def test_with_a_forgotten_lock_the_work_can_still_leave(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    profile = with_a_note(tmp_path)
    lock(profile)
    application = launch(profile.dir)
    assert isinstance(application.window.centralWidget(), UnlockView)
    assert amount(qtbot, application, "unlock") == "1 trabajo está sellado aquí para la central."
    export(qtbot, application, "unlock", tmp_path / "trabajo.fieldtech")


def test_where_nothing_waits_nothing_is_offered(launch: Open, qtbot: QtBot, tmp_path: Path) -> None:
    profile = Profile(signed_in(tmp_path))
    lock(profile)
    application = launch(profile.dir)
    qtbot.waitUntil(lambda: application._window._is_painted)
    qtbot.waitUntil(lambda: not application._runner.is_busy)
    assert not shown(window(application), "unlock.export")


def test_without_its_key_the_work_can_leave_and_is_there_when_the_key_is_found(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    profile = with_a_note(tmp_path)
    aside = tmp_path / "keys"
    shutil.move(profile.key_file, aside)
    application = launch(profile.dir)
    assert amount(qtbot, application, "closed").startswith("1 trabajo está sellado")
    export(qtbot, application, "closed", tmp_path / "trabajo.fieldtech")
    page = application.window.centralWidget()
    find(window(application), "closed.again", QAbstractButton).click()
    qtbot.waitUntil(lambda: application.window.centralWidget() is not page, timeout=10_000)
    assert shown(window(application), "closed.text"), "it is still not there"
    shutil.move(aside, profile.key_file)
    find(window(application), "closed.again", QAbstractButton).click()
    settled(qtbot, application)
    assert shown(window(application), "agenda.list")
    assert application.seat.open_desk().sync.status().waiting == 1


def test_a_journal_that_cannot_be_read_is_said(launch: Open, qtbot: QtBot, tmp_path: Path) -> None:
    profile = with_a_note(tmp_path)
    profile.key_file.unlink()
    segment = next(profile.journal.iterdir())
    segment.unlink()
    segment.mkdir()
    application = launch(profile.dir)
    qtbot.waitUntil(lambda: shown(window(application), "closed.told"), timeout=10_000)
    assert "disco" in find(window(application), "closed.told", QLabel).text()
    assert find(window(application), "closed.export", QAbstractButton).isEnabled()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"kind": "pin"}', "3"])
def test_a_damaged_lock_is_said_and_the_work_can_leave(
    launch: Open, qtbot: QtBot, tmp_path: Path, content: str
) -> None:
    profile = with_a_note(tmp_path)
    lock(profile)
    FileStore(profile.key_file).delete(LOCK_COPY)
    profile.lock_file.write_text(content)
    application = launch(profile.dir)
    assert isinstance(application.window.centralWidget(), UnlockView)
    field = find(window(application), "unlock.text", QLineEdit)
    QTest.keyClicks(field, "caballo correcto pila")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(window(application), "unlock.problem"), timeout=10_000)
    told = find(window(application), "unlock.problem", QLabel).text()
    assert told.startswith("El bloqueo de los datos de esta laptop (lock.json) está dañado")
    assert profile.lock_file.read_text() == content, "nothing was changed"
    amount(qtbot, application, "unlock")
    export(qtbot, application, "unlock", tmp_path / "trabajo.fieldtech")


def test_a_key_file_somebody_edited_is_named(launch: Open, qtbot: QtBot, tmp_path: Path) -> None:
    profile = with_a_note(tmp_path)
    profile.key_file.write_text("no JSON")
    application = launch(profile.dir)
    assert amount(qtbot, application, "closed").startswith("1 trabajo está sellado")
    assert profile.key_file.name in find(window(application), "closed.text", QLabel).text()
