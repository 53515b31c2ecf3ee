"""The files of a crew's work: attached on their laptops, sent behind everything else, and counted.

A file belongs to its command: whatever becomes of laptops and central, one that the central shows
in an incident is there with every byte, as long as its laptop can still reach the central.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from crew import RoughLink

from fieldtech.central.blobs.folder import FolderStore
from fieldtech.domain.commands import AddAttachment
from fieldtech.store.blobs import queue
from fieldtech.sync.blobs import BlobSender
from fieldtech.sync.client import CentralClient
from fieldtech.sync.metering import Unmetered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crew import Crew, Hand
    from sync_truth import Records

    from fieldtech.sync.blobs import SendReport


def attach(hand: Hand, incident_id: str, number: int) -> None:
    """Attach a small photo, unlike any other, to an incident."""
    name = f"{hand.name}-photo-{number}"
    blob = hand.store.shelf.put_bytes(name.encode() * 40, f"{name}.jpg")
    args = AddAttachment(
        attachment_id=name,
        kind="photo",
        name=blob.name,
        sha256=blob.sha256,
        size=blob.size,
    )
    hand.give("attachment.add", f"incident:{incident_id}", args, blobs=(blob,))


def send_files(hand: Hand, faults: Iterable[str] = ()) -> SendReport:
    """Send what waits; ``faults`` befall the requests, one each ("" none)."""
    link = RoughLink(hand)
    sender = BlobSender(
        store=hand.store,
        client=CentralClient(link, hand.clock),
        transport=link,
        tokens=hand.tokens,
        clock=hand.clock,
        meter=Unmetered(),
    )
    hand.faults[:] = faults
    try:
        return sender.run_once()
    finally:
        hand.faults.clear()
        hand.late = None


def put_aside(hand: Hand) -> int:
    """How many files a person would have to look at."""
    with hand.store.database.read() as connection:
        return queue.counts(connection).aside


def named(records: Records) -> dict[str, str]:
    """The files that stand in the central's incidents: their digests, and what they are called."""
    return {
        each["sha256"]: each["id"]
        for incident in records.each("incident").values()
        for each in incident.get("attachments", [])
    }


def missing(crew: Crew, records: Records) -> list[str]:
    """Name the files in incidents that the central has not, or has with other bytes.

    But for those of laptops that are shut out: theirs come by way of the sealed package.
    """
    blobs = FolderStore(crew.folder / "central" / "blobs")
    shut_out = tuple(f"{hand.name}-photo-" for hand in crew.hands.values() if hand.revoked)
    return [
        name
        for sha256, name in named(records).items()
        if not name.startswith(shut_out) and not _is_whole(blobs.path(sha256), sha256)
    ]


def _is_whole(path: Path | None, sha256: str) -> bool:
    return path is not None and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
