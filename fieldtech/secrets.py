"""Where secrets rest: the system's keyring, or a private file that says so, or memory.

The choice is made once for a profile and remembered beside it. A profile whose key lies in the
keyring never moves to a file in silence: a new key would lock its person out of the work already
stored.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
from typing import TYPE_CHECKING, Literal, Protocol

from fieldtech.errors import EnvironmentProblem
from fieldtech.marker import Kind, Marker, claim_marker, read_marker, read_texts, write_marker
from fieldtech.paths import Profile, sync_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fieldtech.keyrings import Keyring

Preference = Literal["auto", "keyring", "file", "memory"]
LockKind = Literal["pin", "passphrase"]

SHORTEST: dict[LockKind, int] = {"pin": 4, "passphrase": 12}
"""How many characters a lock before the secrets has at least."""

LOCK_COPY = "lock-copy"
"""Under this name a secret store keeps a copy of ``lock.json``, which is no secret."""


class SecretStore(Protocol):
    """A place that keeps short texts under names."""

    @property
    def kind(self) -> Kind:
        """Return which sort of place it is."""
        ...

    @property
    def describe(self) -> str:
        """Return one English sentence for the sync screen: where the secrets are."""
        ...

    @property
    def place(self) -> str:
        """Return the path of the file the secrets are in, empty where they are in none."""
        ...

    def get(self, name: str) -> str | None:
        """Return the secret, or ``None`` when there is none of that name."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep a secret in place of any of that name."""
        ...

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""
        ...


class MemoryStore:
    """Forgets everything with the process; for tests and for profiles that are thrown away."""

    kind: Kind = "memory"
    describe = "Secrets are kept in memory and are gone when the program ends."
    place = ""

    def __init__(self) -> None:
        """Start empty."""
        self._secrets: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """Return the secret, or ``None``."""
        return self._secrets.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret."""
        self._secrets[name] = value

    def delete(self, name: str) -> None:
        """Forget a secret."""
        self._secrets.pop(name, None)


class ClosedStore:
    """Stands in for a place that could not be opened: every use says why, and nothing is kept."""

    kind: Kind = "memory"
    describe = "The keys of this profile cannot be reached."
    place = ""

    def __init__(self, problem: EnvironmentProblem) -> None:
        """Take what went wrong."""
        self._problem = problem

    def get(self, name: str) -> str | None:  # noqa: ARG002  the protocol's names
        """Raise the problem."""
        raise self._problem

    def set(self, name: str, value: str) -> None:  # noqa: ARG002  the same
        """Raise the problem."""
        raise self._problem

    def delete(self, name: str) -> None:  # noqa: ARG002  the same
        """Raise the problem."""
        raise self._problem


class HeldSecrets:
    """The secrets of a profile under one handle, while a lock is put before them or taken off."""

    def __init__(self, inner: SecretStore) -> None:
        """Hold the place they are in now."""
        self.inner = inner
        self._turn = threading.RLock()

    def hold(self, inner: SecretStore) -> None:
        """Hold another place: the same secrets behind a lock, or without one.

        Waits for what is just being read or written in the one before.
        """
        with self._turn:
            self.inner = inner

    @property
    def kind(self) -> Kind:
        """Return which sort of place it is."""
        return self.inner.kind

    @property
    def describe(self) -> str:
        """Return one English sentence for the sync screen: where the secrets are."""
        return self.inner.describe

    @property
    def place(self) -> str:
        """Return the path of the file the secrets are in, empty where they are in none."""
        return self.inner.place

    def get(self, name: str) -> str | None:
        """Return the secret, or ``None``."""
        with self._turn:
            return self.inner.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret."""
        with self._turn:
            self.inner.set(name, value)

    def delete(self, name: str) -> None:
        """Forget a secret."""
        with self._turn:
            self.inner.delete(name)


