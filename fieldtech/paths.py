"""Where things lie on disk: the shipped resources and a person's profile folder."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech.errors import Bug

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE_FILE = 0o600
PRIVATE_DIR = 0o700
SCRAP = ".fieldtech-"
"""How the name of a file begins that is just being written."""


def resources_dir() -> Path:
    """Return the folder of policies, checklists, fonts, icons and the rest that ships.

    A wheel and a frozen bundle carry it inside the package as ``_resources``; a source tree has it
    beside the package. An editable install also leaves a copy of ``_resources`` in ``site-
    packages`` that goes stale, so only the folder beside this very file is looked at, never one
    found by name. Raises ``Bug`` when there is neither.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_resources", package.parent / "resources"):
        if candidate.is_dir():
            return candidate
    message = f"the program's resources are missing beside {package}"
    raise Bug(message, code="resources_missing")


def default_profile_dir() -> Path:
    """Return the folder a profile lives in when none is named, by this system's custom."""
    # Imported here: the window is painted sooner when a named profile never needs it.
    from platformdirs import user_data_path

    return user_data_path("fieldtech", appauthor=False, roaming=False)


@dataclass(frozen=True, slots=True)
class Profile:
    """One person's folder on this laptop; nothing of the program lies outside it."""

    dir: Path

    @classmethod
    def open(cls, folder: Path | str | None = None) -> Profile:
        """Return the profile in ``folder`` (``None``: the default), its folders made private.

        Raises ``OSError`` when the folder cannot be made.
        """
        profile = cls.at(folder)
        profile.ensure()
        return profile

    @classmethod
    def at(cls, folder: Path | str | None = None) -> Profile:
        """Return the same without looking at the disk."""
        return cls(Path(folder).expanduser().absolute() if folder else default_profile_dir())

    @property
    def db(self) -> Path:
        """The encrypted store."""
        return self.dir / "store.db"

    @property
    def has_work(self) -> bool:
        """Somebody has worked here: what there is can be opened only with the keys it has."""
        with suppress(FileNotFoundError):
            if self.db.stat().st_size > 0:
                return True
        return self.journal.is_dir() and any(self.journal.iterdir())

    @property
    def lock(self) -> Path:
        """The file whose lock says that a process is using this profile."""
        return self.dir / "lock.db"

    @property
    def journal(self) -> Path:
        """The sealed journal, a folder of segments."""
        return self.dir / "journal"

    @property
    def blobs(self) -> Path:
        """The sealed files: photos, signatures, sheets."""
        return self.dir / "blobs"

    @property
    def damaged(self) -> Path:
        """Stands here while the store is known to be damaged: the next start rebuilds it."""
        return self.dir / "store.damaged"

    @property
    def revoked(self) -> Path:
        """Stands here once the central has shut this laptop out: its keys are gone."""
        return self.dir / "revoked.json"

    @property
    def lock_file(self) -> Path:
        """How this profile's PIN or passphrase opens its secrets, when it has one."""
        return self.dir / "lock.json"

    @property
    def tries_file(self) -> Path:
        """The wrong tries at that lock."""
        return self.dir / "tries.json"

    @property
    def log(self) -> Path:
        """The log of the desktop; older parts lie beside it."""
        return self.dir / "log" / "fieldtech.log"

    @property
    def key_file(self) -> Path:
        """Secrets, when this profile keeps them in a file and not in the system's keyring."""
        return self.dir / "secrets.json"

    @property
    def secret_marker(self) -> Path:
        """Which kind of secret store this profile uses, and under what name."""
        return self.dir / "secret-store.json"

    @property
    def settings(self) -> Path:
        """The person's settings."""
        return self.dir / "settings.json"

    @property
    def who(self) -> Path:
        """Whose profile this is, for the list at the sign-in; neither secrets nor customers."""
        return self.dir / "who.json"

    @property
    def people(self) -> Path:
        """In the data folder: the profiles of the second person of this laptop and the others."""
        return self.dir / "people"

    def ensure(self) -> None:
        """Create the folders, readable by their owner alone.

        One that was there before is made so too, unless it holds things that are not a profile's:
        somebody's home, or a folder that all share.
        """
        for folder in (self.dir, self.log.parent):
            folder.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
        with suppress(PermissionError):  # somebody else's folder that we may use
            self.log.parent.chmod(PRIVATE_DIR)
            if all(path.name.startswith(self._names()) for path in self.dir.iterdir()):
                self.dir.chmod(PRIVATE_DIR)

    def clear_scraps(self) -> None:
        """Remove what crashes left of half-written files; only for who holds the profile's lock."""
        for scrap in self.dir.glob(f"{SCRAP}*"):
            if scrap.is_dir():
                shutil.rmtree(scrap)
            else:
                scrap.unlink(missing_ok=True)

    def _names(self) -> tuple[str, ...]:
        """Return how the names of everything in a profile begin."""
        files = (self.db, self.lock, self.key_file, self.secret_marker, self.settings, self.who)
        marks = (self.damaged, self.revoked, self.lock_file, self.tries_file)
        folders = (self.journal, self.blobs, self.log.parent, self.people)
        return (SCRAP, *(path.name for path in (*files, *marks, *folders)))


def stands(mark: Path) -> bool:
    """Tell whether a file is there; in a folder that is not ours to look into it is."""
    try:
        return mark.exists()
    except OSError:
        return True


def write_private(path: Path, content: str | bytes) -> None:
    """Replace a file, a text as UTF-8, whole and durably; only its owner may read it.

    A crash leaves either the old content or the new, never half. Raises ``OSError``.
    """
    with _written_beside(path, content) as temporary:
        temporary.replace(path)
    sync_folder(path.parent)


def claim_private(path: Path, content: str | bytes) -> bool:
    """Make the same file where there is none yet; return whether it is this one that stands there.

    Of any number at once the first one's stays, whole, also after a crash. Raises ``OSError``.
    """
    with _written_beside(path, content) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        except OSError:
            # No file system for a second name: there a crash may leave half of it.
            if not _copied_once(temporary, path):
                return False
    sync_folder(path.parent)
    return True


@contextmanager
def _written_beside(path: Path, content: str | bytes) -> Iterator[Path]:
    """Write a file durably under a name that nobody looks for, gone at the end."""
    # Imported here: nothing is written before the window has been painted.
    import tempfile

    data = content.encode("utf-8") if isinstance(content, str) else content
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{SCRAP}{path.name}-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            sync_file(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _copied_once(source: Path, target: Path) -> bool:
    data = source.read_bytes()
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except FileExistsError:
        return False
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            sync_file(file.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return True


if sys.platform == "darwin":
    import fcntl

    def sync_file(descriptor: int) -> None:
        """Make what was written to a file durable; raises ``OSError``.

        There ``fsync`` hands the data to the drive alone, which may keep it in its own cache.
        """
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)

else:

    def sync_file(descriptor: int) -> None:
        """Make what was written to a file durable; raises ``OSError``."""
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make what was created in or renamed into a folder durable; raises ``OSError``."""
    if os.name != "posix":
        return  # Windows cannot open a folder, and makes the rename durable by itself.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def named_folder(text: str) -> str:
    """Read a folder from a command line, for ``argparse``.

    An empty one is a shell variable that was not set, never a wish for the default profile.
    """
    if not text:
        message = "no folder is named"
        raise argparse.ArgumentTypeError(message)
    return text
