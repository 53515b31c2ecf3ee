"""The sample beyond its fixed day: as many plausible incidents as are asked for, by weights."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from fieldtech.central.sample.mould import (
    AFFECTED,
    EPOCH,
    STAND_IN_REGION,
    TOTAL,
    Mould,
    StandInIds,
    stand_in,
)
from fieldtech.central.sample.plots import ADMINISTRATIVE, OVER, UNACCEPTED, Plot, Shape
from fieldtech.central.sample.premises import UNCOUNTED, Premises
from fieldtech.central.sample.telling import Cast, Telling
from fieldtech.central.sample.texts import Fault
from fieldtech.domain.severity import suggested
from fieldtech.domain.words import Role, Severity

if TYPE_CHECKING:
    import random

    from fieldtech.central.sample.stories import Storyteller
    from fieldtech.central.sample.telling import Rules
    from fieldtech.central.sample.texts import Texts

MOST_MOULDS = 400
_TRIES = 12
_RECENT_DAYS, _OLD_DAYS = 12, 50
_OLD_SHARE = 0.1
_MAJOR_SHARE = 0.4
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400

_WEIGHTS: dict[Plot, int] = {
    Plot.REPORTED: 3,
    Plot.UNASSIGNED: 14,
    Plot.ASSIGNED: 22,
    Plot.ACCEPTED: 15,
    Plot.EN_ROUTE: 6,
    Plot.ON_SITE: 5,
    Plot.AWAY: 1,
    Plot.PAUSED: 2,
    Plot.PAUSED_ACCEPTED: 2,
    Plot.PAUSED_ON_SITE: 1,
    Plot.REASSIGNED: 2,
    Plot.DECLINED: 1,
    Plot.UNABLE: 1,
    Plot.REFAILED: 1,
    Plot.RESTORED: 2,
    Plot.RESTORED_REMOTELY: 3,
    Plot.RESTORED_EXCUSED: 1,
    Plot.CLOSED: 3,
    Plot.CLOSED_REMOTELY: 6,
    Plot.CLOSED_EXCUSED: 1,
    Plot.CANCELLED: 3,
    Plot.REJECTED: 1,
    Plot.PAPERWORK: 2,
    Plot.PAPERWORK_VISIT: 1,
    Plot.PAPERWORK_CLOSED: 1,
}
"""Mostly open work: it is what laptops hold."""

_ENDED = frozenset(
    {
        Plot.CLOSED,
        Plot.CLOSED_REMOTELY,
        Plot.CLOSED_EXCUSED,
        Plot.CANCELLED,
        Plot.REJECTED,
        Plot.PAPERWORK_CLOSED,
    }
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One incident to come: its course, about what, since when."""

    course: Course
    premises: Premises
    affected: int | None
    start: datetime


@dataclass(frozen=True, slots=True)
class Course:
    """A shape with the fault it is about, and whether anybody counts the users."""

    shape: Shape
    fault: Fault | None
    title: str
    description: str
    product: str
    service_kind: str
    counted: bool


