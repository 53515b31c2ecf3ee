"""The player's eyes: what is not there in time fails a step, with what was there instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QApplication, QLabel, QListView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import demo.player
from demo.player import NotOnScreenError, Player

Look = Callable[[Player], None]


@pytest.fixture
def player(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Player]:
    """Somebody without patience before a window with twelve labels and a list."""
    monkeypatch.setattr(demo.player, "PATIENCE_MS", 50)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for number in range(1, 13):
        label = QLabel(f"row {number}")
        label.setObjectName(f"sync.row.{number}")
        column.addWidget(label)
    rows = QListView()
    rows.setObjectName("people")
    rows.setModel(QStringListModel(["Ana", "Beto"], rows))
    column.addWidget(rows)
    window.show()
    yield Player(qapp)
    window.close()


ROWS = [f"row {number}" for number in range(1, 13)]


def test_what_is_there_is_seen(player: Player) -> None:
    player.see_exactly("sync.row.", ROWS)
    player.see_row("people", "Ana")
    player.see_no_row("people", "Carla")


@pytest.mark.parametrize(
    "look",
    [
        lambda player: player.see_exactly("sync.row.", ROWS[:-1]),
        lambda player: player.see_exactly("sync.row.", [*ROWS, "row 13"]),
        lambda player: player.see_exactly("sync.row.", ROWS[::-1]),
        lambda player: player.see_row("people", "Carla"),
        lambda player: player.see_no_row("people", "Ana"),
        lambda player: player.see_gone("people"),
    ],
    ids=["one too many", "one lost", "another order", "no such row", "still there", "not gone"],
)
def test_what_is_otherwise_fails(player: Player, look: Look) -> None:
    with pytest.raises(NotOnScreenError):
        look(player)
