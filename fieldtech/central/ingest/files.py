"""Files out of a package: opened, checked against their own names, and stored as their sender's.

A file does nothing by itself: it is read only through work that refers to it, which is judged on
its own, and goes after a month when no work does. So those of a revoked laptop are taken too, that
an operator who accepts its work finds them.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from nacl.public import PrivateKey

from fieldtech.central.blobs import uploads
from fieldtech.central.blobs.folder import BlobStore
from fieldtech.central.database import Database
from fieldtech.central.ingest.reading import BAD_SIGNATURE, NO_KEY, UNKNOWN_DEVICE
from fieldtech.central.refusal import Refused
from fieldtech.clock import Clock
from fieldtech.domain.commands import AddAttachment
from fieldtech.protocol.black_box import PackageError
from fieldtech.protocol.codec import BadMessageError
from fieldtech.protocol.sealed_file import SignedHead, open_centrally, read_signed_head
from fieldtech.protocol.sealing import CannotOpenError
from fieldtech.protocol.upcasting import read_args
from fieldtech.protocol.wire import MAX_BLOB_CHUNK, UploadRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Row

    from fieldtech.central.ingest.reading import Found, KnownDevice
    from fieldtech.protocol.black_box import Package
    from fieldtech.protocol.sealed_file import FileHead

_OCTETS = "application/octet-stream"


@dataclass(slots=True)
class TakenFiles:
    """What became of a package's files, by their SHA-256 or, unopened, their name and why."""

    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIntake:
    """Where files go, and what opens them."""

    database: Database
    blobs: BlobStore
    clock: Clock
    key: PrivateKey
    limits: uploads.BlobLimits

    def take_in(
        self, package: Package, devices: Mapping[str, KnownDevice], commands: Iterable[Found]
    ) -> TakenFiles:
        """Store what is not here yet; a second time takes nothing. Raises ``OSError``."""
        told = TakenFiles()
        names = _names(commands)
        members = package.blobs()
        while True:
            try:
                name, sealed = next(members)
            except StopIteration:
                break
            except PackageError as problem:
                told.damaged.append(str(problem))
                break  # the generator is over with what it raised
            try:
                self._take(sealed, devices, names, told)
            except (CannotOpenError, PackageError) as problem:
                told.damaged.append(f"{name}: {problem}")
        if (found := sum(map(len, (told.taken, told.known, told.refused, told.damaged)))) < (
            packed := package.manifest.blobs
        ):
            told.damaged.append(f"{found} files, where the laptop packed {packed}")
        return told

    def _take(
        self,
        sealed: IO[bytes],
        devices: Mapping[str, KnownDevice],
        names: Mapping[str, str],
        told: TakenFiles,
    ) -> None:
        signed = read_signed_head(sealed)
        head = signed.head
        if why := _doubt(signed, devices):
            told.refused[head.sha256] = why
            return
        user_id = devices[head.device_id].user_id
        request = UploadRequest(
            sha256=head.sha256,
            size=head.size,
            name=names.get(head.sha256, head.sha256),
            media_type=mimetypes.guess_type(names.get(head.sha256, ""))[0] or _OCTETS,
        )
        try:
            row = self.database.transact(
                lambda connection: self._begin(connection, user_id, head, request)
            )
        except Refused as refused:
            told.refused[head.sha256] = refused.code
            return
        if row.done_at is not None:
            told.known.append(head.sha256)
            return
        for offset, part in _parts(open_centrally(sealed, head, self.key)):
            if offset + len(part) > head.size:
                raise CannotOpenError("longer than its head says")
            self.blobs.append(row.id, offset, part)
        if not self.blobs.finish(row.id, head.sha256, head.size):
            raise CannotOpenError("not what its head says")
        now = self.clock.now()
        self.database.transact(lambda connection: uploads.done(connection, row, now))
        self.blobs.discard(row.id)
        told.taken.append(head.sha256)

    def _begin(
        self, connection: Connection, user_id: str, head: FileHead, request: UploadRequest
    ) -> Row[Any]:
        return uploads.begin(
            connection,
            uploads.Sender(user_id, head.device_id),
            request,
            now=self.clock.now(),
            limits=self.limits,
            blobs=self.blobs,
        )


def _doubt(signed: SignedHead, devices: Mapping[str, KnownDevice]) -> str:
    """Why nobody vouches for a file, empty when its device does."""
    device = devices.get(signed.head.device_id)
    if device is None:
        return UNKNOWN_DEVICE
    if not device.sign_key:
        return NO_KEY
    return "" if signed.is_by(device.sign_key) else BAD_SIGNATURE


def _names(commands: Iterable[Found]) -> dict[str, str]:
    """What the work calls the files that it refers to."""
    names: dict[str, str] = {}
    for found in commands:
        envelope = found.envelope
        try:
            args = read_args(envelope.cmd, envelope.v, envelope.args)
        except BadMessageError:
            continue
        if isinstance(args, AddAttachment):
            names[args.sha256] = args.name
    return names


def _parts(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Pieces of the stream put together to parts worth a write, each with its place."""
    offset, waiting = 0, bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) >= MAX_BLOB_CHUNK:
            yield offset, bytes(waiting)
            offset += len(waiting)
            waiting.clear()
    yield offset, bytes(waiting)
