"""Prints what the lab's tests found: fault, broken link, suggested attribution, right, seconds."""

from __future__ import annotations

import pytest

HEAD = ("fault", "link", "attribution", "right", "seconds")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of all rows that tests recorded as ``lab``, in whichever process they ran."""
    reports = [*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())]
    rows = [
        [str(cell) for cell in value]
        for report in reports
        for name, value in report.user_properties
        if name == "lab" and isinstance(value, (list, tuple))
    ]
    if not rows:
        return
    widths = [max(len(row[place]) for row in (HEAD, *rows)) for place in range(len(HEAD))]
    terminalreporter.section("what the lab's faults were taken for")
    for row in (HEAD, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.line("  ".join(cells).rstrip())
