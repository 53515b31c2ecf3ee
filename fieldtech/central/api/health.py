"""``/livez`` and ``/readyz`` for whatever watches the process."""

from fastapi import APIRouter, Response

from fieldtech.central.api.parts import Parts
from fieldtech.central.database import read_meta
from fieldtech.protocol.codec import encode, to_stamp


def router(parts: Parts) -> APIRouter:
    """Return these routes over the composed ``parts``."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/livez", summary="The process answers")
    def livez() -> Response:
        told = {"status": "ok", "server_time": to_stamp(parts.clock.now())}
        return Response(encode(told), media_type="application/json")

    @routes.get("/readyz", summary="The database answers too")
    def readyz() -> Response:
        with parts.database.read() as connection:
            epoch = read_meta(connection, "epoch")
        told = {"status": "ok", "epoch": epoch, "server_time": to_stamp(parts.clock.now())}
        return Response(encode(told), media_type="application/json")

    return routes
