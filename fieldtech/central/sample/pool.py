"""The customers of a large sample: spread over the country as its people are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from fieldtech.central.importing.territory import TOWN
from fieldtech.central.sample.premises import Premises
from fieldtech.domain.reference import Customer, Site
from fieldtech.geo.gazetteer import Place

if TYPE_CHECKING:
    import random

    from fieldtech.central.importing.territory import Territory
    from fieldtech.central.sample.premises import Builder
    from fieldtech.geo.gazetteer import Gazetteer

INCIDENTS_PER_SITE = 3
_SITES_PER_TOWN = 10
_MOST_TOWNS, _FEWEST_TOWNS = 400, 6
_VILLAGES = 0.05
_PULL = 0.6
"""Towns are drawn by their population to this power: large ones more often, but not always."""
_SECOND_SERVICE = 0.2


@dataclass(frozen=True, slots=True)
class Pool:
    """Where the incidents of a large sample can happen. ``towns`` is largest first."""

    towns: tuple[Place, ...]
    customers: tuple[Customer, ...]
    sites: tuple[Site, ...]
    premises: tuple[Premises, ...]


def fill(
    builder: Builder, territory: Territory, gazetteer: Gazetteer, incidents: int, rng: random.Random
) -> Pool:
    """Return a pool for that many incidents: about a site for three of them."""
    if incidents <= 0:
        return Pool((), (), (), ())
    wanted = max(_FEWEST_TOWNS, incidents // INCIDENTS_PER_SITE)
    known = [p for p in gazetteer.places if p.state_code in territory.regions]
    towns = [place for place in known if place.population >= TOWN]
    villages = [place for place in known if 0 < place.population < TOWN]
    count = min(_MOST_TOWNS, max(_FEWEST_TOWNS, wanted // _SITES_PER_TOWN), len(towns))
    chosen = towns[:count]
    weights = list(accumulate(place.population**_PULL for place in chosen))
    customers: list[Customer] = []
    sites: list[Site] = []
    premises: list[Premises] = []
    while len(sites) < wanted:
        trade = builder.trade()
        town = rng.choices(chosen, cum_weights=weights)[0]
        customer = builder.customer(trade, town)
        customers.append(customer)
        for branch in builder.branches(trade):
            place = rng.choice(villages) if villages and rng.random() < _VILLAGES else town
            site = builder.site(customer, place, branch)
            sites.append(site)
            count = 2 if rng.random() < _SECOND_SERVICE else 1
            premises += [
                builder.uncounted(builder.premises(customer, site, trade)) for _ in range(count)
            ]
    return Pool(tuple(chosen), tuple(customers), tuple(sites), tuple(premises))
