"""One incident for its screen: what it is, what may be done, and what a change would do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import field_office
import pytest

from fieldtech.diagnostics.interfaces import InterfaceFacts, MachineNetwork
from fieldtech.domain.commands import AddNote, FieldTime, Reason
from fieldtech.protocol.codec import decode_args
from fieldtech.services import machine
from fieldtech.services.values import (
    AgendaQuery,
    CaseDetail,
    ReclassificationPreview,
    Refused,
    Saved,
)
from fieldtech.store.work import NewCommand

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office


def detail(laptop: FieldLaptop, incident_id: str, visit_id: str = "") -> CaseDetail:
    found = laptop.desk.cases.detail(incident_id, visit_id)
    assert found is not None
    return found


def test_a_case_comes_with_all_that_its_screen_shows(ana: FieldLaptop) -> None:
    found = detail(ana, "minor")
    assert found.site is not None
    assert found.customer is not None
    assert found.service is not None
    assert (found.site.name, found.customer.name) == ("Sucursal Tijuana", "Cliente Tijuana")
    assert (found.service.kind, found.timezone) == ("internet", "America/Tijuana")
    assert found.region_path == ("tij", "jal", "mx")
    assert sorted(channel.kind for channel in found.channels) == ["email", "phone"]
    assert found.template is not None
    assert found.template.key == "lan-wifi-router@2"
    assert found.policy.id == "clever"
    assert found.people["dora"] == "Dora"
    assert (found.waiting, found.refused) == (0, 0)


def test_a_case_that_is_not_here_is_none(ana: FieldLaptop) -> None:
    assert ana.desk.cases.detail("other") is None
    assert ana.desk.cases.detail_of_visit("v-other") is None
    assert ana.desk.cases.detail_of_visit("v-run") == detail(ana, "run", "v-run")


def test_the_work_of_a_technician_is_offered_in_its_order(ana: FieldLaptop) -> None:
    assert {"visit.accept", "visit.decline"} <= set(detail(ana, "run").legal)
    assert "visit.arrive" not in detail(ana, "run").legal
    ana.do_on_visit("run", "visit.accept", "visit.start_travel", "visit.arrive")
    legal = set(detail(ana, "run").legal)
    assert {"incident.restore", "incident.pause", "visit.leave", "visit.unable"} <= legal
    assert not {"visit.accept", "incident.close", "visit.cancel"} & legal


def test_a_dispatcher_is_offered_no_step_of_the_field(dora: FieldLaptop) -> None:
    legal = set(detail(dora, "run").legal)
    assert not {"visit.accept", "visit.arrive", "visit.decline"} & legal
    assert "incident.close" in detail(dora, "restored").legal


def test_what_waits_is_counted(ana: FieldLaptop) -> None:
    ana.do("incident.note", "incident:run", AddNote(text="uno"))
    ana.do("incident.note", "incident:run", AddNote(text="dos"))
    assert detail(ana, "run").waiting == 2
    (row,) = [r for r in ana.desk.agenda.page(AgendaQuery()).rows if r.incident_id == "run"]
    assert row.waiting == 2


def test_a_saved_command_tells_what_it_touched(ana: FieldLaptop) -> None:
    saved = ana.do("visit.accept", "visit:v-run", FieldTime())
    assert saved.changed.incidents == {"run"}
    assert saved.changed.visits == {"v-run"}
    assert saved.changed.outbox


@pytest.mark.parametrize(
    ("name", "target", "args", "code"),
    [
        ("visit.arrive", "visit:v-run", FieldTime(), "wrong_state"),
        ("visit.decline", "visit:v-run", Reason(reason=""), "missing_reason"),
        ("incident.note", "incident:nowhere", AddNote(text="x"), "unknown_target"),
        ("incident.note", "incident:run", AddNote(text="\x00"), "bad_character"),
        ("incident.note", "incident:run", AddNote(text="x" * 70_000), "too_long"),
        ("visit.cancel", "visit:v-run", Reason(reason="x"), "not_authorised"),
    ],
)
def test_a_refused_command_leaves_nothing_behind(
    ana: FieldLaptop, name: str, target: str, args: object, code: str
) -> None:
    answer = ana.desk.cases.do(name, target, args, {})
    assert isinstance(answer, Refused)
    assert answer.code == code
    assert ana.waiting() == []


def test_several_commands_are_all_kept_or_none(ana: FieldLaptop) -> None:
    note = NewCommand(name="incident.note", target="incident:run", args=AddNote(text="x"))
    early = NewCommand(name="visit.arrive", target="visit:v-run", args=FieldTime())
    assert isinstance(ana.desk.cases.do_all(note, early), Refused)
    assert ana.waiting() == []
    assert isinstance(ana.desk.cases.do_all(note, note), Saved)
    assert ana.waiting() == ["incident.note", "incident.note"]


# --- the live preview of a new count


def preview(laptop: FieldLaptop, incident_id: str, affected: int) -> ReclassificationPreview:
    found = laptop.desk.cases.preview_reclassification(incident_id, affected)
    assert isinstance(found, ReclassificationPreview), found
    return found


def test_both_deadlines_count_from_the_report(ana: FieldLaptop) -> None:
    found = preview(ana, "minor", 10)
    assert (found.severity_before, found.severity_after) == ("minor", "major")
    assert found.share == 0.25
    reported = field_office.NOW - timedelta(minutes=30)
    assert found.before.restoration.due == reported + timedelta(hours=4)
    assert found.after.restoration.due == reported + timedelta(hours=2)
    assert found.after.response.state.value == "met"
    assert ana.waiting() == []


def test_the_preview_is_what_saving_makes_of_it(ana: FieldLaptop) -> None:
    ana.answer_mandatory("onsite")
    found = preview(ana, "onsite", 4)
    args = {**field_office.restoration(ana.clock.now()), "affected": 4}
    ana.do("incident.restore", "incident:onsite", decode_args("incident.restore", args))
    current = detail(ana, "onsite").incident
    assert current.severity is not None
    assert current.severity.value == found.severity_after
    assert current.clocks.restoration.due == found.after.restoration.due


def test_an_impossible_count_is_refused(ana: FieldLaptop) -> None:
    many = ana.desk.cases.preview_reclassification("minor", 41)
    assert isinstance(many, Refused)
    assert many.code == "affected_over_total"
    gone = ana.desk.cases.preview_reclassification("other", 1)
    assert gone == Refused(code="unknown_target")


# --- which visit is meant


def test_a_handed_over_visit_shows_the_one_that_goes_on(dora: FieldLaptop, office: Office) -> None:
    sol = office.desk_of("sol")
    args = {"new_visit_id": "v-2", "technician_id": "beto"}
    assert sol.do("visit.reassign", "visit:v-run", **args)["status"] == "applied"
    dora.sync(office)
    shown = detail(dora, "run", "v-run").visit
    assert shown is not None
    assert (shown.id, shown.technician_id) == ("v-2", "beto")


def test_a_companion_sees_the_visit_he_helps_with(ana: FieldLaptop, office: Office) -> None:
    dora = office.desk_of("dora")
    told = dora.do("visit.add_companion", "visit:v-other", technician_id="ana")
    assert told["status"] == "applied", told
    ana.sync(office)
    shown = detail(ana, "other").visit
    assert shown is not None
    assert shown.technician_id == "beto"


# --- drafts and the machine


def test_a_forms_draft_goes_with_the_command_it_became(ana: FieldLaptop) -> None:
    drafts, cases = ana.desk.drafts, ana.desk.cases
    drafts.save("note:run", {"text": "hola"})
    refused = cases.do("incident.note", "incident:run", AddNote(text=" "), {}, draft="note:run")
    assert isinstance(refused, Refused)
    assert drafts.load("note:run") == {"text": "hola"}
    cases.do("incident.note", "incident:run", AddNote(text="hola"), {}, draft="note:run")
    assert drafts.load("note:run") is None


def test_drafts_are_kept_by_key(ana: FieldLaptop) -> None:
    drafts = ana.desk.drafts
    assert drafts.load("note:run") is None
    drafts.save("note:run", {"text": "señal débil", "n": 3})
    drafts.save("note:run", {"text": "señal", "n": None})
    assert drafts.load("note:run") == {"text": "señal", "n": None}
    drafts.save("note:half", {"text": "\ud83d"})
    assert drafts.load("note:half") is not None
    drafts.drop("note:run")
    drafts.drop("note:run")
    assert drafts.load("note:run") is None
    ana.desk.store.drafts.put("note:list", "[1]")
    assert drafts.load("note:list") is None


def test_the_machine_fills_in_facts_of_its_active_interface(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interface(name: str, speed: int, duplex: str, address: str) -> InterfaceFacts:
        return InterfaceFacts(
            name=name,
            up=True,
            speed_mbps=speed,
            duplex=duplex,
            mtu=1500,
            mac="",
            ipv4=(address,),
            ipv6=(),
        )

    network = MachineNetwork(
        interfaces=(
            interface("eth0", 100, "half", "10.0.0.7"),
            interface("wlan0", 0, "", "192.168.1.7"),
        ),
        interface="eth0",
        private_ip="10.0.0.7",
        gateway="10.0.0.1",
        dns=("10.0.0.1",),
    )
    monkeypatch.setattr(machine, "read_machine_network", lambda: network)
    assert machine.measured_facts() == {
        "lan.ip": "10.0.0.7",
        "lan.speed": "100",
        "lan.duplex": "half",
    }
