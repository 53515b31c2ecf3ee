"""The black box on the sync screen: how it stands, what is still kept, and its sealed package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt

from ui.theme.tokens import Tone
from ui.views import formats, labels
from ui.views.file_dialogs import ask_save
from ui.views.file_texts import size_text
from ui.views.problems import sentence_of
from ui.widgets.badge import Badge
from ui.widgets.card import Card

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from fieldtech.services.black_box import BlackBoxStatus, Exported
    from ui.views.kit import Kit

translate = QCoreApplication.translate

PACKAGES = "fieldtech (*.fieldtech)"


class BlackBoxCard(Card):
    """Asks for the state whenever ``refresh`` is called; exports where the person says."""

    def __init__(self, kit: Kit, timezone: str, parent: QWidget | None = None) -> None:
        super().__init__(kit.theme, parent=parent)
        self._kit, self._timezone = kit, timezone
        theme = kit.theme
        head = labels.line(spacing=theme.px(8))
        head.addWidget(labels.text(theme, self.tr("Black box"), bold=True), 1)
        self._badge = Badge(theme)
        self._badge.setObjectName("blackbox.state")
        head.addWidget(self._badge)
        self._state = labels.text(theme, size=12)
        self._state.setObjectName("blackbox.text")
        self._kept = labels.muted(theme)
        self._kept.setObjectName("blackbox.kept")
        self._told = labels.text(theme, size=12)
        self._told.setObjectName("blackbox.told")
        self._told.hide()
        self._export = labels.button(
            theme, self.tr("Export sealed package"), "blackbox.export", icon="package", small=True
        )
        self._export.clicked.connect(self._choose)
        self.body.addLayout(head)
        for label in (self._state, self._kept, self._told):
            self.body.addWidget(label)
        self.body.addWidget(self._export, 0, Qt.AlignmentFlag.AlignLeft)

    def refresh(self) -> None:
        """Ask how the box stands."""
        self._kit.ask(
            lambda desk: desk.black_box.status(),
            self._show,
            owner=self,
            key="blackbox",
            failed=self._failed,
        )

    def _show(self, status: BlackBoxStatus) -> None:
        if status.damaged:
            told = self.tr("%n damaged record(s)", "", status.damaged)
            self._badge.show_text(told, Tone.WARN, "triangle-alert")
        elif status.unsealed:
            self._badge.show_text(self.tr("This laptop only"), Tone.WARN, "lock")
        else:
            self._badge.show_text(self.tr("Sealed for the central"), Tone.OK, "shield-check")
        self._state.setText(self._state_text(status))
        self._kept.setText(self._kept_text(status))

    def _state_text(self, status: BlackBoxStatus) -> str:
        told = self.tr("%n piece(s) of work, sealed beside the data.", "", status.commands)
        if status.newest is not None:
            last = self.tr("The last one: {when}.")
            when = formats.day_and_time(status.newest, self._timezone)
            told = f"{told} {last.replace('{when}', when)}"
        if status.unsealed:
            only = self.tr(
                "%n of them only this laptop can open, until it has met the central.",
                "",
                status.unsealed,
            )
            told = f"{told} {only}"
        return told

    def _kept_text(self, status: BlackBoxStatus) -> str:
        kept = self.tr(
            "What the central confirmed is deleted from here %n day(s) later.", "", status.kept_days
        )
        if status.remnants:
            aside = self.tr("Until then also kept, encrypted: {names}.")
            names = ", ".join(f"{name} ({size_text(size)})" for name, size in status.remnants)
            kept = f"{kept} {aside.replace('{names}', names)}"
        return kept

    def _choose(self) -> None:
        ask_for_package(self, self._chosen)

    def _chosen(self, path: str) -> None:
        self._told.hide()
        self._kit.ask(
            lambda desk: desk.black_box.export(path),
            self._exported,
            owner=self,
            failed=self._failed,
        )

    def _exported(self, written: Exported) -> None:
        self._tell(exported_text(written), "green_text")

    def _failed(self, error: BaseException) -> None:
        self._tell(sentence_of(error), "red_text")

    def _tell(self, text: str, colour: str) -> None:
        self._told.set_colour(colour)
        self._told.setText(text)
        self._told.show()


def ask_for_package(parent: QWidget, then: Callable[[str], object]) -> None:
    """Ask where the sealed package is to be written."""
    title = translate("BlackBoxCard", "Export sealed package")
    ask_save(parent, title, "trabajo.fieldtech", then, kinds=PACKAGES)


def exported_text(written: Exported) -> str:
    """What the package holds and where it is."""
    text = translate(
        "BlackBoxCard",
        "Written: {path}. It holds {commands} pieces of work and {files} files; only the central"
        " can open it.",
    )
    return (
        text.replace("{path}", written.path)
        .replace("{commands}", formats.number(written.commands))
        .replace("{files}", formats.number(written.files))
    )
