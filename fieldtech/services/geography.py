"""The map's material for the windows: outlines, localities, and the gathering of many pins.

Everything is projected already, to the unit square of ``fieldtech.geo.projection``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fieldtech.geo.clusters import Cluster, cluster
from fieldtech.geo.projection import metres_per_px, project, unproject, world_px

if TYPE_CHECKING:
    from fieldtech.geo.territory import Territory

__all__ = [
    "Cluster",
    "Geography",
    "Locality",
    "Outline",
    "cluster",
    "load_geography",
    "metres_per_px",
    "project",
    "unproject",
    "world_px",
]

COARSE_DEGREES = 0.02
"""How far the outline for a whole country's view may lie from the true one."""

Ring = tuple[tuple[float, float], ...]


class Outline(NamedTuple):
    """One area: ``rings`` for a close look, ``coarse`` for a far one, ``label`` for its name."""

    name: str
    short: str
    rings: tuple[Ring, ...]
    coarse: tuple[Ring, ...]
    label: tuple[float, float]


class Locality(NamedTuple):
    """A place with a name; ``label_zoom`` is the zoom from which a map has room for it."""

    name: str
    x: float
    y: float
    population: int
    label_zoom: int


@dataclass(frozen=True, slots=True)
class Geography:
    """``localities`` are sorted by population, the largest first."""

    outlines: tuple[Outline, ...]
    localities: tuple[Locality, ...]


def load_geography() -> Geography:
    """Read and project what ships. Takes about a fifth of a second: not for an event loop.

    Raises ``DataError`` for a damaged file.
    """
    # Imported here: the window is painted before the map's data is asked for.
    from fieldtech.geo.gazetteer import read_places
    from fieldtech.geo.territory import read_states

    return Geography(
        tuple(_outline(state) for state in read_states()),
        tuple(
            Locality(place.name, *project(place.lat, place.lon), place.population, place.label_zoom)
            for place in read_places()
        ),
    )


def _outline(state: Territory) -> Outline:
    from fieldtech.geo.polygon import simplify_ring
    from fieldtech.geo.projection import project_line

    rings = [ring for area in state.shape.polygons for ring in (area.outer, *area.holes)]
    lon, lat = state.shape.label_point()
    return Outline(
        state.name,
        str(state.properties.get("short", "")),
        tuple(tuple(project_line(ring)) for ring in rings),
        tuple(tuple(project_line(simplify_ring(ring, COARSE_DEGREES))) for ring in rings),
        project(lat, lon),
    )
