"""Runs the product's own window while it makes its first pull, with a heartbeat in its event loop.

The pull is the one the application makes by itself after its start, on its own worker thread, and
everything it tells the screens while it lasts is part of what is watched. Prints, in seconds, the
longest stall during the pull and after it, and how long the pull took.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING
from unittest.mock import patch

from looking import Stalls, pause, until
from PySide6.QtCore import QTimer

from ui.app import Application
from ui.desk_life import DeskLife

if TYPE_CHECKING:
    from fieldtech.services.values import SyncOutcome

BEAT_MS = 5
PATIENCE_S = 300.0
STARTED_MS = 1000
SETTLING_MS = 500


class Watched:
    """The event loop while the application's first synchronisation lasts, and when it is shown.

    ``during``: from ``STARTED_MS`` after its begin, when the window has come up and is painted, to
    the moment its outcome reaches the screens. ``after``: what comes of that outcome, the list
    and the first visit's panel, built for the first time.
    """

    def __init__(self) -> None:
        """Look over the shoulder of the part that starts them."""
        self.begun = 0.0
        self.took = 0.0
        self.during: Stalls | None = None
        self.after: Stalls | None = None
        start, finish = DeskLife._sync, DeskLife._synced  # to look, not to change

        def begins(life: DeskLife) -> None:
            if not self.begun:
                self.begun = time.perf_counter()
                QTimer.singleShot(STARTED_MS, self._watch)
            start(life)

        def ends(life: DeskLife, outcome: SyncOutcome) -> None:
            if not self.took:
                self.took = time.perf_counter() - self.begun
                if self.during is not None:
                    self.during.stop()
                self.after = Stalls(BEAT_MS)
            finish(life, outcome)

        patch.object(DeskLife, "_sync", begins).start()
        patch.object(DeskLife, "_synced", ends).start()

    def _watch(self) -> None:
        self.during = Stalls(BEAT_MS)


def main() -> int:
    """Run the product until its first pull is over and the screens have shown it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--profile", required=True)
    options = parser.parse_args()
    watched = Watched()
    application = Application.build(["--profile", options.profile])

    def go() -> None:
        try:
            until(lambda: watched.took > 0, "the end of the pull", PATIENCE_S)
            pause(SETTLING_MS)
        finally:
            application.qt.quit()

    QTimer.singleShot(0, go)
    application.run()
    if watched.during is None or watched.after is None:
        return 1
    found = {
        "during": watched.during.longest,
        "after": watched.after.longest,
        "took": watched.took,
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
