"""``/v1/uploads`` and ``/v1/attachments``: the bytes of files, up in parts and down again."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from sqlalchemy import Connection

from fieldtech.central.api.access import SIGNED_IN
from fieldtech.central.api.exchange import (
    Body,
    Token,
    described,
    encoding_of,
    message_of,
    reply,
)
from fieldtech.central.api.parts import Parts
from fieldtech.central.auth.principal import authenticate
from fieldtech.central.blobs import attachments, uploads
from fieldtech.central.blobs.folder import BlobStore
from fieldtech.central.database import read_meta
from fieldtech.central.refusal import Refused
from fieldtech.central.sync.scope import buckets_of, visible
from fieldtech.protocol import wire
from fieldtech.protocol.codec import encode, to_stamp
from fieldtech.protocol.wire import Problem, UploadReply, UploadRequest

PROBLEMS: dict[int | str, dict[str, Any]] = {"default": {"model": Problem}}
BYTES = "application/octet-stream"
PART = {"requestBody": {"required": True, "content": {BYTES: {}}}}
FILE: dict[int | str, dict[str, Any]] = {200: {"description": "The file.", "content": {BYTES: {}}}}
_DIGITS = 16
T = TypeVar("T")
log = logging.getLogger(__name__)


def router(parts: Parts) -> APIRouter:
    """Return these routes over the composed ``parts``."""
    routes = APIRouter(prefix="/v1", tags=["files"], responses=PROBLEMS)

    @routes.post(
        "/uploads",
        response_model=UploadReply,
        summary="Begin an upload, or hear how far it is",
        openapi_extra=described(UploadRequest) | SIGNED_IN,
    )
    def begin(request: Request, body: Body, token: Token) -> Response:
        blobs = _blobs(parts)
        now = parts.clock.now()

        def work(connection: Connection) -> UploadReply:
            who = authenticate(connection, token, now)
            asked = message_of(request, body, UploadRequest, refused=(400, "invalid"))
            sender = uploads.Sender(who.id, who.device_id)
            row = uploads.begin(
                connection, sender, asked, now=now, limits=parts.blob_limits, blobs=blobs
            )
            return _told(parts, connection, row.id, row.received)

        return reply(request, encode(parts.database.transact(work)))

    @routes.head("/uploads/{upload_id}", summary="How far an upload is", openapi_extra=SIGNED_IN)
    def how_far(upload_id: str, token: Token) -> Response:
        with parts.database.read() as connection:
            who = authenticate(connection, token, parts.clock.now())
            row = uploads.find(connection, who, upload_id)
        headers = {wire.HEADER_OFFSET: str(row.received), "Upload-Length": str(row.size)}
        return Response(headers={**headers, "Cache-Control": "no-store"})

    @routes.patch(
        "/uploads/{upload_id}",
        response_model=UploadReply,
        summary="The next part of an upload",
        openapi_extra=PART | SIGNED_IN,
    )
    def go_on(upload_id: str, request: Request, body: Body, token: Token) -> Response:
        blobs = _blobs(parts)
        now = parts.clock.now()
        with parts.database.read() as connection:
            who = authenticate(connection, token, now)
            offset = _offset(request)
            row = uploads.find(connection, who, upload_id)
        uploads.check_part(row, offset, len(body))
        received = offset + len(body)
        uploads.check_room(parts.blob_limits, _kept(blobs.free), len(body))
        _kept(lambda: blobs.append(row.id, offset, body))
        whole = received == row.size
        sound = not whole or _kept(lambda: blobs.finish(row.id, row.sha256, row.size))

        def work(connection: Connection) -> UploadReply | None:
            # Only now: what is noted as received must be on the disk.
            if not whole:
                uploads.advance(connection, row, received, now)
            elif sound:
                uploads.done(connection, row, now)
            else:
                uploads.forget(connection, row)
                return None
            return _told(parts, connection, row.id, received)

        told = parts.database.transact(work)
        if whole:
            blobs.discard(row.id)
        if told is None:
            raise Refused(422, "hash_mismatch", "send it again from the start", retryable=True)
        return reply(request, encode(told))

    _add_reading(routes, parts)
    return routes


def _add_reading(routes: APIRouter, parts: Parts) -> None:
    @routes.get(
        "/attachments/{attachment_id}",
        response_class=FileResponse,
        responses=FILE,
        summary="A file of an incident in the user's scope",
        openapi_extra=SIGNED_IN,
    )
    def read(attachment_id: str, token: Token) -> Response:
        blobs = _blobs(parts)
        with parts.database.read() as connection:
            who = authenticate(connection, token, parts.clock.now())

            def may_see(incident_id: str) -> bool:
                key = ("incident", incident_id)
                return key in visible(connection, buckets_of(connection, who), [key])

            row = attachments.readable(connection, attachment_id, may_see)
        path = blobs.path(row.sha256)
        if path is None:
            raise Refused(404, "not_uploaded", "its bytes are gone", retryable=True)
        return FileResponse(
            path,
            media_type=row.media_type,
            headers={
                # Somebody else's file: never shown as a page of ours, whatever it says it is.
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row.name, safe='')}",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox",
                "Cache-Control": "private, no-store",
            },
        )


def _blobs(parts: Parts) -> BlobStore:
    if parts.blobs is None:
        raise Refused(501, "no_blob_store", "this central keeps no files")
    return parts.blobs


def _kept(work: Callable[[], T]) -> T:
    try:
        return work()
    except OSError as problem:
        log.exception("a file could not be kept")
        detail = "no room left, or the disk fails"
        raise Refused(507, "storage_full", detail, retryable=True, retry_after=600) from problem


def _told(parts: Parts, connection: Connection, upload_id: str, received: int) -> UploadReply:
    return UploadReply(
        id=upload_id,
        offset=received,
        epoch=read_meta(connection, "epoch"),
        server_time=to_stamp(parts.clock.now()),
    )


def _offset(request: Request) -> int:
    """Where a part goes, whose bytes come as they are."""
    if encoding_of(request) != "identity":
        raise Refused(415, "unsupported_encoding", "the bytes as they are")
    text = request.headers.get(wire.HEADER_OFFSET, "")
    if not (text.isascii() and text.isdigit() and len(text) < _DIGITS):
        raise Refused(400, "invalid", wire.HEADER_OFFSET)
    return int(text)
