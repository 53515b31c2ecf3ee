"""Starting the voice stream in a process of its own, listening to it, and ending it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING

from fieldtech.diagnostics.call_quality import Packet
from fieldtech.diagnostics.voice_stream import INTERVAL_S, TAIL_S, Request

if TYPE_CHECKING:
    from collections.abc import Callable

STREAM_COMMAND = "voice-stream"
"""The subcommand of a bundle that is this process: a bundle has no ``python -m``."""
_CHILD = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from fieldtech.diagnostics.voice_stream import main; sys.exit(main())"
)
"""Not ``-m``, which looks for modules in the current folder first, whoever may write there. Where
this program lies is told, and looked at last: it need not be installed."""
SLACK_S = 5.0
"""Start of a process on a slow laptop, and its end."""


class StreamError(OSError):
    """The stream did not come to its end; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Streamed:
    """Every packet, and how many never came to the reflector (``None``: it does not count)."""

    packets: tuple[Packet, ...]
    lost_there: int | None


def own_command() -> list[str]:
    """Return the command line that runs the stream: of this program, installed or bundled."""
    if getattr(sys, "frozen", False):
        return [sys.executable, STREAM_COMMAND]
    return [sys.executable, "-P", "-c", _CHILD, str(Path(__file__).parents[2])]


class VoiceProcess:
    """One running stream: started at once, listened to by ``result``."""

    def __init__(self, request: Request, tell: Callable[[float], None]) -> None:
        """Start it; raises ``StreamError`` when it cannot be."""
        self._request = request
        self._tell = tell
        self._last: dict[str, object] = {}
        self.begun_at: float | None = None
        """When its first packet was sent, by ``perf_counter``."""
        try:
            self._child = subprocess.Popen(  # noqa: S603  our own program
                own_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            raise StreamError(f"the stream could not be started: {error}") from error
        self._reader = Thread(target=self._read, name="voice-stream", daemon=True)
        self._reader.start()

    def result(self, cancel: Event) -> Streamed:
        """Wait for its end; raises ``StreamError`` when it has none, is cancelled or too late."""
        left = self._request.packets * INTERVAL_S + TAIL_S + SLACK_S
        try:
            while self._reader.is_alive() and left > 0 and not cancel.is_set():
                self._reader.join(0.1)
                left -= 0.1
        finally:
            self.stop()
        if cancel.is_set():
            raise StreamError("cancelled")
        return _streamed(self._last)

    def stop(self) -> None:
        """End the process, wherever it is, and wait for it."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        self._reader.join()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()

    def _read(self) -> None:
        if self._child.stdin is None or self._child.stdout is None:
            return
        try:
            self._child.stdin.write(json.dumps(asdict(self._request)) + "\n")
            self._child.stdin.flush()
            for line in self._child.stdout:
                said = json.loads(line)
                if "sent" in said:
                    self.begun_at = self.begun_at or perf_counter()
                    self._tell(said["sent"] / self._request.packets)
                else:
                    self._last = said
        except (OSError, ValueError):  # it died: without a last word there is no result
            return


def _streamed(said: dict[str, object]) -> Streamed:
    packets, lost = said.get("packets"), said.get("lost_there")
    if not isinstance(packets, list):
        raise StreamError(str(said.get("problem") or "the stream broke off"))
    return Streamed(
        packets=tuple(Packet(**each) for each in packets),
        lost_there=lost if isinstance(lost, int) else None,
    )
