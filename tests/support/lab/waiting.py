"""Waiting for real conditions, with a deadline."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

_LISTENING = {"tcp": "0A", "udp": "07"}


class LabError(Exception):
    """Something in the lab is not as it must be; the text says what."""


class LabUnavailable(Exception):
    """This machine does not let us build the lab; the text says why."""


def wait_until(
    condition: Callable[[], object],
    *,
    what: str,
    seconds: float = 10.0,
    process: subprocess.Popen[str] | None = None,
) -> None:
    """Return as soon as the condition holds; raise LabError once it is late.

    With a process, its end is the end of the waiting too.
    """
    deadline = time.monotonic() + seconds
    tick = threading.Event()
    while not condition():
        if process is not None and process.poll() is not None:
            raise LabError(f"{what}: the process ended with {process.returncode}")
        if time.monotonic() > deadline:
            raise LabError(f"{what}: not within {seconds} s")
        tick.wait(0.005)


def listens(pid: int, protocol: str, port: int, *, at_least: int = 1) -> bool:
    """Whether sockets wait on a port in the network of a process, as the kernel lists them."""
    found = 0
    for version in ("", "6"):
        table = Path(f"/proc/{pid}/net/{protocol}{version}")
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            words = line.split()
            local_port = int(words[1].rpartition(":")[2], 16)
            found += local_port == port and words[3] == _LISTENING[protocol]
    return found >= at_least
