"""The incident (trouble ticket): an immutable value changed only by ``domain.apply``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldtech.domain.clock_view import Clocks
from fieldtech.domain.facts import (
    Attachment,
    Classification,
    Correction,
    Entry,
    EquipmentSwap,
    EscalationEntry,
    Exclusion,
    LateWork,
    Note,
    Outage,
    Pause,
    Restoration,
)
from fieldtech.domain.words import IncidentKind, IncidentState, Severity

NO_CLOCKS = Clocks()
"""Those of an incident nobody has classified yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One fault report and everything that happened to it.

    ``notified_at`` is the customer's notification through a channel and starts the response
    clock; ``reported_at`` is the time of the report and starts the restoration clock;
    ``registered_at`` is when it entered the system and starts nothing.
    ``classifications`` is a history by when each was decided: the last one is in force.
    ``paused_from`` is the state a pending incident returns to when work goes on, ``None`` in
    every other state.
    ``response_needs_review``: the verdict on the response rests on a laptop's word alone.
    """

    id: str
    number: str
    kind: IncidentKind
    state: IncidentState
    title: str
    region_id: str
    customer_id: str
    site_id: str
    service_id: str
    reported_at: datetime
    notified_at: datetime
    registered_at: datetime
    channel: str = ""
    description: str = ""
    equipment_id: str = ""
    external_id: str = ""
    state_reason: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    response_needs_review: bool = False
    closed_at: datetime | None = None
    duplicate_of: str = ""
    repeat_of: str = ""
    clocks: Clocks = NO_CLOCKS
    classifications: tuple[Classification, ...] = ()
    paused_from: IncidentState | None = None
    pauses: tuple[Pause, ...] = ()
    outages: tuple[Outage, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    restoration: Restoration | None = None
    escalations: tuple[EscalationEntry, ...] = ()
    notes: tuple[Note, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    corrections: tuple[Correction, ...] = ()
    swaps: tuple[EquipmentSwap, ...] = ()
    late_work: tuple[LateWork, ...] = ()
    history: tuple[Entry, ...] = ()

    @property
    def classification(self) -> Classification | None:
        """The classification in force, ``None`` before one or for administrative incidents."""
        return self.classifications[-1] if self.classifications else None

    @property
    def severity(self) -> Severity | None:
        """The severity in force."""
        current = self.classification
        return current.severity if current else None
