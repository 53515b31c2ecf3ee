"""Sessions: a short access token and a refresh token that turns over, one family a device.

A refresh token stays good until its successor is first used, because the reply that brings the
successor may be lost on a field link. A token older than the newest one used is a reuse: somebody
has a copy, and the whole family ends.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from fieldtech.central import audit, tables
from fieldtech.central.auth import devices, throttle
from fieldtech.central.auth.principal import Principal, digest, regions_of
from fieldtech.central.dialect import lock_rows
from fieldtech.central.refusal import Refused
from fieldtech.central.texts import is_text
from fieldtech.domain.words import Role

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from fieldtech.central.database import Database
    from fieldtech.central.passwords import Passwords
    from fieldtech.clock import Clock
    from fieldtech.protocol.wire import RefreshRequest, SessionRequest

ACCESS_LIFE = timedelta(minutes=15)
REFRESH_LIFE = timedelta(days=60)
_LONGEST_PASSWORD = 1024
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """A fresh pair for a user; only their hashes are kept."""

    access: str
    refresh: str
    expires_in: int
    principal: Principal


def sign_in(
    database: Database, clock: Clock, passwords: Passwords, request: SessionRequest, address: str
) -> Tokens:
    """Check a password and start a session on the device it names.

    Raises ``Refused``: 400 ``invalid``, 401 ``bad_credentials``, 429 ``throttled``, 503
    ``unavailable``, 403 ``device_revoked`` or ``device_bound``. The costly hash is computed
    outside every transaction.
    """
    for name in ("user", "password", "device_name", "device_id"):
        if not is_text(getattr(request, name)):
            raise Refused(400, "invalid", name)
    login = request.user.strip()

    def known(connection: Connection) -> Row[Any] | None:
        throttle.count_attempt(connection, login, address, clock.now())
        user = tables.user_account
        found = connection.execute(select(user).where(user.c.login == login)).one_or_none()
        return found if found is not None and found.active else None

    # In line before anything is counted: who is sent away has not tried.
    with passwords.turn():
        account = database.transact(known)
        fits = len(request.password) <= _LONGEST_PASSWORD and passwords.verify(
            account.password_hash if account else None, request.password
        )
    if account is None or not fits:
        raise Refused(401, "bad_credentials", "unknown user or wrong password")

    def begin(connection: Connection) -> Tokens:
        throttle.forgive(connection, login, address)
        return _begin(connection, account, request, clock.now())

    return database.transact(begin)


def _begin(
    connection: Connection, account: Row[Any], request: SessionRequest, now: datetime
) -> Tokens:
    """Start a session of this account on the device that the request names."""
    device = devices.claim(
        connection, now, device_id=request.device_id, user_id=account.id, name=request.device_name
    )
    principal = Principal(
        id=account.id,
        login=account.login,
        name=account.name,
        role=Role(account.role),
        region_ids=regions_of(connection, account.id),
        device_id=device.id,
        family_id=secrets.token_hex(16),
    )
    connection.execute(
        tables.session_family.insert(),
        {
            "id": principal.family_id,
            "user_id": account.id,
            "device_id": device.id,
            "generation": 0,
            "current_hash": "",
            "created_at": now,
        },
    )
    audit.record(connection, now, "signed_in", user_id=account.id, device_id=device.id)
    return _issue(connection, principal, generation=1, now=now)


def refresh(database: Database, clock: Clock, request: RefreshRequest) -> Tokens:
    """Turn a refresh token over.

    Raises ``Refused``: 401 ``refresh_invalid`` (unknown, expired, signed out), 401
    ``refresh_reused`` (the family is revoked now), 403 ``device_revoked`` or ``device_bound``.
    """
    if not (is_text(request.refresh_token) and is_text(request.device_id)):
        raise Refused(401, "refresh_invalid", "sign in again")

    def work(connection: Connection) -> Tokens | None:
        now = clock.now()
        shown = _shown(connection, digest(request.refresh_token))
        if shown is None or not shown.active or shown.revoked_at or shown.expires_at <= now:
            raise Refused(401, "refresh_invalid", "sign in again")
        if not shown.reused:
            _check_device(connection, shown, request.device_id)
            return _turn_over(connection, shown, request.device_id, now)
        _revoke_family(connection, shown.family_id, now)
        audit.record(
            connection, now, "refresh_reused", user_id=shown.user_id, device_id=shown.device_id
        )
        return None

    tokens = database.transact(work)
    if tokens is None:
        # Raised only after the commit: the revocation must outlive the refusal.
        raise Refused(401, "refresh_reused", "this session was ended; sign in again")
    return tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The refresh token somebody shows, with its family and its user."""

    hash: str
    generation: int
    expires_at: datetime
    family_id: str
    device_id: str
    used_generation: int
    current_hash: str
    revoked_at: datetime | None
    user_id: str
    login: str
    name: str
    role: str
    active: bool

    @property
    def reused(self) -> bool:
        """A newer token, or another one of the same age, was used already."""
        if self.generation == self.used_generation:
            return self.current_hash != self.hash
        return self.generation < self.used_generation


