"""The words on the command line that say where files lie and how much of them is taken."""

from __future__ import annotations

import argparse

from fieldtech.central import arguments
from fieldtech.central.blobs.uploads import MEGABYTE, BlobLimits

_MOST_MB = 2**32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add those that ``serve`` and ``ingest`` share."""
    parser.add_argument(
        "--blobs",
        type=arguments.folder,
        metavar="DIR",
        help="folder of the files' bytes (default: by the keys)",
    )
    parser.add_argument(
        "--max-file-mb", type=_megabytes, default=25, metavar="N", help="largest file that is taken"
    )
    parser.add_argument(
        "--total-mb",
        type=_megabytes,
        metavar="N",
        help="most that is kept of all files (default: what the disk has room for)",
    )
    parser.add_argument(
        "--reserve-mb",
        type=_megabytes,
        default=1024,
        metavar="N",
        help="room left free on the disk",
    )


def add_daily_argument(parser: argparse.ArgumentParser) -> None:
    """Add the one of ``serve`` alone: a sealed package may hold the files of weeks."""
    parser.add_argument(
        "--user-mb-per-day",
        type=_megabytes,
        default=500,
        metavar="N",
        help="most that one user sends",
    )


def limits_of(args: argparse.Namespace) -> BlobLimits:
    """What these words come to; without ``--user-mb-per-day`` a day has no limit."""
    per_day: int = getattr(args, "user_mb_per_day", _MOST_MB)
    return BlobLimits(
        file=args.max_file_mb * MEGABYTE,
        per_day=per_day * MEGABYTE,
        total=None if args.total_mb is None else args.total_mb * MEGABYTE,
        reserve=args.reserve_mb * MEGABYTE,
    )


def _megabytes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:12]) < _MOST_MB):
        message = f"not a number of megabytes: {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)
