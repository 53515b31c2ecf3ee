"""One profile of this laptop with everything that opens it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech import config
from fieldtech.errors import EnvironmentProblem, FieldtechError
from fieldtech.paths import Profile
from fieldtech.secrets import ClosedStore, HeldSecrets, open_secret_store
from fieldtech.services.access import AccessService, guard
from fieldtech.services.opening import Opening

if TYPE_CHECKING:
    from pathlib import Path

    from fieldtech.clock import Clock
    from fieldtech.config import Settings
    from fieldtech.secrets import Preference, SecretStore
    from fieldtech.services.central_clock import CentralClock
    from fieldtech.services.desk import Desk


class Seat:
    """Where somebody works: his folder, his keys behind their lock, the way to his services.

    Making one may ask a keyring, which takes its time: a worker does it once the window is there.
    ``desk`` is what was opened last.
    """

    def __init__(
        self,
        folder: Path | str | None,
        prefer: Preference,
        machine: Clock,
        clock: CentralClock | None = None,
    ) -> None:
        """``clock`` is the screens' own, kept from seat to seat. Raises ``OSError``."""
        self.profile = Profile.open(folder)
        base = _open_secrets(self.profile, prefer)
        self.secrets = HeldSecrets(guard(self.profile, base, machine))
        self.access = AccessService(self.profile, self.secrets, base, machine)
        self.opening = Opening(self.profile, self.secrets, machine, self.access, clock)
        self.desk: Desk | None = None
        self._ends = False
        self._is_left = False

    def open_desk(self) -> Desk:
        """The services, opened at the first call; on a worker thread only.

        Raises ``EnvironmentProblem``, also once the seat was left.
        """
        if self._is_left:
            # Work that waited for its thread meanwhile must not open the profile once more.
            raise EnvironmentProblem("Somebody else works here by now.", code="store_closed")
        desk = self.opening.desk()
        self.desk = desk
        if self._ends:
            self._end(desk)
        return desk

    @staticmethod
    def _end(desk: Desk) -> None:
        """Neither work nor files are waited for; what is not there yet goes another day."""
        desk.files.cancel()
        desk.sync.end()

    def stop(self) -> None:
        """Let nothing wait for the network any more; a desk that was stopped is opened anew."""
        if self.desk is not None:
            self.desk.sync.cancel()

    def close(self) -> None:
        """Say what waits here, for the list of people, and close; on the database worker."""
        if self.desk is not None:
            self.stop()
            self.desk.own.note()
            self.desk = None
        self.opening.close()

    def leave(self) -> None:
        """The same for good."""
        self._is_left = True
        self.close()

    def stop_for_good(self) -> None:
        """The program ends: a desk that is just being opened stops as well."""
        self._ends = True
        if self.desk is not None:
            self._end(self.desk)

    def settings(self, before: Settings | None = None) -> Settings:
        """The person's own; a new one finds the window as whoever sat here ``before`` had it.

        A settings file that cannot be read never keeps a technician from his work.
        """
        if before is not None and not self.profile.settings.exists():
            new = config.Settings()
            return replace(
                new,
                language=before.language,
                theme=before.theme,
                text_scale=before.text_scale,
                window=before.window,
            )
        try:
            return config.load(self.profile.settings)
        except (FieldtechError, OSError):
            return config.Settings()


def _open_secrets(profile: Profile, prefer: Preference) -> SecretStore:
    """Keys that cannot be reached are told in the window, as a store's troubles are."""
    try:
        return open_secret_store(profile, prefer=prefer)
    except EnvironmentProblem as problem:
        return ClosedStore(problem)
