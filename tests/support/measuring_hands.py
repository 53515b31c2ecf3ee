"""What a test of the measured checklist does and reads: the visit at Cancún, its rows, its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from stage import Stage, find

from fieldtech.services import measuring
from ui.views.technician import checklist_tab
from ui.views.technician.visit_panel import VisitPanel
from ui.widgets.chain import ChainView
from ui.widgets.check_header import CheckHeader
from ui.widgets.check_item import CheckItemRow

if TYPE_CHECKING:
    import pytest
    from measured_runs import Measuring

    from fieldtech.domain.visit import Visit
    from fieldtech.services.measuring import Link
    from ui.widgets.chain import ChainNode

WAIT_MS = 10_000


def leave_out_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own interfaces are not the test's business."""
    monkeypatch.setattr(checklist_tab, "_measured_facts", dict)
    monkeypatch.setattr(checklist_tab, "_interfaces", lambda _desk: ())


def open_checklist(stage: Stage, incident_id: str = "onsite") -> VisitPanel:
    """The checklist of a visit; of that at Cancún, where the technician is."""
    made = VisitPanel(stage.kit)
    made.show_incident(incident_id, "")
    stage.show(made, 480, 768)
    made.open_tab(1)
    stage.settle()
    return made


def show_visit(stage: Stage, panel: VisitPanel, incident_id: str) -> None:
    """Look at another visit, or at the same one anew."""
    panel.show_incident(incident_id, "")
    stage.settle()


def script(monkeypatch: pytest.MonkeyPatch, run: Measuring) -> Measuring:
    """Have runs find what ``run`` is told to find."""
    monkeypatch.setattr(measuring, "measure", run)
    return run


def begin(panel: QWidget, name: str = "measure.all") -> None:
    """Press a button, and wait for nothing."""
    find(panel, name, QWidget).click()  # type: ignore[attr-defined]


def measure(
    stage: Stage,
    panel: VisitPanel,
    monkeypatch: pytest.MonkeyPatch,
    run: Measuring,
    name: str = "measure.all",
) -> Measuring:
    """Measure everything, a minute after whatever was before."""
    stage.laptop.machine.advance(60)
    script(monkeypatch, run)
    stage.click(panel, name)
    return run


def repeat(
    stage: Stage, panel: VisitPanel, monkeypatch: pytest.MonkeyPatch, item: str, run: Measuring
) -> Measuring:
    """Measure one item again, a minute after whatever was before."""
    stage.laptop.machine.advance(60)
    script(monkeypatch, run)
    row = row_of(panel, item)
    row.set_open(True)
    stage.click(row, "check.repeat")
    return run


def wait_until_heard(stage: Stage, panel: VisitPanel, item: str, word: str) -> None:
    """Wait until the row of an item says so."""
    stage.qtbot.waitUntil(lambda: word in heard(panel, item), timeout=WAIT_MS)


def visit(stage: Stage) -> Visit:
    """The visit at Cancún as the store has it."""
    detail = stage.laptop.desk.cases.detail("onsite")
    assert detail is not None
    assert detail.visit is not None
    return detail.visit


def causes(stage: Stage) -> list[str]:
    """What the kept runs of that visit come to."""
    return [each.cause for each in visit(stage).measurements]


def row_of(panel: QWidget, item: str) -> CheckItemRow:
    """The row of an item."""
    return find(panel, f"check.{item}", CheckItemRow)


def heard(panel: QWidget, item: str) -> str:
    """What a screen reader says of the row of an item."""
    return find(row_of(panel, item), "", CheckHeader).accessibleName()


def text(panel: QWidget, name: str) -> str:
    """What a label says, nothing while it is hidden."""
    label = find(panel, name, QLabel)
    return "" if label.isHidden() else label.text()


def chain(panel: QWidget) -> ChainView:
    """The drawing above the rows."""
    return find(panel, "measure.chain", ChainView)


def node(panel: QWidget, link: Link) -> ChainNode:
    """A link of the drawing."""
    return chain(panel).nodes[measuring.LINKS.index(link)]


def drawer(row: CheckItemRow) -> QPlainTextEdit:
    """Where a row shows its evidence."""
    return find(row, "check.drawer", QPlainTextEdit)
