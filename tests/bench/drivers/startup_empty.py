"""Starts an empty main window; one line when it has been painted and has seen a key press."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QMainWindow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

SIZE = (1366, 768)


class Window(QMainWindow):
    """Nothing but a frame of the product's size."""

    def keyPressEvent(self, _event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Say that it came."""
        print("usable", flush=True)
        QApplication.quit()


def main() -> int:
    """Run it until the key has come."""
    application = QApplication(sys.argv[:1])
    window = Window()
    window.resize(*SIZE)
    window.show()
    from first_use import FirstUse

    first = FirstUse(window, window, lambda: True)
    code = application.exec()
    del first
    return code


if __name__ == "__main__":
    sys.exit(main())
