"""A machine's tools that print what a test wrote down, and are missing otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event

from fieldtech.diagnostics.tools import ToolError


@dataclass
class ScriptedTools:
    """Outputs by how their command begins; ``asked`` keeps every command, in order."""

    outputs: dict[tuple[str, ...], str | bytes] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)

    def __call__(
        self, command: Sequence[str], *, limit_s: float = 3.0, cancel: Event | None = None
    ) -> bytes:
        """Answer as ``run_tool`` does."""
        words = tuple(command)
        if cancel is not None and cancel.is_set():
            raise ToolError(words[0], "cancelled")
        self.asked.append(words)
        self.limits.append(limit_s)
        for begin, output in self.outputs.items():
            if words[: len(begin)] == begin:
                return output.encode() if isinstance(output, str) else output
        raise ToolError(words[0], "missing")

    @property
    def tools(self) -> list[str]:
        """The names of the tools that were asked."""
        return [words[0] for words in self.asked]
