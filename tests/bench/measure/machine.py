"""On what all this was measured."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import psutil

_CPU_INFO = Path("/proc/cpuinfo")


def describe_machine() -> dict[str, str]:
    """Return processor, cores, memory and the versions that matter."""
    import PySide6

    return {
        "cpu": _processor(),
        "cores": str(os.cpu_count()),
        "memory_gib": str(round(psutil.virtual_memory().total / 2**30)),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "qt": PySide6.__version__,
    }


def describe_load() -> str:
    """Return the load of the last minute: above 1 somebody else was using the machine."""
    return f"{psutil.getloadavg()[0]:.2f}"


def _processor() -> str:
    try:
        lines = _CPU_INFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
