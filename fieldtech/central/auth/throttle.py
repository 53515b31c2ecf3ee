"""The brake on guessing passwords: waits that double, kept in the database, never a lock-out.

Counted for an account at one address, so that nobody can lock a colleague out from elsewhere, and
for an address alone, so that trying many accounts is slow too.
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from fieldtech.central import tables
from fieldtech.central.dialect import insert_new, lock_rows, upsert
from fieldtech.central.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

FREE_PER_ACCOUNT = 5
FREE_PER_ADDRESS = 50
LONGEST_WAIT_S = 15 * 60
FORGOTTEN_AFTER = timedelta(hours=1)
_LONGEST_POWER = 12


def count_attempt(connection: Connection, login: str, address: str, now: datetime) -> None:
    """Count an attempt before its password is looked at; raise ``Refused`` (429) while it waits.

    Counting first, one after the other, is what keeps many parallel guesses from all being free.
    """
    table = tables.login_throttle
    limits = {_account_key(login, address): FREE_PER_ACCOUNT, _key(address): FREE_PER_ADDRESS}
    fresh = [{"key": key, "failures": 0, "blocked_until": now} for key in sorted(limits)]
    connection.execute(insert_new(connection, table), fresh)
    lock_rows(connection, table, table.c.key.in_(limits))
    found = connection.execute(select(table).where(table.c.key.in_(limits)))
    rows = {row.key: row for row in found}
    for row in rows.values():
        if row.blocked_until > now:
            wait = int((row.blocked_until - now).total_seconds()) + 1
            raise Refused(429, "throttled", "too many attempts", retryable=True, retry_after=wait)
    for key, free in limits.items():
        before = rows[key]
        failures = 1
        if now - before.blocked_until < FORGOTTEN_AFTER:
            failures += before.failures
        wait_s = min(2 ** min(failures - free, _LONGEST_POWER), LONGEST_WAIT_S)
        until = now + timedelta(seconds=wait_s if failures >= free else 0)
        connection.execute(
            upsert(connection, table), {"key": key, "failures": failures, "blocked_until": until}
        )


def forgive(connection: Connection, login: str, address: str) -> None:
    """Take the attempt back, and the account's earlier ones at this address: it was right."""
    table = tables.login_throttle
    connection.execute(delete(table).where(table.c.key == _account_key(login, address)))
    counted = (table.c.key == _key(address)) & (table.c.failures > 0)
    connection.execute(update(table).where(counted).values(failures=table.c.failures - 1))


def forget_old(connection: Connection, now: datetime) -> None:
    """Drop the counts that nobody is held to any more."""
    table = tables.login_throttle
    connection.execute(delete(table).where(table.c.blocked_until <= now - FORGOTTEN_AFTER))


def _account_key(login: str, address: str) -> str:
    return hashlib.sha256(f"{login.casefold()}\n{_network(address)}".encode()).hexdigest()


def _key(address: str) -> str:
    return hashlib.sha256(_network(address).encode()).hexdigest()


def _network(address: str) -> str:
    """The address; of IPv6 the /64, which one household has whole."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
