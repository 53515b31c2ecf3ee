"""The store is being opened: what is done meanwhile, told where it takes long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar

from ui.views import labels
from ui.views.card_page import CardPage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fieldtech.services.opening import Why
    from ui.theme.theme import Theme

WIDTH = 380
LONG_MS = 800
"""Until then there is nothing to explain, and nothing flickers."""


class OpeningView(CardPage):
    """Stands in the window until the work or the reason against it takes its place."""

    def __init__(self, theme: Theme, why: Why, parent: QWidget | None = None) -> None:
        super().__init__(theme, width=WIDTH, spacing=8, parent=parent)
        self.setObjectName("opening")
        self.setAccessibleName(self.tr("Opening…"))
        what = {
            "rebuild": self.tr(
                "The data on this laptop was damaged and is being rebuilt from its black box."
                " Work that was not sent yet is kept."
            ),
            "upgrade": self.tr(
                "The data on this laptop is being upgraded for this version of the program."
                " The old data stays beside it until that is done."
            ),
        }
        self._what = labels.muted(theme, what[why], size=13)
        self._what.setObjectName("opening.what")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Opening…"))
        self.body.addWidget(labels.text(theme, "fieldtech", size=26, bold=True))
        self.body.addWidget(labels.text(theme, self.tr("Opening…")))
        for widget in (self._what, self._bar):
            widget.hide()
            self.body.addWidget(widget)
        # A child, not QTimer.singleShot: that one outlives a page that is gone before.
        self._long = QTimer(self, singleShot=True, interval=LONG_MS)
        self._long.timeout.connect(self.explain)
        self._long.start()

    def explain(self) -> None:
        """It takes long: say what is being done."""
        self._what.show()
        self._bar.show()
