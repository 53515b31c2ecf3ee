"""Where time comes from: one protocol, the machine's clock and a clock that stands still.

Two readings matter and must never be mixed. The *wall clock* names a moment (and may be set
wrongly, or jump); the *boot clock* measures how long something took and keeps counting while the
laptop's lid is shut, which ``time.monotonic`` does not do on Linux and macOS. ``boot_id`` says
whether two boot readings may be compared at all.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_LINUX_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_INTERRUPT_TIME_UNITS_PER_SECOND = 10_000_000


class Clock(Protocol):
    """The only way product code learns the time; handed in by whoever composes the parts."""

    def now(self) -> datetime:
        """Return the wall clock's moment, aware and in UTC."""
        ...

    def boot(self) -> float:
        """Return seconds since some fixed point of this boot, time asleep included."""
        ...

    def boot_id(self) -> str:
        """Return a text that is the same for as long as ``boot`` readings are comparable."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def __init__(self) -> None:
        """Read the boot identity once: it cannot change while this process lives."""
        self._boot_id = _system_boot_id() or f"process-{os.urandom(16).hex()}"

    def now(self) -> datetime:
        """Return the wall clock's moment, aware and in UTC."""
        return datetime.now(UTC)

    def boot(self) -> float:
        """Return seconds since boot, time asleep included."""
        return _boot_seconds()

    def boot_id(self) -> str:
        """Return the operating system's boot identity.

        Where the system names none, the identity is this process's own: readings of two processes
        then count as two boots, which widens an uncertainty and never narrows one.
        """
        return self._boot_id


class FakeClock:
    """A clock that moves only when told; for tests, demonstrations and replays; thread-safe."""

    def __init__(self, start: datetime, *, boot: float = 0.0, boot_id: str = "fake-boot-1") -> None:
        """Start at an aware moment; a naive ``start`` raises ``ValueError``."""
        if start.tzinfo is None:
            message = "a clock starts at an aware moment"
            raise ValueError(message)
        self._lock = threading.Lock()
        self._now = start.astimezone(UTC)
        self._boot = boot
        self._boot_id = boot_id
        self._boots = 1

    def now(self) -> datetime:
        """Return the moment this clock was moved to, in UTC."""
        with self._lock:
            return self._now

    def boot(self) -> float:
        """Return the seconds this clock was advanced since its last boot."""
        with self._lock:
            return self._boot

    def boot_id(self) -> str:
        """Return the identity of the present pretended boot."""
        with self._lock:
            return self._boot_id

    def advance(self, seconds: float) -> None:
        """Let time pass: both the wall clock and the boot clock move on."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._boot += seconds

    def jump_wall(self, seconds: float) -> None:
        """Set the wall clock forwards or back, as a person or a bad battery does."""
        with self._lock:
            self._now += timedelta(seconds=seconds)

    def reboot(self, *, off_for: float = 0.0) -> None:
        """Switch the machine off and on: a new boot identity, the boot clock from zero."""
        with self._lock:
            self._now += timedelta(seconds=off_for)
            self._boot = 0.0
            self._boots += 1
            self._boot_id = f"fake-boot-{self._boots}"


if sys.platform == "linux":

    def _boot_seconds() -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def _system_boot_id() -> str:
        try:
            return _LINUX_BOOT_ID.read_text(encoding="ascii").strip()
        except OSError:
            return ""

elif sys.platform == "darwin":
    import ctypes

    def _boot_seconds() -> float:
        # On macOS this clock is mach_continuous_time, which counts through sleep. The constant of
        # the same name on Linux stops in suspend, so this branch must stay Apple's alone.
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)

    def _system_boot_id() -> str:
        libc = ctypes.CDLL(None)
        buffer = ctypes.create_string_buffer(64)
        size = ctypes.c_size_t(len(buffer))
        failed = libc.sysctlbyname(
            b"kern.bootsessionuuid", buffer, ctypes.byref(size), None, ctypes.c_size_t(0)
        )
        return "" if failed else buffer.value.decode("ascii", "replace")

elif sys.platform == "win32":
    import ctypes

    def _boot_seconds() -> float:
        # QueryInterruptTime is exported by KernelBase and, unlike the unbiased variant, counts
        # sleep.
        ticks = ctypes.c_ulonglong()
        ctypes.WinDLL("kernelbase").QueryInterruptTime(ctypes.byref(ticks))
        return ticks.value / _INTERRUPT_TIME_UNITS_PER_SECOND

    def _system_boot_id() -> str:
        import winreg

        key = (
            r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"
        )
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:
                return f"windows-{winreg.QueryValueEx(opened, 'BootId')[0]}"
        except OSError:
            return ""

else:

    def _boot_seconds() -> float:
        return time.monotonic()

    def _system_boot_id() -> str:
        return ""
