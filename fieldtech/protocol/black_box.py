"""What the sealed bodies hold, and the file in which a laptop's whole black box travels.

A *paquete sellado* is a plain ZIP archive (stored, not compressed: its content is encrypted)::

    manifest.json          Manifest
    journal/000001.ftj     the records of every segment, as they lie on the laptop
    blobs/<name>           sealed files, as they lie on the laptop

Nobody can read it but the central it was sealed for.
"""

from __future__ import annotations

import os
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

SUFFIX = ".fieldtech"
FORMAT = 1
SEGMENT_SUFFIX = ".ftj"
MANIFEST = "manifest.json"
JOURNAL, BLOBS = "journal/", "blobs/"
MAX_SEGMENT = 64 * 1024 * 1024
"""A reader takes no longer segment: a laptop begins a new one after a megabyte."""
_MAX_MANIFEST = 64 * 1024


class KeptCommand(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a command's record: all it takes to put it back in line.

    ``label`` is what the incident was called then, ``draft`` the draft that became the command.
    """

    envelope: Envelope
    incident_id: str
    visit_id: str = ""
    label: dict[str, str] = {}
    made_at: float
    draft: str = ""


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

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        """Use ``open_package``."""
        self._archive = archive
        self.manifest = manifest

    def segments(self) -> Iterator[tuple[str, bytes]]:
        """The journal's segments in order, by name; raises ``PackageError``."""
        for info in self._members(JOURNAL):
            if info.file_size > MAX_SEGMENT:
                raise PackageError(f"{info.filename} is longer than any segment.")
            yield info.filename.removeprefix(JOURNAL), self._read(info)

    def blobs(self) -> Iterator[tuple[str, IO[bytes]]]:
        """The sealed files by name, each open for reading until the next one is asked for."""
        for info in self._members(BLOBS):
            try:
                with self._archive.open(info) as stream:
                    yield info.filename.removeprefix(BLOBS), stream
            except (zipfile.BadZipFile, OSError, EOFError) as problem:
                raise PackageError(f"{info.filename} is damaged: {problem}") from problem

    def _members(self, folder: str) -> list[zipfile.ZipInfo]:
        found = [info for info in self._archive.infolist() if info.filename.startswith(folder)]
        return sorted(found, key=lambda info: info.filename)

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        try:
            return self._archive.read(info)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as problem:
            raise PackageError(f"{info.filename} is damaged: {problem}") from problem


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Open a package for reading; raises ``PackageError``."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, EOFError) as problem:
        raise PackageError(f"{path.name} is not a sealed package: {problem}") from problem
    with archive:
        yield Package(archive, _manifest(archive, path.name))


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
        manifest = decode(archive.read(info), Manifest)
    except (KeyError, BadMessageError, zipfile.BadZipFile, EOFError, OSError) as problem:
        raise PackageError(f"{name} has no readable manifest: {problem}") from problem
    if manifest.format > FORMAT:
        raise PackageError(f"{name} was written by a newer version (format {manifest.format}).")
    return manifest
