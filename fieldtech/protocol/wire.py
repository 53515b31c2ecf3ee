"""The messages between laptop and central: plain dataclasses, one definition for both ends.

The central validates them at the door (FastAPI), the laptop decodes them with msgspec. Every
response carries ``epoch`` and ``server_time``; a reply without them is not the central.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PROTOCOL = 1
"""Version of push and pull spoken by this code."""

SCHEMA = 1
"""Version of the entity bodies."""

MAX_OPS = 100
MAX_PUSH_BYTES = 1024 * 1024
MAX_ARGS_BYTES = 64 * 1024
MAX_PULL_ROWS = 1000
MAX_PULL_BYTES = 2 * 1024 * 1024
MAX_BLOB_CHUNK = 1024 * 1024
"""Most bytes of one part of a file."""

HEADER_PROTOCOL = "Fieldtech-Protocol"
HEADER_SCHEMA = "Fieldtech-Schema"
HEADER_DEVICE = "Fieldtech-Device"
HEADER_REQUEST_ID = "X-Request-ID"
HEADER_OFFSET = "Upload-Offset"
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRequest:
    """``POST /v1/session``: sign-in until the browser flow exists."""

    user: str
    password: str = field(repr=False)
    device_id: str
    device_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshRequest:
    """``POST /v1/session/refresh``: the old token stays valid until its successor is used."""

    refresh_token: str = field(repr=False)
    device_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo:
    """The signed-in user as the laptop needs him."""

    id: str
    login: str
    name: str
    role: str
    region_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionReply:
    """Tokens are opaque; ``expires_in`` is seconds of life of the access token."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    user: UserInfo
    epoch: str
    server_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelloRequest:
    """``next_n`` is the number the laptop would give to its next command.

    ``sign_key`` is the public half (Ed25519, base64) of the key the device signs its journal with.
    """

    device_id: str
    app: str
    schema: int
    next_n: int
    sign_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the central accepts in one request."""

    push_ops: int = MAX_OPS
    push_bytes: int = MAX_PUSH_BYTES
    args_bytes: int = MAX_ARGS_BYTES
    pull_rows: int = MAX_PULL_ROWS
    pull_bytes: int = MAX_PULL_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class HelloReply:
    """``last_n`` is the last command of this device that the central has a result for."""

    epoch: str
    server_time: str
    last_n: int
    min_push_protocol: int
    min_pull_protocol: int
    limits: Limits
    seal_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One command on its way up.

    ``n`` is per device and monotone; ``op_id`` a UUIDv7, unique per central; ``v`` the version of
    the command's arguments; ``sha256`` the hex digest of ``body_bytes`` (see ``codec``).
    ``boot_s``/``boot_id`` come from the suspend-including clock; ``offset_s``/``uncertainty_s``
    are the laptop's estimate of its offset to the central when the command was made.
    """

    n: int
    op_id: str
    v: int
    cmd: str
    target: str
    occurred_at: str
    sha256: str
    args: dict[str, Any] = field(default_factory=dict)
    expect: dict[str, str] = field(default_factory=dict)
    wall: str = ""
    offset_s: float = 0.0
    uncertainty_s: float = 0.0
    boot_s: float = 0.0
    boot_id: str = ""
    blobs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PushRequest:
    """``ops`` stay loose here: each is validated on its own, so one bad command harms no other."""

    device_id: str
    epoch: str
    ops: list[dict[str, Any]]


APPLIED = "applied"
DUPLICATE = "duplicate"
REJECTED = "rejected"
QUARANTINED = "quarantined"
PARKED = "parked"
DEFERRED = "deferred"
SETTLED = frozenset({APPLIED, DUPLICATE, REJECTED, QUARANTINED})
"""Results after which the laptop never sends the command again by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpResult:
    """What became of one command.

    ``revs`` maps ``entity:id`` to the revision the command produced; ``current`` holds the bodies
    in force (by ``entity:id``) when it was refused and they are in the sender's scope.
    """

    n: int
    op_id: str
    status: str
    code: str = ""
    detail: str = ""
    revs: dict[str, int] = field(default_factory=dict)
    current: dict[str, Any] = field(default_factory=dict)
    blobs_missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PushReply:
    """One result per command of the request, in order."""

    epoch: str
    server_time: str
    last_n: int
    results: list[OpResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """``cursor`` maps a bucket to the last ``seq`` the laptop has; empty at first."""

    device_id: str
    epoch: str = ""
    cursor: dict[str, int] = field(default_factory=dict)
    limit: int = MAX_PULL_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketCheck:
    """Row count and additive hash (modulo 2**64, decimal text) of a bucket at its head."""

    bucket: str
    head: int
    count: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRequest:
    """``POST /v1/uploads``: the same file again is told how far it is, and no more."""

    sha256: str
    size: int
    media_type: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReply:
    """``offset`` is how many bytes of the upload are safe at the central."""

    id: str
    offset: int
    epoch: str
    server_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """``application/problem+json`` (RFC 9457) with our ``code`` and ``retryable``."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    retryable: bool
    epoch: str
    server_time: str
    expected: int | None = None
