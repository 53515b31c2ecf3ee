"""The sample set as values: sound, complete, plausible and always the same."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from case_invariants import violations
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_world import AT, sample, world

from fieldtech.central.importing.territory import Territory, shipped_regions
from fieldtech.central.sample.generate import Request, generate
from fieldtech.domain.case import Case
from fieldtech.domain.clock_view import remaining, state_at
from fieldtech.domain.escalation import due_steps
from fieldtech.domain.incident import Incident
from fieldtech.domain.policies import policy_of
from fieldtech.domain.words import (
    ClockState,
    ExclusionState,
    IncidentKind,
    IncidentState,
    Role,
    Severity,
    VisitState,
)
from fieldtech.protocol.codec import encode_body


def incidents(cases: list[Case]) -> list[Incident]:
    return [case.incident for case in cases if case.incident is not None]


def agenda(cases: list[Case]) -> list[Incident]:
    """What the demonstration's technician has to do."""
    return [
        case.incident
        for case in cases
        if case.incident is not None
        and any(v.technician_id == "u-tecnico" and v.state.is_open for v in case.visits)
    ]


@pytest.mark.parametrize("policy", ["clever", "clever-literal"])
@pytest.mark.parametrize("size", [1, 12, 40, 260])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_case_is_sound(size: int, seed: int, policy: str) -> None:
    made = sample(size, seed=seed, policy=policy)
    cases = list(made.cases())

    assert len(cases) == size
    assert [violations(case, made.rulebook) for case in cases] == [[]] * size


