"""The sample set as values: the same seed, size and moment give the same set, to the last byte."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from fieldtech.central.importing.territory import Territory
from fieldtech.central.sample.bulk import MOST_MOULDS, Plan, Planner, mould
from fieldtech.central.sample.crew import Crew
from fieldtech.central.sample.day import Act, Director, Stage, acts
from fieldtech.central.sample.ids import seeded_uuid7
from fieldtech.central.sample.people import INCIDENTS_PER_BRIGADE, User, brigades, named_users
from fieldtech.central.sample.pool import Pool, fill
from fieldtech.central.sample.premises import Builder
from fieldtech.central.sample.telling import Cast, Rules, Telling
from fieldtech.central.sample.texts import Texts
from fieldtech.central.sample.works import planned_works
from fieldtech.domain.checklist import Template
from fieldtech.domain.planned import PlannedWork
from fieldtech.domain.policy import Policy, Rulebook
from fieldtech.domain.reference import Customer, Equipment, Region, Service, Site
from fieldtech.geo.gazetteer import Gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fieldtech.domain.case import Case

_FEWEST_COURSES = 40
_MOST_BRIGADES = 120
_DEMONSTRATION = "tecnico"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for. ``at`` is the present of the sample.

    ``one_technician`` gives every visit beyond the fixed day to the technician of the
    demonstration, to see how a very full agenda feels.
    """

    seed: int
    incidents: int
    at: datetime
    one_technician: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the sample is put into."""

    texts: Texts
    regions: tuple[Region, ...]
    gazetteer: Gazetteer
    policies: tuple[Policy, ...]
    default_policy: str
    templates: Mapping[str, Template]
    checklist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The set: its small parts as tuples, its cases one at a time (``cases``).

    ``folios`` counts the folios used by month (``YYMM``).
    """

    request: Request
    regions: tuple[Region, ...]
    users: tuple[User, ...]
    customers: tuple[Customer, ...]
    sites: tuple[Site, ...]
    services: tuple[Service, ...]
    equipment: tuple[Equipment, ...]
    planned: tuple[PlannedWork, ...]
    folios: Mapping[str, int]
    rulebook: Rulebook
    _acts: tuple[Act, ...]
    _plans: tuple[Plan, ...]
    _numbers: tuple[str, ...]
    _director: Director

    def cases(self) -> Iterator[Case]:
        """Yield every case, those of the fixed day first; the same ones at each call."""
        rng = _rng(self.request, "cases")
        fixed = len(self._acts)
        yield from self._director.cases(self._acts, self._numbers[:fixed], rng)
        yield from self._bulk(self._numbers[fixed:], rng)

    def _bulk(self, numbers: tuple[str, ...], rng: random.Random) -> Iterator[Case]:
        director = self._director
        storyteller = director.storyteller("moulds")
        courses = sorted({id(plan.course): plan.course for plan in self._plans}.items())
        ordered = list(dict.fromkeys(id(plan.course) for plan in self._plans))
        by_id = dict(courses)
        moulds = {each: mould(by_id[each], storyteller, director.rules) for each in ordered}
        for plan, number in zip(self._plans, numbers, strict=True):
            cast, form = self._cast(plan, number, rng), moulds[id(plan.course)]
            if form.exact:
                yield form.cast(cast, rng)
            else:
                told = Telling(cast, partial(seeded_uuid7, rng))
                storyteller.tell(told, plan.course.shape)
                yield told.play(director.rules)

    def _cast(self, plan: Plan, number: str, rng: random.Random) -> Cast:
        premises, director = plan.premises, self._director
        path = director.territory.path(premises.site.region_id)
        if self.request.one_technician:
            pair = (director.crew.named(_DEMONSTRATION), director.crew.pair(path[1], rng)[0])
        else:
            pair = director.crew.pair(path[1], rng)
        return Cast(
            incident_id=seeded_uuid7(rng, plan.start),
            visit_ids=(seeded_uuid7(rng, plan.start), seeded_uuid7(rng, plan.start)),
            number=number,
            region_id=premises.site.region_id,
            customer_id=premises.customer.id,
            site_id=premises.site.id,
            service_id=premises.service.id,
            equipment_id=premises.first_device,
            service_kind=premises.service.kind,
            total_users=premises.service.total_users,
            affected=plan.affected,
            title=plan.course.title,
            description=plan.course.description,
            channel=rng.choice(director.texts.faults.channels),
            desk=director.crew.desk(path),
            technicians=pair,
            repeat_of="",
            fault=plan.course.fault,
            start=plan.start,
        )


