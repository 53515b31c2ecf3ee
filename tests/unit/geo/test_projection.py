from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.geo.box import Box
from fieldtech.geo.projection import (
    MAX_LATITUDE,
    metres_per_px,
    project,
    project_line,
    unproject,
    world_px,
    world_px_to_fit,
    zoom_of,
)

LATS = st.floats(-85, 85)
LONS = st.floats(-180, 180)


@given(LATS, LONS)
def test_a_place_comes_back(lat: float, lon: float) -> None:
    back_lat, back_lon = unproject(*project(lat, lon))
    assert back_lat == pytest.approx(lat, abs=1e-9)
    assert back_lon == pytest.approx(lon, abs=1e-9)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_point_of_the_map_comes_back(x: float, y: float) -> None:
    assert project(*unproject(x, y)) == pytest.approx((x, y), abs=1e-9)


@given(LATS, LATS, LONS)
def test_farther_north_is_higher_up(one: float, two: float, lon: float) -> None:
    if one - two > 1e-9:
        assert project(one, lon)[1] < project(two, lon)[1]


@given(st.floats(-90, 90), LONS)
def test_every_place_is_on_the_map(lat: float, lon: float) -> None:
    x, y = project(lat, lon)
    assert 0.0 <= x <= 1.0
    assert -1e-12 <= y <= 1.0 + 1e-12


def test_known_points() -> None:
    assert project(0, 0) == (0.5, 0.5)
    assert project(MAX_LATITUDE, -180) == pytest.approx((0, 0), abs=1e-12)


@given(LATS, LONS)
def test_it_is_the_published_formula_of_street_tiles(lat: float, lon: float) -> None:
    phi = math.radians(lat)
    y = (1 - math.log(math.tan(phi) + 1 / math.cos(phi)) / math.pi) / 2
    assert project(lat, lon) == pytest.approx(((lon + 180) / 360, y), abs=1e-12)


def test_a_line_in_the_order_of_geojson() -> None:
    line = [(-100.3, 25.7), (-99.1, 19.4)]
    assert project_line(line) == [project(25.7, -100.3), project(19.4, -99.1)]


@given(st.floats(0, 20))
def test_zoom_and_width_of_the_world(zoom: float) -> None:
    assert zoom_of(world_px(zoom)) == pytest.approx(zoom)


def test_one_zoom_level_doubles_the_map() -> None:
    assert world_px(0) == 256
    assert world_px(7) == 2 * world_px(6)
    assert metres_per_px(0, world_px(0)) == pytest.approx(156_543, abs=1)
    assert metres_per_px(60, world_px(0)) == pytest.approx(156_543 / 2, abs=1)


@given(LATS, LONS, st.floats(0.001, 5), st.floats(0.001, 5), st.floats(50, 4000))
def test_a_box_fits_and_touches(
    south: float, west: float, height: float, width: float, pixels: float
) -> None:
    box = Box(west, min(south, 80), west + width, min(south, 80) + height)
    world = world_px_to_fit(box, pixels, pixels / 2)
    left, top = project(box.north, box.west)
    right, bottom = project(box.south, box.east)
    used_x, used_y = (right - left) * world, (bottom - top) * world
    assert used_x <= pixels * (1 + 1e-9)
    assert used_y <= pixels / 2 * (1 + 1e-9)
    assert max(used_x / pixels, used_y / (pixels / 2)) == pytest.approx(1)


def test_a_single_place_fits_at_any_scale() -> None:
    assert world_px_to_fit(Box(-100, 25, -100, 25), 800, 600) == math.inf
