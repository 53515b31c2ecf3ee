"""Sealed records of the black box: what a laptop writes beside its store and a central can open.

A record has a clear head (who, which command, which keys) and a body under a random key of its
own. That key is wrapped twice: for the laptop's profile, which replays its records at start, and
for the central, which opens them when the laptop's own key is gone. The device signs the whole; a
CRC tells a damaged record from a forged one. On disk::

    b"FTR1" | length of payload, u32 | payload (MessagePack) | signature, 64 bytes | CRC-32, u32

Numbers are big-endian; the CRC covers everything before it. Cryptography is libsodium's through
PyNaCl: XSalsa20-Poly1305 for bodies and the local wrap, X25519 sealed boxes for the central's,
Ed25519 (RFC 8032) for signatures.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from base64 import b64decode, b64encode
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random

from fieldtech.shapes import learned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nacl.public import PrivateKey

MAGIC = b"FTR1"
KEY_BYTES = SecretBox.KEY_SIZE
MAX_PAYLOAD = 1024 * 1024
"""No record is longer: the largest command has 64 KiB of arguments."""
MAX_IN_VAIN = 1024 * MAX_PAYLOAD
"""Bytes that are summed in one segment for what turns out to be no record: about a second."""

_HEAD = struct.Struct(">4sI")
_CRC = struct.Struct(">I")
_SIGNATURE = 64
_CONTEXT = b"fieldtech record 1\0"
"""Signed before every payload, so that no signature of another use passes for one of these."""


class Kind(StrEnum):
    """What a record says."""

    COMMAND = "command"
    ABORT = "abort"
    """The database did not take these commands after all."""
    SETTLED = "settled"
    """Nobody needs these commands any more: purged after confirmation, or decided on."""
    SESSION = "session"
    """Who works on this profile, as which device, and the next command's number."""


