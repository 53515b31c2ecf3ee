from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.geo.box import Box
from fieldtech.geo.polygon import (
    MultiPolygon,
    Polygon,
    Ring,
    ring_area,
    simplify,
    simplify_ring,
)

SQUARE: Ring = ((0, 0), (4, 0), (4, 4), (0, 4), (0, 0))
HOLE: Ring = ((1, 1), (1, 3), (3, 3), (3, 1), (1, 1))
POINTS = st.tuples(st.floats(-10, 10), st.floats(-10, 10))
LINES = st.lists(POINTS, min_size=2, max_size=30)


@st.composite
def star_shapes(draw: st.DrawFn) -> Ring:
    """Rings around the origin that never cross themselves."""
    radii = draw(st.lists(st.floats(0.5, 10), min_size=3, max_size=20))
    turn = math.tau / len(radii)
    corners = [
        (radius * math.cos(index * turn), radius * math.sin(index * turn))
        for index, radius in enumerate(radii)
    ]
    return (*corners, corners[0])


def test_a_square_with_a_hole() -> None:
    square = Polygon.of(SQUARE, (HOLE,))
    assert square.box == Box(0, 0, 4, 4)
    assert square.contains(0.5, 0.5)
    assert not square.contains(2, 2)
    assert not square.contains(5, 2)
    assert not square.contains(2, -1)


def test_islands_are_one_area() -> None:
    island: Ring = ((10, 10), (11, 10), (10, 11), (10, 10))
    area = MultiPolygon.of((Polygon.of(SQUARE), Polygon.of(island)))
    assert area.box == Box(0, 0, 11, 11)
    assert area.contains(2, 2)
    assert area.contains(10.2, 10.2)
    assert not area.contains(7, 7)


@pytest.mark.parametrize("ring", [(), SQUARE[:3], SQUARE[:-1]])
def test_an_open_or_short_ring_is_refused(ring: Ring) -> None:
    with pytest.raises(ValueError, match="ring"):
        Polygon.of(ring)


def test_an_area_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        MultiPolygon.of(())


@given(star_shapes(), st.floats(0, math.tau), st.floats(0, 12))
def test_inside_agrees_with_the_radius_of_a_star(ring: Ring, angle: float, radius: float) -> None:
    x, y = radius * math.cos(angle), radius * math.sin(angle)
    corners = [math.hypot(*corner) for corner in ring]
    nearest_edge = min(corners) * math.cos(math.pi / (len(ring) - 1))
    if radius < nearest_edge - 1e-6:
        assert Polygon.of(ring).contains(x, y)
    if radius > max(corners) + 1e-6:
        assert not Polygon.of(ring).contains(x, y)


@given(star_shapes(), POINTS)
def test_the_direction_of_a_ring_does_not_matter(ring: Ring, point: tuple[float, float]) -> None:
    if _distance(point, list(ring)) > 1e-9:  # on the border either answer is right
        assert Polygon.of(ring).contains(*point) == Polygon.of(ring[::-1]).contains(*point)
    assert ring_area(ring) == pytest.approx(-ring_area(ring[::-1]))
    assert ring_area(ring) > 0


@given(star_shapes())
def test_a_label_lies_inside(ring: Ring) -> None:
    polygon = Polygon.of(ring)
    assert polygon.contains(*MultiPolygon.of((polygon,)).label_point())


def test_a_label_keeps_to_the_broad_part_of_the_largest_island_and_off_its_lake() -> None:
    island: Ring = ((9, 9), (9.5, 9), (9, 9.5), (9, 9))
    lake: Ring = ((0.5, 0.5), (0.5, 3.5), (3, 3.5), (3, 0.5), (0.5, 0.5))
    area = MultiPolygon.of((Polygon.of(island), Polygon.of(SQUARE, (lake,))))
    x, y = area.label_point()
    assert area.polygons[1].contains(x, y)


def _distance(point: tuple[float, float], line: list[tuple[float, float]]) -> float:
    found = math.inf
    for (x1, y1), (x2, y2) in pairwise(line):
        length = (x2 - x1) ** 2 + (y2 - y1) ** 2
        along = 0.0
        if length:
            along = ((point[0] - x1) * (x2 - x1) + (point[1] - y1) * (y2 - y1)) / length
            along = min(max(along, 0.0), 1.0)
        near = (x1 + along * (x2 - x1), y1 + along * (y2 - y1))
        found = min(found, math.dist(point, near))
    return found


@given(LINES, st.floats(0.01, 5))
def test_a_simplified_line_keeps_its_ends_and_stays_near(
    line: list[tuple[float, float]], tolerance: float
) -> None:
    simpler = simplify(line, tolerance)
    assert simpler[0] == line[0]
    assert simpler[-1] == line[-1]
    remaining = iter(line)
    assert all(point in remaining for point in simpler)
    assert all(_distance(point, simpler) <= tolerance + 1e-9 for point in line)


@given(LINES, st.floats(0.01, 5))
def test_a_border_is_the_same_from_either_side(
    line: list[tuple[float, float]], tolerance: float
) -> None:
    assert simplify(line[::-1], tolerance) == simplify(line, tolerance)[::-1]


@given(star_shapes(), st.floats(0.01, 30))
def test_a_simplified_ring_is_still_a_ring(ring: Ring, tolerance: float) -> None:
    simpler = simplify_ring(ring, tolerance)
    assert simpler[0] == simpler[-1] == ring[0]
    assert set(simpler) <= set(ring)
    assert len(set(simpler)) >= 3
