"""The closed vocabularies of the trade, as they travel on the wire and stand in the database."""

from __future__ import annotations

from enum import StrEnum


class IncidentKind(StrEnum):
    """A technical fault carries severity and published clocks; an administrative one does not."""

    TECHNICAL = "technical"
    ADMINISTRATIVE = "administrative"


class IncidentState(StrEnum):
    """States of an incident; see ``domain.apply`` for the legal transitions."""

    REPORTED = "reported"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    PENDING = "pending"
    RESTORED = "restored"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"

    @property
    def is_open(self) -> bool:
        """Somebody still has work to do before the paperwork is finished."""
        return self not in TERMINAL_INCIDENT_STATES


TERMINAL_INCIDENT_STATES = frozenset(
    {
        IncidentState.CLOSED,
        IncidentState.REJECTED,
        IncidentState.CANCELLED,
        IncidentState.DUPLICATE,
    }
)


class VisitState(StrEnum):
    """States of one truck roll of one technician."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SITE = "on_site"
    AWAY = "away"
    DONE = "done"
    UNABLE = "unable"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REASSIGNED = "reassigned"
    ABANDONED = "abandoned"

    @property
    def is_open(self) -> bool:
        """The technician may still be expected at the site."""
        return self in OPEN_VISIT_STATES


OPEN_VISIT_STATES = frozenset(
    {
        VisitState.ASSIGNED,
        VisitState.ACCEPTED,
        VisitState.EN_ROUTE,
        VisitState.ON_SITE,
        VisitState.AWAY,
    }
)

AT_THE_SITE_STATES = frozenset({VisitState.ON_SITE, VisitState.AWAY})
"""The technician has begun at the site, and has not finished."""

LATE_VISIT_STATES = frozenset(
    {
        VisitState.DECLINED,
        VisitState.CANCELLED,
        VisitState.REASSIGNED,
        VisitState.ABANDONED,
    }
)
"""The visit is no longer its technician's: his facts still come in, as late work for review."""


class Severity(StrEnum):
    """Published classes: Falla Mayor and Falla Menor."""

    MAJOR = "major"
    MINOR = "minor"


class Attribution(StrEnum):
    """Whose infrastructure or act caused the outage."""

    OWN_NETWORK = "own_network"
    ALLY = "ally"
    CUSTOMER = "customer"
    THIRD_PARTY = "third_party"
    PLANNED = "planned"
    UNDETERMINED = "undetermined"


class ExclusionState(StrEnum):
    """An exclusion is proposed by one person and confirmed or refused by another."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class CorrectionState(StrEnum):
    """A correction of customer or site data is proposed, then accepted or refused."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class CheckStatus(StrEnum):
    """The only results a checklist item can have, whoever or whatever answered it."""

    PASS = "pass"  # noqa: S105  the published word, not a password
    WARN = "warn"
    FAIL = "fail"
    NOT_MEASURABLE = "not_measurable"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


class ClockState(StrEnum):
    """What a service-level clock shows."""

    NONE = "none"
    RUNNING = "running"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    MET = "met"
    MISSED = "missed"
    PAUSED = "paused"
    EXCLUDED = "excluded"


class Role(StrEnum):
    """Who may do what; the rules stand in ``domain.authority``."""

    TECHNICIAN = "technician"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    SYSTEM = "system"


class RouterOwner(StrEnum):
    """Who owns the router at the site."""

    CUSTOMER = "customer"
    OPERATOR = "operator"


class Access(StrEnum):
    """Over whose last mile the service reaches the site."""

    OWN = "own"
    ALLY = "ally"


class RegionKind(StrEnum):
    """Levels of the region tree."""

    COUNTRY = "country"
    REGION = "region"
    STATE = "state"
    MUNICIPALITY = "municipality"
