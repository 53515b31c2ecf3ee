"""A laptop that was shut out: what it holds is sealed off, and nothing of it is lost.

The keys of this profile are destroyed, so a stolen laptop reveals nothing. The journal and the
files stay, sealed for the central: a laptop that is found again has lost nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fieldtech.paths import write_private
from fieldtech.protocol.codec import to_stamp
from fieldtech.store.driver import KEY_NAME
from fieldtech.store.profile_keys import LOCAL_NAME, SIGN_NAME
from fieldtech.sync.tokens import NAME as TOKENS_NAME

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore
    from fieldtech.store.opening import Store

DESTROYED = (TOKENS_NAME, KEY_NAME, LOCAL_NAME, SIGN_NAME)


def seal_off(store: Store, profile: Profile, secrets: SecretStore, clock: Clock) -> bool:
    """Destroy the profile's keys; return whether that was possible without losing work.

    Commands made before the first contact are sealed for the central first. Without its key they
    could never be opened again: then nothing is destroyed, and the profile is only locked.
    """
    with store.database.write() as connection:
        sealed = store.keeper.reseal(connection)
    write_private(
        profile.revoked, json.dumps({"at": to_stamp(clock.now()), "sealed": sealed}) + "\n"
    )
    if sealed:
        for name in DESTROYED:
            secrets.delete(name)
    return sealed