class FileStore:
    """A JSON file that only its owner can read: weaker than a keyring, and it says so.

    Raises ``DataError`` when the file is not ours, ``EnvironmentProblem`` (``disk_full``,
    ``key_file_unusable``) when the system does not let it be read or written.
    """

    kind: Kind = "file"

    def __init__(self, path: Path, *, is_fallback: bool = False) -> None:
        """Use (and at the first ``set`` create) the file at ``path``.

        ``is_fallback``: nobody asked for a file, there was no keyring. Then a passphrase belongs
        before it.
        """
        self._path = path
        self._turn = threading.RLock()
        self.is_fallback = is_fallback

    @property
    def describe(self) -> str:
        """Return the sentence that names the file."""
        return f"Without a keyring, the keys are in a private file: {self._path}"

    @property
    def place(self) -> str:
        """Return the path of the file."""
        return str(self._path)

    def all(self) -> dict[str, str]:
        """Return every secret by its name."""
        return self._read()

    def get(self, name: str) -> str | None:
        """Return the secret, or ``None``."""
        return self._read().get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret, durably."""
        with self._turn:
            self._write(self._read() | {name: value})

    def delete(self, name: str) -> None:
        """Forget a secret."""
        with self._turn:
            secrets = self._read()
            if secrets.pop(name, None) is not None:
                self._write(secrets)

    def _read(self) -> dict[str, str]:
        try:
            return dict(read_texts(self._path))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise unusable(self._path, error) from error

    def _write(self, secrets: Mapping[str, str]) -> None:
        try:
            write_private(self._path, json.dumps(secrets, sort_keys=True) + "\n")
        except OSError as error:
            raise unusable(self._path, error) from error


class KeyringStore:
    """The system's keyring; every call is bounded in time (see ``fieldtech.keyrings``)."""

    kind: Kind = "keyring"
    describe = "Keys are kept in this system's keyring."
    place = ""

    def __init__(self, keyring: Keyring, profile_name: str) -> None:
        """Keep secrets under ``profile_name``, so that two profiles never share a key."""
        self._keyring = keyring
        self._profile_name = profile_name

    def get(self, name: str) -> str | None:
        """Return the secret or ``None``; raises ``EnvironmentProblem`` when the keyring is shut."""
        return self._keyring.get(f"{self._profile_name}/{name}")

    def set(self, name: str, value: str) -> None:
        """Keep a secret; raises ``EnvironmentProblem`` when the keyring is shut."""
        self._keyring.set(f"{self._profile_name}/{name}", value)

    def delete(self, name: str) -> None:
        """Forget a secret; raises ``EnvironmentProblem`` when the keyring is shut."""
        self._keyring.delete(f"{self._profile_name}/{name}")

    def works(self) -> bool:
        """Return whether there is one, and a secret put in comes out again: some swallow them.

        Raises ``KeyringShut`` for one that is there and shut: tomorrow it may be open.
        """
        # Imported here: a profile with a key file never pays for the keyrings.
        from fieldtech import keyrings

        expected = os.urandom(16).hex()
        try:
            self.set("probe", expected)
            found = self.get("probe")
            self.delete("probe")
        except keyrings.NoKeyring:
            return False
        return found == expected


def open_secret_store(
    profile: Profile, *, prefer: Preference = "auto", keyring: Keyring | None = None
) -> SecretStore:
    """Return the store this profile's secrets are in; its first call decides for good.

    ``auto`` takes the keyring where one works and the private file where there is none; one that is
    there and shut decides nothing and is a failure (``keyring_unavailable``), for a file would be
    for good. ``keyring`` stands in for the system's own. Raises ``EnvironmentProblem`` also when
    the preference contradicts what the profile uses, asks for a keyring where none works, or when
    there is work and nobody knows any more where its keys are (``secret_store_lost``).
    """
    if prefer == "memory":
        return MemoryStore()
    marker = read_marker(profile.secret_marker)
    if marker is None:
        claim_marker(profile.secret_marker, _decide(profile, prefer, keyring))
        # Another start may have been first: what stands there counts.
        return open_secret_store(profile, prefer=prefer, keyring=keyring)
    if prefer not in {"auto", marker.kind}:
        raise EnvironmentProblem(
            f"This profile keeps its keys in the {marker.kind}, not in the {prefer}.",
            code="secret_store_differs",
            what_was_kept="The profile and its work are unchanged.",
            what_to_do="Open it the way it was made, or use another profile folder.",
        )
    if marker.kind == "file":
        return FileStore(profile.key_file, is_fallback=marker.is_fallback and prefer == "auto")
    return KeyringStore(keyring or _system_keyring(), marker.name)


