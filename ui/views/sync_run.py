"""A synchronisation while it lasts: how far it is, and the way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.views import formats, labels

if TYPE_CHECKING:
    from fieldtech.services.first_values import RunProgress
    from ui.theme.theme import Theme


class SyncRun(QWidget):
    """One button, with how far the run is beside it: it stops what it has begun.

    Always as high as it is: nothing below it moves when a run begins or ends.
    """

    stop_wanted = Signal()
    sync_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        self._button = labels.button(theme, "", "sync.run", icon="refresh-cw", small=True)
        self._button.clicked.connect(self._pressed)
        self._text = labels.text(theme, size=12)
        self._text.setObjectName("sync.progress")
        row = labels.line(self, spacing=theme.px(10))
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        self.show_run(None)

    def show_run(self, progress: RunProgress | None) -> None:
        """Say how far it is; ``None``: none is under way."""
        self._running = progress is not None
        self._button.setText(self.tr("Stop") if self._running else self.tr("Synchronise now"))
        self._button.set_icon("circle-x" if self._running else "refresh-cw")
        self._button.setEnabled(progress is None or not progress.stopping)
        self._text.setText("" if progress is None else self._told(progress))

    def _told(self, progress: RunProgress) -> str:
        if progress.stopping:
            return self.tr("Stopping…")
        match progress.phase:
            case "push":
                return self.tr("Sending: {sent} of {all}").format(
                    sent=formats.number(progress.sent), all=formats.number(progress.to_send)
                )
            case "pull" if progress.received:
                return self.tr("Receiving: {rows} records so far").format(
                    rows=formats.number(progress.received)
                )
            case "pull":
                return self.tr("Receiving…")
            case "finish":
                return self.tr("Bringing the lists up to date…")
        return self.tr("Asking the central…")

    def _pressed(self) -> None:
        (self.stop_wanted if self._running else self.sync_wanted).emit()
