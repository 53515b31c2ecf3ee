"""Where the bytes lie: a folder, each whole file under its own SHA-256."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import IO, Protocol

from fieldtech.paths import PRIVATE_DIR, PRIVATE_FILE, sync_folder

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
        """Keep the unfinished file for good when it is what it should be; tell whether it was."""
        ...

    def discard(self, upload_id: str) -> None:
        """Forget an unfinished file."""
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
        """Check the whole file against its name, then move it to where it stays."""
        partial = self._uploads / upload_id
        target = self._target(sha256)
        if not partial.exists():
            # The move was done and its answer got lost, or the file is empty.
            if target.exists():
                return True
            self.append(upload_id, 0, b"")
        with partial.open("r+b") as file:
            file.truncate(size)
            file.seek(0)
            sound = _digest(file) == sha256
        if not sound:
            partial.unlink()
            return False
        target.parent.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
        partial.replace(target)
        sync_folder(target.parent)
        return True

    def discard(self, upload_id: str) -> None:
        """Delete an unfinished file; one that is not there is no error."""
        (self._uploads / upload_id).unlink(missing_ok=True)

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


def _digest(file: IO[bytes]) -> str:
    summed = hashlib.sha256()
    while part := file.read(CHUNK):
        summed.update(part)
    return summed.hexdigest()
