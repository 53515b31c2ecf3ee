"""Ctrl+C, SIGTERM and a closed terminal end the demo in the same orderly way."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

INTERRUPTED = 130
CHILDREN_LIMIT_S = 20.0
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


def end_children() -> None:
    """End what still runs of the processes that this one has started.

    A signal that comes while a process is being started raises before anybody knows of the process.
    """
    children = psutil.Process().children(recursive=True)
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.terminate()
    _, alive = psutil.wait_procs(children, CHILDREN_LIMIT_S)
    for child in alive:
        with suppress(psutil.NoSuchProcess):
            child.kill()
