"""Web Mercator: degrees to the unit square of the world map and back.

x grows eastward from 0 at 180° W to 1 at 180° E; y grows *downward* from 0 at the northern edge
(85.0511° N) to 1 at the southern one, as on a screen and as in street tiles. Times `world_px` it is
pixels.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldtech.geo.box import Box

MAX_LATITUDE = math.degrees(math.atan(math.sinh(math.pi)))
"""The latitude at which the world map is a square: 85.0511°."""

TILE_PX = 256
"""Edge of a street tile, and so of the whole world at zoom 0, in pixels."""

EARTH_CIRCUMFERENCE_M = 40_075_016.686
"""Length of the equator in the map's own ellipsoid."""


def project(lat: float, lon: float) -> tuple[float, float]:
    """Return (x, y) of a place. Latitudes beyond the map's edge are put on the edge."""
    phi = math.radians(min(max(lat, -MAX_LATITUDE), MAX_LATITUDE))
    return lon / 360.0 + 0.5, 0.5 - math.asinh(math.tan(phi)) / math.tau


def unproject(x: float, y: float) -> tuple[float, float]:
    """Return (lat, lon) of a point of the map; the inverse of `project`."""
    return math.degrees(math.atan(math.sinh(math.pi - math.tau * y))), (x - 0.5) * 360.0


def project_line(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Project a line or ring given as (lon, lat) pairs, the order of GeoJSON, into (x, y) pairs."""
    return [project(lat, lon) for lon, lat in points]


def world_px(zoom: float) -> float:
    """Return how many pixels wide the whole world is at a zoom level of street tiles."""
    return TILE_PX * math.pow(2.0, zoom)


def zoom_of(world: float) -> float:
    """Return the zoom level at which the world is that many pixels wide; inverse of `world_px`."""
    return math.log2(world / TILE_PX)


def metres_per_px(lat: float, world: float) -> float:
    """Return the length on the ground, at this latitude, of one pixel of a `world` px wide map."""
    return EARTH_CIRCUMFERENCE_M * math.cos(math.radians(lat)) / world


def world_px_to_fit(box: Box, width_px: float, height_px: float) -> float:
    """Return the width of the world, in pixels, at which the box just fills the given rectangle.

    A box without extent fits at any scale: the answer is then infinite, and the caller's own limit
    of zoom decides.
    """
    left, top = project(box.north, box.west)
    right, bottom = project(box.south, box.east)
    scales = [
        pixels / extent
        for pixels, extent in ((width_px, right - left), (height_px, bottom - top))
        if extent > 0.0
    ]
    return min(scales, default=math.inf)
