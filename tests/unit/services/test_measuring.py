"""A visit's network measured: whom to ask, what is kept, what the central and others see."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from diagnosing import shipped_template
from measured_runs import DEAD, Measuring

from fieldtech.domain.check_commands import RecordMeasurement
from fieldtech.domain.checklist import Comparison
from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.validity import MAX_TEXT_BYTES
from fieldtech.domain.words import Access, CheckStatus
from fieldtech.protocol.codec import args_to_wire, decode_args
from fieldtech.protocol.wire import MAX_ARGS_BYTES
from fieldtech.services.measuring import PART, Depth, Order, recorded, with_newer_items
from fieldtech.services.values import Saved

if TYPE_CHECKING:
    from field_office import FieldLaptop, Office

    from fieldtech.diagnostics.results import Report
    from fieldtech.domain.visit import Visit


def ordered(laptop: FieldLaptop, **more: object) -> Order:
    found = laptop.desk.measuring.ask_for("v-onsite", **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def run(laptop: FieldLaptop, measuring: Measuring, **more: object) -> tuple[Order, Report]:
    order = ordered(laptop, **more)
    report = measuring(
        order,
        laptop.clock,
        on_result=lambda _result: None,
        on_progress=lambda _probe, _share: None,
        cancel=Event(),
    )
    return order, report


def visit(laptop: FieldLaptop) -> Visit:
    found = laptop.desk.cases.detail("onsite")
    assert found is not None
    assert found.visit is not None
    return found.visit


def test_an_order_knows_the_site(ana: FieldLaptop) -> None:
    order = ordered(ana, depth=Depth.FULL, interface="eth7")
    assert (order.visit_id, order.incident_id) == ("v-onsite", "onsite")
    assert (order.depth, order.interface) == (Depth.FULL, "eth7")
    assert order.site.access in set(Access)
    assert order.template.key == "lan-wifi-router@2"
    assert ana.desk.measuring.ask_for("v-nobodys") is None


def test_a_run_is_kept_whole_and_reaches_the_central(ana: FieldLaptop, office: Office) -> None:
    order, report = run(ana, Measuring(DEAD))
    assert isinstance(ana.desk.measuring.keep(order, report), Saved)
    kept = visit(ana).measurements
    assert [(each.cause, each.link) for each in kept] == [("nothing_beyond", "provider")]
    loss = kept[0].reading("router.gateway_loss")
    assert loss == MeasuredItem(item="router.gateway_loss", status=CheckStatus.PASS, value="0")
    ana.sync(office)
    ana.sync(office)
    assert visit(ana).measurements == kept, "as the central has it now"
    detail = ana.desk.cases.detail("onsite")
    assert detail is not None
    assert (detail.waiting, detail.refused) == (0, 0)


def test_somebody_else_sees_it_after_a_synchronisation(
    ana: FieldLaptop, dora: FieldLaptop, office: Office
) -> None:
    order, report = run(ana, Measuring())
    ana.desk.measuring.keep(order, report)
    ana.sync(office)
    dora.sync(office)
    assert [each.cause for each in visit(dora).measurements] == ["healthy"]


def test_the_evidence_is_a_file_of_the_incident(ana: FieldLaptop) -> None:
    order, report = run(ana, Measuring())
    ana.desk.measuring.keep(order, report)
    detail = ana.desk.cases.detail("onsite")
    assert detail is not None
    file = next(each for each in detail.incident.attachments if each.kind == "measurement")
    assert file.id == visit(ana).measurements[0].evidence_id
    document = json.loads(ana.desk.files.fetch(file.id, file.sha256))
    assert document["verdict"]["cause"] == "healthy"
    assert {each["probe"] for each in document["results"]} == set(order.all_probes)


def test_a_run_of_some_probes_says_so(ana: FieldLaptop) -> None:
    order, report = run(ana, Measuring(), probes=("dns",))
    args = recorded(order, report, evidence_id="e")
    assert (args.profile, args.cause) == (PART, "part_healthy")
    assert {each.item.partition(".")[0] for each in args.readings} == {"internet"}


def test_a_whole_run_is_far_below_what_a_command_may_carry(ana: FieldLaptop) -> None:
    order, report = run(ana, Measuring(DEAD))
    args = recorded(order, report, evidence_id="e" * 36)
    wire = json.dumps(args_to_wire(args)).encode()
    assert len(wire) < min(MAX_ARGS_BYTES, MAX_TEXT_BYTES) / 8
    assert decode_args("check.measure", json.loads(wire)) == args
    assert isinstance(args, RecordMeasurement)


def test_an_older_checklist_keeps_its_limits_and_the_chain_is_judged_all_the_same() -> None:
    newest = shipped_template()
    first = newest.sections[0]
    speed = next(item for item in first.items if item.id == "lan.speed")
    assert speed.threshold is not None
    limit = replace(speed.threshold, limit=100.0, op=Comparison.AT_LEAST)
    own = replace(
        newest, version=1, sections=(replace(first, items=(replace(speed, threshold=limit),)),)
    )
    merged = with_newer_items(own, newest)
    assert merged.key == "lan-wifi-router@1"
    assert {item.id for item in merged.items} == {item.id for item in newest.items}
    kept = merged.item("lan.speed")
    assert kept is not None
    assert kept.threshold == limit
    assert merged.item("lan.link") is not None
