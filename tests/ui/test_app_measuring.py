"""A run belongs to whoever began it: it ends with the seat, and opens no store behind its back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from measured_runs import Measuring
from measuring_hands import WAIT_MS, begin, leave_out_the_machine, script
from PySide6.QtWidgets import QPushButton
from stage import find, shown
from whole_app import Open, met_a_minute_ago, settled, signed_in, window

from fieldtech.errors import EnvironmentProblem
from fieldtech.services.measuring import MeasuringService
from ui.views.technician.measuring import MeasureRun
from ui.widgets.check_item import CheckItemRow

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from fieldtech.services.measured import Report
    from fieldtech.services.measuring import Order
    from fieldtech.services.values import Refused, Saved
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


class FullDisk:
    """Keeps no run until there is ``room``; counts how often it was asked, and what it kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room = False
        self.tries = self.kept = 0
        really = MeasuringService.keep

        def keep(service: MeasuringService, order: Order, report: Report) -> Saved | Refused:
            self.tries += 1
            if not self.room:
                raise EnvironmentProblem("The disk is full.", code="disk_full")
            result = really(service, order, report)
            self.kept += 1
            return result

        monkeypatch.setattr(MeasuringService, "keep", keep)


def leave(application: Application, qtbot: QtBot, way: str, other: Path) -> None:
    """Go, in one of the ways there are."""
    if way == "another person":
        application._sign_in_again()
        met_a_minute_ago("ana", other)
        application._entrance._move(other, application.come_in, _must_not)
        qtbot.waitUntil(lambda: application.seat.profile.dir == other, timeout=WAIT_MS)
    else:
        getattr(application, way)()


def _must_not(error: Exception) -> None:
    raise error


@pytest.mark.expects_log("work failed")
@pytest.mark.parametrize("way", ["_sign_out", "_switch", "_seal", "another person", "close"])
def test_what_the_disk_did_not_take_has_a_last_try_on_every_way_out(
    launch: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    run = script(monkeypatch, Measuring())
    disk = FullDisk(monkeypatch)
    application = launch(signed_in(tmp_path))
    begin_run(application, qtbot, run)
    qtbot.waitUntil(lambda: disk.tries == 1 and not application._runner.is_busy, timeout=WAIT_MS)
    disk.room = True
    leave(application, qtbot, way, tmp_path / "other")
    qtbot.waitUntil(lambda: not application._runner.is_busy, timeout=WAIT_MS)
    assert (disk.tries, disk.kept) == (2, 1)


@pytest.mark.expects_log("work failed")
def test_a_last_try_that_fails_is_told(
    launch: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = script(monkeypatch, Measuring())
    disk = FullDisk(monkeypatch)
    application = launch(signed_in(tmp_path))
    begin_run(application, qtbot, run)
    qtbot.waitUntil(lambda: disk.tries == 1 and not application._runner.is_busy, timeout=WAIT_MS)
    told: list[object] = []
    application._runner.failed.connect(told.append)
    application._switch()
    qtbot.waitUntil(lambda: not application._runner.is_busy, timeout=WAIT_MS)
    assert [getattr(each, "code", "") for each in told] == ["disk_full"]
    qtbot.waitUntil(lambda: not application._runner.findChildren(MeasureRun), timeout=WAIT_MS)


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
