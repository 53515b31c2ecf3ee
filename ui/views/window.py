"""The one top-level window; it shows one page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QMainWindow
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

DEFAULT_SIZE = (1366, 768)
MINIMUM_SIZE = (480, 340)
BREATH_MS = 40
"""After the first paint, for the keys and clicks that have waited for it."""
UNSEEN_MS = 1000
"""A window nobody can see is never painted; what waits for its paint waits no longer than this."""


class Window(QMainWindow):
    """``painted`` comes once, when the first page is on the screen; ``closing`` before it goes."""

    painted = Signal()
    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_painted = False
        # A child, not QTimer.singleShot: that one outlives a window closed within the second.
        self._unseen = QTimer(self, singleShot=True, interval=UNSEEN_MS)
        self._unseen.timeout.connect(self._tell_painted)
        self.setObjectName("mainWindow")
        self.setWindowTitle("fieldtech")
        self.resize(*DEFAULT_SIZE)
        self.setMinimumSize(*MINIMUM_SIZE)

    def show_page(self, page: QWidget, *, keep: bool = False) -> None:
        """Put a page into the window; the one before is gone at once, not when Qt gets to it.

        ``keep``: it is only hidden, and belongs to the caller from now on.
        """
        before = self.takeCentralWidget()
        self.setCentralWidget(page)
        page.show()
        if before is not None:
            before.hide()
            if not keep:
                before.deleteLater()

    def after_paint(self, call: Callable[[], None]) -> None:
        """Call soon, but never before the first page has been painted."""
        if self._is_painted:
            QTimer.singleShot(0, self, call)
        else:
            self.painted.connect(call)
            self._unseen.start()

    def _tell_painted(self) -> None:
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # The page in this window is painted after it, before the event loop comes round.
        if not self._is_painted and self._unseen.interval() > BREATH_MS:
            self._unseen.start(BREATH_MS)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
