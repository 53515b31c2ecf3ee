"""Who may open this profile: its PIN or passphrase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import HeldSecrets, SecretStore
    from fieldtech.unlocking import GuardedSecrets

SECRET_NAMES = (
    "store-key",
    "journal-key",
    "device-sign-key",
    "session-tokens",
    "signed-out",
)
"""All that is kept in a profile's secret store; a test holds them equal to their owners'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessStatus:
    """``lock`` is pin, passphrase or empty; ``key_kind`` where the keys are (keyring, file)."""

    lock: str
    key_kind: str


class AccessService:
    """The lock of one profile. Argon2id takes its time: never on the windows' thread."""

    def __init__(
        self, profile: Profile, held: HeldSecrets, base: SecretStore, clock: Clock
    ) -> None:
        self._profile = profile
        self._held = held
        self._base = base
        self._clock = clock

    def status(self) -> AccessStatus:
        """Which lock there is."""
        lock = self._guarded().lock_kind if self._profile.lock_file.exists() else None
        return AccessStatus(lock=lock or "", key_kind=self._base.kind)

    def unlock(self, text: str) -> None:
        """Open the lock for this run; raises as ``GuardedSecrets.unlock`` does."""
        self._guarded().unlock(text)

    def put_lock(self, text: str) -> None:
        """Put a PIN on a profile whose keys are in a keyring, a passphrase on any other."""
        kind = "pin" if self._base.kind == "keyring" else "passphrase"
        guarded = self._guarded()
        guarded.put_lock("pin" if kind == "pin" else "passphrase", text)
        self._held.hold(guarded)

    def take_lock_off(self) -> None:
        """Go on without."""
        self._guarded().take_lock_off()

    def _guarded(self) -> GuardedSecrets:
        held = self._held.inner
        # Imported here: a profile without a lock never pays for the cryptography at its start.
        from fieldtech.unlocking import GuardedSecrets

        if isinstance(held, GuardedSecrets):
            return held
        return GuardedSecrets(self._base, self._profile, self._clock, SECRET_NAMES)


def guard(profile: Profile, base: SecretStore, clock: Clock) -> SecretStore:
    """Return the secrets of a profile behind its lock, if it has one."""
    if not profile.lock_file.exists():
        return base
    # Imported here for the same reason.
    from fieldtech.unlocking import GuardedSecrets

    return GuardedSecrets(base, profile, clock, SECRET_NAMES)
