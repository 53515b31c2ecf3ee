"""The operator asks every laptop for a lock: the policy as a pull would have left it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fieldtech.store import sql
from fieldtech.store.packing import pack, unpack
from fieldtech.store.reference import rules_changed

if TYPE_CHECKING:
    from fieldtech.store.opening import Store


def require_lock(store: Store, rule: str = "required") -> None:
    """From now on the policies in the mirror say so."""
    with store.database.write() as connection:
        found = sql.rows(connection, "SELECT rid, body FROM mirror WHERE entity = 'policy'")
        changed = [(pack(_asking(unpack(body), rule)), rid) for rid, body in found]
        assert changed, "there is a policy"
        sql.many(connection, "UPDATE mirror SET body = ? WHERE rid = ?", changed)
        rules_changed(connection)


def _asking(body: bytes, rule: str) -> bytes:
    plain = json.loads(body)
    plain["work"]["pin"] = rule
    return json.dumps(plain).encode()
