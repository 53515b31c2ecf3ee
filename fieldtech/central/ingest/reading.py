"""From a package to commands, each with what vouches for it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from fieldtech.protocol.black_box import KeptCommand, Package
from fieldtech.protocol.codec import BadMessageError, body_bytes, decode, digest
from fieldtech.protocol.sealing import (
    CannotOpenError,
    Damaged,
    Kind,
    SealedRecord,
    is_signed_by,
    open_centrally,
    read_records,
)

if TYPE_CHECKING:
    from nacl.public import PrivateKey

    from fieldtech.protocol.wire import Envelope

UNKNOWN_DEVICE, REVOKED, NO_KEY, BAD_SIGNATURE = (
    "unknown_device",
    "revoked",
    "no_key",
    "bad_signature",
)
"""Why a command waits for an operator."""


class KnownDevice(NamedTuple):
    """What the central knows of a device that a record names."""

    user_id: str
    sign_key: str
    revoked: bool


class Found(NamedTuple):
    """One command of a package. ``reason`` is empty when its device vouches for it."""

    device_id: str
    envelope: Envelope
    reason: str


@dataclass(slots=True)
class Reading:
    """Everything a package holds. ``damaged`` and ``unreadable`` name segment and place."""

    commands: list[Found] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    aborted: int = 0


def read_package(package: Package, key: PrivateKey, devices: Mapping[str, KnownDevice]) -> Reading:
    """Open every record that this central can open; raises ``PackageError``.

    A command that its laptop took back is left out, and so is one that stands here twice.
    """
    reading = Reading()
    heads = _Heads()
    found = 0
    for name, data in package.segments():
        heads.take(name, data, devices, reading)
        found += 1
    if found != package.manifest.segments:
        packed = package.manifest.segments
        reading.damaged.append(f"{found} segments, where the laptop packed {packed}")
    for op_id, (sealed, place) in heads.commands.items():
        if (sealed.record.device_id, op_id) in heads.aborted:
            reading.aborted += 1
            continue
        envelope = _opened(sealed, key)
        if envelope is None:
            reading.unreadable.append(f"{place}: not sealed for this central, or forged")
        else:
            why = _vouches(sealed, devices)
            reading.commands.append(Found(sealed.record.device_id, envelope, why))
    return reading


class _Heads:
    """The records of a package by what they say in clear."""

    def __init__(self) -> None:
        self.commands: dict[str, tuple[SealedRecord, str]] = {}
        self.aborted: set[tuple[str, str]] = set()

    def take(
        self, name: str, data: bytes, devices: Mapping[str, KnownDevice], reading: Reading
    ) -> None:
        """Take one segment in."""
        at = 0
        for each in read_records(data):
            if isinstance(each, Damaged):
                reading.damaged.append(f"{name}: {each.length} bytes at {each.offset}")
                at = each.offset + each.length
                continue
            record = each.record
            known = self.commands.get(record.op_id)
            if record.kind is Kind.COMMAND:
                # Written twice where the central's key became known later: that one can be opened.
                if known is None or not known[0].record.wraps.central:
                    self.commands[record.op_id] = (each, f"{name} at {at}")
            elif record.kind is Kind.ABORT and not _vouches(each, devices):
                self.aborted |= {(record.device_id, op_id) for op_id in record.op_ids}
            at += len(each.raw)


def _opened(sealed: SealedRecord, key: PrivateKey) -> Envelope | None:
    """The command, when it is the one that was acknowledged, bit by bit."""
    record = sealed.record
    try:
        envelope = decode(open_centrally(record, key), KeptCommand).envelope
    except (CannotOpenError, BadMessageError):
        return None
    told = body_bytes(envelope.cmd, envelope.target, envelope.occurred_at, envelope.args)
    same = envelope.op_id == record.op_id and digest(told) == envelope.sha256 == record.sha256
    return envelope if same else None


def _vouches(sealed: SealedRecord, devices: Mapping[str, KnownDevice]) -> str:
    """Why nobody vouches for a record, empty when its device does."""
    device = devices.get(sealed.record.device_id)
    if device is None:
        return UNKNOWN_DEVICE
    if not device.sign_key:
        return NO_KEY
    if not is_signed_by(sealed, device.sign_key):
        return BAD_SIGNATURE
    return REVOKED if device.revoked else ""
