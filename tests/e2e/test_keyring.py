"""GNOME Keyring under a bus of its own: the key lies there and nowhere else, across log-ins."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import central_seed
import pytest
from central_process import running_central

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central_process import CentralProcess

pytestmark = pytest.mark.keyring

UNLOCK = "gnome-keyring-daemon --unlock --components=secrets --daemonize"
LOCKED = "gnome-keyring-daemon --start --components=secrets --daemonize"


@pytest.fixture
def central(tmp_path: Path) -> Iterator[CentralProcess]:
    """A real central with the small world."""
    data = tmp_path / "central"
    data.mkdir()
    with running_central(data) as running:
        yield running


def logged_in(
    home: Path, *command: str, keyring: str = UNLOCK, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Log in to a desktop of one's own, run the program there, log out.

    The login password reaches the keyring as its manual asks for it: on standard input, whole.
    """
    there = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONUTF8": "1",
    }
    start = f'printf %s "$1" | {keyring} >/dev/null && shift && exec "$@"'
    desktop = ["dbus-run-session", "--", "sh", "-c", start, "sh", "la clave de su sesión"]
    return subprocess.run(
        [*desktop, *command],
        env=there,
        input=typed,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_the_key_lies_in_the_keyring_and_nowhere_else(
    tmp_path: Path, central: CentralProcess
) -> None:
    home, profile = tmp_path / "home", tmp_path / "profile"
    home.mkdir(mode=0o700)
    app = (sys.executable, "-m", "ui")
    who = ("--central", central.url, "--user", "ana", "--password-stdin")
    typed = f"{central_seed.PASSWORD}\n"
    done = logged_in(home, *app, "signin", "--profile", str(profile), *who, typed=typed)
    assert done.returncode == 0, done.stderr

    assert not (profile / "secrets.json").exists()
    assert list((home / "data" / "keyrings").iterdir())
    again = logged_in(home, *app, "sync", "--once", "--json", "--profile", str(profile))
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["pulled"] > 0

    shut = logged_in(
        home, *app, "sync", "--once", "--json", "--profile", str(profile), keyring=LOCKED
    )
    assert shut.returncode not in {0, 2}
    assert not (profile / "secrets.json").exists()
    assert "Traceback" not in shut.stderr


PUT_PIN = """
import sys
from fieldtech.clock import SystemClock
from fieldtech.paths import Profile
from fieldtech.secrets import HeldSecrets, open_secret_store
from fieldtech.services.access import AccessService

profile = Profile.open(sys.argv[1])
base = open_secret_store(profile)
access = AccessService(profile, HeldSecrets(base), base, SystemClock())
access.put_lock("4711")
print(base.kind, access.status().lock)
"""


def test_a_pin_and_the_keyring_open_it_together_and_neither_alone(
    tmp_path: Path, central: CentralProcess
) -> None:
    home, profile = tmp_path / "home", tmp_path / "profile"
    home.mkdir(mode=0o700)
    app = (sys.executable, "-m", "ui")
    who = ("--central", central.url, "--user", "ana", "--password-stdin")
    typed = f"{central_seed.PASSWORD}\n"
    done = logged_in(home, *app, "signin", "--profile", str(profile), *who, typed=typed)
    assert done.returncode == 0, done.stderr
    put = logged_in(home, sys.executable, "-c", PUT_PIN, str(profile))
    assert put.stdout.split() == ["keyring", "pin"], put.stderr

    sync = (*app, "sync", "--once", "--json", "--profile", str(profile))

    def code(*words: str, at: Path = home, typed: str = "") -> str:
        told = logged_in(at, *sync, *words, typed=typed)
        problem = json.loads(told.stdout)["problem"]
        return problem["code"] if problem is not None else ""

    assert code() == "locked"
    assert code("--passphrase-stdin", typed="0000\n") == "wrong_pin"
    assert code("--passphrase-stdin", typed="4711\n") == ""
    thief = tmp_path / "thief"
    thief.mkdir(mode=0o700)
    assert code("--passphrase-stdin", at=thief, typed="4711\n") == "key_missing"
