"""Who may open this profile: its PIN or passphrase."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import stands
from fieldtech.secrets import LOCK_COPY, FileStore
from fieldtech.secrets import SHORTEST as SHORTEST  # noqa: PLC0414  screens import it here
from fieldtech.secrets import LockKind as LockKind  # noqa: PLC0414  the same

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import HeldSecrets, SecretStore
    from fieldtech.unlocking import GuardedSecrets

SIGNED_OUT = "signed-out"
"""Under this name the secrets say that somebody signed out: the work is not shown before the next
sign-in."""

SECRET_NAMES = (
    "store-key",
    "journal-key",
    "device-sign-key",
    "session-tokens",
    SIGNED_OUT,
)
"""All that is kept in a profile's secret store; a test holds them equal to their owners'."""

_FAIR_BITS = 50.0
_GOOD_BITS = 70.0

Strength = Literal["short", "weak", "fair", "good"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessStatus:
    """``lock`` is pin, passphrase or empty, ``new_kind`` what a new one would be.

    ``may_go``: it may be taken off. Not where it is all there is before the keys, nor where the
    operator asks for one.
    """

    lock: str
    new_kind: LockKind
    may_go: bool


class AccessService:
    """The lock of one profile. Argon2id takes its time: never on the windows' thread."""

    def __init__(
        self, profile: Profile, held: HeldSecrets, base: SecretStore, clock: Clock
    ) -> None:
        self._profile = profile
        self._held = held
        self._base = base
        self._clock = clock
        self._is_wanted: Callable[[], bool] = lambda: False

    def follow(self, is_wanted: Callable[[], bool]) -> None:
        """From now on that tells whether the operator asks for a lock."""
        self._is_wanted = is_wanted

    def status(self) -> AccessStatus:
        """Which lock there is."""
        return AccessStatus(lock=self._lock(), new_kind=self.new_kind, may_go=self._may_go())

    def _lock(self) -> str:
        if not self.has_lock():
            return ""
        try:
            return self._guarded().lock_kind or ""
        except EnvironmentProblem:  # damaged while it is open: it can be put on anew
            return self.new_kind

    def _may_go(self) -> bool:
        return not (self._is_bare() or self._is_wanted())

    @property
    def new_kind(self) -> LockKind:
        """Which lock a new one would be: a PIN beside a keyring, a passphrase beside any other."""
        return "pin" if self._base.kind == "keyring" else "passphrase"

    def has_lock(self) -> bool:
        """There is a lock, open or not. Raises nothing."""
        return stands(self._profile.lock_file)

    def is_locked(self) -> bool:
        """There is a lock and it has not been opened in this run; a damaged one is shut, too."""
        return self.has_lock() and self._guarded().is_locked

    def needs_passphrase(self) -> bool:
        """No keyring works here and nobody asked to do without: a passphrase comes first."""
        return self._is_bare() and not self.has_lock()

    def _is_bare(self) -> bool:
        return isinstance(self._base, FileStore) and self._base.is_fallback

    def unlock(self, text: str) -> None:
        """Open the lock for this run; raises as ``GuardedSecrets.unlock`` does."""
        guarded = self._guarded()
        guarded.unlock(text)
        self._held.hold(guarded)

    def put_lock(self, text: str) -> None:
        """Put a PIN on a profile whose keys are in a keyring, a passphrase on any other.

        Raises as ``GuardedSecrets.put_lock`` does.
        """
        guarded = self._guarded()
        # Before the secrets are looked at: tokens that are renewed meanwhile are taken in.
        new = guarded.new_lock(self.new_kind, text)
        # Before it is on: from here everybody else waits for it, and it may be on although the
        # end of it failed.
        self._held.hold(guarded)
        guarded.put_on(new)

    def take_lock_off(self) -> None:
        """Go on without; raises ``EnvironmentProblem`` (``lock_required``) where it has to stay."""
        if not self._may_go():
            raise EnvironmentProblem(
                "This laptop has to have its lock.",
                code="lock_required",
                what_was_kept="The lock is as it was.",
                what_to_do="Change it, if you want another one.",
            )
        self._guarded().take_lock_off()

    def _guarded(self) -> GuardedSecrets:
        held = self._held.inner
        # Imported here: a profile without a lock never pays for the cryptography at its start.
        from fieldtech.unlocking import GuardedSecrets

        if isinstance(held, GuardedSecrets):
            return held
        return GuardedSecrets(self._base, self._profile, self._clock, SECRET_NAMES)


def strength_of(passphrase: str) -> Strength:
    """Say how a passphrase would withstand guessing."""
    # Imported here for the same reason.
    from fieldtech.unlocking import guessing_bits

    if len(passphrase) < SHORTEST["passphrase"]:
        return "short"
    bits = guessing_bits(passphrase)
    return "good" if bits >= _GOOD_BITS else "fair" if bits >= _FAIR_BITS else "weak"


def guard(profile: Profile, base: SecretStore, clock: Clock) -> SecretStore:
    """Return the secrets of a profile behind its lock, if it has one.

    A lock whose file is damaged or gone is put back from its copy first, where that is possible.
    """
    if not stands(profile.lock_file) and not _has_copy(base):
        return base
    # Imported here for the same reason.
    from fieldtech.unlocking import GuardedSecrets

    guarded = GuardedSecrets(base, profile, clock, SECRET_NAMES)
    with suppress(EnvironmentProblem):  # the unlocking says what is wrong
        guarded.mend()
    return guarded


def _has_copy(base: SecretStore) -> bool:
    with suppress(EnvironmentProblem):  # whoever needs a secret meets it again
        return base.get(LOCK_COPY) is not None
    return False


def mark_signed_out(secrets: SecretStore) -> None:
    """Somebody signs out: what is kept here is not shown before the next sign-in."""
    secrets.set(SIGNED_OUT, "1")


def mark_signed_in(secrets: SecretStore) -> None:
    """Somebody has signed in."""
    if secrets.get(SIGNED_OUT) is not None:
        secrets.delete(SIGNED_OUT)
