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

UNKNOWN_DEVICE, NO_KEY, BAD_SIGNATURE = "unknown_device", "no_key", "bad_signature"
REVOKED, INACTIVE = "revoked", "inactive_user"
"""Why a command waits for an operator. The last two are signed by their device all the same."""

SIGNED = frozenset({"", REVOKED, INACTIVE})
"""Reasons, and none, of what its own device vouches for."""


class KnownDevice(NamedTuple):
    """What the central knows of a device that a record names."""

    user_id: str
    sign_key: str
    revoked: bool
    active: bool = True
    """Whether its user still may sign in."""


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
        heads.take(name, data, devices, reading.damaged)
        found += 1
    if found != package.manifest.segments:
        packed = package.manifest.segments
        reading.damaged.append(f"{found} segments, where the laptop packed {packed}")
    for sealed, place in heads.commands.values():
        why = _doubt(sealed, devices)
        if heads.took_back(sealed, signed=why in SIGNED):
            reading.aborted += 1
            continue
        envelope = _opened(sealed, key)
        if envelope is None:
            reading.unreadable.append(f"{place}: not sealed for this central, or forged")
        else:
            reading.commands.append(Found(sealed.record.device_id, envelope, why))
    return reading


class _Heads:
    """The records of a package by what they say in clear."""

    def __init__(self) -> None:
        self.commands: dict[str, tuple[SealedRecord, str]] = {}
        self._aborted: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}

    def took_back(self, sealed: SealedRecord, *, signed: bool) -> bool:
        """Tell whether its laptop took a command back: by a record signed as well as that one."""
        head = (sealed.record.device_id, sealed.record.op_id)
        return head in self._aborted[True] or (not signed and head in self._aborted[False])

    def take(
        self, name: str, data: bytes, devices: Mapping[str, KnownDevice], damaged: list[str]
    ) -> None:
        """Take one segment in."""
        at = 0
        for each in read_records(data):
            if isinstance(each, Damaged):
                damaged.append(f"{name}: {each.length} bytes at {each.offset}")
                at = each.offset + each.length
                continue
            record = each.record
            known = self.commands.get(record.op_id)
            if record.kind is Kind.COMMAND:
                # Written twice where the central's key became known later: that one can be opened.
                # But one that its device vouches for is never hidden by one that only says so.
                if known is None or _worth(each, devices) > _worth(known[0], devices):
                    self.commands[record.op_id] = (each, f"{name} at {at}")
            elif record.kind is Kind.ABORT:
                signed = _doubt(each, devices) in SIGNED
                self._aborted[signed] |= {(record.device_id, op_id) for op_id in record.op_ids}
            at += len(each.raw)


def _worth(sealed: SealedRecord, devices: Mapping[str, KnownDevice]) -> tuple[bool, bool]:
    return _doubt(sealed, devices) in SIGNED, bool(sealed.record.wraps.central)


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


def _doubt(sealed: SealedRecord, devices: Mapping[str, KnownDevice]) -> str:
    """Why nobody vouches for a record, empty when its device does."""
    device = devices.get(sealed.record.device_id)
    if device is None:
        return UNKNOWN_DEVICE
    if not device.sign_key:
        return NO_KEY
    if not is_signed_by(sealed, device.sign_key):
        return BAD_SIGNATURE
    if device.revoked:
        return REVOKED
    return "" if device.active else INACTIVE
