"""The sample's users: the ones people sign in as, and as many brigades as the work needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.domain.reference import Person
from fieldtech.domain.words import Role

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from fieldtech.central.importing.territory import Territory
    from fieldtech.central.sample.texts import Names
    from fieldtech.geo.gazetteer import Place

INCIDENTS_PER_BRIGADE = 60
BRIGADE_PASSWORD = "brigada-demo-1"  # noqa: S105  published on purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person with how he signs in to the sample."""

    person: Person
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class _Post:
    login: str
    name: str
    region_id: str
    town: str
    skills: tuple[str, ...]


_DESKS = (
    ("admin", "Administración", Role.ADMIN, ()),
    ("supervisor", "Beatriz Montemayor", Role.SUPERVISOR, ("MX",)),
    ("central", "Mesa Central", Role.DISPATCHER, ("MX",)),
    ("noreste", "Octavio Elizondo", Role.DISPATCHER, ("MX-noreste",)),
    ("noroeste", "Yadira Gastélum", Role.DISPATCHER, ("MX-noroeste", "MX-norte")),
)
"""Login, name, role and granted regions of those who do not travel."""

_POSTS = (
    _Post("tecnico", "Luis Ángel Treviño", "MX-NLE", "Monterrey", ("fiber", "lan", "wifi", "sip")),
    _Post("saltillo", "Rosa Isela Cárdenas", "MX-COA", "Saltillo", ("fiber", "radio", "lan")),
    _Post("reynosa", "Ramiro De la Garza", "MX-TAM", "Reynosa", ("fiber", "lan", "sip")),
    _Post("tijuana", "Marcela Bojórquez", "MX-BCN", "Tijuana", ("fiber", "wifi", "sip")),
    _Post("juarez", "Isaac Nájera", "MX-CHH", "Ciudad Juárez", ("radio", "fiber", "lan")),
    _Post("mexico", "Citlali Xicoténcatl", "MX-CMX", "Ciudad de México", ("sip", "lan", "wifi")),
    _Post("jalisco", "Héctor Villaseñor", "MX-JAL", "Guadalajara", ("fiber", "lan", "sip")),
    _Post("cancun", "Nayeli Canché", "MX-ROO", "Cancún", ("wifi", "fiber", "lan")),
)
"""The brigades with a name; the first one's agenda is what the demonstration opens."""


def named_users(territory: Territory, names: Names) -> tuple[User, ...]:
    """Return the fixed users. Passwords are ``<login>-demo-1``."""
    desks = tuple(
        User(
            person=Person(
                id=f"u-{login}",
                name=name,
                role=role,
                region_ids=regions,
                phone=_phone(names, "MX-CMX", number),
                email=f"{login}@operador.example",
            ),
            login=login,
            password=f"{login}-demo-1",
        )
        for number, (login, name, role, regions) in enumerate(_DESKS, 1)
    )
    return desks + tuple(_posted(post, territory, names, n) for n, post in enumerate(_POSTS, 101))


def brigades(
    towns: Iterable[Place], count: int, names: Names, rng: random.Random
) -> tuple[User, ...]:
    """Return ``count`` technicians based in ``towns`` by turns; all share a password."""
    bases = list(towns)
    made = []
    for number in range(count):
        base = bases[number % len(bases)]
        person = Person(
            id=f"u-brigada-{number + 1:03d}",
            name=f"{rng.choice(names.given)} {rng.choice(names.surnames)}",
            role=Role.TECHNICIAN,
            region_ids=(base.state_code,),
            phone=_phone(names, base.state_code, 200 + number),
            email=f"brigada-{number + 1:03d}@operador.example",
            skills=tuple(sorted(rng.sample(("fiber", "lan", "radio", "sip", "wifi"), 3))),
            base_lat=base.lat,
            base_lon=base.lon,
        )
        login = f"brigada-{number + 1:03d}"
        made.append(User(person=person, login=login, password=BRIGADE_PASSWORD))
    return tuple(made)


def _posted(post: _Post, territory: Territory, names: Names, number: int) -> User:
    town = territory.town_named(post.town, post.region_id)[0]
    person = Person(
        id=f"u-{post.login}",
        name=post.name,
        role=Role.TECHNICIAN,
        region_ids=(post.region_id,),
        phone=_phone(names, post.region_id, number),
        email=f"{post.login}@operador.example",
        skills=post.skills,
        base_lat=town.lat,
        base_lon=town.lon,
    )
    return User(person=person, login=post.login, password=f"{post.login}-demo-1")


def _phone(names: Names, state_id: str, number: int) -> str:
    lada = next(state.lada for state in names.state if state.id == state_id)
    return f"+52 {lada} {'0' * (6 - len(lada))} {number:04d}"
