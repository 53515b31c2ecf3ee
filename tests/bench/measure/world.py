"""A central with a sample set, and laptops signed in at it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from demo.central_process import CentralProcess
from fieldtech.paths import Profile
from fieldtech.secrets import open_secret_store

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = "1"
TECHNICIAN = "tecnico"
DISPATCHER = "central"
ROWS = 10_000
INCIDENTS_FOR_ROWS = 20_000
"""How large a sample must be for its one technician to have ``ROWS`` open visits."""


def make_sample(folder: Path, incidents: int, *, one_technician: bool) -> None:
    """Fill a new central in ``folder``."""
    print(f"preparing a central with {incidents} incidents …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "fieldtech.central.cli", "sample"]
    command += ["--data", str(folder), "--incidents", str(incidents), "--seed", SEED]
    command += ["--one-technician"] if one_technician else []
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running_central(folder: Path) -> Iterator[str]:
    """Serve the central of ``folder``; gives its address."""
    central = CentralProcess(folder, folder / "central.log")
    try:
        yield central.start()
    finally:
        central.stop()


def sign_in(folder: Path, url: str, user: str) -> Path:
    """Make a new profile whose key lies in a private file, signed in; nothing is pulled yet."""
    shutil.rmtree(folder, ignore_errors=True)
    open_secret_store(Profile.open(folder), prefer="file")
    program = [sys.executable, "-m", "ui", "signin", "--password-stdin", "--profile", str(folder)]
    subprocess.run(
        [*program, "--central", url, "--user", user],
        input=f"{user}-demo-1\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder


def pull_all(profile: Path) -> None:
    """Bring a profile up to date."""
    program = [sys.executable, "-m", "ui", "sync", "--once", "--profile", str(profile)]
    subprocess.run(program, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def technician_with_a_full_agenda(folder: Path) -> Iterator[Path]:
    """Give the profile of a technician with at least ``ROWS`` open visits; his central runs."""
    central = folder / "central"
    make_sample(central, INCIDENTS_FOR_ROWS, one_technician=True)
    with running_central(central) as url:
        profile = sign_in(folder / "profile", url, TECHNICIAN)
        pull_all(profile)
        yield profile
