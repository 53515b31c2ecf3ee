"""Incidents, policies and times that the tests of the rules are written with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from fieldtech.domain.clock_view import ClockView
from fieldtech.domain.codes import Indicator
from fieldtech.domain.facts import Classification, Exclusion, Outage, Pause
from fieldtech.domain.incident import Incident
from fieldtech.domain.policy import Policy, Rulebook
from fieldtech.domain.policy_file import load_policy
from fieldtech.domain.sla import clocks
from fieldtech.domain.words import (
    Attribution,
    ExclusionState,
    IncidentKind,
    IncidentState,
    Severity,
)
from fieldtech.paths import resources_dir

T0 = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday, 9:00 in Mexico City: when the incidents of the tests are reported."""

TIMES = {Severity.MAJOR: (900, 7200), Severity.MINOR: (1800, 14_400)}


def at(minutes: float) -> datetime:
    """Return the time so many minutes after the report."""
    return T0 + timedelta(minutes=minutes)


@cache
def published(name: str = "clever") -> Policy:
    """Return a shipped policy."""
    return load_policy(resources_dir() / "policy" / f"{name}.toml")


def pausing(*clocks_stopped: Indicator, reason: str = "no_access") -> Policy:
    """Return the published policy, except that ``reason`` stops those clocks."""
    policy = published()
    pauses = tuple(
        replace(pause, stops=frozenset(clocks_stopped)) if pause.code == reason else pause
        for pause in policy.pauses
    )
    return replace(policy, pauses=pauses)


def book(*policies: Policy) -> Rulebook:
    """Return a rulebook over a small tree, following the first policy (published: the default)."""
    known = policies or (published(),)
    return Rulebook(
        policies=known,
        default_policy_id=known[0].id,
        region_parents={"MX": "", "MX-centro": "MX", "MX-CMX": "MX-centro", "MX-norte": "MX"},
    )


def classed(
    severity: Severity = Severity.MAJOR, minutes: float = 0, policy: Policy | None = None
) -> Classification:
    """Return a classification by hand, so many minutes after the report."""
    response_s, restoration_s = TIMES[severity]
    used = policy or published()
    return Classification(
        severity=severity,
        policy_id=used.id,
        policy_version=used.version,
        response_s=response_s,
        restoration_s=restoration_s,
        affected=None,
        total=None,
        overridden=False,
        reason="",
        by="ana",
        at=at(minutes),
    )


def outage(
    start: float = 0, end: float | None = None, *, void: bool = False, uncertainty_s: float = 0.0
) -> Outage:
    """Return an outage in minutes after the report."""
    return Outage(
        start=at(start),
        end=None if end is None else at(end),
        void=void,
        uncertainty_s=uncertainty_s,
    )


def pause(start: float, end: float | None = None, reason: str = "no_access") -> Pause:
    """Return a pause in minutes after the report."""
    return Pause(reason=reason, start=at(start), end=None if end is None else at(end), by="ana")


def exclusion(
    start: float = 0,
    end: float | None = None,
    *,
    attribution: Attribution = Attribution.THIRD_PARTY,
    state: ExclusionState = ExclusionState.CONFIRMED,
) -> Exclusion:
    """Return an exclusion in minutes after the report."""
    return Exclusion(
        id=f"x-{start}-{end}",
        attribution=attribution,
        start=at(start),
        end=None if end is None else at(end),
        evidence="photo",
        state=state,
        proposed_by="tec",
        proposed_at=T0,
    )


PLAIN = Incident(
    id="i-1",
    number="F-1",
    kind=IncidentKind.TECHNICAL,
    state=IncidentState.IN_PROGRESS,
    title="Sin servicio",
    region_id="MX-CMX",
    customer_id="c-1",
    site_id="s-1",
    service_id="sv-1",
    reported_at=T0,
    notified_at=T0,
    registered_at=T0,
    classifications=(classed(),),
    outages=(outage(),),
)
"""A Falla Mayor under way: change what a test is about with ``dataclasses.replace``."""


def clocked(incident: Incident, rules: Rulebook | None = None) -> Incident:
    """Return the incident with its clocks computed, as every applied command leaves it."""
    return replace(incident, clocks=clocks(incident, rules or book()))


def restoration(incident: Incident, rules: Rulebook | None = None) -> ClockView:
    """Return the restoration clock, by the published policy unless told otherwise."""
    return clocks(incident, rules or book()).restoration


def response(incident: Incident, rules: Rulebook | None = None) -> ClockView:
    """Return the response clock, by the published policy unless told otherwise."""
    return clocks(incident, rules or book()).response


def restored(minutes: float, **changes: object) -> Incident:
    """Return the incident restored so many minutes after the report."""
    changes.setdefault("outages", (outage(0, minutes),))
    return replace(PLAIN, state=IncidentState.RESTORED, **changes)  # type: ignore[arg-type]
