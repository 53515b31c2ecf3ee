"""What announces itself: deadlines near or past, visits that came or went. Nothing twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from fieldtech.domain.clock_view import state_at, used_share
from fieldtech.domain.words import ClockState
from fieldtech.services.values import Alarm, VisitNews
from fieldtech.store import meta
from fieldtech.store.agenda import AgendaQuery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from fieldtech.clock import Clock
    from fieldtech.domain.clock_view import ClockView
    from fieldtech.domain.policy import Rulebook
    from fieldtech.services.values import AgendaRow
    from fieldtech.store.opening import Store

ALARM_SHOWN = "alarm_shown "
"""Before the key of each alarm that was shown, in the store's small texts; its value is when."""
VISITS_KNOWN = "visits_known"
MOST = 500
KEPT_S = 90 * 86_400.0
"""How long an alarm is remembered as shown. It is not forgotten when it is no longer due: an offset
to the central that is refined by a second must not show one twice."""
LOOK_BACK_S = 900.0
"""How far back the first look at a run's start goes for deadlines beyond the ``MOST`` urgent."""
_ALARMING = {ClockState.AT_RISK: "at_risk", ClockState.BREACHED: "breached"}
"""The two moments that come with the clock itself, reckoned by the incident's own policy version.
``alarm_shares`` between them would need that version for every row of every look."""
_visits = msgspec.json.Decoder(dict[str, list[str]])


class NoticeService:
    """Compares what is with what was announced, and remembers that across restarts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._looked_at: float | None = None

    def alarms(self) -> tuple[Alarm, ...]:
        """Alarms due now that were never shown; they count as shown from here on."""
        now = self._clock.now()
        due = {
            key: found
            for row in self._candidates(now.timestamp())
            for key, found in _moments_of(row, now)
        }
        with self._store.database.read() as connection:
            known = _shown(connection, due)
        # Only what is news is made: a desk's backlog of hundreds is looked at four times a minute.
        news = [key for key in due if key not in known]
        fresh: dict[str, Alarm] = {}
        if news:
            rules = self._store.reference.rules().rulebook
            fresh = {key: _alarm(*due[key], now, rules) for key in news}
            with self._store.database.write() as connection:
                _forget(connection, now.timestamp() - KEPT_S)
                for key in fresh:
                    meta.put(connection, f"{ALARM_SHOWN}{key}", f"{now.timestamp():.0f}")
        return tuple(fresh.values())

    def _candidates(self, now_s: float) -> list[AgendaRow]:
        """The most urgent rows, and whatever crossed a threshold since the last look.

        Behind a desk's backlog of old breaches the newest one would never be seen.
        """
        page = self._store.agenda.page(AgendaQuery(chip="expiring", by_place=False), limit=MOST)
        since = self._looked_at if self._looked_at is not None else now_s - LOOK_BACK_S
        self._looked_at = now_s
        return [*page.rows, *self._store.agenda.due_between(since, now_s)]

    def visit_news(self) -> tuple[VisitNews, ...]:
        """Visits of this technician that came or went since the last call."""
        page = self._store.agenda.page(AgendaQuery(), limit=MOST)
        own = {
            row.visit_id: [row.incident_id, row.number, row.customer, row.municipality]
            for row in page.rows
            if row.visit_id and not row.away
        }
        with self._store.database.write() as connection:
            text = meta.get(connection, VISITS_KNOWN)
            known = _visits.decode(text) if text is not None else own
            if text is None or known != own:
                meta.put(connection, VISITS_KNOWN, msgspec.json.encode(own).decode())
        came = [_news("new", visit, own[visit]) for visit in own if visit not in known]
        went = [
            _news("gone", visit, known[visit])
            for visit in known
            if visit not in own and self._was_taken(known[visit][0], visit)
        ]
        return (*came, *went)

    def _was_taken(self, incident_id: str, visit_id: str) -> bool:
        """Not one that the technician finished himself."""
        case = self._store.cases.get(incident_id)
        visit = case.visit(visit_id)
        return visit is None or visit.state.value in {"reassigned", "cancelled", "abandoned"}


def _shown(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Those of the alarms that were shown before."""
    wanted = msgspec.json.encode([f"{ALARM_SHOWN}{key}" for key in keys]).decode()
    found = connection.exec_driver_sql(
        "SELECT key FROM meta WHERE key IN (SELECT value FROM json_each(?))", (wanted,)
    )
    return {key.removeprefix(ALARM_SHOWN) for (key,) in found}


def _forget(connection: Connection, before_s: float) -> None:
    connection.exec_driver_sql(
        "DELETE FROM meta WHERE key >= ? AND key < ? AND CAST(value AS REAL) < ?",
        (ALARM_SHOWN, f"{ALARM_SHOWN}\x7f", before_s),
    )


Moment = tuple["AgendaRow", str, str, "ClockView"]
"""A deadline that is near or past: the row, which clock, which of the two, and the clock itself."""


def _moments_of(row: AgendaRow, now: datetime) -> list[tuple[str, Moment]]:
    """The alarms of one row, each under the key it is remembered by."""
    clocks = row.clocks
    found: list[tuple[str, Moment]] = []
    for name, view in (("response", clocks.response), ("restoration", clocks.restoration)):
        kind = _ALARMING.get(state_at(view, now))
        if kind is not None and view.due is not None:
            key = f"{row.incident_id}:{name}:{kind}:{view.due.timestamp():.0f}"
            found.append((key, (row, name, kind, view)))
    return found


def _alarm(  # noqa: PLR0917  one moment, unpacked
    row: AgendaRow, name: str, kind: str, view: ClockView, now: datetime, rules: Rulebook
) -> Alarm:
    policy = rules.current(row.region_id)
    step = policy.level_at(used_share(view, now)) if name == "restoration" else None
    return Alarm(
        incident_id=row.incident_id,
        number=row.number,
        customer=row.customer,
        clock=name,
        kind=kind,
        timezone=row.timezone,
        due=view.due or datetime.fromtimestamp(row.reported_at, UTC),
        escalation=f"{step.level}" if step else "",
        escalation_mail=step.mail if step else "",
    )


def _news(kind: str, visit_id: str, facts: list[str]) -> VisitNews:
    incident_id, number, customer, municipality = facts
    return VisitNews(
        kind=kind,
        incident_id=incident_id,
        visit_id=visit_id,
        number=number,
        customer=customer,
        municipality=municipality,
    )
