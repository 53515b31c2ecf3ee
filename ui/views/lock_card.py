"""In the settings: the PIN or passphrase of this profile, put on, changed or taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from ui.views import labels
from ui.views.problems import sentence_of
from ui.widgets.card import Card

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.services.access import AccessStatus
    from fieldtech.services.desk import Desk
    from ui.views.kit import Kit

SHORTEST = {"pin": 4, "passphrase": 12}


class LockCard(Card):
    """Typed twice, because a slip would lock its person out."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.theme, parent=parent)
        self._kit = kit
        theme = kit.theme
        self._kind = "pin"
        self._title = labels.text(theme, bold=True)
        self._text = labels.muted(theme)
        self._text.setObjectName("lock.text")
        self._first, self._second = QLineEdit(), QLineEdit()
        for field, name in ((self._first, "lock.first"), (self._second, "lock.second")):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setObjectName(name)
        self._told = labels.text(theme, size=12)
        self._told.setObjectName("lock.told")
        self._told.hide()
        self._put = labels.button(theme, "", "lock.put", small=True, icon="lock")
        self._off = labels.button(theme, self.tr("Take it off"), "lock.off", small=True)
        buttons = labels.line(spacing=theme.px(8))
        buttons.addWidget(self._put)
        buttons.addWidget(self._off)
        buttons.addStretch(1)
        for widget in (self._title, self._text, self._first, self._second, self._told):
            self.body.addWidget(widget)
        self.body.addLayout(buttons)
        self._put.clicked.connect(self._put_on)
        self._off.clicked.connect(
            lambda: self._do(lambda desk: desk.access.take_lock_off(), self.tr("Taken off."))
        )
        kit.ask(lambda desk: desk.access.status(), self._show, owner=self)

    def _show(self, status: AccessStatus) -> None:
        self._kind = "pin" if status.key_kind == "keyring" else "passphrase"
        is_pin = self._kind == "pin"
        title = self.tr("PIN of this laptop") if is_pin else self.tr("Passphrase of this laptop")
        self._title.setText(title)
        text = (
            self.tr("Asked for at every start. At least 4 characters; with the system's keyring.")
            if is_pin
            else self.tr("There is no keyring here: at least 12 characters, asked at every start.")
        )
        self._text.setText(text)
        for field, hint in (
            (self._first, self.tr("New")),
            (self._second, self.tr("The same again")),
        ):
            field.setPlaceholderText(hint)
            field.setAccessibleName(f"{title}. {hint}")
        self._put.setText(self.tr("Change") if status.lock else self.tr("Put it on"))
        self._off.setVisible(bool(status.lock))

    def _put_on(self) -> None:
        typed = self._first.text()
        if len(typed) < SHORTEST[self._kind]:
            self._tell(self.tr("That is too short."), "red_text")
        elif typed != self._second.text():
            self._tell(self.tr("The two are not the same."), "red_text")
        else:
            self._do(lambda desk: desk.access.put_lock(typed), self.tr("It is on from now."))

    def _do(self, work: Callable[[Desk], None], done: str) -> None:
        for field in (self._first, self._second):
            field.clear()

        def finished(status: AccessStatus) -> None:
            self._show(status)
            self._tell(done, "green_text")

        def question(desk: Desk) -> AccessStatus:
            work(desk)
            return desk.access.status()

        self._kit.ask(question, finished, owner=self, failed=self._failed)

    def _failed(self, error: BaseException) -> None:
        self._tell(sentence_of(error), "red_text")

    def _tell(self, text: str, colour: str) -> None:
        self._told.set_colour(colour)
        self._told.setText(text)
        self._told.show()
