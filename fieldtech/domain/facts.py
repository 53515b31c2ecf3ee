"""Small immutable records that an incident or a visit is made of. Every time is UTC-aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldtech.domain.words import (
    Attribution,
    CheckStatus,
    CorrectionState,
    ExclusionState,
    Severity,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """One decision on severity, with everything needed to defend it later.

    ``response_s`` and ``restoration_s`` are the targets in seconds that the named policy version
    gave for the region at that moment. ``affected`` and ``total`` are users of the named service
    or equipment; ``total`` is ``None`` when the severity was chosen by hand.
    """

    severity: Severity
    policy_id: str
    policy_version: int
    response_s: int
    restoration_s: int
    affected: int | None
    total: int | None
    overridden: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """An interval in which nobody could work, ``end`` ``None`` while it lasts."""

    reason: str
    start: datetime
    end: datetime | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The service was down from ``start`` to ``end`` (``None`` while it lasts).

    ``void`` marks a restoration that did not hold: the interval goes on as if it had not been.
    ``failed_at`` is when that was noticed: it is kept, and counts for nothing.
    """

    start: datetime
    end: datetime | None
    uncertainty_s: float = 0.0
    void: bool = False
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A claim that an interval must not count, with evidence, judged by a dispatcher."""

    id: str
    attribution: Attribution
    start: datetime
    end: datetime | None
    evidence: str
    state: ExclusionState
    proposed_by: str
    proposed_at: datetime
    judged_by: str = ""
    judged_at: datetime | None = None
    judgement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A proposal to change one field of customer or site data; never a direct edit.

    ``entity`` is ``customer``, ``site``, ``service`` or ``equipment``. Accepting it changes this
    record only: the central then writes the new value into the entity itself.
    """

    id: str
    entity: str
    entity_id: str
    field_name: str
    old: str
    new: str
    note: str
    state: CorrectionState
    proposed_by: str
    proposed_at: datetime
    judged_by: str = ""
    judged_at: datetime | None = None
    judgement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """How the service came back: what the customer and the report will be told."""

    at: datetime
    uncertainty_s: float
    attribution: Attribution
    cause: str
    solution: str
    affected: int | None
    evidence: str
    by: str
    needs_review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationEntry:
    """One step of the ladder: fired by the clock (mail) or logged by a person (telephone)."""

    level: int
    at: datetime
    how: str
    by: str
    note: str = ""
    suppressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Free text that is only ever appended. ``op_id`` of the command that brought it is its id."""

    id: str
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Metadata of a photo, signature, sheet or long text; the bytes travel in their own queue."""

    id: str
    kind: str
    name: str
    sha256: str
    size: int
    by: str
    at: datetime
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentSwap:
    """Old and new device, read by hand or by a scanner that types."""

    equipment_id: str
    old_serial: str
    old_mac: str
    new_serial: str
    new_mac: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LateWork:
    """A fact that arrived for a visit that is no longer its sender's; kept for review."""

    visit_id: str
    cmd: str
    at: datetime
    by: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRecord:
    """A field time (travel, arrival, departure...) as measured, never clamped."""

    kind: str
    at: datetime
    uncertainty_s: float
    by: str
    corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The result of one checklist item. ``value`` is what was seen, with its unit in the text."""

    item: str
    status: CheckStatus
    value: str
    note: str
    reason: str
    at: datetime
    by: str
    source: str = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredItem:
    """One item as a probe found it; ``reason`` says why there is no value, in stable words."""

    item: str
    status: CheckStatus
    value: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One run of the probes, kept for good: before and after a repair stand side by side.

    ``cause``, ``link`` and ``attribution`` are the verdict, in the words of the diagnostics (empty
    where there is none to give), and ``verdict`` how grave it is. ``evidence_id`` is the attachment
    that holds everything raw.
    """

    id: str
    at: datetime
    by: str
    profile: str
    interface: str
    seconds: float
    cause: str
    verdict: CheckStatus = CheckStatus.NOT_MEASURABLE
    link: str = ""
    attribution: str = ""
    readings: tuple[MeasuredItem, ...] = ()
    evidence_id: str = ""

    def reading(self, item: str) -> MeasuredItem | None:
        """Return how that item was found, ``None`` when the run did not look at it."""
        return next((each for each in self.readings if each.item == item), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """Old and new value of one field, as short texts for people."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the append-only timeline: who did what, when, on which device, what changed."""

    id: str
    cmd: str
    subject: str
    at: datetime
    by: str
    device: str
    changes: tuple[FieldChange, ...] = ()
    text: str = ""
