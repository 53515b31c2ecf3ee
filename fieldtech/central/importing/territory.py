"""From coordinates or names to a municipality: the nearest town gives it its name and its zone.

There is no free source of municipal borders, so a municipality here is the nearest locality of
``TOWN`` inhabitants or more in the same state. An operator's own regions, once they are in the
database, are found by name and win.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.domain.reference import Region
from fieldtech.domain.words import RegionKind
from fieldtech.geo.distance import haversine_m
from fieldtech.geo.folding import fold
from fieldtech.geo.regions import read_regions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldtech.geo.gazetteer import Gazetteer, Place

TOWN = 15_000
"""Fewest inhabitants of a locality that gives a municipality its name."""

REACH_M = 150_000.0
"""A point farther than this from every known locality is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point lies: its municipality, the state above it, the zone its clocks show."""

    municipality: Region
    state: Region
    timezone: str
    lat: float
    lon: float


class Territory:
    """A region tree that grows by the municipalities somebody asks for."""

    def __init__(self, regions: Iterable[Region], gazetteer: Gazetteer) -> None:
        """Take the regions that exist; ``shipped_regions`` are a start."""
        self.regions: dict[str, Region] = {region.id: region for region in regions}
        self._gazetteer = gazetteer
        self._towns: dict[str, list[Place]] = defaultdict(list)
        self._ids: dict[int, str] = {}
        self._town_by_id: dict[str, Place] = {}
        self._nearest: dict[int, Place] = {}
        taken: set[str] = set()
        for place in gazetteer.places:  # the largest first, so that it gets the plain id
            if place.population < TOWN:
                continue
            plain = f"{place.state_code}-{_slug(place.name)}"
            town_id = plain if plain not in taken else f"{plain}-{place.geoname_id}"
            taken.add(town_id)
            self._ids[place.geoname_id] = town_id
            self._town_by_id[town_id] = place
            self._towns[place.state_code].append(place)

    def towns(self, state_id: str) -> tuple[Place, ...]:
        """Return the localities of that state that give a municipality its name, largest first."""
        return tuple(self._towns.get(state_id, ()))

    def at(self, lat: float, lon: float) -> Located | None:
        """Return where a point lies, or ``None`` when nothing known is near."""
        here = self._gazetteer.nearest_place(lat, lon, within_m=REACH_M)
        if here is None:
            return None
        return self.of_place(here, lat, lon)

    def of_place(self, place: Place, lat: float, lon: float) -> Located | None:
        """Return where a point near ``place`` lies: in its municipality and its zone."""
        state = self.regions.get(place.state_code)
        town = self._town_of(place)
        if state is None or town is None:
            return None
        return Located(self.municipality(town), state, place.timezone, lat, lon)

    def municipality(self, town: Place) -> Region:
        """Return the region of a town, adding it to the tree when it is new."""
        region_id = self._ids[town.geoname_id]
        known = self.regions.get(region_id)
        if known is not None:
            return known
        region = Region(
            id=region_id,
            parent_id=town.state_code,
            kind=RegionKind.MUNICIPALITY,
            name=town.name,
            timezone=town.timezone,
        )
        self.regions[region_id] = region
        return region

    def town_of_region(self, region_id: str) -> Place | None:
        """Return the town that gave a municipality its name, if it was made here."""
        return self._town_by_id.get(region_id)

    def town_named(self, name: str, state_id: str = "") -> list[Place]:
        """Return the towns of exactly that name (accents and capitals aside), largest first."""
        wanted = _slug(name)
        states = [state_id] if state_id else sorted(self._towns)
        found = [
            town
            for state in states
            for town in self._towns.get(state, ())
            if wanted in (_slug(town.name), _slug(town.name.removeprefix("Ciudad ")))
        ]
        exact = [town for town in found if _slug(town.name) == wanted]
        return sorted(exact or found, key=lambda town: -town.population)

    def _town_of(self, place: Place) -> Place | None:
        """The nearest town of the same state: the place itself when it is one."""
        known = self._nearest.get(place.geoname_id)
        if known is None:
            known = min(
                self._towns.get(place.state_code, ()),
                key=lambda town: haversine_m(place.lat, place.lon, town.lat, town.lon),
                default=None,
            )
            if known is not None:
                self._nearest[place.geoname_id] = known
        return known

    def path(self, region_id: str) -> tuple[str, ...]:
        """Return the region and all above it, nearest first."""
        walked: list[str] = []
        while region_id in self.regions and region_id not in walked:
            walked.append(region_id)
            region_id = self.regions[region_id].parent_id
        return tuple(walked)


def shipped_regions() -> tuple[Region, ...]:
    """Return the tree that ships, without municipalities. Raises ``DataError``."""
    return tuple(
        Region(
            id=record.id,
            parent_id=record.parent_id,
            kind=RegionKind(record.kind),
            name=record.name,
            timezone=record.timezone,
        )
        for record in read_regions()
    )


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", fold(name)))
