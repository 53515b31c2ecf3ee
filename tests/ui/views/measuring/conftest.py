"""The checklist that measures itself: an open visit, and runs whose answers a test writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from measuring_hands import leave_out_the_machine, open_checklist

if TYPE_CHECKING:
    from stage import Stage

    from ui.views.technician.visit_panel import VisitPanel


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own interfaces are not the test's business."""
    leave_out_the_machine(monkeypatch)


@pytest.fixture
def panel(stage: Stage) -> VisitPanel:
    """The checklist of the visit at Cancún, where the technician is."""
    return open_checklist(stage)
