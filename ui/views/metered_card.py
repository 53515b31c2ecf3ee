"""In the settings: how much may go out for files where the connection costs by the byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox

from fieldtech.config import METERED_MB
from ui.views import labels
from ui.views.choices import choice
from ui.views.file_texts import size_text
from ui.widgets.card import Card
from ui.widgets.form import FormField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fieldtech.config import Settings
    from ui.views.kit import Kit


class MeteredCard(Card):
    """``chosen`` carries one of ``METERED`` and megabytes a day."""

    chosen = Signal(str, int)

    def __init__(self, kit: Kit, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(kit.theme, parent=parent)
        theme = kit.theme
        self._metered = choice(
            [
                ("auto", self.tr("As the system says")),
                ("yes", self.tr("It costs by the byte")),
                ("no", self.tr("It does not")),
            ],
            settings.metered,
            "settings.metered",
        )
        self._most = QSpinBox()
        self._most.setObjectName("settings.metered_mb")
        self._most.setRange(*METERED_MB)
        self._most.setSuffix(" MB")
        self._most.setValue(settings.metered_mb_per_day)
        self._most.setKeyboardTracking(False)
        self._sent = labels.muted(theme)
        self._sent.setObjectName("settings.metered_sent")
        self.body.addWidget(labels.text(theme, self.tr("Files on a metered connection"), bold=True))
        self.body.addWidget(
            labels.muted(
                theme,
                self.tr(
                    "Work always goes out at once. Files wait when the day's share is used up."
                ),
            )
        )
        self.body.addWidget(FormField(theme, self.tr("This connection"), self._metered))
        self.body.addWidget(FormField(theme, self.tr("Most files in a day"), self._most))
        self.body.addWidget(self._sent)
        self._metered.activated.connect(self._chosen)
        self._most.valueChanged.connect(self._chosen)
        self._enable()
        kit.ask(lambda desk: desk.files.sent_today(), self._show_sent, owner=self)

    def _chosen(self) -> None:
        self._enable()
        self.chosen.emit(str(self._metered.currentData()), self._most.value())

    def _enable(self) -> None:
        self._most.setEnabled(self._metered.currentData() != "no")

    def _show_sent(self, sent: int) -> None:
        text = self.tr("Sent today on metered connections: {size}")
        self._sent.setText(text.replace("{size}", size_text(sent)))
        self._sent.setVisible(bool(sent))
