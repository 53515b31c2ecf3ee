from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError

from fieldtech.errors import EnvironmentProblem
from fieldtech.keyrings import (
    KeyringShut,
    LibraryKeyring,
    NoKeyring,
    SecretServiceKeyring,
    system_keyring,
    within,
)


def test_work_that_ends_gives_its_result() -> None:
    assert within(lambda _asking: 42, answer_seconds=5, person_seconds=0) == 42


def test_a_keyring_that_never_answers_is_given_up() -> None:
    release = threading.Event()

    def hang(_asking: Callable[[], None]) -> None:
        release.wait()

    with pytest.raises(EnvironmentProblem) as caught:
        within(hang, answer_seconds=0.01, person_seconds=0)
    release.set()
    assert caught.value.code == "keyring_unavailable"


def test_a_person_gets_more_time_than_a_machine() -> None:
    def slow_person(asking: Callable[[], None]) -> str:
        asking()
        return "unlocked"

    assert within(slow_person, answer_seconds=5, person_seconds=5) == "unlocked"


def test_where_no_dialog_can_be_shown_nobody_is_waited_for() -> None:
    release = threading.Event()

    def locked(asking: Callable[[], None]) -> None:
        asking()
        release.wait()

    with pytest.raises(EnvironmentProblem):
        within(locked, answer_seconds=5, person_seconds=0)
    release.set()


def test_what_the_keyring_said_is_kept_as_the_cause() -> None:
    def fail(_asking: Callable[[], None]) -> None:
        raise PermissionError("the person dismissed the dialog")

    with pytest.raises(EnvironmentProblem) as caught:
        within(fail, answer_seconds=5, person_seconds=0)
    assert isinstance(caught.value.__cause__, PermissionError)


def test_each_system_has_its_own_keyring() -> None:
    assert isinstance(system_keyring("linux", {}), SecretServiceKeyring)
    assert isinstance(system_keyring("win32", {}), LibraryKeyring)
    assert isinstance(system_keyring("darwin", {}), LibraryKeyring)


def test_the_keyring_librarys_own_variable_is_obeyed() -> None:
    chosen = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    keyring = system_keyring("linux", chosen)
    keyring.set("a", "b")
    assert keyring.get("a") is None
    keyring.delete("a")


def test_a_linux_without_a_bus_has_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    with pytest.raises(NoKeyring) as caught:
        SecretServiceKeyring(0.0).get("a")
    assert caught.value.code == "keyring_unavailable"


@pytest.mark.parametrize(
    ("answer", "there"),
    [
        (NoKeyringError("no backend"), False),
        (ImportError("not installed"), False),
        (KeyringLocked("dismissed"), True),
        (OSError("some trouble of its own"), True),
    ],
)
def test_no_keyring_is_told_from_one_that_is_shut(answer: Exception, *, there: bool) -> None:
    def make() -> KeyringBackend:
        raise answer

    with pytest.raises(KeyringShut) as caught:
        LibraryKeyring(make, 5.0).get("a")
    assert isinstance(caught.value, NoKeyring) is not there
