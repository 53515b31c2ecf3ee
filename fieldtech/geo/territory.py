"""Areas from GeoJSON: the states that ship, and an operator's own territories."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NoReturn

from fieldtech.errors import DataError
from fieldtech.geo.box import Box
from fieldtech.geo.polygon import MultiPolygon, Polygon, Ring
from fieldtech.paths import resources_dir

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_WORLD = Box(-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Territory:
    """A named area. `id` is the feature's; the shape is in (longitude, latitude)."""

    id: str
    name: str
    properties: Mapping[str, object]
    shape: MultiPolygon


def read_states(path: Path | None = None) -> tuple[Territory, ...]:
    """Return the 32 states of Mexico that ship; ids are ISO 3166-2 (`MX-NLE`).

    Borders are Natural Earth's at 1:10,000,000, good for drawing a country: within a kilometre or
    two of a border, and on islands and quays, `territory_at` may be wrong or find nothing.
    Properties: `short`, the postal abbreviation. Raises ``DataError``.
    """
    return read_territories(path or resources_dir() / "geo" / "states_mx.json")


def read_territories(path: Path) -> tuple[Territory, ...]:
    """Return the polygon features of a GeoJSON FeatureCollection (RFC 7946), in its order.

    Each needs a unique `id` (or `properties.id`), `properties.name` and a Polygon or MultiPolygon.
    Raises ``DataError`` naming the file, the feature and the reason.
    """
    source = str(path)
    try:
        document = json.loads(path.read_bytes(), parse_constant=_refuse_constant)
    except OSError as error:
        raise DataError(source, "", error.strerror or "it cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise DataError(source, "", f"it is not JSON: {error}") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise DataError(source, "features", "a GeoJSON FeatureCollection is needed")
    territories: dict[str, Territory] = {}
    for index, feature in enumerate(features):
        territory = _territory(source, f"features[{index}]", feature)
        if territory.id in territories:
            raise DataError(source, f"features[{index}].id", f"{territory.id!r} is used twice")
        territories[territory.id] = territory
    return tuple(territories.values())


def territory_at(territories: Iterable[Territory], lat: float, lon: float) -> Territory | None:
    """Return the first territory that holds the place, or None."""
    return next((area for area in territories if area.shape.contains(lon, lat)), None)


def _territory(source: str, key: str, feature: object) -> Territory:
    if not isinstance(feature, dict):
        raise DataError(source, key, "it is not an object")
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        raise DataError(source, f"{key}.properties", "it is not an object")
    id_ = feature.get("id", properties.get("id"))
    name = properties.get("name")
    if isinstance(id_, bool) or not isinstance(id_, str | int) or id_ == "":
        raise DataError(source, f"{key}.id", "an id is needed, as text or a whole number")
    if not isinstance(name, str) or not name:
        raise DataError(source, f"{key}.properties.name", "a name is needed")
    geometry = feature.get("geometry")
    shape = _shape(source, f"{key}.geometry", geometry if isinstance(geometry, dict) else {})
    return Territory(str(id_), name, properties, shape)


def _shape(source: str, key: str, geometry: dict[str, Any]) -> MultiPolygon:
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        coordinates = [coordinates]
    elif geometry.get("type") != "MultiPolygon":
        raise DataError(source, f"{key}.type", "only Polygon and MultiPolygon have an area")
    key = f"{key}.coordinates"
    try:
        polygons = tuple(
            Polygon.of(rings[0], rings[1:])
            for rings in (tuple(map(_ring, polygon)) for polygon in coordinates or ())
        )
        shape = MultiPolygon.of(polygons)
    except (TypeError, IndexError) as error:
        raise DataError(source, key, "it is not nested as a polygon's should be") from error
    except ValueError as error:
        raise DataError(source, key, str(error)) from error
    if shape.box.union(_WORLD) != _WORLD:
        raise DataError(source, key, "it leaves the world: longitude comes first, then latitude")
    return shape


def _ring(positions: list[list[float]]) -> Ring:
    # A third number, the height, is allowed by the format and means nothing here.
    ring = tuple((position[0], position[1]) for position in positions)
    if set(map(type, chain.from_iterable(ring))) - {float, int}:
        raise ValueError("a coordinate is not a number")
    return ring


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
