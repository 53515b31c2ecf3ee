"""One incident's way through the central: registered, assigned, resolved, back on every laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central_desk import assign, register

from fieldtech.protocol.codec import to_stamp

if TYPE_CHECKING:
    from central_desk import Desk


def test_a_registered_incident_reaches_the_technician_and_its_end_the_dispatcher(
    desk: Desk,
) -> None:
    dora, ana = desk.laptop("dora"), desk.laptop("ana")

    registered = register(dora, "inc-1")
    assert registered["status"] == "applied", registered
    assert registered["revs"] == {"incident:inc-1": 1}
    assigned = assign(dora, "inc-1", "vis-1", "ana")
    assert assigned["status"] == "applied", assigned

    ana.pull()
    ana.assert_sums()
    incident = ana.bodies["incident", "inc-1"]
    assert incident["number"] == "INC-26110001"
    assert incident["classifications"][-1]["severity"] == "major"
    checklist = ana.bodies["visit", "vis-1"]["checklist"]
    template = ana.bodies["template", checklist]
    mandatory = [
        item["id"]
        for section in template["sections"]
        for item in section["items"]
        if item["mandatory"]
    ]

    desk.clock.advance(1800)
    now = to_stamp(desk.clock.now())
    results = ana.push(
        ana.envelope("visit.accept", "visit:vis-1"),
        ana.envelope("visit.start_travel", "visit:vis-1"),
        ana.envelope("visit.arrive", "visit:vis-1"),
        *(
            ana.envelope("check.answer", "visit:vis-1", item=item, status="pass")
            for item in mandatory
        ),
        ana.envelope(
            "incident.restore",
            "incident:inc-1",
            restored_at=now,
            attribution="own_network",
            cause=_first(ana.bodies, "causes"),
            solution=_first(ana.bodies, "solutions"),
        ),
        ana.envelope("visit.finish", "visit:vis-1"),
    )
    assert {result["status"] for result in results} == {"applied"}, results

    dora.pull()
    dora.assert_sums()
    assert dora.bodies["incident", "inc-1"]["state"] == "restored"
    assert dora.bodies["visit", "vis-1"]["state"] == "done"
    assert dora.do("incident.close", "incident:inc-1")["status"] == "applied"


def _first(bodies: dict[tuple[str, str], dict[str, list[dict[str, str]]]], listed: str) -> str:
    return bodies["policy", "clever@1"][listed][0]["code"]
