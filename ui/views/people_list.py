"""Who has worked on this laptop, to go on where one stopped."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.views import formats, labels
from ui.views.sync_line import kept_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.services.people import LaptopUser
    from ui.theme.theme import Theme


class PeopleList(QWidget):
    """One button each; ``chosen`` carries the folder of the profile, as a text.

    ``width`` is what it is given in the end: only so do lines that break get their height.
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        users: Sequence[LaptopUser],
        *,
        width: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("people")
        self._theme = theme
        self._width = width
        self._buttons = [self._person(number, user) for number, user in enumerate(users, start=1)]
        layout = labels.column(self, spacing=theme.px(4))
        layout.addWidget(
            labels.text(theme, self.tr("Who works on this laptop"), size=12, bold=True)
        )
        for button, about in self._buttons:
            layout.addWidget(button)
            layout.addWidget(about)
        layout.addWidget(labels.heading(theme, self.tr("Or sign in")))
        self.setVisible(bool(users))

    def _person(self, number: int, user: LaptopUser) -> tuple[QWidget, QWidget]:
        button = labels.button(
            self._theme, user.name, f"people.{number}", icon="circle-user", small=False
        )
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        about = self._about(user)
        button.setAccessibleName(user.name)
        button.setAccessibleDescription(about)
        button.setToolTip(user.name)
        button.clicked.connect(partial(self._choose, str(user.folder)))
        label = labels.muted(self._theme, about)
        label.setObjectName(f"people.{number}.about")
        label.setMinimumHeight(label.heightForWidth(self._width))
        return button, label

    def _about(self, user: LaptopUser) -> str:
        parts = [user.login, user.central.split("://")[-1]]
        if user.last_used is not None:
            when = formats.day_and_time(user.last_used, formats.zone_of_work(()))
            parts.append(self.tr("here last on {when}").replace("{when}", when))
        if user.revoked:
            parts.append(self.tr("shut out at the central"))
        parts.append(kept_text(changes=user.waiting, files=user.files))
        return " · ".join(filter(None, parts))

    def _choose(self, folder: str) -> None:
        self.chosen.emit(folder)
