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


def pytest_collection_finish() -> None:
    """Lay aside what lives as long as the run: half a million objects that were walked each time.

    The modules and the tests themselves; both the collector and the guard against what outlives its
    test (``leftovers``) have only those of the tests to go through then.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """Collect after each test what is due."""
    from ui.tasks.garbage import collect_due

    result = yield
    collect_due()
    return result
