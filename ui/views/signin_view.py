"""Sign in: which central, which user, and what this laptop knows already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.views import labels
from ui.widgets.card import Card

if TYPE_CHECKING:
    from ui.theme.theme import Theme

WIDTH = 380


class SignInView(QWidget):
    """``submitted(central, user, password)``; the password is kept nowhere."""

    submitted = Signal(str, str, str)

    def __init__(
        self, theme: Theme, central: str, user: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
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
        self._lay_out()
        self._submit.clicked.connect(self._send)
        for field in (self._central, self._user, self._password):
            field.returnPressed.connect(self._send)
        (
            self._password if central and user else self._user if central else self._central
        ).setFocus()

    def _lay_out(self) -> None:
        theme = self._theme
        card = Card(theme)
        card.setFixedWidth(theme.px(WIDTH))
        card.body.setSpacing(theme.px(6))
        card.body.addWidget(labels.text(theme, "fieldtech", size=26, bold=True))
        card.body.addWidget(
            labels.muted(theme, self.tr("Your visits, with or without the Internet."), size=13)
        )
        card.body.addSpacing(theme.px(8))
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
            card.body.addWidget(caption)
            card.body.addWidget(field)
        card.body.addSpacing(theme.px(4))
        card.body.addWidget(self._problem)
        card.body.addWidget(self._submit)
        layout = labels.column(self)
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)

    def show_problem(self, sentence: str, *, forget: bool = False) -> None:
        """Say why it did not work, and let the person try again.

        ``forget`` the password when it was wrong; a network's failure is no reason to type it anew.
        """
        self._submit.setEnabled(True)
        if forget:
            self._password.clear()
        self._problem.setText(sentence)
        self._problem.show()
        self._password.setFocus()

    def _send(self) -> None:
        if not self._submit.isEnabled():
            return  # Enter was pressed again before the central answered
        central = self._central.text().strip().rstrip("/")
        user, password = self._user.text().strip(), self._password.text()
        if not (central and user and password):
            self.show_problem(self.tr("Fill in central, user and password."))
            return
        self._problem.hide()
        self._submit.setEnabled(False)
        if "://" not in central:
            central = f"https://{central}"
            self._central.setText(central)
        self.submitted.emit(central, user, password)
