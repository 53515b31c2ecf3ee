"""Garbage is collected between tests, on their own thread.

As in the application, see ``ui/tasks/garbage.py``: a test's worker thread must not come to destroy
the widgets of the test before it.
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest


def pytest_configure() -> None:
    """Leave the interpreter no moment of its own choosing."""
    gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Collect after each test what is due."""
    from ui.tasks.garbage import collect_due

    result = yield
    collect_due()
    return result
