"""The wire as a test holds it: start it, change it while it runs, read its counters."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab import wire
from lab.waiting import LabError
from lab.wire import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lab.sandbox import Sandbox

_PATIENCE_SECONDS = 10.0


class WireHandle:
    """A running wire between ``w0`` and ``w1``; *up* is what the customer sends."""

    def __init__(
        self, sandbox: Sandbox, namespace: str, *, up: Settings, down: Settings, seed: int
    ) -> None:
        # ``-I -S``: it needs the standard library only, and starts in half the time.
        program = [sys.executable, "-I", "-S", str(Path(wire.__file__)), "w0", "w1"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = sandbox.popen(namespace, program, **pipes)
        self.realtime = bool(self._answer()["realtime"])
        """Whether the system lets it keep its times under load."""
        self.up, self.down = up, down
        self.seed(seed)
        self.set(up=up, down=down)

    def set(self, *, up: Settings | None = None, down: Settings | None = None) -> None:
        """Change directions as a whole; frames already under way keep their time."""
        self.up, self.down = up or self.up, down or self.down
        self._ask({"up": asdict(self.up), "down": asdict(self.down)})

    @contextmanager
    def changed(
        self, *, up: Settings | None = None, down: Settings | None = None
    ) -> Iterator[None]:
        """Change directions for a while."""
        before = self.up, self.down
        self.set(up=up, down=down)
        try:
            yield
        finally:
            self.set(up=before[0], down=before[1])

    def seed(self, number: int) -> None:
        """Start the dice anew: the same frames meet the same fate."""
        self._ask({"seed": number})

    def counters(self) -> dict[str, dict[str, int]]:
        """What became of the frames since the start; see ``lab.wire.Counters``."""
        return self._ask({})

    def close(self) -> None:
        """Stop passing frames on."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def _ask(self, command: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        stdout = self.process.stdout
        assert stdout is not None
        line = stdout.readline() if select.select([stdout], [], [], _PATIENCE_SECONDS)[0] else ""
        if not line:
            raise LabError(f"the wire does not answer (it ended with {self.process.poll()})")
        answer: dict[str, Any] = json.loads(line)
        return answer
