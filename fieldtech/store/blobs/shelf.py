"""The sealed files of a profile: put in whole and durable, read back piece by piece."""

from __future__ import annotations

import io
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import PRIVATE_DIR, SCRAP, sync_file, sync_folder
from fieldtech.protocol.codec import to_stamp
from fieldtech.protocol.sealed_file import (
    SUFFIX,
    FileHead,
    digest_of,
    open_locally,
    read_head,
    seal_file,
)
from fieldtech.protocol.sealing import CannotOpenError, Recipients, central_key
from fieldtech.store import meta, session
from fieldtech.store.driver import create_private, problem_from
from fieldtech.store.profile_keys import SEAL_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldtech.clock import Clock
    from fieldtech.store.database import Database
    from fieldtech.store.profile_keys import JournalKeys

LARGEST = 25 * 1024 * 1024
"""Bytes of the largest file that is taken, as the central's own default."""
RESERVE = 64 * 1024 * 1024
"""Room that is left free: the database must be able to go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobRef:
    """A file that is safe on the shelf."""

    sha256: str
    size: int
    name: str


class Shelf:
    """Thread-safe: a file is only ever added whole."""

    def __init__(self, folder: Path, database: Database, keys: JournalKeys, clock: Clock) -> None:
        self._folder = folder
        self._database = database
        self._keys = keys
        self._clock = clock

    def put_file(self, path: Path, name: str = "") -> BlobRef:
        """Seal a file of the disk; raises as ``put`` does, and ``file_unreadable``."""
        try:
            with path.open("rb") as source:
                return self.put(source, name or path.name)
        except OSError as error:
            raise EnvironmentProblem(
                f"The file cannot be read: {path.name} ({error.strerror or error})",
                code="file_unreadable",
                what_was_kept="Nothing was attached.",
                what_to_do="Choose another file, or copy it to this laptop first.",
            ) from error

    def put_bytes(self, data: bytes, name: str) -> BlobRef:
        """Seal a file that is in memory; raises as ``put`` does."""
        return self.put(io.BytesIO(data), name)

    def put(self, source: IO[bytes], name: str) -> BlobRef:
        """Seal a stream that can be read twice; when this returns it survives a power cut.

        Raises ``EnvironmentProblem``: ``file_too_large``, ``disk_full``, ``store_read_only``.
        """
        sha256, size = digest_of(source)
        source.seek(0)
        if size > LARGEST:
            raise EnvironmentProblem(
                f"{name} is too large: {size} bytes, at most {LARGEST} are taken.",
                code="file_too_large",
                what_was_kept="Nothing was attached.",
                what_to_do="Make it smaller, or take a part of it.",
            )
        if self._is_sound(sha256):
            # As young as a new one, for ``unknown``: its command is about to be written.
            with suppress(OSError):
                os.utime(self._path(sha256))
        else:
            self._seal(source, sha256, size)
        return BlobRef(sha256=sha256, size=size, name=name)

    def _is_sound(self, sha256: str) -> bool:
        """Tell whether the file is here, whole, and can be opened with the present key."""
        try:
            for _ in self.read(sha256):
                pass
        except EnvironmentProblem:
            return False
        return True

    def _seal(self, source: IO[bytes], sha256: str, size: int) -> None:
        with self._database.read() as connection:
            central = central_key(meta.get(connection, SEAL_KEY) or "")
            device_id = session.load(connection).device_id
        head = FileHead(
            device_id=device_id, at=to_stamp(self._clock.now()), sha256=sha256, size=size
        )
        partial = self._folder / f"{SCRAP}{sha256}"
        try:
            self._make_room(size)
            partial.unlink(missing_ok=True)
            create_private(partial)
            with partial.open("r+b") as target:
                recipients = Recipients(self._keys.local, central)
                seal_file(source, target, head, recipients, self._keys.signer)
                target.flush()
                sync_file(target.fileno())
            partial.replace(self._path(sha256))
            sync_folder(self._folder)
        except ValueError as error:
            raise EnvironmentProblem(
                "The file changed while it was read.",
                code="file_unreadable",
                what_was_kept="Nothing was attached.",
                what_to_do="Try again when nobody writes to it any more.",
            ) from error
        except OSError as error:
            raise problem_from(error) or _unwritable(error) from error
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def _make_room(self, size: int) -> None:
        if not self._folder.exists():
            self._folder.mkdir(mode=PRIVATE_DIR)
            sync_folder(self._folder.parent)
        if shutil.disk_usage(self._folder).free < size + RESERVE:
            raise EnvironmentProblem(
                "The disk is full.",
                code="disk_full",
                what_was_kept="What was saved before is safe; the file was not attached.",
                what_to_do="Free some space and try again.",
            )

    def read(self, sha256: str) -> Iterator[bytes]:
        """The content piece by piece; raises ``EnvironmentProblem`` (``file_damaged``)."""
        try:
            with self._path(sha256).open("rb") as sealed:
                yield from open_locally(sealed, self._keys.local)
        except (OSError, CannotOpenError) as error:
            raise EnvironmentProblem(
                "The file on this laptop is damaged or gone.",
                code="file_damaged",
                what_was_kept="Everything else is unchanged.",
                what_to_do="Attach it again if you still have it.",
            ) from error

    def has(self, sha256: str) -> bool:
        """Tell whether the file is here."""
        return self._path(sha256).is_file()

    def size_of(self, sha256: str) -> int | None:
        """The size that a sealed file will have when opened; ``None`` for none that is sound."""
        try:
            with self._path(sha256).open("rb") as sealed:
                return read_head(sealed).size
        except (OSError, CannotOpenError):
            return None

    def unknown(self, known: frozenset[str], before: datetime) -> list[str]:
        """Files that nobody ``known`` asked for and that were last put in before a moment.

        What was left by a crash or by work that was refused. Their age is by this machine's clock.
        """
        if not self._folder.is_dir():
            return []
        return [
            path.name.removesuffix(SUFFIX)
            for path in self._folder.iterdir()
            if path.suffix == SUFFIX
            and path.name.removesuffix(SUFFIX) not in known
            and datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
        ]

    def delete(self, sha256: str) -> None:
        """Delete a file; one that is not there is no error. Raises ``OSError``."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}{SUFFIX}"


def _unwritable(error: OSError) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"The file cannot be kept: {error.strerror or error}",
        code="store_io",
        what_was_kept="What was saved before is safe; the file was not attached.",
        what_to_do="Check the disk, then try again.",
    )
