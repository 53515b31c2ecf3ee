"""Who stands at which desk and who travels where, as the actors of the sample's commands."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from fieldtech.domain.commands import Actor
from fieldtech.domain.words import Role

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from fieldtech.central.sample.people import User
    from fieldtech.domain.reference import Person

_EVERYWHERE = "MX"


class Crew:
    """Finds the desk of a region and a technician for a state."""

    def __init__(self, users: Iterable[User]) -> None:
        people = [user.person for user in users]
        self._people = {person.id: person for person in people}
        self._desks: dict[str, Person] = {}
        self._by_state: dict[str, list[str]] = defaultdict(list)
        for person in people:
            for region_id in person.region_ids:
                if person.role is Role.DISPATCHER:
                    self._desks.setdefault(region_id, person)
                elif person.role is Role.TECHNICIAN:
                    self._by_state[region_id].append(person.id)

    def desk(self, region_path: Iterable[str]) -> Actor:
        """Return the dispatcher of the nearest region that has one."""
        nearest = next((r for r in region_path if r in self._desks), _EVERYWHERE)
        return self._actor(self._desks[nearest].id)

    def named(self, login: str) -> Actor:
        """Return the technician who signs in with that name."""
        return self._actor(f"u-{login}")

    def pair(self, state_id: str, rng: random.Random) -> tuple[Actor, Actor]:
        """Return two different technicians, of that state where it has them."""
        here = self._by_state.get(state_id) or sorted(chain.from_iterable(self._by_state.values()))
        first = rng.choice(here)
        others = [each for each in here if each != first]
        everybody = [each for ids in self._by_state.values() for each in ids if each != first]
        return self._actor(first), self._actor(rng.choice(others or everybody))

    def _actor(self, user_id: str) -> Actor:
        person = self._people[user_id]
        return Actor(
            id=person.id, role=person.role, region_ids=person.region_ids, device=f"d-{person.id}"
        )
