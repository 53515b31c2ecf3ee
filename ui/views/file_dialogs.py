"""The system's dialogs for files. They keep nothing waiting: countdowns and sending go on.

A dialog lies over the window, and goes when whoever asked is gone: by then somebody else may work
here. What is drawn anew now and then has to ask in the name of what holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


def ask_save(
    parent: QWidget,
    title: str,
    proposed: str,
    then: Callable[[str], object],
    *,
    kinds: str = "",
) -> None:
    """Ask where to write a file and go on; ``then`` has the path once a person has chosen one.

    ``kinds`` are Qt's filters, such as ``JSON (*.json)``.
    """
    dialog = QFileDialog(parent.window(), title, proposed, kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    if "." in proposed:
        dialog.setDefaultSuffix(proposed.rpartition(".")[2])
    dialog.fileSelected.connect(then)
    _open(dialog, parent)


def ask_open(parent: QWidget, title: str, then: Callable[[list[str]], object]) -> None:
    """Ask for files that are there and go on; ``then`` has those that a person has chosen."""
    dialog = QFileDialog(parent.window(), title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(then)
    _open(dialog, parent)


def _open(dialog: QFileDialog, parent: QWidget) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    parent.destroyed.connect(dialog.deleteLater)
    dialog.open()
