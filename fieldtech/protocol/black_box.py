"""What the sealed bodies hold, and the file in which a laptop's whole black box travels.

A *paquete sellado* is a plain ZIP archive (stored, not compressed: its content is encrypted)::

    manifest.json          Manifest
    journal/000001.ftj     the records of every segment, as they lie on the laptop
    blobs/<name>           sealed files, as they lie on the laptop

Nobody can read it but the central it was sealed for.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import msgspec

from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.codec import BadMessageError, decode, encode
from fieldtech.protocol.wire import Envelope, UserInfo  # noqa: TC001  msgspec reads them

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from typing_extensions import Buffer

SUFFIX = ".fieldtech"
FORMAT = 1
SEGMENT_SUFFIX = ".ftj"
MANIFEST = "manifest.json"
JOURNAL, BLOBS = "journal/", "blobs/"
MAX_SEGMENT = 64 * 1024 * 1024
"""A reader takes no longer segment: a laptop begins a new one after a megabyte."""
_MAX_MANIFEST = 64 * 1024
_BROKEN = (
    zipfile.BadZipFile,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)
"""What ``zipfile`` raises on archives that are damaged, or made by somebody else to hurt."""
_LOCAL_HEAD = struct.Struct("<4s22xHH")
_LOCAL_MAGIC = b"PK\x03\x04"
_NAMES_ARE_UTF8 = 0x800


class KeptDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A refused command that a person settled by another one, and how (reissue, note)."""

    op_id: str
    decision: str


class KeptCommand(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a command's record: all it takes to put it back in line.

    ``label`` is what the incident was called then, ``draft`` the draft that became the command,
    ``decides`` the refused command that it took the place of.
    """

    envelope: Envelope
    incident_id: str
    visit_id: str = ""
    label: dict[str, str] = {}
    made_at: float
    draft: str = ""
    decides: KeptDecision | None = None


class KeptSession(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a session's record: whose profile this is. No tokens."""

    central_url: str
    device_id: str
    device_name: str
    epoch: str
    next_n: int
    user: UserInfo | None = None
    sign_key: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a package says of itself in clear; nothing is believed for it alone."""

    format: int
    app: str
    made_at: str
    device_ids: tuple[str, ...]
    records: int
    segments: int
    blobs: int


class PackageError(EnvironmentProblem):
    """A file that is no package, or not a whole one; ``str()`` says where it stopped."""

    def __init__(self, reason: str) -> None:
        """Take what is wrong with it, in one sentence."""
        super().__init__(
            reason,
            code="bad_package",
            what_was_kept="The file was not changed.",
            what_to_do="Export the sealed package again on the laptop, or copy it again.",
        )


class Package:
    """An opened package; every member is read when it is asked for."""

    def __init__(self, archive: zipfile.ZipFile, stream: IO[bytes], manifest: Manifest) -> None:
        """Use ``open_package``."""
        self._archive = archive
        self._stream = stream
        self.manifest = manifest

    def segments(self) -> Iterator[tuple[str, bytes]]:
        """The journal's segments in order, by name; raises ``PackageError``.

        They come as they lie in the file, whatever the archive's own checksum says: every record
        has one, and a flipped bit is to cost the record it is in and no other.
        """
        members = self._members(JOURNAL)
        if sum(info.file_size for _, info in members) > os.fstat(self._stream.fileno()).st_size:
            # The same bytes under many names would be read for hours.
            raise PackageError("Its segments are longer than the whole file.")
        for name, info in members:
            if info.file_size > MAX_SEGMENT:
                raise PackageError(f"{info.filename} is longer than any segment.")
            yield name, self._raw(info)

    def blobs(self) -> Iterator[tuple[str, IO[bytes]]]:
        """The sealed files by name, each open for reading until the next one is asked for.

        Getting the next one and reading it raise ``PackageError``.
        """
        for name, info in self._members(BLOBS):
            try:
                stream = self._archive.open(info)
            except _BROKEN as problem:
                raise PackageError(f"{info.filename} is damaged: {problem}") from problem
            with stream, io.BufferedReader(_Member(stream, info.filename)) as reader:
                yield name, reader

    def _members(self, folder: str) -> list[tuple[str, zipfile.ZipInfo]]:
        found = []
        for info in self._archive.infolist():
            if info.filename.startswith(folder):
                name = info.filename.removeprefix(folder)
                if name in {"", ".", ".."} or set(name) & set("/\\:\0"):
                    raise PackageError(f"{info.filename!r} is not the name of a file of a laptop.")
                found.append((name, _stored(info)))
        return sorted(found, key=lambda member: member[0])

    def _raw(self, info: zipfile.ZipInfo) -> bytes:
        try:
            self._stream.seek(info.header_offset)
            magic, length, extra = _LOCAL_HEAD.unpack(self._stream.read(_LOCAL_HEAD.size))
            name = self._stream.read(length)
            self._stream.seek(extra, os.SEEK_CUR)
            content = self._stream.read(info.file_size)
        except _BROKEN as problem:
            raise PackageError(f"{info.filename} is damaged: {problem}") from problem
        there = magic == _LOCAL_MAGIC and name == info.orig_filename.encode()
        if not there or len(content) != info.file_size:
            raise PackageError(f"{info.filename} is not where the archive's directory says.")
        return content


class _Member(io.RawIOBase):
    """A member of the archive whose damage is told as the package's."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        super().__init__()
        self._inner = stream
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        try:
            content = self._inner.read(len(view))
        except _BROKEN as problem:
            raise PackageError(f"{self._name} is damaged: {problem}") from problem
        view[: len(content)] = content
        return len(content)


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open a package for reading; raises ``PackageError``."""
    try:
        stream = path.open("rb")
    except OSError as problem:
        raise PackageError(f"{path.name} is not a sealed package: {problem}") from problem
    with stream:
        try:
            archive = zipfile.ZipFile(stream)
        except _BROKEN as problem:
            raise PackageError(f"{path.name} is not a sealed package: {problem}") from problem
        with archive:
            yield Package(archive, stream, _manifest(archive, path.name))


def write_package(
    target: IO[bytes], manifest: Manifest, journal: Iterable[Path], blobs: Iterable[Path]
) -> None:
    """Write a package; raises ``OSError``."""
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_STORED) as archive:
        archive.writestr(MANIFEST, encode(manifest))
        for folder, paths in ((JOURNAL, journal), (BLOBS, blobs)):
            for path in paths:
                archive.write(path, folder + path.name)
    target.flush()
    os.fsync(target.fileno())


def _manifest(archive: zipfile.ZipFile, name: str) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _MAX_MANIFEST:
            raise PackageError(f"{name}: its manifest is too long.")
        manifest = decode(archive.read(_stored(info)), Manifest)
    except (KeyError, BadMessageError, *_BROKEN) as problem:
        raise PackageError(f"{name} has no readable manifest: {problem}") from problem
    if manifest.format > FORMAT:
        raise PackageError(f"{name} was written by a newer version (format {manifest.format}).")
    return manifest


def _stored(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A laptop neither compresses nor encrypts: nothing swells, and no codec is tried on it."""
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & ~_NAMES_ARE_UTF8:
        raise PackageError(f"{info.filename} is not stored as a laptop stores it.")
    return info
