"""A person at a laptop: the application in a process of its own, obeying orders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from demo.lines import next_line
from demo.player import NotOnScreenError

if TYPE_CHECKING:
    from pathlib import Path

ORDER_LIMIT_S = 150.0
"""Longer than the player's own patience, which says what was on the screen instead."""
END_LIMIT_S = 20.0


class ProcessHands:
    """Starts ``demo.player`` on a profile and hands it one order after another.

    Every method of ``demo.player.Player`` can be called here by its name.
    """

    def __init__(self, profile: Path, *arguments: str, log: Path) -> None:
        self.profile = profile
        self._arguments = arguments
        self.log = log
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Open the application."""
        with self.log.open("a", encoding="utf-8") as log:
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
                # A crash leaves its stacks in the log.
                env={**os.environ, "PYTHONUTF8": "1", "PYTHONFAULTHANDLER": "1"},
            )

    def order(self, do: str, *args: object, limit_s: float = ORDER_LIMIT_S) -> Any:  # noqa: ANN401  whatever the player answers
        """One order; raises ``NotOnScreenError`` with what was there instead.

        An application that does not answer at all is ended: it would take the next answer for this.
        """
        process = self._process
        if process is None or process.stdin is None:
            message = "the application is not open"
            raise NotOnScreenError(message)
        try:
            process.stdin.write(json.dumps({"do": do, "args": args}) + "\n")
            process.stdin.flush()
            line = next_line(process, limit_s)
        except BrokenPipeError:
            line = ""
        except TimeoutError as silence:
            self.kill()
            message = f"the application hangs at {do} {args}: {silence}"
            raise NotOnScreenError(message) from silence
        if not line:
            message = f"the application ended during {do} {args}: see {self.log}"
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

    def show(self, name: str) -> None:
        """See ``Player.show``."""
        self.order("show", name)

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

    def see_no_row(self, name: str, text: str) -> None:
        """See ``Player.see_no_row``."""
        self.order("see_no_row", name, text)

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

    def kill(self) -> int:
        """End the application with kill -9, as a battery does."""
        return self._end(kill=True)

    def close(self) -> int:
        """Close the application, kill it when it does not end; returns its exit code."""
        return self._end(kill=False)

    def _end(self, *, kill: bool) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if kill:
            process.kill()
        if process.stdin is not None:
            with suppress(BrokenPipeError):  # it has ended by itself, which its step reported
                process.stdin.close()
        try:
            code = process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait(END_LIMIT_S)
        if process.stdout is not None:
            process.stdout.close()
        return code
