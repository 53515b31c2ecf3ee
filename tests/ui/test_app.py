"""The whole application on a profile: who opens it, with and without the central, in any state."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import central_seed
import field_office
import pytest
from central_process import running_central
from PySide6.QtCore import QElapsedTimer, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from stage import find, pick, shown
from undress import undress

from fieldtech import config
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.store.driver import connect, raw_key
from ui.app import Application, parse
from ui.theme.tokens import Tone
from ui.views.card_list import CardList
from ui.widgets.banner import Banner

if TYPE_CHECKING:
    from pathlib import Path

    from central_process import CentralProcess
    from logfail import ExpectLog
    from pytestqt.qtbot import QtBot

Open = Callable[..., Application]


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentralProcess]:
    """The small world, served."""
    with running_central(tmp_path_factory.mktemp("central")) as running:
        yield running


@pytest.fixture
def launch(qapp: QApplication, qtbot: QtBot) -> Iterator[Open]:
    """Opens applications on profiles; whatever they put on Qt is taken off again."""
    opened: list[Application] = []

    def start(folder: Path, *more: str) -> Application:
        arguments = ["--profile", str(folder), "--secrets", "file", *more]
        application = Application.build(arguments)
        opened.append(application)
        qtbot.addWidget(application.window)
        application.window.activateWindow()
        return application

    yield start
    for application in opened:
        application.close()
        undress(qapp, application)


def window(application: Application) -> QWidget:
    return application.window


def settled(qtbot: QtBot, application: Application) -> None:
    """Wait until the desk is open and nothing is under way."""
    qtbot.waitUntil(lambda: application._life is not None, timeout=10_000)
    qtbot.waitUntil(lambda: not application._runner.is_busy, timeout=20_000)


def fill_in(application: Application, central: str, user: str, password: str) -> None:
    for name, text in (("central", central), ("user", user), ("password", password)):
        field = find(window(application), f"signin.{name}", QLineEdit)
        field.setText(text)
    QTest.keyClick(find(window(application), "signin.password", QLineEdit), Qt.Key.Key_Return)


def problem(application: Application) -> str:
    label = find(window(application), "signin.problem", QLabel)
    return label.text() if label.isVisible() else ""


def texts(application: Application) -> list[str]:
    labels = [x.text() for x in window(application).findChildren(QLabel) if x.isVisible()]
    buttons = [b.text() for b in window(application).findChildren(QAbstractButton) if b.isVisible()]
    return [*labels, *buttons]


def signed_in(tmp_path: Path) -> Path:
    """A profile the technician worked with before; its central is switched off."""
    return field_office.new_profile("ana", tmp_path / "profile").dir


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
    qtbot.waitUntil(lambda: application._desk is not None, timeout=10_000)
    find(window(application), "signin.cancel", QAbstractButton).click()
    qtbot.waitUntil(lambda: shown(window(application), "signin.submit"), timeout=5_000)
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
    qtbot.waitUntil(lambda: application._desk is not None, timeout=10_000)
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
    profile.db.write_bytes(b"\x00" * 8192)


def lose_key(profile: Profile) -> None:
    profile.key_file.unlink()


def make_newer(profile: Profile) -> None:
    connection = connect(profile.db, raw_key(FileStore(profile.key_file), profile.db))
    connection.execute("PRAGMA user_version = 999")
    connection.close()


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (damage, "Los datos locales están dañados."),
        (lose_key, "Falta la clave"),
        (make_newer, "versión más nueva"),
    ],
)
def test_a_store_that_cannot_be_opened_is_a_sentence_and_no_crash(
    launch: Open, tmp_path: Path, break_it: Callable[[Profile], None], sentence: str
) -> None:
    folder = signed_in(tmp_path)
    break_it(Profile(folder))
    application = launch(folder)
    assert application.window.isVisible()
    assert sentence in problem(application)


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
    assert problem(application)


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
    assert len(application._translators) == 2
    assert all(isinstance(each, QTranslator) for each in application._translators)
    assert qapp.translate("QPlatformTheme", "Cancel") == "Cancelar"
