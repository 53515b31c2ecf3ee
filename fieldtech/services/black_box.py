"""The black box as people use it: how it stands, its sealed package, and its end as our own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import fieldtech
from fieldtech.protocol.codec import from_stamp
from fieldtech.services.outgoing import outside
from fieldtech.store import meta
from fieldtech.store.journal import export, rebuilding, remnants
from fieldtech.store.profile_keys import SEAL_KEY
from fieldtech.sync.runner import KEPT_DAYS

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.store.opening import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackBoxStatus:
    """``commands`` in the box, of which ``unsealed`` only this laptop can open.

    ``has_central_key``: new work is sealed for the central too. ``remnants`` are damaged stores
    that were set aside, by name and size; they and confirmed work go after ``kept_days``.
    """

    commands: int
    unsealed: int
    size: int
    damaged: int
    newest: datetime | None
    has_central_key: bool
    remnants: tuple[tuple[str, int], ...]
    kept_days: int = KEPT_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A sealed package that was written: where, and what it holds."""

    path: str
    commands: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuiltNews:
    """The store was damaged and rebuilt: what could be saved, told once."""

    at: datetime
    commands: int
    drafts: int


class BlackBoxService:
    """Runs on the database worker."""

    def __init__(self, store: Store, profile: Profile, clock: Clock) -> None:
        self._store = store
        self._profile = profile
        self._clock = clock

    def status(self) -> BlackBoxStatus:
        """How the box stands; raises ``OSError`` when it cannot be read."""
        state = export.state_of(self._profile)
        with self._store.database.read() as connection:
            seal_key = meta.get(connection, SEAL_KEY)
        return BlackBoxStatus(
            commands=state.commands,
            unsealed=state.unsealed,
            size=state.size,
            damaged=state.damaged,
            newest=from_stamp(state.newest) if state.newest else None,
            has_central_key=bool(seal_key),
            remnants=tuple((each.name, each.size) for each in remnants.remnants(self._profile.db)),
        )

    def export(self, path: str) -> Exported:
        """Write the sealed package; raises ``EnvironmentProblem``."""
        return export_sealed(self._profile, path, self._clock)

    def rebuilt(self) -> RebuiltNews | None:
        """What a person has to hear about a rebuild, until ``seen``."""
        with self._store.database.read() as connection:
            found = rebuilding.load(connection)
            waiting = self._store.outbox.counts().waiting
        if found is None or found.seen:
            return None
        return RebuiltNews(at=from_stamp(found.at), commands=waiting, drafts=found.drafts)

    def seen(self) -> None:
        """The person has read of the rebuild."""
        with self._store.database.write() as connection:
            rebuilding.mark_seen(connection)


def export_sealed(profile: Profile, path: str, clock: Clock) -> Exported:
    """The same of a profile that cannot be opened (any more); raises ``EnvironmentProblem``."""
    target = outside(profile, path)
    manifest = export.export_package(profile, target, app=fieldtech.__version__, now=clock.now())
    return Exported(path=str(target), commands=manifest.records, files=manifest.blobs)
