"""What lies on the disk of a profile's lock: how to open it, a copy of that, and the wrong tries.

Nothing in these files is secret, and nothing in them is taken on trust: a power cut, a failing disk
or whoever has the laptop may have changed them. No cryptography here, so that reading is cheap.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import msgspec

from fieldtech.errors import EnvironmentProblem
from fieldtech.paths import claim_private, stands, sync_folder, write_private
from fieldtech.secrets import LOCK_COPY, LockKind, unusable
from fieldtech.shapes import learned

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fieldtech.secrets import SecretStore

SALT_BYTES = 16
_WRAPPED_BYTES = 24 + 32 + 16
"""The master key with its nonce and its tag."""
_MOST_OPS = 16
_MOST_MEM = 1 << 30
"""No version of this program asks for more; a file that does is a damaged one."""

_UNREADABLE = (OSError, msgspec.DecodeError, RecursionError)

FREE_TRIES = 3
"""Wrong tries without a wait: anybody mistypes."""
LONGEST_WAIT_S = 15 * 60.0
_LONGEST_AFTER = 10
"""So many tries more than the free ones wait the longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What ``lock.json`` holds: how to get from what a person types to the master key."""

    kind: LockKind
    salt: Annotated[bytes, msgspec.Meta(min_length=SALT_BYTES, max_length=SALT_BYTES)]
    ops: Annotated[int, msgspec.Meta(ge=1, le=_MOST_OPS)]
    mem: Annotated[int, msgspec.Meta(ge=8192, le=_MOST_MEM)]
    wrapped: Annotated[bytes, msgspec.Meta(min_length=_WRAPPED_BYTES, max_length=_WRAPPED_BYTES)]


class LockFile:
    """``lock.json``, and the copy of it in the profile's secret store."""

    def __init__(self, path: Path, base: SecretStore, guarded: Iterable[str]) -> None:
        """``guarded``: under these names the store keeps what is behind a lock."""
        self._path = path
        self._base = base
        self._guarded = tuple(guarded)

    def is_there(self) -> bool:
        """There is one, whether or not it can be read. Raises nothing."""
        return stands(self._path)

    def read(self) -> Lock | None:
        """Return it, ``None`` where there is none.

        Raises ``EnvironmentProblem`` (``lock_damaged``).
        """
        try:
            return _lock_from(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except _UNREADABLE as error:
            raise EnvironmentProblem(
                f"The file of this profile's lock is damaged: {self._path}",
                code="lock_damaged",
                what_was_kept="The work on this laptop and its keys are unchanged.",
                what_to_do="Put that file back from a copy. Without one, write the sealed package"
                " for the central (fieldtech package --out FILE) and sign in in another profile"
                " folder.",
            ) from error

    def mend(self) -> None:
        """Put it back from its copy, where it is damaged or gone and secrets are behind it.

        Where the copy cannot help everything stays as it is. Raises ``EnvironmentProblem`` when the
        secret store or the disk cannot be used.
        """
        is_gone = False
        with suppress(EnvironmentProblem):
            if self.read() is not None:
                return
            is_gone = True
        copy = self._copy()
        guards_nothing = all(self._base.get(name) is None for name in self._guarded)
        if copy is not None and not (is_gone and guards_nothing):
            self._write(copy)

    def put(self, lock: Lock, *, is_first: bool) -> bool:
        """Put a lock in the place of the one before; its copy is not made yet.

        ``is_first``: there is none; one that another start has put there meanwhile stays, and
        ``False`` is returned. Raises ``EnvironmentProblem``.
        """
        # Before the lock itself: at no moment is there a copy of an older one.
        self._base.delete(LOCK_COPY)
        if not is_first:
            self._write(lock)
            return True
        try:
            return claim_private(self._path, _bytes_of(lock))
        except OSError as error:
            raise unusable(self._path, error) from error

    def keep_copy(self, lock: Lock) -> None:
        """Have the secret store keep a copy; where it does not now, the next unlocking asks it."""
        text = _bytes_of(lock).decode()
        with suppress(EnvironmentProblem):
            if self._base.get(LOCK_COPY) != text:
                self._base.set(LOCK_COPY, text)

    def remove(self) -> None:
        """Take it away with its copy, durably; raises ``EnvironmentProblem``."""
        self._base.delete(LOCK_COPY)
        try:
            self._path.unlink(missing_ok=True)
            sync_folder(self._path.parent)
        except OSError as error:
            raise unusable(self._path, error) from error

    def _copy(self) -> Lock | None:
        text = self._base.get(LOCK_COPY)
        with suppress(*_UNREADABLE):
            return None if text is None else _lock_from(text.encode())
        return None

    def _write(self, lock: Lock) -> None:
        try:
            write_private(self._path, _bytes_of(lock))
        except OSError as error:
            raise unusable(self._path, error) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Wrong tries since the last right one, and when the last was (boot clock)."""

    failed: Annotated[int, msgspec.Meta(ge=0)] = 0
    boot_s: float = 0.0
    boot_id: str = ""

    def wait_s(self, boot_s: float, boot_id: str) -> float:
        """How long no try is taken at a moment of the boot clock; 0: now."""
        over = self.failed - FREE_TRIES
        if over < 0:
            return 0.0
        wait = min(2.0 ** min(over, _LONGEST_AFTER), LONGEST_WAIT_S)
        # After a restart nobody knows how long it was off: it begins anew.
        passed = boot_s - self.boot_s if self.boot_id == boot_id else boot_s
        return max(0.0, wait - max(0.0, passed))


def read_tries(path: Path) -> Tries:
    """Return what was counted; what cannot be read counts as if many had been wrong."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=learned(Tries))
    except FileNotFoundError:
        return Tries()
    except _UNREADABLE:
        return Tries(failed=FREE_TRIES + _LONGEST_AFTER)


def write_tries(path: Path, tries: Tries) -> None:
    """Count; none is no file. Raises ``EnvironmentProblem``."""
    try:
        if tries.failed:
            write_private(path, msgspec.json.encode(tries) + b"\n")
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise unusable(path, error) from error


def _lock_from(text: bytes) -> Lock:
    return msgspec.json.decode(text, type=learned(Lock))


def _bytes_of(lock: Lock) -> bytes:
    return msgspec.json.encode(lock) + b"\n"
