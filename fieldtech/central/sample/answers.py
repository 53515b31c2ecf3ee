"""What a technician of the sample writes into his checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.checklist import judge
from fieldtech.domain.words import CheckStatus

if TYPE_CHECKING:
    import random

    from fieldtech.central.sample.texts import Answers, Fault
    from fieldtech.domain.checklist import Item, Template


def answers(
    template: Template, service_kind: str, fault: Fault | None, values: Answers, rng: random.Random
) -> list[AnswerCheck]:
    """Return an answer for every item asked for that kind of service, mandatory ones first.

    What the fault is known to break comes out bad.
    """
    asked = [item for item in template.items if item.applies_to(service_kind)]
    asked.sort(key=lambda item: not item.mandatory)
    fails = fault.fails if fault else ()
    return [_answer(item, values, rng, bad=item.id in fails) for item in asked]


def _answer(item: Item, values: Answers, rng: random.Random, *, bad: bool) -> AnswerCheck:
    known = (values.bad if bad else values.good).get(item.id, ())
    value = rng.choice(known) if known else ""
    status = judge(item, value) if value else None
    return AnswerCheck(
        item=item.id,
        status=status or (CheckStatus.FAIL if bad else CheckStatus.PASS),
        value=f"{value} {item.unit}".strip() if value else "",
    )
