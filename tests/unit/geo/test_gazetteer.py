from __future__ import annotations

from collections import Counter
from itertools import takewhile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.errors import DataError
from fieldtech.geo.box import Box
from fieldtech.geo.distance import haversine_m
from fieldtech.geo.gazetteer import COLUMNS, Gazetteer, Place, read_places
from fieldtech.geo.regions import read_regions
from fieldtech.geo.territory import read_states, territory_at

HEADER = ",".join(COLUMNS)
ROW = "1,Apodaca,MX-NLE,25.78,-100.18,467157,America/Monterrey,9"


QUOTED = ROW.replace("Apodaca", '"Apo"daca')


@pytest.fixture(scope="module")
def mexico() -> Gazetteer:
    return Gazetteer()


def test_what_ships_covers_mexico(mexico: Gazetteer) -> None:
    assert len(mexico.places) == 16_875
    assert len({place.geoname_id for place in mexico.places}) == 16_875
    states = {record.id: record for record in read_regions() if record.kind == "state"}
    assert {place.state_code for place in mexico.places} == set(states)
    for place in mexico.places:
        state = states[place.state_code]
        assert place.timezone in (state.timezone, *state.other_timezones)
        assert place.name == place.name.strip() != ""
    populations = [place.population for place in mexico.places]
    assert populations == sorted(populations, reverse=True)


def test_places_lie_in_the_states_they_name(mexico: Gazetteer) -> None:
    states = read_states()
    large = [place for place in mexico.places if place.population >= 15_000]
    right = sum(
        (found := territory_at(states, place.lat, place.lon)) is not None
        and found.id == place.state_code
        for place in large
    )
    # The rest stand on a coast or a border of a map at 1:10,000,000.
    assert right / len(large) > 0.95


def test_border_towns_keep_their_own_hours(mexico: Gazetteer) -> None:
    zones = {
        name: mexico.search(name, limit=1, state_code=state)[0].timezone
        for name, state in (
            ("Ciudad Juárez", "MX-CHH"),
            ("Ojinaga", "MX-CHH"),
            ("Nuevo Laredo", "MX-TAM"),
            ("Piedras Negras", "MX-COA"),
            ("San Vicente", "MX-NAY"),
            ("Tijuana", "MX-BCN"),
        )
    }
    assert zones == {
        "Ciudad Juárez": "America/Ciudad_Juarez",
        "Ojinaga": "America/Ojinaga",
        "Nuevo Laredo": "America/Matamoros",
        "Piedras Negras": "America/Matamoros",
        "San Vicente": "America/Bahia_Banderas",
        "Tijuana": "America/Tijuana",
    }


def test_labels_of_the_country(mexico: Gazetteer) -> None:
    country = Box(-119, 14, -86, 33)
    names = [place.name for place in mexico.places_in(country, max_label_zoom=6)]
    assert {"Ciudad de México", "Monterrey", "Guadalajara", "Mérida", "Tijuana"} <= set(names)
    assert "Zapopan" not in names
    assert len(names) < 80


def brute_nearest(mexico: Gazetteer, lat: float, lon: float, least: int) -> Place:
    return min(
        takewhile(lambda place: place.population >= least, mexico.places),
        key=lambda place: haversine_m(lat, lon, place.lat, place.lon),
    )


@given(st.floats(14, 33), st.floats(-119, -86), st.sampled_from([4_000, 15_000, 500_000]))
def test_the_nearest_is_the_nearest_of_all(
    mexico: Gazetteer, lat: float, lon: float, least: int
) -> None:
    found = mexico.nearest_place(lat, lon, least, within_m=3_000_000)
    expected = brute_nearest(mexico, lat, lon, least)
    assert found is not None
    assert haversine_m(lat, lon, found.lat, found.lon) == pytest.approx(
        haversine_m(lat, lon, expected.lat, expected.lon)
    )


def test_nothing_is_nearest_in_the_middle_of_an_ocean(mexico: Gazetteer) -> None:
    assert mexico.nearest_place(0, 0) is None
    assert mexico.nearest_place(20, -125) is None
    assert mexico.nearest_place(90, 0) is None


