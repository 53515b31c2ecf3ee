"""One incident's story as commands, played through the same rules that everything goes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FunctionType

from fieldtech.central.sample.texts import Fault
from fieldtech.domain.apply import apply
from fieldtech.domain.case import Case, Context, Rejection
from fieldtech.domain.checklist import Template
from fieldtech.domain.commands import Actor, Command
from fieldtech.domain.policy import Rulebook
from fieldtech.domain.words import Role
from fieldtech.errors import Bug

SYSTEM = Actor(id="system", role=Role.SYSTEM)
FIRST_VISIT, SECOND_VISIT = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody and everything a story names.

    ``visit_ids`` and ``technicians`` hold a second one for stories in which somebody else takes
    over. ``affected`` ``None``: nobody counted; ``severity_by_hand`` is then what the desk chose.
    ``start`` is the customer's report.
    """

    incident_id: str
    visit_ids: tuple[str, str]
    number: str
    region_id: str
    customer_id: str
    site_id: str
    service_id: str
    equipment_id: str
    service_kind: str
    total_users: int | None
    affected: int | None
    title: str
    description: str
    channel: str
    desk: Actor
    technicians: tuple[Actor, Actor]
    repeat_of: str
    fault: Fault | None
    start: datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rules need besides the case, the same for every story."""

    rulebook: Rulebook
    templates: dict[str, Template]
    checklist: str


@dataclass(slots=True)
class _Step:
    offset_s: float
    actor: Actor
    name: str
    target: str
    args: object | Callable[[datetime], object]


@dataclass(slots=True)
class Telling:
    """Gathers steps at offsets in seconds from the report, and plays them in order of time.

    Steps told at the same moment stay in the order of telling.
    """

    cast: Cast
    new_op_id: Callable[[datetime], str]
    _steps: list[_Step] = field(default_factory=list)

    @property
    def incident(self) -> str:
        """The incident as a command's target."""
        return f"incident:{self.cast.incident_id}"

    def visit(self, which: int = FIRST_VISIT) -> str:
        """Return a visit as a command's target."""
        return f"visit:{self.cast.visit_ids[which]}"

    def tell(
        self,
        offset_s: float,
        actor: Actor,
        name: str,
        args: object | Callable[[datetime], object],
        target: str = "",
    ) -> None:
        """Add a step on ``target`` (by default the incident).

        Arguments that hold the step's own time are given as a function of it.
        """
        self._steps.append(_Step(offset_s, actor, name, target or self.incident, args))

    def then(
        self,
        delay_s: float,
        actor: Actor,
        name: str,
        args: object | Callable[[datetime], object],
        target: str = "",
    ) -> None:
        """Add a step ``delay_s`` after the last one."""
        self.tell(self.last_offset + delay_s, actor, name, args, target)

    def on_visit(self, delay_s: float, name: str, args: object, which: int = FIRST_VISIT) -> None:
        """Add a step of a visit's own technician on it."""
        self.then(delay_s, self.cast.technicians[which], name, args, self.visit(which))

    @property
    def last_offset(self) -> float:
        """When the last step told so far happens; 0 before there is one."""
        return max((step.offset_s for step in self._steps), default=0.0)

    def squeeze(self, limit_s: float) -> None:
        """Bring all that was told forward in proportion, to end ``limit_s`` after the report."""
        last = self.last_offset
        if last <= limit_s:
            return
        for step in self._steps:
            step.offset_s = round(step.offset_s * limit_s / last)

    def play(self, rules: Rules, *, original: Case | None = None) -> Case:
        """Return the case after every step. A refused step is a fault of the story: ``Bug``.

        ``original`` is the case that this one is marked as a duplicate of.
        """
        known = original.incident if original else None
        case = Case(original=known)
        for step in sorted(self._steps, key=lambda step: step.offset_s):
            at = self.cast.start + timedelta(seconds=step.offset_s)
            command = Command(
                op_id=self.new_op_id(at),
                name=step.name,
                target=step.target,
                actor=step.actor,
                occurred_at=at,
                args=step.args(at) if isinstance(step.args, FunctionType) else step.args,
            )
            verdict = apply(case, command, self._context(rules, at))
            if isinstance(verdict, Rejection):
                told = f"{step.name} at {step.offset_s} s: {verdict.code} {verdict.detail}"
                raise Bug(f"the sample's story “{self.cast.title}” breaks the rules: {told}")
            case = verdict.case
        return case

    def _context(self, rules: Rules, now: datetime) -> Context:
        return Context(
            now=now,
            rules=rules.rulebook,
            number=self.cast.number,
            total_users=self.cast.total_users,
            service_kind=self.cast.service_kind,
            templates=rules.templates,
            default_checklist=rules.checklist,
        )
