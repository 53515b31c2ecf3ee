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
import math
import os
import threading
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.exceptions import RuntimeError as DerivationFailedError
from nacl.secret import SecretBox

from fieldtech.errors import DataError, EnvironmentProblem
from fieldtech.lock_files import SALT_BYTES, Lock, LockFile, Tries, read_tries, write_tries
from fieldtech.secrets import SHORTEST, LockKind, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fieldtech.clock import Clock
    from fieldtech.marker import Kind
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore

LEAST_BITS = 30.0
"""A passphrase that is guessed more easily is none: one key held down, a row of digits."""
_BITS_IN_WORD = 2.5

_OPS = pwhash.argon2id.OPSLIMIT_MODERATE
_MEM = pwhash.argon2id.MEMLIMIT_MODERATE
_KEYRING_HALF = "lock-secret"
_HALF_BYTES = 32
_PREFIX = "locked/"


class NewLock(NamedTuple):
    """A lock that was chosen and not yet put on: ``wrapping`` is what it will wrap the key with."""

    kind: LockKind
    salt: bytes
    ops: int
    mem: int
    wrapping: bytes


class GuardedSecrets:
    """A profile's secrets behind its lock, if it has one. Thread-safe as what it stands on.

    Locked, every use raises ``EnvironmentProblem`` (``locked``, ``lock_damaged``).
    """

    def __init__(
        self, base: SecretStore, profile: Profile, clock: Clock, names: Iterable[str]
    ) -> None:
        """``names`` are all the secrets there may be: those a lock has to take in."""
        self._names = tuple(names)
        self._base = base
        self._profile = profile
        self._clock = clock
        self._file = LockFile(profile.lock_file, base, (_PREFIX + name for name in self._names))
        self._turn = threading.RLock()
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
        """Which lock this profile has; ``None`` for none. Raises ``lock_damaged``."""
        lock = self._file.read()
        return lock.kind if lock is not None else None

    @property
    def is_locked(self) -> bool:
        """There is a lock and it has not been opened in this run; a damaged one is shut, too."""
        return self._box is None and self._file.is_there()

    def get(self, name: str) -> str | None:
        """Return the secret, or ``None``."""
        with self._turn:
            box = self._open_box()
            if box is None:
                return self._base.get(name)
            text = self._base.get(_PREFIX + name)
            return None if text is None else _decrypt(box, text)

    def set(self, name: str, value: str) -> None:
        """Keep a secret."""
        with self._turn:
            box = self._open_box()
            if box is None:
                self._base.set(name, value)
            else:
                self._base.set(_PREFIX + name, _encrypt(box, value))
                # One in clear that a failure left beside it is the older one from now on.
                self._base.delete(name)

    def delete(self, name: str) -> None:
        """Forget a secret, whether or not the lock is open."""
        with self._turn:
            self._base.delete(_PREFIX + name)
            self._base.delete(name)

    def mend(self) -> None:
        """Put a lock back that was damaged or lost, where there is a copy; see ``LockFile``."""
        self._file.mend()

    def wait_s(self) -> float:
        """How long no try is taken, after too many wrong ones; 0: now."""
        tries = read_tries(self._profile.tries_file)
        return tries.wait_s(self._clock.boot(), self._clock.boot_id())

    def unlock(self, text: str) -> None:
        """Open the lock for this run.

        Raises ``EnvironmentProblem``: ``wrong_pin`` or ``wrong_passphrase``, ``too_many_tries``,
        ``lock_damaged``. A wrong try is counted before it is made, so that pulling the plug wins
        nothing.
        """
        with self._turn:
            self._file.mend()
            lock = self._file.read()
            if lock is None or self._box is not None:
                return
            half = self._half(lock.kind)
            self._count_a_try()
            wrapping = _wrapping(text, half, salt=lock.salt, ops=lock.ops, mem=lock.mem)
            try:
                box = SecretBox(SecretBox(wrapping).decrypt(lock.wrapped))
            except CryptoError as error:
                raise _wrong(lock.kind) from error
            write_tries(self._profile.tries_file, Tries())
            self._take_in(box)
            self._box = box
            self._file.keep_copy(lock)

    def put_lock(self, kind: LockKind, text: str) -> None:
        """Put a lock on, or another in place of the present one, which must be open.

        Raises ``EnvironmentProblem`` (``too_short``, ``too_simple``, ``locked``,
        ``secrets_not_kept``) with everything as it was.
        """
        self.put_on(self.new_lock(kind, text))

    def new_lock(self, kind: LockKind, text: str) -> NewLock:
        """Make the lock that ``put_on`` puts on. This takes its time, and keeps nobody waiting.

        Raises as ``put_lock``.
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
        with self._turn:
            self._open_box()
            if kind == "pin" and _half_from(self._base.get(_KEYRING_HALF)) is None:
                keep(self._base, {_KEYRING_HALF: os.urandom(_HALF_BYTES).hex()})
            half = self._half(kind)
        salt = os.urandom(SALT_BYTES)
        wrapping = _wrapping(text, half, salt=salt, ops=_OPS, mem=_MEM)
        return NewLock(kind, salt, _OPS, _MEM, wrapping)

    def put_on(self, new: NewLock) -> None:
        """Put a lock on that was made; raises as ``put_lock``."""
        with self._turn:
            before = self._open_box()
            present = self._present()
            # The same master key under another lock: what is encrypted by it stays as it is.
            box = before or SecretBox(os.urandom(SecretBox.KEY_SIZE))
            keep(
                self._base,
                {_PREFIX + name: _encrypt(box, value) for name, value in present.items()},
            )
            if before is None and present:
                # What an earlier lock left, whose key nobody has.
                for name in set(self._names) - set(present):
                    self._base.delete(_PREFIX + name)
            wrapped = bytes(SecretBox(new.wrapping).encrypt(bytes(box)))
            lock = Lock(kind=new.kind, salt=new.salt, ops=new.ops, mem=new.mem, wrapped=wrapped)
            if not self._file.put(lock, is_first=before is None):
                raise _locked()
            self._box = box
            for name in present:
                self._base.delete(name)
            self._file.keep_copy(lock)

    def take_lock_off(self) -> None:
        """Take the open lock off: the secrets are kept as the place keeps them."""
        with self._turn:
            self._open_box()
            present = self._present()
            keep(self._base, present)
            # Durably, before the other half goes: a power cut must not bring back a lock that
            # nothing opens.
            self._file.remove()
            self._box = None
            for name in self._names:
                self._base.delete(_PREFIX + name)
            self._base.delete(_KEYRING_HALF)

    def _present(self) -> dict[str, str]:
        return {name: value for name in self._names if (value := self.get(name)) is not None}

    def _take_in(self, box: SecretBox) -> None:
        """Put behind the lock what is in clear beside it, and is newer.

        A crash left it when the lock was put on or taken off.
        """
        for name in self._names:
            left = self._base.get(name)
            if left is not None:
                keep(self._base, {_PREFIX + name: _encrypt(box, left)})
                self._base.delete(name)

    def _open_box(self) -> SecretBox | None:
        if self._box is None and self._file.read() is not None:
            raise _locked()
        return self._box

    def _half(self, kind: LockKind) -> bytes | None:
        """Return what a lock of that kind needs besides what is typed: a PIN the keyring's half."""
        if kind == "passphrase":
            return None
        half = _half_from(self._base.get(_KEYRING_HALF))
        if half is None:
            raise EnvironmentProblem(
                "The keyring's half of this profile's lock is missing.",
                code="key_missing",
                what_was_kept="The work on this laptop is unchanged.",
                what_to_do="Unlock the keyring the PIN was set with.",
            )
        return half

    def _count_a_try(self) -> None:
        wait = self.wait_s()
        if wait > 0:
            raise EnvironmentProblem(
                f"Too many wrong tries: wait {math.ceil(wait)} seconds.",
                code="too_many_tries",
                what_was_kept="The work on this laptop is safe.",
                what_to_do="Wait and try again.",
            )
        path = self._profile.tries_file
        failed = read_tries(path).failed + 1
        write_tries(
            path, Tries(failed=failed, boot_s=self._clock.boot(), boot_id=self._clock.boot_id())
        )


def _wrapping(text: str, half: bytes | None, *, salt: bytes, ops: int, mem: int) -> bytes:
    """Stretch what was typed, and join the keyring's half to a PIN."""
    try:
        stretched = pwhash.argon2id.kdf(
            SecretBox.KEY_SIZE, text.encode("utf-8", "replace"), salt, opslimit=ops, memlimit=mem
        )
    except (DerivationFailedError, MemoryError) as error:
        raise EnvironmentProblem(
            "This laptop has not enough free memory for its lock.",
            code="no_memory",
            what_was_kept="Nothing was changed.",
            what_to_do="Close other programs and try again.",
        ) from error
    if half is None:
        return stretched
    return hashlib.blake2b(half, key=stretched, digest_size=32).digest()


def _half_from(text: str | None) -> bytes | None:
    with suppress(ValueError):
        return bytes.fromhex(text or "") or None
    return None


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


def _locked() -> EnvironmentProblem:
    return EnvironmentProblem(
        "This profile is locked.",
        code="locked",
        what_was_kept="The work on this laptop is safe.",
        what_to_do="Unlock it with its PIN or passphrase.",
    )


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
