"""What belongs to a measured item of a checklist: measure it again, and the evidence of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme.themed import ThemedWidget
from ui.widgets.button import Button
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from ui.theme.theme import Theme

DRAWER, TEXT = 170, 12


class CheckTools(ThemedWidget):
    """Two buttons and a drawer; hidden for an item that no probe can answer."""

    repeat_wanted = Signal()
    evidence_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._repeat = Button(theme, kind="ghost", small=True, icon="refresh-cw")
        self._repeat.setObjectName("check.repeat")
        self._evidence = Button(theme, kind="ghost", small=True, icon="file-text")
        self._evidence.setObjectName("check.evidence")
        self._evidence.setCheckable(True)
        self._drawer = QPlainTextEdit()
        self._drawer.setObjectName("check.drawer")
        self._drawer.setReadOnly(True)
        self._drawer.setTabChangesFocus(True)
        self._drawer.hide()
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=theme.px(6))
        flow.addWidget(self._repeat)
        flow.addWidget(self._evidence)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(buttons)
        column.addWidget(self._drawer)
        self._waits = False
        self._repeat.clicked.connect(self._ask)
        self._evidence.toggled.connect(self._toggle)
        self._retranslate()
        self.restyle()

    def offer(self, *, repeat: bool, waits: bool, evidence: bool) -> None:
        """Show what can be done; while it ``waits`` for a run to end, nothing is measured again.

        A button that is hidden or disabled hands the keyboard on to another row: the one that was
        just pressed only does nothing meanwhile.
        """
        self._waits = waits
        self._repeat.setVisible(repeat)
        self._repeat.setEnabled(not waits or self._repeat.hasFocus())
        self._retranslate()
        self._evidence.setVisible(evidence)
        if not evidence:
            self._evidence.setChecked(False)
        self.setVisible(repeat or evidence)

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What the Tab key reaches, in order."""
        return self._repeat, self._evidence, self._drawer

    @property
    def is_shown(self) -> bool:
        """The drawer is open."""
        return not self._drawer.isHidden()

    def show_evidence(self, text: str) -> None:
        """Put a text into the drawer."""
        if self._drawer.toPlainText() != text:
            self._drawer.setPlainText(text)

    def _ask(self) -> None:
        if not self._waits:
            self.repeat_wanted.emit()

    def _toggle(self, wanted: bool) -> None:  # noqa: FBT001  a signal's argument
        self._drawer.setVisible(wanted)
        if wanted:
            self.evidence_wanted.emit()

    def _retranslate(self) -> None:
        self._repeat.setText(self.tr("Measuring…") if self._waits else self.tr("Measure again"))
        self._evidence.setText(self.tr("Evidence"))
        self._drawer.setAccessibleName(self.tr("Evidence"))

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    @override
    def restyle(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(self._theme.px(TEXT))
        self._drawer.setFont(font)
        self._drawer.setFixedHeight(self._theme.px(DRAWER))
        self._drawer.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        super().restyle()
