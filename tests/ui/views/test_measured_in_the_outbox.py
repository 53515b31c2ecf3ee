"""A measurement among what waits to be sent: what it comes to, in the words of the checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel
from small_work import settle
from stage import Stage

from fieldtech.domain.check_commands import RecordMeasurement
from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.words import CheckStatus
from fieldtech.protocol.wire import QUARANTINED
from ui.views.outbox_card import OutboxCard
from ui.views.sides_table import field_text, side_text
from ui.views.sync_view import SyncView
from ui.views.technician.measure_words import cause_text

if TYPE_CHECKING:
    from field_office import FieldLaptop

RUN_ID, FILE_ID = "7b2c0000-0000-4000-8000-000000000000", "9e2c0000-0000-4000-8000-000000000000"


@pytest.fixture
def number(ana: FieldLaptop) -> int:
    """A run that waits; the number of its command."""
    run = RecordMeasurement(
        measurement_id=RUN_ID,
        started_at=ana.clock.now(),
        profile="quick",
        interface="eth0",
        seconds=6.1,
        cause="nothing_beyond",
        verdict=CheckStatus.FAIL,
        link="provider",
        attribution="ally",
        readings=(MeasuredItem(item="internet.dns", status=CheckStatus.FAIL, value="5.3"),),
        evidence_id=FILE_ID,
    )
    ana.do("check.measure", "visit:v-onsite", run)
    (row,) = ana.desk.sync.outbox()
    return row.n


def texts(stage: Stage) -> list[str]:
    view = SyncView(stage.kit)
    view.show_status(stage.laptop.desk.sync.status())
    stage.show(view, 1294)
    (card,) = view.findChildren(OutboxCard)
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]


@pytest.mark.usefixtures("number")
def test_one_that_waits_says_what_it_comes_to(stage: Stage) -> None:
    (said,) = [each for each in texts(stage) if "eth0" in each]
    verdict, _ = cause_text("nothing_beyond")
    assert said == f"4 Nov 11:00 · Quick · eth0 · {verdict} · Fail · Provider · Allied network"
    assert " " in verdict, "a sentence"


def test_one_that_the_central_holds_is_shown_row_by_row(
    stage: Stage, ana: FieldLaptop, number: int
) -> None:
    (row,) = ana.desk.sync.outbox()
    assert row.n == number
    settle(ana.desk.store, row.op_id, QUARANTINED, code="failed")
    told = texts(stage)
    for name in ("Measured", "Measurement", "Interface", "Cause", "Where it breaks", "Provider"):
        assert name in told
    assert not [each for each in told if "_" in each or RUN_ID in each or FILE_ID in each]


def test_words_of_a_newer_program_are_shown_as_they_are() -> None:
    for kind in ("probe_cause", "probe_link", "profile"):
        assert side_text(kind, "quantum_drift", "America/Monterrey") == "quantum_drift"
    assert field_text("quantum") == "quantum"
