"""Doing several things of one probe at once, on threads that never hold the program up.

An executor's threads are waited for when the interpreter ends: one that hangs would hang the
program. These are left behind instead.
"""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Return what each call returns, in their order; the first error of one is raised.

    Each call has to end by itself: within its own limit, or when its run is cancelled.
    """
    done: SimpleQueue[tuple[int, T | None, BaseException | None]] = SimpleQueue()

    def work(place: int, call: Callable[[], T]) -> None:
        try:
            done.put((place, call(), None))
        except BaseException as error:  # noqa: BLE001  raised again on the thread that waits
            done.put((place, None, error))

    for place, call in enumerate(calls):
        Thread(target=work, args=(place, call), daemon=True).start()
    found = sorted((done.get() for _ in calls), key=lambda each: each[0])
    for _, _, error in found:
        if error is not None:
            raise error
    return [value for _, value, _ in found]  # type: ignore[misc]
