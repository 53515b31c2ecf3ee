"""The first visit is made and shown a part at a time; whatever happens meanwhile is heeded."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QTabBar
from stage import Stage, find, shown

from ui.views.technician.visit_panel import VisitPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


@pytest.fixture
def panel(stage: Stage) -> VisitPanel:
    """Nothing is shown in it yet."""
    made = VisitPanel(stage.kit)
    stage.show(made, 420)
    return made


def while_made(stage: Stage, panel: VisitPanel, qtbot: QtBot, do: Callable[[], None]) -> int:
    """Show the first visit, ``do`` something in its midst; count the turns it took."""
    turns: list[bool] = []
    beat = QTimer(panel, interval=0)

    def in_between() -> None:
        if panel._is_making and panel._body is None:
            turns.append(True)
            if len(turns) == 3:
                do()

    beat.timeout.connect(in_between)
    beat.start()
    panel.show_incident("run", "")
    qtbot.waitUntil(lambda: panel._body is not None, timeout=15_000)
    beat.stop()
    stage.settle()
    return len(turns)


def name(panel: VisitPanel) -> str:
    return find(panel, "visit.number", QLabel).text()


def test_it_is_made_in_many_turns(stage: Stage, panel: VisitPanel, qtbot: QtBot) -> None:
    assert while_made(stage, panel, qtbot, lambda: None) >= 15
    assert shown(panel, "visit.tabs")
    first = name(panel)
    assert first
    panel.show_incident("minor", "")
    stage.settle()
    assert name(panel) != first


def test_another_one_chosen_meanwhile_is_the_one_shown(
    stage: Stage, panel: VisitPanel, qtbot: QtBot
) -> None:
    def choose() -> None:
        panel.show_incident("minor", "")
        panel.open_tab(2)

    while_made(stage, panel, qtbot, choose)
    shown_first = name(panel)
    assert find(panel, "visit.tabs", QTabBar).currentIndex() == 2
    panel.show_incident("run", "")
    stage.settle()
    assert name(panel) != shown_first


def test_one_that_went_meanwhile_is_not_shown(
    stage: Stage, panel: VisitPanel, qtbot: QtBot
) -> None:
    while_made(stage, panel, qtbot, lambda: panel.show_incident("no-such", ""))
    assert not shown(panel, "visit.tabs")
    panel.show_incident("run", "")
    stage.settle()
    assert shown(panel, "visit.tabs")


def test_each_turn_imports_one_part_of_the_visit() -> None:
    """One that is missing in the list, or stands too late, would come along with another."""
    script = (
        "import sys\n"
        "from ui.views.technician import visit_panel\n"
        "def parts(): return {m for m in sys.modules if m.startswith('ui.views.technician.')}\n"
        "counts, before = [], parts()\n"
        "for _ in visit_panel.import_parts():\n"
        "    counts.append(len(parts() - before)); before = parts()\n"
        "print(max(counts), sum(counts))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    most, everything = map(int, done.stdout.split())
    assert most == 1
    assert everything >= 10
