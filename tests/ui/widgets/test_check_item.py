"""A checklist row shows a verdict and takes an answer, and never loses what is being typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QVBoxLayout, QWidget

from fieldtech.domain.words import CheckStatus
from ui.widgets.check_header import CheckHeader, CheckItemView
from ui.widgets.check_item import CheckItemRow
from ui.widgets.segmented import SegmentedControl

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme

VIEW = CheckItemView(
    "Signal at reception", "Limit -67 dBm", field="-74", unit="dBm", note="lift", can_waive=True
)


@pytest.fixture
def row(theme: Theme, qtbot: QtBot) -> CheckItemRow:
    """A row on the screen."""
    made = CheckItemRow(theme, "wifi.signal")
    made.show_item(VIEW)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def header(row: CheckItemRow) -> CheckHeader:
    """The button that unfolds it."""
    found = row.findChild(CheckHeader)
    assert isinstance(found, CheckHeader)
    return found


def fields(row: CheckItemRow) -> list[QLineEdit]:
    """Value and note."""
    return row.findChildren(QLineEdit)


def button(row: CheckItemRow, text: str) -> QAbstractButton:
    """The button of that text."""
    return next(b for b in row.findChildren(QAbstractButton) if b.text() == text)


def test_space_unfolds_and_the_value_takes_the_keyboard(row: CheckItemRow, qtbot: QtBot) -> None:
    header(row).setFocus()
    with qtbot.waitSignal(row.opened) as told:
        qtbot.keyClick(header(row), Qt.Key.Key_Space)
    assert told.args == ["wifi.signal"]
    assert row.is_open
    assert fields(row)[0].hasFocus()
    qtbot.mouseClick(header(row), Qt.MouseButton.LeftButton)
    assert not row.is_open


def test_an_answer_carries_the_status_of_the_domain(row: CheckItemRow, qtbot: QtBot) -> None:
    row.set_open(True)
    with qtbot.waitSignal(row.answered) as told:
        qtbot.mouseClick(button(row, "Warning"), Qt.MouseButton.LeftButton)
    assert told.args == ["wifi.signal", CheckStatus.WARN.value]


def test_typing_is_told_at_every_key_and_on_enter(row: CheckItemRow, qtbot: QtBot) -> None:
    row.set_open(True)
    value, note = fields(row)
    typed: list[str] = []
    noted: list[str] = []
    row.value_edited.connect(lambda _, text: typed.append(text))
    row.note_edited.connect(lambda _, text: noted.append(text))
    value.clear()
    qtbot.keyClicks(value, "-6")
    assert typed == ["-", "-6"]
    qtbot.keyClicks(note, "s")
    assert noted == ["lifts"]
    with qtbot.waitSignal(row.value_entered) as told:
        qtbot.keyClick(value, Qt.Key.Key_Return)
    assert told.args == ["wifi.signal", "-6"]
    assert (row.value, row.note) == ("-6", "lifts")


def test_a_refresh_never_overwrites_the_field_in_use(row: CheckItemRow, qtbot: QtBot) -> None:
    row.set_open(True)
    value, note = fields(row)
    value.setFocus()
    qtbot.keyClicks(value, "-69")
    row.show_item(CheckItemView("Signal", field="-70", note="from the central"))
    assert value.text() == "-69"
    assert note.text() == "from the central"


def test_the_button_asks_for_a_waiver(row: CheckItemRow, qtbot: QtBot) -> None:
    row.set_open(True)
    with qtbot.waitSignal(row.waive_requested):
        qtbot.mouseClick(button(row, "Waive"), Qt.MouseButton.LeftButton)


def test_items_without_value_or_waiver_hide_both(row: CheckItemRow) -> None:
    row.show_item(CheckItemView("Cable"))
    row.set_open(True)
    assert fields(row)[0].isHidden()
    assert button(row, "Waive").isHidden()


@pytest.mark.parametrize("status", [None, *CheckStatus])
def test_every_verdict_is_heard_and_painted(row: CheckItemRow, status: CheckStatus | None) -> None:
    row.show_item(CheckItemView("Cable", "port", status, value="1 Gb/s"))
    name = header(row).accessibleName()
    assert name.startswith("Cable. ")
    assert "1 Gb/s" in name
    assert len(name.split(". ")) == 4
    assert not row.grab().isNull()


def test_missing_and_busy_are_said(row: CheckItemRow) -> None:
    row.show_item(CheckItemView("Cable", missing=True))
    assert "Required" in header(row).accessibleName()
    row.show_item(CheckItemView("Cable", busy=True))
    assert "Measuring" in header(row).accessibleName()
    answers = row.findChild(SegmentedControl)
    assert answers is not None
    assert not answers.isEnabled()
    assert not row.grab().isNull()


def test_a_long_title_makes_the_row_taller(row: CheckItemRow) -> None:
    short = header(row).heightForWidth(260)
    row.show_item(CheckItemView("A long title " * 6, "and a long limit " * 5))
    assert header(row).heightForWidth(260) > short
    assert header(row).heightForWidth(900) < header(row).heightForWidth(260)


def test_a_switch_of_language_keeps_the_answer(row: CheckItemRow) -> None:
    row.show_item(CheckItemView("Cable", status=CheckStatus.FAIL))
    QApplication.sendEvent(row, QEvent(QEvent.Type.LanguageChange))
    control = row.findChild(SegmentedControl)
    assert isinstance(control, SegmentedControl)
    assert control.current == CheckStatus.FAIL


MEASURED = CheckItemView(
    "Signal", field="-74", note="lift", can_waive=True, can_repeat=True, has_evidence=True
)


def test_what_belongs_to_a_measured_item_comes_right_after_its_fields(
    theme: Theme, qtbot: QtBot
) -> None:
    around = QWidget()
    column = QVBoxLayout(around)
    row, after = CheckItemRow(theme, "one"), CheckItemRow(theme, "two")
    for each in (row, after):
        column.addWidget(each)
        each.show_item(MEASURED)
    qtbot.addWidget(around)
    with qtbot.waitActive(around):
        around.show()
        around.activateWindow()
    row.set_open(True)
    met = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        met.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    waive, again, evidence = (button(row, text) for text in ("Waive", "Measure again", "Evidence"))
    here = met.index(waive)
    assert met[here : here + 4] == [waive, again, evidence, header(after)]


def test_the_button_in_use_waits_and_keeps_the_keyboard(row: CheckItemRow, qtbot: QtBot) -> None:
    row.show_item(MEASURED)
    row.set_open(True)
    again = button(row, "Measure again")
    again.setFocus()
    row.show_item(replace(MEASURED, busy=True, waits=True))
    assert (again.text(), again.hasFocus(), again.isVisible()) == ("Measuring…", True, True)
    with qtbot.assertNotEmitted(row.repeat_requested):
        qtbot.keyClick(again, Qt.Key.Key_Space)
    row.show_item(MEASURED)
    with qtbot.waitSignal(row.repeat_requested):
        qtbot.keyClick(again, Qt.Key.Key_Space)
    note = fields(row)[1]
    note.setFocus()
    row.show_item(replace(MEASURED, waits=True))
    assert not again.isEnabled(), "nobody is on it: it looks like what it is"


def test_answers_that_are_locked_while_measuring_hand_the_keyboard_to_the_note(
    row: CheckItemRow,
) -> None:
    row.show_item(replace(MEASURED, field=None))
    row.set_open(True)
    control = row.findChild(SegmentedControl)
    assert control is not None
    control.buttons[0].setFocus()
    row.show_item(replace(MEASURED, field=None, busy=True))
    assert fields(row)[1].hasFocus()


def test_what_is_not_saved_is_no_answer(row: CheckItemRow) -> None:
    row.show_item(CheckItemView("Cable", status=CheckStatus.PASS, unsaved=True))
    control = row.findChild(SegmentedControl)
    assert control is not None
    assert control.current == ""
    row.show_item(CheckItemView("Cable", status=CheckStatus.PASS))
    assert control.current == CheckStatus.PASS
