"""Commands that change more than their case: corrections, swaps, planned works, references."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from central_desk import assign, place, register

from fieldtech.central.feed import Unwritable, Writer, current_body
from fieldtech.domain.reference import Site
from fieldtech.protocol.codec import decode_body, to_stamp

if TYPE_CHECKING:
    from central_desk import Desk, Laptop


@pytest.fixture
def dora(desk: Desk) -> Laptop:
    """The dispatcher of ``jal``, with an incident at ``gdl`` and Ana on it."""
    laptop = desk.laptop("dora")
    register(laptop, "i1")
    assign(laptop, "i1", "v1", "ana")
    return laptop


def propose(desk: Desk, **args: Any) -> dict[str, Any]:
    told = {
        "correction_id": "k1",
        "entity": "site",
        "entity_id": "s-gdl",
        "field_name": "street",
        "old": "Av. Vallarta 100",
        "new": "Av. Vallarta 1001",
        **args,
    }
    result = desk.laptop("ana").do("correction.propose", "incident:i1", **told)
    assert result["status"] == "applied", result
    return result


def accept(laptop: Laptop) -> dict[str, Any]:
    return laptop.do("correction.accept", "incident:i1", correction_id="k1")


def test_an_accepted_correction_changes_the_record_everywhere(desk: Desk, dora: Laptop) -> None:
    ana = desk.laptop("ana")
    propose(desk)
    dora.pull()
    assert dora.bodies["site", "s-gdl"]["street"] == "Av. Vallarta 100"
    result = accept(dora)
    assert (result["status"], result["revs"]["site:s-gdl"]) == ("applied", 2)
    for laptop in (dora, ana):
        laptop.pull()
        assert laptop.bodies["site", "s-gdl"]["street"] == "Av. Vallarta 1001"


def test_numbers_and_empty_values_can_be_corrected(desk: Desk, dora: Laptop) -> None:
    propose(desk, entity="service", entity_id="v-gdl", field_name="total_users", old="40", new="50")
    assert accept(dora)["status"] == "applied"
    dora.pull()
    assert dora.bodies["service", "v-gdl"]["total_users"] == 50
    propose(desk, correction_id="k2", field_name="lon", old="-103.35", new="-103.36")
    propose(desk, correction_id="k3", field_name="street", old="Av. Vallarta 100", new="")
    for correction_id in ("k2", "k3"):
        result = dora.do("correction.accept", "incident:i1", correction_id=correction_id)
        assert result["status"] == "applied", result
    dora.pull()
    assert dora.bodies["site", "s-gdl"]["lon"] == -103.36
    assert dora.bodies["site", "s-gdl"]["street"] == ""


def test_a_value_that_does_not_read_back_is_never_written(desk: Desk, dora: Laptop) -> None:
    dora.pull()
    site = msgspec.convert(dora.bodies["site", "s-gdl"], Site)
    with desk.database.write() as connection:
        writer = Writer(connection, now=desk.clock.now())
        writer.put("site", "s-gdl", replace(site, lat=math.nan))
        with pytest.raises(Unwritable):
            writer.flush()
        connection.rollback()
    dora.pull()
    assert dora.bodies["site", "s-gdl"]["lat"] == 20.67


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"old": "Otra calle"}, "expected_changed"),
        ({"entity_id": "s-zap"}, "unknown_target"),
        ({"entity_id": "nowhere"}, "unknown_target"),
        ({"field_name": "region_id", "old": "gdl"}, "invalid"),
        ({"field_name": "colour", "old": ""}, "invalid"),
        ({"field_name": "lat", "old": "20.67", "new": "north"}, "invalid"),
        ({"field_name": "lat", "old": "20.67", "new": "nan"}, "invalid"),
        ({"field_name": "lat", "old": "20.67", "new": "inf"}, "invalid"),
        ({"field_name": "lat", "old": "20.67", "new": "90.5"}, "invalid"),
        ({"field_name": "lon", "old": "-103.35", "new": "1e9"}, "invalid"),
        (
            {"field_name": "timezone", "old": "America/Mexico_City", "new": "Nowhere/Land"},
            "invalid",
        ),
        ({"field_name": "timezone", "old": "America/Mexico_City", "new": ""}, "invalid"),
        ({"field_name": "name", "old": "Sucursal gdl", "new": " "}, "invalid"),
        ({"field_name": "phone", "old": "", "new": "8" * 60_000}, "invalid"),
        ({"field_name": "street", "old": "Av. Vallarta 100", "new": "dos\nlíneas"}, "invalid"),
        (
            {"entity": "service", "entity_id": "v-gdl", "field_name": "total_users"}
            | {"old": "40", "new": "-5"},
            "invalid",
        ),
        (
            {"entity": "service", "entity_id": "v-gdl", "field_name": "access"}
            | {"old": "own", "new": "telepathy"},
            "invalid",
        ),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(
    desk: Desk, dora: Laptop, args: dict[str, Any], code: str
) -> None:
    propose(desk, **args)
    result = accept(dora)
    assert (result["status"], result["code"]) == ("rejected", code)


def test_a_swapped_device_keeps_its_place_under_new_numbers(desk: Desk, dora: Laptop) -> None:
    ana = desk.laptop("ana")
    swap = {
        "equipment_id": "e-gdl",
        "old_serial": "SN1",
        "old_mac": "00:11:22:33:44:55",
        "new_serial": "SN2",
        "new_mac": "00:11:22:33:44:66",
    }
    assert ana.do("equipment.swap", "visit:v1", **swap)["status"] == "applied"
    dora.pull()
    assert dora.bodies["equipment", "e-gdl"]["serial"] == "SN2"
    strange = ana.do("equipment.swap", "visit:v1", **{**swap, "equipment_id": "e-zap"})
    assert strange["status"] == "applied", "the fact stands; another site's record is not touched"
    assert "equipment:e-zap" not in strange["revs"]


# Places -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"site_id": "nowhere"}, "unknown_target"),
        ({"customer_id": "c-zap"}, "invalid"),
        ({"region_id": "zap"}, "invalid"),
        ({"service_id": "v-zap"}, "invalid"),
        ({"service_id": "nothing", "affected": None, "severity": "minor"}, "unknown_target"),
        ({"equipment_id": "e-zap"}, "invalid"),
        ({"repeat_of": "nothing"}, "unknown_target"),
        ({"site_id": ""}, "invalid"),
    ],
)
def test_an_incident_is_registered_at_a_place_that_exists(
    dora: Laptop, change: dict[str, Any], code: str
) -> None:
    result = dora.do("incident.register", "incident:i2", **{**place(dora), **change})
    assert (result["status"], result["code"]) == ("rejected", code)
    dora.pull()
    assert dora.ids("incident") == {"i1"}


def test_an_incident_id_and_a_visit_id_are_taken_once(desk: Desk, dora: Laptop) -> None:
    again = register(dora, "i1")
    assert (again["status"], again["code"]) == ("rejected", "already_exists")
    register(dora, "i2", "zap")
    for result in (
        assign(dora, "i2", "v1", "beto"),
        dora.do("visit.reassign", "visit:v1", new_visit_id="v1", technician_id="beto", reason="x"),
    ):
        assert (result["status"], result["code"]) == ("rejected", "already_exists")
    ana = desk.laptop("ana")
    ana.pull()
    assert ana.bodies["visit", "v1"]["incident_id"] == "i1"


@pytest.mark.parametrize("technician", ["nobody", "dora", "root"])
def test_only_a_technician_is_sent(dora: Laptop, technician: str) -> None:
    register(dora, "i2", "zap")
    result = assign(dora, "i2", "v2", technician)
    assert (result["status"], result["code"]) == ("rejected", "unknown_target")


def test_folios_count_up_and_leave_imported_ones_alone(desk: Desk, dora: Laptop) -> None:
    with desk.database.write() as connection:
        raw = current_body(connection, "incident", "i1")
        assert raw is not None
        incident = decode_body("incident", bytes(raw))
        writer = Writer(connection, now=desk.clock.now())
        writer.put("incident", "old", replace(incident, id="old", number="INC-26110002"))
        writer.flush()
    refused = dora.do("incident.register", "incident:i2", **{**place(dora), "title": " "})
    assert refused["status"] == "rejected"
    many = [dora.envelope("incident.register", f"incident:n{n}", **place(dora)) for n in range(3)]
    assert {r["status"] for r in dora.push(*many)} == {"applied"}
    dora.pull()
    numbers = [dora.bodies["incident", f"n{n}"]["number"] for n in range(3)]
    assert len(set(numbers)) == 3
    assert "INC-26110002" not in numbers
    assert all(number.startswith("INC-2611") for number in numbers)


def test_a_duplicate_hands_its_report_to_the_original(dora: Laptop) -> None:
    register(dora, "i2")
    both = dora.envelope("incident.mark_duplicate", "incident:i2", of="i1")
    after = dora.envelope("incident.note", "incident:i1", text="después")
    results = dora.push(both, after)
    assert [r["status"] for r in results] == ["applied", "applied"]
    assert set(results[0]["revs"]) == {"incident:i1", "incident:i2"}
    dora.pull()
    assert dora.bodies["incident", "i2"]["state"] == "duplicate"
    assert dora.bodies["incident", "i1"]["notes"][0]["text"] == "después"


# Planned works ------------------------------------------------------------------------------------


def announce(laptop: Laptop, *scope: str, target: str = "planned:p1") -> dict[str, Any]:
    start = laptop.desk.clock.now()
    laptop.desk.clock.advance(7200)
    end = laptop.desk.clock.now()
    laptop.desk.clock.advance(-7200)
    return laptop.do(
        "planned.announce",
        target,
        title="Cambio de fibra",
        scope=list(scope),
        start=to_stamp(start),
        end=to_stamp(end),
    )


def test_planned_works_reach_everybody_and_change(desk: Desk, dora: Laptop) -> None:
    ana = desk.laptop("ana")
    assert announce(dora, "region:gdl", "site:s-zap", "service:v-gdl")["status"] == "applied"
    ana.pull()
    assert ana.bodies["planned", "p1"]["title"] == "Cambio de fibra"
    result = dora.do("planned.cancel", "planned:p1", reason="lluvia")
    assert result["status"] == "applied", result
    ana.pull()
    assert ana.bodies["planned", "p1"]["cancelled"] is True
    again = dora.do("planned.cancel", "planned:p1", reason="otra vez")
    assert (again["status"], again["code"]) == ("rejected", "wrong_state")
    assert again["current"]["planned:p1"]["cancelled"] is True


@pytest.mark.parametrize("scope", ["site:s-mty", "service:v-mty", "region:mty"])
def test_nobody_moves_or_cancels_the_planned_works_of_another_region(
    desk: Desk, dora: Laptop, scope: str
) -> None:
    assert announce(desk.laptop("nora"), scope)["status"] == "applied"
    later = {"start": "2026-11-06T15:00:00Z", "end": "2026-11-06T17:00:00Z"}
    for name, args in (("cancel", {"reason": "lluvia"}), ("change", {**later, "reason": "lluvia"})):
        result = dora.do(f"planned.{name}", "planned:p1", **args)
        assert (result["status"], result["code"]) == ("rejected", "not_authorised")
    dora.pull()
    assert dora.bodies["planned", "p1"].get("cancelled", False) is False


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ("region:nl", "not_authorised"),
        ("site:s-mty", "not_authorised"),
        ("service:v-mty", "not_authorised"),
        ("site:nowhere", "unknown_target"),
        ("planet:mars", "invalid"),
    ],
)
def test_planned_works_stay_within_the_dispatchers_regions(
    dora: Laptop, scope: str, code: str
) -> None:
    result = announce(dora, "region:gdl", scope)
    assert (result["status"], result["code"]) == ("rejected", code)
