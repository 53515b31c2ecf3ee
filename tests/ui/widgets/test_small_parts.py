"""Buttons, badges, labels, cards and the other small parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QStringListModel, Qt
from PySide6.QtGui import QHelpEvent, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QTreeView, QVBoxLayout, QWidget

from ui.theme.tokens import DARK, Tone
from ui.widgets.badge import Badge, badge_size
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.kv_list import KeyValue, KeyValueList
from ui.widgets.label import Label, tone_colour
from ui.widgets.search_box import SearchBox
from ui.widgets.section import SectionHeading
from ui.widgets.share_bar import ShareBar
from ui.widgets.status_pill import StatusPill
from ui.widgets.stepper import Stepper
from ui.widgets.tables import dress_table, dress_tree
from ui.widgets.timeline import Timeline, TimelineEvent
from ui.widgets.toast import Toast
from ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme


def relabelled(widget: QWidget) -> None:
    """Have the widget hear that the language was switched."""
    QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))


def ink(label: Label) -> str:
    """The colour a label writes in."""
    return label.palette().color(QPalette.ColorRole.WindowText).name()


def test_labels_follow_the_theme(theme: Theme, qtbot: QtBot) -> None:
    label = Label(theme, "<b>Peñoles</b>", size=12, colour="muted")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert ink(label) == theme.tokens.muted
    theme.set_dark(True)
    assert ink(label) == DARK.muted
    theme.set_scale(2.0)
    assert label.font().pixelSize() == 24
    label.set_colour(tone_colour(Tone.DANGER))
    assert ink(label) == DARK.red_text
    label.allow_copying()
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard


@pytest.mark.qt_log_ignore(r"This plugin does not support raise\(\)")
def test_a_cut_text_is_told_by_its_tool_tip(theme: Theme, qtbot: QtBot) -> None:
    label = ElidedLabel(theme, "No tone on four extensions")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.is_cut
    hover = QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(label, hover)
    assert label.toolTip() == label.text()
    label.resize(900, 20)
    QApplication.sendEvent(label, hover)
    assert label.toolTip() == ""
    assert not label.grab().isNull()


def test_buttons_name_themselves_and_recolour(theme: Theme, qtbot: QtBot) -> None:
    button = Button(theme, kind="icon", icon="x", hint="Close")
    wordy = Button(theme, "Photo", icon="camera", hint="Add a photo", small=True)
    for made in (button, wordy):
        qtbot.addWidget(made)
    assert button.accessibleName() == "Close"
    assert wordy.accessibleName() == ""
    assert wordy.iconSize().width() > button.iconSize().width(), "room between icon and text"
    before = button.icon().cacheKey()
    theme.set_dark(True)
    assert button.icon().cacheKey() != before
    button.set_icon("")
    assert button.icon().isNull()
    wordy.set_kind("primary")
    wordy.show()
    assert wordy.height() == theme.tokens.chip_height


def test_badges_hide_when_empty(theme: Theme, qtbot: QtBot) -> None:
    badge = Badge(theme, "Major", Tone.DANGER)
    qtbot.addWidget(badge)
    assert badge.sizeHint() == badge_size(theme, "Major")
    badge.show_text("", Tone.NEUTRAL)
    assert badge.isHidden()
    badge.show_text("On site", Tone.OK, "check")
    assert (badge.text, badge.tone, badge.accessibleName()) == ("On site", Tone.OK, "On site")
    assert badge.sizeHint().width() > badge_size(theme, "On site").width()
    badge.resize(badge.sizeHint())
    middle = badge.grab().toImage().pixelColor(badge.width() // 2, 2)
    assert middle.name() == theme.tokens.green_tint


def test_a_floating_card_keeps_room_for_its_shadow(theme: Theme, qtbot: QtBot) -> None:
    flat, floating = Card(theme), Card(theme, floating=True)
    for card in (flat, floating):
        qtbot.addWidget(card)
        card.resize(120, 80)
    assert floating.body.contentsMargins().left() > flat.body.contentsMargins().left()
    image = flat.grab().toImage()
    assert image.pixelColor(60, 40).name() == theme.tokens.surface
    assert image.pixelColor(60, 0).name() == theme.tokens.border
    assert not floating.grab().isNull()


def test_the_share_is_held_and_shown(theme: Theme, qtbot: QtBot) -> None:
    bar = ShareBar(theme)
    qtbot.addWidget(bar)
    bar.resize(100, 6)
    bar.set_share(1.7, Tone.DANGER)
    assert bar.share == 1.0
    assert bar.grab().toImage().pixelColor(90, 3).name() == theme.tokens.red
    bar.set_share(0.0, Tone.OK)
    assert bar.grab().toImage().pixelColor(5, 3).name() == theme.tokens.border


def test_a_flow_breaks_like_words(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, spacing=4)
    for _ in range(3):
        flow.addWidget(Button(theme, "Button"))
    one = flow.itemAt(0)
    assert one is not None
    size = one.sizeHint()
    assert flow.heightForWidth(10 * size.width()) == size.height()
    assert flow.heightForWidth(size.width() + 1) == 3 * size.height() + 8
    assert flow.minimumSize().width() >= one.minimumSize().width()
    assert flow.itemAt(9) is None
    assert flow.takeAt(9) is None
    assert flow.count() == 3


class TestSearch:
    @pytest.fixture
    def box(self, theme: Theme, qtbot: QtBot) -> SearchBox:
        """The search beside another field, on the screen."""
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        made = SearchBox(theme, "Folio or customer")
        column.addWidget(made)
        self.other = QLineEdit()
        column.addWidget(self.other)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.other.setFocus()
        return made

    def test_its_key_reaches_it_from_anywhere(self, box: SearchBox, qtbot: QtBot) -> None:
        box.setText("old")
        qtbot.keyClick(self.other, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert box.hasFocus()
        assert box.selectedText() == "old"

    def test_escape_empties_then_leaves(self, box: SearchBox, qtbot: QtBot) -> None:
        edits: list[str] = []
        box.textEdited.connect(edits.append)
        box.setFocus()
        qtbot.keyClicks(box, "sip")
        qtbot.keyClick(box, Qt.Key.Key_Escape)
        assert edits == ["s", "si", "sip", ""]
        with qtbot.waitSignal(box.left):
            qtbot.keyClick(box, Qt.Key.Key_Escape)
        assert not box.hasFocus()

    def test_down_goes_to_the_list(self, box: SearchBox, qtbot: QtBot) -> None:
        with qtbot.waitSignal(box.moved_down):
            qtbot.keyClick(box, Qt.Key.Key_Down)

    def test_the_cross_empties_and_tells(self, box: SearchBox, qtbot: QtBot) -> None:
        box.setText("sip")
        cross = box.findChild(Button)
        assert isinstance(cross, Button)
        assert cross.isVisible()
        with qtbot.waitSignal(box.textEdited):
            qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
        assert not cross.isVisible()
        assert cross.accessibleName()

    def test_it_is_named_and_painted(self, box: SearchBox, theme: Theme) -> None:
        assert box.accessibleName() == "Folio or customer"
        relabelled(box)
        theme.set_scale(1.5)
        assert box.minimumWidth() == theme.px(180)
        assert not box.grab().isNull()


def test_the_pill_says_how_things_stand(theme: Theme, qtbot: QtBot) -> None:
    pill = StatusPill(theme)
    qtbot.addWidget(pill)
    pill.show_status("Offline", Tone.WARN, "cloud-off", "3 changes wait")
    assert (pill.text(), pill.tone) == ("Offline", Tone.WARN)
    assert (pill.accessibleName(), pill.accessibleDescription()) == ("Offline", "3 changes wait")
    pill.show()
    with qtbot.waitSignal(pill.clicked):
        qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert not pill.grab().isNull()


def test_the_top_bar_asks_for_synchronising(theme: Theme, qtbot: QtBot) -> None:
    bar = TopBar(theme)
    qtbot.addWidget(bar)
    bar.set_title("My visits", "Monday")
    bar.add_widget(Button(theme, "More"))
    bar.resize(1000, bar.height())
    bar.show()
    with qtbot.waitSignal(bar.sync_requested):
        qtbot.mouseClick(bar.sync_button, Qt.MouseButton.LeftButton)
    relabelled(bar)
    assert bar.sync_button.text() == "Synchronise"
    theme.set_scale(2.0)
    assert bar.height() == theme.px(62)
    bar.status.show_status("All sent", Tone.OK, "cloud-check")
    bar.resize(1366 - theme.px(72), bar.height())
    titles = [label for label in bar.findChildren(ElidedLabel) if label.text() == "My visits"]
    assert not titles[0].is_cut, "at 200 % on a small laptop"
    assert bar.status.width() == bar.status.sizeHint().width()
    assert not bar.grab().isNull()


def test_steps_are_held_and_heard(theme: Theme, qtbot: QtBot) -> None:
    stepper = Stepper(theme, ["Assigned", "On the way", "On site"])
    qtbot.addWidget(stepper)
    assert stepper.accessibleName() == "Step 1 of 3: Assigned"
    stepper.set_current(7)
    assert stepper.current == 3
    assert stepper.accessibleName() == "All 3 steps done"
    stepper.set_current(1)
    stepper.resize(stepper.sizeHint())
    assert not stepper.grab().isNull()
    stepper.set_steps([])
    assert stepper.current == 0
    assert not stepper.grab().isNull()


def test_a_heading_is_read_as_written(theme: Theme, qtbot: QtBot) -> None:
    heading = SectionHeading(theme, "Monterrey", "5 visits")
    qtbot.addWidget(heading)
    heading.add_widget(Button(theme, "More", small=True))
    assert heading.accessibleName() == "Monterrey. 5 visits"
    assert "MONTERREY" in {label.text() for label in heading.findChildren(Label)}


def test_an_empty_screen_offers_one_action(theme: Theme, qtbot: QtBot) -> None:
    state = EmptyState(theme)
    qtbot.addWidget(state)
    state.show_message("inbox", "Nothing to send", "All is at the central.", "Synchronise")
    state.resize(400, 400)
    state.show()
    button = state.findChild(Button)
    assert isinstance(button, Button)
    with qtbot.waitSignal(state.acted):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    state.show_message("inbox", "Nothing")
    assert button.isHidden()
    assert state.accessibleName() == "Nothing"
    assert not state.grab().isNull()


def test_facts_can_be_copied_and_refresh_quietly(theme: Theme, qtbot: QtBot) -> None:
    facts = KeyValueList(theme)
    qtbot.addWidget(facts)
    rows = [KeyValue("Public IP", "187.190.12.4", copyable=True), KeyValue("Access", "North gate")]
    facts.set_rows(rows)
    button = facts.findChild(Button)
    assert isinstance(button, Button)
    assert button.accessibleName() == "Copy Public IP"
    with qtbot.waitSignal(facts.copy_requested) as told:
        button.click()
    assert told.args == ["187.190.12.4"]
    facts.set_rows(list(rows))
    assert facts.findChild(Button) is button, "unchanged rows are kept"
    relabelled(facts)
    facts.set_rows([])
    assert all(label.isHidden() for label in facts.findChildren(Label))


def test_the_timeline_keeps_rows_that_did_not_change(theme: Theme, qtbot: QtBot) -> None:
    line = Timeline(theme)
    qtbot.addWidget(line)
    first = TimelineEvent("10:40", "Reported", "WhatsApp", "Desk", Tone.INFO, "phone")
    second = TimelineEvent("10:49", "Acknowledged")
    line.set_events([first])
    (kept,) = line._rows.rows
    line.set_events([first, second])
    assert line.events == (first, second)
    assert line._rows.rows[0] is kept
    assert kept.accessibleName() == "10:40. Reported. Desk. WhatsApp"
    assert not line.grab().isNull()
    line.set_events([second])
    assert len(line._rows.rows) == 1


def test_a_toast_goes_by_itself_or_with_its_action(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 300)
    window.show()
    toast = Toast(theme, window)
    toast.say("Assigned to Pedro", action="Undo", key="visit-1")
    assert toast.isVisible()
    at = toast.x()
    window.resize(800, 300)
    assert toast.x() > at
    button = toast.findChild(Button)
    assert isinstance(button, Button)
    with qtbot.waitSignal(toast.acted) as told:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == ["visit-1"]
    assert not toast.isVisible()
    toast.say("Copied")
    assert button.isHidden()
    assert not toast.grab().isNull()


def test_views_are_dressed_for_the_scale(theme: Theme, qtbot: QtBot) -> None:
    table, tree = QTableView(), QTreeView()
    for view in (table, tree):
        qtbot.addWidget(view)
    table.setModel(QStringListModel(["a", "b"]))
    model = QStandardItemModel()
    model.appendRow(QStandardItem("Nuevo León"))
    tree.setModel(model)
    theme.set_scale(2.0)
    dress_table(table, theme)
    dress_tree(tree, theme)
    table.show()
    tree.show()
    assert table.rowHeight(0) == 68
    assert tree.visualRect(model.index(0, 0)).height() >= 44
    assert tree.property("frame") == "none"
