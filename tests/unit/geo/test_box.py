from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.geo.box import Box, box_around, box_of
from fieldtech.geo.distance import haversine_m

LATS = st.floats(-80, 80)
LONS = st.floats(-170, 170)
PLACES = st.tuples(LATS, LONS)


@given(st.lists(PLACES, min_size=1))
def test_the_box_of_places_holds_them_all_and_touches_its_edges(
    places: list[tuple[float, float]],
) -> None:
    box = box_of(places)
    assert box is not None
    assert all(box.contains(lat, lon) for lat, lon in places)
    assert {box.south, box.north} <= {lat for lat, _ in places}
    assert {box.west, box.east} <= {lon for _, lon in places}


def test_no_places_have_no_box() -> None:
    assert box_of([]) is None


@given(PLACES, PLACES, st.floats(1, 500_000))
def test_what_is_within_the_distance_is_in_the_box_around(
    centre: tuple[float, float], other: tuple[float, float], metres: float
) -> None:
    if haversine_m(*centre, *other) <= metres:
        assert box_around(*centre, metres).contains(*other)


@pytest.mark.parametrize("bearing", [(0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0)])
def test_the_box_around_is_not_much_wider_than_asked(bearing: tuple[float, float]) -> None:
    box = box_around(25.67, -100.31, 10_000)
    lat = 25.67 + bearing[0] * (box.north - box.south) / 2
    lon = -100.31 + bearing[1] * (box.east - box.west) / 2
    assert 10_000 <= haversine_m(25.67, -100.31, lat, lon) <= 10_100


def test_the_box_around_a_pole_goes_round_the_world() -> None:
    assert box_around(90.0, 0.0, 1000)[::2] == (-180.0, 180.0)


def test_boxes_meet_at_an_edge_and_unite() -> None:
    one, two, three = Box(0, 0, 2, 2), Box(2, 1, 3, 4), Box(2.1, 0, 3, 1)
    assert one.intersects(two)
    assert two.intersects(one)
    assert not one.intersects(three)
    assert one.union(two) == Box(0, 0, 3, 4)
    assert one.union(three).centre == (1.0, 1.5)
