"""One thing that is wrong with a file, said so that a person can mend the cell."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """``line`` counts from 1 (0: the whole file); ``column`` is the header as the file has it."""

    line: int
    column: str
    value: str
    reason: str

    @property
    def shown(self) -> str:
        """The value cut to a readable length, control characters spelt out."""
        cut = self.value if len(self.value) <= SHOWN else f"{self.value[:SHOWN]}…"
        return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)

    def sentence(self, file: str) -> str:
        """``file:line: column: reason (value)``, the shape that editors jump to."""
        where = f"{file}:{self.line}" if self.line else file
        column = f" {self.column}:" if self.column else ""
        value = f" (“{self.shown}”)" if self.value else ""
        return f"{where}:{column} {self.reason}{value}"
