"""From a profile folder to working services, the first page before everything else.

Importing this module costs no SQLAlchemy and no requests: the desk and the sign-in bring them in
when they are first used, after the window has been painted.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fieldtech.errors import EnvironmentProblem
from fieldtech.services.central_clock import CentralClock
from fieldtech.services.first_values import AgendaGroup, AgendaPage, FirstLook, SyncStatus
from fieldtech.store.first_page import read_first_page

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore
    from fieldtech.services.access import AccessService
    from fieldtech.services.desk import Desk
    from fieldtech.store.first_page import FirstPage

Why = Literal["rebuild", "upgrade"]

_OPENED_FOR: dict[str, Why] = {"store_corrupt": "rebuild", "other_schema": "upgrade"}


@dataclass(frozen=True, slots=True)
class MustOpen:
    """Nothing can be shown before the store is opened, which may take long, and ``why``.

    A damaged one is rebuilt, one of an older version upgraded.
    """

    why: Why


class Opening:
    """One profile's way from closed to open. ``clock`` is the screens' clock from the start."""

    def __init__(
        self,
        profile: Profile,
        secrets: SecretStore,
        machine: Clock,
        access: AccessService | None = None,
        clock: CentralClock | None = None,
    ) -> None:
        self._access = access
        self._profile = profile
        self._secrets = secrets
        self._machine = machine
        self._lock = threading.Lock()
        self._desk: Desk | None = None
        self.clock = clock or CentralClock(machine)
        # One that comes from another profile knows another central.
        self.clock.set_sample(None)

    def refuse_revoked(self) -> None:
        """Raise ``EnvironmentProblem`` (``revoked``) where this laptop was shut out."""
        _refuse_revoked(self._profile, self._secrets)

    def first_look(self) -> FirstLook | MustOpen | None:
        """The first page as the last run left it, read without opening the store.

        ``None`` when somebody has to sign in first. Raises ``EnvironmentProblem`` when the key or
        the file cannot be read.
        """
        self.refuse_revoked()
        gone = self._profile.has_work and not self._profile.db.exists()
        if gone or self._profile.damaged.exists():
            return MustOpen("rebuild")
        try:
            found = read_first_page(self._profile, self._secrets, self._machine)
        except EnvironmentProblem as problem:
            if problem.code not in _OPENED_FOR:
                raise
            return MustOpen(_OPENED_FOR[problem.code])
        if found is None:
            return None
        self.clock.set_sample(found.sample)
        return self._look(found)

    def look_again(self) -> FirstLook | None:
        """The same of the store, opened; on a worker thread. Raises ``EnvironmentProblem``."""
        return self.desk().first_look()

    def desk(self) -> Desk:
        """The services, opened at the first call. Raises ``EnvironmentProblem``."""
        with self._lock:
            if self._desk is None:
                self.refuse_revoked()
                from fieldtech.services.desk import open_desk

                self._desk = open_desk(
                    self._profile, self._secrets, self._machine, self.clock, self._access
                )
            return self._desk

    def sign_in(self, central: str, user: str, password: str) -> FirstLook:
        """Sign in at the central and pull what belongs to the user.

        Raises ``EnvironmentProblem``: no connection, wrong password, another person's profile.
        """
        return self.desk().sign_in(central, user, password)

    def close(self) -> None:
        """Close the store and let go of the profile; safe to call twice."""
        with self._lock:
            desk, self._desk = self._desk, None
        if desk is not None:
            desk.close()

    def _look(self, found: FirstPage) -> FirstLook:
        return FirstLook(
            user_id=found.user.id,
            user_name=found.user.name,
            role=found.user.role,
            page=AgendaPage(
                rows=found.rows,
                total=found.counts.all,
                counts=found.counts,
                groups=tuple(
                    AgendaGroup(state=state, municipality=name, count=count, major=major)
                    for state, name, count, major in found.groups
                ),
            ),
            status=SyncStatus(
                waiting=found.waiting,
                refused=found.refused,
                files_waiting=found.files_waiting,
                files_aside=found.files_aside,
                last_contact=found.last_contact,
                central_url=found.central_url,
                user_name=found.user.name,
                key_kind=self._secrets.kind,
                key_place=self._secrets.place,
                key_locked=self._profile.lock_file.exists(),
                lease_over=found.lease_over,
            ),
        )


def _refuse_revoked(profile: Profile, secrets: SecretStore) -> None:
    """Raise ``EnvironmentProblem`` (``revoked``) for a profile that was sealed off."""
    if profile.revoked.exists():
        # Imported here: a profile that is not pays nothing for it.
        from fieldtech.services.revocation import refuse

        refuse(profile, secrets)
