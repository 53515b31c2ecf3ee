"""The few fields of each body that lists are made of, decoded without the rest.

Reading a whole incident takes twenty times as long; ten thousand of them are read in one pull.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  msgspec reads the annotations at run time
from typing import NamedTuple

import msgspec

from fieldtech.domain.words import ClockState
from fieldtech.shapes import learned
from fieldtech.store.search import folio_words


class ClockPart(msgspec.Struct, gc=False):
    """What orders a list. Fields as in ``domain.clock_view.ClockView``."""

    state: str = ClockState.NONE
    due: datetime | None = None
    at_risk_at: datetime | None = None
    remaining_s: float | None = None
    stopped_at: datetime | None = None

    @property
    def live(self) -> bool:
        """The clock runs: it has a deadline and nothing has stopped it."""
        return self.due is not None and self.stopped_at is None


class ClocksPart(msgspec.Struct, gc=False):
    """Both clocks of an incident."""

    response: ClockPart = msgspec.field(default_factory=ClockPart)
    restoration: ClockPart = msgspec.field(default_factory=ClockPart)


class ClassificationPart(msgspec.Struct, gc=False):
    """One decision on severity."""

    severity: str


class IncidentPart(msgspec.Struct, gc=False):
    """An incident as a list shows it; ``clocks`` stays raw to be kept as it came."""

    id: str
    number: str
    kind: str
    state: str
    title: str
    region_id: str
    customer_id: str
    site_id: str
    service_id: str
    reported_at: datetime
    clocks: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"{}"))
    classifications: list[ClassificationPart] = []


class VisitPart(msgspec.Struct, gc=False):
    """A visit as a list shows it."""

    id: str
    incident_id: str
    technician_id: str
    state: str
    assigned_at: datetime
    companions: tuple[str, ...] = ()
    window_start: datetime | None = None
    window_end: datetime | None = None


class SitePart(msgspec.Struct, gc=False):
    """A site as a list shows it."""

    id: str
    customer_id: str
    region_id: str
    name: str
    street: str
    neighbourhood: str
    municipality: str
    state: str
    timezone: str
    lat: float
    lon: float
    phone: str = ""


class CustomerPart(msgspec.Struct, gc=False):
    """A customer as a list shows him."""

    name: str
    phone: str = ""


class EquipmentPart(msgspec.Struct, gc=False):
    """What finds a device."""

    serial: str = ""
    mac: str = ""


class ServicePart(msgspec.Struct, gc=False):
    """A service as a search hit shows it."""

    id: str
    site_id: str
    customer_id: str
    kind: str
    name: str
    total_users: int | None = None


class ReadyIncident(NamedTuple):
    """An incident with all that its row says of it alone, worked out where its page is read.

    There it costs no time: the thread that reads pages waits for the network, the one that writes
    them is what a pull takes. Times are seconds since 1970; ``due`` and ``risk`` the nearest of the
    running clocks, ``frozen`` the least seconds that a paused one has left. ``words`` are the
    folio's and the title's.
    """

    part: IncidentPart
    clocks: str
    reported: float
    due: float | None
    risk: float | None
    frozen: float | None
    words: str


Part = ReadyIncident | VisitPart | SitePart | CustomerPart
"""What is kept of a body between reading its page and deriving rows of it."""

_NO_CLOCKS = msgspec.Raw(b"{}")

incident = msgspec.json.Decoder(learned(IncidentPart))
visit = msgspec.json.Decoder(learned(VisitPart))
site = msgspec.json.Decoder(learned(SitePart))
customer = msgspec.json.Decoder(learned(CustomerPart))
equipment = msgspec.json.Decoder(learned(EquipmentPart))
service = msgspec.json.Decoder(learned(ServicePart))
clocks = msgspec.json.Decoder(learned(ClocksPart))


def ready_incident(body: bytes | msgspec.Raw) -> ReadyIncident:
    """Read an incident; raises ``msgspec.DecodeError`` when the body is none."""
    part = incident.decode(body)
    raw = bytes(part.clocks)
    part.clocks = _NO_CLOCKS  # a raw part keeps the whole page alive, two megabytes
    told = clocks.decode(raw)
    both = (told.response, told.restoration)
    return ReadyIncident(
        part=part,
        clocks=raw.decode(),
        reported=part.reported_at.timestamp(),
        due=min((each.due.timestamp() for each in both if each.due and each.live), default=None),
        risk=min(
            (each.at_risk_at.timestamp() for each in both if each.at_risk_at and each.live),
            default=None,
        ),
        frozen=min(
            (
                each.remaining_s
                for each in both
                if each.due is None and each.remaining_s is not None and each.stopped_at is None
            ),
            default=None,
        ),
        words=f"{folio_words(part.number)} {part.title}",
    )
