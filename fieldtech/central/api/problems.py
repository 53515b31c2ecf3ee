"""Errors as ``application/problem+json``: always a code, whether to retry, epoch and time."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.exceptions import HTTPException

from fieldtech.central.database import read_meta
from fieldtech.central.refusal import Refused
from fieldtech.protocol.codec import encode, to_stamp
from fieldtech.protocol.wire import Problem

if TYPE_CHECKING:
    from fieldtech.central.api.parts import Parts

PROBLEM = "application/problem+json"
RETRY_LATER_S = 5

log = logging.getLogger(__name__)

_CODES = {404: "not_found", 405: "method_not_allowed"}


def install(app: FastAPI, parts: Parts) -> None:
    """Make every failure of ``app`` a problem document."""

    def respond(why: Refused) -> Response:
        return problem_response(parts, why)

    def refused(_request: Request, why: Exception) -> Response:
        return respond(why if isinstance(why, Refused) else Refused(500, "internal"))

    def http(_request: Request, why: Exception) -> Response:
        status = why.status_code if isinstance(why, HTTPException) else 500
        response = respond(Refused(status, _CODES.get(status, "http_error")))
        # With a 405: what would be allowed.
        response.headers.update(getattr(why, "headers", None) or {})
        return response

    def invalid(_request: Request, why: Exception) -> Response:
        # Pydantic's text would quote the input, which may be a password; the places are enough.
        errors = why.errors() if isinstance(why, RequestValidationError) else []
        places = (".".join(map(str, each["loc"])) + ": " + each["msg"] for each in errors)
        return respond(Refused(422, "invalid", "; ".join(places)))

    def unavailable(_request: Request, why: Exception) -> Response:
        log.error("the database does not answer", exc_info=why)
        told = Refused(503, "unavailable", retryable=True, retry_after=RETRY_LATER_S)
        return problem_response(parts, told, ask=False)

    def internal(_request: Request, why: Exception) -> Response:
        log.error("request failed", exc_info=why)
        return respond(Refused(500, "internal", retryable=True))

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(OperationalError, unavailable)
    app.add_exception_handler(NoConnectionError, unavailable)
    app.add_exception_handler(SQLAlchemyError, internal)
    app.add_exception_handler(Exception, internal)


def describe(document: dict[str, Any]) -> None:
    """Say in the API's description that problems come as problem documents."""
    for operations in document["paths"].values():
        for operation in operations.values():
            told = operation["responses"].get("default")
            if told is not None:
                told["content"] = {PROBLEM: told["content"].pop("application/json")}


def problem_response(parts: Parts, why: Refused, *, ask: bool = True) -> Response:
    """The response that tells ``why``; without ``ask`` the database is not waited for again."""
    epoch = _epoch(parts) if ask else ""
    problem = Problem(
        type=f"urn:fieldtech:problem:{why.code}",
        title=HTTPStatus(why.status).phrase,
        status=why.status,
        code=why.code,
        detail=why.detail,
        retryable=why.retryable,
        epoch=epoch,
        server_time=to_stamp(parts.clock.now()),
        expected=why.expected,
    )
    headers = {"Cache-Control": "no-store"}
    if why.retry_after is not None:
        headers["Retry-After"] = str(why.retry_after)
    if why.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(encode(problem), why.status, media_type=PROBLEM, headers=headers)


def _epoch(parts: Parts) -> str:
    try:
        with parts.database.read() as connection:
            return read_meta(connection, "epoch")
    except SQLAlchemyError:
        return ""
