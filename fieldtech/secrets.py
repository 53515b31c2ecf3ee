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
from typing import TYPE_CHECKING, Literal, Protocol

from fieldtech.errors import DataError, EnvironmentProblem
from fieldtech.paths import Profile, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fieldtech.keyrings import Keyring

Kind = Literal["keyring", "file", "memory"]
Preference = Literal["auto", "keyring", "file", "memory"]
LockKind = Literal["pin", "passphrase"]

SHORTEST: dict[LockKind, int] = {"pin": 4, "passphrase": 12}
"""How many characters a lock before the secrets has at least."""


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

    def hold(self, inner: SecretStore) -> None:
        """Hold another place: the same secrets behind a lock, or without one."""
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
        return self.inner.get(name)

    def set(self, name: str, value: str) -> None:
        """Keep a secret."""
        self.inner.set(name, value)

    def delete(self, name: str) -> None:
        """Forget a secret."""
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
        self._write(self._read() | {name: value})

    def delete(self, name: str) -> None:
        """Forget a secret."""
        secrets = self._read()
        if secrets.pop(name, None) is not None:
            self._write(secrets)

    def _read(self) -> dict[str, str]:
        try:
            return dict(_read_texts(self._path))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise _unusable(self._path, error) from error

    def _write(self, secrets: Mapping[str, str]) -> None:
        try:
            write_private(self._path, json.dumps(secrets, sort_keys=True) + "\n")
        except OSError as error:
            raise _unusable(self._path, error) from error


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
    the preference contradicts what the profile uses, or asks for a keyring where none works.
    """
    if prefer == "memory":
        return MemoryStore()
    marker = _read_marker(profile.secret_marker)
    if marker is None:
        return _decide(profile, prefer, keyring)
    kind, name, is_fallback = marker
    if prefer not in {"auto", kind}:
        raise EnvironmentProblem(
            f"This profile keeps its keys in the {kind}, not in the {prefer}.",
            code="secret_store_differs",
            what_was_kept="The profile and its work are unchanged.",
            what_to_do="Open it the way it was made, or use another profile folder.",
        )
    if kind == "file":
        return FileStore(profile.key_file, is_fallback=is_fallback and prefer == "auto")
    return KeyringStore(keyring or _system_keyring(), name)


def move_to_keyring(profile: Profile, *, keyring: Keyring | None = None) -> KeyringStore:
    """Move the secrets of a profile that nobody has open from its file into the keyring.

    Each is read back before the file goes, and a second call ends what a crash interrupted.
    Raises ``EnvironmentProblem`` with everything as it was.
    """
    marker = _read_marker(profile.secret_marker)
    kind, name, _ = marker or ("file", os.urandom(16).hex(), False)
    store = KeyringStore(keyring or _system_keyring(), name)
    if kind == "file" and not store.works():
        raise _no_keyring()
    kept = FileStore(profile.key_file).all()
    for each, value in kept.items():
        store.set(each, value)
    if any(store.get(each) != value for each, value in kept.items()):
        raise _no_keyring()
    _write_marker(profile.secret_marker, "keyring", name)
    profile.key_file.unlink(missing_ok=True)
    return store


def _decide(profile: Profile, prefer: Preference, keyring: Keyring | None) -> SecretStore:
    name = os.urandom(16).hex()
    if profile.key_file.exists():
        # The marker was lost. Whatever works by now, the key of the work stored here is in there.
        _write_marker(profile.secret_marker, "file", name)
        return open_secret_store(profile, prefer=prefer, keyring=keyring)
    if prefer != "file":
        store = KeyringStore(keyring or _system_keyring(), name)
        if store.works():
            _write_marker(profile.secret_marker, "keyring", name)
            return store
        if prefer == "keyring":
            raise _no_keyring()
    is_fallback = prefer != "file"
    _write_marker(profile.secret_marker, "file", name, is_fallback=is_fallback)
    return FileStore(profile.key_file, is_fallback=is_fallback)


def _unusable(path: Path, error: OSError) -> EnvironmentProblem:
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


def _read_marker(path: Path) -> tuple[Kind, str, bool] | None:
    """Return the kind, the name in a keyring, and whether a file was only the last resort."""
    try:
        found = _read_texts(path)
    except FileNotFoundError:
        return None
    kind, name = found.get("kind"), found.get("name")
    if kind == "keyring" and name:
        return "keyring", name, False
    if kind == "file" and name:
        return "file", name, found.get("chosen") == "fallback"
    raise DataError(path.name, "kind", "names no known secret store")


def _write_marker(path: Path, kind: Kind, name: str, *, is_fallback: bool = False) -> None:
    marker = {"kind": kind, "name": name} | ({"chosen": "fallback"} if is_fallback else {})
    write_private(path, json.dumps(marker) + "\n")


def _read_texts(path: Path) -> Mapping[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(path.name, "", "not a JSON document") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise DataError(path.name, "", "not a JSON object of texts")
    return found
