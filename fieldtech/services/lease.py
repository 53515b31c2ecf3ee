"""What the operator asks of a laptop: its lock, and to meet the central now and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from fieldtech.domain.policy import LockRule, UnknownPolicy
from fieldtech.shapes import learned
from fieldtech.store import meta
from fieldtech.store.first_page import LEASE, Lease

if TYPE_CHECKING:
    from fieldtech.store.opening import Store

_NOTED_EVERY_S = timedelta(minutes=10).total_seconds()
_BEHIND_S = timedelta(hours=1).total_seconds()
"""More than a battery clock loses by itself while the laptop is off."""


def is_lock_wanted(store: Store) -> bool:
    """Tell whether the policy asks every laptop for a PIN or passphrase."""
    try:
        return store.reference.rules().rulebook.current("").pin is LockRule.REQUIRED
    except UnknownPolicy:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseState:
    """``until``: when the program locks without a contact; ``None``: never, as things are.

    ``clock_behind``: the laptop's clock shows an earlier moment than it has shown before. What is
    left is then counted from that one.
    """

    until: datetime | None = None
    is_over: bool = False
    clock_behind: bool = False


def lease_of(store: Store, now: datetime) -> LeaseState:
    """Tell how long this profile opens without its central, as the policy allows.

    After that the program is locked, not the work: what waits is still sent, and the next contact
    opens it. A clock that was set back wins nothing: the latest moment seen since the last contact
    counts. One that ran ahead locks until that contact and no longer.
    """
    last_contact = store.session.get().last_contact
    if last_contact is None:
        return LeaseState()
    try:
        allowed_s = store.reference.rules().rulebook.current("").offline_lease_s
    except UnknownPolicy:
        return LeaseState()
    until_s, now_s = last_contact.timestamp() + allowed_s, now.timestamp()
    with store.database.read() as connection:
        text = meta.get(connection, LEASE)
    known = msgspec.json.decode(text, type=learned(Lease)) if text else Lease(until_s, now_s)
    # Another end means that the central was met: from there the time is known anew.
    is_new = text is None or known.until_s != until_s
    seen_s = now_s if is_new else max(now_s, known.seen_s)
    is_over = seen_s > until_s
    just_over = is_over and known.seen_s <= until_s
    if is_new or just_over or seen_s - known.seen_s > _NOTED_EVERY_S:
        told = msgspec.json.encode(Lease(until_s, seen_s)).decode()
        with store.database.write(durable=False) as connection:
            meta.put(connection, LEASE, told)
    return LeaseState(
        until=last_contact + timedelta(seconds=allowed_s),
        is_over=is_over,
        clock_behind=seen_s - now_s > _BEHIND_S,
    )
