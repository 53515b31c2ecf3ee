"""Two runs side by side: what was broken, and the last one."""

from __future__ import annotations

import pytest
from measured_runs import DEAD, HEALTHY, Measuring
from measuring_hands import heard, measure
from PySide6.QtWidgets import QComboBox, QDialog, QTableWidget, QWidget
from stage import Stage, find, pick

from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.words import CheckStatus
from fieldtech.services.measuring import Reason
from ui.views.technician.measured import differ
from ui.views.technician.visit_panel import VisitPanel


def compare(stage: Stage, panel: VisitPanel) -> QDialog:
    """Open the table."""
    stage.click(panel, "measure.compare")
    return find(panel, "comparison", QDialog)


def rows_of(dialog: QDialog) -> list[list[str]]:
    """What the table says."""
    table = find(dialog, "comparison.table", QTableWidget)
    cells = [[table.item(r, c) for c in range(3)] for r in range(table.rowCount())]
    return [[cell.text() if cell is not None else "" for cell in row] for row in cells]


def chosen(dialog: QDialog) -> list[str]:
    """The runs that stand side by side."""
    names = ("comparison.before", "comparison.after")
    return [find(dialog, name, QComboBox).currentText() for name in names]


def close(stage: Stage, dialog: QDialog) -> None:
    """Put it away."""
    dialog.reject()
    stage.settle()


def test_before_and_after_stand_side_by_side(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = {
        "gateway": {"router.gateway_loss": "30", "router.gateway_time": "48"},
        "voice": {**HEALTHY["voice"], "sip.loss": "28"},
    }
    measure(stage, panel, monkeypatch, Measuring(slow))
    assert find(panel, "measure.compare", QWidget).isHidden()
    measure(stage, panel, monkeypatch, Measuring())
    assert "before: Warning, 48 ms" in heard(panel, "router.gateway_time")
    dialog = compare(stage, panel)
    rows = rows_of(dialog)
    assert rows[0][0].startswith("● "), "what differs is first"
    assert ["● Loss to the gateway", "Fail · 30 %", "Pass · 0 %"] in rows
    close(stage, dialog)


def test_what_was_broken_stands_beside_the_last_run_and_others_can_be_chosen(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    dns = Measuring({"dns": {"internet.dns_answers": "none"}})
    for run in (Measuring(), dns, Measuring(DEAD), Measuring()):
        measure(stage, panel, monkeypatch, run)
    dialog = compare(stage, panel)
    before, after = chosen(dialog)
    assert before.endswith("Quick · lan0 · The router answers, and nothing behind it does.")
    assert after.endswith("Quick · lan0 · No fault found between this machine and the service.")
    box = find(dialog, "comparison.before", QComboBox)
    assert box.count() == 4
    pick(box, 1)
    changed = [row[0] for row in rows_of(dialog) if row[0].startswith("● ")]
    assert changed, "the DNS answers, and its time could not be measured"
    assert all("DNS" in name or "address" in name for name in changed), changed
    close(stage, dialog)


def test_what_could_not_be_measured_before_is_a_difference(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in (Measuring(DEAD), Measuring()):
        measure(stage, panel, monkeypatch, run)
    dialog = compare(stage, panel)
    rows = rows_of(dialog)
    marks = [row[0].startswith("● ") for row in rows]
    assert marks == sorted(marks, reverse=True), "they come first"
    assert [
        "● Path MTU",
        "Not measurable here · the server was not reached",
        "Pass · 1492 bytes",
    ] in rows
    close(stage, dialog)


def a_reading(status: CheckStatus, reason: str = "") -> MeasuredItem:
    """What a run says of some item."""
    return MeasuredItem(item="internet.speed", status=status, reason=reason)


def test_what_only_a_full_run_measures_is_no_difference_to_a_quick_one() -> None:
    full = a_reading(CheckStatus.PASS)
    quick = a_reading(CheckStatus.NOT_MEASURABLE, Reason.FULL_ONLY.value)
    assert not differ(full, quick)
    assert differ(full, a_reading(CheckStatus.NOT_MEASURABLE, Reason.NO_LINK.value))
    assert not differ(full, full)
    assert not differ(None, full)
