"""What several probes of one run need and only one of them should ask for."""

from __future__ import annotations

from threading import Event, Lock, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Generic, TypeVar

from fieldtech.diagnostics.tools import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")
_STEP_S = 0.05


class Once(Generic[T]):
    """Made by whoever asks first, while the others wait for it; safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: list[T] = []

    def get(self, make: Callable[[], T], cancel: Event | None = None) -> T:
        """Return what was made; where ``make`` raises, the next one tries again.

        Who waits for another's ``make`` waits as long as that takes, which its maker bounds, but no
        longer than until ``cancel`` is set: then ``ToolError`` is raised.
        """
        while not self._lock.acquire(timeout=_STEP_S):
            if cancel is not None and cancel.is_set():
                raise ToolError("measurement", "cancelled")
        try:
            if not self._made:
                self._made.append(make())
            return self._made[0]
        finally:
            self._lock.release()


class Memo(Generic[T]):
    """The same for each of several keys; an error is kept as well, and raised again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[Hashable, Once[T | Exception]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made for a key, or raise what making it raised."""
        with self._lock:
            once = self._known.setdefault(key, Once())

        def made() -> T | Exception:
            try:
                return make()
            except OSError as error:
                return error

        found = once.get(made)
        if isinstance(found, Exception):
            raise found
        return found


class Background(Generic[T]):
    """Made on a thread of its own, so that whoever waits can stop waiting and it goes on."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done = Event()
        self._begun = 0.0
        self._took = 0.0
        self._made: list[T] = []
        self._error: Exception | None = None
        self._thread: Thread | None = None

    def begin(self, make: Callable[[], T]) -> None:
        """Have it made, unless it is already."""
        with self._lock:
            if self._thread is None:
                self._begun = perf_counter()
                self._thread = Thread(target=self._work, args=(make,), daemon=True)
                self._thread.start()

    @property
    def seconds(self) -> float:
        """How long it took, or has taken so far; nothing before it has begun."""
        if self._done.is_set() or not self._begun:
            return self._took
        return perf_counter() - self._begun

    def result(self, cancel: Event) -> T:
        """Wait for it; raises what making it raised, or ``ToolError`` when cancelled."""
        while not self._done.wait(_STEP_S):
            if cancel.is_set():
                raise ToolError("configuration", "cancelled")
        if self._error is not None:
            raise self._error
        return self._made[0]

    def _work(self, make: Callable[[], T]) -> None:
        try:
            self._made.append(make())
        except Exception as error:  # noqa: BLE001  it is told to whoever asks
            self._error = error
        self._took = perf_counter() - self._begun
        self._done.set()
