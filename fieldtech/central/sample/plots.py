"""The kinds of story and the shape of one: its plot and its times."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldtech.domain.words import Severity


class Plot(StrEnum):
    """What the story comes to. What is open ends at the present moment."""

    REPORTED = "reported"
    UNASSIGNED = "unassigned"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SITE = "on_site"
    AWAY = "away"
    PAUSED = "paused"
    PAUSED_ACCEPTED = "paused_accepted"
    PAUSED_ON_SITE = "paused_on_site"
    REASSIGNED = "reassigned"
    DECLINED = "declined"
    UNABLE = "unable"
    REFAILED = "refailed"
    RESTORED = "restored"
    RESTORED_REMOTELY = "restored_remotely"
    RESTORED_EXCUSED = "restored_excused"
    CLOSED = "closed"
    CLOSED_REMOTELY = "closed_remotely"
    CLOSED_EXCUSED = "closed_excused"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    PAPERWORK = "paperwork"
    PAPERWORK_VISIT = "paperwork_visit"
    PAPERWORK_CLOSED = "paperwork_closed"


ADMINISTRATIVE = frozenset({Plot.PAPERWORK, Plot.PAPERWORK_VISIT, Plot.PAPERWORK_CLOSED})
UNACCEPTED = frozenset({Plot.REPORTED, Plot.REJECTED})
OVER = frozenset(
    {
        Plot.RESTORED,
        Plot.RESTORED_REMOTELY,
        Plot.RESTORED_EXCUSED,
        Plot.CLOSED,
        Plot.CLOSED_REMOTELY,
        Plot.CLOSED_EXCUSED,
    }
)
"""The service is back: ``took_s`` says after how long."""

TWO_TECHNICIANS = frozenset({Plot.REASSIGNED, Plot.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How one story goes: its plot and its times, in seconds.

    ``elapsed_s`` is from the report to the present, ``took_s`` to the restoration of what is over,
    ``respond_s`` to the registration. ``answered`` is how many checklist items a technician who is
    still on site has answered; ``called`` says that he also escalated by telephone.
    """

    plot: Plot
    severity: Severity
    elapsed_s: int
    took_s: int = 0
    respond_s: int = 300
    answered: int = 0
    called: bool = False
    note: str = ""
