"""What the first paint needs, read through the bare driver: no SQLAlchemy, no requests.

Importing this costs a tenth of importing the store. The profile lock is not taken here; whoever
goes on to open the store takes it.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from sqlcipher3 import dbapi2 as driver

from fieldtech.errors import EnvironmentProblem
from fieldtech.shapes import learned
from fieldtech.store.central_time import KEY, Sample, moment
from fieldtech.store.driver import connect, problem_from, raw_key
from fieldtech.store.migrations import SCHEMA
from fieldtech.store.rows import COUNTS, FILE_COUNTS, FIRST_PAGE, AgendaCounts, AgendaRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore

ROWS = 60
"""More than any screen shows at once."""


_GROUPS = """SELECT state, municipality, count(*), sum(severity = 'major') FROM agenda
    WHERE active = 1 AND place_key >= ? AND place_key < ?
    GROUP BY state, municipality ORDER BY min(place_key)"""


class Owner(msgspec.Struct, frozen=True):
    """Whose profile it is: the part of the session's ``UserInfo`` that the window shows."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPage:
    """The head of the agenda and the facts of the header.

    ``groups`` as in ``AgendaPage``, but only those that ``rows`` are of: counting the others means
    reading and decrypting the whole agenda. ``sample`` is what the screens' clock rests on.
    """

    rows: tuple[AgendaRow, ...]
    counts: AgendaCounts
    groups: tuple[tuple[str, str, int, int], ...]
    user: Owner
    central_url: str
    last_contact: datetime | None
    waiting: int
    refused: int
    files_waiting: int
    files_aside: int
    sample: Sample | None
    lease_over: bool


LEASE = "lease"
"""Under this name the store remembers how long it opens without its central (see ``meta``)."""


class Lease(msgspec.Struct, frozen=True):
    """Until when, and the latest moment that was ever seen; both in seconds since 1970."""

    until_s: float
    seen_s: float


def read_first_page(
    profile: Profile, secrets: SecretStore, clock: Clock, *, rows: int = ROWS
) -> FirstPage | None:
    """Return the first page, or ``None`` for a new profile and where nobody is signed in.

    Raises ``EnvironmentProblem`` when the key is missing or the file cannot be read, and
    (``other_schema``) for a store another version of the program wrote: opening it upgrades it or
    says what is wrong.
    """
    if not profile.db.exists():
        return None
    try:
        with closing(connect(profile.db, raw_key(secrets, profile.db))) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
                raise _other_schema()
            return _read(connection, clock, rows)
    except driver.Error as error:
        problem = problem_from(error)
        if problem is None:
            raise
        raise problem from error


def _read(connection: driver.Connection, clock: Clock, limit: int) -> FirstPage | None:
    connection.execute("BEGIN")
    session = connection.execute("SELECT user, central_url, last_contact FROM session").fetchone()
    if session is None or not session[0]:
        return None
    kept = connection.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    sample = None if kept is None else msgspec.json.decode(kept[0], type=learned(Sample))
    now = moment(sample, clock).at.timestamp()
    waiting, refused = connection.execute(
        "SELECT coalesce(sum(state IN ('waiting', 'parked')), 0),"
        " coalesce(sum(state IN ('rejected', 'quarantined')), 0) FROM outbox"
        " WHERE state IN ('waiting', 'parked', 'rejected', 'quarantined')"
    ).fetchone()
    files_waiting, _, files_aside = connection.execute(FILE_COUNTS).fetchone()
    lease = connection.execute("SELECT value FROM meta WHERE key = ?", (LEASE,)).fetchone()
    rows = tuple(AgendaRow._make(row) for row in connection.execute(FIRST_PAGE, (limit,)))
    return FirstPage(
        rows=rows,
        counts=AgendaCounts._make(connection.execute(COUNTS, {"now": now}).fetchone()),
        groups=tuple(_groups(connection, rows)),
        user=msgspec.json.decode(session[0], type=learned(Owner)),
        central_url=session[1],
        last_contact=None if session[2] is None else datetime.fromtimestamp(session[2], UTC),
        waiting=waiting,
        refused=refused,
        files_waiting=files_waiting,
        files_aside=files_aside,
        sample=sample,
        lease_over=lease is not None and _is_over(lease[0], now),
    )


def _other_schema() -> EnvironmentProblem:
    return EnvironmentProblem(
        "Another version of the program wrote this store.",
        code="other_schema",
        what_was_kept="The store was not touched.",
        what_to_do="Open it.",
    )


def _is_over(text: str, now: float) -> bool:
    lease = msgspec.json.decode(text, type=learned(Lease))
    return max(now, lease.seen_s) > lease.until_s


def _groups(
    connection: driver.Connection, rows: Sequence[AgendaRow]
) -> Iterable[tuple[str, str, int, int]]:
    """Count the municipalities of these rows, whole."""
    if not rows:
        return ()
    keys = connection.execute(
        "SELECT min(place_key), max(place_key) FROM agenda WHERE rid IN (?, ?)",
        (rows[0].rid, rows[-1].rid),
    ).fetchone()
    # A key is state, municipality, site and site id: all of the last municipality comes along.
    last = "\x1f".join(keys[1].split("\x1f")[:2])
    found: Iterable[tuple[str, str, int, int]] = connection.execute(_GROUPS, (keys[0], f"{last} "))
    return found
