"""The system's own keyrings behind one small protocol, with a deadline on every call.

On Linux the Secret Service is spoken to directly: importing ``keyring`` costs more start-up time
than the rest of the program's first paint. What is stored can still be read with the ``keyring``
command line tool, because service, user name and attributes are the same.
``PYTHON_KEYRING_BACKEND`` is obeyed as usual.
"""

from __future__ import annotations

import logging
import queue
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from fieldtech.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from keyring.backend import KeyringBackend
    from secretstorage.collection import Collection

SERVICE = "fieldtech"
ANSWER_SECONDS = 5.0
"""How long a keyring that need not ask anybody may take."""
PERSON_SECONDS = 120.0
"""How long a person may take to unlock it."""

_NO_REPLY = "org.freedesktop.DBus.Error.NoReply"
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class KeyringShut(EnvironmentProblem):
    """The system's keyring cannot be used, now or at all; what was kept in it stays there."""

    def __init__(self) -> None:
        """Say what a person can do."""
        super().__init__(
            "The system's keyring cannot be used.",
            code="keyring_unavailable",
            what_was_kept="Nothing was changed; work already stored stays encrypted here.",
            what_to_do="Unlock the keyring and start again.",
        )


class NoKeyring(KeyringShut):
    """There is no keyring on this system, so nothing can be in it: not one that is only shut."""


class Keyring(Protocol):
    """Short texts under names, kept by the operating system.

    Raises ``KeyringShut`` while it is locked, too slow or dismissed by its person, ``NoKeyring``
    where there is none.
    """

    def get(self, name: str) -> str | None:
        """Return the text, or ``None``."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep a text."""
        ...

    def delete(self, name: str) -> None:
        """Forget a text; one that is not there is no error."""
        ...


def system_keyring(platform: str, environ: Mapping[str, str]) -> Keyring:
    """Return the keyring of this system; nothing is imported or connected before its first call."""
    if chosen := environ.get("PYTHON_KEYRING_BACKEND"):
        return LibraryKeyring(lambda: _named_backend(chosen), ANSWER_SECONDS)
    if platform == "win32":
        return LibraryKeyring(
            lambda: _named_backend("keyring.backends.Windows.WinVaultKeyring"), ANSWER_SECONDS
        )
    if platform == "darwin":
        return LibraryKeyring(
            lambda: _named_backend("keyring.backends.macOS.Keyring"), PERSON_SECONDS
        )
    has_display = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    return SecretServiceKeyring(PERSON_SECONDS if has_display else 0.0)


class LibraryKeyring:
    """Any backend of the ``keyring`` library."""

    def __init__(self, backend: Callable[[], KeyringBackend], seconds: float) -> None:
        """Take what makes the backend, and how long each call may take."""
        self._make = backend
        self._seconds = seconds
        self._backend: KeyringBackend | None = None

    def get(self, name: str) -> str | None:
        """Return the text, or ``None``."""
        return self._call(lambda backend: backend.get_password(SERVICE, name))

    def set(self, name: str, value: str) -> None:
        """Keep a text."""
        self._call(lambda backend: backend.set_password(SERVICE, name, value))

    def delete(self, name: str) -> None:
        """Forget a text."""

        def forget(backend: KeyringBackend) -> None:
            if backend.get_password(SERVICE, name) is not None:
                backend.delete_password(SERVICE, name)

        self._call(forget)

    def _call(self, action: Callable[[KeyringBackend], _T]) -> _T:
        def work(_asking: Callable[[], None]) -> _T:
            if self._backend is None:
                self._backend = _made(self._make)
            from keyring.errors import NoKeyringError

            try:
                return action(self._backend)
            except NoKeyringError as error:
                raise NoKeyring from error

        return within(work, answer_seconds=self._seconds, person_seconds=0.0)


