"""What is in a profile's black box, told and exported without any key and without the database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import SCRAP, sync_folder
from fieldtech.protocol.black_box import FORMAT, Manifest, write_package
from fieldtech.protocol.codec import to_stamp
from fieldtech.protocol.sealing import Damaged, Kind, Record, read_records
from fieldtech.store.driver import create_private
from fieldtech.store.journal.segments import segments_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from fieldtech.paths import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxState:
    """The journal by its clear heads. Times are RFC 3339, "" when there is nothing.

    ``commands`` are those that nobody has closed yet: neither aborted nor confirmed long ago.
    ``unsealed`` of them only this laptop can open: they were made before it ever met its central.
    """

    commands: int
    unsealed: int
    segments: int
    size: int
    damaged: int
    oldest: str
    newest: str
    device_ids: tuple[str, ...]


def state_of(profile: Profile) -> BoxState:
    """Read every head; raises ``OSError``."""
    paths = segments_in(profile.journal)
    records: list[Record] = []
    damaged = 0
    for path in paths:
        for found in read_records(path.read_bytes()):
            if isinstance(found, Damaged):
                damaged += 1
            else:
                records.append(found.record)
    closed = {op_id for record in records for op_id in record.op_ids}
    commands = [r for r in records if r.kind is Kind.COMMAND and r.op_id not in closed]
    # A command may stand here twice: once more for the central when its key became known.
    known = {record.op_id for record in commands}
    sealed = {record.op_id for record in commands if record.wraps.central}
    return BoxState(
        commands=len(known),
        unsealed=len(known - sealed),
        segments=len(paths),
        size=sum(path.stat().st_size for path in paths),
        damaged=damaged,
        oldest=min((record.at for record in commands), default=""),
        newest=max((record.at for record in commands), default=""),
        device_ids=tuple(dict.fromkeys(record.device_id for record in records)),
    )


def export_package(profile: Profile, target: Path, *, app: str, now: datetime) -> Manifest:
    """Write the sealed package to ``target``, whole or not at all; return what it says of itself.

    Nothing is opened and nothing of the profile is changed. Raises ``EnvironmentProblem``.
    """
    try:
        state = state_of(profile)
        blobs = _blobs_in(profile)
        manifest = Manifest(
            format=FORMAT,
            app=app,
            made_at=to_stamp(now),
            device_ids=state.device_ids,
            records=state.commands,
            segments=state.segments,
            blobs=len(blobs),
        )
        _write(target, manifest, segments_in(profile.journal), blobs)
    except OSError as error:
        raise EnvironmentProblem(
            f"The sealed package cannot be written: {error.strerror or error}",
            code="package_unwritable",
            what_was_kept="Everything is still in the profile folder.",
            what_to_do="Choose another place with more room, for instance a USB stick.",
        ) from error
    return manifest


def _write(target: Path, manifest: Manifest, journal: list[Path], blobs: list[Path]) -> None:
    partial = target.with_name(f"{SCRAP}{target.name}-{os.getpid()}")
    try:
        create_private(partial)
        with partial.open("wb") as stream:
            write_package(stream, manifest, journal, blobs)
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _blobs_in(profile: Profile) -> list[Path]:
    return sorted(_files(profile.blobs)) if profile.blobs.is_dir() else []


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
