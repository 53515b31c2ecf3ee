"""What nobody reaches any more is freed on the windows' thread, whoever made it."""

from __future__ import annotations

import gc
import json
import threading
import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QWidget

from ui.tasks.garbage import GarbageKeeper

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot
    from whole_app import Open

ALLOCATIONS = 200_000
"""Far more than makes the interpreter start a collection by itself."""


def make_garbage(freed_on: list[int]) -> weakref.ref[QObject]:
    """Return an object that only a collection can free; the thread that frees it is noted."""
    lost = QWidget()
    lost.destroyed.connect(lambda: freed_on.append(threading.get_ident()))
    lost.itself = lost  # type: ignore[attr-defined]  # the cycle
    return weakref.ref(lost)


def allocate() -> None:
    json.loads(json.dumps([[number] for number in range(ALLOCATIONS)]))


def test_a_worker_that_allocates_frees_no_widget(qtbot: QtBot) -> None:
    gc.enable()
    keeper = GarbageKeeper()
    freed_on: list[int] = []
    lost = make_garbage(freed_on)
    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert lost() is not None, "the worker collected it"
    made: list[list[int]] = []

    def is_freed() -> bool:
        made.extend([number] for number in range(gc.get_threshold()[0]))
        return lost() is None

    # Middle and full rounds come after ten of the smaller ones; the beat is a second.
    keeper._timer.setInterval(1)
    qtbot.waitUntil(is_freed)
    keeper.stop()
    assert set(freed_on) <= {threading.get_ident()}


def test_an_open_application_keeps_the_collector(launch: Open, tmp_path: Path) -> None:
    gc.enable()
    application = launch(tmp_path)
    assert not gc.isenabled()
    assert application.window.thread() is QThread.currentThread()
    application.close()
    assert not gc.isenabled(), "threads of other libraries may still be ending"
