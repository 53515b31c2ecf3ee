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

from fieldtech.protocol.wire import UserInfo
from fieldtech.store.driver import connect, problem_from, raw_key
from fieldtech.store.migrations import SCHEMA
from fieldtech.store.rows import COUNTS, FIRST_PAGE, AgendaCounts, AgendaRow

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore

ROWS = 60
"""More than any screen shows at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPage:
    """The head of the agenda and the facts of the header. ``groups``: see ``AgendaPage``."""

    rows: tuple[AgendaRow, ...]
    counts: AgendaCounts
    groups: tuple[tuple[str, str, int, int], ...]
    user: UserInfo | None
    central_url: str
    last_contact: datetime | None
    waiting: int
    refused: int


def read_first_page(
    profile: Profile, secrets: SecretStore, clock: Clock, *, rows: int = ROWS
) -> FirstPage | None:
    """Return the first page, or ``None`` when there is nothing to show without opening the store.

    That is a new profile, nobody signed in, or a store another version of the program wrote: then
    the store is opened first (which upgrades it or says what is wrong). Raises
    ``EnvironmentProblem`` when the key is missing or the file cannot be read.
    """
    if not profile.db.exists():
        return None
    try:
        with closing(connect(profile.db, raw_key(secrets, profile.db))) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
                return None
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
    # The wall clock is good enough for numbers that the next second repaints.
    now = clock.now().timestamp()
    waiting, refused = connection.execute(
        "SELECT coalesce(sum(state IN ('waiting', 'parked')), 0),"
        " coalesce(sum(state IN ('rejected', 'quarantined')), 0) FROM outbox"
        " WHERE state IN ('waiting', 'parked', 'rejected', 'quarantined')"
    ).fetchone()
    return FirstPage(
        rows=tuple(AgendaRow._make(row) for row in connection.execute(FIRST_PAGE, (limit,))),
        counts=AgendaCounts._make(connection.execute(COUNTS, {"now": now}).fetchone()),
        groups=tuple(
            connection.execute(
                "SELECT state, municipality, count(*), sum(severity = 'major') FROM agenda"
                " WHERE active = 1 GROUP BY state, municipality ORDER BY min(place_key)"
            )
        ),
        user=msgspec.json.decode(session[0], type=UserInfo),
        central_url=session[1],
        last_contact=None if session[2] is None else datetime.fromtimestamp(session[2], UTC),
        waiting=waiting,
        refused=refused,
    )
