"""The interface's resolvers: whether they answer, how fast, and whether somebody lies for them."""

from __future__ import annotations

from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from fieldtech.diagnostics.names import ask, random_label
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured, number
from fieldtech.diagnostics.parallel import at_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.names import Reply

MOST_RESOLVERS = 3
MADE_UP = ("example", "com")
"""Under these a label of chance is asked for: nobody has registered it under either."""


def run(context: Context) -> Outcome:
    """Ask every resolver of the interface for the policy's names, and for one that is made up."""
    if not context.targets.dns_names:
        return not_measured(Reason.NO_TARGET)
    resolvers = list(context.resolvers)[:MOST_RESOLVERS]
    if not resolvers:
        # A lease without a resolver is one thing, a system that does not tell it another.
        told = context.configuration().source not in {"", "psutil"}
        if not told:
            return not_measured(Reason.NOT_TOLD)
        return Outcome(values={"internet.dns_answers": "none"}, evidence={"resolvers": []})
    invented = [f"{random_label()}.{each}" for each in MADE_UP]
    questions = [
        (resolver, name, kind)
        for resolver in resolvers
        for name, kinds in (
            *((name, ("A",)) for name in context.targets.dns_names),
            *((name, ("A", "AAAA")) for name in invented),
        )
        for kind in kinds
    ]
    replies = at_once([partial(ask, context, *question) for question in questions])
    named = [(q, r) for q, r in zip(questions, replies, strict=True) if q[1] not in invented]
    made_up = [(q, r) for q, r in zip(questions, replies, strict=True) if q[1] in invented]
    return outcome_of(resolvers, named, made_up)


Asked = tuple[tuple[str, str, str], "Reply"]


def outcome_of(
    resolvers: Sequence[str], named: Sequence[Asked], made_up: Sequence[Asked]
) -> Outcome:
    """Return what the answers say; a question is a resolver, a name and a kind of record."""
    every = [*named, *made_up]
    asked = {resolver for (resolver, _, _), reply in every if reply.asked}
    # No resolver keeps a made-up name: its time is of those that are asked in turn, not its own.
    times = _times(named) or _times(made_up)
    values: dict[str, str] = {}
    unmeasured: dict[str, Reason] = {}
    if asked:
        values["internet.dns_answers"] = _answers(asked, named, made_up)
    else:
        unmeasured["internet.dns_answers"] = Reason.NO_ADDRESS
    if times:
        values["internet.dns"] = number(median(times))
    else:
        unmeasured["internet.dns"] = Reason.UNREACHED
    heard = [reply for _, reply in made_up if reply.answered]
    if any(reply.addresses for reply in heard):
        values["internet.dns_hijack"] = "hijacked"
    elif heard and all(_denies(reply) for reply in heard):
        values["internet.dns_hijack"] = "clean"
    else:
        unmeasured["internet.dns_hijack"] = Reason.UNREACHED
    evidence = {
        "resolvers": list(resolvers),
        "answers": [
            {
                "resolver": resolver,
                "name": name,
                "type": kind,
                "rcode": reply.rcode,
                "addresses": list(reply.addresses),
                "asked": reply.asked,
                "truncated": reply.truncated,
                "ms": None if reply.ms is None else round(reply.ms, 1),
            }
            for (resolver, name, kind), reply in every
        ],
    }
    return Outcome(values=values, unmeasured=unmeasured, evidence=evidence)


def _times(asked: Sequence[Asked]) -> list[float]:
    return [reply.ms for _, reply in asked if reply.ms is not None]


def _denies(reply: Reply) -> bool:
    return reply.rcode in {"NOERROR", "NXDOMAIN"} and not reply.is_known


def _answers(resolvers: set[str], named: Sequence[Asked], made_up: Sequence[Asked]) -> str:
    heard = {resolver for (resolver, _, _), reply in (*named, *made_up) if reply.answered}
    good = {resolver for (resolver, _, _), reply in named if reply.is_known}
    if not heard:
        return "none"
    # Silence is not wrong: a question that was lost says nothing of its answer.
    erred = {resolver for (resolver, _, _), reply in named if reply.answered and not reply.is_known}
    if not good and erred:
        return "wrong"
    return "all" if good == resolvers else "some"
