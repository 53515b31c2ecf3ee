"""Doing several things of one probe at once, on threads that never hold the program up.

An executor's threads are waited for when the interpreter ends: one that hangs would hang the
program. These are left behind instead.
"""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
_Done: TypeAlias = tuple[int, T | None, BaseException | None]
"""The place of a call, and what it returned or raised."""


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Return what each call returns, in their order; the first error of one is raised.

    Each call has to end by itself: within its own limit, or when its run is cancelled.
    """
    done = _started(calls)
    found = sorted((done.get() for _ in calls), key=lambda each: each[0])
    return [_value(each) for each in found]


def up_to(calls: Sequence[Callable[[], T]], is_enough: Callable[[T], bool]) -> list[T]:
    """Return what the calls return, as it comes, up to the first that is enough.

    Who is slower is not waited for, and ends by itself. An error of one that came is raised.
    """
    done, found = _started(calls), list[T]()
    for _ in calls:
        found.append(_value(done.get()))
        if is_enough(found[-1]):
            break
    return found


def _started(calls: Sequence[Callable[[], T]]) -> SimpleQueue[_Done[T]]:
    done: SimpleQueue[_Done[T]] = SimpleQueue()

    def work(place: int, call: Callable[[], T]) -> None:
        try:
            done.put((place, call(), None))
        except BaseException as error:  # noqa: BLE001  raised again on the thread that waits
            done.put((place, None, error))

    for place, call in enumerate(calls):
        Thread(target=work, args=(place, call), daemon=True).start()
    return done


def _value(done: _Done[T]) -> T:
    _, value, error = done
    if error is not None:
        raise error
    return value  # type: ignore[return-value]
