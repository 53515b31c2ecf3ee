"""An empty window that does nothing: what any window uses of the processor and of memory."""

from __future__ import annotations

import argparse
import json
import sys

import psutil
from looking import busy_share, until_quiet
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

SIZE = (1366, 768)


def main() -> int:
    """Show it, wait, print one document."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, required=True)
    options = parser.parse_args()
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(*SIZE)
    window.show()

    def go() -> None:
        until_quiet()
        used = psutil.Process().memory_info().rss
        idle = busy_share(options.seconds * 1000)
        print(json.dumps({"memory": used, "idle": idle}))
        application.quit()

    QTimer.singleShot(0, go)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
