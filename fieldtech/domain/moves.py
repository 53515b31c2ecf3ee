"""A command on its way through the rules: everything one rule needs, and how it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from fieldtech.domain.case import Case, Context
from fieldtech.domain.commands import Actor, Command
from fieldtech.domain.incident import Incident
from fieldtech.domain.visit import Visit

if TYPE_CHECKING:
    from datetime import datetime

ArgsT_co = TypeVar("ArgsT_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[ArgsT_co]):
    """One command, with its arguments typed, against the incident of its case.

    ``target_visit`` is set when the command names a visit. Role, state and expectations have
    been judged before a rule sees the move.
    """

    case: Case
    incident: Incident
    target_visit: Visit | None
    command: Command
    context: Context
    args: ArgsT_co

    @property
    def actor(self) -> Actor:
        """Who issued the command."""
        return self.command.actor

    @property
    def at(self) -> datetime:
        """When it was done, by the sender's best estimate."""
        return self.command.occurred_at


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMove(Move[ArgsT_co]):
    """A command on a visit, which is known to be in the case."""

    visit: Visit


def put_incident(case: Case, incident: Incident) -> Case:
    """Return ``case`` with this incident."""
    return replace(case, incident=incident)


def put_visit(case: Case, visit: Visit) -> Case:
    """Return ``case`` with ``visit`` in the place of the one with its id, or added at the end."""
    if case.visit(visit.id) is None:
        return replace(case, visits=(*case.visits, visit))
    return replace(case, visits=tuple(visit if v.id == visit.id else v for v in case.visits))
