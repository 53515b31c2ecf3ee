"""A real central in its own process, which the demo can switch off and on again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path

STOP_LIMIT_S = 20.0
REPO_CLI = [sys.executable, "-m", "fieldtech.central.cli"]


class CentralError(RuntimeError):
    """The central did not start; the text carries what it printed."""


@dataclass(frozen=True)
class SampleUser:
    """A user of the sample, as ``fieldtech-central sample --json`` prints him."""

    login: str
    password: str
    name: str
    role: str


def make_sample(data: Path, incidents: int, seed: int) -> list[SampleUser]:
    """Fill ``data`` with the sample set; returns its users."""
    command = [*REPO_CLI, "sample", "--data", str(data), "--incidents", str(incidents)]
    done = subprocess.run(
        [*command, "--seed", str(seed), "--json"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CentralError(done.stderr)
    report = json.loads(done.stdout)
    return [SampleUser(u["user"], u["password"], u["name"], u["role"]) for u in report["users"]]


class CentralProcess:
    """Starts, stops and restarts ``fieldtech-central serve`` on one port."""

    def __init__(self, data: Path, log: Path) -> None:
        self._data = data
        self._log = log
        self._port = 0
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Start on the port of last time (any free one at first); returns the URL."""
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*REPO_CLI, "serve", "--data", str(self._data), "--port", str(self._port)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "PYTHONUTF8": "1"},
            )
        pipe = self._process.stdout
        line = pipe.readline() if pipe is not None else ""
        if not line:
            self.stop()
            raise CentralError(self._log.read_text(encoding="utf-8")[-2000:])
        self.url = str(json.loads(line)["url"])
        self._port = urlsplit(self.url).port or 0
        return self.url

    def stop(self) -> None:
        """Ask it to drain and end; kill it when it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_LIMIT_S)
        if process.stdout is not None:
            process.stdout.close()
