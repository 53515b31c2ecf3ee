from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.geo.distance import haversine_m, route_length_m, suggest_order

PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
NEARBY = st.tuples(st.floats(25, 26), st.floats(-101, -100))


@given(PLACES, PLACES)
def test_the_way_back_is_as_long(here: tuple[float, float], there: tuple[float, float]) -> None:
    assert haversine_m(*here, *there) == haversine_m(*there, *here)


@given(PLACES, PLACES, PLACES)
def test_a_detour_is_never_shorter(
    one: tuple[float, float], two: tuple[float, float], three: tuple[float, float]
) -> None:
    detour = haversine_m(*one, *two) + haversine_m(*two, *three)
    assert haversine_m(*one, *three) <= detour + 1.0


@given(PLACES)
def test_a_place_is_no_way_from_itself(here: tuple[float, float]) -> None:
    assert haversine_m(*here, *here) == 0.0


def test_known_distances() -> None:
    assert haversine_m(0, 0, 0, 180) == pytest.approx(20_015_115, abs=1)
    assert haversine_m(0, 0, 1, 0) == pytest.approx(111_195, abs=1)
    monterrey, mexico = (25.6866, -100.3161), (19.4326, -99.1332)
    assert haversine_m(*monterrey, *mexico) == pytest.approx(705_000, rel=0.01)


@given(st.none() | NEARBY, st.lists(NEARBY, max_size=12))
def test_an_order_visits_every_place_once_and_is_repeatable(
    start: tuple[float, float] | None, places: list[tuple[float, float]]
) -> None:
    order = suggest_order(start, places)
    assert sorted(order) == list(range(len(places)))
    assert order == suggest_order(start, places)


@given(NEARBY, st.lists(NEARBY, min_size=1, max_size=12))
def test_an_order_is_no_longer_than_always_going_to_the_nearest(
    start: tuple[float, float], places: list[tuple[float, float]]
) -> None:
    left, here, greedy = set(range(len(places))), start, []
    while left:
        nearest = min(left, key=lambda index: (haversine_m(*here, *places[index]), index))
        left.remove(nearest)
        greedy.append(nearest)
        here = places[nearest]
    suggested = route_length_m(start, places, suggest_order(start, places))
    assert suggested <= route_length_m(start, places, greedy) + 0.001


@given(NEARBY, st.lists(NEARBY, min_size=2, max_size=8), st.data())
def test_turning_round_any_stretch_of_an_order_makes_it_no_shorter(
    start: tuple[float, float], places: list[tuple[float, float]], data: st.DataObject
) -> None:
    order = suggest_order(start, places)
    i = data.draw(st.integers(0, len(order) - 2))
    j = data.draw(st.integers(i + 1, len(order) - 1))
    turned = order[:i] + order[i : j + 1][::-1] + order[j + 1 :]
    length = route_length_m(start, places, order)
    assert length <= route_length_m(start, places, turned) + 0.001


def test_a_crossed_way_is_straightened() -> None:
    # Going to the nearest each time runs back and forth on this street.
    start = (25.0, -100.0)
    street = [(25.0, -100.0 + step) for step in (-0.4, 0.3, -1.6, 1.5)]
    order = suggest_order(start, street)
    shortest = min(permutations(range(4)), key=lambda way: route_length_m(start, street, way))
    assert route_length_m(start, street, order) == pytest.approx(
        route_length_m(start, street, shortest)
    )


def test_without_a_start_the_way_begins_at_an_end() -> None:
    street = [(25.0, -100.0 + step / 10) for step in (3, 1, 2, 4, 0)]
    order = suggest_order(None, street)
    assert order in ([4, 1, 2, 0, 3], [3, 0, 2, 1, 4])
