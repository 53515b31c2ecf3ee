"""The arguments of the commands on a checklist: answered, left out, measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.words import CheckStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCheck:
    """The result of one checklist item."""

    item: str
    status: CheckStatus
    value: str = ""
    note: str = ""
    source: str = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveCheck:
    """One checklist item is left out, with the reason."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMeasurement:
    """One run of the probes: its verdict and every item it looked at.

    ``attachment.add`` of the evidence goes before it; ``evidence_id`` names that file.
    """

    measurement_id: str
    started_at: datetime
    profile: str
    interface: str
    seconds: float
    cause: str
    verdict: CheckStatus = CheckStatus.NOT_MEASURABLE
    link: str = ""
    attribution: str = ""
    readings: tuple[MeasuredItem, ...] = ()
    evidence_id: str = ""
