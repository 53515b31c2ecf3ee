"""The real window on a virtual display, started by the product's own entry point."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.xvfb
def test_the_window_opens_on_a_display_and_quits(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *("xvfb-run", "--auto-servernum", "--server-args=-screen 0 1366x768x24"),
            *(sys.executable, "-m", "ui", "--self-test"),
            *("--profile", str(tmp_path / "profile"), "--secrets", "file"),
        ],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_needs_no_display() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("fieldtech ")


def test_a_wrong_command_line_ends_with_64() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--no-such-option"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 64
