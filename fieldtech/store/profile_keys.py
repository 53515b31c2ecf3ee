"""The keys of the black box: for this laptop, for its signature, and for its central."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from nacl.signing import SigningKey

from fieldtech.protocol.sealing import KEY_BYTES
from fieldtech.secrets import keep
from fieldtech.store import meta

if TYPE_CHECKING:
    from fieldtech.secrets import SecretStore
    from fieldtech.store.database import Database

LOCAL_NAME = "journal-key"
SIGN_NAME = "device-sign-key"
"""Under these names the secret store holds 64 hexadecimal digits each."""

SEAL_KEY = "seal_key"
"""Under this name the store remembers the central's public key (see ``meta``)."""

_HEX = re.compile(r"[0-9a-f]{64}")


class JournalKeys(NamedTuple):
    """``local`` opens what this profile wrote; ``signer`` tells the central who wrote it."""

    local: bytes
    signer: SigningKey


def load_keys(secrets: SecretStore) -> JournalKeys:
    """Return the keys, made at the first call; raises what the secret store raises.

    A lost local key makes earlier records unreadable here and for nobody else: the central's wrap
    stays. So a new one is made without asking, and the old records are kept.
    """
    return JournalKeys(
        local=bytes.fromhex(_get(secrets, LOCAL_NAME)),
        signer=SigningKey(bytes.fromhex(_get(secrets, SIGN_NAME))),
    )


def has_local_key(secrets: SecretStore) -> bool:
    """Tell whether what lies in the journal may be readable here."""
    return _HEX.fullmatch(secrets.get(LOCAL_NAME) or "") is not None


def _get(secrets: SecretStore, name: str) -> str:
    found = secrets.get(name)
    if found is not None and _HEX.fullmatch(found):
        return found
    made = os.urandom(KEY_BYTES).hex()
    keep(secrets, {name: made})
    return made


def remember_seal_key(database: Database, seal_key: str) -> None:
    """From now on the central with this key can open what is journaled here."""
    with database.read() as connection:
        known = meta.get(connection, SEAL_KEY)
    if seal_key and seal_key != known:
        with database.write() as connection:
            meta.put(connection, SEAL_KEY, seal_key)
