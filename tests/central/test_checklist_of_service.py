"""The central asks for the checklist items of the service that failed, as the laptop does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import field_office
from central_desk import assign, register

if TYPE_CHECKING:
    from central_desk import Desk


def test_an_internet_service_is_restored_without_an_answer_about_telephones(desk: Desk) -> None:
    dora, ana = desk.laptop("dora"), desk.laptop("ana")
    register(dora, "inc-1")
    assign(dora, "inc-1", "vis-1", "ana")
    ana.pull()
    for step in ("accept", "start_travel", "arrive"):
        ana.do(f"visit.{step}", "visit:vis-1")
    restoration = field_office.restoration(desk.clock.now())
    asked = field_office.mandatory(ana)

    refused = ana.do("incident.restore", "incident:inc-1", **restoration)
    assert (refused["code"], refused["detail"]) == ("missing_items", ",".join(asked))
    assert not any(item.startswith("sip.") for item in asked)

    for item in asked:
        ana.do("check.answer", "visit:vis-1", item=item, status="pass")
    assert ana.do("incident.restore", "incident:inc-1", **restoration)["status"] == "applied"
