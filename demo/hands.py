"""A person at a laptop: the application in a process of its own, obeying orders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from demo.player import NotOnScreenError

if TYPE_CHECKING:
    from pathlib import Path


class ProcessHands:
    """Starts ``demo.player`` on a profile and hands it one order after another.

    Every method of ``demo.player.Player`` can be called here by its name.
    """

    def __init__(self, profile: Path, *arguments: str, log: Path) -> None:
        self.profile = profile
        self._arguments = arguments
        self._log = log
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Open the application."""
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    *("-m", "demo.player", "--profile", str(self.profile)),
                    *self._arguments,
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "PYTHONUTF8": "1"},
            )

    def order(self, do: str, *args: object) -> Any:  # noqa: ANN401  whatever the player answers
        """One order; raises ``NotOnScreenError`` with what was there instead."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            message = "the application is not open"
            raise NotOnScreenError(message)
        process.stdin.write(json.dumps({"do": do, "args": args}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            message = f"the application ended during {do} {args}: see {self._log}"
            raise NotOnScreenError(message)
        answer = json.loads(line)
        if not answer["ok"]:
            raise NotOnScreenError(answer["detail"])
        return answer["value"]

    def click(self, name: str) -> None:
        """See ``Player.click``."""
        self.order("click", name)

    def press(self, label: str) -> None:
        """See ``Player.press``."""
        self.order("press", label)

    def type(self, name: str, text: str) -> None:
        """See ``Player.type``."""
        self.order("type", name, text)

    def key(self, name: str, sequence: str) -> None:
        """See ``Player.key``."""
        self.order("key", name, sequence)

    def choose(self, name: str, text: str) -> None:
        """See ``Player.choose``."""
        self.order("choose", name, text)

    def pick(self, name: str, text: str) -> None:
        """See ``Player.pick``."""
        self.order("pick", name, text)

    def answer(self, name: str, label: str) -> None:
        """See ``Player.answer``."""
        self.order("answer", name, label)

    def tab(self, name: str, position: int) -> None:
        """See ``Player.tab``."""
        self.order("tab", name, position)

    def read(self, name: str) -> str:
        """See ``Player.read``."""
        return str(self.order("read", name))

    def find_name(self, name: str) -> None:
        """Wait until a widget of that name is on the screen."""
        self.order("read", name)

    def see(self, text: str) -> None:
        """See ``Player.see``."""
        self.order("see", text)

    def see_row(self, name: str, text: str) -> None:
        """See ``Player.see_row``."""
        self.order("see_row", name, text)

    def see_exactly(self, prefix: str, texts: list[str]) -> None:
        """See ``Player.see_exactly``."""
        self.order("see_exactly", prefix, texts)

    def see_gone(self, name: str) -> None:
        """See ``Player.see_gone``."""
        self.order("see_gone", name)

    def texts(self) -> list[str]:
        """See ``Player.texts``."""
        found: list[str] = self.order("texts")
        return found

    def grab(self, path: str) -> None:
        """See ``Player.grab``."""
        self.order("grab", path)

    def pause(self, milliseconds: int) -> None:
        """See ``Player.pause``."""
        self.order("pause", milliseconds)

    def resize(self, width: int, height: int) -> None:
        """See ``Player.resize``."""
        self.order("resize", width, height)

    def kill(self) -> None:
        """End the application with kill -9, as a battery does."""
        self._end(kill=True)

    def close(self) -> None:
        """Close the application; kill it when it does not end."""
        self._end(kill=False)

    def _end(self, *, kill: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if kill:
            process.kill()
        elif process.stdin is not None:
            with suppress(BrokenPipeError):  # it has ended by itself, which its step reported
                process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()
