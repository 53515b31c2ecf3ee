"""Under the library: a day's work on a new profile, with a mark for everything called saved.

Arguments: the folder, the seed, and ``as_shipped`` or ``unsynced`` (the control: commits as with
``synchronous=NORMAL``, and no journal).
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from small_feed import NINE, TECHNICIAN, World, take_in
from small_work import note, settle

from fieldtech.clock import FakeClock
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.store import database, driver
from fieldtech.store.journal import segments
from fieldtech.store.opening import Store, open_store
from fieldtech.store.work import Changes, Queued
from powerloss.control import Shim

if TYPE_CHECKING:
    from sqlcipher3.dbapi2 import Connection

STARTS, STEPS = 3, 24
"""How often the program is started, and what is done each time."""


def world() -> World:
    """What the central has in the morning; the same at every call."""
    made = World()
    made.furnish()
    made.place("tech:ana", "uno")
    for number in range(1, 4):
        made.incident("tech:ana", f"i{number}", "uno")
    return made


def evening() -> World:
    """What it has when the day is over."""
    made = world()
    for start in range(STARTS):
        for step in range(STEPS):
            _goes_on(made, start, step)
    return made


def _goes_on(world: World, start: int, step: int) -> bool:
    if step % 6 != 2:
        return False
    world.place("tech:ana", f"lugar-{start}-{step}")
    return True


def main(folder: str, seed: str, manner: str) -> None:
    """Work for a day."""
    with ExitStack() as stack:
        # Small, so that a short day has many segments and checkpoints.
        stack.enter_context(patch.object(segments, "LONGEST", 24_000))
        if manner == "as_shipped":
            often = _with_checkpoints(driver.connect)
            stack.enter_context(patch.object(database, "connect", often))
        else:
            stack.enter_context(patch.object(database.Database, "write", _unsynced()))
        _Day(Path(folder), Random(int(seed))).work()  # noqa: S311  a seeded choice


def _with_checkpoints(plain: Any) -> Any:
    def connect(path: Path, key: str) -> Connection:
        connection: Connection = plain(path, key)
        connection.execute("PRAGMA wal_autocheckpoint = 60").fetchone()
        return connection

    return connect


def _unsynced() -> Any:
    plain = database.Database.write

    def write(self: database.Database, *, durable: bool = True) -> Any:
        del durable
        return plain(self, durable=False)

    return write


class _Day:
    def __init__(self, folder: Path, dice: Random) -> None:
        self._folder = folder
        self._dice = dice
        self._shim = Shim()
        self._world = world()
        self._notes = 0

    def work(self) -> None:
        profile = Profile.open(self._folder)
        for start in range(STARTS):
            store = open_store(profile, FileStore(profile.key_file), FakeClock(NINE))
            self._shim.mark("opened")
            if not start:
                store.session.sign_in(
                    central_url="http://127.0.0.1:9",
                    device_name="test",
                    user=TECHNICIAN,
                    epoch="epoch-1",
                )
                take_in(store, self._world)
            for step in range(STEPS):
                self._step(store, start, step)
            store.close()
            self._shim.mark("closed")

    def _step(self, store: Store, start: int, step: int) -> None:
        self._queue(store)
        if step % 5 == 1:
            text = f"borrador {self._notes}"
            store.drafts.put("a", text)
            self._shim.mark(f"draft {text}")
        if _goes_on(self._world, start, step):
            take_in(store, self._world)
        if step % 7 == 3:
            waiting = store.outbox.items(("waiting",))
            settle(store, waiting[-1].op_id, "rejected", code="not_yours")
        if step % 7 == 5:
            self._send_again(store)

    def _send_again(self, store: Store) -> None:
        """What was refused last is sent anew."""
        refused = store.outbox.items(("rejected",))[0].op_id
        changes = store.decisions.decide(refused, "reissue")
        assert isinstance(changes, Changes), changes
        self._shim.mark(f"decided {refused} {store.outbox.items(('waiting',))[0].op_id}")

    def _queue(self, store: Store) -> None:
        """Mostly one note, sometimes two at once, sometimes a long one."""
        texts = []
        for _ in range(self._dice.choice((1, 1, 1, 2))):
            self._notes += 1
            length = self._dice.choice((0, 0, 0, 2_000, 12_000))
            # Random letters: nothing between here and the disk can shorten them.
            tail = "".join(self._dice.choices("abcdefghijklmnop", k=length))
            texts.append(f"{self._notes} {tail}".strip())
        incident_id = f"i{self._dice.randint(1, 3)}"
        queued = store.work.queue(*(note(text, incident_id) for text in texts))
        assert isinstance(queued, Queued), queued
        self._shim.mark("saved " + " ".join(queued.op_ids))


if __name__ == "__main__":
    main(*sys.argv[1:])
