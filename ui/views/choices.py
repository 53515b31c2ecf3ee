"""Closed lists to choose from, and the languages, each in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

if TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGES = (("es", "Español"), ("en", "English"))


def choice(entries: Sequence[tuple[object, str]], current: object, name: str) -> QComboBox:
    """A box of (data, label) entries; ``name`` is its object name."""
    box = QComboBox()
    box.setObjectName(name)
    for data, label in entries:
        box.addItem(label, data)
    box.setCurrentIndex(max(0, box.findData(current)))
    return box
