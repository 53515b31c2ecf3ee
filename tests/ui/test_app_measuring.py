"""A run belongs to whoever began it: it ends with the seat, and opens no store behind its back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from measured_runs import Measuring
from measuring_hands import WAIT_MS, begin, leave_out_the_machine, script
from PySide6.QtWidgets import QPushButton
from stage import find, shown
from whole_app import Open, settled, signed_in, window

from ui.widgets.check_item import CheckItemRow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from ui.app import Application


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own interfaces are not the test's business."""
    leave_out_the_machine(monkeypatch)


def begin_run(application: Application, qtbot: QtBot, run: Measuring) -> None:
    """Begin a run of the visit at Cancún, which waits for the DNS."""
    settled(qtbot, application)
    page = application._page
    assert page is not None
    page.agenda.open_incident("onsite")
    panel = page.agenda.panel
    panel.open_tab(1)
    qtbot.waitUntil(lambda: bool(panel.findChildren(CheckItemRow)), timeout=WAIT_MS)
    whole = find(panel, "measure.all", QPushButton)
    qtbot.waitUntil(whole.isEnabled, timeout=WAIT_MS)
    begin(panel)
    qtbot.waitUntil(lambda: bool(run.orders), timeout=WAIT_MS)


@pytest.mark.parametrize("way", ["_sign_out", "_switch"])
def test_a_run_ends_with_the_session_and_leaves_the_store_closed(
    launch: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    run = script(monkeypatch, Measuring(hold=("dns",)))
    application = launch(signed_in(tmp_path))
    begin_run(application, qtbot, run)
    getattr(application, way)()
    qtbot.waitUntil(lambda: shown(window(application), "signin.submit"), timeout=WAIT_MS)
    run.release.set()
    qtbot.waitUntil(lambda: not application._runner.is_busy, timeout=WAIT_MS)
    assert application.seat.opening._desk is None
