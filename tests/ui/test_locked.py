"""What stands before the work: the profile's lock, and a lease that is over."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import field_office
import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from stage import find, shown
from whole_app import Open, settled, signed_in, texts, window

from fieldtech import unlocking
from fieldtech.clock import SystemClock
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.services.access import SECRET_NAMES, SIGNED_OUT
from fieldtech.services.lease import LeaseState, lease_of
from fieldtech.store import meta, session
from fieldtech.store.driver import KEY_NAME, connect, raw_key
from fieldtech.store.first_page import LEASE, Lease
from fieldtech.store.profile_keys import LOCAL_NAME, SIGN_NAME
from fieldtech.sync import tokens
from fieldtech.unlocking import GuardedSecrets
from ui import app
from ui.views.lease_view import LeaseView
from ui.views.unlock_view import UnlockView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from field_office import FieldLaptop
    from pytestqt.qtbot import QtBot

PHRASE = "caballo correcto pila"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least that Argon2id takes."""
    monkeypatch.setattr(unlocking, "_OPS", 1)
    monkeypatch.setattr(unlocking, "_MEM", 8192)


def test_every_secret_has_its_place_behind_the_lock() -> None:
    owners = {KEY_NAME, LOCAL_NAME, SIGN_NAME, tokens.NAME, SIGNED_OUT}
    assert set(SECRET_NAMES) == owners


def locked(folder: Path) -> Path:
    profile = Profile(folder)
    base = FileStore(profile.key_file)
    GuardedSecrets(base, profile, SystemClock(), SECRET_NAMES).put_lock("passphrase", PHRASE)
    return folder


def type_in(application: app.Application, text: str) -> None:
    field = find(window(application), "unlock.text", QLineEdit)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_nothing_is_shown_before_the_passphrase_fits(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    application = launch(locked(signed_in(tmp_path)))
    assert isinstance(application.window.centralWidget(), UnlockView)
    assert not any("Cliente" in text for text in texts(application))
    type_in(application, "equivocada del todo")
    qtbot.waitUntil(lambda: shown(window(application), "unlock.problem"))
    problem = find(window(application), "unlock.problem", QLabel).text()
    assert "incorrecta" in problem
    type_in(application, PHRASE)
    settled(qtbot, application)
    assert application._page is not None
    assert application._page.agenda._list.cards.rows()


def test_the_lock_is_put_on_and_taken_off_in_the_settings(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = signed_in(tmp_path)
    application = launch(folder)
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.go("settings")
    settled(qtbot, application)

    def put(first: str, second: str) -> str:
        find(page, "lock.first", QLineEdit).setText(first)
        find(page, "lock.second", QLineEdit).setText(second)
        find(page, "lock.put", QAbstractButton).click()
        settled(qtbot, application)
        return find(page, "lock.told", QLabel).text()

    assert "corta" in put("corta", "corta")
    assert "no son iguales" in put(PHRASE, PHRASE + "!")
    assert not Profile(folder).lock_file.exists()
    put(PHRASE, PHRASE)
    assert Profile(folder).lock_file.exists()
    assert application.seat.secrets.get(KEY_NAME) is not None, "this run goes on"
    assert FileStore(Profile(folder).key_file).get(KEY_NAME) is None
    find(page, "lock.off", QAbstractButton).click()
    settled(qtbot, application)
    assert not Profile(folder).lock_file.exists()
    assert FileStore(Profile(folder).key_file).get(KEY_NAME) is not None


def lapse(folder: Path) -> None:
    """The last contact was long ago."""
    profile = Profile(folder)
    key = raw_key(FileStore(profile.key_file), profile.db)
    with closing(connect(profile.db, key)) as connection:
        connection.execute("UPDATE session SET last_contact = last_contact - 86400 * 30")
        lease = msgspec.json.encode(Lease(1.0, 1.0)).decode()
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (LEASE, lease))


def test_after_a_lapsed_lease_the_work_is_covered_and_not_lost(
    launch: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = signed_in(tmp_path)
    lapse(folder)
    application = launch(folder)
    assert isinstance(application.window.centralWidget(), LeaseView)
    settled(qtbot, application)
    assert isinstance(application.window.centralWidget(), LeaseView)
    assert not any("Cliente" in text for text in texts(application))
    page = application._page
    assert page is not None
    store = application.seat.open_desk().store
    with store.database.write() as connection:
        session.set_contact(connection, SystemClock().now(), "e")
    page.show_status(application.seat.open_desk().sync.status())
    assert application.window.centralWidget() is page


def test_a_clock_set_back_prolongs_no_lease(ana: FieldLaptop) -> None:
    store, now = ana.desk.store, ana.clock.now()
    allowed = timedelta(seconds=store.reference.rules().rulebook.current("").offline_lease_s)
    early, late = now + allowed - timedelta(minutes=1), now + allowed + timedelta(minutes=1)
    contact = store.session.get().last_contact
    assert contact is not None
    assert lease_of(store, early) == LeaseState(until=contact + allowed)
    back = lease_of(store, now)
    assert (back.is_over, back.clock_behind) == (False, True), "told, while there is time left"
    assert lease_of(store, late).is_over
    assert lease_of(store, now).is_over, "set back"
    with store.database.write() as connection:
        assert meta.get(connection, LEASE) is not None
        session.set_contact(connection, now + allowed, "e")
    assert not lease_of(store, now + allowed).is_over


def test_a_clock_that_ran_ahead_locks_until_the_next_contact_only(ana: FieldLaptop) -> None:
    store, now = ana.desk.store, ana.clock.now()
    assert lease_of(store, now + timedelta(days=4000)).is_over
    assert lease_of(store, now).is_over
    with store.database.write() as connection:
        session.set_contact(connection, now + timedelta(minutes=1), "e")
    met = lease_of(store, now + timedelta(minutes=1))
    assert (met.is_over, met.clock_behind) == (False, False)


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[FieldLaptop]:
    """The technician's laptop."""
    clock = field_office.new_clock()
    yield from field_office.opened("ana", tmp_path / "ana", clock)
