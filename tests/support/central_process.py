"""A real central process on a free port, over the small world of ``central_seed``.

``with running_central(folder) as central:`` gives its ``url``, ``pid`` and folder; ``stop`` and
``start`` switch it off and on again with the same port and data, as in the offline story.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import central_seed

from fieldtech.central.database import Database
from fieldtech.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STOP_S = 30


@dataclass(slots=True)
class CentralProcess:
    """One central that can be switched off and on; ``port`` is kept once it is known."""

    data: Path
    port: int = 0
    url: str = ""
    pid: int = 0
    options: tuple[str, ...] = ()
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process and wait until it says that it is ready."""
        log = (self.data / "stderr.log").open("a", encoding="utf-8")
        with log:
            program = (sys.executable, "-m", "fieldtech.central.cli")
            process = subprocess.Popen(
                [
                    *program,
                    "serve",
                    *("--data", str(self.data), "--port", str(self.port)),
                    *self.options,
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONUTF8": "1"},
            )
        self._process = process
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            self.kill()
            raise AssertionError("the central did not start:\n" + self.stderr())
        told: dict[str, Any] = json.loads(line)
        self.url, self.pid = told["url"], told["pid"]
        self.port = int(self.url.rpartition(":")[2])

    def stop(self) -> int:
        """Ask it to end and wait for it; return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End it at once, as a power cut would; return its exit code."""
        return self._end(signal.SIGKILL)

    def stderr(self) -> str:
        """Everything it logged so far."""
        return (self.data / "stderr.log").read_text(encoding="utf-8")

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        code = process.wait(STOP_S)
        if process.stdout:
            process.stdout.close()
        return code


@contextmanager
def running_central(
    data: Path,
    *,
    prepare: Callable[[Database], None] | None = None,
    options: tuple[str, ...] = (),
) -> Iterator[CentralProcess]:
    """Run a central over ``data``; ``prepare`` fills its database first (default: the seed).

    ``options`` are further words of its command line.
    """
    data.mkdir(parents=True, exist_ok=True)
    database = Database.in_folder(data)
    try:
        if prepare is None:
            central_seed.seed(database, SystemClock().now())
        else:
            prepare(database)
    finally:
        database.close()
    central = CentralProcess(data=data, options=options)
    central.start()
    try:
        yield central
    finally:
        central.stop()
