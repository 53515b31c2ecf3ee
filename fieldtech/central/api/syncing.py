"""``/v1/sync``: hello, push, pull. Push and pull handle raw bytes; the models are for the docs."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from fieldtech.central.api.access import SIGNED_IN
from fieldtech.central.api.exchange import (
    Body,
    Token,
    described,
    message_of,
    plain_body,
    protocol_of,
    reply,
)
from fieldtech.central.api.parts import Parts
from fieldtech.central.auth.principal import Principal, authenticate
from fieldtech.central.refusal import Refused
from fieldtech.central.sync.envelopes import read_push
from fieldtech.central.sync.hello import hello
from fieldtech.central.sync.pull import note_delivered, pull
from fieldtech.central.sync.push import Pushing, push
from fieldtech.central.sync.versions import check, oldest_to_pull, oldest_to_push
from fieldtech.central.texts import is_text
from fieldtech.protocol import wire
from fieldtech.protocol.codec import encode
from fieldtech.protocol.wire import HelloReply, HelloRequest, Problem, PullRequest, PushReply

PROBLEMS: dict[int | str, dict[str, Any]] = {"default": {"model": Problem}}
PAGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "One page: begin, put*, del*, end.", "content": {wire.NDJSON: {}}}
}

_NUMBERS = 2**63


def router(parts: Parts) -> APIRouter:
    """Return these routes over the composed ``parts``."""
    routes = APIRouter(prefix="/v1/sync", tags=["sync"], responses=PROBLEMS)
    pushing = Pushing(
        database=parts.database, clock=parts.clock, grounds=parts.grounds, blobs=parts.blobs
    )

    @routes.post(
        "/hello",
        response_model=HelloReply,
        summary="Versions, limits, last number",
        openapi_extra=described(HelloRequest) | SIGNED_IN,
    )
    def greet(request: Request, body: Body, token: Token) -> Response:
        def work(connection: Connection) -> HelloReply:
            now = parts.clock.now()
            who = authenticate(connection, token, now)
            return hello(connection, who, message_of(request, body, HelloRequest), now)

        return reply(request, encode(parts.database.transact(work)))

    @routes.post(
        "/push",
        response_model=PushReply,
        summary="Commands up, each with its own result",
        openapi_extra=described(wire.PushRequest) | SIGNED_IN,
    )
    def take(request: Request, body: Body, token: Token) -> Response:
        now = parts.clock.now()
        with parts.database.read() as connection:
            # A stranger is refused before a megabyte of his is unpacked and read.
            authenticate(connection, token, now)
            check(protocol_of(request), oldest_to_push(connection, now))
        asked = read_push(plain_body(request, body))

        def who(connection: Connection) -> Principal:
            return authenticate(connection, token, parts.clock.now())

        return reply(request, encode(push(pushing, who, asked)))

    @routes.post(
        "/pull",
        response_class=Response,
        responses=PAGE,
        summary="What changed, one page at a time",
        openapi_extra=described(PullRequest) | SIGNED_IN,
    )
    def give(request: Request, body: Body, token: Token) -> Response:
        with parts.database.read() as connection:
            authenticate(connection, token, parts.clock.now())
            check(protocol_of(request), oldest_to_pull(connection))
        asked = message_of(request, body, PullRequest, refused=(400, "malformed"))
        if not (_is_cursor(asked.cursor) and is_text(asked.device_id)):
            raise Refused(400, "malformed", "cursor or device_id")
        now = parts.clock.now()
        with parts.database.read() as connection:
            principal = authenticate(connection, token, now)
            page = pull(connection, principal, asked, now)
        if page.visits:
            # Before the page leaves: a fact about a visit must find it noted as delivered.
            parts.database.transact(
                lambda connection: note_delivered(connection, principal, page.visits, now)
            )
        return reply(request, page.data, media_type=wire.NDJSON)

    return routes


def _is_cursor(cursor: dict[str, int]) -> bool:
    return all(abs(at) < _NUMBERS for at in cursor.values())
