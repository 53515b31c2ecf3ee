"""Planned works of the sample: one to come, one done, one corrective, one called off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fieldtech.central.sample.ids import seeded_uuid7
from fieldtech.domain.case import Context, Rejection
from fieldtech.domain.commands import Actor, Command, Reason
from fieldtech.domain.planned_commands import AnnouncePlanned
from fieldtech.domain.planned_rules import apply_planned
from fieldtech.domain.words import Role
from fieldtech.errors import Bug

if TYPE_CHECKING:
    import random
    from datetime import datetime

    from fieldtech.central.sample.telling import Rules
    from fieldtech.domain.planned import PlannedWork

_SUPERVISOR = Actor(id="u-supervisor", role=Role.SUPERVISOR, region_ids=("MX",))
_NIGHT = timedelta(hours=3)


def planned_works(rules: Rules, rng: random.Random, at: datetime) -> tuple[PlannedWork, ...]:
    """Return four works around ``at``, each made by the commands that make real ones."""
    midnight = at.replace(hour=7, minute=0, second=0, microsecond=0)
    plans = (
        (
            AnnouncePlanned(
                title="Actualización de la plataforma de voz",
                scope=("region:MX-noreste",),
                start=midnight + timedelta(days=4),
                end=midnight + timedelta(days=4) + _NIGHT,
                notice_text="De 1:00 a 4:00 h las llamadas pueden cortarse hasta 10 minutos.",
            ),
            at - timedelta(days=9),
            "",
        ),
        (
            AnnouncePlanned(
                title="Cambio de transceptores en la central Obispado",
                scope=("region:MX-NLE",),
                start=midnight - timedelta(days=3),
                end=midnight - timedelta(days=3) + _NIGHT,
                notice_text="Interrupción de hasta 30 minutos en la zona metropolitana.",
            ),
            at - timedelta(days=15),
            "",
        ),
        (
            AnnouncePlanned(
                title="Sustitución urgente de banco de baterías",
                scope=("region:MX-JAL", "region:MX-BCN"),
                start=at + timedelta(hours=6),
                end=at + timedelta(hours=6) + _NIGHT,
                corrective=True,
                notice_text="Trabajo correctivo: sin afectación prevista.",
            ),
            at - timedelta(minutes=50),
            "",
        ),
        (
            AnnouncePlanned(
                title="Migración de enlaces a la ruta costera",
                scope=("region:MX-ROO",),
                start=midnight + timedelta(days=6),
                end=midnight + timedelta(days=6) + _NIGHT,
                notice_text="Dos cortes de 15 minutos.",
            ),
            at - timedelta(days=6),
            "El aliado pospuso sus trabajos.",
        ),
    )
    return tuple(
        _work(args, announced, cancelled, rules, rng) for args, announced, cancelled in plans
    )


def _work(
    args: AnnouncePlanned, announced: datetime, cancelled: str, rules: Rules, rng: random.Random
) -> PlannedWork:
    target = f"planned:{seeded_uuid7(rng, announced)}"
    work = _applied(None, _command("planned.announce", target, args, announced, rng), rules)
    if not cancelled:
        return work
    later = announced + timedelta(days=2)
    reason = Reason(reason=cancelled)
    return _applied(work, _command("planned.cancel", target, reason, later, rng), rules)


def _command(name: str, target: str, args: object, at: datetime, rng: random.Random) -> Command:
    return Command(
        op_id=seeded_uuid7(rng, at),
        name=name,
        target=target,
        actor=_SUPERVISOR,
        occurred_at=at,
        args=args,
    )


def _applied(work: PlannedWork | None, command: Command, rules: Rules) -> PlannedWork:
    context = Context(now=command.occurred_at, rules=rules.rulebook)
    verdict = apply_planned(work, command, context)
    if isinstance(verdict, Rejection):
        raise Bug(f"the sample's planned work breaks the rules: {verdict.code} {verdict.detail}")
    return verdict[0]
