"""``/v1/session``: sign in, stay signed in, sign out; and ``/v1/me``."""

from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from fieldtech.central.api.access import PUBLIC, SIGNED_IN
from fieldtech.central.api.exchange import Body, Token, address_of, described, message_of, reply
from fieldtech.central.api.parts import Parts
from fieldtech.central.auth import sessions
from fieldtech.central.auth.principal import authenticate
from fieldtech.central.database import read_meta
from fieldtech.protocol.codec import encode, to_stamp
from fieldtech.protocol.wire import (
    Problem,
    RefreshRequest,
    SessionReply,
    SessionRequest,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """``UserInfo``, with the epoch and the time that every reply brings."""

    id: str
    login: str
    name: str
    role: str
    region_ids: tuple[str, ...]
    epoch: str
    server_time: str


PROBLEMS: dict[int | str, dict[str, Any]] = {"default": {"model": Problem}}


def router(parts: Parts) -> APIRouter:
    """Return these routes over the composed ``parts``."""
    routes = APIRouter(prefix="/v1", tags=["session"], responses=PROBLEMS)

    @routes.post(
        "/session",
        response_model=SessionReply,
        summary="Sign in on a device",
        openapi_extra=described(SessionRequest) | PUBLIC,
    )
    def sign_in(request: Request, body: Body) -> Response:
        asked = message_of(request, body, SessionRequest)
        tokens = sessions.sign_in(
            parts.database, parts.clock, parts.passwords, asked, address_of(request)
        )
        return _told(parts, request, tokens)

    @routes.post(
        "/session/refresh",
        response_model=SessionReply,
        summary="Turn the refresh token over",
        openapi_extra=described(RefreshRequest) | PUBLIC,
    )
    def refresh(request: Request, body: Body) -> Response:
        asked = message_of(request, body, RefreshRequest)
        return _told(parts, request, sessions.refresh(parts.database, parts.clock, asked))

    @routes.post(
        "/session/logout",
        status_code=204,
        summary="End this device's session",
        openapi_extra=SIGNED_IN,
    )
    def logout(token: Token) -> Response:
        def work(connection: Connection) -> None:
            now = parts.clock.now()
            sessions.sign_out(connection, authenticate(connection, token, now), now)

        parts.database.transact(work)
        return Response(status_code=204)

    @routes.get("/me", response_model=Me, summary="The signed-in user", openapi_extra=SIGNED_IN)
    def me(request: Request, token: Token) -> Response:
        now = parts.clock.now()
        with parts.database.read() as connection:
            who = authenticate(connection, token, now).info
            epoch = read_meta(connection, "epoch")
        return reply(request, encode(Me(**asdict(who), epoch=epoch, server_time=to_stamp(now))))

    return routes


def _told(parts: Parts, request: Request, tokens: sessions.Tokens) -> Response:
    with parts.database.read() as connection:
        epoch = read_meta(connection, "epoch")
    told = SessionReply(
        access_token=tokens.access,
        refresh_token=tokens.refresh,
        expires_in=tokens.expires_in,
        user=tokens.principal.info,
        epoch=epoch,
        server_time=to_stamp(parts.clock.now()),
    )
    return reply(request, encode(told))
