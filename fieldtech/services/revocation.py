"""A laptop that was shut out: what it holds is sealed off, and nothing of it is lost.

The keys of this profile are destroyed, so a stolen laptop reveals nothing. The journal and the
files stay, sealed for the central: a laptop that is found again has lost nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import write_private
from fieldtech.protocol.codec import to_stamp
from fieldtech.store.driver import KEY_NAME
from fieldtech.store.profile_keys import LOCAL_NAME, SIGN_NAME
from fieldtech.sync.tokens import NAME as TOKENS_NAME

if TYPE_CHECKING:
    from pathlib import Path

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
        _destroy(secrets)
    return sealed


def finish(profile: Profile, secrets: SecretStore) -> None:
    """Destroy the keys that are still there although all was sealed: a power cut kept them.

    What cannot be destroyed now, because the keyring is shut, is left to the next start.
    """
    if _is_sealed(profile.revoked):
        with suppress(EnvironmentProblem):
            _destroy(secrets)


def refuse(profile: Profile, secrets: SecretStore) -> NoReturn:
    """Raise ``EnvironmentProblem`` (``revoked``) for a profile that was shut out, and finish it."""
    finish(profile, secrets)
    raise EnvironmentProblem(
        "This laptop was shut out at the central.",
        code="revoked",
        what_was_kept="The work on it is sealed and can be exported for the central.",
        what_to_do="Export the sealed package and give it to your administrator.",
    )


def _destroy(secrets: SecretStore) -> None:
    for name in DESTROYED:
        secrets.delete(name)


def _is_sealed(mark: Path) -> bool:
    """Tell whether the mark says that all was sealed; one that cannot be read destroys nothing."""
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads(mark.read_text(encoding="utf-8"))
        return isinstance(found, dict) and found.get("sealed") is True
    return False
