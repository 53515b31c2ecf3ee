"""A window whose thread never rests: what a voice stream must not be disturbed by."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QTreeWidget, QTreeWidgetItem

ROWS = 400


def main() -> int:
    """Rebuild and repaint a list again and again until killed."""
    application = QApplication(sys.argv[:1])
    tree = QTreeWidget()
    tree.setColumnCount(4)
    tree.resize(900, 600)
    tree.show()

    def work() -> None:
        tree.clear()
        for row in range(ROWS):
            tree.addTopLevelItem(QTreeWidgetItem([f"{row}", f"{row * 7}", f"{row**2}", "x" * 30]))
        tree.viewport().repaint()

    timer = QTimer(interval=0)
    timer.timeout.connect(work)
    timer.start()
    print("ready", flush=True)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
