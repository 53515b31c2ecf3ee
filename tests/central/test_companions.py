"""Who goes along to a visit sees its case, so he must work there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from central_desk import assign, register

if TYPE_CHECKING:
    from central_desk import Desk


@pytest.mark.parametrize("who", ["ana", "dora", "sol"])
def test_a_companion_works_in_the_region_of_the_incident(desk: Desk, who: str) -> None:
    dora = desk.laptop("dora")
    register(dora, "inc-1")
    assign(dora, "inc-1", "vis-1", "ana")
    asker = desk.laptop(who)
    asker.pull()
    elsewhere = asker.do("visit.add_companion", "visit:vis-1", technician_id="caro")
    assert (elsewhere["status"], elsewhere["code"]) == ("rejected", "not_authorised")
    caro = desk.laptop("caro")
    caro.pull()
    assert not caro.has("incident", "inc-1")
    near = asker.do("visit.add_companion", "visit:vis-1", technician_id="beto")
    assert near["status"] == "applied", near
