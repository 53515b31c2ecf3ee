"""What several probes of one run need and only one of them should ask for."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Once(Generic[T]):
    """Made by whoever asks first, while the others wait for it; safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: list[T] = []

    def get(self, make: Callable[[], T]) -> T:
        """Return what was made; where ``make`` raises, the next one tries again."""
        with self._lock:
            if not self._made:
                self._made.append(make())
            return self._made[0]
