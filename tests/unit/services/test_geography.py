"""The map's material, read from what ships."""

from __future__ import annotations

import pytest

from fieldtech.services.geography import load_geography, project


def test_what_ships_is_projected_and_sorted() -> None:
    geography = load_geography()
    assert len(geography.outlines) == 32
    assert len(geography.localities) > 10_000
    people = [place.population for place in geography.localities]
    assert people == sorted(people, reverse=True)
    capital = geography.localities[0]
    assert capital.name == "Ciudad de México"
    assert (capital.x, capital.y) == pytest.approx(project(19.43, -99.13), abs=1e-4)


def test_outlines_are_closed_and_lighter_from_afar() -> None:
    outlines = load_geography().outlines
    fine = sum(len(ring) for outline in outlines for ring in outline.rings)
    coarse = sum(len(ring) for outline in outlines for ring in outline.coarse)
    assert coarse < fine / 2
    for outline in outlines:
        assert outline.name
        assert outline.short
        assert len(outline.rings) == len(outline.coarse)
        for ring in (*outline.rings, *outline.coarse):
            assert ring[0] == ring[-1]
        xs = [x for ring in outline.rings for x, _ in ring]
        ys = [y for ring in outline.rings for _, y in ring]
        assert min(xs) < outline.label[0] < max(xs)
        assert min(ys) < outline.label[1] < max(ys)
