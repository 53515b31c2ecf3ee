"""No request is read further than it may be long, whoever sends it and wherever to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fastapi.concurrency import run_in_threadpool

from fieldtech.central.api.problems import problem_response
from fieldtech.central.refusal import Refused
from fieldtech.central.texts import is_text
from fieldtech.protocol import wire

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from fieldtech.central.api.parts import Parts

MAX_SMALL_BYTES = 64 * 1024
"""Most bytes of a request that is neither a push, nor a pull, nor a part of a file."""

STALL_S = 60
"""How long a sender may send nothing before his request is given up: nobody waits for ever."""

_DIGITS = 15

_LARGER = {
    "/v1/sync/push": wire.MAX_PUSH_BYTES,
    "/v1/sync/pull": wire.MAX_PUSH_BYTES,
}


_UPLOADS = "/v1/uploads/"


class Limits:
    """Reads each body before its route does, up to what the route may be sent; else 413.

    What a request says of its own length is believed only when it is too much.
    """

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not is_text(scope["path"]):
            # No database takes such an id, so there is nothing of that name.
            await self._refuse(Refused(404, "not_found"), scope, receive, send)
            return
        most = _most(scope)
        try:
            body = None if _told_length(scope) > most else await _read(receive, most)
        except TimeoutError:
            why = Refused(408, "stalled", f"nothing came for {STALL_S} s", retryable=True)
            await self._refuse(why, scope, receive, send)
            return
        if body is None:
            detail = f"at most {most} bytes"
            # Of a push, half may fit: the laptop tries that.
            why = Refused(413, "too_large", detail, retryable=scope["path"] in _LARGER)
            await self._refuse(why, scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_again() -> Message:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, receive_again, send)

    async def _refuse(self, why: Refused, scope: Scope, receive: Receive, send: Send) -> None:
        response = await run_in_threadpool(problem_response, self._parts, why)
        await response(scope, receive, send)


def _most(scope: Scope) -> int:
    """How long a request to this place may be."""
    path = scope["path"]
    if path.startswith(_UPLOADS) and scope["method"] == "PATCH":
        return wire.MAX_BLOB_CHUNK
    return _LARGER.get(path, MAX_SMALL_BYTES)


def _told_length(scope: Scope) -> int:
    told = next((value for key, value in scope["headers"] if key == b"content-length"), b"0")
    # No number of more digits is small enough, and some are too long to be read.
    return int(told[:_DIGITS]) if told.isdigit() else 0


async def _read(receive: Receive, most: int) -> bytes | None:
    """Return the whole body, ``None`` as soon as it is more than that; raises ``TimeoutError``."""
    data = bytearray()
    more = True
    while more:
        async with asyncio.timeout(STALL_S):
            message = await receive()
        # A sender who went away in the middle has sent all that he will.
        data += message.get("body", b"")
        more = message.get("more_body", False)
        if len(data) > most:
            return None
    return bytes(data)
