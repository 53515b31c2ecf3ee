"""The whole application on a profile: who opens it, with and without the central, in any state."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
)
from shiboken6 import isValid
from stage import find, pick, shown
from whole_app import Open, settled, signed_in, texts, window

from fieldtech import config
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.store.driver import connect, raw_key
from ui.app import Application
from ui.command_line import parse
from ui.theme.tokens import Tone
from ui.views.card_list import CardList
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from pathlib import Path

    from logfail import ExpectLog
    from pytestqt.qtbot import QtBot

# --- opening


def test_it_opens_on_the_last_profile_with_the_central_switched_off(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(signed_in(tmp_path))
    cards = find(window(application), "agenda.list", CardList)
    assert len(cards.cards.rows()) == 5, "before anything else is opened"
    settled(qtbot, application)
    qtbot.waitUntil(lambda: "Sin conexión" in texts(application), timeout=15_000)
    assert shown(window(application), "agenda.map")


def test_what_was_typed_when_the_window_closed_is_there_again(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = signed_in(tmp_path)
    application = launch(folder)
    settled(qtbot, application)
    assert application._page is not None
    panel = application._page.agenda.panel
    panel.show_incident("run", "")
    settled(qtbot, application)
    panel.open_tab(2)
    field = find(panel, "note.text", QPlainTextEdit)
    field.setFocus()
    QTest.keyClicks(field, "cable cortado")
    application.window.close()

    again = launch(folder)
    settled(qtbot, again)
    assert again._page is not None
    again._page.agenda.panel.show_incident("run", "")
    settled(qtbot, again)
    field = find(again._page.agenda.panel, "note.text", QPlainTextEdit)
    assert field.toPlainText() == "cable cortado"


def damage(profile: Profile) -> None:
    shutil.rmtree(profile.journal)
    profile.db.write_bytes(b"\x00" * 8192)


def lose_key(profile: Profile) -> None:
    profile.secret_marker.write_text(json.dumps({"kind": "file", "name": "here"}))
    profile.key_file.unlink()


def lose_marker(profile: Profile) -> None:
    profile.key_file.unlink()


def make_newer(profile: Profile) -> None:
    connection = connect(profile.db, raw_key(FileStore(profile.key_file), profile.db))
    connection.execute("PRAGMA user_version = 999")
    connection.close()


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (damage, "Los datos locales están dañados"),
        (lose_key, "Falta la clave"),
        (lose_marker, "secret-store.json"),
        (make_newer, "versión más nueva"),
    ],
)
def test_a_store_that_cannot_be_opened_is_a_sentence_and_no_crash(
    launch: Open,
    qtbot: QtBot,
    tmp_path: Path,
    break_it: Callable[[Profile], None],
    sentence: str,
) -> None:
    folder = signed_in(tmp_path)
    break_it(Profile(folder))
    application = launch(folder)
    assert application.window.isVisible()
    qtbot.waitUntil(lambda: shown(window(application), "closed.text"), timeout=15_000)
    assert sentence in find(window(application), "closed.text", QLabel).text()


def test_a_profile_open_elsewhere_is_a_sentence_and_no_crash(
    launch: Open, qtbot: QtBot, tmp_path: Path, expect_log: ExpectLog
) -> None:
    folder = signed_in(tmp_path)
    first = launch(folder)
    settled(qtbot, first)
    expect_log("work failed")
    second = launch(folder)
    qtbot.waitUntil(
        lambda: any("ya está abierto en otra ventana" in text for text in texts(second)),
        timeout=10_000,
    )


def test_keys_kept_otherwise_are_a_sentence_and_no_crash(launch: Open, tmp_path: Path) -> None:
    folder = signed_in(tmp_path)
    marker = {"kind": "keyring", "name": "somewhere"}
    Profile(folder).secret_marker.write_text(json.dumps(marker))
    application = launch(folder)
    assert application.window.isVisible()
    assert "lugar" in find(window(application), "closed.text", QLabel).text()


@pytest.mark.parametrize("content", ["{", '{"theme": "pink"}', "[]"])
def test_settings_that_cannot_be_read_keep_nobody_from_work(
    launch: Open, tmp_path: Path, content: str
) -> None:
    folder = signed_in(tmp_path)
    Profile(folder).settings.write_text(content)
    application = launch(folder)
    assert shown(window(application), "agenda.list")


def test_a_folder_that_cannot_be_made_ends_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], qapp: QApplication
) -> None:
    assert qapp is not None
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as ended:
        Application.build(["--profile", str(tmp_path / "file" / "profile")])
    assert ended.value.code == 73
    assert "profile" in capsys.readouterr().err


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as wrong:
        parse(["--no-such-thing"])
    assert wrong.value.code == 64
    assert capsys.readouterr().err.startswith("fieldtech: ")
    with pytest.raises(SystemExit) as nowhere:
        parse(["--profile", ""])
    assert nowhere.value.code == 64
    assert "no folder is named" in capsys.readouterr().err
    with pytest.raises(SystemExit) as told:
        Application.build(["--version"])
    assert told.value.code == 0
    assert capsys.readouterr().out.startswith("fieldtech ")


# --- settings, live


def test_settings_take_effect_at_once_and_keep_case_and_screen(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = signed_in(tmp_path)
    application = launch(folder)
    settled(qtbot, application)

    def change(name: str, data: object) -> None:
        page = application._page
        assert page is not None
        page.go("settings")
        pick(find(page, f"settings.{name}", QComboBox), data)
        qtbot.waitUntil(lambda: application._page is not page, timeout=10_000)
        settled(qtbot, application)
        assert application._page is not None
        assert application._page.shown == "settings"

    page = application._page
    assert page is not None
    page.agenda.open_incident("minor")
    settled(qtbot, application)
    assert "Mis visitas" in texts(application)
    change("language", "en")
    assert "Language" in texts(application)
    change("theme", "dark")
    assert application._theme.dark
    change("scale", 200)
    assert application._theme.scale == 2.0
    change("scale", 100)

    page = application._page
    assert page is not None
    assert page.agenda.panel.incident_id == "minor"
    page.go("agenda")
    settled(qtbot, application)
    assert "My visits" in texts(application)
    assert "Sin internet (minor)" in texts(application)
    current = find(page, "agenda.list", CardList).current_row()
    assert current is not None
    assert current.incident_id == "minor"
    stored = config.load(Profile(folder).settings)
    assert (stored.language, stored.theme, stored.text_scale) == ("en", "dark", 100)


def test_a_change_of_language_loses_neither_search_nor_draft_nor_news(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(signed_in(tmp_path))
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.banners.post(Banner("news", Tone.INFO, "Visita nueva"))
    before = {banner.key for banner in page.banners.waiting}
    field = find(page, "topbar.search", QLineEdit)
    field.setFocus()
    QTest.keyClicks(field, "tijuana")
    settled(qtbot, application)
    page.agenda.open_incident("minor")
    settled(qtbot, application)
    page.agenda.panel.open_tab(2)
    note = find(page.agenda.panel, "note.text", QPlainTextEdit)
    note.setFocus()
    QTest.keyClicks(note, "a medias")
    page.go("settings")
    pick(find(page, "settings.language", QComboBox), "en")
    qtbot.waitUntil(lambda: application._page is not page, timeout=10_000)
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.go("agenda")
    settled(qtbot, application)
    assert find(page, "topbar.search", QLineEdit).text() == "tijuana"
    assert [r.incident_id for r in page.agenda._list.cards.rows()] == ["minor"]
    assert find(page.agenda.panel, "note.text", QPlainTextEdit).toPlainText() == "a medias"
    assert before <= {banner.key for banner in page.banners.waiting}


def test_a_change_of_language_reaches_news_and_dates(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(signed_in(tmp_path))
    settled(qtbot, application)
    page = application._page
    assert page is not None
    qtbot.waitUntil(lambda: page.banners.shown is not None)
    assert "plazos" in page.banners.accessibleName()
    page.go("settings")
    pick(find(page, "settings.language", QComboBox), "en")
    qtbot.waitUntil(lambda: application._page is not page, timeout=10_000)
    after = application._page
    assert after is not None
    assert "5 deadlines near or past" in after.banners.accessibleName()
    assert len(after.banners.waiting) == 1
    assert QDateTimeEdit(after).locale().name() == "en_US"


def test_qt_itself_speaks_the_language(launch: Open, qapp: QApplication, tmp_path: Path) -> None:
    application = launch(tmp_path / "new")
    speech = application._speech
    first = speech.translators
    assert qapp.translate("QPlatformTheme", "Cancel") == "Cancelar"
    speech.speak("en")
    assert qapp.translate("QPlatformTheme", "Cancel") == "Cancel"
    speech.speak("es")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert qapp.translate("QPlatformTheme", "Cancel") == "Cancelar"
    assert speech.translators is first, "one that Qt deletes may take the program with it"
    assert all(isValid(each) for each in first)


def test_the_end_of_the_program_waits_for_no_file(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    """They go on another day; a window that is gone must not hold its profile for minutes."""
    application = launch(signed_in(tmp_path))
    settled(qtbot, application)
    desk = application.seat.open_desk()
    application.seat.stop_for_good()
    assert desk.files._watch.cancelled