@settings(max_examples=12)
@given(
    seed=st.integers(0, 10**6),
    size=st.integers(1, 90),
    at=st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_any_seed_size_and_moment_give_sound_cases(seed: int, size: int, at: datetime) -> None:
    made = sample(size, seed=seed, at=at.replace(microsecond=0))

    assert all(violations(case, made.rulebook) == [] for case in made.cases())


def test_nothing_lies_in_the_future_and_histories_go_forward() -> None:
    for case in sample(400).cases():
        [incident] = incidents([case])
        moments = [entry.at for entry in incident.history]
        times = [record.at for visit in case.visits for record in visit.times]
        answered = [answer.at for visit in case.visits for answer in visit.answers]

        assert moments == sorted(moments)
        assert incident.notified_at < moments[0]
        assert max([*moments, *times, *answered]) <= AT


def test_the_same_request_gives_the_same_set_and_another_seed_another() -> None:
    def told(seed: int) -> list[str]:
        made = sample(130, seed=seed)
        values = [*made.users, *made.customers, *made.sites, *made.services, *made.equipment]
        cases = [part for case in made.cases() for part in (case.incident, *case.visits)]
        return [encode_body(value) for value in (*values, *made.planned, *cases)]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_the_cases_can_be_asked_for_again() -> None:
    made = sample(90)

    assert list(made.cases()) == list(made.cases())


def test_ids_and_folios_are_unique_and_counted() -> None:
    made = sample(500)
    cases = list(made.cases())
    ids = [incident.id for incident in incidents(cases)]
    ids += [visit.id for case in cases for visit in case.visits]
    numbers = [incident.number for incident in incidents(cases)]

    assert len(ids) == len(set(ids))
    assert len(numbers) == len(set(numbers)) == sum(made.folios.values())
    assert all(re.fullmatch(r"INC-2610\d{4}|INC-2611\d{4}", number) for number in numbers)
    assert max(number for number in numbers) == f"INC-2611{made.folios['2611']:04d}"


def test_folios_go_up_with_the_time_of_registration() -> None:
    made = incidents(list(sample(200).cases()))
    ordered = sorted(made, key=lambda each: each.number)
    starts = [each.notified_at for each in ordered]

    drift = max(
        (before - after for before, after in pairwise(starts)),
        default=timedelta(),
    )
    assert drift < timedelta(hours=1)


def test_the_demonstrations_agenda_is_that_of_the_drawing_board() -> None:
    made = sample()
    mine = agenda(list(made.cases()))
    towns = Counter(made_region(incident) for incident in mine)
    clocks = Counter(state_at(each.clocks.restoration, AT) for each in mine)

    assert towns == {
        "monterrey": 5,
        "guadalupe": 4,
        "san-pedro-garza-garcia": 3,
        "ciudad-apodaca": 3,
        "san-nicolas-de-los-garza": 2,
    }
    assert sum(each.severity is Severity.MAJOR for each in mine) == 6
    assert clocks[ClockState.BREACHED] == 1
    assert clocks[ClockState.AT_RISK] == 4
    assert {each.state for each in mine} == {
        IncidentState.ACKNOWLEDGED,
        IncidentState.IN_PROGRESS,
        IncidentState.PENDING,
    }
    first = mine[0]
    assert remaining(first.clocks.restoration, AT) == 1517
    assert len(first.history) > 5


def made_region(incident: Incident) -> str:
    return incident.region_id.removeprefix("MX-NLE-")


def test_only_one_place_at_a_time() -> None:
    busy = Counter(
        visit.technician_id
        for case in sample().cases()
        for visit in case.visits
        if visit.state in (VisitState.EN_ROUTE, VisitState.ON_SITE)
    )

    assert busy["u-tecnico"] == 2  # at one, and told the next that he is on his way
    assert busy["u-mexico"] == busy["u-saltillo"] == 1


def test_forty_incidents_show_everything() -> None:
    made = sample()
    cases = list(made.cases())
    found = incidents(cases)
    sites = {site.id: site for site in made.sites}

    assert {each.state for each in found} == set(IncidentState)
    assert {v.state for case in cases for v in case.visits} >= {
        VisitState.ASSIGNED,
        VisitState.ACCEPTED,
        VisitState.EN_ROUTE,
        VisitState.ON_SITE,
        VisitState.AWAY,
        VisitState.DONE,
        VisitState.UNABLE,
        VisitState.DECLINED,
        VisitState.REASSIGNED,
    }
    assert {each.kind for each in found} == set(IncidentKind)
    assert {each.severity for each in found} == {Severity.MAJOR, Severity.MINOR, None}
    assert {step.level for each in found for step in each.escalations} == {1, 2, 3, 4}
    assert {"mail", "mail+phone"} <= {s.how for each in found for s in each.escalations}
    exclusions = {x.state for each in found for x in each.exclusions}
    assert exclusions == {ExclusionState.PROPOSED, ExclusionState.CONFIRMED}
    assert any(outage.void for each in found for outage in each.outages)
    assert any(each.repeat_of for each in found)
    assert any(each.duplicate_of for each in found)
    assert any(c.overridden for each in found for c in each.classifications)
    zones = {sites[each.site_id].timezone for each in found}
    assert len(zones) >= 6
    assert {"America/Tijuana", "America/Ciudad_Juarez", "America/Cancun"} <= zones
    assert {user.person.role for user in made.users} == set(Role) - {Role.SYSTEM}


def test_every_rung_of_the_ladder_that_is_due_was_climbed() -> None:
    """Otherwise the first sweep of a fresh central would send mails for the past."""
    made = sample(300)
    late = [
        (incident.number, step.level.level)
        for incident in incidents(list(made.cases()))
        for step in due_steps(incident, policy_of(incident, made.rulebook), AT)
        if incident.notified_at < AT - timedelta(minutes=30)
    ]

    assert len(late) <= 3 * 300 // 100


def test_sites_lie_in_the_municipality_that_is_nearest() -> None:
    made = sample(700)
    territory = Territory(shipped_regions(), world().gazetteer)
    wrong = 0
    for site in made.sites:
        found = territory.at(site.lat, site.lon)
        assert found is not None
        wrong += found.municipality.id != site.region_id

    assert wrong / len(made.sites) < 0.05
    assert {site.region_id for site in made.sites} <= {region.id for region in made.regions}


def test_a_larger_set_is_spread_over_the_country_and_its_people() -> None:
    made = sample(3000)
    states = {site.region_id[:6] for site in made.sites}
    technicians = Counter(v.technician_id for case in made.cases() for v in case.visits)

    assert len(states) >= 25
    assert len(made.sites) == pytest.approx(1000, rel=0.1)
    assert max(technicians.values()) < 400
    assert len({user.login for user in made.users}) == len(made.users)


def test_one_technician_can_have_it_all() -> None:
    made = sample(200, one_technician=True)

    assert len(agenda(list(made.cases()))) > 17 + 60


def test_nobody_can_be_called_and_nobodys_device_is_named() -> None:
    made = sample(200)
    phones = [customer.phone for customer in made.customers if customer.phone]
    phones += [site.phone for site in made.sites if site.phone]
    phones += [user.person.phone for user in made.users]

    assert all(re.fullmatch(r"\+52 \d{2,3} 0\d+ \d{4}", phone) for phone in phones)
    assert all(int(device.mac[:2], 16) & 2 for device in made.equipment)
    assert all(customer.email.endswith(".example") for customer in made.customers)


def test_passwords_are_long_enough_to_be_accepted() -> None:
    assert all(len(user.password) >= 12 for user in sample(80).users)


def test_other_targets_move_the_day_with_them() -> None:
    base = world()
    policy = base.policies[0]
    halved = {
        region: {
            severity: replace(targets, restoration_s=targets.restoration_s // 2)
            for severity, targets in by_severity.items()
        }
        for region, by_severity in policy.targets_by_region.items()
    }
    strict = replace(base, policies=(replace(policy, targets_by_region=halved),))
    made = generate(Request(seed=1, incidents=40, at=AT), strict)
    mine = agenda(list(made.cases()))

    assert all(violations(case, made.rulebook) == [] for case in made.cases())
    assert remaining(mine[0].clocks.restoration, AT) == 1517


@pytest.mark.parametrize(
    ("incidents_wanted", "at"),
    [(0, AT), (-3, AT), (40, AT.replace(tzinfo=None))],
)
def test_an_impossible_request_is_refused(incidents_wanted: int, at: datetime) -> None:
    with pytest.raises(ValueError, match="sample"):
        generate(Request(seed=1, incidents=incidents_wanted, at=at), world())
