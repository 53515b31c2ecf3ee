"""Ctrl+C, SIGTERM and a closed terminal end the demo in the same orderly way."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

INTERRUPTED = 130
ENDINGS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


def on_ending(end: Callable[[], None]) -> None:
    """Have the first of these signals call ``end``; later ones must not cut the closing short."""

    def first(_number: int, _frame: FrameType | None) -> None:
        for each in ENDINGS:
            signal.signal(each, signal.SIG_IGN)
        end()

    for each in ENDINGS:
        signal.signal(each, first)
