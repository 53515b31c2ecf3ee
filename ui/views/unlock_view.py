"""The profile's own lock: a PIN or a passphrase, typed before anything is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from ui.views import labels
from ui.views.card_page import CardPage
from ui.views.hand_over import HandOver

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fieldtech.services.hand_over import InTheBox
    from ui.theme.theme import Theme

WIDTH = 380


class UnlockView(CardPage):
    """``submitted`` carries what was typed; ``others_wanted`` asks for the list of people."""

    submitted = Signal(str)
    others_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        kind: str,
        user_name: str = "",
        *,
        is_shared: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, width=WIDTH, spacing=8, parent=parent)
        self.setObjectName("unlock")
        is_pin = kind == "pin"
        title = self.tr("PIN") if is_pin else self.tr("Passphrase")
        self.setAccessibleName(self.tr("Locked"))
        self._field = QLineEdit()
        self._field.setObjectName("unlock.text")
        self._field.setAccessibleName(title)
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        if is_pin:
            self._field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.setObjectName("unlock.problem")
        self._problem.hide()
        self._open = labels.button(
            theme, self.tr("Unlock"), "unlock.submit", kind="primary", icon="lock-open"
        )
        self.body.addWidget(labels.text(theme, "fieldtech", size=26, bold=True))
        who = self.tr("The work of {name} is locked.") if user_name else self.tr("Locked.")
        self.body.addWidget(labels.muted(theme, who.replace("{name}", user_name), size=13))
        caption = labels.text(theme, title, size=12, bold=True)
        caption.setBuddy(self._field)
        others = labels.button(theme, self.tr("Somebody else"), "unlock.others", icon="users")
        others.setVisible(is_shared)
        others.clicked.connect(self.others_wanted)
        self._forgotten = labels.muted(
            theme, self.tr("Forgotten? The work can still leave this laptop.")
        )
        self.hand_over = HandOver(theme, "unlock")
        for widget in (caption, self._field, self._problem, self._open, others):
            self.body.addWidget(widget)
        self.body.addSpacing(theme.px(8))
        for part in (self._forgotten, self.hand_over):
            part.hide()
            self.body.addWidget(part)
        self._open.clicked.connect(self._send)
        self._field.returnPressed.connect(self._send)
        self._field.setFocus()

    def offer_hand_over(self, box: InTheBox) -> None:
        """Offer the sealed package, where there is something in it."""
        self.hand_over.show_amount(box)
        for part in (self._forgotten, self.hand_over):
            part.setVisible(box.commands > 0)

    def _send(self) -> None:
        if self._field.text() and self._open.isEnabled():
            self._problem.hide()
            self._open.setEnabled(False)
            self.submitted.emit(self._field.text())

    def show_problem(self, sentence: str) -> None:
        """It did not open: say why, and let the person type again."""
        self._open.setEnabled(True)
        self._problem.setText(sentence)
        self._problem.show()
        self._field.clear()
        self._field.setFocus()
