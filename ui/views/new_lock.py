"""A new PIN or passphrase: two fields, how strong it is, and the page that asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from fieldtech.services.access import SHORTEST, strength_of
from ui.views import labels
from ui.views.card_page import CardPage
from ui.views.problems import sentence_of

if TYPE_CHECKING:
    from fieldtech.services.access import LockKind
    from ui.theme.theme import Theme

WIDTH = 460

translate = QCoreApplication.translate


class NewLockFields(QWidget):
    """Typed twice, because a slip would lock its person out. ``entered`` comes with Enter."""

    entered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: LockKind = "pin"
        self.first, self._second = QLineEdit(), QLineEdit()
        self._strength = labels.muted(theme)
        self._strength.setObjectName("lock.strength")
        self._told = labels.text(theme, size=12)
        self._told.setObjectName("lock.told")
        self._told.hide()
        layout = labels.column(self, spacing=theme.px(8))
        for field, name in ((self.first, "lock.first"), (self._second, "lock.second")):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setObjectName(name)
            field.returnPressed.connect(self.entered)
            layout.addWidget(field)
        layout.addWidget(self._strength)
        layout.addWidget(self._told)
        self.first.textChanged.connect(self._judge)
        self._judge("")

    def use(self, kind: LockKind, title: str) -> None:
        """Ask for a lock of that ``kind``; ``title`` names it to a screen reader."""
        self._kind = kind
        for field, hint in (
            (self.first, translate("LockCard", "New")),
            (self._second, translate("LockCard", "The same again")),
        ):
            field.setPlaceholderText(hint)
            field.setAccessibleName(f"{title}. {hint}")

    def take(self) -> str:
        """Return what was typed and empty the fields; empty when it will not do, which is told."""
        typed, again = self.first.text(), self._second.text()
        if len(typed) < SHORTEST[self._kind]:
            self.tell(translate("LockCard", "That is too short."), "red_text")
            return ""
        if typed != again:
            self.tell(translate("LockCard", "The two are not the same."), "red_text")
            return ""
        self._told.hide()
        self.first.clear()
        self._second.clear()
        return typed

    def tell(self, text: str, colour: str) -> None:
        """Say how it went."""
        self._told.set_colour(colour)
        self._told.setText(text)
        self._told.show()

    def _judge(self, typed: str) -> None:
        """Say how long it would withstand guessing; where a keyring helps, that is of no use."""
        words = {
            "short": self.tr("%n more character(s)", "", SHORTEST[self._kind] - len(typed)),
            "weak": self.tr("Weak: easy to guess. Three or four unrelated words are better."),
            "fair": self.tr("Fair"),
            "good": self.tr("Good"),
        }
        self._strength.setText(words[strength_of(typed)])
        self._strength.setVisible(bool(typed) and self._kind == "passphrase")


class NewLockView(CardPage):
    """Asks for a lock. ``chosen`` carries it, ``given_up`` leads back.

    ``is_asked`` for by the operator, who lets nobody back to the work before unless he
    ``may_return``.
    """

    chosen = Signal(str)
    given_up = Signal()

    def __init__(
        self,
        theme: Theme,
        kind: LockKind,
        *,
        is_asked: bool,
        may_return: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, width=WIDTH, spacing=10, parent=parent)
        self.setObjectName("newlock")
        title, why = _words(kind, asked_by_policy=is_asked)
        self.setAccessibleName(title)
        self.body.addWidget(labels.text(theme, title, size=20, bold=True))
        self.body.addWidget(labels.text(theme, why))
        self._fields = NewLockFields(theme)
        self._fields.use(kind, title)
        self._go_on = labels.button(
            theme, self.tr("Continue"), "newlock.submit", kind="primary", icon="lock"
        )
        back = labels.button(theme, self.tr("Back"), "newlock.back", icon="arrow-left")
        back.setVisible(may_return)
        for widget in (self._fields, self._go_on, back):
            self.body.addWidget(widget)
        self._go_on.clicked.connect(self._send)
        self._fields.entered.connect(self._send)
        back.clicked.connect(self.given_up)
        self._fields.first.setFocus()

    def _send(self) -> None:
        if self._go_on.isEnabled() and (typed := self._fields.take()):
            self._go_on.setEnabled(False)
            self.chosen.emit(typed)

    def show_problem(self, error: BaseException) -> None:
        """It could not be put on: say why, and let the person type again."""
        self._go_on.setEnabled(True)
        self._fields.tell(sentence_of(error), "red_text")
        self._fields.first.setFocus()


def _words(kind: LockKind, *, asked_by_policy: bool) -> tuple[str, str]:
    if kind == "pin":
        return (
            translate("NewLockView", "Choose a PIN for this laptop"),
            translate(
                "NewLockView",
                "Your operator asks for it. It is typed at every start, and works together with"
                " this system's keyring: at least 4 characters.",
            ),
        )
    title = translate("NewLockView", "Choose a passphrase for this laptop")
    if asked_by_policy:
        return title, translate(
            "NewLockView",
            "Your operator asks for it. It is typed at every start: at least 12 characters.",
        )
    return title, translate(
        "NewLockView",
        "There is no keyring on this system, so your data here is locked by a passphrase of at"
        " least 12 characters. It is typed at every start; nobody can recover it for you.",
    )
