"""What holds for every test: an offscreen Qt, private folders, loopback only, no stray log lines.

Shared helpers live in ``tests/support`` and are imported by their bare name (``import
fake_keyring``).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before any Qt import: a machine without a display must run everything but the `xvfb` tests.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Children started by tests must never meet the developer's own keyring, profile or settings.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ["PYTHONUTF8"] = "1"
# Qt complains of every locale that is not UTF-8, and a person's own would change what is read.
os.environ["LC_ALL"] = "C.UTF-8"

pytest_plugins = (
    "logfail",
    "loopback",
    "leftovers",
    "between_tests",
    "fake_keyring",
    "locked_profiles",
    "tally",
    "lab_table",
)

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak", parent=settings.get_profile("ci"), derandomize=False, max_examples=3000
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the long versions."""
    parser.addoption(
        "--soak", action="store_true", help="run the long versions too, with more examples"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the hypothesis profile and private folders for this run."""
    settings.load_profile("soak" if config.getoption("--soak") else "ci")
    home = tempfile.TemporaryDirectory(prefix="fieldtech-tests-")
    config.add_cleanup(home.cleanup)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "APPDATA"):
        os.environ[name] = str(Path(home.name) / name.lower())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long versions out unless they were asked for."""
    if config.getoption("--soak"):
        return
    soak = [item for item in items if item.get_closest_marker("soak")]
    if soak:
        config.hook.pytest_deselected(items=soak)
        items[:] = [item for item in items if item not in soak]
