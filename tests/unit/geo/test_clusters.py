from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.geo.clusters import Cluster, cluster
from fieldtech.geo.projection import world_px

POINTS = st.lists(
    st.tuples(
        # Coarse coordinates make coinciding points and exact distances likely.
        st.floats(0, 1) | st.integers(0, 64).map(lambda n: n / 64),
        st.floats(0, 1) | st.integers(0, 64).map(lambda n: n / 64),
        st.integers(0, 5),
    ),
    max_size=60,
).map(lambda rows: [(f"p{n}", x, y, rank) for n, (x, y, rank) in enumerate(rows)])
SCALES = st.sampled_from([256.0, 1000.0, 5000.0, 1e6, 1e9])
RADII = st.floats(1, 120)
Points = list[tuple[str, float, float, int]]


def parts(clusters: Sequence[Cluster[str]]) -> set[frozenset[str]]:
    return {frozenset(found.keys) for found in clusters}


@given(POINTS, SCALES, RADII)
def test_every_point_is_in_exactly_one_cluster(points: Points, scale: float, radius: float) -> None:
    clusters = cluster(points, scale, radius)
    keys = [key for found in clusters for key in found.keys]
    assert sorted(keys) == sorted(key for key, *_ in points)


@given(POINTS, SCALES, RADII)
def test_a_cluster_is_the_mean_and_the_worst_of_its_points(
    points: Points, scale: float, radius: float
) -> None:
    by_key = {key: (x, y, rank) for key, x, y, rank in points}
    for found in cluster(points, scale, radius):
        members = [by_key[key] for key in found.keys]
        assert found.rank == max(rank for *_, rank in members)
        assert found.x == pytest.approx(sum(x for x, *_ in members) / len(members))
        assert found.y == pytest.approx(sum(y for _, y, _ in members) / len(members))
        assert list(found.keys) == sorted(found.keys, key=lambda key: int(key[1:]))


@given(POINTS, SCALES, RADII)
def test_marks_never_touch(points: Points, scale: float, radius: float) -> None:
    clusters = cluster(points, scale, radius)
    for index, one in enumerate(clusters):
        for two in clusters[index + 1 :]:
            apart = math.hypot(one.x - two.x, one.y - two.y) * scale
            assert apart >= radius * (1 - 1e-9)


@given(POINTS, SCALES, RADII, st.randoms(use_true_random=False))
def test_neither_the_order_nor_the_ranks_move_a_mark(
    points: Points, scale: float, radius: float, random: object
) -> None:
    shuffled = list(points)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    calm = [(key, x, y, 0) for key, x, y, _ in shuffled]
    before, after = cluster(points, scale, radius), cluster(calm, scale, radius)
    assert parts(before) == parts(after)
    assert {(found.x, found.y) for found in before} == {(found.x, found.y) for found in after}


@given(POINTS, SCALES, RADII)
def test_the_heaviest_come_first(points: Points, scale: float, radius: float) -> None:
    counts = [len(found.keys) for found in cluster(points, scale, radius)]
    assert counts == sorted(counts, reverse=True)


def test_a_pin_alone_stays_where_it_is() -> None:
    assert cluster([("a", 0.123, 0.456, 2)], 1000, 50) == [Cluster(0.123, 0.456, ("a",), 2)]


def test_coming_nearer_takes_a_cluster_apart() -> None:
    points = [("a", 0.2, 0.4, 0), ("b", 0.2002, 0.4, 3), ("far", 0.7, 0.4, 1)]
    assert parts(cluster(points, world_px(5), 40)) == {frozenset("ab"), frozenset(["far"])}
    assert len(cluster(points, world_px(12), 40)) == 3


def test_two_at_the_very_same_place_stay_together_at_any_scale() -> None:
    points = [("a", 0.2, 0.4, 0), ("b", 0.2, 0.4, 3)]
    assert parts(cluster(points, world_px(22), 10)) == {frozenset("ab")}


def test_points_at_the_edges_of_the_world() -> None:
    corners = [(str(n), float(n % 2), float(n // 2), 0) for n in range(4)]
    assert len(cluster(corners, 256, 40)) == 4
    assert len(cluster(corners, 256, 10_000)) == 1


def test_no_points_make_no_clusters() -> None:
    assert cluster([], 1000, 40) == []


@pytest.mark.parametrize(("scale", "radius"), [(0, 40), (1000, 0), (-1, 40), (math.nan, 40)])
def test_lengths_must_be_positive(scale: float, radius: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        cluster([("a", 0.5, 0.5, 0)], scale, radius)
