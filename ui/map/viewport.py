"""Which part of the world a window of so many pixels shows; pure arithmetic.

World coordinates are those of the unit square of Web Mercator: x eastward, y downward, 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log2
from typing import TYPE_CHECKING, NamedTuple

from fieldtech.services.geography import world_px

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_ZOOM = 3.5
MAX_ZOOM = 17.0
LONELY_ZOOM = 13.5
"""How close a fit goes when there is only one place to show."""


class WorldRect(NamedTuple):
    """A rectangle of the unit square."""

    left: float
    top: float
    right: float
    bottom: float

    def contains(self, x: float, y: float) -> bool:
        """Tell whether a point lies inside or on the edge."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def intersects(self, other: WorldRect) -> bool:
        """Tell whether the two share at least a point."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def encloses(self, other: WorldRect) -> bool:
        """Tell whether the other lies wholly inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


def bounds(points: Iterable[tuple[float, float]]) -> WorldRect | None:
    """The smallest rectangle around the points, ``None`` without points."""
    listed = list(points)
    if not listed:
        return None
    xs = [x for x, _ in listed]
    ys = [y for _, y in listed]
    return WorldRect(min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True)
class Viewport:
    """The middle of the view in world coordinates, the zoom level, and the size in pixels."""

    x: float
    y: float
    zoom: float
    width: int
    height: int

    @property
    def scale(self) -> float:
        """The width of the whole world in pixels."""
        return world_px(self.zoom)

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Pixels from the view's top left corner."""
        scale = self.scale
        return (x - self.x) * scale + self.width / 2, (y - self.y) * scale + self.height / 2

    def to_world(self, px: float, py: float) -> tuple[float, float]:
        """The inverse of ``to_screen``."""
        scale = self.scale
        return self.x + (px - self.width / 2) / scale, self.y + (py - self.height / 2) / scale

    def visible(self, margin_px: float = 0.0) -> WorldRect:
        """What can be seen, with so many pixels more on every side."""
        left, top = self.to_world(-margin_px, -margin_px)
        right, bottom = self.to_world(self.width + margin_px, self.height + margin_px)
        return WorldRect(left, top, right, bottom)

    def resized(self, width: int, height: int) -> Viewport:
        """The same middle in a window of another size."""
        return replace(self, width=width, height=height)

    def panned(self, dx: float, dy: float) -> Viewport:
        """Move the *map* by so many pixels: what was at 0 is at ``dx`` afterwards."""
        scale = self.scale
        return replace(self, x=_held(self.x - dx / scale), y=_held(self.y - dy / scale))

    def zoomed(self, levels: float, anchor: tuple[float, float] | None = None) -> Viewport:
        """Closer by ``levels`` (farther when negative); the place under ``anchor`` stays there."""
        px, py = anchor if anchor is not None else (self.width / 2, self.height / 2)
        x, y = self.to_world(px, py)
        closer = replace(self, zoom=min(MAX_ZOOM, max(MIN_ZOOM, self.zoom + levels)))
        now_x, now_y = closer.to_screen(x, y)
        return closer.panned(px - now_x, py - now_y)

    def centred(self, x: float, y: float) -> Viewport:
        """The same zoom around another middle."""
        return replace(self, x=_held(x), y=_held(y))

    def fitted(self, area: WorldRect, padding_px: float = 0.0) -> Viewport:
        """Show the whole of ``area``, as close as that allows."""
        width = max(1.0, self.width - 2 * padding_px)
        height = max(1.0, self.height - 2 * padding_px)
        extents = ((area.right - area.left, width), (area.bottom - area.top, height))
        scales = [pixels / extent for extent, pixels in extents if extent > 0]
        zoom = log2(min(scales) / world_px(0)) if scales else LONELY_ZOOM
        middle = self.centred((area.left + area.right) / 2, (area.top + area.bottom) / 2)
        return replace(middle, zoom=min(LONELY_ZOOM, max(MIN_ZOOM, zoom)))

    def revealing(self, x: float, y: float, margin_px: float) -> Viewport:
        """Unchanged while the place is well inside, else moved so that it is in the middle."""
        px, py = self.to_screen(x, y)
        inside = (
            margin_px <= px <= self.width - margin_px and margin_px <= py <= self.height - margin_px
        )
        return self if inside else self.centred(x, y)


def _held(value: float) -> float:
    return min(1.0, max(0.0, value))
