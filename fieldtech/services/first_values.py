"""What the window shows before anything else: the head of the agenda and the sync line.

Kept apart from the other ``values``, which it takes longer to import than to paint these.
"""

# ruff: noqa: TC004 - nobody evaluates these annotations, and importing them costs the first paint
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.store.rows import AgendaCounts as AgendaCounts  # noqa: PLC0414  screens import it here
from fieldtech.store.rows import AgendaRow as AgendaRow  # noqa: PLC0414  the same

if TYPE_CHECKING:
    from datetime import datetime

NO_COUNTS = AgendaCounts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaQuery:
    """What the technician asked for: ``chip`` is all, major or expiring; ``text`` a search."""

    chip: str = "all"
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaGroup:
    """A municipality's heading: how many cards of the query it has in all."""

    state: str
    municipality: str
    count: int
    major: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPage:
    """Rows in the order of the screen (region, municipality, site, remaining time).

    ``offset`` is the position of the first row among the ``total`` rows of the query; ``groups``
    are those that ``rows`` are of, counted over the whole query.
    """

    rows: tuple[AgendaRow, ...] = ()
    offset: int = 0
    total: int = 0
    counts: AgendaCounts = NO_COUNTS
    groups: tuple[AgendaGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The rules said no at once; nothing was lost, nothing was queued."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """How far a synchronisation is: ``phase`` hello, push, pull or finish.

    ``sent`` of the ``to_send`` commands there were when it began, and ``received`` rows so far:
    how many there will be nobody knows before the last one. ``stopping``: a person has stopped it.
    """

    phase: str = "hello"
    sent: int = 0
    to_send: int = 0
    received: int = 0
    stopping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatus:
    """The sync line of the top bar and the sync screen.

    ``waiting`` and ``refused`` count commands; ``files_waiting`` and ``files_aside`` the files that
    are on their way, and those put aside with a reason.
    ``problem`` is a stable code (``unreachable``, ``captive_portal``, ``revoked``, …) or empty;
    ``offset_s`` is by how much this laptop's clock is behind the central's, ``uncertainty_s`` how
    far off the time on the screens can be; ``compared`` and ``rebooted`` as in ``Moment``.
    ``key_locked``: a PIN or passphrase stands before it. ``lease_over``: too long without the
    central, so the program is locked until it is met again; ``lease_until`` is when that would be,
    ``clock_behind`` that the laptop's clock was set back meanwhile.
    ``running`` and ``progress`` are known to whoever began the run, and set by him.
    ``lock_wanted``: the operator asks for a lock on the profile and there is none.
    ``key_kind`` says where the database key is kept, ``key_place`` in which file if in one.
    """

    waiting: int = 0
    refused: int = 0
    files_waiting: int = 0
    files_aside: int = 0
    last_contact: datetime | None = None
    last_try: datetime | None = None
    next_try: datetime | None = None
    running: bool = False
    progress: RunProgress | None = None
    problem: str = ""
    problem_text: str = ""
    central_url: str = ""
    user_name: str = ""
    key_kind: str = ""
    key_place: str = ""
    key_locked: bool = False
    offset_s: float = 0.0
    uncertainty_s: float = 0.0
    compared: bool = True
    rebooted: bool = False
    lease_over: bool = False
    lease_until: datetime | None = None
    clock_behind: bool = False
    lock_wanted: bool = False

    @property
    def changes_kept(self) -> int:
        """The commands that the central does not have."""
        return self.waiting + self.refused

    @property
    def files_kept(self) -> int:
        """The files that the central does not have."""
        return self.files_waiting + self.files_aside


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """What the first paint needs: who works here, the head of the agenda, the sync line."""

    user_id: str
    user_name: str
    role: str
    page: AgendaPage
    status: SyncStatus
