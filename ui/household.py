"""Who works on this laptop, as the windows need it: the list, the right place, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.paths import Profile, default_profile_dir
from fieldtech.services.people import ANOTHERS, KEYLESS, People, read

if TYPE_CHECKING:
    from pathlib import Path

    from fieldtech.clock import Clock
    from fieldtech.services.people import LaptopUser
    from fieldtech.services.values import SyncStatus
    from ui.views.kit import Kit
    from ui.views.main_window import MainPage


class Household:
    """The people of this laptop. A window started on one folder (``named``) knows only that."""

    def __init__(self, named: str | None, machine: Clock) -> None:
        self._machine = machine
        self._people = None if named else People(default_profile_dir())
        self._named = named

    @property
    def is_shared(self) -> bool:
        """Several people may work here, each in his own profile."""
        return self._people is not None

    def first(self) -> Path:
        """The profile to open with: of whoever was here last."""
        return self._people.present() if self._people else Profile.at(self._named).dir

    def users(self) -> tuple[LaptopUser, ...]:
        """Everybody to choose from, who was here last first."""
        return self._people.all() if self._people else ()

    def name_of(self, folder: Path) -> str:
        """Whose profile that is, empty while nobody knows."""
        user = read(folder)
        return user.name if user is not None else ""

    def place_for(self, login: str, central: str, at: Path, *, is_open: bool) -> Path:
        """The profile in which that person signs in."""
        if self._people is None:
            return at
        return self._people.place_for(login, central, at=at, is_open=is_open)

    def another_place(self, error: BaseException, at: Path) -> Path | None:
        """Where to try again when what is in ``at`` is somebody else's, or its keys are gone."""
        if self._people is None or getattr(error, "code", "") not in ANOTHERS | KEYLESS:
            return None
        return self._people.free_place(besides=at)

    def watch(self, kit: Kit, page: MainPage, now: SyncStatus) -> None:
        """Keep what the list says of this profile up to date while somebody works in it."""
        told = (now.changes_kept, now.files_kept)

        def status_shown(status: SyncStatus) -> None:
            nonlocal told
            if (status.changes_kept, status.files_kept) != told:
                told = (status.changes_kept, status.files_kept)
                kit.ask(lambda desk: desk.own.note(), _nothing, owner=page)

        page.status_shown.connect(status_shown)
        used = self._machine.now()
        kit.ask(lambda desk: desk.own.note(used=used), _nothing, owner=page)


def _nothing(_: None) -> None:
    """The list is read when it is shown."""
