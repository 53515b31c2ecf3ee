"""Child processes: the same clean surroundings for ours and for the peer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DRIVERS = Path(__file__).resolve().parent.parent / "drivers"
PATIENCE_S = 900
_MEDDLING = ("PYTHONDONTWRITEBYTECODE", "PYTHONSTARTUP", "PYTHONHOME", "QT_SCALE_FACTOR")


class ChildFailedError(RuntimeError):
    """A measured process did not do what it should; the text carries what it said."""


class Talk:
    """A conversation with a driver, line by line."""

    def __init__(self, driver: str, process: subprocess.Popen[str]) -> None:
        self._driver = driver
        self._process = process

    def hear(self) -> str:
        """Return the next line it says."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise ChildFailedError(f"{self._driver} ended")
        return line.strip()

    def ask(self, line: str = "") -> Any:
        """Say a line, and return the JSON document that it answers."""
        if self._process.stdin:
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
        return json.loads(self.hear())


class Children:
    """Starts drivers. Compiled Python lies in ``folder``, as an installed program has it beside."""

    def __init__(self, folder: Path) -> None:
        inherited = {key: value for key, value in os.environ.items() if key not in _MEDDLING}
        self._environment = inherited | {
            "PYTHONUTF8": "1",
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        }

    def run(
        self,
        driver: str,
        *arguments: str | Path,
        surroundings: dict[str, str] | None = None,
    ) -> Any:
        """Run a driver to its end and return the JSON document on the last line it printed."""
        done = subprocess.run(
            _command(driver, arguments),
            env=self._environment | (surroundings or {}),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        if done.returncode:
            raise ChildFailedError(f"{driver}: {done.stderr[-3000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def talk(self, driver: str, *arguments: str | Path) -> Iterator[Talk]:
        """Start a driver that answers each line with a line; it ends with the block."""
        with subprocess.Popen(
            _command(driver, arguments),
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield Talk(driver, process)
            finally:
                process.terminate()

    def milliseconds_to_line(
        self, driver: str, *arguments: str | Path, surroundings: dict[str, str]
    ) -> float:
        """Return the time from starting a driver to the first line it prints; it must end well."""
        started = time.perf_counter()
        with subprocess.Popen(
            _command(driver, arguments),
            env=self._environment | surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            line = process.stdout.readline() if process.stdout else ""
            took = time.perf_counter() - started
            _, complaints = process.communicate(timeout=PATIENCE_S)
        if not line or process.returncode:
            raise ChildFailedError(f"{driver}: {complaints[-3000:]}")
        return took * 1000


def _command(driver: str, arguments: Sequence[str | Path]) -> list[str | Path]:
    return [sys.executable, DRIVERS / f"{driver}.py", *arguments]


@contextmanager
def screens() -> Iterator[dict[str, dict[str, str]]]:
    """Give the screens to measure on: the offscreen one, and an X server where there is one."""
    offscreen = {"offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
    program = shutil.which("Xvfb")
    if program is None:
        yield offscreen
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            display = f":{told.readline().strip()}"
        yield offscreen | {"Xvfb": {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}}
    finally:
        server.terminate()
        server.wait()
