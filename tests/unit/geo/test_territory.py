from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fieldtech.errors import DataError
from fieldtech.geo.box import Box
from fieldtech.geo.regions import read_regions
from fieldtech.geo.territory import Territory, read_states, read_territories, territory_at

RING = [[-100, 25], [-99, 25], [-99, 26], [-100, 25]]


def feature(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "type": "Feature",
        "id": "Z1",
        "properties": {"name": "Zona 1", "crew": 4},
        "geometry": {"type": "Polygon", "coordinates": [RING]},
    }
    return base | changes


def written(folder: Path, *features: object) -> Path:
    file = folder / "zonas.geojson"
    document = {"type": "FeatureCollection", "features": features}
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def states() -> tuple[Territory, ...]:
    return read_states()


def test_the_states_that_ship_are_those_of_the_region_tree(states: tuple[Territory, ...]) -> None:
    records = {record.id: record for record in read_regions() if record.kind == "state"}
    assert {state.id: state.name for state in states} == {
        id_: record.name for id_, record in records.items()
    }
    assert all(state.properties["short"] == records[state.id].short for state in states)


@pytest.mark.parametrize(
    ("lat", "lon", "state"),
    [
        (25.6866, -100.3161, "MX-NLE"),
        (19.4326, -99.1332, "MX-CMX"),
        (20.6597, -103.3496, "MX-JAL"),
        (32.5149, -117.0382, "MX-BCN"),
        (20.9674, -89.5926, "MX-YUC"),
        (16.7519, -93.1167, "MX-CHP"),
        (28.6353, -106.0889, "MX-CHH"),
        (20.51, -86.93, "MX-ROO"),  # Cozumel, an island
        (23.0, -94.0, None),  # the Gulf
        (29.4241, -98.4936, None),  # San Antonio, Texas
    ],
)
def test_a_place_is_in_its_state(
    states: tuple[Territory, ...], lat: float, lon: float, state: str | None
) -> None:
    found = territory_at(states, lat, lon)
    assert (found and found.id) == state


def test_neighbours_share_their_borders(states: tuple[Territory, ...]) -> None:
    edges = Counter(
        frozenset(edge)
        for state in states
        for polygon in state.shape.polygons
        for edge in pairwise(polygon.outer)
    )
    # Inland, an edge has two owners; an overlap would give it more, a gap leave it with one.
    tlaxcala = next(state for state in states if state.id == "MX-TLA")
    assert all(edges[frozenset(edge)] == 2 for edge in pairwise(tlaxcala.shape.polygons[0].outer))
    assert sum(count > 2 for count in edges.values()) <= 1


def test_every_state_has_room_for_its_label(states: tuple[Territory, ...]) -> None:
    for state in states:
        lon, lat = state.shape.label_point()
        found = territory_at(states, lat, lon)
        assert found is state


def test_the_file_is_small(states: tuple[Territory, ...]) -> None:
    corners = sum(len(polygon.outer) for state in states for polygon in state.shape.polygons)
    assert corners < 15_000


def test_an_operators_own_territories(tmp_path: Path) -> None:
    hole = [[-99.4, 25.2], [-99.3, 25.2], [-99.3, 25.3], [-99.4, 25.2]]
    high = [[lon, lat, 540.0] for lon, lat in RING]
    file = written(
        tmp_path,
        feature(geometry={"type": "MultiPolygon", "coordinates": [[high, hole]]}),
        feature(id=7, properties={"name": "Zona 7"}),
    )
    first, second = read_territories(file)
    assert (first.id, first.name, first.properties["crew"]) == ("Z1", "Zona 1", 4)
    assert first.shape.box == Box(-100, 25, -99, 26)
    assert not first.shape.contains(-99.32, 25.22)
    assert second.id == "7"
    assert territory_at((first, second), 25.25, -99.25) is first
    assert territory_at((first, second), 25.22, -99.32) is second


def test_an_id_may_stand_among_the_properties(tmp_path: Path) -> None:
    plain = feature(properties={"id": "N", "name": "Norte"})
    del plain["id"]
    assert read_territories(written(tmp_path, plain))[0].id == "N"


def geometry(coordinates: object, kind: str = "Polygon") -> dict[str, Any]:
    return feature(geometry={"type": kind, "coordinates": coordinates})


@pytest.mark.parametrize(
    ("bad", "key", "reason"),
    [
        (7, "features[1]", "not an object"),
        (feature(properties=None), "features[1].properties", "not an object"),
        (feature(id=""), "features[1].id", "an id is needed"),
        (feature(id=True), "features[1].id", "an id is needed"),
        (feature(id=None), "features[1].id", "an id is needed"),
        (feature(id="A"), "features[1].id", "'A' is used twice"),
        (feature(properties={"name": ""}), "features[1].properties.name", "a name is needed"),
        (feature(geometry=None), "features[1].geometry.type", "only Polygon"),
        (geometry([-100, 25], "Point"), "features[1].geometry.type", "only Polygon"),
        (geometry(None), "features[1].geometry.coordinates", "not nested"),
        (geometry([]), "features[1].geometry.coordinates", "not nested"),
        (geometry([], "MultiPolygon"), "features[1].geometry.coordinates", "at least one"),
        (geometry(RING), "features[1].geometry.coordinates", "not nested"),
        (geometry([[]]), "features[1].geometry.coordinates", "at least 4 points"),
        (geometry([RING[:3]]), "features[1].geometry.coordinates", "at least 4 points"),
        (geometry([[*RING[:3], [0, 0]]]), "features[1].geometry.coordinates", "equal to the first"),
        (geometry([[["a", "b"]] * 4]), "features[1].geometry.coordinates", "not a number"),
        (geometry([[[1]] * 4]), "features[1].geometry.coordinates", "not nested"),
        (
            geometry([[[lat, lon] for lon, lat in RING]]),
            "features[1].geometry.coordinates",
            "longitude comes first",
        ),
    ],
)
def test_a_bad_feature_is_refused_by_name(
    tmp_path: Path, bad: object, key: str, reason: str
) -> None:
    file = written(tmp_path, feature(id="A"), bad)
    with pytest.raises(DataError) as caught:
        read_territories(file)
    assert (caught.value.source, caught.value.key) == (str(file), key)
    assert reason in caught.value.reason


@pytest.mark.parametrize("text", ["", "{", "[]", '{"features": 3}', '{"features": [NaN]}', "\xff"])
def test_what_is_no_collection_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "zonas"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(DataError, match="zonas"):
        read_territories(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_territories(tmp_path / "no.json")