def generate(request: Request, world: World) -> Sample:
    """Make the sample set. Raises ``ValueError`` for a size below 1 or a naive moment."""
    if request.incidents < 1:
        raise ValueError("a sample has at least one incident")
    if request.at.tzinfo is None:
        raise ValueError("the present of a sample has a time zone")
    territory = Territory(world.regions, world.gazetteer)
    builder = Builder(world.texts, territory, _rng(request, "premises"), request.at)
    stage = Stage(world.texts, territory, builder)
    scenes = world.texts.day.scene[: request.incidents]
    policy = _rulebook(world, ()).current("")
    fixed = acts(scenes, stage, policy, _rng(request, "acts"), request.at)
    extra = request.incidents - len(fixed)
    pool = fill(builder, territory, world.gazetteer, extra, _rng(request, "pool"))
    users = _users(request, world, territory, pool, extra)
    rulebook = _rulebook(world, territory.regions.values())
    rules = Rules(rulebook, dict(world.templates), world.checklist)
    plans = _plans(request, world.texts, rules, pool, extra)
    premises = (*stage.premises, *pool.premises)
    numbers, folios = _numbered(fixed, plans)
    return Sample(
        request=request,
        regions=tuple(territory.regions.values()),
        users=users,
        customers=(*stage.customers, *pool.customers),
        sites=(*stage.sites, *pool.sites),
        services=tuple(each.service for each in premises),
        equipment=tuple(device for each in premises for device in each.equipment),
        planned=planned_works(rules, _rng(request, "works"), request.at),
        folios=folios,
        rulebook=rulebook,
        _acts=tuple(fixed),
        _plans=tuple(plans),
        _numbers=numbers,
        _director=Director(
            world.texts,
            territory,
            Crew(users),
            rules,
            f"{request.seed}:{request.incidents}",
        ),
    )


def _plans(request: Request, texts: Texts, rules: Rules, pool: Pool, extra: int) -> list[Plan]:
    if not extra:
        return []
    planner = Planner(texts, rules, _rng(request, "plans"))
    courses = planner.courses(min(MOST_MOULDS, max(_FEWEST_COURSES, extra)))
    plans = planner.plans(courses, list(pool.premises), extra, request.at)
    # Neighbours together: each batch then concerns few sites and few technicians, which is what
    # the writer's time depends on.
    return sorted(plans, key=lambda plan: (plan.premises.site.region_id, plan.premises.site.id))


def _users(
    request: Request, world: World, territory: Territory, pool: Pool, extra: int
) -> tuple[User, ...]:
    named = named_users(territory, world.texts.names)
    if not extra:
        return named
    # One brigade at least in each state, the more the larger its towns come first.
    states = list(dict.fromkeys(town.state_code for town in pool.towns))
    first = [next(t for t in pool.towns if t.state_code == state) for state in states]
    towns = [*first, *(town for town in pool.towns if town not in first)]
    count = min(_MOST_BRIGADES, max(len(first), extra // INCIDENTS_PER_BRIGADE))
    return named + brigades(towns, count, world.texts.names, _rng(request, "brigades"))


def _numbered(fixed: list[Act], plans: list[Plan]) -> tuple[tuple[str, ...], dict[str, int]]:
    """Give folios in the order of registration, counted anew in each month (UTC)."""
    moments = [act.start + timedelta(seconds=act.shape.respond_s) for act in fixed]
    moments += [plan.start + timedelta(seconds=plan.course.shape.respond_s) for plan in plans]
    used: Counter[str] = Counter()
    numbers = [""] * len(moments)
    for index in sorted(range(len(moments)), key=lambda each: (moments[each], each)):
        month = f"{moments[index].astimezone(UTC):%y%m}"
        used[month] += 1
        numbers[index] = f"INC-{month}{used[month]:04d}"
    return tuple(numbers), dict(used)


def _rulebook(world: World, regions: Iterable[Region]) -> Rulebook:
    return Rulebook(
        policies=world.policies,
        default_policy_id=world.default_policy,
        region_parents={region.id: region.parent_id for region in regions},
    )


def _rng(request: Request, purpose: str) -> random.Random:
    """A stream of its own for each purpose, so that one more draw in one part moves no other."""
    return random.Random(f"{request.seed}:{request.incidents}:{purpose}")  # noqa: S311  no secret
