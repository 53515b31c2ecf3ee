"""The localities that ship: the nearest one, those in view, those whose name begins so."""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from itertools import accumulate, islice
from math import floor
from typing import TYPE_CHECKING, NamedTuple

from fieldtech.errors import DataError
from fieldtech.geo.box import Box, box_around
from fieldtech.geo.distance import haversine_m
from fieldtech.geo.folding import fold
from fieldtech.paths import resources_dir

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Place(NamedTuple):
    """One locality, from GeoNames (CC BY 4.0: whoever shows it names the source).

    `state_code` is ISO 3166-2 (`MX-NLE`); degrees are WGS 84; `timezone` is IANA; a `population`
    of 0 is unknown. `label_zoom` is the zoom level of street tiles from which a map has room for
    the name beside those of larger places.
    """

    geoname_id: int
    name: str
    state_code: str
    lat: float
    lon: float
    population: int
    timezone: str
    label_zoom: int


COLUMNS = Place._fields
"""The header of the file."""

_POLE = 90.0
_CELL = 0.25  # degrees; some four places each
_FIRST_REACH_M = 10_000.0
_FEW_PLACES = 1000
_FEW_CELLS = 400  # beyond this a walk through all places is quicker


class Gazetteer:
    """All places of one file. Making it costs nothing: the file is read at the first question.

    The first question takes some 50 ms, the first search 30 ms more: ask away from a GUI's thread.
    Every method may raise ``DataError`` for a bad file.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Take the file's path; by default the file that ships (Mexico)."""
        self._path = path

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All places, largest population first."""
        return read_places(self._path)

    def nearest_place(
        self, lat: float, lon: float, min_population: int = 0, within_m: float = 200_000.0
    ) -> Place | None:
        """Return the place of at least that population nearest to a point, or None within reach.

        Of two at the same distance the larger one.
        """
        reach = min(_FIRST_REACH_M, within_m)
        while True:
            near = [
                (haversine_m(lat, lon, place.lat, place.lon), -place.population, place)
                for place in self._candidates(box_around(lat, lon, reach))
                if place.population >= min_population
            ]
            if near and min(near)[0] <= reach:
                return min(near)[2]
            if reach >= within_m:
                return None
            reach = min(2 * reach, within_m)

    def places_in(
        self, box: Box, limit: int | None = None, max_label_zoom: int | None = None
    ) -> list[Place]:
        """Return the places inside the box, largest first, at most `limit`.

        With `max_label_zoom`, only those whose name has room at that zoom.
        """
        found = (
            place
            for place in self._candidates(box, max_label_zoom)
            if box.contains(place.lat, place.lon)
            and (max_label_zoom is None or place.label_zoom <= max_label_zoom)
        )
        return list(islice(found, limit))

    def search(self, text: str, limit: int = 20, state_code: str | None = None) -> list[Place]:
        """Return places with a word that begins with `text`, largest first, at most `limit`.

        Accents and case are ignored. Nothing is found for a text without letters.
        """
        wanted = _words(fold(text)).strip()
        found: list[Place] = []
        if not wanted:
            return found
        names, starts = self._names
        at = names.find(f" {wanted}")
        while at >= 0 and len(found) < limit:
            number = bisect_right(starts, at) - 1
            place = self.places[number]
            if state_code is None or place.state_code == state_code:
                found.append(place)
            at = names.find(f" {wanted}", starts[number + 1])
        return found

    @cached_property
    def _cells(self) -> dict[tuple[int, int], list[int]]:
        """Numbers of the places by cell; rising, so largest first."""
        cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for number, place in enumerate(self.places):
            cells[floor(place.lat / _CELL), floor(place.lon / _CELL)].append(number)
        return dict(cells)

    @cached_property
    def _names(self) -> tuple[str, list[int]]:
        """All names folded in one text, as searching it is one call; where each begins; the end.

        Every word has a space before it.
        """
        text = fold("\n".join(place.name.replace("\n", " ") for place in self.places))
        lines = [f" {_words(line).strip()}\n" for line in text.split("\n")]
        return "".join(lines), list(accumulate(map(len, lines), initial=0))

    @cached_property
    def _label_zooms(self) -> tuple[list[int], list[int]]:
        """Zooms at which names appear, rising, and the number of the place each belongs to."""
        zooms = [place.label_zoom for place in self.places]
        numbers = sorted(range(len(zooms)), key=zooms.__getitem__)
        return [zooms[number] for number in numbers], numbers

    def _candidates(self, box: Box, max_label_zoom: int | None = None) -> Iterable[Place]:
        """Return places, largest first, among them all in the box that have room at the zoom."""
        if max_label_zoom is not None:
            zooms, by_zoom = self._label_zooms
            count = bisect_right(zooms, max_label_zoom)
            if count <= _FEW_PLACES:
                return (self.places[number] for number in sorted(by_zoom[:count]))
        rows = range(floor(box.south / _CELL), floor(box.north / _CELL) + 1)
        columns = range(floor(box.west / _CELL), floor(box.east / _CELL) + 1)
        if len(rows) * len(columns) > _FEW_CELLS:
            return self.places
        cells = self._cells
        numbers = [n for row in rows for column in columns for n in cells.get((row, column), ())]
        return (self.places[number] for number in sorted(numbers))


def read_places(path: Path | None = None) -> tuple[Place, ...]:
    """Return the places of a CSV file with the columns `COLUMNS`, by default the one that ships.

    Sorted by population, the largest first. Raises ``DataError`` naming the file, the line and the
    reason.
    """
    file = path if path is not None else resources_dir() / "geo" / "places_mx.csv"
    source = str(file)
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            if tuple(next(reader, ())) != COLUMNS:
                raise DataError(source, "line 1", f"the header should be {','.join(COLUMNS)}")
            try:
                places = [
                    Place(
                        int(id_), name, state, float(lat), float(lon), int(people), zone, int(zoom)
                    )
                    for id_, name, state, lat, lon, people, zone, zoom in reader
                ]
            except (ValueError, csv.Error) as error:
                raise DataError(source, f"line {reader.line_num}", str(error)) from error
    except OSError as error:
        raise DataError(source, "", error.strerror or "it cannot be read") from error
    except UnicodeDecodeError as error:
        raise DataError(source, "", f"it is not UTF-8: {error.reason}") from error
    for place in places:
        if not (abs(place.lat) <= _POLE and abs(place.lon) <= 2 * _POLE):  # false for NaN as well
            raise DataError(source, f"geoname_id {place.geoname_id}", "it lies outside the world")
    places.sort(key=lambda place: -place.population)
    return tuple(places)


def _words(folded: str) -> str:
    return re.sub("[^0-9a-z]+", " ", folded)
