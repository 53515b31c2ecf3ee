"""The words with which the desktop is started."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

from typing_extensions import override

from fieldtech.paths import named_folder

if TYPE_CHECKING:
    from collections.abc import Sequence


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; usage errors exit with 64."""
    parser = _Parser(prog="fieldtech")
    parser.add_argument(
        "--profile", type=named_folder, help="folder of the profile; a new one is made"
    )
    parser.add_argument("--central", default="", help="address offered at sign-in")
    parser.add_argument("--secrets", default="auto", choices=["auto", "file", "keyring"])
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--self-test", action="store_true", help="open the window and quit")
    return parser.parse_args(list(arguments))


class _Parser(argparse.ArgumentParser):
    """Ends with 64 on a wrong command line, as every entry point of the product does."""

    @override
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"fieldtech: {message}\n")
        raise SystemExit(64)
