"""Two versions of the same, field by field, from what the central really answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.domain.check_commands import AnswerCheck, RecordMeasurement
from fieldtech.domain.commands import (
    Reason,
    Reclassify,
    RestoreIncident,
)
from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.words import Attribution, CheckStatus, Severity
from fieldtech.protocol.wire import OpResult
from fieldtech.services.sides import FieldSides, Names, sides_of
from fieldtech.store.outbox import OutboxItem

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office

BODIES: tuple[dict[str, object], ...] = (
    {},
    {"restoration": None},
    {"classifications": 7, "answers": None},
)


def only_refusal(laptop: FieldLaptop, language: str = "es") -> dict[str, FieldSides]:
    rows = [row for row in laptop.desk.sync.outbox(language) if row.state == "rejected"]
    (row,) = rows
    return {side.field: side for side in row.sides}


def item_of(laptop: FieldLaptop) -> OutboxItem:
    return laptop.desk.store.outbox.items()[0]


def test_a_restoration_is_compared_with_the_one_that_stands(
    dora: FieldLaptop, office: Office
) -> None:
    policy = dora.desk.store.reference.rules().rulebook.policies[0]
    told = office.desk_of("sol").do(
        "incident.restore",
        "incident:free",
        restored_at=dora.clock.now(),
        attribution="customer",
        cause=policy.causes[1].code,
        solution=policy.solutions[0].code,
    )
    assert told["status"] == "applied", told
    dora.do(
        "incident.restore",
        "incident:free",
        RestoreIncident(
            restored_at=dora.clock.now(),
            attribution=Attribution.OWN_NETWORK,
            cause=policy.causes[0].code,
            solution=policy.solutions[0].code,
        ),
    )
    dora.sync(office)
    sides = only_refusal(dora)
    assert (sides["attribution"].mine, sides["attribution"].theirs) == ("own_network", "customer")
    assert (sides["cause"].mine, sides["cause"].theirs) == (
        policy.causes[0].es,
        policy.causes[1].es,
    )
    assert not sides["solution"].differs
    assert sides["incident_state"].theirs == "restored"
    assert sides["restored_at"].kind == "time"
    assert "uncertainty_s" not in sides


def test_a_reason_is_beside_the_reason_of_the_others(ana: FieldLaptop, office: Office) -> None:
    office.desk_of("dora").do("visit.cancel", "visit:v-run", reason="se arregló solo")
    ana.do("visit.decline", "visit:v-run", Reason(reason="no alcanzo"))
    ana.sync(office)
    sides = only_refusal(ana)
    assert (sides["reason"].mine, sides["reason"].theirs) == ("no alcanzo", "se arregló solo")
    assert (sides["visit_state"].mine, sides["visit_state"].theirs) == ("declined", "cancelled")


def test_what_differs_comes_first(ana: FieldLaptop, office: Office) -> None:
    office.desk_of("dora").do("visit.cancel", "visit:v-run", reason="no alcanzo")
    ana.do("visit.decline", "visit:v-run", Reason(reason="no alcanzo"))
    ana.sync(office)
    (row,) = ana.desk.sync.outbox()
    assert [(side.field, side.differs) for side in row.sides] == [
        ("visit_state", True),
        ("reason", False),
    ]


def test_work_that_waits_says_what_it_is_about(ana: FieldLaptop) -> None:
    ana.do(
        "check.answer",
        "visit:v-onsite",
        AnswerCheck(item="lan.cable", status=CheckStatus.PASS, value="1000"),
    )
    (row,) = ana.desk.sync.outbox("es")
    told = {side.field: side.mine for side in row.sides}
    templates = ana.desk.store.reference.rules().templates.values()
    items = [item for each in templates if (item := each.item("lan.cable")) is not None]
    assert told == {"item": items[0].title("es"), "status": "pass", "value": "1000"}


def test_a_measurement_that_waits_says_what_it_comes_to(ana: FieldLaptop) -> None:
    policy = ana.desk.store.reference.rules().rulebook.policies[0]
    run = RecordMeasurement(
        measurement_id="7b2c0000-0000-4000-8000-000000000000",
        started_at=ana.clock.now(),
        profile="quick",
        interface="eth0",
        seconds=6.1,
        # A word of the probes, even where the policy has a cause of the same name.
        cause=policy.causes[0].code,
        verdict=CheckStatus.FAIL,
        link="provider",
        attribution="ally",
        readings=(MeasuredItem(item="sip.loss", status=CheckStatus.FAIL, value="5.3"),),
        evidence_id="9e2c0000-0000-4000-8000-000000000000",
    )
    ana.do("check.measure", "visit:v-onsite", run)
    (row,) = ana.desk.sync.outbox("es")
    assert [(side.field, side.kind) for side in row.sides] == [
        ("started_at", "time"),
        ("profile", "profile"),
        ("interface", "text"),
        ("cause", "probe_cause"),
        ("verdict", "check"),
        ("link", "probe_link"),
        ("attribution", "attribution"),
    ]
    told = {side.field: side.mine for side in row.sides}
    assert (told["cause"], told["verdict"]) == (policy.causes[0].code, "fail")


def test_bodies_of_any_shape_are_compared(ana: FieldLaptop) -> None:
    ana.do("incident.reclassify", "incident:run", Reclassify(severity=Severity.MAJOR, reason="x"))
    item = item_of(ana)
    names = Names.of(ana.desk.store, "en")
    assert item.result is None
    for cmd in ("incident.restore", "incident.reclassify", "check.answer", "visit.record_time"):
        for body in BODIES:
            shaped = replace(item, cmd=cmd, envelope=replace(item.envelope, cmd=cmd))
            shaped = replace(shaped, result=result_with(item, body))
            assert all(side.theirs == "" for side in sides_of(shaped, names))


def result_with(item: OutboxItem, body: dict[str, object]) -> OpResult:
    return OpResult(
        n=item.n,
        op_id=item.op_id,
        status="rejected",
        current={f"incident:{item.incident_id}": body, "visit:": body},
    )
