"""Who a request comes from, as its access token says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from fieldtech.central import tables
from fieldtech.central.refusal import Refused
from fieldtech.domain.words import Role
from fieldtech.protocol.wire import UserInfo

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """The signed-in user on one device."""

    id: str
    login: str
    name: str
    role: Role
    region_ids: tuple[str, ...]
    device_id: str
    family_id: str

    @property
    def info(self) -> UserInfo:
        """The user as the wire tells him."""
        return UserInfo(
            id=self.id,
            login=self.login,
            name=self.name,
            role=self.role.value,
            region_ids=self.region_ids,
        )


def digest(token: str) -> str:
    """Return what is stored of a token: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def authenticate(connection: Connection, token: str | None, now: datetime) -> Principal:
    """Return whose access token this is.

    Raises ``Refused``: 401 ``unauthenticated`` or ``token_expired``, 403 ``device_revoked``.
    """
    if not token:
        raise Refused(401, "unauthenticated", "no access token")
    access, family = tables.access_token, tables.session_family
    user, device = tables.user_account, tables.device
    query = (
        select(
            access.c.expires_at,
            family.c.id.label("family_id"),
            family.c.revoked_at.label("ended_at"),
            device.c.id.label("device_id"),
            device.c.revoked_at.label("device_revoked_at"),
            user.c.id,
            user.c.login,
            user.c.name,
            user.c.role,
            user.c.active,
        )
        .select_from(access)
        .join(family, family.c.id == access.c.family_id)
        .join(user, user.c.id == family.c.user_id)
        .join(device, device.c.id == family.c.device_id)
        .where(access.c.hash == digest(token))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise Refused(401, "unauthenticated", "unknown access token")
    if row.device_revoked_at is not None:
        raise Refused(403, "device_revoked")
    if row.ended_at is not None or not row.active:
        raise Refused(401, "unauthenticated", "signed out")
    if row.expires_at <= now:
        raise Refused(401, "token_expired")
    return Principal(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        region_ids=regions_of(connection, row.id),
        device_id=row.device_id,
        family_id=row.family_id,
    )


def principal_of(connection: Connection, user_id: str, device_id: str) -> Principal:
    """Return a user as he is now, for a command of his that is judged without him."""
    user = tables.user_account
    row = connection.execute(select(user).where(user.c.id == user_id)).one()
    return Principal(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        region_ids=regions_of(connection, row.id),
        device_id=device_id,
        family_id="",
    )


def regions_of(connection: Connection, user_id: str) -> tuple[str, ...]:
    """Return the regions granted to a user, sorted."""
    table = tables.user_region.c
    query = select(table.region_id).where(table.user_id == user_id).order_by(table.region_id)
    return tuple(connection.execute(query).scalars())
