"""The sign-in: everything filled in, once, and a reason when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit
from stage import double_click, find

from ui.views.signin_view import SignInView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme


def show(theme: Theme, qtbot: QtBot, central: str = "", user: str = "") -> SignInView:
    made = SignInView(theme, central, user)
    made.resize(1366, 768)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def field(view: SignInView, name: str) -> QLineEdit:
    return find(view, f"signin.{name}", QLineEdit)


def problem(view: SignInView) -> str:
    label = find(view, "signin.problem", QLabel)
    return label.text() if label.isVisible() else ""


@pytest.mark.parametrize(
    ("central", "user", "first"),
    [("", "", "central"), ("http://127.0.0.1:1", "", "user"), ("http://x", "ana", "password")],
)
def test_the_keyboard_begins_where_something_is_missing(
    theme: Theme, qtbot: QtBot, central: str, user: str, first: str
) -> None:
    assert field(show(theme, qtbot, central, user), first).hasFocus()


def test_enter_sends_tidied_words(theme: Theme, qtbot: QtBot) -> None:
    view = show(theme, qtbot)
    QTest.keyClicks(field(view, "central"), " http://127.0.0.1:8/ ")
    QTest.keyClicks(field(view, "user"), " ana ")
    QTest.keyClicks(field(view, "password"), " secret ")
    with qtbot.waitSignal(view.submitted) as sent:
        QTest.keyClick(field(view, "password"), Qt.Key.Key_Return)
    assert sent.args == ["http://127.0.0.1:8", "ana", " secret "]
    assert field(view, "password").echoMode() is QLineEdit.EchoMode.Password


@pytest.mark.parametrize("empty", ["central", "user", "password"])
def test_nothing_is_sent_half_filled_in(theme: Theme, qtbot: QtBot, empty: str) -> None:
    view = show(theme, qtbot, "http://x", "ana")
    field(view, "password").setText("secret")
    field(view, empty).clear()
    with qtbot.assertNotEmitted(view.submitted):
        find(view, "signin.submit", QAbstractButton).click()
    assert problem(view) == "Fill in central, user and password."


def test_a_double_click_signs_in_once_and_a_problem_gives_the_button_back(
    theme: Theme, qtbot: QtBot
) -> None:
    view = show(theme, qtbot, "http://x", "ana")
    field(view, "password").setText("secret")
    sent: list[str] = []
    view.submitted.connect(lambda central, user, _: sent.append(f"{user}@{central}"))
    submit = find(view, "signin.submit", QAbstractButton)
    double_click(submit)
    QTest.keyClick(field(view, "password"), Qt.Key.Key_Return)
    assert sent == ["ana@http://x"]
    assert find(view, "signin.cancel", QAbstractButton).hasFocus()
    view.show_problem("The user or the password is wrong.", forget=True)
    assert submit.isEnabled()
    assert problem(view) == "The user or the password is wrong."
    assert field(view, "password").hasFocus()
    assert field(view, "password").text() == ""


def test_a_dead_network_is_no_reason_to_type_the_password_again(theme: Theme, qtbot: QtBot) -> None:
    view = show(theme, qtbot, "central.example.mx", "ana")
    field(view, "password").setText("secret")
    with qtbot.waitSignal(view.submitted) as sent:
        find(view, "signin.submit", QAbstractButton).click()
    assert sent.args[0] == "https://central.example.mx"
    view.show_problem("The central cannot be reached.")
    assert field(view, "password").text() == "secret"


def test_waiting_can_be_given_up_with_the_keyboard_and_once(theme: Theme, qtbot: QtBot) -> None:
    view = show(theme, qtbot, "http://x", "ana")
    field(view, "password").setText("secret")
    QTest.keyClick(field(view, "password"), Qt.Key.Key_Return)
    stop = find(view, "signin.cancel", QAbstractButton)
    with qtbot.waitSignal(view.cancelled):
        QTest.keyClick(stop, Qt.Key.Key_Escape)
    assert not stop.isEnabled(), "until the attempt has really ended"
    with qtbot.assertNotEmitted(view.cancelled):
        stop.click()
    view.give_back()
    assert field(view, "user").isEnabled()
    assert field(view, "password").text() == "secret"


def test_at_double_size_on_a_small_laptop_everything_can_be_reached(
    theme: Theme, qtbot: QtBot
) -> None:
    theme.set_scale(2.0)
    view = show(theme, qtbot, "http://x", "ana")
    view.show_problem("The central cannot be reached. " * 4)
    assert (view.width(), view.height()) == (1366, 768)
    language = find(view, "signin.language", QComboBox)
    view.ensureWidgetVisible(language)
    qtbot.waitUntil(lambda: not language.visibleRegion().isEmpty())
