"""Under the library: the disk fails at the first, the second, … the last act of one action.

Arguments: the folder, the name of an action, that of an ill, and of how many acts one is tried. An
action may also be ``birth`` (the first start of all) or the path of an older profile, whose upgrade
is tried. After each failure the disk is well
again; then the action has to succeed without a restart, and everything that was ever called saved
has to be there. Prints one JSON object: ``codes``, how many times each outcome was seen ("done":
the failure was in nobody's way), ``saved`` and ``returned`` (commands that were called not saved
and came back all the same after a restart).
"""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from small_feed import NINE, TECHNICIAN, World, next_page, take_in
from small_work import note, settle

from fieldtech.clock import FakeClock
from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.store.journal import segments
from fieldtech.store.journal.export import export_package
from fieldtech.store.opening import Store, open_store
from fieldtech.store.work import Changes, Queued
from powerloss.child_day import world
from powerloss.control import CHANGES, Shim
from powerloss.events import Kind

MOST_ACTS = 2000
REFUSED = "rechazada"
_GROWTH = (Kind.CREATING, Kind.WRITTEN, Kind.FOLDER_MADE)


class Ill(NamedTuple):
    """What a failing disk answers, to what, and whether it goes on doing so."""

    code: int
    counted: tuple[Kind, ...]
    lasting: bool
    torn: bool = False


ILLS = {
    "full": Ill(errno.ENOSPC, _GROWTH, lasting=True, torn=True),
    "full_for_a_moment": Ill(errno.ENOSPC, _GROWTH, lasting=False),
    "broken": Ill(errno.EIO, (Kind.WRITTEN, Kind.SYNCED, Kind.CUT), lasting=False),
    "read_only": Ill(errno.EROFS, CHANGES, lasting=True),
}


@dataclass
class _Round:
    """What lasts over the rounds of one action."""

    folder: Path
    world: World
    saved: list[str]
    store: Store | None = None
    number: int = 0

    @property
    def profile(self) -> Profile:
        return Profile.at(self.folder / "profile")

    @property
    def secrets(self) -> FileStore:
        return FileStore(self.profile.key_file)

    def open(self) -> Store:
        try:
            profile = Profile.open(self.profile.dir)
        except OSError as error:  # as it says; whoever starts the program tells of it
            raise EnvironmentProblem(
                str(error), code="no_folder", what_was_kept="There is none.", what_to_do="Wait."
            ) from error
        self.store = open_store(profile, self.secrets, FakeClock(NINE))
        return self.store

    def close(self) -> None:
        if self.store is not None:
            self.store.close()
        self.store = None

    def opened(self) -> Store:
        return self.store or self.open()


def queue(at: _Round) -> None:
    """Keep a note."""
    queued = at.opened().work.queue(note(f"nota {at.number}"))
    assert isinstance(queued, Queued), queued
    at.saved += queued.op_ids


def draft(at: _Round) -> None:
    """Keep what is being typed."""
    at.opened().drafts.put("a", f"borrador {at.number}")


def page(at: _Round) -> None:
    """Take in what is new at the central."""
    store = at.opened()
    while store.feed.apply(next_page(store, at.world)).more:
        pass
    while store.feed.finish():
        pass


def sign_in(at: _Round) -> None:
    """Remember who works here, and the tokens."""
    at.secrets.set("tokens", f"{at.number}" * 40)
    at.opened().session.sign_in(
        central_url="http://127.0.0.1:9", device_name="test", user=TECHNICIAN, epoch="epoch-1"
    )


def blob(at: _Round) -> None:
    """Put a file on the shelf."""
    data = f"foto {at.number} ".encode() * 20_000
    kept = at.opened().shelf.put_bytes(data, "foto.jpg")
    assert kept.size == len(data)


def start(at: _Round) -> None:
    """Open the store."""
    at.close()
    at.open()


def decide(at: _Round) -> None:
    """Send refused work again."""
    store = at.opened()
    refused = next(iter(store.outbox.items(("rejected",))), None)
    if refused is None:
        return  # It was decided all right: only the journal could not be told afterwards.
    outcome = store.decisions.decide(refused.op_id, "reissue")
    assert isinstance(outcome, Changes), outcome
    at.saved.append(store.outbox.items(("waiting",))[0].op_id)


def package(at: _Round) -> None:
    """Write the sealed package."""
    export_package(at.profile, at.folder / f"paquete-{at.number}", app="1", now=NINE)


