"""What the hand-over says of work that the central will not be able to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel
from stage import find

from fieldtech.services.hand_over import InTheBox
from ui.views.hand_over import HandOver

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (InTheBox(commands=3, unsealed=0), "3 trabajos están sellados aquí para la central."),
        (InTheBox(commands=3, unsealed=1), "1 solo lo puede abrir esta laptop"),
        (InTheBox(commands=3, unsealed=2), "2 solo los puede abrir esta laptop"),
    ],
)
@pytest.mark.usefixtures("spanish")
def test_it_tells_how_much_there_is_and_what_of_it_nobody_will_read(
    theme: Theme, qtbot: QtBot, box: InTheBox, words: str
) -> None:
    part = HandOver(theme, "x")
    qtbot.addWidget(part)
    part.show_amount(box)
    told = find(part, "x.amount", QLabel).text()
    assert words in told
    assert ("clave de esta laptop" in told) is (box.unsealed > 0)