def test_of_two_at_one_place_the_larger_is_nearest(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    small, large = ROW.replace("467157", "5"), ROW.replace("1,Apodaca", "2,Apodaca Centro")
    file.write_text(f"{HEADER}\n{small}\n{large}\n", encoding="utf-8")
    found = Gazetteer(file).nearest_place(25.7, -100.1)
    assert found is not None
    assert found.geoname_id == 2


BOXES = st.builds(
    lambda west, south, width, height: Box(west, south, west + width, south + height),
    st.floats(-119, -86),
    st.floats(14, 33),
    st.floats(0, 12),
    st.floats(0, 12),
)


@given(
    BOXES,
    st.none() | st.integers(0, 40),
    st.none() | st.integers(5, 12),
)
def test_places_in_view_are_the_largest_there(
    mexico: Gazetteer, box: Box, limit: int | None, zoom: int | None
) -> None:
    expected = [
        place
        for place in mexico.places
        if box.contains(place.lat, place.lon) and (zoom is None or place.label_zoom <= zoom)
    ]
    assert mexico.places_in(box, limit, zoom) == expected[:limit]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("monterrey", "Monterrey"),
        ("leon", "León de los Aldama"),
        ("LEÓN", "León de los Aldama"),
        ("neza", "Ciudad Nezahualcóyotl"),
        ("cd", None),
        ("ciudad  juar", "Ciudad Juárez"),
        ("pied", "Piedras Negras"),
        ("zihua", "Ixtapa-Zihuatanejo"),
        ("peñ", "Puerto Peñasco"),
        ("(sombrereti", "12 de Diciembre (Sombreretillo)"),
    ],
)
def test_a_few_letters_find_the_place(mexico: Gazetteer, text: str, name: str | None) -> None:
    found = mexico.search(text, limit=1)
    assert (found[0].name if found else None) == name


def test_what_is_found_comes_largest_first(mexico: Gazetteer) -> None:
    found = mexico.search("juárez", limit=200)
    assert found[0].name == "Ciudad Juárez"
    assert found == [place for place in mexico.places if place in found]
    assert all("Juárez" in place.name or "Juarez" in place.name for place in found)


def test_a_name_over_two_lines_does_not_shift_the_others(tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    odd = ROW.replace("Apodaca", '"Dos\nLineas"')
    file.write_text(f"{HEADER}\n{odd}\n{ROW}\n", encoding="utf-8")
    assert [place.name for place in Gazetteer(file).search("apo")] == ["Apodaca"]
    assert [place.name for place in Gazetteer(file).search("lin")] == ["Dos\nLineas"]


def test_a_search_may_keep_to_one_state(mexico: Gazetteer) -> None:
    found = mexico.search("guadalupe", state_code="MX-NLE")
    assert found[0].name == "Guadalupe"
    assert {place.state_code for place in found} == {"MX-NLE"}


@given(st.text(max_size=6), st.integers(0, 5))
def test_any_text_may_be_searched(mexico: Gazetteer, text: str, limit: int) -> None:
    found = mexico.search(text, limit)
    assert len(found) <= limit
    assert max(Counter(place.geoname_id for place in found).values(), default=1) == 1


@given(st.sampled_from(["", " ", "\n", "--", "¿?"]))
def test_nothing_finds_nothing(mexico: Gazetteer, text: str) -> None:
    assert mexico.search(text) == []


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("", "line 1", "header"),
        ("a,b\n", "line 1", "header"),
        (f"{HEADER}\n{ROW}\n{ROW},9\n", "line 3", "too many values"),
        (f"{HEADER}\n{ROW}\n\n", "line 3", "not enough values"),
        (f"{HEADER}\n{ROW.replace('467157', 'many')}\n", "line 2", "many"),
        (f"{HEADER}\n{ROW.replace('25.78', '125.78')}\n", "geoname_id 1", "outside the world"),
        (f"{HEADER}\n{ROW.replace('25.78', 'nan')}\n", "geoname_id 1", "outside the world"),
        (f"{HEADER}\n{QUOTED}\n", "line 2", "expected"),
    ],
)
def test_a_bad_file_is_refused_by_line(tmp_path: Path, text: str, key: str, reason: str) -> None:
    file = tmp_path / "lugares.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_places(file)
    assert (caught.value.source, caught.value.key) == (str(file), key)
    assert reason in caught.value.reason


def test_a_missing_file_or_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_places(tmp_path / "no.csv")
    (tmp_path / "latin.csv").write_bytes(f"{HEADER}\n1,Mérida\n".encode("cp1252"))
    with pytest.raises(DataError, match="UTF-8"):
        read_places(tmp_path / "latin.csv")


def test_a_gazetteer_reads_nothing_before_it_is_asked(tmp_path: Path) -> None:
    gazetteer = Gazetteer(tmp_path / "no.csv")
    with pytest.raises(DataError):
        gazetteer.search("x")
