"""Chips, segments and the rail: one choice, reached and changed by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.theme.tokens import Tone
from ui.widgets.chips import Chip, ChipBar
from ui.widgets.rail import NavRail, RailItem
from ui.widgets.segmented import Segment, SegmentedControl

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme

CHIPS = [Chip("all", "All", 17), Chip("major", "Major", 6), Chip("due", "Due", None)]
SEGMENTS = [
    Segment("pass", "Pass", Tone.OK, "check"),
    Segment("warn", "Warning", Tone.WARN, "triangle-alert"),
    Segment("fail", "Fail", Tone.DANGER, "x"),
]


def buttons(widget: QWidget) -> list[QAbstractButton]:
    """The buttons in the order they were made."""
    return widget.findChildren(QAbstractButton)


def shown(qtbot: QtBot, widget: QWidget) -> None:
    """Put it on the screen with the keyboard in its window."""
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()


class TestChips:
    @pytest.fixture
    def bar(self, theme: Theme, qtbot: QtBot) -> ChipBar:
        """Three chips on the screen."""
        made = ChipBar(theme)
        made.set_chips(CHIPS)
        shown(qtbot, made)
        return made

    def test_the_first_is_chosen_and_counts_stand_behind(self, bar: ChipBar) -> None:
        assert bar.current == "all"
        assert [b.text() for b in buttons(bar)] == ["All 17", "Major 6", "Due"]

    def test_a_click_chooses_and_tells(self, bar: ChipBar, qtbot: QtBot) -> None:
        with qtbot.waitSignal(bar.chosen) as told:
            qtbot.mouseClick(buttons(bar)[1], Qt.MouseButton.LeftButton)
        assert told.args == ["major"]
        assert bar.current == "major"

    def test_arrows_move_and_choose_and_wrap(self, bar: ChipBar, qtbot: QtBot) -> None:
        told: list[str] = []
        bar.chosen.connect(told.append)
        first = buttons(bar)[0]
        first.setFocus()
        qtbot.keyClick(first, Qt.Key.Key_Right)
        qtbot.keyClick(bar.focusWidget(), Qt.Key.Key_End)
        qtbot.keyClick(bar.focusWidget(), Qt.Key.Key_Right)
        assert told == ["major", "due", "all"]

    def test_one_tab_stop(self, bar: ChipBar) -> None:
        bar.set_current("due")
        policies = [b.focusPolicy() for b in buttons(bar)]
        assert policies.count(Qt.FocusPolicy.TabFocus) == 1
        assert policies[2] == Qt.FocusPolicy.TabFocus

    def test_new_counts_keep_buttons_and_choice(self, bar: ChipBar) -> None:
        bar.set_current("major")
        before = buttons(bar)
        bar.set_chips([Chip("all", "Todas", 9), Chip("major", "Mayor", 2), Chip("due", "Vence")])
        assert buttons(bar) == before
        assert before[0].text() == "Todas 9"
        assert bar.current == "major"

    def test_other_chips_keep_the_choice_by_key(self, bar: ChipBar) -> None:
        bar.set_current("major")
        bar.set_chips([Chip("mine", "Mine"), Chip("major", "Major")])
        assert bar.current == "major"
        bar.set_chips([Chip("mine", "Mine")])
        assert bar.current == "mine"
        bar.set_chips([])
        assert bar.current == ""

    def test_unknown_key_changes_nothing(self, bar: ChipBar) -> None:
        bar.set_current("nobody")
        assert bar.current == "all"


class TestSegments:
    @pytest.fixture
    def control(self, theme: Theme, qtbot: QtBot) -> SegmentedControl:
        """Three answers on the screen."""
        made = SegmentedControl(theme, SEGMENTS)
        shown(qtbot, made)
        return made

    def test_nothing_is_chosen_at_first(self, control: SegmentedControl) -> None:
        assert control.current == ""

    def test_a_second_click_keeps_the_answer(self, control: SegmentedControl, qtbot: QtBot) -> None:
        told: list[str] = []
        control.chosen.connect(told.append)
        for _ in range(2):
            qtbot.mouseClick(buttons(control)[2], Qt.MouseButton.LeftButton)
        assert control.current == "fail"
        assert told == ["fail", "fail"]

    def test_arrows_only_move_space_answers(self, control: SegmentedControl, qtbot: QtBot) -> None:
        first = buttons(control)[0]
        first.setFocus()
        qtbot.keyClick(first, Qt.Key.Key_Right)
        assert control.current == ""
        with qtbot.waitSignal(control.chosen) as told:
            qtbot.keyClick(control.focusWidget(), Qt.Key.Key_Space)
        assert told.args == ["warn"]

    def test_set_current_is_silent_and_clears(
        self, control: SegmentedControl, qtbot: QtBot
    ) -> None:
        with qtbot.assertNotEmitted(control.chosen):
            control.set_current("pass")
            assert control.current == "pass"
            control.set_current("")
        assert control.current == ""

    def test_it_paints_every_state(self, control: SegmentedControl) -> None:
        control.set_current("warn")
        buttons(control)[0].setFocus()
        buttons(control)[2].setEnabled(False)
        assert not control.grab().isNull()


class TestRail:
    @pytest.fixture
    def rail(self, theme: Theme, qtbot: QtBot) -> NavRail:
        """Two screens and one at the foot."""
        made = NavRail(theme)
        made.set_items(
            [RailItem("agenda", "list-checks", "Agenda"), RailItem("map", "map", "Map", badge=3)],
            [RailItem("settings", "settings", "Settings")],
        )
        made.set_current("agenda")
        shown(qtbot, made)
        return made

    def test_navigation_by_mouse_and_keyboard(self, rail: NavRail, qtbot: QtBot) -> None:
        told: list[str] = []
        rail.navigated.connect(told.append)
        qtbot.mouseClick(buttons(rail)[1], Qt.MouseButton.LeftButton)
        buttons(rail)[1].setFocus()
        qtbot.keyClick(buttons(rail)[1], Qt.Key.Key_Down)
        assert told == ["map"], "moving does not open a screen"
        qtbot.keyClick(buttons(rail)[2], Qt.Key.Key_Space)
        assert told == ["map", "settings"]
        assert rail.current == "settings"

    def test_badges_are_heard(self, rail: NavRail) -> None:
        assert buttons(rail)[1].accessibleName() == "Map, 3"
        rail.set_badge("map", 0)
        assert buttons(rail)[1].accessibleName() == "Map"
        rail.set_badge("agenda", 120, urgent=True)
        rail.set_badge("nobody", 5)
        assert not rail.grab().isNull()

    def test_new_items_keep_the_choice(self, rail: NavRail) -> None:
        rail.set_items([RailItem("agenda", "list-checks", "Agenda"), RailItem("x", "map", "X")])
        assert rail.current == "agenda"
        rail.set_current("nobody")
        assert rail.current == "agenda"
