"""Who works on this laptop: each person at each central in a profile folder of his own.

The data folder is the first person's profile, as it was when there was only one; the others' lie
below it. Each profile says in a small clear file (``who.json``) whose it is and how much waits in
it, so that the sign-in can name everybody without a single key: no secrets are in it and nothing
of a customer. There is no list in one place that two programs could write over each other.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech import config
from fieldtech.errors import FieldtechError
from fieldtech.paths import Profile, default_profile_dir, stands, write_private

if TYPE_CHECKING:
    from fieldtech.store.opening import Store

ANOTHERS = frozenset({"profile_of_another", "device_bound"})
"""With these the sign-in says that a profile is somebody else's."""

KEYLESS = frozenset({"key_missing", "secret_store_lost"})
"""With these a profile stays shut: its person goes on in another, its work stays where it is."""

_UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""Whatever somebody wrote into such a file keeps nobody from the sign-in."""

_NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaptopUser:
    """One person who has worked here, as ``folder`` says.

    So many ``waiting`` commands and ``files`` are not at his central yet; ``last_used`` is ``None``
    in a profile of an earlier version, which did not say.
    """

    folder: Path
    login: str
    name: str
    central: str
    waiting: int = 0
    files: int = 0
    last_used: datetime | None = None
    revoked: bool = False

    def is_same(self, login: str, central: str) -> bool:
        """Tell whether that is this person at this central."""
        return self.has_login(login) and _address(self.central) == _address(central)

    def has_login(self, login: str) -> bool:
        """Tell whether this person signs in by that name."""
        return bool(login) and self.login.casefold() == login.casefold()


class People:
    """Everybody who works on this laptop, read anew at every call. Raises no error of the disk."""

    def __init__(self, root: Path) -> None:
        """``root`` is the data folder."""
        self._root = root

    def all(self) -> tuple[LaptopUser, ...]:
        """Return them, who was here last first."""
        found = [user for folder in self._folders() if (user := read(folder)) is not None]
        return tuple(sorted(found, key=lambda user: user.last_used or _NEVER, reverse=True))

    def present(self) -> Path:
        """Return the profile of whoever was here last; before anybody was, the data folder."""
        users = self.all()
        return users[0].folder if users else self._root

    def place_for(self, login: str, central: str, *, at: Path, is_open: bool = True) -> Path:
        """Return the profile for a person who signs in from the one in ``at``; nothing is made.

        His own where he has one, a free one where he is new. Whoever is at home in ``at`` stays
        there: his central may have moved to another address, and the sign-in finds that out.
        ``is_open``: what is in ``at`` is behind no lock that is still shut.
        """
        for user in self.all():
            if user.is_same(login, central) and not user.revoked:
                return user.folder
        here = read(at)
        if here is None:
            # With a lock just put on, before the password was right, it is still his.
            may_stay = is_open and not stands(Profile.at(at).revoked)
            return at if may_stay else self.free_place()
        return at if here.has_login(login) and not here.revoked else self.free_place()

    def free_place(self, *, besides: Path | None = None) -> Path:
        """Return the first profile folder that is nobody's yet, other than ``besides``."""
        places = (self._root, *self._below())
        free = [place for place in places if place != besides and _is_free(place)]
        if free:
            return free[0]
        folder = Profile.at(self._root).people
        return next(place for number in count(2) if not (place := folder / str(number)).exists())

    def _folders(self) -> tuple[Path, ...]:
        return (self._root, *self._below())

    def _below(self) -> tuple[Path, ...]:
        with suppress(OSError):
            return tuple(sorted(x for x in Profile.at(self._root).people.iterdir() if x.is_dir()))
        return ()


def present_profile(named: str | None) -> Path:
    """Return the profile folder a command means: the one ``named``, else whoever's was last."""
    if named:
        return Profile.at(named).dir
    return People(default_profile_dir()).present()


def place_to_sign_in(login: str, central: str) -> Path:
    """Return the profile folder for a person who signs in without naming one; nothing is made."""
    people = People(default_profile_dir())
    return people.place_for(login, central, at=people.present())


def read(folder: Path) -> LaptopUser | None:
    """Return whose profile ``folder`` is, ``None`` while it is nobody's."""
    profile = Profile.at(folder)
    revoked = stands(profile.revoked)
    with suppress(*_UNREADABLE):
        found = json.loads(profile.who.read_text(encoding="utf-8"))
        used = found["last_used"]
        return LaptopUser(
            folder=folder,
            login=str(found["login"]),
            name=str(found["name"]),
            central=str(found["central"]),
            waiting=int(found["waiting"]),
            files=int(found.get("files", 0)),  # an earlier version did not count them
            last_used=datetime.fromisoformat(used).astimezone(UTC) if used else None,
            revoked=revoked,
        )
    # A profile of an earlier version, or one whose file was lost: its settings name who signed in.
    with suppress(OSError, FieldtechError):
        settings = config.load(profile.settings)
        if settings.last_user:
            return LaptopUser(
                folder=folder,
                login=settings.last_user,
                name=settings.last_user,
                central=settings.central_url,
                revoked=revoked,
            )
    return None


def note(user: LaptopUser) -> None:
    """Say in his profile whose it is; raises ``OSError``."""
    told = asdict(user)
    del told["folder"], told["revoked"]
    told["last_used"] = user.last_used.isoformat() if user.last_used is not None else ""
    write_private(Profile.at(user.folder).who, json.dumps(told, indent=2, sort_keys=True) + "\n")


def _is_free(folder: Path) -> bool:
    """Nobody has signed in there; a try that failed may have left an empty store."""
    profile = Profile.at(folder)
    marks = (profile.revoked, profile.lock_file)
    return read(folder) is None and not any(map(stands, marks))


def _address(central: str) -> str:
    return central.strip().rstrip("/").casefold()


class OwnProfile:
    """The open profile's word in the list of people. Runs on the database worker."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def note(self, *, used: datetime | None = None) -> None:
        """Say whose profile this is and what waits in it; before a sign-in nothing.

        ``used``: somebody works in it from this moment; without it that stays as it was. A disk
        that does not take it keeps nobody from his work: the list is then older than it could be.
        """
        # Imported here: the list of people is read before the first paint, and needs no store.
        from fieldtech.store.blobs import queue

        session = self._store.session.get()
        if session.user is None:
            return
        before = read(self._folder)
        counts = self._store.outbox.counts()
        with self._store.database.read() as connection:
            files = queue.counts(connection)
        with suppress(OSError):
            note(
                LaptopUser(
                    folder=self._folder,
                    login=session.user.login,
                    name=session.user.name,
                    central=session.central_url,
                    waiting=counts.waiting + counts.refused,
                    files=files.waiting + files.aside,
                    last_used=used or (before.last_used if before is not None else None),
                )
            )
