"""What outlives its test fails it.

A thread, a running timer or QThread; and what was put on the one ``QApplication`` of all tests: a
translation, a locale or a style sheet would change what every later test sees.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Generator

import pytest

_GRACE_SECONDS = 5.0


@pytest.fixture(autouse=True)
def no_leftovers(request: pytest.FixtureRequest) -> Generator[None]:
    """Compare threads and Qt's timers before and after; broader fixtures' own are not counted."""
    uses_qt = "qapp" in request.fixturenames
    threads = set(threading.enumerate())
    ticking = set(_running_qt_objects()) if uses_qt else set()
    bare = _put_on() if uses_qt else {}
    yield
    left = [*_threads_left(threads)]
    if uses_qt:
        left += [text for key, text in _qt_after_deletion().items() if key not in ticking]
        worn = _put_on()
        left += [f"{what} of the application" for what in worn if worn[what] != bare[what]]
    if left:
        pytest.fail("left after the test:\n" + "\n".join(left), pytrace=False)


def _threads_left(before: set[threading.Thread]) -> list[str]:
    left = []
    for thread in set(threading.enumerate()) - before:
        # A thread of another language that once ran Python code: nobody can join it.
        if isinstance(thread, threading._DummyThread):
            continue
        thread.join(_GRACE_SECONDS)
        if thread.is_alive():
            left.append(f"thread {thread.name!r}")
    return left


def _qt_after_deletion() -> dict[int, str]:
    from PySide6.QtCore import QCoreApplication, QEvent

    if QCoreApplication.instance() is not None:
        # Widgets closed by pytest-qt wait for this event, and a test has no event loop to bring it.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return _running_qt_objects()


def _put_on() -> dict[str, str]:
    """What a test may leave on the application; asked for a text that ours translates."""
    from PySide6.QtCore import QCoreApplication, QLocale

    application = QCoreApplication.instance()
    dress = application.property("styleSheet") if application is not None else ""
    return {
        "translation": QCoreApplication.translate("ActionsBar", "Reason"),
        "locale": QLocale().name(),
        "style sheet": str(dress or ""),
    }


def _running_qt_objects() -> dict[int, str]:
    if "PySide6.QtCore" not in sys.modules:
        return {}
    import shiboken6
    from PySide6.QtCore import QThread, QTimer

    running: dict[int, str] = {}
    kinds = {QTimer, QThread, *_below(QTimer), *_below(QThread)}
    for thing in gc.get_objects():
        # By type and not isinstance: a large suite holds half a million objects.
        if type(thing) not in kinds or not shiboken6.isValid(thing):
            continue
        if isinstance(thing, QTimer) and thing.isActive():
            running[id(thing)] = f"timer {thing.objectName()!r} of {thing.parent()!r}"
        elif isinstance(thing, QThread) and thing.isRunning() and thing != QThread.currentThread():
            running[id(thing)] = f"QThread {thing.objectName()!r}"
    return running


def _below(kind: type[object]) -> set[type[object]]:
    """Every class derived from ``kind``."""
    children: list[type[object]] = kind.__subclasses__()
    return {each for child in children for each in (child, *_below(child))}
