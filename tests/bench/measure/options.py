"""The command line that all benches share."""

from __future__ import annotations

import argparse
from pathlib import Path


def read_options(what: str) -> argparse.Namespace:
    """Return ``json`` (a path or ``None``) and ``quick``."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    parser.add_argument("--quick", action="store_true", help="less of everything, to try it out")
    return parser.parse_args()
