"""The central's routes as methods; anything that is not an answer of the central is a failure."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import quote

import msgspec

from fieldtech.protocol.codec import BadMessageError, decode, encode, from_stamp
from fieldtech.protocol.wire import (
    HEADER_DEVICE,
    HEADER_OFFSET,
    HEADER_PROTOCOL,
    HEADER_REQUEST_ID,
    HEADER_SCHEMA,
    NDJSON,
    PROTOCOL,
    SCHEMA,
    HelloReply,
    HelloRequest,
    PullRequest,
    PushReply,
    RefreshRequest,
    SessionReply,
    SessionRequest,
    UploadReply,
    UploadRequest,
)
from fieldtech.store.central_time import Sample
from fieldtech.store.page import Page, TruncatedPageError, read_end, read_page
from fieldtech.sync import offset
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.transport import BYTES, Patience

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fieldtech.clock import Clock
    from fieldtech.sync.transport import Reply, Transport

T = TypeVar("T")

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
SESSION = "/v1/session"
REFRESH = "/v1/session/refresh"
LOGOUT = "/v1/session/logout"
HELLO = "/v1/sync/hello"
PUSH = "/v1/sync/push"
PULL = "/v1/sync/pull"
UPLOADS = "/v1/uploads"
ATTACHMENTS = "/v1/attachments"
OK = 200
NO_CONTENT = 204
GATEWAY = frozenset({502, 503, 504})
"""What a proxy in front of the central says when the central is away."""


class _Signature(msgspec.Struct):
    """What every answer of the central carries."""

    epoch: str
    server_time: str


class _Problem(msgspec.Struct):
    """The parts of a problem document that decide something."""

    code: str
    epoch: str
    server_time: str
    detail: str = ""
    title: str = ""
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[T]):
    """A decoded reply and the comparison of clocks that came with it."""

    value: T
    sample: Sample


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A page as it came; ``read`` raises ``SyncFailure`` when it is not one.

    ``following`` is where the next one starts, ``None`` when this seems to be the last: it can be
    asked for while this one is still being read.
    """

    following: dict[str, int] | None
    read: Callable[[], Answer[Page]]


