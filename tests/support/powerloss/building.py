"""Makes the library of this machine's compiler, and runs modules under it."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("shim.c")
SUPPORT = SOURCE.parent.parent
ROOT = SUPPORT.parent.parent

needs_compiler = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None,
    reason="watching a process's files takes Linux and a C compiler",
)


@cache
def library() -> Path:
    """The library, compiled once in this process."""
    folder = Path(tempfile.mkdtemp(prefix="fieldtech-shim-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = folder / "shim.so"
    words = ["cc", "-Wall", "-Wextra", "-shared", "-fPIC", "-O1", "-o", str(made)]
    told = subprocess.run(
        [*words, str(SOURCE), "-ldl", "-pthread"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return made


def run_watched(
    module: str,
    folder: Path,
    *arguments: str,
    record: Path | None = None,
    timeout_s: float = 110,
    ends: int = 0,
) -> str:
    """Run ``module`` with ``folder`` watched; return what it printed.

    It must end with the code ``ends``, by itself; a negative one is the signal that killed it.
    """
    environment = {
        **os.environ,
        "LD_PRELOAD": str(library()),
        "POWERLOSS_ROOT": str(folder.resolve()),
        "POWERLOSS_LOG": "" if record is None else str(record),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(SUPPORT))),
    }
    told = subprocess.run(
        [sys.executable, "-m", module, str(folder.resolve()), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout_s,
        check=False,
    )
    assert told.returncode == ends, f"{module} ended with {told.returncode}\n{told.stderr}"
    return told.stdout
