"""Saves what is being typed within a second, and brings it back after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.views.kit import Kit

SAVE_AFTER_MS = 400
"""Well within the second that a kill -9 may cost, and not once a key stroke."""


class DraftKeeper(QObject):
    """Keeps the draft of one form at a time; ``key`` names the form and what it is about.

    ``collect`` gives the fields as they are now. Nothing is saved before ``bind``.
    """

    def __init__(self, kit: Kit, collect: Callable[[], dict[str, Any]], parent: QObject) -> None:
        super().__init__(parent)
        self._kit = kit
        self._collect = collect
        self._key = ""
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.flush)

    @property
    def key(self) -> str:
        """The form being kept, empty when none."""
        return self._key

    def bind(self, key: str, restore: Callable[[dict[str, Any]], None]) -> None:
        """Keep ``key`` from now on; ``restore`` is called with its saved draft, if there is one."""
        self.flush()
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
        if not self._timer.isActive() and self.sender() is not self._timer:
            return
        self._timer.stop()
        key, body = self._key, self._collect()
        self._kit.ask(lambda desk: desk.drafts.save(key, body), _nothing, owner=self)

    def drop(self) -> None:
        """The form was sent: its draft is no longer needed."""
        self._timer.stop()
        key = self._key
        self._kit.ask(lambda desk: desk.drafts.drop(key), _nothing, owner=self)


def _nothing(_: object) -> None:
    """A saved draft needs no answer."""
