"""The visit: one truck roll of one technician for one incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fieldtech.domain.facts import Answer, Measurement, TimeRecord
from fieldtech.domain.words import VisitState


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit, its window, its field times and its answered checklist.

    ``answers`` holds the answer in force of each item; ``answer_history`` every earlier one in
    server order, so that two people on one item lose nothing; what a probe answered stands in
    ``measurements``, every run of them in server order, and not there again. ``checklist`` is
    ``template@version`` and stays what it was when the visit was assigned.
    """

    id: str
    incident_id: str
    technician_id: str
    state: VisitState
    assigned_at: datetime
    assigned_by: str
    companions: tuple[str, ...] = ()
    window_start: datetime | None = None
    window_end: datetime | None = None
    state_reason: str = ""
    checklist: str = ""
    followup_of: str = ""
    followup_requested: str = ""
    times: tuple[TimeRecord, ...] = ()
    answers: tuple[Answer, ...] = ()
    answer_history: tuple[Answer, ...] = ()
    measurements: tuple[Measurement, ...] = ()

    def answer(self, item: str) -> Answer | None:
        """The answer in force of ``item``, if any."""
        return next((a for a in self.answers if a.item == item), None)
