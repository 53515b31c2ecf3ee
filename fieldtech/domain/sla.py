"""The two published clocks of an incident, as a pure function of what is recorded about it.

A clock is a stopwatch. It counts *active* seconds from its start: the response clock from the
customer's notification to the acknowledgement, the restoration clock from the report to the
restoration that held. Nothing here asks for the time of day, so the order in which facts arrive
cannot matter: the same facts give the same clocks.

Pauses that stop a clock (the policy says for which reasons) take their time out of the count:

* overlapping pauses count once;
* time before the clock's start or after its stop does not count;
* an open pause freezes the clock: no deadline, the remainder stands still;
* a pause across the deadline moves the deadline, because the active time was not yet used up; a
  pause that starts after the deadline stops the count of the overrun, and never undoes the breach.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fieldtech.domain.clock_view import Clocks, ClockView, moment_of_share
from fieldtech.domain.codes import Indicator
from fieldtech.domain.intervals import Span, clip, seconds
from fieldtech.domain.severity import in_force
from fieldtech.domain.words import ClockState, ExclusionState, IncidentKind, IncidentState

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.facts import Classification
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.intervals import Closed
    from fieldtech.domain.policy import Policy, Rulebook

WITHOUT_CLOCKS = frozenset(
    {IncidentState.REJECTED, IncidentState.CANCELLED, IncidentState.DUPLICATE}
)
"""States in which an incident carries no clock: somebody decided that it is none."""


def clocks(incident: Incident, rules: Rulebook) -> Clocks:
    """Return both clocks of ``incident`` from its recorded facts.

    No clock runs for administrative, cancelled, rejected, duplicate and not yet classified
    incidents. Raises ``UnknownPolicy`` when the policy version of the classification is not here.
    """
    current = incident.classification
    if (
        current is None
        or incident.kind is IncidentKind.ADMINISTRATIVE
        or incident.state in WITHOUT_CLOCKS
    ):
        return Clocks()
    return Clocks(response=_response(incident, rules), restoration=_restoration(incident, rules))


def restored_at(incident: Incident) -> datetime | None:
    """Return when the service came back and stayed, ``None`` while it is down.

    That is the end of the last outage. A void one counts as still lasting: its restoration did
    not hold.
    """
    standing = [outage.end for outage in incident.outages if not outage.void]
    known = [end for end in standing if end is not None]
    if not known or len(known) < len(standing):
        return None
    last = max(incident.outages, key=lambda outage: (outage.start, not outage.void))
    return None if last.void else max(known)


def elapsed(incident: Incident, policy: Policy, now: datetime) -> float:
    """Return the active seconds of the restoration clock at ``now`` (or at its stop)."""
    stop = restored_at(incident)
    until = now if stop is None else min(stop, now)
    return _active(incident, policy, Indicator.RESTORATION, incident.reported_at, until)


def alarms_reached(view: ClockView, policy: Policy, now: datetime) -> tuple[float, ...]:
    """Return the policy's alarm shares that a clock still running has reached, lowest first."""
    if view.state is not ClockState.RUNNING:
        return ()
    moments = ((share, moment_of_share(view, share)) for share in policy.alarm_shares)
    return tuple(share for share, moment in moments if moment is not None and moment <= now)


def crosses_deadline(at: datetime, uncertainty_s: float, due: datetime | None) -> bool:
    """Tell whether ``at`` ± ``uncertainty_s`` reaches both sides of ``due``: a case for review."""
    if due is None or uncertainty_s <= 0:
        return False
    return abs((at - due).total_seconds()) <= uncertainty_s


def _response(incident: Incident, rules: Rulebook) -> ClockView:
    stop = incident.acknowledged_at
    current = incident.classifications[-1]
    if stop is not None:
        then = in_force(incident.classifications, stop) or current
        view = _view(incident, rules, Indicator.RESPONSE, then, incident.notified_at, stop)
        if view.state is not ClockState.MISSED:
            return view
    return _view(incident, rules, Indicator.RESPONSE, current, incident.notified_at, stop)


def _restoration(incident: Incident, rules: Rulebook) -> ClockView:
    current = incident.classifications[-1]
    stop = restored_at(incident)
    return _view(incident, rules, Indicator.RESTORATION, current, incident.reported_at, stop)


def _view(  # noqa: PLR0917  one clock: whose, which, by what promise, from when to when
    incident: Incident,
    rules: Rulebook,
    clock: Indicator,
    promise: Classification,
    start: datetime,
    stop: datetime | None,
) -> ClockView:
    policy = rules.version(promise.policy_id, promise.policy_version)
    target = promise.response_s if clock is Indicator.RESPONSE else promise.restoration_s
    strict = clock in policy.strict
    if _excluded(incident, policy, clock, start, stop):
        return ClockView(
            state=ClockState.EXCLUDED,
            target_s=target,
            start=start,
            stopped_at=stop,
            strict=strict,
        )
    if stop is None:
        frozen = _frozen_since(incident, policy, clock, start)
        if frozen is not None:
            used = _active(incident, policy, clock, start, frozen)
            return ClockView(
                state=ClockState.PAUSED,
                target_s=target,
                start=start,
                remaining_s=target - used,
                strict=strict,
            )
    paused = _paused(incident, policy, clock, start, stop)
    due = start + timedelta(seconds=target + seconds(paused))
    at_risk = due - timedelta(seconds=target * (1 - policy.at_risk_share))
    state = ClockState.RUNNING
    if stop is not None:
        late = stop >= due if strict else stop > due
        state = ClockState.MISSED if late else ClockState.MET
    return ClockView(
        state=state,
        target_s=target,
        start=start,
        due=due,
        at_risk_at=at_risk,
        stopped_at=stop,
        strict=strict,
    )


def _stopping(incident: Incident, policy: Policy, clock: Indicator) -> list[Span]:
    return [
        Span(pause.start, pause.end)
        for pause in incident.pauses
        if policy.stops(pause.reason, clock)
    ]


def _paused(
    incident: Incident, policy: Policy, clock: Indicator, start: datetime, stop: datetime | None
) -> list[Closed]:
    """Return the disjoint pauses of ``clock`` between start and stop; open ones only up to it."""
    spans = _stopping(incident, policy, clock)
    ends = [span.end for span in spans if span.end is not None]
    until = stop if stop is not None else max([start, *ends])
    return clip(spans, start, until)


def _frozen_since(
    incident: Incident, policy: Policy, clock: Indicator, start: datetime
) -> datetime | None:
    """Return since when the clock stands still, ``None`` when no pause is open."""
    spans = _stopping(incident, policy, clock)
    opened = [span.start for span in spans if span.end is None]
    return max(start, min(opened)) if opened else None


def _active(
    incident: Incident, policy: Policy, clock: Indicator, start: datetime, until: datetime
) -> float:
    whole = max(0.0, (until - start).total_seconds())
    return whole - seconds(clip(_stopping(incident, policy, clock), start, until))


def _excluded(
    incident: Incident, policy: Policy, clock: Indicator, start: datetime, stop: datetime | None
) -> bool:
    """Tell whether a confirmed external exclusion that touches this run takes the clock out."""
    if clock not in policy.external_excluded_from:
        return False
    return any(
        exclusion.state is ExclusionState.CONFIRMED
        and exclusion.attribution in policy.external
        and (stop is None or exclusion.start < stop)
        and (exclusion.end is None or exclusion.end > start)
        for exclusion in incident.exclusions
    )
