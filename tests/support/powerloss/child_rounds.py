"""Under the library: a technician's program at work until it is killed at a chosen act.

Arguments: the folder, the incident, after how many acts it dies as by ``kill -9``, the round's
number, and ``start`` (counting from before the store opens) or ``work`` (from when it is open).
Prints a line for everything that was called saved: ``saved <op_id> <text>`` or ``file <sha256>``.
"""

from __future__ import annotations

import os
import signal
import sys
from hashlib import sha256, shake_128
from typing import TYPE_CHECKING

from fieldtech.clock import SystemClock
from fieldtech.domain.commands import AddNote
from fieldtech.paths import Profile
from fieldtech.secrets import FileStore
from fieldtech.services.attachments import AttachmentService
from fieldtech.services.values import Saved
from fieldtech.store.opening import open_store
from fieldtech.store.work import NewCommand, Queued
from fieldtech.sync.assembly import open_runner, open_sender
from fieldtech.sync.metering import Unmetered
from powerloss.control import CHANGES, DIE, Shim
from powerloss.events import Kind

if TYPE_CHECKING:
    from fieldtech.store.opening import Store

STEPS = 6
ACTS = (*CHANGES, Kind.SENDING, Kind.RECEIVING)


def main(folder: str, incident_id: str, at: str, number: str, since: str) -> None:
    """Work until the end."""
    profile = Profile.open(folder)
    secrets, clock, shim = FileStore(profile.key_file), SystemClock(), Shim()
    if since == "start":
        shim.arm(int(at), DIE, ACTS)
    store = open_store(profile, secrets, clock)
    if since == "work":
        shim.arm(int(at), DIE, ACTS)
    files = AttachmentService(store, profile, secrets, clock)
    for step in range(STEPS):
        _note(store, incident_id, f"{number}.{step}")
        if step % 3 == 1:
            _attach(files, incident_id, f"{number}.{step}")
        if step % 2:
            runner = open_runner(store, secrets, clock)
            runner.run_once()
            runner.close()
            sender = open_sender(store, secrets, clock, meter=Unmetered())
            sender.run_once()
            sender.close()
    store.close()
    os.kill(os.getpid(), signal.SIGKILL)


def _note(store: Store, incident_id: str, text: str) -> None:
    queued = store.work.queue(
        NewCommand(name="incident.note", target=f"incident:{incident_id}", args=AddNote(text=text))
    )
    assert isinstance(queued, Queued), queued
    _say(f"saved {queued.op_ids[0]} {text}")


def _attach(files: AttachmentService, incident_id: str, name: str) -> None:
    data = photo(name)
    assert isinstance(files.attach_bytes(incident_id, data, f"{name}.jpg"), Saved)
    _say(f"file {sha256(data).hexdigest()}")


def photo(name: str) -> bytes:
    """Bytes that no other round has."""
    return shake_128(name.encode()).digest(150_000)


def _say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
