"""Colour arithmetic: contrast after WCAG 2.2 and the mixing that hover states need."""

from __future__ import annotations

from PySide6.QtGui import QColor

_LINEAR_LIMIT = 0.04045


def relative_luminance(colour: str) -> float:
    """Luminance of ``#rrggbb`` from 0.0 (black) to 1.0 (white), WCAG 2.2 definition."""
    parts = QColor(colour)
    channels = (parts.redF(), parts.greenF(), parts.blueF())
    red, green, blue = (
        value / 12.92 if value <= _LINEAR_LIMIT else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(first: str, second: str) -> float:
    """WCAG contrast of two opaque colours, 1.0 to 21.0; the order does not matter."""
    lighter, darker = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(base: str, other: str, share: float) -> str:
    """``base`` with ``share`` (0.0 to 1.0) of ``other`` in it, as ``#rrggbb``."""
    one, two = QColor(base), QColor(other)

    def channel(from_value: int, to_value: int) -> int:
        return round(from_value + (to_value - from_value) * share)

    return QColor(
        channel(one.red(), two.red()),
        channel(one.green(), two.green()),
        channel(one.blue(), two.blue()),
    ).name()


def translucent(colour: str, alpha: float) -> QColor:
    """``colour`` with an opacity of 0.0 to 1.0."""
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result
