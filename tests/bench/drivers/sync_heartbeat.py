"""Runs the product's own window while it makes its first pull, with a heartbeat in its event loop.

The pull is the one the application makes by itself after its start, on its own worker thread, and
everything it tells the screens while it lasts is part of what is watched. Prints the longest stall
in seconds, the beats later than the aim and all beats, and how long the pull took.
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
SETTLING_MS = 500


class Watched:
    """When the application's first synchronisation begins and ends."""

    def __init__(self) -> None:
        """Look over the shoulder of the part that starts them."""
        self.begun = 0.0
        self.took = 0.0
        self.stalls: Stalls | None = None
        start, finish = DeskLife._sync, DeskLife._synced  # to look, not to change

        def begins(life: DeskLife) -> None:
            if self.stalls is None:
                self.begun, self.stalls = time.perf_counter(), Stalls(BEAT_MS)
            start(life)

        def ends(life: DeskLife, outcome: SyncOutcome) -> None:
            finish(life, outcome)
            self.took = self.took or time.perf_counter() - self.begun

        patch.object(DeskLife, "_sync", begins).start()
        patch.object(DeskLife, "_synced", ends).start()


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
    if watched.stalls is None or not watched.took:
        return 1
    stalls = watched.stalls
    print(json.dumps({"longest": stalls.longest, "gaps": stalls.gaps, "took": watched.took}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
