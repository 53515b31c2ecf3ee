"""Hello: versions, limits, and whether laptop and central still agree on the device's numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldtech.central.auth import devices
from fieldtech.central.auth.sessions import move_family
from fieldtech.central.database import read_meta
from fieldtech.central.refusal import Refused
from fieldtech.central.sync.versions import oldest_to_pull, oldest_to_push
from fieldtech.central.texts import is_text
from fieldtech.protocol.codec import to_stamp
from fieldtech.protocol.wire import HelloReply, HelloRequest, Limits

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from fieldtech.central.auth.principal import Principal

_LONGEST_APP = 80
_SIGN_KEY = re.compile(r"[A-Za-z0-9+/]{43}=")
"""32 bytes in base64."""
_NUMBERS = 2**31


def hello(
    connection: Connection, principal: Principal, request: HelloRequest, now: datetime
) -> HelloReply:
    """Greet a device.

    A device id that nobody has is registered for the user as a fork of the one he signed in on,
    and his session moves to it; never to another laptop of his, which would outlive the revocation
    of this one. Raises ``Refused``: 409 ``device_forked`` when the laptop is about
    to give a number that it gave before (its database is an old copy), 403 ``device_bound`` or
    ``device_revoked``.
    """
    if not (0 <= request.schema < _NUMBERS and 0 < request.next_n < 2**53):
        raise Refused(400, "invalid", "schema or next_n")
    if not is_text(request.app):
        raise Refused(400, "invalid", "app")
    if request.sign_key and not _SIGN_KEY.fullmatch(request.sign_key):
        raise Refused(400, "invalid", "sign_key")
    device = devices.claim(
        connection,
        now,
        device_id=request.device_id,
        user_id=principal.id,
        name="",
        forked_from=principal.device_id,
    )
    if not devices.same_laptop(connection, principal.device_id, device.id):
        raise Refused(403, "device_bound", "sign in on this device first")
    if device.last_n >= request.next_n:
        raise Refused(409, "device_forked", f"{device.last_n} is known already")
    if device.id != principal.device_id:
        move_family(connection, principal, device.id)
    devices.register_key(connection, device, request.sign_key, now)
    app = request.app[:_LONGEST_APP]
    devices.touch(connection, device.id, now, app=app, schema=request.schema)
    return HelloReply(
        epoch=read_meta(connection, "epoch"),
        server_time=to_stamp(now),
        last_n=device.last_n,
        min_push_protocol=oldest_to_push(connection, now),
        min_pull_protocol=oldest_to_pull(connection),
        limits=Limits(),
        seal_key=read_meta(connection, "seal_key"),
    )
