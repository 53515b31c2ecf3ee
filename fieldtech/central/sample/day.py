"""The fixed day: forty incidents that look the same for every seed but for their small print."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fieldtech.central.importing.territory import Territory
from fieldtech.central.sample.bulk import affected_for
from fieldtech.central.sample.crew import Crew
from fieldtech.central.sample.ids import seeded_uuid7
from fieldtech.central.sample.plots import ADMINISTRATIVE, Shape
from fieldtech.central.sample.premises import Premises
from fieldtech.central.sample.stories import Storyteller
from fieldtech.central.sample.telling import Cast, Rules, Telling
from fieldtech.central.sample.texts import Scene, Texts
from fieldtech.domain.words import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldtech.central.sample.premises import Builder
    from fieldtech.domain.case import Case
    from fieldtech.domain.commands import Actor
    from fieldtech.domain.policy import Policy
    from fieldtech.domain.reference import Customer, Site

_LEAST_S = 240
_WAITING_S = 300
_PLAIN_RESPONSE = 0.4


@dataclass(frozen=True, slots=True)
class Act:
    """A scene with its place, its times, and what its incident is called."""

    scene: Scene
    premises: Premises
    shape: Shape
    start: datetime
    incident_id: str


class Stage:
    """Builds the premises of the scenes; the same customer and site serve several scenes."""

    def __init__(self, texts: Texts, territory: Territory, builder: Builder) -> None:
        self._texts = texts
        self._territory = territory
        self._builder = builder
        self._customers: dict[str, Customer] = {}
        self._sites: dict[tuple[str, str, str], Site] = {}
        self._premises: dict[tuple[str, str], Premises] = {}

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Every customer made so far."""
        return tuple(self._customers.values())

    @property
    def sites(self) -> tuple[Site, ...]:
        """Every site made so far."""
        return tuple(self._sites.values())

    @property
    def premises(self) -> tuple[Premises, ...]:
        """Every service made so far."""
        return tuple(self._premises.values())

    def of(self, scene: Scene) -> Premises:
        """Return where the scene plays."""
        place = self._territory.town_named(scene.town, scene.state)[0]
        customer = self._customers.get(scene.customer)
        if customer is None:
            customer = self._builder.customer(scene.trade, place, scene.customer)
            self._customers[scene.customer] = customer
        where = (scene.customer, scene.town, scene.site)
        site = self._sites.get(where)
        if site is None:
            site = self._addressed(self._builder.site(customer, place, scene.site), scene)
            self._sites[where] = site
        what = (site.id, scene.product)
        if what not in self._premises:
            self._premises[what] = self._builder.premises(
                customer, site, scene.trade, scene.product
            )
        return self._premises[what]

    def _addressed(self, site: Site, scene: Scene) -> Site:
        return replace(
            site,
            street=scene.street or site.street,
            neighbourhood=scene.neighbourhood or site.neighbourhood,
            postcode=scene.postcode or site.postcode,
        )


def acts(
    scenes: Sequence[Scene], stage: Stage, policy: Policy, rng: random.Random, at: datetime
) -> list[Act]:
    """Return the scenes with their times: relative to the policy's targets and to ``at``."""
    made = []
    for scene in scenes:
        shape = _shape(scene, policy)
        start = at - timedelta(seconds=shape.elapsed_s)
        made.append(Act(scene, stage.of(scene), shape, start, seeded_uuid7(rng, start)))
    return made


def _shape(scene: Scene, policy: Policy) -> Shape:
    targets = policy.targets(scene.severity, ())
    elapsed = scene.ago_s
    if scene.left_s is not None:
        elapsed = max(_LEAST_S, targets.restoration_s - scene.left_s)
    respond = round(targets.response_s * _PLAIN_RESPONSE)
    return Shape(
        plot=scene.plot,
        severity=scene.severity,
        elapsed_s=elapsed,
        took_s=scene.took_s,
        respond_s=min(respond, elapsed // 3),
        answered=scene.answered,
        called=scene.called,
        note=scene.note,
    )


@dataclass(frozen=True, slots=True)
class Director:
    """Plays the acts."""

    texts: Texts
    territory: Territory
    crew: Crew
    rules: Rules
    seed: str

    def cases(
        self, acts: Sequence[Act], numbers: Sequence[str], rng: random.Random
    ) -> Iterator[Case]:
        """Yield the cases of the acts; a case that a later act changes comes as it is after it."""
        storyteller = self.storyteller("day")
        played: dict[str, Case] = {}
        keys = {act.scene.key: act.incident_id for act in acts if act.scene.key}
        for act, number in zip(acts, numbers, strict=True):
            telling = Telling(
                self._cast(act, number, keys, rng), lambda moment: seeded_uuid7(rng, moment)
            )
            original = keys.get(act.scene.duplicate_of, "")
            storyteller.tell(telling, act.shape, duplicate_of=original)
            case = telling.play(self.rules, original=played.get(original))
            if original and case.original is not None:
                played[original] = replace(played[original], incident=case.original)
            played[act.incident_id] = replace(case, original=None)
        yield from played.values()

    def storyteller(self, purpose: str) -> Storyteller:
        """Return one that draws the same random numbers for a purpose each time."""
        rng = random.Random(f"{self.seed}:{purpose}")  # noqa: S311  no secret
        return Storyteller(self.texts, self.rules, rng)

    def _cast(self, act: Act, number: str, keys: dict[str, str], rng: random.Random) -> Cast:
        scene, premises = act.scene, act.premises
        fault = self.texts.fault(scene.fault)
        told = fault or self.texts.paperwork(scene.fault)
        paperwork = act.shape.plot in ADMINISTRATIVE
        path = self.territory.path(premises.site.region_id)
        return Cast(
            incident_id=act.incident_id,
            visit_ids=(seeded_uuid7(rng, act.start), seeded_uuid7(rng, act.start)),
            number=number,
            region_id=premises.site.region_id,
            customer_id=premises.customer.id,
            site_id=premises.site.id,
            service_id=premises.service.id,
            equipment_id=premises.first_device,
            service_kind=premises.service.kind,
            total_users=premises.service.total_users,
            affected=None if paperwork else self._affected(act, rng),
            title=scene.fault,
            description=told.description if told else "",
            channel=rng.choice(self.texts.faults.channels),
            desk=self.crew.desk(path),
            technicians=self._technicians(scene, premises, rng),
            repeat_of=keys.get(scene.repeat_of, ""),
            fault=fault,
            start=act.start,
        )

    def _affected(self, act: Act, rng: random.Random) -> int | None:
        """A count that gives the scene's severity; else one that the desk has to override."""
        total = act.premises.service.total_users
        if act.scene.everybody:
            return total
        affected = affected_for(self.rules, act.premises, act.shape.severity, rng)
        if affected is not None or total is None:
            return affected
        return total if act.shape.severity is Severity.MAJOR else 1

    def _technicians(
        self, scene: Scene, premises: Premises, rng: random.Random
    ) -> tuple[Actor, Actor]:
        state = self.territory.path(premises.site.region_id)[1]
        pair = self.crew.pair(state, rng)
        first = self.crew.named(scene.technician) if scene.technician else pair[0]
        second = self.crew.named(scene.other) if scene.other else pair[1]
        return first, second
