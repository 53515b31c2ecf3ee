"""``/livez`` and ``/readyz`` for whatever watches the process."""

from fastapi import APIRouter, Response

from fieldtech.central.api.access import PUBLIC
from fieldtech.central.api.parts import Parts
from fieldtech.central.database import read_meta
from fieldtech.central.housekeeping import Housekeeper
from fieldtech.protocol.codec import encode, to_stamp


def router(parts: Parts, keeper: Housekeeper) -> APIRouter:
    """Return these routes over the composed ``parts``."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/livez", summary="The process answers", openapi_extra=PUBLIC)
    async def livez() -> Response:
        # On the event loop: it answers even while every thread is at work.
        told = {"status": "ok", "server_time": to_stamp(parts.clock.now())}
        return Response(encode(told), media_type="application/json")

    @routes.get("/readyz", summary="The database answers too", openapi_extra=PUBLIC)
    def readyz() -> Response:
        with parts.database.read() as connection:
            epoch = read_meta(connection, "epoch")
        # A step of housekeeping that fails is told and no reason to send laptops elsewhere: they
        # are served as well as before.
        last = keeper.last
        told = {
            "status": "ok",
            "epoch": epoch,
            "server_time": to_stamp(parts.clock.now()),
            "tidied_at": to_stamp(last.at) if last else "",
            "untidy": last.failed if last else (),
        }
        return Response(encode(told), media_type="application/json")

    return routes
