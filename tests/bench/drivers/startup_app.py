"""Starts the product on the profile named on the command line; one line when it can be used.

The line comes when rows of the agenda are on the screen and a key press has moved its choice.
"""

from __future__ import annotations

import sys

from ui.app import Application

AGENDA_ROWS = 20


def main() -> int:
    """Run the product's own window until its list has obeyed a key."""
    application = Application.build(sys.argv[1:])
    # Only now: the product's own imports are part of what is measured.
    from first_use import FirstUse
    from PySide6.QtWidgets import QAbstractItemView

    agenda = next(
        view
        for window in application.qt.topLevelWidgets()
        for view in window.findChildren(QAbstractItemView, "agenda.list")
    )

    def handled() -> None:
        print("usable", flush=True)
        application.qt.quit()

    agenda.selectionModel().currentChanged.connect(handled)
    first = FirstUse(agenda.window(), agenda, lambda: agenda.model().rowCount() >= AGENDA_ROWS)
    code = application.run()
    del first
    return code


if __name__ == "__main__":
    sys.exit(main())