def _shown(connection: Connection, hashed: str) -> _Shown | None:
    token, family, user = tables.refresh_token, tables.session_family, tables.user_account
    owner = select(token.c.family_id).where(token.c.hash == hashed)
    lock_rows(connection, family, family.c.id.in_(owner))
    query = (
        select(
            token.c.hash,
            token.c.generation,
            token.c.expires_at,
            family.c.id.label("family_id"),
            family.c.device_id,
            family.c.generation.label("used_generation"),
            family.c.current_hash,
            family.c.revoked_at,
            user.c.id.label("user_id"),
            user.c.login,
            user.c.name,
            user.c.role,
            user.c.active,
        )
        .select_from(token)
        .join(family, family.c.id == token.c.family_id)
        .join(user, user.c.id == family.c.user_id)
        .where(token.c.hash == hashed)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _Shown(**row._mapping)  # noqa: SLF001  its public name


def _check_device(connection: Connection, shown: _Shown, device_id: str) -> None:
    """Refuse a revoked device, and one that is not the laptop this session was opened on."""
    for each in dict.fromkeys((shown.device_id, device_id)):
        device = devices.find(connection, each)
        if device is None or device.user_id != shown.user_id:
            raise Refused(403, "device_bound", "this session belongs to another device")
        if device.revoked_at is not None:
            raise Refused(403, "device_revoked")
    if not devices.same_laptop(connection, shown.device_id, device_id):
        raise Refused(403, "device_bound", "this session belongs to another device")


def _turn_over(connection: Connection, shown: _Shown, device_id: str, now: datetime) -> Tokens:
    family, token = tables.session_family, tables.refresh_token
    principal = Principal(
        id=shown.user_id,
        login=shown.login,
        name=shown.name,
        role=Role(shown.role),
        region_ids=regions_of(connection, shown.user_id),
        device_id=device_id,
        family_id=shown.family_id,
    )
    newest = update(family).where(family.c.id == shown.family_id)
    connection.execute(
        newest.values(generation=shown.generation, current_hash=shown.hash, device_id=device_id)
    )
    expired = token.c.expires_at <= now
    connection.execute(token.delete().where(token.c.family_id == shown.family_id, expired))
    return _issue(connection, principal, generation=shown.generation + 1, now=now)


def sign_out(connection: Connection, principal: Principal, now: datetime) -> None:
    """End the session of this device."""
    _revoke_family(connection, principal.family_id, now)
    audit.record(connection, now, "signed_out", user_id=principal.id, device_id=principal.device_id)


def move_family(connection: Connection, principal: Principal, device_id: str) -> None:
    """Let a session go on under the new id of a forked device."""
    family = tables.session_family
    moved = update(family).where(family.c.id == principal.family_id)
    connection.execute(moved.values(device_id=device_id))


def _revoke_family(connection: Connection, family_id: str, now: datetime) -> None:
    family = tables.session_family
    connection.execute(update(family).where(family.c.id == family_id).values(revoked_at=now))


def _issue(
    connection: Connection, principal: Principal, *, generation: int, now: datetime
) -> Tokens:
    access, renewal = secrets.token_urlsafe(_TOKEN_BYTES), secrets.token_urlsafe(_TOKEN_BYTES)
    connection.execute(
        tables.access_token.insert(),
        {
            "hash": digest(access),
            "family_id": principal.family_id,
            "expires_at": now + ACCESS_LIFE,
        },
    )
    connection.execute(
        tables.refresh_token.insert(),
        {
            "hash": digest(renewal),
            "family_id": principal.family_id,
            "generation": generation,
            "expires_at": now + REFRESH_LIFE,
        },
    )
    life = int(ACCESS_LIFE.total_seconds())
    return Tokens(access=access, refresh=renewal, expires_in=life, principal=principal)
