"""The commands by wire name, and their arguments: a contract (add, never change)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from fieldtech.domain.check_commands import AnswerCheck, RecordMeasurement, WaiveCheck
from fieldtech.domain.planned_commands import AnnouncePlanned, ChangePlanned
from fieldtech.domain.restoration_commands import CorrectRestoration
from fieldtech.domain.words import Attribution, IncidentKind, Role, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who issues a command, as the central knows him."""

    id: str
    role: Role
    region_ids: tuple[str, ...] = ()
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIncident:
    """From the field: a fault somebody noticed, under a provisional number."""

    site_id: str
    customer_id: str
    service_id: str
    region_id: str
    title: str
    notified_at: datetime
    provisional_number: str
    kind: IncidentKind = IncidentKind.TECHNICAL
    description: str = ""
    channel: str = ""
    equipment_id: str = ""
    affected: int | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterIncident:
    """By a dispatcher: registration and acceptance at once; stops the response clock.

    ``affected`` gives the severity by the rule; ``severity`` overrules it with its reason.
    """

    site_id: str
    customer_id: str
    service_id: str
    region_id: str
    title: str
    notified_at: datetime
    kind: IncidentKind = IncidentKind.TECHNICAL
    description: str = ""
    channel: str = ""
    equipment_id: str = ""
    affected: int | None = None
    severity: Severity | None = None
    override_reason: str = ""
    repeat_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Acceptance of a reported incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassify:
    """New user count, or an override with its reason."""

    affected: int | None = None
    severity: Severity | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseIncident:
    """Work cannot go on for a listed reason."""

    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeIncident:
    """Work goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreIncident:
    """The service works again. ``restored_at`` is the field time, ``uncertainty_s`` its error."""

    restored_at: datetime
    attribution: Attribution
    cause: str
    solution: str
    uncertainty_s: float = 0.0
    affected: int | None = None
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRestoration:
    """The fact of a restoration, accepted even where the transition is not."""

    restored_at: datetime
    uncertainty_s: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefailIncident:
    """It fails again before closing."""

    failed_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseIncident:
    """Paperwork done, customer informed."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Commands that need only a reason, such as cancel, reject and decline."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkDuplicate:
    """This incident is the same fault as ``of``; the earliest report governs."""

    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Free text, appended."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignVisit:
    """A new visit for a technician. ``checklist`` is ``template@version``."""

    incident_id: str
    technician_id: str
    window_start: datetime | None = None
    window_end: datetime | None = None
    checklist: str = ""
    followup_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignVisit:
    """The visit ends as reassigned and ``new_visit_id`` starts for another technician."""

    new_visit_id: str
    technician_id: str
    reason: str = ""
    window_start: datetime | None = None
    window_end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTime:
    """When a step of the visit was done, ± ``uncertainty_s``; ``None``: as the command was made."""

    at: datetime | None = None
    uncertainty_s: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTime:
    """A field time as a bare fact; ``kind`` is travel, arrival, departure or restoration."""

    kind: str
    at: datetime
    uncertainty_s: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectTime:
    """A recorded field time was wrong; the old value stays in the timeline."""

    kind: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFollowup:
    """Another visit is needed."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCompanion:
    """Somebody else works on this visit too."""

    technician_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeExclusion:
    """An interval should not count, with evidence. ``end`` ``None``: until restoration."""

    exclusion_id: str
    attribution: Attribution
    start: datetime
    end: datetime | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeExclusion:
    """A dispatcher confirms or refuses a proposed exclusion."""

    exclusion_id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEscalation:
    """A step of the ladder, by a person (``how``: phone, mail…) or fired by the sweeper.

    ``suppressed``: it was due but sent nothing, because a higher one was too.
    """

    level: int
    how: str
    at: datetime | None = None
    note: str = ""
    suppressed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeCorrection:
    """Customer or site data is wrong: a proposal, never a direct edit."""

    correction_id: str
    entity: str
    entity_id: str
    field_name: str
    old: str
    new: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeCorrection:
    """A proposed correction is accepted or refused."""

    correction_id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAttachment:
    """Metadata of a file whose bytes travel on their own."""

    attachment_id: str
    kind: str
    name: str
    sha256: str
    size: int
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapEquipment:
    """A device was replaced."""

    equipment_id: str
    old_serial: str
    old_mac: str
    new_serial: str
    new_mac: str


COMMANDS: dict[str, type] = {
    "incident.report": ReportIncident,
    "incident.register": RegisterIncident,
    "incident.acknowledge": Acknowledge,
    "incident.reclassify": Reclassify,
    "incident.pause": PauseIncident,
    "incident.resume": ResumeIncident,
    "incident.restore": RestoreIncident,
    "incident.record_restoration": RecordRestoration,
    "incident.correct_restoration": CorrectRestoration,
    "incident.refail": RefailIncident,
    "incident.close": CloseIncident,
    "incident.cancel": Reason,
    "incident.reject": Reason,
    "incident.mark_duplicate": MarkDuplicate,
    "incident.note": AddNote,
    "visit.assign": AssignVisit,
    "visit.reassign": ReassignVisit,
    "visit.accept": FieldTime,
    "visit.decline": Reason,
    "visit.start_travel": FieldTime,
    "visit.arrive": FieldTime,
    "visit.leave": FieldTime,
    "visit.resume": FieldTime,
    "visit.finish": FieldTime,
    "visit.unable": Reason,
    "visit.cancel": Reason,
    "visit.abandon": Reason,
    "visit.request_followup": RequestFollowup,
    "visit.add_companion": AddCompanion,
    "visit.record_time": RecordTime,
    "visit.correct_time": CorrectTime,
    "check.answer": AnswerCheck,
    "check.waive": WaiveCheck,
    "check.measure": RecordMeasurement,
    "exclusion.propose": ProposeExclusion,
    "exclusion.confirm": JudgeExclusion,
    "exclusion.refuse": JudgeExclusion,
    "escalation.log": LogEscalation,
    "planned.announce": AnnouncePlanned,
    "planned.change": ChangePlanned,
    "planned.cancel": Reason,
    "correction.propose": ProposeCorrection,
    "correction.accept": JudgeCorrection,
    "correction.refuse": JudgeCorrection,
    "attachment.add": AddAttachment,
    "equipment.swap": SwapEquipment,
}

FACTS = frozenset(
    {
        "visit.record_time",
        "incident.record_restoration",
        "incident.note",
        "attachment.add",
        "check.answer",
        "check.waive",
        "check.measure",
        "equipment.swap",
    }
)
"""Commands that are always accepted from anyone once assigned; refused transitions lose no fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command as the rules see it.

    ``target`` is ``incident:<id>``, ``visit:<id>``, ``planned:<id>``, its *new* id for commands
    that create. ``expect`` maps a contested field to the text its sender saw. ``args`` is an
    instance of ``COMMANDS[name]``.
    """

    op_id: str
    name: str
    target: str
    actor: Actor
    occurred_at: datetime
    args: object
    expect: dict[str, str] = field(default_factory=dict)

    @property
    def target_id(self) -> str:
        """The id without its kind."""
        return self.target.partition(":")[2]

    @property
    def target_kind(self) -> str:
        """What it is a command on: ``incident``, ``visit`` or ``planned``."""
        return self.target.partition(":")[0]
