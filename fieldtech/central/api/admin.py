"""``/v1/admin``: the laptops, for administrators only."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from fieldtech.central import laptops
from fieldtech.central.api.access import open_to
from fieldtech.central.api.exchange import Token, reply
from fieldtech.central.api.parts import Parts
from fieldtech.central.auth.principal import Principal, authenticate
from fieldtech.central.database import read_meta
from fieldtech.central.refusal import Refused
from fieldtech.domain.words import Role
from fieldtech.protocol.codec import encode, to_stamp
from fieldtech.protocol.wire import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """One laptop, with its times as RFC 3339 ("" for none).

    ``signs``: it registered the key it signs its journal with; ``held``: commands of it that wait
    here for a person.
    """

    id: str
    user: str
    name: str
    app: str
    seen_at: str
    last_n: int
    forked_from: str
    signs: bool
    held: int
    revoked_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """Every laptop, the one heard of last first."""

    devices: tuple[DeviceRow, ...]
    epoch: str
    server_time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """Under which numbers a laptop was shut out by this request."""

    id: str
    revoked: tuple[str, ...]
    epoch: str
    server_time: str


PROBLEMS: dict[int | str, dict[str, Any]] = {"default": {"model": Problem}}


def router(parts: Parts) -> APIRouter:
    """Return these routes over the composed ``parts``."""
    routes = APIRouter(prefix="/v1/admin", tags=["admin"], responses=PROBLEMS)

    @routes.get(
        "/devices",
        response_model=Devices,
        summary="Every laptop",
        openapi_extra=open_to(Role.ADMIN),
    )
    def devices(request: Request, token: Token) -> Response:
        now = parts.clock.now()
        with parts.database.read() as connection:
            _administrator(authenticate(connection, token, now))
            rows = tuple(DeviceRow(**row) for row in laptops.listed(connection))
            epoch = read_meta(connection, "epoch")
        told = Devices(devices=rows, epoch=epoch, server_time=to_stamp(now))
        return reply(request, encode(told))

    @routes.post(
        "/devices/{device_id}/revoke",
        response_model=Revoked,
        summary="Shut a laptop out for good",
        openapi_extra=open_to(Role.ADMIN),
    )
    def revoke(device_id: str, request: Request, token: Token) -> Response:
        now = parts.clock.now()

        def work(connection: Connection) -> Revoked:
            who = _administrator(authenticate(connection, token, now))
            told = laptops.revoke(connection, device_id, now, by=who.id)
            if told is None:
                raise Refused(404, "unknown_device", device_id[:64])
            epoch = read_meta(connection, "epoch")
            return Revoked(**told, epoch=epoch, server_time=to_stamp(now))

        return reply(request, encode(parts.database.transact(work)))

    return routes


def _administrator(who: Principal) -> Principal:
    if who.role is not Role.ADMIN:
        raise Refused(403, "not_authorised", "administrators only")
    return who