class SecretServiceKeyring:
    """The freedesktop Secret Service (GNOME Keyring, KWallet, KeePassXC), one connection a call."""

    def __init__(self, person_seconds: float) -> None:
        """Take how long a person may take to unlock it; 0 where no dialog could be shown."""
        self._person_seconds = person_seconds

    def get(self, name: str) -> str | None:
        """Return the text, or ``None``."""

        def read(collection: Collection) -> str | None:
            for item in collection.search_items(_attributes(name)):
                return bytes(item.get_secret()).decode()
            return None

        return self._call(read)

    def set(self, name: str, value: str) -> None:
        """Keep a text."""

        def write(collection: Collection) -> None:
            attributes = _attributes(name) | {"application": "Python keyring library"}
            label = f"Password for '{name}' on '{SERVICE}'"
            collection.create_item(label, attributes, value.encode(), replace=True)

        self._call(write)

    def delete(self, name: str) -> None:
        """Forget a text."""

        def forget(collection: Collection) -> None:
            for item in collection.search_items(_attributes(name)):
                item.delete()

        self._call(forget)

    def _call(self, action: Callable[[Collection], _T]) -> _T:
        def work(asking: Callable[[], None]) -> _T:
            with closing(_session_bus()) as connection:
                collection = _default_collection(connection, asking)
                if collection.is_locked():
                    asking()
                    if collection.unlock():
                        message = "the person dismissed the dialog"
                        raise PermissionError(message)
                return action(collection)

        return within(work, answer_seconds=ANSWER_SECONDS, person_seconds=self._person_seconds)


def within(
    work: Callable[[Callable[[], None]], _T], *, answer_seconds: float, person_seconds: float
) -> _T:
    """Run ``work`` in a thread: its result, or ``EnvironmentProblem``, in bounded time.

    ``work`` gets a function to call when it starts waiting for a person, which replaces the first
    limit by the second. A call that never returns leaves a daemon thread behind: there is no way to
    stop a system call of somebody else's library, and that thread cannot keep the process alive.
    """
    reports: queue.SimpleQueue[tuple[str, object]] = queue.SimpleQueue()
    results: list[_T] = []

    def run() -> None:
        try:
            results.append(work(lambda: reports.put(("asking", None))))
        except BaseException as error:  # noqa: BLE001 -- handed to the caller, whatever it is
            reports.put(("failed", error))
        else:
            reports.put(("done", None))

    threading.Thread(target=run, name="keyring", daemon=True).start()
    outcome, error = _next(reports, answer_seconds)
    if outcome == "asking":
        outcome, error = _next(reports, person_seconds)
    if outcome == "done":
        return results[0]
    _log.info("the keyring cannot be used: %r", error if error is not None else outcome)
    if isinstance(error, NoKeyring):
        raise error
    raise KeyringShut from (error if isinstance(error, BaseException) else None)


def _next(reports: queue.SimpleQueue[tuple[str, object]], seconds: float) -> tuple[str, object]:
    try:
        return reports.get(timeout=seconds)
    except queue.Empty:
        return "no answer in time", None


def _session_bus() -> Any:  # noqa: ANN401  its library has no types
    try:
        import secretstorage
    except ImportError as error:
        raise NoKeyring from error
    try:
        return secretstorage.dbus_init()
    except (OSError, secretstorage.SecretServiceNotAvailableException) as error:
        raise NoKeyring from error


def _default_collection(connection: object, asking: Callable[[], None]) -> Collection:
    """Return the collection for passwords; where there is none yet, its person names a password."""
    import secretstorage

    try:
        return secretstorage.Collection(connection)
    except secretstorage.ItemNotFoundException:
        asking()
        return secretstorage.create_collection(connection, "Default", "default")
    except secretstorage.SecretServiceNotAvailableException as error:
        # One that is there and does not reply is not none.
        if getattr(error.__cause__, "name", "") == _NO_REPLY:
            raise
        raise NoKeyring from error


def _made(make: Callable[[], KeyringBackend]) -> KeyringBackend:
    try:
        return make()
    except (ImportError, RuntimeError) as error:  # so the library says that one cannot work here
        raise NoKeyring from error


def _attributes(name: str) -> dict[str, str]:
    return {"service": SERVICE, "username": name}


def _named_backend(name: str) -> KeyringBackend:
    from keyring.core import load_keyring

    return load_keyring(name)
