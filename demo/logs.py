"""Reads the logs of the product's processes for what should not be there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

QUIET = re.compile(r"^\d{4}-\d\d-\d\dT\S+Z (?:DEBUG|INFO) ")
"""A line of the product's own log that only tells what happened."""
OF_THE_MACHINE = (
    "This plugin does not support propagateSizeHints()",
    "Fontconfig",
    "XDG_RUNTIME_DIR",
    # Under LC_ALL=C, in four lines.
    "Detected locale",
    "Qt depends on a UTF-8 locale",
    "reconfigure your locale",
    "for more information.",
)
"""What libraries say of a machine without a desktop."""


def complaints(log: Path) -> list[str]:
    """The lines of a log that are neither quiet nor empty: warnings, errors, tracebacks, Qt's own.

    A log that was never written has none.
    """
    if not log.exists():
        return []
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [
        line
        for line in lines
        if line.strip()
        and not QUIET.match(line)
        and not any(known in line for known in OF_THE_MACHINE)
    ]
