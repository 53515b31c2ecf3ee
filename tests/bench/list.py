"""The agenda with 10,000 visits: a key in the search box, a frame while scrolling, doing nothing.

* A keystroke is timed from the key to the painted list with its answer, at a fast typist's pace.
* A frame is the work for one notch of the wheel, and for one page: handling it and painting.
* Idle is the processor time of the process while countdowns tick, one synchronisation a minute
  included, with every row loaded.
* Memory is what the system counts as resident.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from measure.children import Children, screens
from measure.figures import Aim, Report, figure
from measure.options import read_options
from measure.world import ROWS, technician_with_a_full_agenda

IDLE_S, QUICK_IDLE_S = 60, 20
WORDS, QUICK_WORDS = 30, 10
KEYSTROKE_AIM = Aim("p95", 50)
IDLE_AIM = Aim("median", 0.5)
EMPTY = "an empty QMainWindow"


def main() -> None:
    """Measure on every screen there is."""
    options = read_options(__doc__ or "")
    seconds = str(QUICK_IDLE_S if options.quick else IDLE_S)
    words = str(QUICK_WORDS if options.quick else WORDS)
    report = Report("list")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        children = Children(folder)
        with technician_with_a_full_agenda(folder) as profile, screens() as available:
            for screen, around in available.items():
                empty = children.run("list_empty", "--seconds", seconds, surroundings=around)
                arguments = ("--seconds", seconds, "--words", words, "--rows", str(ROWS))
                ours = children.run(
                    "list_app", "--profile", profile, *arguments, surroundings=around
                )
                add_figures(report, screen, ours, empty)
    report.finish(options.json)


def add_figures(report: Report, screen: str, ours: dict[str, Any], empty: dict[str, Any]) -> None:
    """Put what the drivers found into the report."""
    times = {
        "letter typed to list shown": (ours["letters"], KEYSTROKE_AIM),
        "search cleared to list shown": (ours["clearings"], KEYSTROKE_AIM),
        "scroll frame, a notch of the wheel": (ours["wheel"], None),
        "scroll frame, a page": (ours["pages"], None),
        "longest stall while further rows are loaded": (ours["further_pages"], None),
    }
    for name, (samples, aim) in times.items():
        report.add(figure(f"{name}, {screen}", "ms", [each * 1000 for each in samples], aim=aim))
    for name, share in ours["idle"].items():
        report.add(
            figure(
                f"idle, {ours['rows']} rows ticking, map {name}, {screen}",
                "% core",
                [share * 100],
                peer=EMPTY,
                peer_samples=[empty["idle"] * 100],
                aim=IDLE_AIM,
            )
        )
    for name in ("first", "last"):
        loaded = "the first page" if name == "first" else "every row"
        report.add(
            figure(
                f"memory with {loaded} loaded, {screen}",
                "MiB",
                [ours[f"memory_at_{name}"] / 2**20],
                peer=EMPTY,
                peer_samples=[empty["memory"] / 2**20],
            )
        )


if __name__ == "__main__":
    main()
