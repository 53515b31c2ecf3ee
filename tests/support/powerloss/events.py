"""What the library saw, in the order in which the system did it."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEAD = struct.Struct("=IIQqQ")


class Kind(IntEnum):
    """As ``enum kind`` of ``shim.c``; those from ``CREATING`` on are counted, never recorded."""

    OPENED = 1
    WRITTEN = 2
    CUT = 3
    SYNCED = 4
    UNLINKED = 5
    RENAMED = 6
    FOLDER_MADE = 7
    FOLDER_REMOVED = 8
    MARKED = 9
    CREATING = 10
    OPENING_TO_WRITE = 11
    SENDING = 12
    RECEIVING = 13


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done. Paths are relative to the watched folder, "" being itself.

    ``offset`` is where a write went or to what size a file was cut; ``data`` what was written, or
    the new path of a rename. A mark has its text as its path.
    """

    kind: Kind
    path: str
    inode: int
    offset: int
    data: bytes

    @property
    def to(self) -> str:
        """The new path of a rename."""
        return self.data.decode()


def read_events(record: Path, folder: Path) -> list[Event]:
    """Everything recorded of ``folder``."""
    return list(_events(record.read_bytes(), str(folder.resolve())))


def _events(data: bytes, root: str) -> Iterator[Event]:
    at = 0
    while at < len(data):
        kind, path_length, inode, offset, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        path = data[at : at + path_length].decode()
        body = data[at + path_length : at + path_length + length]
        at += path_length + length
        known = Kind(kind)
        if known is not Kind.MARKED:
            path = _relative(path, root)
        if known is Kind.RENAMED:
            body = _relative(body.decode(), root).encode()
        yield Event(known, path, inode, offset, body)
    assert at == len(data), "the record ends with a whole event"


def _relative(path: str, root: str) -> str:
    found = os.path.relpath(path, root)
    return "" if found == "." else found
