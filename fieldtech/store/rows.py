"""One card of a list, and the SQL that reads it: shared with the first paint, so no SQLAlchemy."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec

from fieldtech.domain.clock_view import Clocks
from fieldtech.shapes import learned

_decoder = msgspec.json.Decoder(learned(Clocks))


@lru_cache(maxsize=1024)
def _clocks(text: str) -> Clocks:
    """Read once for all the seconds a card is on the screen."""
    return _decoder.decode(text)


class AgendaRow(NamedTuple):
    """An incident with one of its visits, joined and ready to paint. Times are seconds since 1970.

    ``visit_id`` is empty when nobody is on it. ``order_at`` is the nearest deadline (behind
    everything else without one); ``clocks_json`` both clocks as the central or the rules computed
    them; ``away`` says that the central has taken the visit away while work on it was pending
    ("reasignado, trabajo pendiente"); ``waiting`` and ``refused`` count this laptop's commands.
    """

    rid: int
    incident_id: str
    visit_id: str
    technician_id: str
    customer_id: str
    site_id: str
    service_id: str
    region_id: str
    number: str
    kind: str
    title: str
    customer: str
    site: str
    street: str
    municipality: str
    state: str
    timezone: str
    lat: float
    lon: float
    severity: str
    incident_state: str
    visit_state: str
    reported_at: float
    window_start: float | None
    window_end: float | None
    clocks_json: str
    order_at: float
    due_at: float | None
    risk_at: float | None
    active: int
    away: int
    waiting: int
    refused: int

    @property
    def clocks(self) -> Clocks:
        """Both clocks as values."""
        return _clocks(self.clocks_json)

    @property
    def reported(self) -> datetime:
        """When the fault was reported, in UTC."""
        return datetime.fromtimestamp(self.reported_at, UTC)


class PinRow(NamedTuple):
    """What the map needs of an incident, for all of a list at once.

    ``clocks_json`` is there only where no deadline is ahead: stopped, paused and excluded clocks.
    """

    incident_id: str
    customer: str
    state: str
    lat: float
    lon: float
    risk_at: float | None
    due_at: float | None
    clocks_json: str

    @property
    def clocks(self) -> Clocks:
        """Both clocks, where ``due_at`` is ``None``."""
        return _clocks(self.clocks_json)


PIN_COLUMNS = (
    "incident_id, customer, state, lat, lon, risk_at, due_at, iif(due_at IS NULL, clocks, '')"
)
"""The columns of ``agenda`` in the order of ``PinRow``."""

COLUMNS = ", ".join(AgendaRow._fields).replace("clocks_json", "clocks")
"""The columns of ``agenda`` in the order of ``AgendaRow``."""

FIRST_PAGE = f"""SELECT {COLUMNS} FROM agenda
    WHERE active = 1 ORDER BY place_key, site_at, site_id, order_at, rid LIMIT ?"""  # noqa: S608  constants only

COUNTS = """SELECT count(*), coalesce(sum(severity = 'major'), 0),
    coalesce(sum(risk_at <= :now), 0), coalesce(sum(due_at <= :now), 0)
    FROM agenda WHERE active = 1"""

FILE_COUNTS = """SELECT coalesce(sum(state = 'waiting'), 0),
    coalesce(sum((size - sent) * (state = 'waiting')), 0), coalesce(sum(state = 'aside'), 0)
    FROM blob WHERE state IN ('waiting', 'aside')"""
"""Files that wait, bytes of them that are left, and files put aside."""


class AgendaCounts(NamedTuple):
    """The chips. ``expiring`` includes what is already breached: nobody may lose sight of it."""

    all: int
    major: int
    expiring: int
    breached: int
