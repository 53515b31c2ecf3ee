"""The files of the journal: appended to, made durable, never rewritten.

A segment ends after about a megabyte or with damage in it: what is torn stays as it was found, for
whoever may want to look at it, and what comes next goes into a new file.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from fieldtech.paths import PRIVATE_DIR, PRIVATE_FILE, sync_file, sync_folder
from fieldtech.protocol.black_box import SEGMENT_SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = 1024 * 1024
"""Bytes after which the next record begins a new segment."""

_NAME = re.compile(rf"(\d{{6,}}){re.escape(SEGMENT_SUFFIX)}")


def segments_in(folder: Path) -> list[Path]:
    """Return the segments of a folder, the oldest first; none when there is no such folder."""
    if not folder.is_dir():
        return []
    found = [(int(match[1]), path) for path in folder.iterdir() if (match := _match(path))]
    return [path for _, path in sorted(found)]


class SegmentWriter:
    """Appends to the last segment of a folder. Not thread-safe: the store's writer lock is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._end = 0
        self._since_mark: list[tuple[Path, int]] = []

    @property
    def begins_new(self) -> bool:
        """The next record begins a segment, and should be preceded by who works here."""
        return self._path is None or self._end >= LONGEST

    def continue_at(self, path: Path, end: int) -> None:
        """Go on in a segment that is whole up to its end."""
        self._path, self._end = path, end

    def append(self, data: bytes) -> None:
        """Append and make durable; raises ``OSError`` with nothing of it left in the way.

        Bytes that were written all the same are cut off again; where that fails too, the next
        record begins a new segment, and readers skip the torn end.
        """
        path = self._path if not self.begins_new and self._path is not None else self._next()
        new = not path.exists()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags, PRIVATE_FILE)
        try:
            start = os.fstat(descriptor).st_size
            try:
                _write_all(descriptor, data)
                sync_file(descriptor)
            except OSError:
                self._path = None
                self._since_mark.append((path, start))
                with suppress(OSError):
                    os.ftruncate(descriptor, start)
                    self._path = path if start else None
                    self._since_mark.pop()
                raise
        finally:
            os.close(descriptor)
        if new:
            sync_folder(self._folder)
        self._path, self._end = path, start + len(data)
        self._since_mark.append((path, start))

    def mark(self) -> None:
        """What is appended from now on may have to be taken back."""
        self._since_mark.clear()

    def take_back(self) -> None:
        """Cut off what was appended since the mark, which takes no room on the disk.

        The next record begins a segment. Raises ``OSError`` with some of it still there.
        """
        self._path = None
        while self._since_mark:
            path, start = self._since_mark.pop()
            descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
            try:
                os.ftruncate(descriptor, start)
                sync_file(descriptor)
            finally:
                os.close(descriptor)

    def _next(self) -> Path:
        self._folder.mkdir(mode=PRIVATE_DIR, exist_ok=True)
        present = segments_in(self._folder)
        number = int(present[-1].stem) + 1 if present else 1
        if not present:
            sync_folder(self._folder.parent)
        return self._folder / f"{number:06}{SEGMENT_SUFFIX}"


def _match(path: Path) -> re.Match[str] | None:
    return _NAME.fullmatch(path.name)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
