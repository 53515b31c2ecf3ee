"""What every test of the desktop needs: a theme that dresses the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from undress import undress

from fieldtech.paths import resources_dir
from ui.app import Application
from ui.theme.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot
    from whole_app import Open


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme at 100 %, applied; the application is undressed again afterwards."""
    made = Theme(resources_dir())
    made.apply(qapp)
    yield made
    qapp.setStyleSheet("")
    made.deleteLater()


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
