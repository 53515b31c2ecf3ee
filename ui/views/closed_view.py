"""Work that cannot be opened as things are: why, how to try again, and how to hand it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from fieldtech.services.people import KEYLESS
from ui.views import labels
from ui.views.hand_over import HandOverPage
from ui.views.problems import sentence_of

if TYPE_CHECKING:
    from ui.theme.theme import Theme

translate = QCoreApplication.translate


class ClosedView(HandOverPage):
    """``again_wanted`` asks to open the profile anew: a keyring may have been unlocked by now."""

    again_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        error: BaseException,
        *,
        is_shared: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme,
            "closed",
            translate("ClosedView", "Your work cannot be opened now"),
            sentence_of(error),
            kind="secondary",
            is_shared=is_shared,
            parent=parent,
        )
        self._again = labels.button(
            theme, self.tr("Try again"), "closed.again", kind="primary", icon="refresh-cw"
        )
        self._again.clicked.connect(self._ask_again)
        if is_shared and getattr(error, "code", "") in KEYLESS:
            self.body.addWidget(
                labels.muted(
                    theme,
                    self.tr(
                        "Export it first. To go on working, choose “Somebody else” and sign in as"
                        " yourself: a new profile begins, and what is here stays here."
                    ),
                )
            )
        self.body.insertWidget(self.body.indexOf(self.hand_over), self._again)
        QWidget.setTabOrder(self._again, self.hand_over)
        self._again.setFocus()

    def _ask_again(self) -> None:
        self._again.setEnabled(False)
        self.again_wanted.emit()

    def show_problem(self, error: BaseException) -> None:
        """It cannot be tried again: say why."""
        self._again.setEnabled(True)
        self.told.setText(sentence_of(error))
