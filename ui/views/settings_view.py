"""Language, theme and size of text: each takes effect at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from ui.views import labels
from ui.widgets.card import Card
from ui.widgets.form import FormField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.config import Settings
    from ui.views.kit import Kit

SCALES = (100, 125, 150, 175, 200)
WIDTH = 460


class SettingsView(QWidget):
    """``changed`` carries the new ``Settings`` after each choice."""

    changed = Signal(object)

    def __init__(self, kit: Kit, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        theme = kit.theme
        card = Card(theme)
        card.setMaximumWidth(theme.px(WIDTH))
        self._language = _box([("es", "Español"), ("en", "English")], settings.language)
        self._theme = _box(
            [
                ("system", self.tr("As the system")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            ],
            settings.theme,
        )
        self._scale = _box([(scale, f"{scale} %") for scale in SCALES], settings.text_scale)
        for title, box, name in (
            (self.tr("Language"), self._language, "settings.language"),
            (self.tr("Colours"), self._theme, "settings.theme"),
            (self.tr("Size of everything"), self._scale, "settings.scale"),
        ):
            box.setObjectName(name)
            card.body.addWidget(FormField(theme, title, box))
            box.activated.connect(self._chosen)
        layout = labels.column(self, margin=theme.px(20))
        layout.addWidget(card)
        layout.addStretch(1)

    def _chosen(self) -> None:
        after = replace(
            self._settings,
            language=str(self._language.currentData()),
            theme=str(self._theme.currentData()),
            text_scale=int(self._scale.currentData()),
        )
        if after != self._settings:
            self._settings = after
            self.changed.emit(after)


def _box(entries: Sequence[tuple[object, str]], current: object) -> QComboBox:
    box = QComboBox()
    for data, label in entries:
        box.addItem(label, data)
    box.setCurrentIndex(max(0, box.findData(current)))
    return box
