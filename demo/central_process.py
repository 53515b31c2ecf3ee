"""A real central in its own process, which the demo can switch off and on again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from demo.lines import next_line

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE_LIMIT_S = 900.0
"""A hundred thousand incidents take minutes."""
START_LIMIT_S = 60.0
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
        [*command, "--seed", str(seed), "--json"],
        capture_output=True,
        text=True,
        timeout=SAMPLE_LIMIT_S,
        check=False,
    )
    if done.returncode:
        raise CentralError(done.stderr)
    report = json.loads(done.stdout)
    return [SampleUser(u["user"], u["password"], u["name"], u["role"]) for u in report["users"]]


class CentralProcess:
    """Starts, stops and restarts ``fieldtech-central serve`` on one port.

    ``options`` are further words of its command line at the next start; without ``log`` its
    standard error is kept beside its data. ``url`` is that of the last start.
    """

    def __init__(
        self, data: Path, log: Path | None = None, *, options: tuple[str, ...] = ()
    ) -> None:
        self.data = data
        self.url = ""
        self._log = log or data / "stderr.log"
        self.options = options
        self._port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self, limit_s: float = START_LIMIT_S) -> str:
        """Start on the port of last time (any free one at first); returns the URL.

        Raises ``CentralError`` when it ends or says nothing in time; it does not run then.
        """
        place = ["--data", str(self.data), "--port", str(self._port)]
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*REPO_CLI, "serve", *place, *self.options],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONUTF8": "1"},
            )
        try:
            line = next_line(self._process, limit_s)
        except TimeoutError as silence:
            self.kill()
            message = f"{silence}\n{self.stderr()[-2000:]}"
            raise CentralError(message) from silence
        if not line:
            self.stop()
            raise CentralError(self.stderr()[-2000:])
        self.url = str(json.loads(line)["url"])
        self._port = urlsplit(self.url).port or 0
        return self.url

    def stop(self) -> int:
        """Ask it to drain and end, kill it when it does not; returns its exit code."""
        return self._end(kill=False)

    def kill(self) -> int:
        """End it at once, as a power cut would; returns its exit code."""
        return self._end(kill=True)

    def stderr(self) -> str:
        """Everything it logged so far, over all its starts."""
        return self._log.read_text(encoding="utf-8")

    def _end(self, *, kill: bool) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if kill:
            process.kill()
        else:
            process.terminate()
        try:
            code = process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait(STOP_LIMIT_S)
        if process.stdout is not None:
            process.stdout.close()
        return code