ACTIONS: dict[str, Callable[[_Round], None]] = {
    action.__name__: action
    for action in (queue, draft, page, sign_in, blob, start, package, decide)
}
"""What is tried over and over in one profile."""


def main(folder: str, name: str, ill_name: str, every: str) -> None:
    """Let the disk fail at the acts of an action, one after the other."""
    acts, ill = range(1, MOST_ACTS, int(every)), ILLS[ill_name]
    with patch.object(segments, "LONGEST", 9_000):  # so that new segments are begun, too
        if name in ACTIONS:
            told = _repeated(Path(folder), ACTIONS[name], ill, acts)
        else:
            told = _from_the_same(Path(folder), name, ill, acts)
    sys.stdout.write(json.dumps(told))


def _repeated(
    folder: Path, action: Callable[[_Round], None], ill: Ill, acts: Iterable[int]
) -> dict[str, object]:
    at = _Round(folder, world(), [])
    store = at.open()
    sign_in(at)
    take_in(store, at.world)
    queue(at)
    codes: Counter[str] = Counter()
    failed: set[str] = set()
    for act in acts:
        at.number += 1
        at.world.place("tech:ana", f"lugar-{at.number}")
        if action is decide:
            _refuse_one(at)
        code, hits = _tried(at, action, ill, act)
        if not hits:
            break
        codes[code] += 1
        action(at)  # well again: it must succeed as if nothing had been
        _check(at, failed)
    at.close()
    at.open()
    _check(at, failed)
    at.close()
    return {"codes": codes, "saved": len(at.saved), "returned": len(failed)}


def _refuse_one(at: _Round) -> None:
    """There is something to decide on."""
    store = at.opened()
    queued = store.work.queue(note(f"{REFUSED} {at.number}"))
    assert isinstance(queued, Queued), queued
    settle(store, queued.op_ids[0], "rejected", code="not_yours")


def _from_the_same(folder: Path, name: str, ill: Ill, acts: Iterable[int]) -> dict[str, object]:
    """Every round begins with a copy of the same profile, or with none."""
    codes: Counter[str] = Counter()
    for act in acts:
        at = _Round(folder / f"{act}", world(), [])
        at.folder.mkdir()
        if name != "birth":
            shutil.copytree(name, at.profile.dir)
        code, hits = _tried(at, start, ill, act)
        at.close()
        if hits:
            codes[code] += 1
            at.open()
            cmds = [item.cmd for item in at.opened().outbox.items()]
            assert cmds == ([] if name == "birth" else ["incident.note", "visit.accept"]), cmds
            sign_in(at)
            take_in(at.opened(), at.world)
            queue(at)
            at.close()
        shutil.rmtree(at.folder)
        if not hits:
            break
    return {"codes": codes, "saved": 0, "returned": 0}


def _tried(at: _Round, action: Callable[[_Round], None], ill: Ill, act: int) -> tuple[str, int]:
    shim = Shim()
    code = "done"
    shim.arm(act, ill.code, ill.counted, lasting=ill.lasting, torn=ill.torn)
    try:
        action(at)
    except EnvironmentProblem as problem:
        code = problem.code if problem.what_was_kept and problem.what_to_do else "says_too_little"
    finally:
        hits = shim.disarm()
    return code, hits


def _check(at: _Round, failed: set[str]) -> None:
    """Everything called saved is there, here and in a copy made as if the power went now."""
    _look(at, at.opened(), failed)
    copy = at.folder / "copy"
    # By another process: closing a file that SQLite has open lets go of its locks.
    subprocess.run(["cp", "-r", str(at.profile.dir), str(copy)], check=True)  # noqa: S607
    profile = Profile.open(copy)
    store = open_store(profile, FileStore(profile.key_file), FakeClock(NINE))
    try:
        _look(at, store, failed)
        with store.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
    finally:
        store.close()
    shutil.rmtree(copy)


def _look(at: _Round, store: Store, failed: set[str]) -> None:
    items = store.outbox.items()
    there = [item.op_id for item in reversed(items)]
    assert len(set(there)) == len(there)
    said = [text for item in items if (text := item.envelope.args["text"]).startswith(REFUSED)]
    assert len(set(said)) == len(said), "refused work stands there once, decided on or not"
    known = set(at.saved)
    assert [op_id for op_id in there if op_id in known] == at.saved
    failed |= set(there) - known


if __name__ == "__main__":
    main(*sys.argv[1:])
