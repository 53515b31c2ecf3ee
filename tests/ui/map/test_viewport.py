"""The arithmetic of the view."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ui.map.scale_bar import round_length
from ui.map.viewport import (
    LONELY_ZOOM,
    MAX_ZOOM,
    MIN_ZOOM,
    Viewport,
    WorldRect,
    bounds,
)

VIEW = Viewport(0.22, 0.43, 8.0, 900, 700)

zooms = st.floats(MIN_ZOOM, MAX_ZOOM)
middles = st.floats(0.2, 0.8)
pixels = st.floats(-2000, 2000)


@given(middles, middles, zooms, pixels, pixels)
def test_screen_and_world_are_inverses(
    x: float, y: float, zoom: float, px: float, py: float
) -> None:
    view = Viewport(x, y, zoom, 900, 700)
    back = view.to_screen(*view.to_world(px, py))
    assert back == pytest.approx((px, py), abs=1e-3)


@given(zooms, st.floats(-3, 3), st.floats(0, 900), st.floats(0, 700))
def test_what_is_under_the_pointer_stays_there(
    zoom: float, levels: float, px: float, py: float
) -> None:
    view = Viewport(0.5, 0.5, zoom, 900, 700)
    place = view.to_world(px, py)
    closer = view.zoomed(levels, (px, py))
    assert MIN_ZOOM <= closer.zoom <= MAX_ZOOM
    assert closer.to_screen(*place) == pytest.approx((px, py), abs=0.5)


@given(st.floats(-300, 300), st.floats(-300, 300))
def test_panning_moves_the_map_by_pixels(dx: float, dy: float) -> None:
    x, y = VIEW.to_screen(0.221, 0.431)
    assert VIEW.panned(dx, dy).to_screen(0.221, 0.431) == pytest.approx((x + dx, y + dy), abs=1e-3)


@given(st.lists(st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)), min_size=1, max_size=20))
def test_a_fit_shows_everything(points: list[tuple[float, float]]) -> None:
    area = bounds(points)
    assert area is not None
    view = VIEW.fitted(area, 40)
    # The whole world at once is farther than the map goes.
    if view.zoom > MIN_ZOOM:
        for x, y in points:
            px, py = view.to_screen(x, y)
            assert 39 <= px <= 861
            assert 39 <= py <= 661
    assert view.zoom <= LONELY_ZOOM


def test_a_fit_on_one_place_is_not_absurdly_close() -> None:
    view = VIEW.fitted(WorldRect(0.3, 0.4, 0.3, 0.4))
    assert (view.x, view.y, view.zoom) == (0.3, 0.4, LONELY_ZOOM)


def test_revealing_moves_only_when_needed() -> None:
    inside = VIEW.to_world(450, 350)
    assert VIEW.revealing(*inside, margin_px=60) is VIEW
    edge = VIEW.to_world(10, 350)
    assert VIEW.revealing(*edge, margin_px=60).to_screen(*edge) == pytest.approx((450, 350))


def test_the_world_has_an_edge() -> None:
    assert VIEW.panned(1e9, 0).x == 0.0
    assert VIEW.panned(0, -1e9).y == 1.0


def test_rectangles() -> None:
    one = WorldRect(0.1, 0.1, 0.3, 0.3)
    assert one.intersects(WorldRect(0.3, 0.3, 0.4, 0.4))
    assert not one.intersects(WorldRect(0.31, 0.1, 0.4, 0.4))
    assert one.encloses(WorldRect(0.1, 0.2, 0.2, 0.3))
    assert not one.encloses(WorldRect(0.0, 0.2, 0.2, 0.3))
    assert one.contains(0.2, 0.1)
    assert bounds([]) is None


@example(9999999.999999998)
@given(st.floats(0.1, 1e7))
def test_the_scale_is_a_round_length_that_fits(longest: float) -> None:
    length = round_length(longest)
    assert length <= longest * (1 + 1e-9)
    assert length >= longest / 2.5 * (1 - 1e-9)
    digits = f"{length:.0e}"
    assert digits[0] in "125"
