"""Who is signed in here, and the way out that keeps all work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from ui.views import labels
from ui.views.sync_line import kept_text
from ui.widgets.card import Card
from ui.widgets.confirm import InlineConfirm, Question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fieldtech.services.values import SyncStatus
    from ui.theme.theme import Theme


class SessionCard(Card):
    """``sign_out_wanted`` comes after a person has confirmed; ``sync_wanted`` is the better way.

    ``export_wanted`` asks for the sealed package, the way out where the central stays away.
    ``switch_wanted`` lets somebody else work without ending the session, where that may be.

    Signing out deletes nothing: work not sent stays in the encrypted store, behind the sign-in.
    """

    sign_out_wanted = Signal()
    sync_wanted = Signal()
    export_wanted = Signal()
    switch_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        user_name: str,
        *,
        is_shared: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent=parent)
        self._kept = 0
        who = self.tr("Signed in as {name}").format(name=user_name)
        self.body.addWidget(labels.text(theme, who, bold=True))
        self._pending = labels.text(theme, size=12, colour="amber_text")
        self._pending.setObjectName("settings.pending")
        self.body.addWidget(self._pending)
        self._sync = labels.button(
            theme, self.tr("Synchronise first"), "settings.sync", icon="refresh-cw"
        )
        self._leave = labels.button(theme, self.tr("Sign out"), "settings.signout", icon="log-out")
        self._export = labels.button(
            theme, self.tr("Export sealed package"), "settings.export", icon="package"
        )
        self._export.clicked.connect(self.export_wanted)
        self._switch = labels.button(
            theme, self.tr("Somebody else"), "settings.switch", icon="users"
        )
        self._switch.setVisible(is_shared)
        self._switch.clicked.connect(self.switch_wanted)
        for row in ((self._sync, self._export), (self._leave, self._switch)):
            buttons = labels.line(spacing=theme.px(8))
            for button in row:
                buttons.addWidget(button)
            buttons.addStretch(1)
            self.body.addLayout(buttons)
        self._told = labels.text(theme, size=12)
        self._told.setObjectName("settings.told")
        self._told.hide()
        self.body.addWidget(self._told)
        self._confirm = InlineConfirm(theme)
        self._confirm.setObjectName("settings.confirm")
        self.body.addWidget(self._confirm)
        self._sync.clicked.connect(self.sync_wanted)
        self._leave.clicked.connect(self._ask)
        self._confirm.confirmed.connect(self._go)
        self._confirm.cancelled.connect(lambda _: self._leave.setFocus())

    def show_status(self, status: SyncStatus) -> None:
        """Say what the central does not have yet."""
        before, self._kept = self._kept, status.changes_kept + status.files_kept
        self._pending.setText(kept_text(changes=status.changes_kept, files=status.files_kept))
        self._pending.setVisible(self._kept > 0)
        self._sync.setVisible(status.waiting > 0 or status.files_waiting > 0)
        self._export.setVisible(self._kept > 0)
        if self._confirm.question is not None and (before > 0) != (self._kept > 0):
            self._ask()

    def tell(self, text: str, colour: str) -> None:
        """Say how the export went."""
        self._told.set_colour(colour)
        self._told.setText(text)
        self._told.show()

    def _ask(self) -> None:
        if self._kept:
            question = Question(
                "signout",
                self.tr("Sign out before everything is sent?"),
                self.tr(
                    "It stays on this laptop, encrypted, and is sent after you sign in here again."
                    " For that you need your password and a connection to the central. Where there"
                    " will be none, export it first and hand the file to your administrator."
                ),
                confirm=self.tr("Sign out all the same"),
                danger=True,
            )
        else:
            question = Question(
                "signout",
                self.tr("Sign out?"),
                self.tr(
                    "To see your visits again you need your password and a connection to the"
                    " central."
                ),
                confirm=self.tr("Sign out"),
            )
        self._confirm.ask(question)

    def _go(self) -> None:
        self._leave.setEnabled(False)
        self._leave.setText(self.tr("Signing out…"))
        self._sync.setEnabled(False)
        self.sign_out_wanted.emit()
