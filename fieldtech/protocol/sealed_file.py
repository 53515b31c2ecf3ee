"""Sealed files: photos and signatures as they lie on a laptop, for its profile and its central.

On disk::

    b"FTB1" | length of head, u32 | head (MessagePack) | signature, 64 bytes | stream

The head is clear and signed by the device; the content is a secret stream (XChaCha20-Poly1305) of
pieces of ``PIECE`` bytes, so that neither end ever holds a whole file, and none can be cut,
swapped or reordered unseen. Its key is wrapped as that of a record is.
"""

from __future__ import annotations

import hashlib
import struct
from typing import IO, TYPE_CHECKING, NamedTuple

import msgspec
from nacl import bindings
from nacl.exceptions import CryptoError

from fieldtech.protocol.sealing import (
    CannotOpenError,
    Recipients,
    Wraps,
    sign_bytes,
    unwrap_centrally,
    unwrap_locally,
    verify_bytes,
    wrap,
)
from fieldtech.shapes import learned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nacl.public import PrivateKey
    from nacl.signing import SigningKey

MAGIC = b"FTB1"
PIECE = 64 * 1024
SUFFIX = ".ftb"
_LENGTH = struct.Struct(">I")
_SIGNATURE = 64
_LONGEST_HEAD = 16 * 1024
_CONTEXT = b"fieldtech file 1\0"
_OVERHEAD = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class FileHead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a sealed file says in clear: whose it is and what it will be when opened."""

    device_id: str
    at: str
    sha256: str
    size: int
    wraps: Wraps = Wraps()
    stream: bytes = b""


class SignedHead(NamedTuple):
    """A head as it was read, and the signature that was found over it."""

    head: FileHead
    payload: bytes
    signature: bytes

    def is_by(self, sign_key: str) -> bool:
        """Tell whether the device with this public key (base64) signed it."""
        return verify_bytes(_CONTEXT + self.payload, self.signature, sign_key)


def digest_of(source: IO[bytes]) -> tuple[str, int]:
    """Return the SHA-256 and the size of a stream, which is read to its end."""
    summed, size = hashlib.sha256(), 0
    while part := source.read(PIECE):
        summed.update(part)
        size += len(part)
    return summed.hexdigest(), size


def seal_file(
    source: IO[bytes],
    target: IO[bytes],
    head: FileHead,
    recipients: Recipients,
    signer: SigningKey,
) -> None:
    """Write ``source`` to ``target``, sealed. The caller makes it durable.

    Raises ``ValueError`` when the source is not what ``head`` says: it changed meanwhile.
    """
    key = bindings.crypto_secretstream_xchacha20poly1305_keygen()
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    stream = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    whole = msgspec.structs.replace(head, wraps=wrap(key, recipients), stream=stream)
    payload = msgspec.msgpack.encode(whole)
    target.write(MAGIC + _LENGTH.pack(len(payload)) + payload)
    target.write(sign_bytes(_CONTEXT + payload, signer))
    summed, size = hashlib.sha256(), 0
    part = source.read(PIECE)
    while True:
        after = source.read(PIECE) if len(part) == PIECE else b""
        summed.update(part)
        size += len(part)
        tag = _MORE if after else _LAST
        target.write(bindings.crypto_secretstream_xchacha20poly1305_push(state, part, None, tag))
        if not after:
            break
        part = after
    if (summed.hexdigest(), size) != (head.sha256, head.size):
        message = "the file changed while it was read"
        raise ValueError(message)


def read_signed_head(sealed: IO[bytes]) -> SignedHead:
    """Read the head with what vouches for it; raises ``CannotOpenError`` for no sealed file."""
    start = sealed.read(len(MAGIC) + _LENGTH.size)
    if len(start) != len(MAGIC) + _LENGTH.size or not start.startswith(MAGIC):
        raise CannotOpenError("not a sealed file")
    (length,) = _LENGTH.unpack_from(start, len(MAGIC))
    if length > _LONGEST_HEAD:
        raise CannotOpenError("its head is too long")
    payload, signature = sealed.read(length), sealed.read(_SIGNATURE)
    try:
        head = msgspec.msgpack.decode(payload, type=learned(FileHead))
    except msgspec.DecodeError as problem:
        raise CannotOpenError("its head is damaged") from problem
    return SignedHead(head, payload, signature)


def read_head(sealed: IO[bytes]) -> FileHead:
    """Read the head alone; raises the same. Whose it is has to be known already."""
    return read_signed_head(sealed).head


def open_locally(sealed: IO[bytes], key: bytes) -> Iterator[bytes]:
    """The content piece by piece, by the profile's key; raises ``CannotOpenError``."""
    head = read_head(sealed)
    return _pieces(sealed, head, unwrap_locally(head.wraps, key))


def open_centrally(sealed: IO[bytes], head: FileHead, key: PrivateKey) -> Iterator[bytes]:
    """The content behind the head piece by piece, by the central's key; raises the same."""
    return _pieces(sealed, head, unwrap_centrally(head.wraps, key))


def _pieces(sealed: IO[bytes], head: FileHead, key: bytes) -> Iterator[bytes]:
    """Decrypt to the final piece; a cut, changed or reordered file never gets that far unseen."""
    try:
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, head.stream, key)
        tag = _MORE
        while tag != _LAST:
            piece = sealed.read(PIECE + _OVERHEAD)
            plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, piece, None)
            yield plain
    except (CryptoError, ValueError, TypeError) as problem:
        raise CannotOpenError(head.sha256) from problem
