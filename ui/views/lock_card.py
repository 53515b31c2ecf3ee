"""In the settings: the PIN or passphrase of this profile, put on, changed or taken off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.services.lease import is_lock_wanted
from ui.views import labels
from ui.views.new_lock import NewLockFields
from ui.views.problems import sentence_of
from ui.widgets.card import Card

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from fieldtech.services.access import AccessStatus
    from fieldtech.services.desk import Desk
    from ui.views.kit import Kit


class LockCard(Card):
    """Tells which lock there is, and takes a new one."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.theme, parent=parent)
        self._kit = kit
        theme = kit.theme
        self._title = labels.text(theme, bold=True)
        self._text = labels.muted(theme)
        self._text.setObjectName("lock.text")
        self._stays = labels.muted(theme)
        self._stays.setObjectName("lock.stays")
        self._stays.hide()
        self._fields = NewLockFields(theme)
        self._fields.entered.connect(self._put_on)
        self._put = labels.button(theme, "", "lock.put", small=True, icon="lock")
        self._off = labels.button(theme, self.tr("Take it off"), "lock.off", small=True)
        buttons = labels.line(spacing=theme.px(8))
        buttons.addWidget(self._put)
        buttons.addWidget(self._off)
        buttons.addStretch(1)
        for widget in (self._title, self._text, self._stays, self._fields):
            self.body.addWidget(widget)
        self.body.addLayout(buttons)
        self._put.clicked.connect(self._put_on)
        self._off.clicked.connect(
            lambda: self._do(lambda desk: desk.access.take_lock_off(), self.tr("Taken off."))
        )
        kit.ask(_how_it_stands, self._show, owner=self)

    def _show(self, found: tuple[AccessStatus, bool]) -> None:
        status, is_asked = found
        is_pin = status.new_kind == "pin"
        title = self.tr("PIN of this laptop") if is_pin else self.tr("Passphrase of this laptop")
        self._title.setText(title)
        text = (
            self.tr("Asked for at every start. At least 4 characters; with the system's keyring.")
            if is_pin
            else self.tr("There is no keyring here: at least 12 characters, asked at every start.")
        )
        self._text.setText(text)
        self._fields.use(status.new_kind, title)
        self._put.setText(self.tr("Change") if status.lock else self.tr("Put it on"))
        self._off.setVisible(bool(status.lock) and status.may_go)
        self._stays.setText(
            self.tr("Your operator asks for it: it can be changed, not taken off.")
            if is_asked
            else self.tr("Nothing else protects your data here: it can be changed, not taken off.")
        )
        self._stays.setVisible(bool(status.lock) and not status.may_go)

    def _put_on(self) -> None:
        if typed := self._fields.take():
            self._do(lambda desk: desk.access.put_lock(typed), self.tr("It is on from now."))

    def _do(self, work: Callable[[Desk], None], done: str) -> None:
        def finished(found: tuple[AccessStatus, bool]) -> None:
            self._show(found)
            self._fields.tell(done, "green_text")

        def question(desk: Desk) -> tuple[AccessStatus, bool]:
            work(desk)
            return _how_it_stands(desk)

        self._kit.ask(question, finished, owner=self, failed=self._failed)

    def _failed(self, error: BaseException) -> None:
        self._fields.tell(sentence_of(error), "red_text")


def _how_it_stands(desk: Desk) -> tuple[AccessStatus, bool]:
    """Return the lock, and whether the operator asks for one."""
    return desk.access.status(), is_lock_wanted(desk.store)
