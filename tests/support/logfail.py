"""A log record at WARNING or above fails the test, unless the test expected it.

After qutebrowser's ``tests/helpers/logfail.py``. Expect a record with the marker
``@pytest.mark.expects_log("pattern")`` or, when the pattern is only known inside, with the fixture
``expect_log``. An expected record that never comes fails the test as well.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Generator

import pytest

ExpectLog = Callable[[str], None]
_watch_key = pytest.StashKey["_Watch"]()


class _Watch(logging.Handler):
    """Collects what was logged during one test and what was announced."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.expected: list[str] = []
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # Only the text is kept: a record's arguments may hold objects alive past their test.
        self.found.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def complaint(self, *, finished: bool) -> str:
        """Say what is wrong; absent records are only missed when the test body has finished."""
        stray = [
            line
            for line in self.found
            if not any(re.search(pattern, line) for pattern in self.expected)
        ]
        if stray:
            return "unexpected log records:\n" + "\n".join(stray)
        absent = [
            pattern
            for pattern in self.expected
            if not any(re.search(pattern, line) for line in self.found)
        ]
        return f"expected log records did not come: {absent}" if absent and finished else ""


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "expects_log(*patterns): log records this test provokes")


@pytest.fixture
def expect_log(request: pytest.FixtureRequest) -> ExpectLog:
    """Return a function that announces a pattern for a record this test provokes."""
    watch: _Watch = request.node.stash[_watch_key]
    return watch.expected.append


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Watch the root logger for as long as this test, its set-up and its teardown take."""
    watch = _Watch()
    for marker in item.iter_markers("expects_log"):
        watch.expected.extend(marker.args)
    item.stash[_watch_key] = watch
    root = logging.getLogger()
    root.addHandler(watch)
    try:
        return (yield)
    finally:
        root.removeHandler(watch)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail the test itself for what was logged up to its end."""
    result = yield
    _check(item, finished=True)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Report what was logged while the test was cleared away."""
    seen = len(item.stash[_watch_key].found)
    result = yield
    if len(item.stash[_watch_key].found) > seen:
        _check(item, finished=False)
    return result


def _check(item: pytest.Item, *, finished: bool) -> None:
    complaint = item.stash[_watch_key].complaint(finished=finished)
    if complaint:
        pytest.fail(complaint, pytrace=False)
