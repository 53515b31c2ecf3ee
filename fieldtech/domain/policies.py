"""Which policy version governs an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.policy import Policy, Rulebook


def policy_of(incident: Incident, rules: Rulebook) -> Policy:
    """Return the version its classification refers to, else the one now in force for its region.

    Raises ``UnknownPolicy`` when that is not here.
    """
    current = incident.classification
    if current is None:
        return rules.current(incident.region_id)
    return rules.version(current.policy_id, current.policy_version)
