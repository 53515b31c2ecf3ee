"""The core runs where there is no Qt: on a server, in a cron job, in the laptop's command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

IMPORT_ALL = """
import importlib, sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6"}:
            raise ImportError(f"{name} is out of bounds here")

sys.meta_path.insert(0, NoQt())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def core_modules() -> list[str]:
    """Every module of the core; migrations are scripts that only their tool can run."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((ROOT / "fieldtech").rglob("*.py"))
        if "migrations" not in path.parts
    ]


def test_every_module_of_the_core_imports_without_qt() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_ALL, *core_modules()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_guard_of_that_test_bites() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, "PySide6.QtCore"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "out of bounds" in done.stderr


@pytest.mark.parametrize("module", ["fieldtech.config", "fieldtech.secrets", "fieldtech.log"])
def test_the_small_modules_import_nothing_heavy(module: str) -> None:
    """They are all imported before the first paint."""
    program = (
        f"import sys, {module}\n"
        "heavy = {'sqlalchemy', 'requests', 'keyring', 'secretstorage', 'msgspec', 'fastapi'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
