"""Sign in: which central, which user, and what this laptop knows already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QWidget
from typing_extensions import override

from ui.views import labels
from ui.views.card_page import CardPage
from ui.views.choices import LANGUAGES, choice
from ui.views.people_list import PeopleList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from fieldtech.services.people import LaptopUser
    from ui.theme.theme import Theme

WIDTH = 380
INSIDE = 14
"""A card's margin."""


class SignInView(CardPage):
    """``submitted(central, user, password)``; the password is kept nowhere.

    From then on it shows that it waits, until ``show_problem`` or ``give_back``; ``cancelled``
    asks to stop waiting. ``returned`` asks for the way back to the work, where there is one
    (``may_return``), ``language_chosen`` for another language. ``people`` have worked here before;
    ``chosen`` carries the folder of the one who goes on.
    """

    submitted = Signal(str, str, str)
    cancelled = Signal()
    returned = Signal()
    language_chosen = Signal(str)
    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        central: str,
        user: str,
        *,
        language: str = "es",
        may_return: bool = False,
        people: Sequence[LaptopUser] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, width=WIDTH, spacing=6, parent=parent)
        self._theme = theme
        self._central = QLineEdit(central)
        self._central.setPlaceholderText("https://central.example.mx")
        self._user = QLineEdit(user)
        self._password = QLineEdit()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.setObjectName("signin.problem")
        self._problem.hide()
        self._submit = labels.button(
            theme, self.tr("Sign in"), "signin.submit", kind="primary", icon="log-in"
        )
        self._back = labels.button(
            theme, self.tr("Back to my work"), "signin.back", icon="arrow-left"
        )
        self._back.setVisible(may_return)
        self._back.clicked.connect(self.returned)
        self._language = choice(LANGUAGES, language, "signin.language")
        self._language.setAccessibleName(self.tr("Language"))
        self._language.activated.connect(self._choose_language)
        self._people = PeopleList(theme, people, width=theme.px(WIDTH - 2 * INSIDE))
        self._people.chosen.connect(self.chosen)
        self._waiting = _Waiting(theme)
        self._waiting.hide()
        self._lay_out()
        self._waiting.cancel.clicked.connect(self._cancel)
        self._submit.clicked.connect(self._send)
        self._fields = (self._central, self._user, self._password)
        for field in self._fields:
            field.returnPressed.connect(self._send)
        self._idle = (
            *self._fields,
            self._submit,
            self._back,
            self._language,
            self._people,
        )
        (
            self._password if central and user else self._user if central else self._central
        ).setFocus()

    def _lay_out(self) -> None:
        theme = self._theme
        self.body.addWidget(labels.text(theme, "fieldtech", size=26, bold=True))
        self.body.addWidget(
            labels.muted(theme, self.tr("Your visits, with or without the Internet."), size=13)
        )
        self.body.addSpacing(theme.px(8))
        self.body.addWidget(self._people)
        fields = (
            (self.tr("Central"), self._central, "signin.central"),
            (self.tr("User"), self._user, "signin.user"),
            (self.tr("Password"), self._password, "signin.password"),
        )
        for title, field, name in fields:
            field.setObjectName(name)
            field.setAccessibleName(title)
            caption = labels.text(theme, title, size=12, bold=True)
            caption.setBuddy(field)
            self.body.addWidget(caption)
            self.body.addWidget(field)
        self.body.addSpacing(theme.px(4))
        self.body.addWidget(self._problem)
        self.body.addWidget(self._submit)
        self.body.addWidget(self._waiting)
        self.body.addSpacing(theme.px(4))
        foot = labels.line(spacing=theme.px(8))
        foot.addWidget(self._back)
        foot.addStretch(1)
        foot.addWidget(self._language)
        self.body.addLayout(foot)

    def show_problem(self, sentence: str, *, forget: bool = False) -> None:
        """Say why it did not work, and let the person try again.

        ``forget`` the password when it was wrong; a network's failure is no reason to type it anew.
        """
        self.give_back()
        if forget:
            self._password.clear()
        self._problem.setText(sentence)
        self._problem.show()
        self._password.setFocus()

    def no_way_back(self) -> None:
        """The work that was put aside is another person's by now."""
        self._back.hide()

    def give_back(self) -> None:
        """The attempt is over: the form can be used again."""
        self._waiting.hide()
        for part in self._idle:
            part.setEnabled(True)
        self._password.setFocus()

    def take_over(self, before: SignInView) -> None:
        """Go on with what was typed into the same form in another language."""
        for field, old in zip(self._fields, before._fields, strict=True):
            field.setText(old.text())
        self._language.setFocus()

    def _choose_language(self) -> None:
        self.language_chosen.emit(str(self._language.currentData()))

    def _send(self) -> None:
        if not self._submit.isEnabled():
            return  # Enter was pressed again before the central answered
        central = self._central.text().strip().rstrip("/")
        user, password = self._user.text().strip(), self._password.text()
        if not (central and user and password):
            self.show_problem(self.tr("Fill in central, user and password."))
            return
        self._problem.hide()
        if "://" not in central:
            central = f"https://{central}"
            self._central.setText(central)
        self._wait()
        self.submitted.emit(central, user, password)

    def _wait(self) -> None:
        self._waiting.begin()
        for part in self._idle:
            part.setEnabled(False)

    def _cancel(self) -> None:
        self._waiting.stop()
        self.cancelled.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._waiting.cancel.isVisible():
            self._cancel()
        else:
            super().keyPressEvent(event)


class _Waiting(QWidget):
    """Says that something goes on, how long nobody knows, and offers to stop it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._text = labels.muted(theme)
        self._text.setObjectName("signin.waiting")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(self.tr("Signing in"))
        self.cancel = labels.button(theme, self.tr("Cancel"), "signin.cancel")
        layout = labels.column(self, spacing=theme.px(6))
        for widget in (self._text, bar, self.cancel):
            layout.addWidget(widget)

    def begin(self) -> None:
        """Show it, the keyboard on the way out."""
        self._text.setText(
            self.tr("Signing in and loading your work. The first time takes longer.")
        )
        self.cancel.setEnabled(True)
        self.show()
        self.cancel.setFocus()

    def stop(self) -> None:
        """Somebody wants to stop."""
        self.cancel.setEnabled(False)
        self._text.setText(self.tr("Stopping…"))
