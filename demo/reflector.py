"""The provider's side of the demonstration: a reflector, and a policy that names it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from demo.lines import next_line

if TYPE_CHECKING:
    from pathlib import Path

START_LIMIT_S = 30.0
END_LIMIT_S = 10.0
POLICY = "demo"
BASE = "clever"
_PROBES = """\
base = "{base}"
id = "{policy}"
version = 1

[probes]
reflector = "{reflector}"
connectivity = "{url}/generate_204"
my_ip = "{url}/ip"
throughput = "{url}/throughput"
"""


class ReflectorProcess:
    """``fieldtech-central reflector`` on this machine, from ``start`` to ``stop``."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self, folder: Path) -> tuple[str, ...]:
        """Start it and write the policy; returns what the central has to be started with."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "fieldtech.central.cli", "reflector"),
                *("--voice-port", "0", "--http-port", "0"),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        told = json.loads(next_line(self._process, START_LIMIT_S))
        folder.mkdir()
        text = _PROBES.format(
            base=BASE, policy=POLICY, reflector=told["reflector"], url=told["url"]
        )
        (folder / f"{POLICY}.toml").write_text(text, encoding="utf-8")
        return "--policies", str(folder), "--policy", POLICY

    def stop(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(END_LIMIT_S)
        if process.stdout is not None:
            process.stdout.close()
