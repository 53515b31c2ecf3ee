"""The system's dialogs for files: nothing waits for them, and they outlive nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from file_choice import choose, open_dialog
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.views.file_dialogs import ask_open, ask_save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    Ask = Callable[[QWidget, Callable[[object], object]], None]


def save(parent: QWidget, then: Callable[[object], object]) -> None:
    ask_save(parent, "Save", "hoja.txt", then)


def load(parent: QWidget, then: Callable[[object], object]) -> None:
    ask_open(parent, "Open", then)


@pytest.fixture
def asker(qtbot: QtBot) -> Iterator[QWidget]:
    """A part of a window that is there."""
    window = QWidget()
    qtbot.addWidget(window)
    part = QWidget(window)
    window.show()
    yield part
    window.close()


@pytest.mark.parametrize("ask", [save, load])
def test_what_was_chosen_is_told_once_and_the_dialog_is_deleted(
    asker: QWidget, qtbot: QtBot, tmp_path: Path, ask: Ask
) -> None:
    path = tmp_path / "hoja.txt"
    path.touch()
    told: list[object] = []
    ask(asker, told.append)
    open_dialog(asker).reject()
    qtbot.waitUntil(lambda: not asker.window().findChildren(QFileDialog))
    assert told == []
    if ask is save:
        path.unlink()  # or Qt asks whether to write over it
    ask(asker, told.append)
    choose(asker, path)
    assert told == [str(path) if ask is save else [str(path)]]
    qtbot.waitUntil(lambda: not asker.window().findChildren(QFileDialog))


@pytest.mark.parametrize("ask", [save, load])
def test_it_goes_with_whoever_asked(asker: QWidget, qtbot: QtBot, ask: Ask) -> None:
    """Whatever ``then`` is: by itself Qt only forgets the methods of what is gone."""
    window = asker.window()
    told: list[object] = []
    ask(asker, told.append)
    dialog = open_dialog(asker)
    assert dialog.isVisible()
    asker.deleteLater()
    qtbot.waitUntil(lambda: not window.findChildren(QFileDialog))
    assert told == []
