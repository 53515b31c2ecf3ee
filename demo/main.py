"""``dev.py demo``: a central with sample data, and the application signed in on it.

``--tour DIR`` plays a day unattended and writes pictures; otherwise windows open, beside a small
bar that switches the central off and on, so that a person can try the offline story.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from typing_extensions import override

from demo.endings import INTERRUPTED, end_children, on_ending

USAGE = 64
WHOLE_DAY = 40
"""How many incidents the sample's fixed day has."""
ROLES = {"technician": ("tecnico",), "dispatcher": ("noreste",), "both": ("tecnico", "noreste")}


class _Parser(argparse.ArgumentParser):
    @override
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"demo: {message}\n")
        raise SystemExit(USAGE)


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        message = "at least 1"
        raise argparse.ArgumentTypeError(message)
    return value


def main() -> int:
    """Read the command line and start what it asks for; 130 when it is interrupted."""
    parser = _Parser(prog="dev.py demo")
    parser.add_argument("--as", dest="role", choices=sorted(ROLES), default="technician")
    parser.add_argument("--incidents", type=_count, default=WHOLE_DAY, help="size of the sample")
    parser.add_argument("--tour", type=Path, help="play a day unattended; pictures go here")
    options = parser.parse_args()
    if options.tour is not None and options.incidents < WHOLE_DAY:
        parser.error(f"--incidents: the tour needs the sample's whole day, at least {WHOLE_DAY}")
    with tempfile.TemporaryDirectory(prefix="fieldtech-demo-") as folder:
        try:
            on_ending(_interrupt)
            return _start(options, Path(folder))
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            end_children()


def _start(options: argparse.Namespace, work: Path) -> int:
    if options.tour is not None:
        return play_tour(options.tour, work, options.incidents)
    from demo.bar import run_demo

    return run_demo(work, ROLES[options.role], options.incidents)


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


def play_tour(out: Path, work: Path, incidents: int) -> int:
    """Play the tour; 0 when every step succeeded."""
    from demo.tour import Tour

    # Pictures must not depend on the machine's screen, scale or theme.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = "1"
    return 0 if Tour(out.absolute(), work, incidents).play() else 1


if __name__ == "__main__":
    sys.exit(main())
