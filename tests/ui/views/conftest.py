"""Screens over the laptops of ``field_office``, at its fixed moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import field_office
import pytest
from desk_living import Line, Living
from stage import Stage, spoken

from fieldtech.services import syncing
from ui.views.dispatcher.board_view import BoardView
from ui.views.technician.visit_panel import VisitPanel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from field_office import FieldLaptop, Office
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from fieldtech.clock import FakeClock
    from ui.theme.theme import Theme


@pytest.fixture
def clock() -> FakeClock:
    """Stands at ``field_office.NOW``."""
    return field_office.new_clock()


@pytest.fixture
def office(tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    """The central, in this process."""
    made = field_office.new_office(tmp_path / "central", clock)
    yield made
    made.close()


@pytest.fixture
def ana(tmp_path: Path, clock: FakeClock) -> Iterator[FieldLaptop]:
    """The technician's laptop."""
    yield from field_office.opened("ana", tmp_path / "ana", clock)


@pytest.fixture
def dora(tmp_path: Path, clock: FakeClock) -> Iterator[FieldLaptop]:
    """The dispatcher's laptop."""
    yield from field_office.opened("dora", tmp_path / "dora", clock)


@pytest.fixture
def stage(ana: FieldLaptop, theme: Theme, qtbot: QtBot) -> Iterator[Stage]:
    """The technician's screens, in English."""
    made = Stage(ana, theme, qtbot)
    yield made
    made.close()


@pytest.fixture
def board_stage(dora: FieldLaptop, theme: Theme, qtbot: QtBot) -> Iterator[Stage]:
    """The dispatcher's screens, in English."""
    made = Stage(dora, theme, qtbot)
    yield made
    made.close()


@pytest.fixture
def board(board_stage: Stage) -> BoardView:
    """The dispatcher's board on a wide screen."""
    made = BoardView(board_stage.kit)
    board_stage.show(made, 1294)
    return made


@pytest.fixture
def spanish(qapp: QApplication) -> Iterator[str]:
    """The application speaks Spanish."""
    yield from spoken(qapp, "es")


@pytest.fixture
def english(qapp: QApplication) -> Iterator[str]:
    """The application speaks English with its plurals."""
    yield from spoken(qapp, "en")


@pytest.fixture
def line(office: Office, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A connection that works."""
    made = Line(office)
    monkeypatch.setattr(syncing, "open_runner", made.open_runner)
    return made


@pytest.fixture
def living(stage: Stage, line: Line, english: str) -> Iterator[Living]:
    """The technician's life, begun."""
    assert (line.failure, english) == (None, "en")
    made = Living(stage)
    made.start()
    yield made
    made.end()


@pytest.fixture
def panel(stage: Stage) -> VisitPanel:
    """The visit on site, at its files."""
    made = VisitPanel(stage.kit)
    made.show_incident("onsite", "")
    stage.show(made, 460)
    made.open_tab(3)
    stage.settle()
    return made
