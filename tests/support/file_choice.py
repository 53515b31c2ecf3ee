"""A person at the system's dialog for files, which is open and keeps nothing waiting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QLineEdit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def open_dialog(widget: QWidget) -> QFileDialog:
    """The dialog that is open over the window of ``widget``."""
    (dialog,) = (each for each in widget.window().findChildren(QFileDialog) if each.isVisible())
    return dialog


def choose(widget: QWidget, *paths: Path) -> None:
    """Choose these files and say yes."""
    dialog = open_dialog(widget)
    if all(path.parent.is_dir() for path in paths) and len(paths) == 1:
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert line is not None
        line.setText(str(paths[0]))
        dialog.accept()
        return
    # What only the systems' own dialogs let through: a place that is gone by now.
    dialog.filesSelected.emit([str(path) for path in paths])
    dialog.fileSelected.emit(str(paths[0]))
    dialog.close()