def move_to_keyring(profile: Profile, *, keyring: Keyring | None = None) -> KeyringStore:
    """Move the secrets of a profile that nobody has open from its file into the keyring.

    Each is read back before the file goes, and a second call ends what a crash interrupted.
    Raises ``EnvironmentProblem`` with everything as it was.
    """
    marker = read_marker(profile.secret_marker) or _first_marker(profile, "file")
    store = KeyringStore(keyring or _system_keyring(), marker.name)
    is_moved = marker.kind == "keyring"
    if not is_moved and not store.works():
        raise _no_keyring()
    kept = FileStore(profile.key_file).all()
    if is_moved:
        # The file of a move that was cut short: the keyring's have been read back, and are newer.
        kept = {each: value for each, value in kept.items() if store.get(each) is None}
    for each, value in kept.items():
        store.set(each, value)
    if any(store.get(each) != value for each, value in kept.items()):
        raise _no_keyring()
    if not is_moved:
        write_marker(profile.secret_marker, marker._replace(kind="keyring", is_fallback=False))
    profile.key_file.unlink(missing_ok=True)
    sync_folder(profile.dir)
    return store


def _decide(profile: Profile, prefer: Preference, keyring: Keyring | None) -> Marker:
    if profile.key_file.exists():
        # The marker was lost. Whatever works by now, the key of the work stored here is in there.
        return _first_marker(profile, "file")
    marker = _first_marker(profile, "keyring")
    if prefer != "file":
        if KeyringStore(keyring or _system_keyring(), marker.name).works():
            return marker
        if prefer == "keyring":
            raise _no_keyring()
    return marker._replace(kind="file", is_fallback=prefer != "file")


def _first_marker(profile: Profile, kind: Kind) -> Marker:
    """Return a new marker; not for a profile with work whose keys nobody knows where to look for.

    The marker is made before any work is, so one that another start is just making is there.
    """
    is_new = profile.key_file.exists() or not profile.has_work
    if is_new or profile.secret_marker.exists():
        return Marker(kind, os.urandom(16).hex())
    raise EnvironmentProblem(
        f"The file that says where this profile's keys are is gone: {profile.secret_marker}",
        code="secret_store_lost",
        what_was_kept="The work in this profile is unchanged, and no new key was made.",
        what_to_do="Put that file back from a copy. Without one, write the sealed package for the"
        " central (fieldtech package --out FILE) and sign in in another profile folder.",
    )


def keep(store: SecretStore, texts: Mapping[str, str]) -> None:
    """Have a place keep texts, and look whether it did before anything rests on them.

    Raises ``EnvironmentProblem`` (``secrets_not_kept``).
    """
    for name, text in texts.items():
        store.set(name, text)
    if any(store.get(name) != text for name, text in texts.items()):
        raise EnvironmentProblem(
            "The keyring did not keep what it was given.",
            code="secrets_not_kept",
            what_was_kept="The lock and the work on this laptop are as they were.",
            what_to_do="Try again; if it stays so, look after the system's keyring.",
        )


def unusable(path: Path, error: OSError) -> EnvironmentProblem:
    """Return how a file before the keys that the system does not let be used is told."""
    full = error.errno == errno.ENOSPC
    return EnvironmentProblem(
        f"The key file cannot be used: {path} ({error.strerror or error}).",
        code="disk_full" if full else "key_file_unusable",
        what_was_kept="The profile and its keys are unchanged.",
        what_to_do="Free some space and try again." if full else "Give yourself permission to it.",
    )


def _no_keyring() -> EnvironmentProblem:
    return EnvironmentProblem(
        "There is no keyring that works on this system.",
        code="keyring_unavailable",
        what_was_kept="The profile and its keys are unchanged.",
        what_to_do="Start or unlock the keyring, or allow a private key file.",
    )


def _system_keyring() -> Keyring:
    # Imported only when needed: a profile with a key file never pays for a keyring's import.
    from fieldtech import keyrings

    return keyrings.system_keyring(sys.platform, os.environ)
