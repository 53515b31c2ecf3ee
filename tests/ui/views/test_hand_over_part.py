"""What the hand-over says of work that the central will not be able to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel
from stage import find

from fieldtech.paths import resources_dir
from fieldtech.services.hand_over import InTheBox
from ui.theme.theme import Theme
from ui.views.hand_over import HandOver
from ui.views.problems import problem_text
from ui.views.unlock_view import UnlockView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


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


@pytest.mark.usefixtures("spanish")
def test_at_double_size_no_text_of_a_card_is_cut_off(qapp: QApplication, qtbot: QtBot) -> None:
    double = Theme(resources_dir(), scale=2.0)
    double.apply(qapp)
    page = UnlockView(double, "pin", "Luis Ángel Treviño", is_shared=True)
    qtbot.addWidget(page)
    page.resize(1366, 706)
    page.offer_hand_over(InTheBox(commands=12, unsealed=3))
    page.show_problem(problem_text("lock_damaged"))
    with qtbot.waitExposed(page):
        page.show()
    told = [each for each in page.findChildren(QLabel) if each.isVisible() and each.wordWrap()]
    assert len(told) >= 4
    for label in told:
        assert label.height() >= label.heightForWidth(label.width()), label.text()
    qapp.setStyleSheet("")
    double.deleteLater()
