"""Where the site of a row lies: from its region path, its municipality, its coordinates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.central.cells import CellError, key
from fieldtech.domain.reference import Region
from fieldtech.domain.words import RegionKind
from fieldtech.geo.distance import haversine_m
from fieldtech.geo.regions import read_regions

if TYPE_CHECKING:
    from fieldtech.central.importing.territory import Territory
    from fieldtech.geo.gazetteer import Place

FARTHEST_M = 100_000.0
"""A site lies at most this far from the town it says it is in; farther is a wrong coordinate."""

_STEP = re.compile(r"\s*(?:>|/|\||»|\\)\s*")
_LONG_NAMES = {
    "distrito federal": "MX-CMX",
    "df": "MX-CMX",
    "mexico": "MX-MEX",
    "edo mex": "MX-MEX",
    "edo de mexico": "MX-MEX",
    "coahuila de zaragoza": "MX-COA",
    "michoacan de ocampo": "MX-MIC",
    "queretaro de arteaga": "MX-QUE",
    "veracruz de ignacio de la llave": "MX-VER",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a row says of the place; empty or ``None`` what it does not say."""

    region: str = ""
    municipality: str = ""
    state_name: str = ""
    point: tuple[float, float] | None = None
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the site is; not ``exact`` when the town's centre stands for unknown coordinates."""

    municipality: Region
    state_name: str
    timezone: str
    lat: float
    lon: float
    exact: bool


class NotFound(CellError):
    """The place cannot be made out; ``column`` is the one to mend."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


class Whereabouts:
    """Finds spots in a territory; municipalities it meets for the first time join the tree."""

    def __init__(self, territory: Territory) -> None:
        self._territory = territory
        self._states = dict(_LONG_NAMES)
        for record in read_regions():
            if record.kind == RegionKind.STATE:
                self._states[key(record.name)] = record.id
                self._states[key(record.short)] = record.id
        for region in territory.regions.values():
            if region.kind is RegionKind.STATE:
                self._states[key(region.name)] = region.id

    def find(self, address: Address) -> Spot:
        """Return the spot of an address. Raises ``NotFound``."""
        state_id = self._state(address.state_name)
        named = self._by_path(address.region) if address.region else None
        if named is None and address.municipality:
            named = self._by_name(address, state_id)
        if named is not None and named.kind is RegionKind.MUNICIPALITY:
            return self._in(named, address)
        return self._at(named, state_id, address)

    def _at(self, above: Region | None, state_id: str, address: Address) -> Spot:
        """The municipality that the coordinates give, below the region that was named."""
        if address.point is None:
            where = "region" if above else "municipality"
            raise NotFound(where, "without coordinates the municipality has to be named")
        found = self._territory.at(*address.point)
        if found is None:
            raise NotFound("latitude", "no known locality is near these coordinates")
        path = self._territory.path(found.municipality.id)
        for wanted, column in ((above.id if above else "", "region"), (state_id, "state_name")):
            if wanted and wanted not in path:
                name = self._territory.regions[wanted].name
                lies = f"{found.municipality.name}, {found.state.name}"
                raise NotFound(column, f"the coordinates lie in {lies}, which is not in {name}")
        zone = address.timezone or found.timezone
        return Spot(found.municipality, found.state.name, zone, *address.point, exact=True)

    def _in(self, region: Region, address: Address) -> Spot:
        town = self._territory.town_of_region(region.id)
        zone = address.timezone or region.timezone
        state = self._state_above(region)
        if address.point is None:
            if town is None:
                raise NotFound("latitude", f"the coordinates of {region.name} are not known here")
            return Spot(region, state, zone, town.lat, town.lon, exact=False)
        if town is not None:
            metres = haversine_m(*address.point, town.lat, town.lon)
            if metres > FARTHEST_M:
                reason = f"these coordinates are {metres / 1000:.0f} km away from {region.name}"
                raise NotFound("latitude", reason)
        return Spot(region, state, zone, *address.point, exact=True)

    def _by_path(self, text: str) -> Region:
        """The region whose name, and whose ancestors' names before it, the path lists."""
        steps = [key(step) for step in _STEP.split(text) if key(step)]
        if not steps:
            raise NotFound("region", "not the name of a region")
        found = [
            region
            for region in self._territory.regions.values()
            if self._is_called(region, steps[-1]) and self._fits(region, steps[:-1])
        ]
        if not found and len(steps) > 1:
            state_id = self._states.get(steps[-2], "")
            towns = self._territory.town_named(steps[-1], state_id) if state_id else []
            found = [self._territory.municipality(town) for town in towns[:1]]
        if len(found) != 1:
            reason = "there is no such region" if not found else "more than one region is called so"
            raise NotFound("region", f"{reason}; write its path, as in “Noreste > Nuevo León”")
        return found[0]

    def _fits(self, region: Region, above: list[str]) -> bool:
        """Tell whether the names occur among the region's ancestors in that order."""
        wanted = list(above)
        for ancestor in self._territory.path(region.id)[1:]:
            if wanted and self._is_called(self._territory.regions[ancestor], wanted[-1]):
                wanted.pop()
        return not wanted

    def _is_called(self, region: Region, name: str) -> bool:
        return name in (key(region.name), key(region.id)) or self._states.get(name) == region.id

    def _by_name(self, address: Address, state_id: str) -> Region:
        wanted = key(address.municipality)
        known = [
            region
            for region in self._territory.regions.values()
            if region.kind is RegionKind.MUNICIPALITY
            and key(region.name) == wanted
            and (not state_id or state_id in self._territory.path(region.id))
        ]
        if len(known) == 1:
            return known[0]
        towns = self._territory.town_named(address.municipality, state_id)
        if not towns and not known:
            return self._guessed(address)
        town = self._nearest(towns, address) if towns else None
        if town is None:
            reason = "there are several of that name; give the state, or coordinates"
            raise NotFound("municipality", reason)
        return self._territory.municipality(town)

    def _guessed(self, address: Address) -> Region:
        """A municipality too small for the list: that of its coordinates, where there are any."""
        if address.point is None:
            reason = "no such municipality is known; give coordinates, or the nearest larger town"
            raise NotFound("municipality", reason)
        found = self._territory.at(*address.point)
        if found is None:
            raise NotFound("latitude", "no known locality is near these coordinates")
        state_id = self._state(address.state_name)
        if state_id and state_id != found.state.id:
            reason = f"the coordinates lie in {found.municipality.name}, {found.state.name}"
            raise NotFound("state_name", reason)
        return found.municipality

    def _nearest(self, towns: list[Place], address: Address) -> Place | None:
        if address.point is not None:
            lat, lon = address.point
            return min(towns, key=lambda town: haversine_m(lat, lon, town.lat, town.lon))
        return towns[0] if len(towns) == 1 else None

    def _state(self, name: str) -> str:
        if not name:
            return ""
        found = self._states.get(key(name))
        if found is None or found not in self._territory.regions:
            raise NotFound("state_name", "there is no such state")
        return found

    def _state_above(self, region: Region) -> str:
        for each in self._territory.path(region.id):
            if self._territory.regions[each].kind is RegionKind.STATE:
                return self._territory.regions[each].name
        return ""
