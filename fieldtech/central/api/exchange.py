"""One request's raw side: its body, its token, its address; and replies made without a model.

Bodies are read and decoded by hand on the hot endpoints: their JSON is parsed once, in a worker
thread, and never on the event loop.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
import zlib
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast
from urllib.parse import quote

import msgspec
from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from isal import isal_zlib

from fieldtech.central.refusal import Refused
from fieldtech.protocol import wire
from fieldtech.protocol.codec import BadMessageError, decode

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

T = TypeVar("T")

JSON = "application/json"
_GZIP_FROM = 600
_GZIP_LEVEL = 2
"""Of ISA-L's four: a page is as small as with zlib's third level, in a fifth of its time."""
_VERSION = re.compile(r"[0-9]{1,9}")
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
log = logging.getLogger("fieldtech.central.requests")

_LONGEST_PATH = 200
_LONGEST_NAME = 40
_FAILED = 500
_GZIP_WINDOW = 31  # zlib's number for "a gzip header, the largest window"

bearer = HTTPBearer(auto_error=False, description="The access token of a session.")


def token_of(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> str | None:
    """The access token of the request, if it brings one."""
    return credentials.credentials if credentials else None


async def raw_body(request: Request) -> bytes:
    """The body as it came; ``Limits`` has seen to its length."""
    return await request.body()


Token = Annotated[str | None, Depends(token_of)]
Body = Annotated[bytes, Depends(raw_body)]


def encoding_of(request: Request) -> str:
    """How the body is packed; ``identity`` when it is not."""
    return request.headers.get("content-encoding", "identity").lower()


def plain_body(request: Request, data: bytes) -> bytes:
    """The body without its gzip; 413 when it grows past the limit, 400 when it is broken."""
    encoding = encoding_of(request)
    if encoding == "identity":
        return data
    if encoding != "gzip":
        raise Refused(415, "unsupported_encoding", "gzip or nothing")
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        plain = unpacker.decompress(data, wire.MAX_PUSH_BYTES + 1)
    except zlib.error as problem:
        raise Refused(400, "malformed", "broken gzip") from problem
    if len(plain) > wire.MAX_PUSH_BYTES:
        raise Refused(413, "too_large", f"at most {wire.MAX_PUSH_BYTES} bytes", retryable=True)
    if not unpacker.eof:
        raise Refused(400, "malformed", "truncated gzip", retryable=True)
    if unpacker.unused_data:
        raise Refused(400, "malformed", "more than one gzip member")
    return plain


def message_of(
    request: Request, data: bytes, kind: type[T], *, refused: tuple[int, str] = (422, "invalid")
) -> T:
    """The message of a request, read strictly: every field of its type, and none that is unknown.

    Raises ``Refused`` with that status and code. It names the field and never what stood in it,
    which may be a password.
    """
    plain = plain_body(request, data)
    try:
        value = decode(plain, kind)
        told = decode(plain, dict[str, msgspec.Raw])
    except BadMessageError as problem:
        raise Refused(*refused, str(problem)) from problem
    unknown = set(told) - {each.name for each in fields(cast("Any", kind))}
    if unknown:
        raise Refused(*refused, f"unknown field {min(unknown)[:_LONGEST_NAME]!r}")
    return value


def address_of(request: Request) -> str:
    """The address the request came from, as the server behind its proxy knows it."""
    return request.client.host if request.client else ""


def protocol_of(request: Request) -> int:
    """The protocol version the laptop speaks; the present one when it does not say."""
    told = request.headers.get(wire.HEADER_PROTOCOL, str(wire.PROTOCOL))
    return int(told) if _VERSION.fullmatch(told) else 0


def reply(request: Request, data: bytes, *, media_type: str = JSON, status: int = 200) -> Response:
    """A finished body, gzipped when the other side takes that and it is worth it."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    accepted = request.headers.get("accept-encoding", "")
    if len(data) >= _GZIP_FROM and _TAKES_GZIP.search(accepted):
        data = isal_zlib.compress(data, _GZIP_LEVEL, _GZIP_WINDOW)
        headers["Content-Encoding"] = "gzip"
    return Response(data, status_code=status, media_type=media_type, headers=headers)


class RequestIds:
    """Gives each response its request's ``X-Request-ID``, or a new one, and logs one line for it.

    The line has no query, no header and no body: nothing secret can get into it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = wire.HEADER_REQUEST_ID.lower().encode()
        given = next((value for key, value in scope["headers"] if key == name), b"").decode(
            "latin1"
        )
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        begun, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (name, request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            took_ms = (time.perf_counter() - begun) * 1000
            # A path may be decoded to anything, line ends too: that would be two lines here.
            path = quote(scope["path"][:_LONGEST_PATH], safe="/:@._-~")
            told = (scope["method"], path, status or _FAILED, took_ms, request_id)
            log.info("%s %s %d %.1f ms %s", *told)


def _header(scope: Scope, name: bytes) -> str:
    found: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return found.decode("latin1")


def described(kind: type, media_type: str = JSON) -> dict[str, Any]:
    """The OpenAPI of a request body that an endpoint reads by itself."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(kind).json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}
