"""From what a row says of the place to a municipality and a time zone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.central.importing.territory import TOWN, Territory, shipped_regions
from fieldtech.central.importing.whereabouts import Address, NotFound, Whereabouts
from fieldtech.domain.reference import Region
from fieldtech.domain.words import RegionKind
from fieldtech.geo.gazetteer import Gazetteer

GAZETTEER = Gazetteer()
MONTERREY = (25.6714, -100.3094)


def places(*own: Region) -> Whereabouts:
    return Whereabouts(Territory((*shipped_regions(), *own), GAZETTEER))


def municipality(name: str, parent: str = "MX-NLE") -> Region:
    return Region(
        id=f"own-{name.lower()}",
        parent_id=parent,
        kind=RegionKind.MUNICIPALITY,
        name=name,
        timezone="America/Monterrey",
    )


def test_coordinates_alone_give_municipality_state_and_zone() -> None:
    found = places().find(Address(point=MONTERREY))

    assert (found.municipality.id, found.state_name) == ("MX-NLE-monterrey", "Nuevo León")
    assert (found.municipality.parent_id, found.timezone) == ("MX-NLE", "America/Monterrey")
    assert found.exact


@pytest.mark.parametrize(
    ("point", "zone"),
    [
        ((32.5149, -117.0382), "America/Tijuana"),
        ((31.7202, -106.4608), "America/Ciudad_Juarez"),
        ((21.1619, -86.8515), "America/Cancun"),
        ((26.0923, -98.2777), "America/Matamoros"),
        ((29.0892, -110.9613), "America/Hermosillo"),
    ],
)
def test_the_zone_is_that_of_the_place_and_not_of_its_state(
    point: tuple[float, float], zone: str
) -> None:
    assert places().find(Address(point=point)).timezone == zone


@pytest.mark.parametrize(
    "state",
    ["Nuevo León", "NUEVO LEON", "N.L.", "n.l", ""],
    ids=["full", "bare", "short", "n", "-"],
)
def test_a_municipality_by_name(state: str) -> None:
    found = places().find(Address(municipality="san pedro garza garcía", state_name=state))

    assert found.municipality.id == "MX-NLE-san-pedro-garza-garcia"
    assert not found.exact


@pytest.mark.parametrize("name", ["Distrito Federal", "CDMX", "Ciudad de México"])
def test_old_and_long_names_of_states(name: str) -> None:
    address = Address(municipality="Iztapalapa", state_name=name, point=(19.3553, -99.0622))

    assert places().find(address).state_name == "Ciudad de México"


def test_of_several_towns_of_one_name_the_coordinates_decide() -> None:
    address = Address(municipality="Guadalupe", point=(25.6768, -100.2565))

    assert places().find(address).municipality.id == "MX-NLE-guadalupe"
    with pytest.raises(NotFound, match="several"):
        places().find(Address(municipality="Guadalupe"))


@pytest.mark.parametrize(
    ("path", "region"),
    [
        ("Noreste > Nuevo León > Monterrey", "MX-NLE-monterrey"),
        ("Nuevo León/Monterrey", "MX-NLE-monterrey"),
        ("México » Noreste » Nuevo León » Guadalupe", "MX-NLE-guadalupe"),
    ],
)
def test_region_paths(path: str, region: str) -> None:
    assert places().find(Address(region=path)).municipality.id == region


def test_a_region_above_needs_coordinates_that_lie_in_it() -> None:
    assert places().find(Address(region="Noreste", point=MONTERREY)).exact
    with pytest.raises(NotFound, match="not in Sureste") as wrong:
        places().find(Address(region="Sureste", point=MONTERREY))
    assert wrong.value.column == "region"
    with pytest.raises(NotFound, match="without coordinates"):
        places().find(Address(region="Noreste"))


def test_an_operators_own_municipality_wins_over_the_nearest_town() -> None:
    own = municipality("Cumbres")
    found = places(own).find(Address(municipality="CUMBRES", state_name="N.L.", point=MONTERREY))

    assert found.municipality == own
    with pytest.raises(NotFound, match="coordinates of Cumbres"):
        places(own).find(Address(municipality="Cumbres"))


def test_a_municipality_that_no_town_is_called_after_lies_where_its_coordinates_do() -> None:
    address = Address(municipality="Benito Juárez", state_name="Q. Roo", point=(21.1619, -86.8515))

    assert places().find(address).municipality.name == "Cancún"


@pytest.mark.parametrize(
    ("address", "column"),
    [
        (Address(municipality="Monterrey", point=(19.4, -99.1)), "latitude"),
        (Address(point=(40.0, -30.0)), "latitude"),
        (Address(municipality="Nirgendwo"), "municipality"),
        (Address(municipality="Monterrey", state_name="Texas"), "state_name"),
        (Address(municipality="X", state_name="Sonora", point=MONTERREY), "state_name"),
        (Address(state_name="Sonora", point=MONTERREY), "state_name"),
        (Address(region="Marte"), "region"),
        (Address(region=" > "), "region"),
        (Address(), "municipality"),
    ],
)
def test_what_cannot_be_made_out_names_the_column(address: Address, column: str) -> None:
    with pytest.raises(NotFound) as unknown:
        places().find(address)

    assert unknown.value.column == column


@given(
    place=st.sampled_from(GAZETTEER.places[:800]),
    north=st.floats(-0.01, 0.01),
    east=st.floats(-0.01, 0.01),
)
def test_every_larger_place_lies_in_a_municipality_of_its_own_state(
    place: object, north: float, east: float
) -> None:
    town = next(each for each in GAZETTEER.places if each == place)
    territory = Territory(shipped_regions(), GAZETTEER)

    found = territory.of_place(town, town.lat + north, town.lon + east)

    assert found is not None
    assert found.municipality.parent_id == town.state_code
    assert found.timezone == town.timezone
    if town.population >= TOWN:
        assert found.municipality.name == town.name


def test_two_towns_of_one_name_in_one_state_have_two_ids() -> None:
    territory = Territory(shipped_regions(), GAZETTEER)
    towns = [town for state in territory.regions for town in territory.towns(state)]
    ids = [territory.municipality(town).id for town in towns]

    assert len(ids) == len(set(ids))
