"""From the start of the process to a usable agenda of 10,000 visits, against an empty window.

Usable: rows of the agenda are painted and a key press has moved the choice in the list. The empty
window does the same as far as it can. Both are started in turns, each in a process of its own, the
central switched off, the key in the profile's private file.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from measure.children import Children, screens
from measure.figures import Aim, Report, figure
from measure.options import read_options
from measure.world import technician_with_a_full_agenda

PAIRS, QUICK_PAIRS = 15, 9
WARM_UPS = 2
AIM = Aim("ratio", 2.5)


def main() -> None:
    """Measure on every screen there is."""
    options = read_options(__doc__ or "")
    report = Report("startup")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with technician_with_a_full_agenda(folder) as profile:
            pass
        children = Children(folder)
        with screens() as available:
            for screen, surroundings in available.items():
                ours: list[float] = []
                empty: list[float] = []
                for _ in range(WARM_UPS + (QUICK_PAIRS if options.quick else PAIRS)):
                    ours.append(
                        children.milliseconds_to_line(
                            "startup_app", "--profile", profile, surroundings=surroundings
                        )
                    )
                    empty.append(
                        children.milliseconds_to_line("startup_empty", surroundings=surroundings)
                    )
                report.add(
                    figure(
                        f"first usable agenda, 10,000 visits, {screen}",
                        "ms",
                        ours[WARM_UPS:],
                        peer="an empty QMainWindow, started in turns",
                        peer_samples=empty[WARM_UPS:],
                        aim=AIM,
                    )
                )
    report.finish(options.json)


if __name__ == "__main__":
    main()
