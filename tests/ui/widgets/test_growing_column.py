"""Many rows: made a few at a time, kept when they say the same, always in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel

from ui.widgets.growing_column import SLICE, GrowingColumn
from ui.widgets.timeline import Timeline, TimelineEvent

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from ui.theme.theme import Theme


@pytest.fixture
def column(qtbot: QtBot) -> GrowingColumn[str]:
    """A column of labels."""
    made: GrowingColumn[str] = GrowingColumn(QLabel)
    qtbot.addWidget(made)
    return made


def texts(column: GrowingColumn[str]) -> list[str]:
    """What stands in the layout, from the top."""
    layout = column.layout()
    assert layout is not None
    found = []
    for position in range(layout.count()):
        item = layout.itemAt(position)
        label = item.widget() if item is not None else None
        assert isinstance(label, QLabel)
        found.append(label.text())
    return found


def finish(column: GrowingColumn[str]) -> None:
    """Let the rest be made without waiting for the event loop."""
    while not column.is_complete:
        column._grow()


def test_the_event_loop_comes_round_between_the_slices(
    column: GrowingColumn[str], qtbot: QtBot
) -> None:
    wanted = [str(number) for number in range(SLICE * 5)]
    column.set_items(wanted)
    assert texts(column) == wanted[:SLICE]
    sizes: list[int] = []
    column.grown.connect(lambda: sizes.append(len(column.rows)))
    qtbot.waitUntil(lambda: column.is_complete)
    assert sizes == [SLICE * times for times in (2, 3, 4, 5)]
    assert texts(column) == wanted


def test_a_new_one_on_top_makes_one_widget(column: GrowingColumn[str]) -> None:
    column.set_items([str(number) for number in range(40)])
    finish(column)
    before = column.rows
    column.set_items(["new", *(str(number) for number in range(40))])
    assert column.is_complete
    assert column.rows[1:] == before
    assert texts(column)[:2] == ["new", "0"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rounds=st.lists(st.lists(st.sampled_from("abcdefghijkl"), max_size=20), max_size=5))
def test_whatever_comes_it_stands_as_asked(
    column: GrowingColumn[str], rounds: list[list[str]]
) -> None:
    for items in rounds:
        column.set_items(items)  # the round before may be unfinished
        assert len(column.rows) <= len(items)
    finish(column)
    assert texts(column) == (rounds[-1] if rounds else texts(column))


def test_a_long_timeline_keeps_its_rows_when_a_note_comes(theme: Theme, qtbot: QtBot) -> None:
    line = Timeline(theme)
    qtbot.addWidget(line)
    events = [TimelineEvent(f"10:{number:02}", "Note") for number in range(50, 0, -1)]
    line.set_events(events)
    assert len(line._rows.rows) == SLICE
    qtbot.waitUntil(lambda: line._rows.is_complete)
    kept = line._rows.rows
    line.set_events([TimelineEvent("10:51", "Note"), *events])
    assert line._rows.rows[1:] == kept
    assert len(line.events) == 51
