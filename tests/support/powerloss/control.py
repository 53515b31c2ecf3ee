"""Steering the library from inside the process that runs under it."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from powerloss.events import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

DIE = -1
"""In place of an errno: the process ends there as by ``kill -9``."""

CHANGES = (
    Kind.CREATING,
    Kind.OPENING_TO_WRITE,
    Kind.WRITTEN,
    Kind.CUT,
    Kind.SYNCED,
    Kind.UNLINKED,
    Kind.RENAMED,
    Kind.FOLDER_MADE,
    Kind.FOLDER_REMOVED,
)
"""Whatever a process does to the watched folder."""


class Shim:
    """The library under this very process."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.powerloss_disarm.restype = ctypes.c_long
        self._library.powerloss_arm.argtypes = [
            ctypes.c_long,
            ctypes.c_int,
            ctypes.c_int,
            ctypes.c_int,
            ctypes.c_uint,
        ]

    def mark(self, text: str) -> None:
        """Put a text into the record, between what was done before and after."""
        self._library.powerloss_mark(text.encode())

    def arm(
        self,
        at: int,
        code: int,
        counted: Iterable[Kind] = CHANGES,
        *,
        lasting: bool = False,
        torn: bool = False,
    ) -> None:
        """Let the ``at``-th of the counted acts from now on fail with that errno, or be the end.

        ``lasting``: and every one after it. ``torn``: if it is a write, half of it gets through
        and what comes next fails.
        """
        bits = sum(1 << kind for kind in counted)
        self._library.powerloss_arm(at, code, int(lasting), int(torn), bits)

    def disarm(self) -> int:
        """Let everything succeed again; return how often something did not."""
        return int(self._library.powerloss_disarm())
