"""Several people on one laptop: who is offered, what is opened, and what stays apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import central_seed
import field_office
import pytest
from central_process import running_central
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from stage import find, shown
from undress import undress
from whole_app import choose_in_dialog, fill_in, met_a_minute_ago, problem, settled, window

from fieldtech import unlocking
from fieldtech.clock import SystemClock
from fieldtech.domain.commands import AddNote
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile, default_profile_dir
from fieldtech.secrets import FileStore
from fieldtech.services import people, syncing
from fieldtech.services.access import SECRET_NAMES
from fieldtech.services.people import People
from fieldtech.sync.tokens import TokenBox
from fieldtech.unlocking import GuardedSecrets
from ui.app import Application
from ui.tasks.announcer import Changes
from ui.views.new_lock import NewLockView
from ui.views.sealed_view import SealedView
from ui.views.signin_view import SignInView
from ui.views.unlock_view import UnlockView

if TYPE_CHECKING:
    from pathlib import Path

    from central_process import CentralProcess
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

PHRASE = "caballo correcto pila"
Start = Callable[..., Application]


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentralProcess]:
    """The small world, served."""
    with running_central(tmp_path_factory.mktemp("central")) as running:
        yield running


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least that Argon2id takes."""
    monkeypatch.setattr(unlocking, "_OPS", 1)
    monkeypatch.setattr(unlocking, "_MEM", 8192)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a laptop nobody has used."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home"))
    return default_profile_dir()


@pytest.fixture
def start(qapp: QApplication, qtbot: QtBot, data: Path) -> Iterator[Start]:
    """Opens applications without naming a profile, as a person does."""
    opened: list[Application] = []
    assert not data.exists()

    def build(*words: str) -> Application:
        application = Application.build(words)
        opened.append(application)
        qtbot.addWidget(application.window)
        application.window.activateWindow()
        return application

    yield build
    for application in opened:
        application.close()
        undress(qapp, application)


@pytest.fixture
def bare(start: Start) -> Start:
    """The same with a bare key file, as tests and the demonstration ask for."""
    return lambda: start("--secrets", "file")


def came_in(qtbot: QtBot, application: Application, name: str) -> None:
    qtbot.waitUntil(lambda: application._page is not None, timeout=20_000)
    qtbot.waitUntil(lambda: not shown(window(application), "signin.submit"), timeout=20_000)
    settled(qtbot, application)
    assert application._page is not None
    assert application._page._user_name == name


def press(application: Application, name: str) -> None:
    find(window(application), name, QAbstractButton).click()


def switch(qtbot: QtBot, application: Application) -> None:
    page = application._page
    assert page is not None
    page.go("settings")
    press_others(qtbot, application, "settings.switch")


def press_others(qtbot: QtBot, application: Application, name: str) -> None:
    press(application, name)
    qtbot.waitUntil(lambda: shown(window(application), "people.1"), timeout=10_000)
    qtbot.waitUntil(lambda: not application._runner.is_busy, timeout=10_000)


def sign_in(qtbot: QtBot, application: Application, url: str, user: str) -> None:
    fill_in(application, url, user, central_seed.PASSWORD)
    came_in(qtbot, application, user.capitalize())


def test_two_people_one_laptop_each_finds_his_own_work(
    bare: Start, qtbot: QtBot, data: Path, central: CentralProcess
) -> None:
    application = bare()
    assert not shown(window(application), "people")
    sign_in(qtbot, application, central.url, "ana")
    switch(qtbot, application)
    about = find(window(application), "people.1.about", QLabel).text()
    assert about.startswith("ana · 127.0.0.1:")
    sign_in(qtbot, application, central.url, "beto")
    assert application.seat.profile.dir == data / "people" / "2"

    switch(qtbot, application)
    names = [find(window(application), f"people.{n}", QAbstractButton).text() for n in (1, 2)]
    assert names == ["Beto", "Ana"], "who was here last comes first"
    press(application, "people.2")
    came_in(qtbot, application, "Ana")
    assert application.seat.profile.dir == data
    application.close()

    again = bare()
    assert shown(window(again), "agenda.list"), "whoever was here last, at once"
    assert again.seat.profile.dir == data


def test_the_same_person_signing_in_from_anothers_seat_gets_his_own_profile(
    bare: Start, qtbot: QtBot, data: Path, central: CentralProcess
) -> None:
    application = bare()
    sign_in(qtbot, application, central.url, "ana")
    switch(qtbot, application)
    sign_in(qtbot, application, central.url, "beto")
    switch(qtbot, application)
    sign_in(qtbot, application, central.url, "ana")
    assert application.seat.profile.dir == data
    assert len(People(data).all()) == 2


def test_a_wrong_password_of_a_new_person_takes_no_place(
    bare: Start, qtbot: QtBot, data: Path, central: CentralProcess
) -> None:
    application = bare()
    sign_in(qtbot, application, central.url, "ana")
    switch(qtbot, application)
    fill_in(application, central.url, "beto", "guess")
    qtbot.waitUntil(lambda: bool(problem(application)), timeout=15_000)
    assert [user.login for user in People(data).all()] == ["ana"]
    sign_in(qtbot, application, central.url, "beto")
    assert application.seat.profile.dir == data / "people" / "2"


