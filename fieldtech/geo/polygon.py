"""Areas: is a point inside, where does the label go, and fewer corners for the same outline.

Coordinates are plain (x, y) pairs; for places on Earth (longitude, latitude), as in GeoJSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from fieldtech.geo.box import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = tuple[Point, ...]
"""A closed line: the last point repeats the first."""

MIN_RING_POINTS = 4
"""A triangle with its first corner repeated."""

_LABEL_LINES = 32


@dataclass(frozen=True, slots=True)
class Polygon:
    """One outline with its holes. `box` surrounds the outline."""

    outer: Ring
    holes: tuple[Ring, ...]
    box: Box

    @classmethod
    def of(cls, outer: Ring, holes: tuple[Ring, ...] = ()) -> Polygon:
        """Make a polygon and its box. Raises ``ValueError`` for an open or too short ring."""
        for ring in (outer, *holes):
            if len(ring) < MIN_RING_POINTS or ring[0] != ring[-1]:
                message = "a ring needs at least 4 points, the last equal to the first"
                raise ValueError(message)
        xs = [x for x, _ in outer]
        ys = [y for _, y in outer]
        return cls(outer, holes, Box(min(xs), min(ys), max(xs), max(ys)))

    def contains(self, x: float, y: float) -> bool:
        """Tell whether the point is inside the outline and in no hole.

        A point exactly on a border may be told either way.
        """
        if not self.box.contains(y, x) or not _in_ring(self.outer, x, y):
            return False
        return not any(_in_ring(hole, x, y) for hole in self.holes)


@dataclass(frozen=True, slots=True)
class MultiPolygon:
    """Several polygons that make one area, as a mainland and its islands."""

    polygons: tuple[Polygon, ...]
    box: Box

    @classmethod
    def of(cls, polygons: tuple[Polygon, ...]) -> MultiPolygon:
        """Make an area and its box. Raises ``ValueError`` when there is no polygon."""
        if not polygons:
            message = "an area needs at least one polygon"
            raise ValueError(message)
        box = polygons[0].box
        for polygon in polygons[1:]:
            box = box.union(polygon.box)
        return cls(polygons, box)

    def contains(self, x: float, y: float) -> bool:
        """Tell whether one of the polygons holds the point."""
        return self.box.contains(y, x) and any(p.contains(x, y) for p in self.polygons)

    def label_point(self) -> Point:
        """Return a point well inside the largest polygon, where a name reads best."""
        largest = max(self.polygons, key=lambda polygon: abs(ring_area(polygon.outer)))
        return _widest_middle(largest)


def ring_area(ring: Sequence[Point]) -> float:
    """Return the signed area in squared units: positive when the ring runs anticlockwise."""
    doubled = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    return doubled / 2


def simplify(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Return the line with fewer points; those left out are within `tolerance` of it.

    Douglas and Peucker's method; the ends stay. For a closed line use `simplify_ring`. A line and
    its reverse lose the same points, so neighbours that share a border go on sharing it.
    """
    if len(points) <= 2:  # noqa: PLR2004  # nothing between the ends
        return list(points)
    line = list(points)
    # Of two points equally far the first is kept, so the line and its reverse must run one way.
    if line[::-1] < line:
        return _kept(line[::-1], tolerance)[::-1]
    return _kept(line, tolerance)


def simplify_ring(ring: Ring, tolerance: float) -> Ring:
    """Return the ring with fewer points, at least a triangle; it starts where it started."""
    far = max(range(len(ring)), key=lambda index: _squared(ring[0], ring[index]))
    there = simplify(ring[: far + 1], tolerance)
    back = simplify(ring[far:], tolerance)
    result = tuple(there + back[1:])
    if len(result) >= MIN_RING_POINTS:
        return result
    third = max(
        range(1, len(ring) - 1),
        key=lambda index: _squared_to_segment(ring[index], ring[0], ring[far]),
    )
    corners = sorted({0, far, third})
    return (*(ring[index] for index in corners), ring[0])


def _in_ring(ring: Ring, x: float, y: float) -> bool:
    """Count the edges to the right of the point: an odd number means inside."""
    inside = False
    x1, y1 = ring[-1]
    for x2, y2 in ring:
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def _widest_middle(polygon: Polygon) -> Point:
    """Cut the polygon by level lines; return the middle of the widest piece that is inside.

    A centroid would be shorter to write, and lies in the sea for a crescent.
    """
    _, south, _, north = polygon.box
    best, best_width = polygon.outer[0], -1.0
    for line in range(1, _LABEL_LINES):
        y = south + (north - south) * line / _LABEL_LINES
        # Near the rim a wide piece is thin: its weight falls off towards top and bottom.
        weight = min(line, _LABEL_LINES - line) / _LABEL_LINES
        crossings = sorted(
            x for ring in (polygon.outer, *polygon.holes) for x in _crossings(ring, y)
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            width = (right - left) * (0.5 + weight)
            if width > best_width:
                best, best_width = ((left + right) / 2, y), width
    return best


def _crossings(ring: Ring, y: float) -> list[float]:
    return [
        (x2 - x1) * (y - y1) / (y2 - y1) + x1
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > y) != (y2 > y)
    ]


def _kept(line: list[Point], tolerance: float) -> list[Point]:
    limit = tolerance * tolerance
    keep = [False] * len(line)
    keep[0] = keep[-1] = True
    stretches = [(0, len(line) - 1)]
    while stretches:
        first, last = stretches.pop()
        farthest, distance = first, limit
        start, end = line[first], line[last]
        for index in range(first + 1, last):
            squared = _squared_to_segment(line[index], start, end)
            if squared > distance:
                farthest, distance = index, squared
        if farthest != first:
            keep[farthest] = True
            stretches += [(first, farthest), (farthest, last)]
    return [point for point, kept in zip(line, keep, strict=True) if kept]


def _squared(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _squared_to_segment(point: Point, start: Point, end: Point) -> float:
    """Return the squared distance of a point from the segment between two others."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    if length == 0.0:
        return _squared(point, start)
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    along = min(max(along, 0.0), 1.0)
    return _squared(point, (start[0] + along * dx, start[1] + along * dy))
