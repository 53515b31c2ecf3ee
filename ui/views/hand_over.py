"""Work leaves a laptop that cannot open it: how much there is, and the package for the central."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.views import labels
from ui.views.black_box_card import ask_for_package, exported_text
from ui.views.card_page import CardPage
from ui.views.problems import sentence_of

if TYPE_CHECKING:
    from fieldtech.services.black_box import Exported
    from fieldtech.services.hand_over import InTheBox
    from ui.theme.theme import Theme
    from ui.widgets.button import Kind

WIDTH = 460


class HandOver(QWidget):
    """``wanted`` carries the path a person chose; ``name`` begins the names of its parts."""

    wanted = Signal(str)

    def __init__(
        self, theme: Theme, name: str, *, kind: Kind = "secondary", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._amount = labels.muted(theme)
        self._amount.setObjectName(f"{name}.amount")
        self._amount.hide()
        self._export = labels.button(
            theme, self.tr("Export sealed package"), f"{name}.export", kind=kind, icon="package"
        )
        self._export.clicked.connect(self._choose)
        self._told = labels.text(theme, size=12)
        self._told.setObjectName(f"{name}.told")
        self._told.hide()
        layout = labels.column(self, spacing=theme.px(8))
        for widget in (self._amount, self._export, self._told):
            layout.addWidget(widget)
        self.setFocusProxy(self._export)

    def show_amount(self, box: InTheBox) -> None:
        """Say how much is in it, and what of it the central will not be able to read."""
        told = self.tr("%n piece(s) of work are sealed here for the central.", "", box.commands)
        if box.unsealed:
            only = self.tr(
                "%n of them only this laptop can open, for it had not met the central yet: the"
                " package carries them, nobody can read them without this laptop's key.",
                "",
                box.unsealed,
            )
            told = f"{told} {only}"
        self._amount.setText(told)
        self._amount.show()

    def _choose(self) -> None:
        ask_for_package(self, self._chosen)

    def _chosen(self, path: str) -> None:
        self._export.setEnabled(False)
        self._told.hide()
        self.wanted.emit(path)

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


class HandOverPage(CardPage):
    """A laptop whose work cannot be opened; nothing of a customer is shown.

    ``others_wanted`` asks for the list of people, where there may be several (``is_shared``).
    """

    others_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        name: str,
        title: str,
        text: str,
        *,
        kind: Kind,
        is_shared: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, width=WIDTH, spacing=10, parent=parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.told = labels.text(theme, text)
        self.told.setObjectName(f"{name}.text")
        self.hand_over = HandOver(theme, name, kind=kind)
        others = labels.button(theme, self.tr("Somebody else"), f"{name}.others", icon="users")
        others.setVisible(is_shared)
        others.clicked.connect(self.others_wanted)
        heading = labels.text(theme, title, size=20, bold=True)
        for widget in (heading, self.told, self.hand_over, others):
            self.body.addWidget(widget)
