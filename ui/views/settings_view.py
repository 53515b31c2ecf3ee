"""Language, theme, size of text and the network to send through, each at once; the session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.views import formats, labels
from ui.views.black_box_card import ask_for_package, exported_text
from ui.views.choices import LANGUAGES, choice
from ui.views.lock_card import LockCard
from ui.views.metered_card import MeteredCard
from ui.views.network_lights import NetworkLights
from ui.views.problems import sentence_of
from ui.views.session_card import SessionCard
from ui.widgets.card import Card
from ui.widgets.form import FormField
from ui.widgets.scrolled_body import ScrolledBody

if TYPE_CHECKING:
    from fieldtech.config import Settings
    from ui.views.kit import Kit

SCALES = (100, 125, 150, 175, 200)
WIDTH = 460


class SettingsView(QScrollArea):
    """``changed`` carries the new ``Settings`` after each choice; connect to ``session`` too."""

    changed = Signal(object)

    def __init__(
        self,
        kit: Kit,
        settings: Settings,
        user_name: str,
        *,
        timezone: str = formats.FALLBACK_ZONE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kit, self._settings = kit, settings
        theme = kit.theme
        card = Card(theme)
        self._language = choice(LANGUAGES, settings.language, "settings.language")
        self._theme = choice(
            [
                ("system", self.tr("As the system")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            ],
            settings.theme,
            "settings.theme",
        )
        scales = [(scale, f"{scale} %") for scale in SCALES]
        self._scale = choice(scales, settings.text_scale, "settings.scale")
        for title, box in (
            (self.tr("Language"), self._language),
            (self.tr("Colours"), self._theme),
            (self.tr("Size of everything"), self._scale),
        ):
            card.body.addWidget(FormField(theme, title, box))
            box.activated.connect(self._chosen)
        self.session = SessionCard(theme, user_name, is_shared=kit.is_shared)
        self.session.export_wanted.connect(self._export)
        lights = NetworkLights(kit, timezone)
        lights.chosen.connect(self._choose_interface)
        metered = MeteredCard(kit, settings)
        metered.chosen.connect(self._choose_metered)
        # Of one width together: a column reckons the height of its texts by its own, not by theirs.
        cards = QWidget()
        cards.setMaximumWidth(theme.px(WIDTH))
        column = labels.column(cards)
        for each in (card, lights, metered, LockCard(kit), self.session):
            column.addWidget(each)
        column.addStretch(1)
        body = ScrolledBody()
        line = labels.line(body)
        margin = theme.px(20)
        line.setContentsMargins(margin, margin, margin, margin)
        line.addWidget(cards, 1)
        line.addStretch(0)
        self.setWidget(body)
        self.setWidgetResizable(True)
        # The fields in it take the keyboard; the area itself would be one stop for nothing.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _chosen(self) -> None:
        self._take(
            replace(
                self._settings,
                language=str(self._language.currentData()),
                theme=str(self._theme.currentData()),
                text_scale=int(self._scale.currentData()),
            )
        )

    def _export(self) -> None:
        ask_for_package(self, self._export_to)

    def _export_to(self, path: str) -> None:
        self._kit.ask(
            lambda desk: desk.black_box.export(path),
            lambda written: self.session.tell(exported_text(written), "green_text"),
            owner=self,
            failed=lambda error: self.session.tell(sentence_of(error), "red_text"),
        )

    def _choose_interface(self, name: str) -> None:
        self._take(replace(self._settings, sync_interface=name))

    def _choose_metered(self, metered: str, most: int) -> None:
        self._take(replace(self._settings, metered=metered, metered_mb_per_day=most))

    def _take(self, after: Settings) -> None:
        if after != self._settings:
            self._settings = after
            self.changed.emit(after)
