"""What a screen stands on in a test: the real services, workers and announcements of one laptop."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from fieldtech.paths import resources_dir
from fieldtech.services.geography import load_geography
from ui.tasks.announcer import ChangeAnnouncer, Changes
from ui.tasks.runner import TaskRunner
from ui.tasks.ticker import SecondTicker
from ui.views.kit import Kit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from field_office import FieldLaptop, Office
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme

W = TypeVar("W", bound=QObject)
_geography = cache(load_geography)


class Stage:
    """Builds the ``kit`` of the screens over an open laptop; ``close`` ends its threads."""

    def __init__(
        self, laptop: FieldLaptop, theme: Theme, qtbot: QtBot, *, language: str = "en"
    ) -> None:
        self.laptop = laptop
        self.qtbot = qtbot
        self.failures: list[BaseException] = []
        self.runner = TaskRunner()
        self.runner.failed.connect(self.failures.append)
        self.kit = Kit(
            theme=theme,
            runner=self.runner,
            announcer=ChangeAnnouncer(),
            ticker=SecondTicker(laptop.clock),
            clock=laptop.clock,
            desk=lambda: laptop.desk,
            language=language,
            geography=_geography,
        )

    def close(self) -> None:
        """End the threads; a screen's work must not have failed unseen."""
        self.runner.shutdown()
        assert not self.failures

    def show(self, widget: QWidget, width: int = 1366, height: int = 706) -> None:
        """Put a screen on the display, active, and wait for what it asks at first."""
        widget.resize(width, height)
        self.qtbot.addWidget(widget)
        with self.qtbot.waitActive(widget):
            widget.show()
            widget.activateWindow()
        self.settle()

    def settle(self) -> None:
        """Wait until questions are answered, announcements told and what went away is gone."""
        self._wait_until_idle()
        self._told()
        while self.runner.is_busy:
            self._wait_until_idle()
            self._told()
        # Rows that an answer replaced wait for a further turn of the event loop.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _wait_until_idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.runner.is_busy, timeout=15_000)

    def _told(self) -> None:
        """Wait for the announcements made so far."""
        arrived: list[bool] = []
        # Queued calls arrive in the order they were posted: this one comes after the others.
        self.runner.post(lambda: arrived.append(True))
        self.qtbot.waitUntil(lambda: bool(arrived))

    def tick(self, seconds: float = 1.0) -> None:
        """Let time pass, and beat once."""
        self.laptop.machine.advance(seconds)
        self.kit.ticker.tick.emit(self.laptop.clock.now().replace(microsecond=0))
        self.settle()

    def sync(self, office: Office) -> None:
        """Push and pull, and tell the screens as the schedule does."""
        changed = self.laptop.sync(office).changes
        self.kit.announcer.announce(
            Changes(
                incidents=changed.incidents,
                visits=changed.visits,
                outbox=changed.outbox,
                reference=changed.reference or changed.everything,
                sync=True,
            )
        )
        self.settle()

    def click(self, widget: QWidget, name: str) -> None:
        """Press the button of that object name, and wait for what it does."""
        QTest.mouseClick(find(widget, name, QWidget), Qt.MouseButton.LeftButton)
        self.settle()

    def type(self, widget: QWidget, name: str, text: str) -> None:
        """Type into an empty field, key by key."""
        field = find(widget, name, QWidget)
        field.setFocus()
        QTest.keyClicks(field, text)
        self.settle()


def find(widget: QWidget, name: str, kind: type[W]) -> W:
    """The descendant of that object name; it must be there."""
    found = widget.findChildren(kind, name)
    assert found, f"{name!r} is not on {widget!r}"
    return found[-1]


def double_click(widget: QWidget) -> None:
    """Both halves of a double click, as a hasty hand makes them."""
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(widget, left)
    QTest.mouseDClick(widget, left)
    QTest.mouseRelease(widget, left)


def shown(widget: QWidget, name: str) -> bool:
    """Somebody can see a descendant of that object name."""
    return any(child.isVisible() for child in widget.findChildren(QWidget, name))


def button(widget: QWidget, text: str) -> QAbstractButton:
    """The visible button of that text."""
    found = [b for b in widget.findChildren(QAbstractButton) if b.text() == text and b.isVisible()]
    assert found, f"no button {text!r}"
    return found[-1]


def pick(box: QComboBox, data: object) -> None:
    """Choose an entry as a person does: ``activated`` is told."""
    position = box.findData(data)
    assert position >= 0, f"{data!r} is not offered"
    box.setCurrentIndex(position)
    box.activated.emit(position)


def tab_to(stage: Stage, name: str) -> QWidget:
    """Press Tab until the widget of that name has the keyboard."""
    met: list[str] = []
    for _ in range(80):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused.objectName() == name:
            return focused
        met.append(focused.objectName() or type(focused).__name__)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        stage.settle()
    message = f"{name} is out of the keyboard's reach: {met}"
    raise AssertionError(message)


def spoken(qapp: QApplication, language: str) -> Iterator[str]:
    """For fixtures: the application in a language, and in English again afterwards."""
    QLocale.setDefault(QLocale("es_MX" if language == "es" else "en_US"))
    translator = QTranslator()
    assert translator.load(f"fieldtech_{language}", str(resources_dir() / "i18n"))
    qapp.installTranslator(translator)
    yield language
    qapp.removeTranslator(translator)
    QLocale.setDefault(QLocale.system())
