"""Uses the agenda of a running product as a person would, and measures it; prints one document.

The window is the product's own; keys and wheel reach it as events. Nothing is called but Qt.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import cycle, islice
from typing import TYPE_CHECKING, TypeVar

import psutil
from looking import Frames, NothingCameError, Stalls, busy_share, pause, until, until_quiet
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QWidget

from ui.app import Application

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

FIRST_ROWS = 200
WORDS = ("fibra", "sin serv", "INC-", "san")
LOADING_S = 180.0
TYPING_MS = 120
"""Between two keys of somebody who types fast."""
NOTCH = 120
W = TypeVar("W", bound=QWidget)

NARROW = (1000, 768)
WIDE = (1366, 768)


class Agenda:
    """The search box and the list of the product's window."""

    def __init__(self, application: QApplication) -> None:
        self.list = _find(application, QAbstractItemView, "agenda.list")
        self._application = application
        self.search = _find(application, QLineEdit, "topbar.search")
        self.frames = Frames(self.list.viewport())

    @property
    def has_map(self) -> bool:
        """Whether the map can be seen."""
        return _find(self._application, QWidget, "agenda.map").isVisible()

    @property
    def model(self) -> QAbstractItemModel:
        """What the list shows."""
        return self.list.model()

    def words_to_type(self) -> list[str]:
        """Some general words, and beginnings of customers and folios that are in the list."""
        step = max(1, self.model.rowCount() // 8)
        texts = [
            str(self.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))
            for row in range(5, self.model.rowCount(), step)
        ]
        customers = [text.split(",")[0][:7] for text in texts if "," in text]
        folios = [text.rsplit(", ", 1)[-1] for text in texts if "," in text]
        return [*WORDS, *customers[:4], *folios[:2]]

    def type(self, words: list[str]) -> tuple[list[float], list[float]]:
        """Type and clear each word; seconds until the list shows it, of letters and of clearing."""
        letters: list[float] = []
        clearings: list[float] = []
        for word in words:
            letters += [self._key(Qt.Key.Key_unknown, letter) for letter in word]
            clearings.append(self._key(Qt.Key.Key_Escape, ""))
        return letters, clearings

    def _key(self, key: Qt.Key, text: str) -> float:
        came = False

        def answered() -> None:
            nonlocal came
            came = True

        self.model.modelReset.connect(answered)
        press = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        begun = time.perf_counter()
        took = self.frames.until_shown(lambda: _send(self.search, press), lambda: came)
        self.model.modelReset.disconnect(answered)
        pause(max(1, TYPING_MS - round((time.perf_counter() - begun) * 1000)))
        return took

    def load_all(self, rows: int) -> list[float]:
        """Scroll to the end until every row is loaded; seconds each further page held the window.

        Again and again: news may read the list anew and shorten it by the page under way.
        """
        took: list[float] = []
        deadline = time.perf_counter() + LOADING_S
        while self.model.canFetchMore(self.list.rootIndex()) or self.model.rowCount() < rows:
            if time.perf_counter() > deadline:
                raise NothingCameError("the last row")
            before, stalls = self.model.rowCount(), Stalls()
            self.list.scrollToBottom()
            pause(100)
            if self.model.rowCount() > before:
                took.append(stalls.longest)
        return took

    def scroll(self, steps: int) -> list[float]:
        """Turn the wheel down; seconds of work for each notch."""
        return [self.frames.work_of(self._wheel) for _ in range(steps)]

    def page_down(self, steps: int) -> list[float]:
        """Drag the list by whole pages; seconds of work for each."""
        bar = self.list.verticalScrollBar()
        return [
            self.frames.work_of(lambda: bar.setValue(bar.value() + bar.pageStep()))
            for _ in range(steps)
        ]

    def _wheel(self) -> None:
        middle = self.list.viewport().rect().center()
        event = QWheelEvent(
            QPointF(middle),
            QPointF(self.list.viewport().mapToGlobal(middle)),
            QPoint(0, 0),
            QPoint(0, -NOTCH),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # noqa: FBT003  Qt's argument
        )
        _send(self.list.viewport(), event)


def _find(application: QApplication, kind: type[W], name: str) -> W:
    return next(
        widget
        for window in application.topLevelWidgets()
        for widget in window.findChildren(kind, name)
    )


def _send(receiver: QWidget, event: QKeyEvent | QWheelEvent) -> None:
    QApplication.sendEvent(receiver, event)


def measure(application: Application, seconds: int, words: int, rows: int) -> dict[str, object]:
    """Do everything once; times in seconds, memory in bytes."""
    memory = psutil.Process().memory_info
    agenda = Agenda(application.qt)
    until(lambda: agenda.model.rowCount() >= FIRST_ROWS, "the first rows")
    until_quiet()
    used_at_first = memory().rss
    vocabulary = agenda.words_to_type()
    letters, clearings = agenda.type(list(islice(cycle(vocabulary), words)))
    until_quiet()
    further = agenda.load_all(rows)
    loaded = agenda.model.rowCount()
    until_quiet()
    used_at_last = memory().rss
    agenda.list.scrollToTop()
    pause(100)
    wheel, pages = agenda.scroll(200), agenda.page_down(100)
    agenda.list.scrollToTop()
    idle = {}
    for name, size in (("visible", WIDE), ("hidden", NARROW)):
        agenda.list.window().resize(*size)
        until_quiet()
        if agenda.has_map != (name == "visible"):
            raise RuntimeError(f"the map is not {name}")
        idle[name] = busy_share(seconds * 1000)
    return {
        "letters": letters,
        "clearings": clearings,
        "further_pages": further,
        "rows": loaded,
        "wheel": wheel,
        "pages": pages,
        "idle": idle,
        "memory_at_first": used_at_first,
        "memory_at_last": used_at_last,
    }


def main() -> int:
    """Run the product and measure in its event loop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--profile", required=True)
    parser.add_argument("--seconds", type=int, required=True, help="of each idle measurement")
    parser.add_argument("--words", type=int, required=True, help="to be typed")
    parser.add_argument("--rows", type=int, required=True, help="the list has at least")
    options = parser.parse_args()
    application = Application.build(["--profile", options.profile])
    found: list[dict[str, object]] = []

    def go() -> None:
        try:
            found.append(measure(application, options.seconds, options.words, options.rows))
        finally:
            application.qt.quit()

    QTimer.singleShot(0, go)
    application.run()
    if found:
        print(json.dumps(found[0]))
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
