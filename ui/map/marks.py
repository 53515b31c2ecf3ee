"""Which marks stand on the map at a zoom: single pins, and clusters of those too close."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, NamedTuple

from fieldtech.services.geography import cluster, project, world_px
from ui.map.map_pin import TONES
from ui.map.viewport import Viewport, WorldRect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.services.geography import Cluster
    from ui.map.map_pin import MapPin
    from ui.theme.tokens import Tone

RADIUS_PX = 46.0
LEVEL_STEP = 0.5
"""Marks are gathered anew at every half zoom level, and stay put in between."""
SMALL_SET = 1200
"""Up to so many pins all are gathered at once; beyond, those around the view."""
BLOCK_PX = 1024
KEPT = 12


class Mark(NamedTuple):
    """A pin or a cluster: its place, the keys of its pins, and the worst urgency among them."""

    x: float
    y: float
    keys: tuple[str, ...]
    rank: int

    @property
    def tone(self) -> Tone:
        """What its colour means."""
        return TONES[self.rank]

    @property
    def is_cluster(self) -> bool:
        """Several pins."""
        return len(self.keys) > 1


class Marks:
    """Gathers pins into marks, and remembers the last few answers.

    ``radius_px`` grows with the theme's scale, so that marks never overlap.
    """

    def __init__(self, radius_px: float = RADIUS_PX) -> None:
        self._radius = radius_px
        self._points: list[tuple[str, float, float, int]] = []
        self._places: dict[str, tuple[float, float]] = {}
        self._kept: dict[tuple[float, WorldRect | None], list[Mark]] = {}

    def set_pins(self, pins: Sequence[MapPin]) -> None:
        """Take these pins; a later one with the same key replaces the earlier."""
        by_key = {pin.key: (*project(pin.lat, pin.lon), pin.rank) for pin in pins}
        self._points = [(key, x, y, rank) for key, (x, y, rank) in by_key.items()]
        self._places = {key: (x, y) for key, (x, y, _) in by_key.items()}
        self._kept.clear()

    def set_radius(self, radius_px: float) -> None:
        """Keep marks so far apart."""
        if radius_px != self._radius:
            self._radius = radius_px
            self._kept.clear()

    @property
    def places(self) -> dict[str, tuple[float, float]]:
        """The world coordinates of every pin by its key."""
        return self._places

    def at(self, view: Viewport) -> list[Mark]:
        """The marks of a view, the least urgent first, so that the worst are painted on top."""
        level = round(view.zoom / LEVEL_STEP) * LEVEL_STEP
        block = None if len(self._points) <= SMALL_SET else _around(view, level)
        key = (level, block)
        found = self._kept.get(key)
        if found is None:
            found = self._gather(level, block)
            if len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = found
        return found

    def _gather(self, level: float, block: WorldRect | None) -> list[Mark]:
        points = self._points
        if block is not None:
            left, top, right, bottom = block
            points = [p for p in points if left <= p[1] <= right and top <= p[2] <= bottom]
        marks = [_mark(group) for group in cluster(points, world_px(level), self._radius)]
        marks.sort(key=lambda mark: (mark.rank, mark.is_cluster, mark.y))
        return marks


def _mark(group: Cluster[str]) -> Mark:
    return Mark(group.x, group.y, group.keys, group.rank)


def _around(view: Viewport, level: float) -> WorldRect:
    """The view with a block to spare on every side, on a fixed grid.

    On the grid the same pins are gathered while the map is dragged a little, so marks keep still.
    """
    size = BLOCK_PX / world_px(level)
    seen = view.visible()
    return WorldRect(
        (floor(seen.left / size) - 1) * size,
        (floor(seen.top / size) - 1) * size,
        (floor(seen.right / size) + 2) * size,
        (floor(seen.bottom / size) + 2) * size,
    )
