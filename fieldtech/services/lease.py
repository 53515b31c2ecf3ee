"""What the operator asks of a laptop: its lock, and to meet the central now and then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from fieldtech.domain.policy import LockRule, UnknownPolicy
from fieldtech.store import meta
from fieldtech.store.first_page import LEASE, Lease

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.store.opening import Store

_NOTED_EVERY_S = timedelta(minutes=10).total_seconds()


def is_lock_wanted(store: Store) -> bool:
    """Tell whether the policy asks every laptop for a PIN or passphrase."""
    try:
        return store.reference.rules().rulebook.current("").pin is LockRule.REQUIRED
    except UnknownPolicy:
        return False


def is_lease_over(store: Store, now: datetime) -> bool:
    """Tell whether this profile has been without its central for longer than the policy allows.

    Then the program is locked, not the work: what waits is still sent, and the next contact opens
    it. A clock that was set back wins nothing: the latest moment ever seen counts.
    """
    last_contact = store.session.get().last_contact
    if last_contact is None:
        return False
    try:
        allowed_s = store.reference.rules().rulebook.current("").offline_lease_s
    except UnknownPolicy:
        return False
    until_s = last_contact.timestamp() + allowed_s
    with store.database.read() as connection:
        text = meta.get(connection, LEASE)
    known = msgspec.json.decode(text, type=Lease) if text else Lease(0.0, 0.0)
    seen_s = max(now.timestamp(), known.seen_s)
    just_over = known.seen_s <= until_s < seen_s
    if just_over or until_s != known.until_s or seen_s - known.seen_s > _NOTED_EVERY_S:
        told = msgspec.json.encode(Lease(until_s, seen_s)).decode()
        with store.database.write(durable=False) as connection:
            meta.put(connection, LEASE, told)
    return seen_s > until_s
