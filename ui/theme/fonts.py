"""The bundled typeface: loading it and asking it for a size, a weight and aligned figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QFontDatabase

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = ("Inter", "Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans")
"""The bundled face first; the others stand in only if its files are unreadable."""


def load_fonts(directory: Path) -> list[str]:
    """Register every font file of ``directory`` with Qt and return the families found.

    A file that Qt cannot read is left out: the fallback families keep the app usable.
    """
    families: list[str] = []
    for file in sorted(directory.glob("*.[ot]tf")):
        handle = QFontDatabase.addApplicationFont(str(file))
        if handle >= 0:
            families.extend(QFontDatabase.applicationFontFamilies(handle))
    return sorted(set(families))


def make_font(pixels: int, weight: QFont.Weight, *, tabular: bool) -> QFont:
    """A font of the app's face; ``tabular`` gives every digit the same width (countdowns)."""
    font = QFont(list(FAMILIES))
    font.setPixelSize(pixels)
    font.setWeight(weight)
    # Hinting off the grid keeps letter spacing even at fractional display scales.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
