"""What the screens show: immutable values, already joined, never a database row."""

# ruff: noqa: TC004 - nobody evaluates these annotations, and importing them costs the first paint
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldtech.domain.clock_view import ClockView
from fieldtech.services.first_values import NO_COUNTS as NO_COUNTS  # noqa: PLC0414  one place to look
from fieldtech.services.first_values import AgendaCounts as AgendaCounts  # noqa: PLC0414  the same
from fieldtech.services.first_values import AgendaGroup as AgendaGroup  # noqa: PLC0414  the same
from fieldtech.services.first_values import AgendaPage as AgendaPage  # noqa: PLC0414  the same
from fieldtech.services.first_values import AgendaQuery as AgendaQuery  # noqa: PLC0414  the same
from fieldtech.services.first_values import AgendaRow as AgendaRow  # noqa: PLC0414  the same
from fieldtech.services.first_values import FirstLook as FirstLook  # noqa: PLC0414  the same
from fieldtech.services.first_values import Refused as Refused  # noqa: PLC0414  the same
from fieldtech.services.first_values import SyncStatus as SyncStatus  # noqa: PLC0414  the same
from fieldtech.store.rows import PinRow as PinRow  # noqa: PLC0414  the same

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.domain.checklist import Template
    from fieldtech.domain.clock_view import Clocks
    from fieldtech.domain.incident import Incident
    from fieldtech.domain.policy import Policy
    from fieldtech.domain.reference import Channel, Customer, Equipment, Service, ServiceMonth, Site
    from fieldtech.domain.visit import Visit
    from fieldtech.services.sides import FieldSides


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail:
    """Everything about one incident for its screen; absent reference data is ``None``."""

    incident: Incident
    visit: Visit | None
    visits: tuple[Visit, ...]
    site: Site | None
    customer: Customer | None
    service: Service | None
    equipment: tuple[Equipment, ...]
    channels: tuple[Channel, ...]
    region_path: tuple[str, ...]
    template: Template | None
    policy: Policy
    month: ServiceMonth | None
    people: dict[str, str] = field(default_factory=dict)
    legal: tuple[str, ...] = ()
    waiting: int = 0
    refused: int = 0
    mine: bool = False
    """The visit is of the person signed in: as its technician or as a companion."""
    same_service: tuple[AgendaRow, ...] = ()
    """Other open incidents of this service, for a desk that may merge them."""

    @property
    def timezone(self) -> str:
        """The site's zone, in which every time of this incident is shown."""
        return self.site.timezone if self.site else "America/Mexico_City"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a mutation touched, so that screens refresh from it and from nothing else."""

    incidents: frozenset[str] = frozenset()
    visits: frozenset[str] = frozenset()
    outbox: bool = False
    reference: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A command was accepted and is on disk ("guardado")."""

    changed: Changed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReclassificationPreview:
    """Both deadlines, before and after, for the live preview of a new user count."""

    before: Clocks
    after: Clocks
    severity_before: str
    severity_after: str
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One command of this laptop: waiting, accepted, or refused and why.

    ``state`` is waiting, parked, applied, rejected or quarantined; ``sides`` its fields beside
    what is in force, where the central said so.
    """

    n: int
    op_id: str
    cmd: str
    number: str
    incident_id: str
    made_at: datetime
    state: str
    code: str
    detail: str
    text: str
    timezone: str = ""
    sides: tuple[FieldSides, ...] = ()
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionNode:
    """A region of the dispatcher's tree with the counts of its subtree."""

    id: str
    parent_id: str
    name: str
    kind: str
    open: int
    unassigned: int
    worst: ClockView
    technicians: int
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicianRow:
    """A technician of the region with the load he has."""

    id: str
    name: str
    phone: str
    skills: tuple[str, ...]
    region_names: tuple[str, ...]
    open_visits: int
    on_site: int
    worst: ClockView


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The dispatcher's first board for one region.

    ``whole`` is everything granted as one node, without an id and a name. The lists are the heads
    of those of the region, which have ``queue_total`` and ``assigned_total`` cards.
    """

    whole: RegionNode
    regions: tuple[RegionNode, ...]
    queue: tuple[AgendaRow, ...]
    queue_total: int
    assigned: tuple[AgendaRow, ...]
    assigned_total: int
    technicians: tuple[TechnicianRow, ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityPreview:
    """What comes of a form while it is filled in; ``severity`` empty: a person must choose.

    ``by_rule`` is what the rule alone says, empty without a user count.
    """

    severity: str
    response_s: int
    restoration_s: int
    share: float | None
    by_rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceHit:
    """A search hit for registering: a service with its site and customer."""

    service_id: str
    site_id: str
    customer_id: str
    region_id: str
    customer: str
    site: str
    address: str
    service: str
    total_users: int | None
    open_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A deadline that is near or past and was not announced before.

    ``clock`` is response or restoration, ``kind`` at_risk or breached; ``escalation`` names the
    step of the ladder that is due, empty when none is.
    """

    incident_id: str
    number: str
    customer: str
    clock: str
    kind: str
    due: datetime
    timezone: str = ""
    escalation: str = ""
    escalation_mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNews:
    """A visit that came (``new``) or that the central took away (``gone``)."""

    kind: str
    incident_id: str
    visit_id: str
    number: str
    customer: str
    municipality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOutcome:
    """The end of one synchronisation: the state after it and what it changed here.

    ``wait_s`` is when to try again by itself after a failure, ``None`` when all is well. For
    ``hold_s`` the central asked to be left alone: neither a new command nor another network is a
    reason to try before, only a person who says so. ``stopped``: a person has ended it.
    """

    status: SyncStatus
    changed: Changed
    wait_s: float | None
    reached: bool
    hold_s: float = 0.0
    stopped: bool = False
