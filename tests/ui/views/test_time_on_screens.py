"""Clocks on the screens: what moves them, and what they say of their own doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import field_office
import pytest
from PySide6.QtWidgets import QDateTimeEdit, QLabel, QTabBar, QWidget
from stage import Stage, find

from fieldtech.protocol.codec import decode_args
from fieldtech.services.values import SyncStatus
from fieldtech.store.central_time import Sample
from ui.views import formats
from ui.views.sync_line import clock_text
from ui.views.sync_view import SyncView
from ui.views.technician.restore_texts import doubt_text
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.countdown_label import CountdownLabel

if TYPE_CHECKING:
    from field_office import FieldLaptop

HOUR = 3600


@pytest.fixture
def panel(stage: Stage) -> VisitPanel:
    """The visit that runs."""
    made = VisitPanel(stage.kit)
    stage.show(made, 420)
    made.show_incident("run", "")
    stage.settle()
    return made


def figures(panel: VisitPanel) -> str:
    return find(panel, "visit.countdown", CountdownLabel).figures


def seconds(text: str) -> int:
    hours, minutes, rest = (int(part) for part in text.split(":"))
    return hours * HOUR + minutes * 60 + rest


def beat(stage: Stage) -> None:
    """Let the window's own ticker beat for real, once."""
    with stage.qtbot.waitSignal(stage.kit.ticker.tick, timeout=15_000):
        stage.kit.ticker.stop()
        stage.kit.ticker.start()
    stage.settle()
    stage.kit.ticker.stop()


@pytest.mark.parametrize("jump", [3 * HOUR, -3 * HOUR, 400 * 86_400])
def test_a_jump_of_the_laptops_clock_moves_no_countdown(
    stage: Stage, panel: VisitPanel, jump: float
) -> None:
    beat(stage)
    before = seconds(figures(panel))
    stage.laptop.machine.jump_wall(jump)
    stage.laptop.machine.advance(2)
    beat(stage)
    assert seconds(figures(panel)) == before - 2


def test_the_beat_goes_on_after_a_jump(stage: Stage, panel: VisitPanel) -> None:
    """A wait that was measured before the jump must not last three hours."""
    ticker = stage.kit.ticker
    ticker.start()
    stage.laptop.machine.jump_wall(-3 * HOUR)
    with stage.qtbot.waitSignal(ticker.tick, timeout=15_000):
        pass
    stage.laptop.machine.advance(1)
    with stage.qtbot.waitSignal(ticker.tick, timeout=15_000):
        pass
    ticker.stop()
    assert figures(panel)


def test_a_shut_lid_counts(stage: Stage, panel: VisitPanel) -> None:
    """The first beat after waking shows all of it, in one step."""
    beat(stage)
    before = seconds(figures(panel))
    stage.laptop.machine.advance(40 * 60)
    beat(stage)
    assert seconds(figures(panel)) == before - 40 * 60


def unsure(laptop: FieldLaptop, by_s: float) -> None:
    now = laptop.clock.now().timestamp()
    laptop.clock.set_sample(
        Sample(
            central_s=now,
            wall_s=laptop.machine.now().timestamp(),
            boot_s=laptop.machine.boot(),
            boot_id=laptop.machine.boot_id(),
            rtt_s=2 * by_s,
        )
    )


def open_restoration(stage: Stage) -> VisitPanel:
    laptop = stage.laptop
    laptop.answer_mandatory("onsite")
    panel = VisitPanel(stage.kit)
    stage.show(panel, 420)
    panel.show_incident("onsite", "")
    stage.settle()
    stage.click(panel, "action.incident.restore")
    return panel


def test_the_form_says_how_far_off_now_can_be(stage: Stage, ana: FieldLaptop) -> None:
    unsure(ana, 7.2)
    panel = open_restoration(stage)
    field = find(panel, "restore.time", QDateTimeEdit)
    assert field.accessibleDescription().startswith("± 8 s, ")
    field.setDateTime(field.dateTime().addSecs(-600))
    assert not field.accessibleDescription(), "what a person remembers is his word"


def test_a_sure_clock_is_not_doubted(stage: Stage, ana: FieldLaptop) -> None:
    unsure(ana, 0.4)
    panel = open_restoration(stage)
    assert not find(panel, "restore.time", QDateTimeEdit).accessibleDescription()


def test_beside_the_deadline_the_review_is_announced() -> None:
    now = field_office.NOW
    assert doubt_text(now, 0.2, now) == ""
    assert "deadline" not in doubt_text(now, 5, None)
    assert "deadline" in doubt_text(now, 5, now + timedelta(seconds=4))
    assert "deadline" not in doubt_text(now, 5, now + timedelta(seconds=6))


def test_a_restoration_is_shown_with_its_doubt(stage: Stage, ana: FieldLaptop) -> None:
    ana.answer_mandatory("onsite")
    unsure(ana, 7.2)
    ana.machine.jump_wall(HOUR)
    args = decode_args("incident.restore", field_office.restoration(ana.clock.now()))
    ana.do("incident.restore", "incident:onsite", args)
    panel = VisitPanel(stage.kit)
    stage.show(panel, 420)
    panel.show_incident("onsite", "")
    stage.settle()
    assert "Restored 11:00 ± 8 s" in all_text(panel)
    panel.open_tab(panel_tab(panel))
    stage.settle()
    told = all_text(panel)
    assert "11:00 ± 8 s · time to be reviewed" in told


def all_text(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def panel_tab(panel: VisitPanel) -> int:
    """Where the notes and the timeline are."""
    tabs = find(panel, "visit.tabs", QTabBar)
    return next(at for at in range(tabs.count()) if tabs.tabText(at).startswith("Notes"))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, ""), (0.99, ""), (1.0, " ± 1 s"), (4.2, " ± 5 s"), (119.0, " ± 119 s")],
)
def test_an_uncertainty_that_can_be_seen_is_said(seconds: float, text: str) -> None:
    assert formats.plus_minus(seconds) == text


def test_a_wide_one_is_said_in_minutes() -> None:
    assert formats.plus_minus(120) == " ± 2 min"
    assert formats.plus_minus(5 * HOUR + 1) == " ± 5 h 1 min"


STATUS = SyncStatus(uncertainty_s=0.1)


@pytest.mark.parametrize(
    ("status", "part"),
    [
        (replace(STATUS, compared=False, uncertainty_s=120), "not been compared"),
        (replace(STATUS, rebooted=True, uncertainty_s=5.1), "own clock, ± 6 s"),
        (replace(STATUS, offset_s=-3 * HOUR), "3 h 0 min ahead"),
        (replace(STATUS, offset_s=300), "5 min behind"),
        (replace(STATUS, uncertainty_s=3), "± 3 s"),
    ],
)
def test_what_the_times_rest_on_is_said(status: SyncStatus, part: str) -> None:
    assert part in clock_text(status)


def test_a_clock_that_is_right_is_not_talked_about(stage: Stage) -> None:
    assert clock_text(replace(STATUS, offset_s=-119)) == ""
    view = SyncView(stage.kit)
    stage.show(view)
    label = find(view, "sync.clock", QLabel)
    view.show_status(STATUS)
    assert not label.isVisible()
    view.show_status(replace(STATUS, rebooted=True, uncertainty_s=5))
    assert "restarted" in label.text()
