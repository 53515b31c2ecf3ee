"""Where the bytes lie: a folder, each whole file under its own SHA-256."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import IO, Protocol

from fieldtech.paths import PRIVATE_DIR, PRIVATE_FILE, sync_file, sync_folder

CHUNK = 1024 * 1024
_NAME = re.compile(r"[0-9a-f]{64}")


class BlobStore(Protocol):
    """Keeps files by their content. A folder does; so would an object store.

    Every method may raise ``OSError``.
    """

    def append(self, upload_id: str, offset: int, data: bytes) -> None:
        """Put bytes of an unfinished file at ``offset``, durably; the same twice is no harm."""
        ...

    def finish(self, upload_id: str, sha256: str, size: int) -> bool:
        """Keep what was sent for good when it is what it should be; tell whether it was.

        The unfinished file stays until ``discard``: its last part may come once more.
        """
        ...

    def discard(self, upload_id: str) -> None:
        """Forget an unfinished file."""
        ...

    def unfinished(self) -> set[str]:
        """Name the uploads of which something lies here."""
        ...

    def path(self, sha256: str) -> Path | None:
        """Where a whole file can be read, ``None`` when there is none."""
        ...

    def delete(self, sha256: str) -> None:
        """Forget a whole file."""
        ...

    def free(self) -> int:
        """How many bytes there is room for."""
        ...


class FolderStore:
    """``<folder>/<first two digits>/<sha256>``, unfinished ones under ``<folder>/uploads``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._uploads = folder / "uploads"

    def append(self, upload_id: str, offset: int, data: bytes) -> None:
        """Write at an offset and make it durable."""
        self._uploads.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._uploads / upload_id, flags, PRIVATE_FILE)
        try:
            os.lseek(descriptor, offset, os.SEEK_SET)
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def finish(self, upload_id: str, sha256: str, size: int) -> bool:
        """Copy the file to where it stays if it is what it should be, summing what is copied.

        Never the unfinished file itself: another request may hold it open and write to it after
        it was summed. And never because "it is here already": nobody learns that by a hash.
        """
        target = self._target(sha256)
        copy = self._uploads / f"{upload_id}.{secrets.token_hex(8)}"
        try:
            with (self._uploads / upload_id).open("rb") as source:
                if _copied(source, copy, size) != sha256:
                    return False
            if not target.parent.is_dir():
                target.parent.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
                sync_folder(target.parent.parent)
            copy.replace(target)
            sync_folder(target.parent)
        except FileNotFoundError:
            return False  # Another request was faster: it is whole, or was amiss, and put away.
        finally:
            copy.unlink(missing_ok=True)
        return True

    def discard(self, upload_id: str) -> None:
        """Delete an unfinished file and its copies; one that is not there is no error."""
        for path in (self._uploads / upload_id, *self._uploads.glob(f"{upload_id}.*")):
            path.unlink(missing_ok=True)

    def unfinished(self) -> set[str]:
        """The names in the folder of uploads."""
        if not self._uploads.is_dir():
            return set()
        return {path.name.partition(".")[0] for path in self._uploads.iterdir()}

    def path(self, sha256: str) -> Path | None:
        """The whole file, if it is here."""
        target = self._target(sha256)
        return target if target.is_file() else None

    def delete(self, sha256: str) -> None:
        """Delete a whole file; one that is not there is no error."""
        self._target(sha256).unlink(missing_ok=True)

    def free(self) -> int:
        """The free bytes of the file system the folder is on."""
        folder = self._folder
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def _target(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            message = f"not a digest: {sha256!r}"
            raise ValueError(message)
        return self._folder / sha256[:2] / sha256


def _copied(source: IO[bytes], target: Path, size: int) -> str:
    """Copy ``size`` bytes durably into a new file; return the SHA-256 of what was copied."""
    summed, left = hashlib.sha256(), size
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(target, flags, PRIVATE_FILE), "wb") as kept:
        while left and (part := source.read(min(CHUNK, left))):
            summed.update(part)
            kept.write(part)
            left -= len(part)
        kept.flush()
        sync_file(kept.fileno())
    return "" if left else summed.hexdigest()
