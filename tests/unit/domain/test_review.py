"""Whose word a time rests on: what is doubted, and what no clock can honestly say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from service_desk import Desk, at, register_args, report_args

from fieldtech.domain.commands import Acknowledge
from fieldtech.domain.words import ClockState


def _at_the_central(minutes: float, **changes: object) -> Desk:
    desk = Desk().reported(**changes)
    desk.context = replace(desk.context, now=at(minutes), received=at(minutes))
    return desk


def test_an_acceptance_made_offline_counts_from_its_own_time() -> None:
    """Told at 9:10, here at 9:14: within the 15 minutes either way, so nobody needs to look."""
    desk = _at_the_central(14)
    desk.do("incident.acknowledge", Acknowledge(), minutes=10)
    assert desk.incident().acknowledged_at == at(10)
    assert desk.incident().clocks.response.state is ClockState.MET
    assert not desk.incident().response_needs_review


@pytest.mark.parametrize(("received", "doubted"), [(15, False), (16.5, False), (17, True)])
def test_an_acceptance_that_is_in_time_by_a_laptops_word_alone_is_reviewed(
    received: float, *, doubted: bool
) -> None:
    """The deadline is 9:15; what reached the central after it is met by the laptop's word."""
    told = min(14.75, received)
    desk = _at_the_central(received)
    desk.do("incident.acknowledge", Acknowledge(), minutes=told)
    incident = desk.incident()
    assert (incident.acknowledged_at, incident.clocks.response.state) == (at(told), ClockState.MET)
    assert incident.response_needs_review is doubted

    desk = Desk()
    desk.context = replace(desk.context, now=at(received), received=at(received))
    desk.do("incident.register", register_args(), minutes=told)
    assert desk.incident().response_needs_review is doubted


def test_the_same_acceptance_is_not_doubted_on_the_laptop_that_made_it() -> None:
    desk = Desk().registered()
    assert not desk.incident().response_needs_review


@pytest.mark.parametrize(("told", "doubted"), [(-1, False), (-30, True)])
def test_nothing_is_accepted_before_it_was_notified(told: float, *, doubted: bool) -> None:
    desk = Desk().reported()
    desk.do("incident.acknowledge", Acknowledge(), minutes=told)
    assert desk.incident().acknowledged_at == desk.incident().notified_at
    assert desk.incident().response_needs_review is doubted


@pytest.mark.parametrize("name", ["incident.acknowledge", "incident.register", "incident.report"])
def test_the_central_takes_no_acceptance_from_its_own_future(name: str) -> None:
    args = {"incident.acknowledge": Acknowledge(), "incident.register": register_args()}
    desk = Desk() if name != "incident.acknowledge" else Desk().reported()
    desk.context = replace(desk.context, received=at(7))
    refused = desk.refused(name, args.get(name, report_args()), minutes=9.5)
    assert refused == ("in_future", "occurred_at")
