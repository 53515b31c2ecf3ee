"""Two writers on PostgreSQL, put into one order: the first halts where it hurts, the second runs.

No sleeping and no luck: the second one is waited for until it is done or stands at a lock, which
the server tells.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

import psycopg

from fieldtech.central.moves import Moves

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest
    from central_desk import Desk

    from fieldtech.central.membership import Key

_BLOCKED = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"""
_LOOK_AGAIN_S = 0.01
_LONGEST_S = 60


class Halt:
    """Holds the first thread that comes by until it is let go."""

    def __init__(self) -> None:
        self._is_free = threading.Lock()
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def here(self) -> None:
        """Stop, if nobody has yet."""
        if self._is_free.acquire(blocking=False):
            self.reached.set()
            assert self.go_on.wait(_LONGEST_S)


def cross(
    url: str,
    patch: pytest.MonkeyPatch,
    first: Callable[[], Any],
    second: Callable[[], Any],
    *,
    early: bool = False,
) -> bool:
    """Run both, ``second`` while ``first`` has decided who sees what and not yet written it.

    ``early`` has the feed decide before it locks anything, and lock only to write: the fault that
    the order of things in ``Moves`` is there to keep away. Returns whether the second had to wait.
    """
    halt = Halt()
    if early:
        _decide_early(patch)
    write = Moves.write

    def halting(self: Moves, revs: Mapping[Key, int]) -> None:
        halt.here()
        write(self, revs)

    patch.setattr(Moves, "write", halting)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        try:
            assert halt.reached.wait(_LONGEST_S)
            other = pool.submit(second)
            waited = stands_at_a_lock(url, other)
        finally:
            halt.go_on.set()
        one.result(_LONGEST_S)
        other.result(_LONGEST_S)
    return waited


def address(desk: Desk) -> str:
    """Where the PostgreSQL of a test is asked what its connections wait for."""
    url = desk.database.engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def stands_at_a_lock(url: str, running: Future[Any]) -> bool:
    """Wait until that work is done or has to wait for somebody; tell whether it has to wait."""
    with psycopg.connect(url, autocommit=True) as admin:
        while not running.done():
            row = admin.execute(_BLOCKED).fetchone()
            if row is not None and row[0]:
                return True
            wait([running], timeout=_LOOK_AGAIN_S)
    return False


def _decide_early(patch: pytest.MonkeyPatch) -> None:
    locks: dict[int, tuple[set[str], set[str]]] = {}
    lock, write = Moves._lock, Moves.write

    def note(self: Moves, buckets: set[str], *, make: set[str]) -> None:
        locks[id(self)] = (buckets, make)

    def late(self: Moves, revs: Mapping[Key, int]) -> None:
        buckets, make = locks.pop(id(self))
        lock(self, buckets, make=make)
        write(self, revs)

    patch.setattr(Moves, "_hold_bodies", lambda _self: None)
    patch.setattr(Moves, "_lock", note)
    patch.setattr(Moves, "write", late)
