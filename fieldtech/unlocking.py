"""A second lock before the secrets of a profile: a PIN beside the keyring, or a passphrase alone.

The secrets are kept encrypted under a master key. With a PIN that key is wrapped by two things
together: the PIN, stretched with Argon2id, and a random secret in the keyring. Neither opens it
alone: four digits by themselves are ten thousand tries, minutes of work on any machine. Where there
is no keyring the passphrase has to carry everything, so it is long.

``lock.json`` in the profile is the point of commitment of every change: until it is written the old
lock holds, from then on the new one does.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import os
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from fieldtech.errors import DataError, EnvironmentProblem
from fieldtech.paths import sync_folder, write_private
from fieldtech.secrets import SHORTEST, LockKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fieldtech.clock import Clock
    from fieldtech.marker import Kind
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore

LEAST_BITS = 30.0
"""A passphrase that is guessed more easily is none: one key held down, a row of digits."""
_BITS_IN_WORD = 2.5
FREE_TRIES = 3
"""Wrong tries without a wait: anybody mistypes."""
LONGEST_WAIT_S = 15 * 60.0

_SALT = pwhash.argon2id.SALTBYTES
_OPS = pwhash.argon2id.OPSLIMIT_MODERATE
_MEM = pwhash.argon2id.MEMLIMIT_MODERATE
_KEYRING_HALF = "lock-secret"
_PREFIX = "locked/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What ``lock.json`` holds: how to get from what a person types to the master key."""

    kind: LockKind
    salt: str
    ops: int
    mem: int
    wrapped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Wrong tries since the last right one, and when the last was (boot clock)."""

    failed: int = 0
    boot_s: float = 0.0
    boot_id: str = ""


class GuardedSecrets:
    """A profile's secrets behind its lock, if it has one. Thread-safe as what it stands on.

    Locked, every use raises ``EnvironmentProblem`` (``locked``).
    """

    def __init__(
        self, base: SecretStore, profile: Profile, clock: Clock, names: Iterable[str]
    ) -> None:
        """``names`` are all the secrets there may be: those a lock has to take in."""
        self._names = tuple(names)
        self._base = base
        self._profile = profile
        self._clock = clock
        self._box: SecretBox | None = None

    @property
    def kind(self) -> Kind:
        """Which sort of place the secrets are in."""
        return self._base.kind

    @property
    def describe(self) -> str:
        """Where the secrets are, in one English sentence."""
        return self._base.describe

    @property
    def place(self) -> str:
        """The path of the file the secrets are in, empty where they are in none."""
        return self._base.place

    @property
    def lock_kind(self) -> LockKind | None:
        """Which lock this profile has; ``None`` for none."""
        lock = self._lock()
        return lock.kind if lock is not None else None

    @property
    def is_locked(self) -> bool:
        """There is a lock and it has not been opened in this run."""
        return self._box is None and self._lock() is not None

    def get(self, name: str) -> str | None:
        """Return the secret, or ``None``."""
        box = self._open_box()
        if box is None:
            return self._base.get(name)
        text = self._base.get(_PREFIX + name)
        return None if text is None else _decrypt(box, text)

    def set(self, name: str, value: str) -> None:
        """Keep a secret."""
        box = self._open_box()
        if box is None:
            self._base.set(name, value)
        else:
            self._base.set(_PREFIX + name, _encrypt(box, value))

    def delete(self, name: str) -> None:
        """Forget a secret, whether or not the lock is open."""
        self._base.delete(_PREFIX + name)
        self._base.delete(name)

    def wait_s(self) -> float:
        """How long no try is taken, after too many wrong ones; 0: now."""
        tries = self._tries()
        over = tries.failed - FREE_TRIES
        if over < 0:
            return 0.0
        wait = min(2.0**over, LONGEST_WAIT_S)
        same = tries.boot_id == self._clock.boot_id()
        # After a restart nobody knows how long it was off: it begins anew.
        passed = self._clock.boot() - tries.boot_s if same else self._clock.boot()
        return max(0.0, wait - passed)

    def unlock(self, text: str) -> None:
        """Open the lock for this run.

        Raises ``EnvironmentProblem``: ``wrong_pin`` or ``wrong_passphrase``, ``too_many_tries``.
        A wrong try is counted before it is made, so that pulling the plug wins nothing.
        """
        lock = self._lock()
        if lock is None or self._box is not None:
            return
        wait = self.wait_s()
        if wait > 0:
            raise EnvironmentProblem(
                f"Too many wrong tries: wait {round(wait)} seconds.",
                code="too_many_tries",
                what_was_kept="The work on this laptop is safe.",
                what_to_do="Wait and try again.",
            )
        before = self._tries()
        self._count(
            Tries(
                failed=before.failed + 1,
                boot_s=self._clock.boot(),
                boot_id=self._clock.boot_id(),
            )
        )
        try:
            master = SecretBox(self._wrapping(lock, text)).decrypt(_bytes(lock.wrapped))
        except CryptoError as error:
            raise _wrong(lock.kind) from error
        self._box = SecretBox(master)
        self._count(Tries())
        # What a crash left in clear when the lock was put on or taken off.
        for name in self._names:
            left = self._base.get(name)
            if left is not None:
                if self._base.get(_PREFIX + name) is None:
                    self._keep({_PREFIX + name: _encrypt(self._box, left)})
                self._base.delete(name)

    def put_lock(self, kind: LockKind, text: str) -> None:
        """Put a lock on, or another in place of the present one, which must be open.

        Raises ``EnvironmentProblem`` (``too_short``, ``too_simple``, ``locked``,
        ``secrets_not_kept``) with everything as it was.
        """
        shortest = SHORTEST[kind]
        if len(text) < shortest:
            raise EnvironmentProblem(
                f"At least {shortest} characters.",
                code="too_short",
                what_was_kept="Nothing was changed.",
                what_to_do="Choose a longer one.",
            )
        if kind == "passphrase" and guessing_bits(text) < LEAST_BITS:
            raise EnvironmentProblem(
                "That passphrase is too easy to guess.",
                code="too_simple",
                what_was_kept="Nothing was changed.",
                what_to_do="Take three or four unrelated words.",
            )
        present = {name: value for name in self._names if (value := self.get(name)) is not None}
        if kind == "pin" and self._base.get(_KEYRING_HALF) is None:
            self._keep({_KEYRING_HALF: os.urandom(32).hex()})
        # The same master key under another lock: what is encrypted by it stays as it is.
        master = bytes(self._box) if self._box is not None else os.urandom(SecretBox.KEY_SIZE)
        lock = Lock(kind=kind, salt=_text(os.urandom(_SALT)), ops=_OPS, mem=_MEM, wrapped="")
        wrapped = SecretBox(self._wrapping(lock, text)).encrypt(master)
        box = SecretBox(master)
        self._keep({_PREFIX + name: _encrypt(box, value) for name, value in present.items()})
        self._write(replace(lock, wrapped=_text(bytes(wrapped))))
        self._box = box
        for name in present:
            self._base.delete(name)

    def take_lock_off(self) -> None:
        """Take the open lock off: the secrets are kept as the place keeps them."""
        present = {name: value for name in self._names if (value := self.get(name)) is not None}
        self._keep(present)
        self._profile.lock_file.unlink(missing_ok=True)
        # Before the other half goes: a power cut must not bring back a lock that nothing opens.
        sync_folder(self._profile.dir)
        self._box = None
        for name in present:
            self._base.delete(_PREFIX + name)
        self._base.delete(_KEYRING_HALF)

    def _keep(self, texts: Mapping[str, str]) -> None:
        """Have the place keep texts, and look whether it did before anything older goes.

        Raises ``EnvironmentProblem`` (``secrets_not_kept``).
        """
        for name, text in texts.items():
            self._base.set(name, text)
        if any(self._base.get(name) != text for name, text in texts.items()):
            raise EnvironmentProblem(
                "The keyring did not keep what it was given.",
                code="secrets_not_kept",
                what_was_kept="The lock and the work on this laptop are as they were.",
                what_to_do="Try again; if it stays so, look after the system's keyring.",
            )

    def _open_box(self) -> SecretBox | None:
        if self.is_locked:
            raise EnvironmentProblem(
                "This profile is locked.",
                code="locked",
                what_was_kept="The work on this laptop is safe.",
                what_to_do="Unlock it with its PIN or passphrase.",
            )
        return self._box

    def _wrapping(self, lock: Lock, text: str) -> bytes:
        """Stretch what was typed, and join the keyring's half to a PIN."""
        stretched = pwhash.argon2id.kdf(
            SecretBox.KEY_SIZE,
            text.encode("utf-8", "replace"),
            _bytes(lock.salt),
            opslimit=lock.ops,
            memlimit=lock.mem,
        )
        if lock.kind == "passphrase":
            return stretched
        half = self._base.get(_KEYRING_HALF)
        if half is None:
            raise EnvironmentProblem(
                "The keyring's half of this profile's lock is missing.",
                code="key_missing",
                what_was_kept="The work on this laptop is unchanged.",
                what_to_do="Unlock the keyring the PIN was set with.",
            )
        return hashlib.blake2b(bytes.fromhex(half), key=stretched, digest_size=32).digest()

    def _lock(self) -> Lock | None:
        try:
            text = self._profile.lock_file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            return Lock(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise DataError(self._profile.lock_file.name, "", "not a lock") from error

    def _write(self, lock: Lock) -> None:
        write_private(self._profile.lock_file, json.dumps(asdict(lock)) + "\n")

    def _tries(self) -> Tries:
        try:
            return Tries(**json.loads(self._profile.tries_file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Tries()
        except (ValueError, TypeError):
            # Somebody edited it: as if many had been wrong.
            return Tries(failed=FREE_TRIES + 10)

    def _count(self, tries: Tries) -> None:
        if tries.failed:
            write_private(self._profile.tries_file, json.dumps(asdict(tries)) + "\n")
        else:
            self._profile.tries_file.unlink(missing_ok=True)


def guessing_bits(text: str) -> float:
    """Estimate how many bits whoever guesses has to try.

    A character that repeats the one before it, or is its neighbour in the alphabet, adds nothing; a
    letter after one of its own case adds what a letter inside a word does; every other one adds
    what all characters of the kinds used would.
    """
    kinds: tuple[tuple[int, Callable[[str], bool]], ...] = (
        (26, str.islower),
        (26, str.isupper),
        (10, str.isdigit),
        (33, lambda char: not char.isalnum()),
    )
    pool = sum(size for size, is_kind in kinds if any(map(is_kind, text)))
    free = math.log2(max(pool, 2))
    bits = free if text else 0.0
    for before, char in pairwise(text):
        if abs(ord(char) - ord(before)) > 1:
            in_word = char.isalpha() and before.isalpha() and char.islower() == before.islower()
            bits += min(_BITS_IN_WORD, free) if in_word else free
    return bits


def _wrong(kind: LockKind) -> EnvironmentProblem:
    return EnvironmentProblem(
        "The PIN is wrong." if kind == "pin" else "The passphrase is wrong.",
        code=f"wrong_{kind}",
        what_was_kept="The work on this laptop is safe.",
        what_to_do="Try again.",
    )


def _encrypt(box: SecretBox, value: str) -> str:
    return _text(bytes(box.encrypt(value.encode())))


def _decrypt(box: SecretBox, text: str) -> str:
    try:
        return box.decrypt(_bytes(text)).decode()
    except (CryptoError, ValueError) as error:
        raise DataError("secrets", "", "a secret does not fit its lock") from error


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
