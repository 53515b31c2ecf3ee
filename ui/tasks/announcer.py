"""Tells every screen what has changed in the store, whoever changed it."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from ui.tasks.mailbox import Mailbox


@dataclass(frozen=True, slots=True)
class Changes:
    """What one or several transactions touched; screens refresh from this and nothing else."""

    incidents: frozenset[str] = frozenset()
    visits: frozenset[str] = frozenset()
    outbox: bool = False
    sync: bool = False
    reference: bool = False

    def __or__(self, other: Changes) -> Changes:
        """Both together."""
        return Changes(
            self.incidents | other.incidents,
            self.visits | other.visits,
            self.outbox or other.outbox,
            self.sync or other.sync,
            self.reference or other.reference,
        )

    def __bool__(self) -> bool:
        """Something changed at all."""
        return bool(self.incidents or self.visits or self.outbox or self.sync or self.reference)


class ChangeAnnouncer(QObject):
    """``changed`` carries a ``Changes`` on the windows' thread.

    Announcements made before the event loop comes round are told as one: a pull of a thousand
    rows redraws a screen once, not once a page.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox(self)
        self._lock = threading.Lock()
        self._waiting = Changes()

    def announce(self, changes: Changes) -> None:
        """Tell that something changed; safe from any thread. Empty changes are not told."""
        if not changes:
            return
        with self._lock:
            first = not self._waiting
            self._waiting |= changes
        if first:
            self._mailbox.post(self._tell)

    def _tell(self) -> None:
        with self._lock:
            told, self._waiting = self._waiting, Changes()
        self.changed.emit(told)
