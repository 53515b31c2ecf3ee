"""Saves what is being typed within a second, and brings it back after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from ui.views.kit import Kit

SAVE_AFTER_MS = 400
"""Well within the second that a kill -9 may cost, and not once a key stroke."""


class DraftKeeper(QObject):
    """Keeps the draft of one form at a time; ``key`` names the form and what it is about.

    ``collect`` gives the fields as they are now. Nothing is saved before ``bind``. When ``form``
    is hidden (another tab, another page, the window closes) what waits is saved at once.
    """

    def __init__(self, kit: Kit, collect: Callable[[], dict[str, Any]], form: QWidget) -> None:
        super().__init__(form)
        self._kit = kit
        self._collect = collect
        self._key = ""
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self._save)
        form.installEventFilter(self)

    @property
    def key(self) -> str:
        """The form being kept, empty when none."""
        return self._key

    def bind(self, key: str, restore: Callable[[dict[str, Any]], None]) -> None:
        """Keep ``key`` from now on; ``restore`` is called with its saved draft, if there is one.

        The fields must show the new form already: call ``let_go`` before emptying them.
        """
        self.let_go()
        self._key = key

        def answer(found: dict[str, Any] | None) -> None:
            if found and key == self._key:
                restore(found)

        self._kit.ask(lambda desk: desk.drafts.load(key), answer, owner=self)

    def touch(self) -> None:
        """A field changed."""
        # Not restarted: continuous typing must be saved every interval, not when it ends.
        if self._key and not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Save now if something changed."""
        if self._timer.isActive():
            self._save()

    def let_go(self) -> None:
        """Save what changed and keep nothing until the next ``bind``.

        A form that is emptied for another matter would otherwise be saved, empty, under the old.
        """
        self.flush()
        self._key = ""

    def _save(self) -> None:
        self._timer.stop()
        key, body = self._key, self._collect()
        self._kit.ask(lambda desk: desk.drafts.save(key, body), _nothing, owner=self)

    def drop(self) -> None:
        """The form was sent: its draft is no longer needed."""
        self._timer.stop()
        key = self._key
        self._kit.ask(lambda desk: desk.drafts.drop(key), _nothing, owner=self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self.flush()
        return False


def _nothing(_: object) -> None:
    """A saved draft needs no answer."""
