"""Nobody learns, or reaches, what is not his: people, laptops, incidents of another region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from central_desk import assign, place, register

from fieldtech.central.feed import Writer
from fieldtech.domain.reference import Person
from fieldtech.domain.words import Role

if TYPE_CHECKING:
    from central_desk import Desk, Laptop


@pytest.fixture
def dora(desk: Desk) -> Laptop:
    """The dispatcher of ``jal``."""
    return desk.laptop("dora")


@pytest.fixture
def nora(desk: Desk) -> Laptop:
    """The dispatcher of ``nl``, with an incident there."""
    laptop = desk.laptop("nora")
    register(laptop, "theirs", "mty")
    return laptop


def test_a_technician_learns_of_others_who_they_are_and_not_where_they_live(
    desk: Desk, dora: Laptop
) -> None:
    with desk.database.write() as connection:
        writer = Writer(connection, now=desk.clock.now())
        for user_id in ("ana", "beto"):
            card = Person(
                id=user_id,
                name=user_id.title(),
                role=Role.TECHNICIAN,
                region_ids=("jal",),
                phone="3312345678",
                email="x@example.org",
                skills=("fibra",),
                base_lat=20.6,
                base_lon=-103.3,
            )
            writer.put("person", user_id, card)
        writer.flush()
    ana = desk.laptop("ana")
    for laptop in (ana, dora):
        laptop.pull()
        laptop.assert_sums()
    assert ana.bodies["person", "beto"] == {
        "id": "beto",
        "name": "Beto",
        "role": "technician",
        "region_ids": ["jal"],
    }
    assert ana.bodies["person", "ana"]["base_lat"] == 20.6
    assert dora.bodies["person", "beto"]["phone"] == "3312345678"


def test_nobody_learns_how_far_anothers_laptop_is(desk: Desk, dora: Laptop) -> None:
    register(dora, "i1")
    assert dora.pull_page()["last_n"] == 1
    ana = desk.laptop("ana")
    ana.device_id = dora.device_id
    assert ana.pull_page()["last_n"] == 0


def test_a_foreign_incident_is_as_unknown_as_none(dora: Laptop, nora: Laptop) -> None:
    """Neither a repeat nor a duplicate tells whether it is there, or in which state."""
    register(dora, "i1")
    for other in ("theirs", "nothing"):
        told = [
            dora.do("incident.register", "incident:i2", **{**place(dora), "repeat_of": other}),
            dora.do("incident.mark_duplicate", "incident:i1", of=other),
        ]
        assert [(each["status"], each["code"]) for each in told] == [
            ("rejected", "unknown_target")
        ] * 2
    nora.do("incident.cancel", "incident:theirs", reason="ya")
    told_of_closed = dora.do("incident.mark_duplicate", "incident:i1", of="theirs")
    assert told_of_closed["code"] == "unknown_target"
    sol = dora.desk.laptop("sol")
    again = sol.do("incident.register", "incident:i3", **{**place(sol), "repeat_of": "theirs"})
    assert again["status"] == "applied", again


def test_nobody_is_sent_into_a_region_that_is_not_his(dora: Laptop) -> None:
    register(dora, "i1")
    refused = assign(dora, "i1", "v1", "caro")
    assert (refused["status"], refused["code"], refused["detail"]) == (
        "rejected",
        "not_authorised",
        "caro",
    )
    assert assign(dora, "i1", "v1", "ana")["status"] == "applied"
    moved = dora.do(
        "visit.reassign", "visit:v1", new_visit_id="v2", technician_id="caro", reason="más cerca"
    )
    assert (moved["status"], moved["code"]) == ("rejected", "not_authorised")
