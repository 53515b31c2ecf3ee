"""A laptop that was shut out: its work is sealed, and the way to hand it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.views.hand_over import HandOverPage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.theme.theme import Theme

translate = QCoreApplication.translate


class SealedView(HandOverPage):
    """The package for the central, and nothing else."""

    def __init__(
        self, theme: Theme, *, is_shared: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme,
            "sealed",
            translate("SealedView", "This laptop was shut out at the central"),
            translate(
                "SealedView",
                "Nobody can read the data on it any more. Your work is not lost: it is sealed for"
                " the central. Export it and hand the file to your administrator.",
            ),
            kind="primary",
            is_shared=is_shared,
            parent=parent,
        )
        self.hand_over.setFocus()