class Wraps(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A content key under the keys of those who may open it; an empty one cannot."""

    local_id: str = ""
    local: bytes = b""
    central_id: str = ""
    central: bytes = b""


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record as it is signed. ``sha256`` is the command's (see ``Envelope``).

    ``op_ids`` are the commands that an abort or a settlement is about.
    """

    kind: Kind
    device_id: str
    at: str
    n: int = 0
    op_id: str = ""
    sha256: str = ""
    op_ids: tuple[str, ...] = ()
    wraps: Wraps = Wraps()
    body: bytes = b""


class SealedRecord(NamedTuple):
    """A record found whole: what it says, and the very bytes it was found in."""

    record: Record
    payload: bytes
    signature: bytes
    raw: bytes


class Damaged(NamedTuple):
    """Bytes that are no whole record, from ``offset`` on."""

    offset: int
    length: int


class Recipients(NamedTuple):
    """The keys a body is sealed for. ``central`` is ``None`` before the first hello."""

    local: bytes
    central: PublicKey | None


class CannotOpenError(Exception):
    """The key does not fit, or the content is not what was sealed."""


def key_id(key: bytes) -> str:
    """A short name of a key that says nothing about it."""
    return hashlib.blake2b(key, digest_size=8, person=b"fieldtech-key").hexdigest()


def central_key(text: str) -> PublicKey | None:
    """Read the public key that a central told, base64; ``None`` for none or one that is not.

    A point of low order is none: nothing can be sealed for it, and no command could be written.
    """
    if not text:
        return None
    try:
        key = PublicKey(b64decode(text, validate=True))
        SealedBox(key).encrypt(b"")
    except (ValueError, TypeError, CryptoError):
        return None
    return key


def public_text(key: SigningKey) -> str:
    """The public half of a device's signing key, as it is registered at the central."""
    return b64encode(bytes(key.verify_key)).decode("ascii")


def wrap(key: bytes, recipients: Recipients) -> Wraps:
    """Wrap a content key for everybody who may open what it encrypts."""
    central = recipients.central
    return Wraps(
        local_id=key_id(recipients.local),
        local=bytes(SecretBox(recipients.local).encrypt(key)),
        central_id=key_id(bytes(central)) if central is not None else "",
        central=SealedBox(central).encrypt(key) if central is not None else b"",
    )


def unwrap_locally(wraps: Wraps, key: bytes) -> bytes:
    """The content key, by the profile's; raises ``CannotOpenError``."""
    try:
        return SecretBox(key).decrypt(wraps.local)
    except (CryptoError, ValueError) as problem:
        raise CannotOpenError(wraps.local_id) from problem


def unwrap_centrally(wraps: Wraps, key: PrivateKey) -> bytes:
    """The content key, by the central's; raises ``CannotOpenError``."""
    try:
        return SealedBox(key).decrypt(wraps.central)
    except (CryptoError, ValueError) as problem:
        raise CannotOpenError(wraps.central_id) from problem


def seal(record: Record, plain: bytes, recipients: Recipients, signer: SigningKey) -> bytes:
    """Return the bytes of a record with ``plain`` sealed as its body."""
    key = random(KEY_BYTES)
    sealed = msgspec.structs.replace(
        record, wraps=wrap(key, recipients), body=bytes(SecretBox(key).encrypt(plain))
    )
    return sign(sealed, signer)


def sign(record: Record, signer: SigningKey) -> bytes:
    """Return the bytes of a record that has no body, or one that is sealed already."""
    payload = msgspec.msgpack.encode(record)
    if len(payload) > MAX_PAYLOAD:
        message = f"a record of {len(payload)} bytes"
        raise ValueError(message)
    signature = sign_bytes(_CONTEXT + payload, signer)
    framed = _HEAD.pack(MAGIC, len(payload)) + payload + signature
    return framed + _CRC.pack(zlib.crc32(framed))


def read_records(data: bytes) -> Iterator[SealedRecord | Damaged]:
    """Find every whole record; what lies between them is told as damaged, never as a record.

    A torn end and flipped bits cost the records they are in and no other. What was made to look
    like very many beginnings is given up with all that follows, before it takes minutes.
    """
    at = lost_from = in_vain = 0
    while at < len(data) and in_vain < MAX_IN_VAIN:
        found = _record_at(data, at)
        if found is None:
            in_vain += _claimed(data, at)
            at = _next_magic(data, at + 1)
            continue
        if lost_from < at:
            yield Damaged(lost_from, at - lost_from)
        yield found
        at = lost_from = at + len(found.raw)
    if lost_from < len(data):
        yield Damaged(lost_from, len(data) - lost_from)


def is_signed_by(found: SealedRecord, sign_key: str) -> bool:
    """Tell whether the device with this public key (base64, as registered) wrote the record."""
    return verify_bytes(_CONTEXT + found.payload, found.signature, sign_key)


def sign_bytes(data: bytes, signer: SigningKey) -> bytes:
    """Return the signature alone; ``data`` begins with what the signature is for."""
    return signer.sign(data).signature


def verify_bytes(data: bytes, signature: bytes, sign_key: str) -> bool:
    """Tell whether the key (base64) made this signature of ``data``."""
    try:
        VerifyKey(b64decode(sign_key, validate=True)).verify(data, signature)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def open_locally(record: Record, key: bytes) -> bytes:
    """The body, by the profile's key; raises ``CannotOpenError``."""
    return _decrypt(record, unwrap_locally(record.wraps, key))


def open_centrally(record: Record, key: PrivateKey) -> bytes:
    """The body, by the central's key; raises ``CannotOpenError``."""
    return _decrypt(record, unwrap_centrally(record.wraps, key))


def _decrypt(record: Record, key: bytes) -> bytes:
    try:
        return SecretBox(key).decrypt(record.body)
    except (CryptoError, ValueError) as problem:
        raise CannotOpenError(record.op_id) from problem


def _record_at(data: bytes, at: int) -> SealedRecord | None:
    if len(data) - at < _HEAD.size:
        return None
    magic, length = _HEAD.unpack_from(data, at)
    payload_at = at + _HEAD.size
    crc_at = payload_at + length + _SIGNATURE
    if magic != MAGIC or length > MAX_PAYLOAD or crc_at + _CRC.size > len(data):
        return None
    if _CRC.unpack_from(data, crc_at)[0] != zlib.crc32(data[at:crc_at]):
        return None
    payload = data[payload_at : payload_at + length]
    try:
        record = msgspec.msgpack.decode(payload, type=learned(Record))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None  # Its CRC fits: somebody made it like this.
    signature = data[payload_at + length : crc_at]
    return SealedRecord(record, payload, signature, data[at : crc_at + _CRC.size])


def _claimed(data: bytes, at: int) -> int:
    """How many bytes had to be summed to learn that this is no record."""
    if len(data) - at < _HEAD.size:
        return 0
    magic, length = _HEAD.unpack_from(data, at)
    return int(length) if magic == MAGIC and length <= MAX_PAYLOAD else 0


def _next_magic(data: bytes, start: int) -> int:
    found = data.find(MAGIC, start)
    return found if found >= 0 else len(data)
