"""Too long without the central: the program is locked, the work is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from ui.views import formats, labels
from ui.views.card_page import CardPage
from ui.views.problems import problem_text
from ui.views.sync_line import behind_text, kept_text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fieldtech.services.values import SyncStatus
    from ui.theme.theme import Theme

WIDTH = 460


class LeaseView(CardPage):
    """Opens by itself with the next contact; ``sync_wanted`` and ``sign_in_wanted`` hurry it.

    ``others_wanted`` asks for the list of people.
    """

    sync_wanted = Signal()
    sign_in_wanted = Signal()
    others_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        timezone: str,
        *,
        is_shared: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, width=WIDTH, spacing=10, parent=parent)
        self.setObjectName("lease")
        self.setAccessibleName(self.tr("Locked until the next contact"))
        self._timezone = timezone
        title = self.tr("Locked until the next contact")
        self.body.addWidget(labels.text(theme, title, size=20, bold=True))
        self._since = labels.text(theme)
        self._since.setObjectName("lease.since")
        self._waiting = labels.text(theme, size=12, colour="amber_text")
        self._waiting.setObjectName("lease.waiting")
        self._problem = labels.muted(theme)
        self._behind = labels.text(theme, size=12, colour="amber_text")
        self._behind.setObjectName("lease.behind")
        self._behind.hide()
        self._sync = labels.button(
            theme, self.tr("Synchronise now"), "lease.sync", kind="primary", icon="refresh-cw"
        )
        self._sign_in = labels.button(theme, self.tr("Sign in"), "lease.signin", icon="log-in")
        self._sync.clicked.connect(self.sync_wanted)
        self._sign_in.clicked.connect(self.sign_in_wanted)
        others = labels.button(theme, self.tr("Somebody else"), "lease.others", icon="users")
        others.setVisible(is_shared)
        others.clicked.connect(self.others_wanted)
        told, ways = (
            (self._since, self._waiting, self._behind, self._problem),
            (self._sync, self._sign_in),
        )
        for widget in (*told, *ways, others):
            self.body.addWidget(widget)
        self._sync.setFocus()

    def show_status(self, status: SyncStatus) -> None:
        """Say since when, what waits, and why the central is not reached."""
        text = self.tr(
            "This laptop last met the central on {when}. It opens by itself as soon as it reaches"
            " it again; nothing on it is lost."
        )
        contact = status.last_contact
        when = formats.day_and_time(contact, self._timezone) if contact is not None else ""
        self._since.setText(text.replace("{when}", when))
        waits = kept_text(changes=status.changes_kept, files=status.files_kept)
        self._waiting.setText(waits)
        self._waiting.setVisible(bool(waits))
        why = problem_text(status.problem, status.problem_text)
        self._problem.setText(why)
        self._problem.setVisible(bool(why))
        self._behind.setText(behind_text())
        self._behind.setVisible(status.clock_behind)
        self._sign_in.setVisible(status.problem == "signed_out")
