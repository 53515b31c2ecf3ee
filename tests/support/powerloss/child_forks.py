"""Under the library: one action, killed at its first, its second, … its last act.

Arguments: the folder, ``queue`` or ``page``, and of how many acts one is tried. Each try is a
process of its own on a copy of the same profile; afterwards this one opens the copy and looks.
Prints how many were killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from small_feed import NINE, TECHNICIAN, World, next_page, take_in
from small_work import note

from fieldtech.clock import FakeClock
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.store.opening import open_store
from fieldtech.store.work import Queued
from powerloss.child_day import world
from powerloss.control import CHANGES, DIE, Shim

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.store.opening import Store

MOST_ACTS = 4000
PAGE = 9
"""Rows: what is new comes in several pages."""


def main(folder: str, action: str, every: str) -> None:
    """Kill and look, until the action gets to its end."""
    template = Path(folder) / "template"
    store = _open(template)
    _begin(store, world())
    store.close()
    killed = 0
    for act in range(1, MOST_ACTS, int(every)):
        copy = Path(folder) / f"{act}"
        shutil.copytree(template, copy)
        done = _killed(copy, act) if action == "queue" else _killed_in_pages(copy, act)
        shutil.rmtree(copy)
        if done:
            break
        killed += 1
    sys.stdout.write(str(killed))


def _killed(folder: Path, act: int) -> bool:
    """The note is there if anybody was told so, and all of it or nothing else."""
    ended, told = _in_another_process(folder, act, _queue)
    store = _open(folder)
    try:
        there = [item.op_id for item in store.outbox.items()]
        incident = store.cases.get("i1").incident
        assert incident is not None
        shown = [each.text for each in incident.notes]
        listed = store.agenda.rows(["i1"])[0].waiting
    finally:
        store.close()
    assert len(there) == len(shown) == listed <= 1, (there, shown, listed)
    assert not told or there == [told], (there, told)
    return ended


def _killed_in_pages(folder: Path, act: int) -> bool:
    """Page and cursor are both there or both absent, and the rest comes with the next pull."""
    ended, _ = _in_another_process(folder, act, _pull)
    news = _news()
    store = _open(folder)
    try:
        cursors = store.feed.cursors()
        due = {
            (*key, rev)
            for name, at in cursors.items()
            for key, (seq, _, rev) in news.buckets[name].rows.items()
            if seq <= at
        }
        assert _mirrored(store) == due, "what is there is what the cursor says"
        take_in(store, news)
        assert _mirrored(store) == {(*key, rev) for key, (rev, _) in news.bodies.items()}
        with store.database.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM dirty").scalar() == 0
    finally:
        store.close()
    return ended


def _mirrored(store: Store) -> set[tuple[str, str, int]]:
    with store.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT entity, id, rev FROM mirror").all()
    return {(row.entity, row.id, row.rev) for row in rows}


def _in_another_process(
    folder: Path, act: int, action: Callable[[Store, int], None]
) -> tuple[bool, str]:
    """Return whether it got to its end, and what it had told by then."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 3
        try:
            store = _open(folder)
            Shim().arm(act, DIE, CHANGES)
            action(store, writing)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), status
    return status == 0, told


def _queue(store: Store, told: int) -> None:
    queued = store.work.queue(note("a salvo"))
    assert isinstance(queued, Queued)
    os.write(told, queued.op_ids[0].encode())


def _pull(store: Store, told: int) -> None:
    news = _news()
    while store.feed.apply(next_page(store, news, limit=PAGE)).more:
        pass
    while store.feed.finish():
        pass
    os.write(told, b"pulled")


def _news() -> World:
    made = world()
    for number in range(5):
        made.place("tech:ana", f"nuevo-{number}")
        made.incident("tech:ana", f"j{number}", f"nuevo-{number}")
    return made


def _begin(store: Store, morning: World) -> None:
    store.session.sign_in(
        central_url="http://127.0.0.1:9", device_name="test", user=TECHNICIAN, epoch="epoch-1"
    )
    take_in(store, morning)


def _open(folder: Path) -> Store:
    profile = Profile.open(folder)
    return open_store(profile, FileStore(profile.key_file), FakeClock(NINE))


if __name__ == "__main__":
    main(*sys.argv[1:])
