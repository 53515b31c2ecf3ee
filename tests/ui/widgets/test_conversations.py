"""Banners, questions and forms: they speak up and never take the keyboard away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.theme.tokens import Tone
from ui.widgets.banner import Banner, BannerAction, BannerQueue
from ui.widgets.confirm import InlineConfirm, Question
from ui.widgets.form import Form

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme


def press(widget: QWidget, text: str) -> None:
    """Click the button that says ``text`` or is named so."""
    for button in widget.findChildren(QAbstractButton):
        if text in {button.text(), button.accessibleName()} and not button.isHidden():
            button.click()
            return
    pytest.fail(f"no button {text!r}")


def key_of(queue: BannerQueue) -> str:
    """The key of the banner on view."""
    return queue.shown.key if queue.shown else ""


class TestBanners:
    @pytest.fixture
    def queue(self, theme: Theme, qtbot: QtBot) -> BannerQueue:
        """An empty queue above a field that has the keyboard."""
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        made = BannerQueue(theme)
        column.addWidget(made)
        self.field = QLineEdit()
        column.addWidget(self.field)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        self.field.setFocus()
        return made

    def test_the_gravest_comes_first_and_the_newest_of_equals(self, queue: BannerQueue) -> None:
        assert not queue.isVisible()
        for key, tone in (("new", Tone.INFO), ("soon", Tone.WARN), ("soon2", Tone.WARN)):
            queue.post(Banner(key, tone, key))
        assert key_of(queue) == "soon2"
        queue.post(Banner("late", Tone.DANGER, "late"))
        assert key_of(queue) == "late"
        queue.withdraw("late")
        queue.withdraw("never there")
        queue.withdraw("soon2")
        assert key_of(queue) == "soon"
        assert queue.accessibleName() == "soon"

    def test_a_second_breach_is_seen_and_looking_further_goes_round(
        self, queue: BannerQueue
    ) -> None:
        for key in ("late", "late2"):
            queue.post(Banner(key, Tone.DANGER, key))
        queue.post(Banner("news", Tone.INFO, "news"))
        seen = [key_of(queue)]
        for _ in range(3):
            queue._more.click()
            seen.append(key_of(queue))
        assert seen == ["late2", "late", "news", "late2"]

    def test_news_behind_a_graver_banner_is_handed_on(
        self, queue: BannerQueue, qtbot: QtBot
    ) -> None:
        queue.post(Banner("late", Tone.DANGER, "late"))
        news = Banner("news", Tone.INFO, "New visit")
        with qtbot.waitSignal(queue.covered) as told:
            queue.post(news)
        assert told.args == [news]
        with qtbot.assertNotEmitted(queue.covered):
            queue.post(news)
        queue.look_at("news")
        queue.look_at("nothing")
        assert key_of(queue) == "news"

    def test_what_is_new_is_said_once(
        self, queue: BannerQueue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said: list[str] = []
        monkeypatch.setattr(queue, "_announce", lambda banner: said.append(banner.title))
        queue.post(Banner("late", Tone.DANGER, "late"))
        queue.post(Banner("late", Tone.DANGER, "late"))
        queue.post(Banner("late2", Tone.DANGER, "later"))
        queue.post(Banner("late2", Tone.DANGER, "later, fewer"), quiet=True)
        queue.withdraw("late2")
        assert said == ["late", "later"]

    def test_a_change_of_language_says_it_again(self, queue: BannerQueue) -> None:
        words = iter(["Visita nueva"])

        def say() -> Banner:
            return Banner("news", Tone.INFO, next(words), again=say)

        queue.post(Banner("news", Tone.INFO, "New visit", again=say))
        queue.post(Banner("fixed", Tone.INFO, "As it is"))
        queue.withdraw("fixed")
        QApplication.sendEvent(queue, QEvent(QEvent.Type.LanguageChange))
        assert queue.accessibleName() == "Visita nueva"
        assert [banner.title for banner in queue.waiting] == ["Visita nueva"]

    def test_it_never_takes_the_keyboard(self, queue: BannerQueue) -> None:
        queue.post(Banner("late", Tone.DANGER, "Breached", actions=(BannerAction("go", "Open"),)))
        assert self.field.hasFocus()

    def test_actions_and_dismissal_are_told(self, queue: BannerQueue, qtbot: QtBot) -> None:
        actions = (BannerAction("open", "Open"), BannerAction("phone", "By phone"))
        queue.post(Banner("late", Tone.DANGER, "Breached", "Level 3", actions))
        with qtbot.waitSignal(queue.acted) as told:
            press(queue, "By phone")
        assert told.args == ["late", "phone"]
        assert key_of(queue) == "late", "an action settles nothing by itself"
        with qtbot.waitSignal(queue.dismissed) as closed:
            press(queue, "Dismiss")
        assert closed.args == ["late"]
        assert not queue.isVisible()

    def test_tab_goes_through_the_banner_from_left_to_right(
        self, queue: BannerQueue, qtbot: QtBot
    ) -> None:
        queue.post(Banner("first", Tone.WARN, "first"))
        actions = (BannerAction("open", "Open"), BannerAction("phone", "By phone"))
        queue.post(Banner("late", Tone.DANGER, "Breached", "Level 3", actions))
        qtbot.waitUntil(lambda: all(b.isVisible() for b in queue.findChildren(QAbstractButton)))
        queue._more.setFocus()
        met = []
        for _ in range(4):
            focused = QApplication.focusWidget()
            assert isinstance(focused, QAbstractButton)
            met.append(focused.text() or focused.accessibleName())
            qtbot.keyClick(focused, Qt.Key.Key_Tab)
        assert met[1:] == ["Open", "By phone", "Dismiss"]
        assert self.field.hasFocus()

    def test_the_same_key_replaces(self, queue: BannerQueue) -> None:
        queue.post(Banner("sync", Tone.WARN, "3 wait"))
        queue.post(Banner("sync", Tone.WARN, "4 wait"))
        assert queue.accessibleName() == "4 wait"
        QApplication.sendEvent(queue, QEvent(QEvent.Type.LanguageChange))
        assert not queue.grab().isNull()


class TestQuestions:
    @pytest.fixture
    def confirm(self, theme: Theme, qtbot: QtBot) -> InlineConfirm:
        """A hidden question."""
        made = InlineConfirm(theme)
        qtbot.addWidget(made)
        return made

    def test_a_required_reason_is_asked_for(self, confirm: InlineConfirm, qtbot: QtBot) -> None:
        confirm.ask(Question("decline", "Decline?", confirm="Decline", reason_label="Reason"))
        with qtbot.assertNotEmitted(confirm.confirmed):
            press(confirm, "Decline")
        field = confirm.findChild(QLineEdit)
        assert isinstance(field, QLineEdit)
        assert field.property("invalid") == "true"
        field.setText("  ill  ")
        with qtbot.waitSignal(confirm.confirmed) as told:
            qtbot.keyClick(field, Qt.Key.Key_Return)
        assert told.args == ["decline", "ill"]
        assert confirm.question is None
        assert not confirm.isVisible()

    def test_a_closed_list_gives_its_code(self, confirm: InlineConfirm, qtbot: QtBot) -> None:
        reasons = (("no_access", "No access"), ("absent", "Customer absent"))
        confirm.ask(Question("pause", "Stop?", reason_label="Reason", reasons=reasons))
        combo = confirm.findChild(QComboBox)
        assert isinstance(combo, QComboBox)
        with qtbot.assertNotEmitted(confirm.confirmed):
            press(confirm, "Confirm")
        combo.setCurrentIndex(1)
        with qtbot.waitSignal(confirm.confirmed) as told:
            press(confirm, "Confirm")
        assert told.args == ["pause", "absent"]

    def test_escape_refuses(self, confirm: InlineConfirm, qtbot: QtBot) -> None:
        confirm.ask(Question("close", "Close?", "Paperwork done?", danger=True))
        with qtbot.waitSignal(confirm.cancelled) as told:
            qtbot.keyClick(confirm, Qt.Key.Key_Escape)
        assert told.args == ["close"]

    def test_without_reason_it_just_confirms(self, confirm: InlineConfirm, qtbot: QtBot) -> None:
        confirm.ask(Question("close", "Close?"))
        QApplication.sendEvent(confirm, QEvent(QEvent.Type.LanguageChange))
        with qtbot.waitSignal(confirm.confirmed) as told:
            press(confirm, "Confirm")
        assert told.args == ["close", ""]

    def test_settled_elsewhere(self, confirm: InlineConfirm, qtbot: QtBot) -> None:
        confirm.ask(Question("close", "Close?"))
        with qtbot.assertNotEmitted(confirm.cancelled):
            confirm.close_question()
        qtbot.keyClick(confirm, Qt.Key.Key_Return)
        assert not confirm.isVisible()


class TestForms:
    @pytest.fixture
    def form(self, theme: Theme, qtbot: QtBot) -> Form:
        """A cause, a count of users, a solution."""
        made = Form(theme)
        made.add_field("cause", "Cause", QComboBox(), required=True)
        made.add_field("users", "Users", QSpinBox(), hint="of 120")
        made.add_field("solution", "Solution", QLineEdit())
        made.add_row(QLineEdit(), QLineEdit())
        qtbot.addWidget(made)
        with qtbot.waitActive(made):
            made.show()
            made.activateWindow()
        return made

    def test_labels_name_and_hints_describe(self, form: Form) -> None:
        users = form.field("users").editor
        assert (users.accessibleName(), users.accessibleDescription()) == ("Users", "of 120")
        with pytest.raises(KeyError):
            form.field("nobody")

    def test_problems_are_written_and_the_first_gets_the_keyboard(self, form: Form) -> None:
        form.set_problems({"users": "Too many.", "solution": "Say what was done."})
        assert form.field("users").editor.hasFocus()
        assert form.field("users").editor.accessibleDescription() == "Too many."
        assert form.field("solution").editor.property("invalid") == "true"
        form.set_problems({})
        assert form.field("users").editor.accessibleDescription() == "of 120"
        assert form.field("solution").editor.property("invalid") == "false"

    def test_the_wheel_scrolls_and_does_not_change_values(self, form: Form) -> None:
        spin = form.field("users").editor
        assert isinstance(spin, QSpinBox)

        def turn() -> None:
            QApplication.sendEvent(
                spin,
                QWheelEvent(
                    QPointF(5, 5),
                    QPointF(5, 5),
                    QPoint(),
                    QPoint(0, 120),
                    Qt.MouseButton.NoButton,
                    Qt.KeyboardModifier.NoModifier,
                    Qt.ScrollPhase.NoScrollPhase,
                    False,  # noqa: FBT003  Qt's own order of arguments
                ),
            )

        turn()
        assert spin.value() == 0
        spin.setFocus()
        turn()
        assert spin.value() == 1

    def test_words_can_change(self, form: Form, theme: Theme) -> None:
        form.field("users").set_label("Usuarios", "de 120")
        assert form.field("users").editor.accessibleName() == "Usuarios"
        theme.set_scale(2.0)
        assert not form.grab().isNull()
