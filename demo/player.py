"""A hand for the real application: finds widgets by name, clicks, types, looks, takes pictures.

It runs the product's own ``ui.app`` in a process of its own and takes orders as JSON lines on
standard input, so that the tour can end that process with kill -9 and start it again. Everything
goes through the widgets a person would use; the product knows nothing of it.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QEventLoop,
    QModelIndex,
    QObject,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTabBar,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_MS = 45_000
LOOK_EVERY_MS = 25


def live(milliseconds: int) -> None:
    """Let the application live. QTest's own wait keeps the GIL, and every worker starves."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_for(condition: Callable[[], bool], patience_ms: int) -> bool:
    """Let the application live until ``condition`` holds; False when it takes too long."""
    waited = QElapsedTimer()
    waited.start()
    while not condition():
        if waited.elapsed() > patience_ms:
            return False
        live(LOOK_EVERY_MS)
    return True


class NotOnScreenError(AssertionError):
    """What the story needs is not on the screen in time; the text says what was there."""


class Player:
    """Uses the windows of this process as a person would."""

    def __init__(self, app: QApplication) -> None:
        self._app = app

    def find(self, name: str, patience_ms: int = PATIENCE_MS) -> QWidget:
        """The visible, enabled widget of that object name, waiting for it."""
        found: list[QWidget] = []

        def look() -> bool:
            found[:] = [
                widget
                for window in self._app.topLevelWidgets()
                for widget in [window, *window.findChildren(QWidget, name)]
                if widget.objectName() == name and widget.isVisible() and widget.isEnabled()
            ]
            return bool(found)

        if not wait_for(look, patience_ms):
            message = f"{name!r} is not on the screen; there is: {self.names()}"
            raise NotOnScreenError(message)
        return found[0]

    def names(self) -> list[str]:
        """Object names of everything visible, for the message of a failed step."""
        return sorted(
            {
                widget.objectName()
                for window in self._app.topLevelWidgets()
                for widget in window.findChildren(QWidget)
                if widget.isVisible() and widget.objectName() and widget.objectName()[:3] != "qt_"
            }
        )

    def click(self, name: str) -> None:
        """Press the left mouse button in the middle of a widget, scrolled into view first."""
        widget = self.find(name)
        self._reveal(widget)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def press(self, label: str) -> None:
        """Press the visible button of that label, for instance on the rail."""
        found: list[QAbstractButton] = []

        def look() -> bool:
            found[:] = [
                button
                for window in self._app.topLevelWidgets()
                for button in window.findChildren(QAbstractButton)
                if button.isVisible() and button.text() == label
            ]
            return bool(found)

        if not wait_for(look, PATIENCE_MS):
            message = f"no button {label!r}"
            raise NotOnScreenError(message)
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)

    def show(self, name: str) -> None:
        """Scroll until a widget is to be seen."""
        self._reveal(self.find(name))

    def type(self, name: str, text: str) -> None:
        """Click into a field, replace what stands there, key by key."""
        widget = self.find(name)
        self._reveal(widget)
        widget.setFocus(Qt.FocusReason.MouseFocusReason)
        QTest.keySequence(widget, QKeySequence(QKeySequence.StandardKey.SelectAll))
        for character in text:
            _key_in(widget, character)

    def key(self, name: str, sequence: str) -> None:
        """Press a key or combination such as ``Return`` or ``Ctrl+K``."""
        QTest.keySequence(self.find(name), QKeySequence(sequence))

    def choose(self, name: str, text: str) -> None:
        """Pick the entry of a combo box that contains ``text`` (or has it as its data)."""
        box = self.find(name)
        if not isinstance(box, QComboBox):
            raise NotOnScreenError(name)
        self._reveal(box)
        for position in range(box.count()):
            if text in box.itemText(position) or box.itemData(position) == text:
                box.setFocus()
                box.setCurrentIndex(position)
                box.activated.emit(position)
                return
        entries = [box.itemText(position) for position in range(box.count())]
        message = f"{text!r} is not in {name!r}: {entries}"
        raise NotOnScreenError(message)

    def pick(self, name: str, text: str) -> None:
        """Click the row of a list, table or tree whose text contains ``text``."""
        view = self.find(name)
        if not isinstance(view, QAbstractItemView):
            raise NotOnScreenError(name)
        found: list[QModelIndex] = []

        def look() -> bool:
            model = view.model()
            hits = model.match(
                model.index(0, 0),
                Qt.ItemDataRole.DisplayRole,
                text,
                1,
                Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchWrap,
            )
            found[:] = hits
            return bool(hits)

        if not wait_for(look, PATIENCE_MS):
            message = f"no row with {text!r} in {name!r}"
            raise NotOnScreenError(message)
        view.scrollTo(found[0])
        where = view.visualRect(found[0]).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)

    def answer(self, name: str, label: str) -> None:
        """Unfold a checklist row, press the answer of that label, and see it taken."""
        row = self.find(name)
        self._reveal(row)
        header = row.findChildren(QAbstractButton)[0]
        if self._button_of(row, label) is None:
            QTest.mouseClick(header, Qt.MouseButton.LeftButton)
            live(LOOK_EVERY_MS)  # the row grows: what is to be pressed has its place only then
        button = self._button_of(row, label)
        if button is None:
            message = f"{name!r} offers no answer {label!r}"
            raise NotOnScreenError(message)
        self._reveal(button)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        if not wait_for(lambda: label in header.accessibleName(), PATIENCE_MS):
            message = f"{name!r} was answered {label!r} and says {header.accessibleName()!r}"
            raise NotOnScreenError(message)

    @staticmethod
    def _button_of(row: QWidget, label: str) -> QAbstractButton | None:
        buttons = row.findChildren(QAbstractButton)
        return next((b for b in buttons if b.text() == label and b.isVisible()), None)

    def tab(self, name: str, position: int) -> None:
        """Click a tab of a tab bar."""
        bar = self.find(name)
        if not isinstance(bar, QTabBar):
            raise NotOnScreenError(name)
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(position).center())

    def read(self, name: str) -> str:
        """The text of a widget, else its accessible name."""
        widget = self.find(name)
        shown = widget.text() if isinstance(widget, QAbstractButton) else _text_of(widget)
        return shown or widget.accessibleName()

    def see(self, text: str, patience_ms: int = PATIENCE_MS) -> None:
        """Wait until some visible text contains ``text``."""
        if not wait_for(lambda: any(text in t for t in self.texts()), patience_ms):
            message = f"{text!r} is not to be read; there is: {self.texts()}"
            raise NotOnScreenError(message)

    def see_row(self, name: str, text: str) -> None:
        """Wait until a list, table or tree has a row containing ``text``."""
        view = self.find(name)
        if not isinstance(view, QAbstractItemView):
            raise NotOnScreenError(name)
        if not wait_for(lambda: any(text in row for row in rows_of(view)), PATIENCE_MS):
            message = f"no row with {text!r} in {name!r}: {rows_of(view)[:20]}"
            raise NotOnScreenError(message)

    def see_no_row(self, name: str, text: str) -> None:
        """Wait until no row of a list, table or tree contains ``text``."""
        view = self.find(name)
        if not isinstance(view, QAbstractItemView):
            raise NotOnScreenError(name)
        if not wait_for(lambda: not any(text in row for row in rows_of(view)), PATIENCE_MS):
            message = f"a row with {text!r} is still in {name!r}"
            raise NotOnScreenError(message)

    def see_exactly(self, prefix: str, texts: list[str]) -> None:
        """Wait until the visible widgets whose names begin so read these texts, no more, no less.

        Their order is that of the number at the end of their names.
        """
        shown: list[str] = []

        def look() -> bool:
            widgets = [
                widget
                for window in self._app.topLevelWidgets()
                for widget in window.findChildren(QWidget)
                if widget.objectName().startswith(prefix) and widget.isVisible()
            ]
            widgets.sort(key=lambda widget: (len(widget.objectName()), widget.objectName()))
            shown[:] = [_text_of(widget) for widget in widgets]
            return shown == texts

        if not wait_for(look, PATIENCE_MS):
            message = f"{prefix}* should read {texts} and reads {shown}"
            raise NotOnScreenError(message)

    def see_gone(self, name: str) -> None:
        """Wait until no visible widget has that name."""

        def gone() -> bool:
            return not any(
                widget.isVisible()
                for window in self._app.topLevelWidgets()
                for widget in window.findChildren(QWidget, name)
            )

        if not wait_for(gone, PATIENCE_MS):
            message = f"{name!r} is still on the screen"
            raise NotOnScreenError(message)

    def texts(self) -> list[str]:
        """What can be read on the screen, outside lists."""
        found: list[str] = []
        for window in self._app.topLevelWidgets():
            for widget in [window, *window.findChildren(QWidget)]:
                if widget.isVisible():
                    text = _text_of(widget)
                    found.extend(piece for piece in (text, widget.accessibleName()) if piece)
        return found

    def grab(self, path: str) -> None:
        """Save a picture of the main window."""
        window = self.find("mainWindow")
        live(80)  # one frame and a tick, so that what was just clicked is painted
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if not window.grab().save(path):
            message = f"cannot write {path}"
            raise OSError(message)

    def pause(self, milliseconds: int) -> None:
        """Do nothing for a while."""
        live(milliseconds)

    def resize(self, width: int, height: int) -> None:
        """Give the main window a size."""
        self.find("mainWindow").resize(width, height)

    def _reveal(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()


def _key_in(widget: QWidget, character: str) -> None:
    """One key stroke by its text: QTest's own knows only the keys of an American keyboard."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character)
        QApplication.sendEvent(widget, event)


def rows_of(view: QAbstractItemView) -> list[str]:
    """The texts of every row of a flat view's first column."""
    model = view.model()
    return [
        str(model.index(row, 0).data(Qt.ItemDataRole.DisplayRole) or "")
        for row in range(model.rowCount())
    ]


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QPushButton | QLineEdit):
        return widget.text()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    return ""


class Orders(QObject):
    """Brings the orders of standard input to the GUI thread, one at a time."""

    came = Signal(str)
    ended = Signal()

    def listen(self) -> None:
        """Read in a thread of its own until the pipe closes."""
        threading.Thread(target=self._read, name="orders", daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self.came.emit(line)
        self.ended.emit()


def obey(player: Player, line: str) -> dict[str, Any]:
    """Carry out one order; the answer says what came of it."""
    order = json.loads(line)
    action: Callable[..., object] = getattr(player, order["do"])
    try:
        value = action(*order.get("args", []))
    except (AssertionError, OSError, ValueError) as problem:
        return {"ok": False, "detail": str(problem)}
    return {"ok": True, "value": value if isinstance(value, list | str) else None}


def main() -> int:
    """Run the application with this process's arguments and obey standard input."""
    from ui.app import Application

    application = Application.build(sys.argv[1:])
    player = Player(application.qt)
    orders = Orders()

    def answer(line: str) -> None:
        print(json.dumps(obey(player, line)), flush=True)

    orders.came.connect(answer)
    orders.ended.connect(application.qt.quit)
    orders.listen()
    return application.run()


if __name__ == "__main__":
    sys.exit(main())
