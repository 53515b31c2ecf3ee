"""The waits of one queue, kept in the store: over restarts, reboots and runs that were stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fieldtech.store import session
from fieldtech.sync import backoff
from fieldtech.sync.backoff import Backoff, Pace

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.store.database import Database


class Pacer:
    """When a queue is tried next. Every method may read or write the store."""

    def __init__(
        self, database: Database, clock: Clock, pace: Pace | None = None, *, key: str = backoff.KEY
    ) -> None:
        """Remember under ``key`` (see ``store.meta``)."""
        self._database = database
        self._clock = clock
        self._pace = pace or Pace()
        self._key = key
        self._known: Backoff | None = None

    def seconds_left(self) -> float:
        """Return how long to wait before the next run by itself; 0: now."""
        return backoff.seconds_left(self._now_known(), self._clock)

    def seconds_held(self) -> float:
        """Return how long the central wants to be left alone by everything but a person's click."""
        return backoff.seconds_held(self._now_known(), self._clock)

    def seconds_barred(self) -> float:
        """Return how long to wait after failures; 0 after a clean run: more may go at once."""
        return self.seconds_left() if self._now_known().failures else 0.0

    def succeeded(self) -> float:
        """A clean run; return the seconds to the next one."""
        return self._keep(backoff.after_success(self._clock, self._pace))

    def failed(self, retry_after_s: float | None, reason: str = "") -> float:
        """A run that failed, and what the central asked for; return the seconds to the next one."""
        with self._database.read() as connection:
            seed = session.load(connection).device_id
        after = backoff.after_failure(
            self._now_known(), self._clock, self._pace, seed=seed, retry_after_s=retry_after_s
        )
        return self._keep(replace(after, reason=reason))

    def stopped(self) -> float:
        """A person stopped a run: no failure, and no reason to forget one.

        What the central asked for still holds, and nothing begins by itself within the minute.
        """
        before = self._now_known()
        if not self.seconds_held() and self.seconds_left() < self._pace.every_s:
            rested = backoff.after_success(self._clock, self._pace)
            self._keep(replace(rested, failures=before.failures))
        return max(self.seconds_left(), self._pace.every_s)

    def lift(self) -> None:
        """Somebody wants it tried again, whatever there was."""
        self._keep(Backoff())

    @property
    def reason(self) -> str:
        """Why it waits: the code of the last failure, empty when it does not."""
        return self._now_known().reason if self.seconds_barred() else ""

    def _now_known(self) -> Backoff:
        if self._known is None:
            with self._database.read() as connection:
                self._known = backoff.load(connection, self._key)
        return self._known

    def _keep(self, after: Backoff) -> float:
        before, self._known = self._now_known(), after
        # A clean run after a clean run has nothing to remember: a restart synchronises anyway.
        if after.failures or before.failures:
            with self._database.write() as connection:
                backoff.save(connection, after, self._key)
        return self.seconds_left()