class CentralClient:
    """Speaks for one device. Every method raises ``SyncFailure``."""

    def __init__(
        self, transport: Transport, clock: Clock, patience: Patience | None = None
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._patience = patience or Patience()

    def sign_in(self, request: SessionRequest) -> Answer[SessionReply]:
        """Start a session with a password."""
        return self._json("POST", SESSION, request, SessionReply, device=request.device_id)

    def refresh(self, refresh_token: str, device_id: str) -> Answer[SessionReply]:
        """Turn the refresh token over."""
        request = RefreshRequest(refresh_token=refresh_token, device_id=device_id)
        return self._json("POST", REFRESH, request, SessionReply, device=device_id)

    def sign_out(self, token: str, device_id: str) -> None:
        """End the session at the central."""
        reply = self._send("POST", LOGOUT, None, device=device_id, token=token)
        if reply.status != NO_CONTENT:
            raise SyncFailure(_failure(reply))

    def hello(self, request: HelloRequest, token: str) -> Answer[HelloReply]:
        """Learn what the central has of this device."""
        return self._json("POST", HELLO, request, HelloReply, device=request.device_id, token=token)

    def push(self, body: bytes, device_id: str, token: str) -> Answer[PushReply]:
        """Send commands; ``body`` is an encoded ``PushRequest``."""
        reply = self._send("POST", PUSH, body, device=device_id, token=token)
        return self._answer(reply, _decoded(reply, PushReply))

    def pull(self, request: PullRequest, token: str) -> UnreadPage:
        """Fetch one page."""
        reply = self._send(
            "POST", PULL, encode(request), device=request.device_id, token=token, accept=NDJSON
        )
        end = read_end(reply.body) if reply.status == OK else None
        return UnreadPage(
            following=end.cursor if end is not None and end.more else None,
            read=partial(self._read_page, reply),
        )

    def begin_upload(
        self, request: UploadRequest, device_id: str, token: str
    ) -> Answer[UploadReply]:
        """Begin to send a file, or hear how far it is."""
        return self._json("POST", UPLOADS, request, UploadReply, device=device_id, token=token)

    def send_part(
        self, upload_id: str, at: int, part: bytes, device_id: str, token: str
    ) -> Answer[UploadReply]:
        """Send the bytes of a file from ``at`` on."""
        reply = self._send(
            "PATCH",
            f"{UPLOADS}/{upload_id}",
            part,
            device=device_id,
            token=token,
            more={"Content-Type": BYTES, HEADER_OFFSET: str(at)},
        )
        return self._answer(reply, _decoded(reply, UploadReply))

    def fetch(self, attachment_id: str, device_id: str, token: str) -> bytes:
        """Fetch a file that belongs to an incident in the user's scope."""
        path = f"{ATTACHMENTS}/{quote(attachment_id, safe='')}"
        reply = self._send("GET", path, None, device=device_id, token=token, accept="*/*")
        if reply.status != OK:
            raise SyncFailure(_failure(reply))
        return reply.body

    def _read_page(self, reply: Reply) -> Answer[Page]:
        page = _page(reply)
        return Answer(value=page, sample=self._sample(reply, page.begin.server_time))

    def _json(
        self,
        method: str,
        path: str,
        request: object,
        kind: type[T],
        *,
        device: str,
        token: str = "",
    ) -> Answer[T]:
        reply = self._send(method, path, encode(request), device=device, token=token)
        return self._answer(reply, _decoded(reply, kind))

    def _answer(self, reply: Reply, value: T) -> Answer[T]:
        return Answer(value=value, sample=self._sample(reply, value.server_time))  # type: ignore[attr-defined]

    def _sample(self, reply: Reply, server_time: str) -> Sample:
        try:
            moment: datetime = from_stamp(server_time)
        except BadMessageError as problem:
            raise SyncFailure(Failure(kind=Kind.MALFORMED, detail=str(problem))) from problem
        return offset.sample(moment, reply.sent_s, reply.answered_s, self._clock)

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        *,
        device: str,
        token: str = "",
        accept: str = JSON,
        more: Mapping[str, str] | None = None,
    ) -> Reply:
        headers = {
            "Accept": accept,
            "Accept-Encoding": "gzip",
            HEADER_PROTOCOL: str(PROTOCOL),
            HEADER_SCHEMA: str(SCHEMA),
            HEADER_DEVICE: device,
            HEADER_REQUEST_ID: str(uuid.uuid4()),
        }
        if body is not None:
            headers["Content-Type"] = JSON
        headers |= more or {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self._transport.send(method, path, body, headers, self._patience)


def _decoded(reply: Reply, kind: type[T]) -> T:
    """Return a JSON answer of the central, and of nobody else."""
    if reply.status != OK:
        raise SyncFailure(_failure(reply))
    if reply.content_type != JSON:
        raise SyncFailure(Failure(kind=Kind.NOT_CENTRAL, detail=reply.content_type))
    try:
        return decode(reply.body, kind)
    except BadMessageError as problem:
        raise SyncFailure(_not_understood(reply.body, problem)) from problem


def _page(reply: Reply) -> Page:
    if reply.status != OK:
        raise SyncFailure(_failure(reply))
    if reply.content_type != NDJSON:
        raise SyncFailure(Failure(kind=Kind.NOT_CENTRAL, detail=reply.content_type))
    try:
        page = read_page(reply.body)
        from_stamp(page.begin.server_time)
    except TruncatedPageError as problem:
        raise SyncFailure(Failure(kind=Kind.TRUNCATED, detail=str(problem))) from problem
    except BadMessageError as problem:
        raise SyncFailure(Failure(kind=Kind.MALFORMED, detail=str(problem))) from problem
    return page


def _failure(reply: Reply) -> Failure:
    """Return what an answer that is no success means."""
    problem = _problem(reply)
    if problem is not None:
        return Failure(
            kind=Kind.PROBLEM,
            status=reply.status,
            code=problem.code,
            detail=problem.detail or problem.title,
            retry_after_s=reply.retry_after_s,
            expected=problem.expected,
            epoch=problem.epoch,
        )
    kind = Kind.UNREACHABLE if reply.status in GATEWAY else Kind.NOT_CENTRAL
    # How long to wait is the central's to say, not that of whoever answers in its place.
    return Failure(kind=kind, status=reply.status, detail=f"{reply.status} {reply.content_type}")


def _problem(reply: Reply) -> _Problem | None:
    if reply.content_type != PROBLEM_JSON:
        return None
    try:
        return decode(reply.body, _Problem)
    except BadMessageError:
        return None


def _not_understood(body: bytes, problem: BadMessageError) -> Failure:
    """JSON with the central's signature is the central's, in words we do not know."""
    if "truncated" in str(problem):
        return Failure(kind=Kind.TRUNCATED, detail=str(problem))
    try:
        decode(body, _Signature)
    except BadMessageError:
        return Failure(kind=Kind.NOT_CENTRAL, detail=str(problem))
    return Failure(kind=Kind.MALFORMED, detail=str(problem))
