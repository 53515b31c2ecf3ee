"""Rectangles of degrees."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

METRES_PER_DEGREE = 111_195.0
"""One degree of latitude on the mean sphere, in metres."""


class Box(NamedTuple):
    """A rectangle in WGS 84 degrees, edges included. It never crosses the 180th meridian."""

    west: float
    south: float
    east: float
    north: float

    def contains(self, lat: float, lon: float) -> bool:
        """Tell whether the place lies inside or on the edge."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def intersects(self, other: Box) -> bool:
        """Tell whether the two share at least one point."""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def union(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(
            min(self.west, other.west),
            min(self.south, other.south),
            max(self.east, other.east),
            max(self.north, other.north),
        )

    @property
    def centre(self) -> tuple[float, float]:
        """The middle as (lat, lon)."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2


def box_of(places: Iterable[tuple[float, float]]) -> Box | None:
    """Return the smallest box that holds every (lat, lon), or None when there is none."""
    pairs = list(places)
    if not pairs:
        return None
    lats = [lat for lat, _ in pairs]
    lons = [lon for _, lon in pairs]
    return Box(min(lons), min(lats), max(lons), max(lats))


def box_around(lat: float, lon: float, metres: float) -> Box:
    """Return a box whose every edge is at least `metres` away from the place.

    Cut at the poles and at the 180th meridian.
    """
    dlat = metres / METRES_PER_DEGREE * 1.001  # The sphere's rounding must not cost the edge.
    south, north = max(lat - dlat, -90.0), min(lat + dlat, 90.0)
    narrowest = math.cos(math.radians(max(abs(south), abs(north))))
    dlon = 360.0 if narrowest <= 0.0 else min(dlat / narrowest, 360.0)
    return Box(max(lon - dlon, -180.0), south, min(lon + dlon, 180.0), north)
