"""What a laptop applies at once, the central applies later and from the wire: to the same end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from drawn_commands import drawn_start, next_commands
from hypothesis import given, settings
from hypothesis import strategies as st
from service_desk import DISPATCHER, Desk, at

from fieldtech.domain.apply import apply
from fieldtech.domain.case import Applied, Case, Context
from fieldtech.domain.commands import Acknowledge, Command
from fieldtech.domain.incident import Incident
from fieldtech.domain.policy import Rulebook
from fieldtech.domain.sla import clocks
from fieldtech.domain.visit import Visit
from fieldtech.protocol.codec import (
    args_to_wire,
    decode_args,
    decode_body,
    encode_body,
    from_stamp,
    to_stamp,
)


def as_sent(command: Command) -> Command:
    """The command as the central reads it out of an envelope."""
    sent = json.loads(json.dumps(args_to_wire(command.args)))
    return replace(
        command,
        occurred_at=from_stamp(to_stamp(command.occurred_at)),
        args=decode_args(command.name, sent),
    )


def as_stored(case: Case) -> Case:
    """The case as it is read back from the bodies that were stored."""

    def again(entity: str, value: object) -> Any:
        return decode_body(entity, encode_body(value))

    return Case(
        incident=case.incident and again("incident", case.incident),
        visits=tuple(again("visit", visit) for visit in case.visits),
        original=case.original and again("incident", case.original),
    )


def on_the_laptop(command: Command, rules: Rulebook) -> Context:
    """As the laptop judges its own: at the moment it is made, without a folio."""
    return replace(Desk(rules=rules).context, now=command.occurred_at, number="")


def at_the_central(received: datetime, rules: Rulebook) -> Context:
    return replace(
        Desk(rules=rules).context,
        now=received,
        received=received,
        number="INC-1",
        was_assigned=True,
    )


def without_doubts(incident: Incident | None) -> Incident | None:
    """The incident without its folio and without what only the central can doubt."""
    if incident is None:
        return None
    restoration = incident.restoration
    return replace(
        incident,
        number="",
        response_needs_review=False,
        restoration=restoration and replace(restoration, needs_review=False),
        history=tuple(replace(entry, changes=()) for entry in incident.history),
    )


def facts(case: Case) -> tuple[Incident | None, Incident | None, tuple[Visit, ...]]:
    return without_doubts(case.incident), without_doubts(case.original), case.visits


@settings(max_examples=80)
@given(st.data())
def test_laptop_and_central_agree_on_all_but_doubts(data: st.DataObject) -> None:
    """What the laptop accepted the central accepts, with the same facts, clocks and verdicts."""
    case, rules = drawn_start(data)
    laptop, central = case, as_stored(case)
    assert central == case
    received = at(270)
    for count in range(data.draw(st.integers(1, 15))):
        command = data.draw(next_commands(laptop, 100 + count))
        here = apply(laptop, command, on_the_laptop(command, rules))
        if not isinstance(here, Applied):
            continue  # What a laptop refuses it never sends.
        received += timedelta(seconds=data.draw(st.integers(0, 90_000)))
        there = apply(central, as_sent(command), at_the_central(received, rules))
        assert isinstance(there, Applied), there
        laptop, central = here.case, as_stored(there.case)
        assert facts(central) == facts(laptop)
        assert [entry.id for entry in there.entries] == [entry.id for entry in here.entries]
    if central.incident is not None:
        assert central.incident.clocks == clocks(central.incident, rules)


@settings(max_examples=80)
@given(
    told=st.integers(0, 60 * 60), delay=st.integers(0, 60 * 60), severity=st.sampled_from([10, 30])
)
def test_a_response_that_only_the_laptop_saw_in_time_is_marked(
    told: int, delay: int, severity: int
) -> None:
    """Its time stands at both ends; where the receipt alone would miss it, a person looks."""
    desk = Desk().reported(affected=severity)
    command = Command(
        op_id="op",
        name="incident.acknowledge",
        target="incident:i1",
        actor=DISPATCHER,
        occurred_at=at(0) + timedelta(seconds=told),
        args=Acknowledge(),
    )
    received = command.occurred_at + timedelta(seconds=delay)
    rules = desk.context.rules
    here = apply(desk.case, command, on_the_laptop(command, rules))
    there = apply(desk.case, as_sent(command), at_the_central(received, rules))
    assert isinstance(here, Applied)
    assert isinstance(there, Applied)
    mine, theirs = here.case.incident, there.case.incident
    assert mine is not None
    assert theirs is not None
    assert mine.clocks == theirs.clocks
    target = mine.clocks.response.target_s
    decided_by_delay = told <= target < told + delay and delay > 120
    assert theirs.response_needs_review is decided_by_delay
    assert not mine.response_needs_review
