"""How much fits beside each other in a screen of several columns."""

from __future__ import annotations

from enum import IntEnum

WIDE = 1120
MIDDLE = 700


class Shape(IntEnum):
    """By width at 100 %: one column at a time, some of them, or all."""

    NARROW = 1
    MIDDLE = 2
    WIDE = 3


def shape_of(width: int, scale: float) -> Shape:
    """The shape of a screen of ``width`` pixels whose measures are ``scale`` times as large."""
    there = width / scale
    return Shape.WIDE if there >= WIDE else Shape.MIDDLE if there >= MIDDLE else Shape.NARROW