class Planner:
    """Draws courses and plans."""

    def __init__(self, texts: Texts, rules: Rules, rng: random.Random) -> None:
        self._texts = texts
        self._rules = rules
        self._policy = rules.rulebook.current(STAND_IN_REGION)
        self._rng = rng

    def courses(self, count: int) -> list[Course]:
        """Return different courses, in which each plot has its weight."""
        rng = self._rng
        plots = rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=count)
        return [self._course(plot) for plot in plots]

    def plans(
        self, courses: list[Course], pool: list[Premises], count: int, at: datetime
    ) -> list[Plan]:
        """Return ``count`` plans whose present is ``at``, in no particular order."""
        rng = self._rng
        by_product: dict[tuple[str, bool], list[Premises]] = defaultdict(list)
        for premises in pool:
            counted = premises.service.total_users is not None
            by_product[premises.product, counted].append(premises)
        usable: list[Course] = []
        while not usable:
            usable = [c for c in courses if (c.product, c.counted) in by_product]
            courses = self.courses(len(courses))
        plans: list[Plan] = []
        while len(plans) < count:
            course = rng.choice(usable)
            premises = rng.choice(by_product[course.product, course.counted])
            affected = affected_for(self._rules, premises, course.shape.severity, rng)
            if course.counted and affected is None:
                continue  # no count of these users gives that severity: another customer's fault
            plans.append(Plan(course, premises, affected, self._start(course.shape, at)))
        return plans

    def _course(self, plot: Plot) -> Course:
        rng, texts = self._rng, self._texts
        fault = None if plot in ADMINISTRATIVE else rng.choice(texts.faults.fault)
        told = fault or rng.choice(texts.faults.administrative)
        products = fault.products if fault else tuple(p.id for p in texts.products.product)
        product = texts.product(rng.choice(products))
        severity = Severity.MAJOR if rng.random() < _MAJOR_SHARE else Severity.MINOR
        return Course(
            shape=self._shape(plot, severity),
            fault=fault,
            title=told.title,
            description=told.description,
            product=product.id,
            service_kind=product.kind,
            counted=rng.random() >= UNCOUNTED,
        )

    def _shape(self, plot: Plot, severity: Severity) -> Shape:
        rng = self._rng
        targets = self._policy.targets(severity, ())
        respond = round(targets.response_s * rng.choice((0.2, 0.3, 0.4, 0.6, 0.8, 1.3)))
        took = round(targets.restoration_s * rng.choice((0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.4)))
        elapsed = self._elapsed(targets.restoration_s)
        if plot in UNACCEPTED:
            elapsed = round(targets.response_s * rng.uniform(0.2, 1.6)) + _MINUTE
        elif plot in ADMINISTRATIVE:
            elapsed = rng.randint(2 * _HOUR, 4 * _DAY)
        elif plot in OVER:
            elapsed = took + rng.randint(40 * _MINUTE, 5 * _HOUR)
        elif plot in _ENDED:
            elapsed = rng.randint(_HOUR, 5 * _HOUR)
        return Shape(
            plot=plot,
            severity=severity,
            elapsed_s=elapsed,
            took_s=took if plot in OVER else 0,
            respond_s=min(respond, max(_MINUTE, elapsed // 2)),
            answered=rng.randint(1, 4) if plot in (Plot.ON_SITE, Plot.AWAY) else 0,
            note=rng.choice(self._texts.faults.notes.desk) if rng.random() < _OLD_SHARE else "",
        )

    def _elapsed(self, target_s: int) -> int:
        """Since the report, of what is open: most in time, some at risk, some too late."""
        rng = self._rng
        band = rng.choices(((0.05, 0.7), (0.7, 1.0), (1.0, 2.5)), (60, 22, 18))[0]
        return max(10 * _MINUTE, round(target_s * rng.uniform(*band)))

    def _start(self, shape: Shape, at: datetime) -> datetime:
        rng = self._rng
        ago = shape.elapsed_s + rng.randrange(_MINUTE)
        if shape.plot in _ENDED:
            days = _OLD_DAYS if rng.random() < _OLD_SHARE else _RECENT_DAYS
            ago += rng.randint(2 * _HOUR, days * _DAY)
        return at - timedelta(seconds=ago)


def affected_for(
    rules: Rules, premises: Premises, severity: Severity, rng: random.Random
) -> int | None:
    """Return a count of affected users that the policy gives that severity.

    ``None``: nobody knows the total, or no count does.
    """
    total = premises.service.total_users
    if total is None:
        return None
    policy = rules.rulebook.current(premises.site.region_id)
    tries = chain((rng.randint(1, total) for _ in range(_TRIES)), (1, total))
    return next((n for n in tries if suggested(policy, n, total) is severity), None)


def mould(course: Course, storyteller: Storyteller, rules: Rules) -> Mould:
    """Play a course once with stand-ins."""
    counted = course.counted
    cast = Cast(
        incident_id="@@incident@@",
        visit_ids=("@@visit0@@", "@@visit1@@"),
        number="@@number@@",
        region_id=STAND_IN_REGION,
        customer_id="@@customer@@",
        site_id="@@site@@",
        service_id="@@service@@",
        equipment_id="@@equipment@@",
        service_kind=course.service_kind,
        total_users=TOTAL if counted else None,
        affected=_stand_in_count(course, rules) if counted else None,
        title=course.title,
        description=course.description,
        channel="@@channel@@",
        desk=stand_in(Role.DISPATCHER, "desk"),
        technicians=(stand_in(Role.TECHNICIAN, "tech0"), stand_in(Role.TECHNICIAN, "tech1")),
        repeat_of="",
        fault=course.fault,
        start=EPOCH,
    )
    ids = StandInIds()
    telling = Telling(cast, ids)
    storyteller.tell(telling, course.shape)
    return Mould(telling.play(rules), ids)


def _stand_in_count(course: Course, rules: Rules) -> int:
    policy = rules.rulebook.current(STAND_IN_REGION)
    wanted = course.shape.severity
    return next(n for n in AFFECTED.values() if suggested(policy, n, TOTAL) is wanted)
