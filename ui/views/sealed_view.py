"""A laptop that was shut out: its work is sealed, and the way to hand it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.views import labels
from ui.views.black_box_card import ask_for_package, exported_text
from ui.views.problems import sentence_of
from ui.widgets.card import Card

if TYPE_CHECKING:
    from fieldtech.services.black_box import Exported
    from ui.theme.theme import Theme

WIDTH = 460


class SealedView(QScrollArea):
    """Nothing of a customer is shown. ``export_wanted`` carries the path of the package.

    ``others_wanted`` asks for the list of people.
    """

    export_wanted = Signal(str)
    others_wanted = Signal()

    def __init__(
        self, theme: Theme, *, is_shared: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sealed")
        self.setAccessibleName(self.tr("Laptop shut out"))
        card = Card(theme)
        card.setFixedWidth(theme.px(WIDTH))
        card.body.setSpacing(theme.px(10))
        title = self.tr("This laptop was shut out at the central")
        card.body.addWidget(labels.text(theme, title, size=20, bold=True))
        text = self.tr(
            "Nobody can read the data on it any more. Your work is not lost: it is sealed for the"
            " central. Export it and hand the file to your administrator."
        )
        card.body.addWidget(labels.text(theme, text))
        self._export = labels.button(
            theme,
            self.tr("Export sealed package"),
            "sealed.export",
            kind="primary",
            icon="package",
        )
        self._export.clicked.connect(self._choose)
        self._told = labels.text(theme, size=12)
        self._told.setObjectName("sealed.told")
        self._told.hide()
        others = labels.button(theme, self.tr("Somebody else"), "sealed.others", icon="users")
        others.setVisible(is_shared)
        others.clicked.connect(self.others_wanted)
        for widget in (self._export, self._told, others):
            card.body.addWidget(widget)
        around = QWidget()
        layout = labels.column(around, margin=theme.px(12))
        layout.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        self.setWidget(around)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._export.setFocus()

    def _choose(self) -> None:
        path = ask_for_package(self)
        if path:
            self._export.setEnabled(False)
            self._told.hide()
            self.export_wanted.emit(path)

    def show_exported(self, written: Exported) -> None:
        """The package is where the person wanted it."""
        self._tell(exported_text(written), "green_text")

    def show_problem(self, error: BaseException) -> None:
        """It could not be written."""
        self._tell(sentence_of(error), "red_text")

    def _tell(self, text: str, colour: str) -> None:
        self._export.setEnabled(True)
        self._told.set_colour(colour)
        self._told.setText(text)
        self._told.show()
