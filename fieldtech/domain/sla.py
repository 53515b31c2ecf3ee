"""The two published clocks of an incident, as a pure function of what is recorded about it.

A clock is a stopwatch. It counts *active* seconds from its start: the response clock from the
customer's notification to the acknowledgement, the restoration clock from the report to the
restoration that held. Nothing here asks for the time of day, so the order in which facts arrive
cannot matter: the same facts give the same clocks.

Pauses that stop a clock (the policy says for which reasons), and confirmed exclusions where the
policy takes this clock out for them, take their time out of the count:

* overlapping ones count once;
* time before the clock's start or after its stop does not count;
* an open pause freezes the clock: no deadline, the remainder stands still; an open exclusion takes
  it out, as one does that covers the whole run;
* a pause across the deadline moves the deadline, because the active time was not yet used up; one
  that starts when the target is used up moves nothing: a breach and its deadline stand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from fieldtech.domain.clock_view import Clocks, ClockView, moment_of_share
from fieldtech.domain.codes import Indicator
from fieldtech.domain.intervals import Closed, Span, clip, seconds, subtract
from fieldtech.domain.severity import in_force
from fieldtech.domain.words import ClockState, ExclusionState, IncidentKind, IncidentState

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.facts import Classification
    from fieldtech.domain.incident import Incident
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
    promise = incident.classification
    if promise is None:
        return 0.0
    stop = restored_at(incident)
    start, until = incident.reported_at, now if stop is None else min(stop, now)
    spans = [
        *_stopping(incident, policy, Indicator.RESTORATION),
        *excluded_spans(incident, policy, Indicator.RESTORATION),
    ]
    strict = Indicator.RESTORATION in policy.strict
    out = _before_used_up(clip(spans, start, until), start, promise.restoration_s, strict=strict)
    return max(0.0, (until - start).total_seconds()) - seconds(out)


def excluded_spans(incident: Incident, policy: Policy, indicator: Indicator) -> list[Span]:
    """Return what a dispatcher confirmed as external, where the policy lets that count."""
    if indicator not in policy.external_excluded_from:
        return []
    return [
        Span(exclusion.start, exclusion.end)
        for exclusion in incident.exclusions
        if exclusion.state is ExclusionState.CONFIRMED and exclusion.attribution in policy.external
    ]


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
    pauses, excluded = _stopping(incident, policy, clock), excluded_spans(incident, policy, clock)
    bare = ClockView(target_s=target, start=start, stopped_at=stop, strict=strict)
    if stop is not None and _covered(excluded, start, stop):
        return replace(bare, state=ClockState.EXCLUDED)
    spans = [*pauses, *excluded]
    opened = _open_since(spans, start) if stop is None else None
    until = stop or opened or max([start, *(span.end for span in spans if span.end is not None)])
    out = _before_used_up(clip(spans, start, until), start, target, strict=strict)
    due = start + timedelta(seconds=target + seconds(out))
    if opened is not None and not _used_up(opened, due, strict=strict):
        if _open_since(excluded, start) is not None:
            return replace(bare, state=ClockState.EXCLUDED)
        return replace(bare, state=ClockState.PAUSED, remaining_s=(due - opened).total_seconds())
    at_risk = due - timedelta(seconds=target * (1 - policy.at_risk_share))
    state = ClockState.RUNNING
    if stop is not None:
        late = stop >= due if strict else stop > due
        state = ClockState.MISSED if late else ClockState.MET
    return replace(bare, state=state, due=due, at_risk_at=at_risk)


def _stopping(incident: Incident, policy: Policy, clock: Indicator) -> list[Span]:
    return [
        Span(pause.start, pause.end)
        for pause in incident.pauses
        if policy.stops(pause.reason, clock)
    ]


def _covered(spans: list[Span], start: datetime, stop: datetime) -> bool:
    """Tell whether nothing of a run is left outside ``spans``."""
    run = Closed(start, stop)
    return run.seconds > 0 and not subtract([run], clip(spans, start, stop))


def _open_since(spans: list[Span], start: datetime) -> datetime | None:
    """Return since when a stretch lasts that began first, ``None`` when none is open."""
    opened = [max(start, span.start) for span in spans if span.end is None]
    return min(opened, default=None)


def _before_used_up(
    pieces: list[Closed], start: datetime, target_s: float, *, strict: bool
) -> list[Closed]:
    """Return the pieces that begin before the target is used up; they are sorted and disjoint."""
    due = start + timedelta(seconds=target_s)
    kept: list[Closed] = []
    for piece in pieces:
        if _used_up(piece.start, due, strict=strict):
            break
        kept.append(piece)
        due += piece.end - piece.start
    return kept


def _used_up(at: datetime, due: datetime, *, strict: bool) -> bool:
    return at >= due if strict else at > due
