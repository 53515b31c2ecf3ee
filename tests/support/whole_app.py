"""The whole application in a test: what it shows, and how one types into its sign-in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

import field_office
from file_choice import choose
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from stage import find

from fieldtech.clock import SystemClock
from fieldtech.secrets import FileStore
from fieldtech.store.driver import connect, raw_key
from ui.app import Application

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

Open = Callable[..., Application]
"""Opens an application on a profile folder; further arguments are the command line's."""


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


def choose_in_dialog(application: Application, path: Path) -> None:
    """Name a file in the system's dialog, and say yes."""
    choose(window(application), path)


def texts(application: Application) -> list[str]:
    labels = [x.text() for x in window(application).findChildren(QLabel) if x.isVisible()]
    buttons = [b.text() for b in window(application).findChildren(QAbstractButton) if b.isVisible()]
    return [*labels, *buttons]


def signed_in(tmp_path: Path) -> Path:
    """A profile the technician worked with a minute ago; its central is switched off."""
    return met_a_minute_ago("ana", tmp_path / "profile")


def met_a_minute_ago(user: str, folder: Path) -> Path:
    """A profile of ``user`` in ``folder`` whose lease is far from over; no central is there."""
    profile = field_office.new_profile(user, folder)
    key = raw_key(FileStore(profile.key_file), profile.db)
    met = SystemClock().now().timestamp() - 60
    with closing(connect(profile.db, key)) as connection:
        connection.execute("UPDATE session SET last_contact = ?", (met,))
    return profile.dir
