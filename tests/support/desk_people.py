"""The world of the end-to-end tests: a central with the sample, and people at its applications."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication
from shiboken6 import delete
from undress import undress

from demo.central_process import CentralProcess, SampleUser
from demo.hands import ProcessHands
from demo.player import Player
from demo.story import Login
from ui.app import Application


@dataclass
class Office:
    """The operator's side: a central that can be switched off, and who has an account there."""

    central: CentralProcess
    users: dict[str, SampleUser]
    data: Path

    def login(self, user: str) -> Login:
        """What that user types at the sign-in."""
        known = self.users[user]
        return Login(self.central.url, known.login, known.password, known.name)


@contextmanager
def at_the_desk(qapp: QApplication, profile: Path) -> Generator[Player]:
    """Somebody has the application open on a profile; closed at the end."""
    application = Application.build(["--profile", str(profile), "--secrets", "file"])
    try:
        yield Player(qapp)
    finally:
        application.window.close()
        delete(application.window)
        undress(qapp, application)


@contextmanager
def a_laptop(profile: Path) -> Generator[ProcessHands]:
    """Somebody has the application open in a process of its own, which may be killed."""
    hands = ProcessHands(profile, "--secrets", "file", log=profile.with_suffix(".log"))
    hands.start()
    try:
        yield hands
    finally:
        hands.close()