def test_a_profile_whose_owner_nothing_names_is_left_to_him(
    bare: Start, qtbot: QtBot, data: Path, central: CentralProcess
) -> None:
    data.parent.mkdir(parents=True)
    met_a_minute_ago("ana", data)  # signed in by an older command line: no file says so
    application = bare()
    settled(qtbot, application)
    application._sign_in_again()
    Profile(data).who.unlink()
    fill_in(application, central.url, "beto", central_seed.PASSWORD)
    came_in(qtbot, application, "Beto")
    assert application.seat.profile.dir == data / "people" / "2"


def test_a_window_on_a_named_folder_offers_nobody_else(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = field_office.new_profile("ana", tmp_path / "named").dir
    application = start("--profile", str(folder), "--secrets", "file")
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.go("settings")
    assert not shown(page, "settings.switch")


# --- with a lock


def lock(folder: Path) -> None:
    profile = Profile(folder)
    base = FileStore(profile.key_file)
    GuardedSecrets(base, profile, SystemClock(), SECRET_NAMES).put_lock("passphrase", PHRASE)


def type_in(application: Application, text: str) -> None:
    field = find(window(application), "unlock.text", QLineEdit)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def two_profiles(data: Path) -> None:
    """Ana, locked, was here last; Dora, who dispatches, before her."""
    for folder, login, moment in (
        (data, "ana", field_office.NOW),
        (data / "people" / "2", "dora", field_office.BEGIN),
    ):
        folder.parent.mkdir(parents=True, exist_ok=True)
        met_a_minute_ago(login, folder)
        user = people.LaptopUser(
            folder=folder,
            login=login,
            name=login.capitalize(),
            central="http://127.0.0.1:9",
            last_used=moment,
        )
        people.note(user)
    lock(data)


def test_from_a_shut_lock_somebody_else_gets_to_his_work(
    bare: Start, qtbot: QtBot, data: Path
) -> None:
    two_profiles(data)
    application = bare()
    assert isinstance(application.window.centralWidget(), UnlockView)
    press_others(qtbot, application, "unlock.others")
    assert isinstance(application.window.centralWidget(), SignInView)
    press(application, "people.2")
    came_in(qtbot, application, "Dora")
    switch(qtbot, application)
    press(application, "people.2")
    qtbot.waitUntil(
        lambda: isinstance(application.window.centralWidget(), UnlockView), timeout=10_000
    )
    type_in(application, PHRASE)
    came_in(qtbot, application, "Ana")


def test_who_switches_away_is_asked_for_his_lock_when_he_comes_back(
    bare: Start, qtbot: QtBot, data: Path
) -> None:
    two_profiles(data)
    application = bare()
    type_in(application, PHRASE)
    came_in(qtbot, application, "Ana")
    switch(qtbot, application)
    press(application, "people.1")
    qtbot.waitUntil(
        lambda: isinstance(application.window.centralWidget(), UnlockView), timeout=10_000
    )
    assert application.seat.access.is_locked()


def test_a_laptop_shut_out_for_one_lets_the_other_work(
    bare: Start, qtbot: QtBot, data: Path
) -> None:
    two_profiles(data)
    Profile(data).revoked.write_text("{}")
    application = bare()
    assert isinstance(application.window.centralWidget(), SealedView)
    press_others(qtbot, application, "sealed.others")
    assert "127.0.0.1:9" in find(window(application), "people.1.about", QLabel).text()
    press(application, "people.2")
    came_in(qtbot, application, "Dora")


def test_what_waits_is_told_and_stays_with_its_person(
    bare: Start, qtbot: QtBot, data: Path
) -> None:
    two_profiles(data)
    application = bare()
    type_in(application, PHRASE)
    came_in(qtbot, application, "Ana")
    desk = application.seat.open_desk()
    desk.cases.do("incident.note", "incident:run", AddNote(text="de Ana"), {})
    application._announcer.announce(Changes(outbox=True))
    settled(qtbot, application)
    switch(qtbot, application)
    assert "1 cambio" in find(window(application), "people.1.about", QLabel).text()
    press(application, "people.2")
    came_in(qtbot, application, "Dora")
    assert application.seat.open_desk().sync.outbox() == ()
    with pytest.raises(EnvironmentProblem):
        desk.sync.outbox()
    switch(qtbot, application)
    press(application, "people.2")
    qtbot.waitUntil(lambda: shown(window(application), "unlock.text"), timeout=10_000)
    type_in(application, PHRASE)
    came_in(qtbot, application, "Ana")
    assert [row.cmd for row in application.seat.open_desk().sync.outbox()] == ["incident.note"]


# --- without a keyring


def new_lock(qtbot: QtBot, application: Application, first: str, second: str = "") -> None:
    qtbot.waitUntil(
        lambda: isinstance(application.window.centralWidget(), NewLockView), timeout=10_000
    )
    find(window(application), "lock.first", QLineEdit).setText(first)
    find(window(application), "lock.second", QLineEdit).setText(second or first)
    press(application, "newlock.submit")


def test_without_a_keyring_a_passphrase_comes_before_the_first_key(
    start: Start, qtbot: QtBot, data: Path, central: CentralProcess
) -> None:
    application = start()
    fill_in(application, central.url, "ana", "guess")
    new_lock(qtbot, application, "corta")
    assert isinstance(application.window.centralWidget(), NewLockView)
    new_lock(qtbot, application, "aaaaaaaaaaaaaaaa")
    qtbot.waitUntil(lambda: not application._runner.is_busy)
    assert not Profile(data).lock_file.exists(), "too easy to guess"
    new_lock(qtbot, application, PHRASE)
    qtbot.waitUntil(lambda: bool(problem(application)), timeout=15_000)
    assert Profile(data).lock_file.exists(), "the password was wrong, the lock is on all the same"
    fill_in(application, central.url, "ana", central_seed.PASSWORD)
    came_in(qtbot, application, "Ana")
    assert application.seat.profile.dir == data
    base = FileStore(Profile(data).key_file)
    assert [name for name in SECRET_NAMES if base.get(name) is not None] == []
    assert TokenBox(application.seat.secrets).get() is not None
    application.close()

    again = start()
    assert isinstance(again.window.centralWidget(), UnlockView)
    type_in(again, PHRASE)
    came_in(qtbot, again, "Ana")


def test_the_passphrase_can_be_put_off_by_going_back(
    start: Start, qtbot: QtBot, data: Path, central: CentralProcess
) -> None:
    application = start()
    fill_in(application, central.url, "ana", central_seed.PASSWORD)
    qtbot.waitUntil(lambda: shown(window(application), "newlock.back"), timeout=10_000)
    press(application, "newlock.back")
    qtbot.waitUntil(lambda: shown(window(application), "signin.submit"))
    assert find(window(application), "signin.password", QLineEdit).text()
    assert find(window(application), "signin.submit", QAbstractButton).isEnabled()
    assert not Profile(data).db.exists(), "nothing was made"


# --- as the operator asks


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy asks for a lock on every laptop."""
    monkeypatch.setattr(syncing, "is_lock_wanted", lambda _store: True)


@pytest.mark.usefixtures("strict")
def test_where_the_operator_asks_for_a_lock_the_work_is_behind_its_choice(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = met_a_minute_ago("ana", tmp_path / "named")
    application = start("--profile", str(folder), "--secrets", "file")
    qtbot.waitUntil(
        lambda: isinstance(application.window.centralWidget(), NewLockView), timeout=10_000
    )
    assert not shown(window(application), "newlock.back")
    new_lock(qtbot, application, PHRASE)
    qtbot.waitUntil(lambda: shown(window(application), "agenda.list"), timeout=10_000)
    assert Profile(folder).lock_file.exists()
    settled(qtbot, application)
    assert shown(window(application), "agenda.list"), "not asked again"


def test_whose_key_is_gone_goes_on_in_a_new_profile_and_his_work_stays(
    bare: Start, qtbot: QtBot, data: Path, central: CentralProcess
) -> None:
    application = bare()
    sign_in(qtbot, application, central.url, "ana")
    desk = application.seat.open_desk()
    desk.cases.do("incident.note", "incident:run", AddNote(text="sin enviar"), {})
    application.close()
    Profile(data).key_file.unlink()

    again = bare()
    qtbot.waitUntil(lambda: shown(window(again), "closed.others"), timeout=10_000)
    press_others(qtbot, again, "closed.others")
    sign_in(qtbot, again, central.url, "ana")
    assert again.seat.profile.dir == data / "people" / "2"
    assert any(Profile(data).journal.iterdir()), "what was not sent stays for the package"
    again.close()

    third = bare()
    came_in(qtbot, third, "Ana")
    assert third.seat.profile.dir == data / "people" / "2", "from now on he works there"


# --- signing out with work that waits


def test_signing_out_offers_to_send_to_keep_and_to_export(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = met_a_minute_ago("ana", tmp_path / "named")
    application = start("--profile", str(folder), "--secrets", "file")
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.go("settings")
    assert not shown(page, "settings.export"), "nothing waits"
    application.seat.open_desk().cases.do("incident.note", "incident:run", AddNote(text="x"), {})
    application._announcer.announce(Changes(outbox=True))
    qtbot.waitUntil(lambda: shown(page, "settings.export"), timeout=10_000)
    assert shown(page, "settings.sync")
    assert shown(page, "settings.signout")
    target = tmp_path / "trabajo.fieldtech"
    press(application, "settings.export")
    choose_in_dialog(application, target)
    qtbot.waitUntil(lambda: shown(page, "settings.told"), timeout=10_000)
    assert target.is_file()
    assert str(target) in find(page, "settings.told", QLabel).text()
    press(application, "settings.export")
    choose_in_dialog(application, tmp_path / "a" / "b")
    qtbot.waitUntil(
        lambda: str(target) not in find(page, "settings.told", QLabel).text(), timeout=10_000
    )
