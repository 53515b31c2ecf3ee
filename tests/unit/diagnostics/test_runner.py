"""The runner: at once, within limits, in dependence of one another, and never down with a probe."""

from __future__ import annotations

import threading
from dataclasses import replace
from threading import Barrier, Event

import pytest
from diagnosing import LAN, a_context, a_probe, shipped_template

from fieldtech.diagnostics.addresses.facts import AddressFacts
from fieldtech.diagnostics.context import Context, Depth
from fieldtech.diagnostics.icmp.tool import ping_limit_s
from fieldtech.diagnostics.interfaces import InterfaceFacts
from fieldtech.diagnostics.once import Background
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.probes import gateway as pings
from fieldtech.diagnostics.registry import PROBES, Needs, Probe, probe_named
from fieldtech.diagnostics.results import ProbeResult
from fieldtech.diagnostics.runner import Run
from fieldtech.diagnostics.tools import ToolError
from fieldtech.diagnostics.verdict_words import Cause
from fieldtech.domain.words import CheckStatus

ALIVE = Outcome(values={"router.gateway_loss": "0", "router.gateway_time": "1"})
DEAD = Outcome(values={"router.gateway_loss": "100"})
SILENT = Outcome(values={"sip.options": "silent"})
REPLY = Outcome(values={"sip.options": "reply"})


def _gateway(outcome: Outcome) -> Probe:
    return a_probe("gateway", outcome, needs=Needs.NETWORK)


def _run(
    *probes: Probe, context: Context | None = None
) -> tuple[list[ProbeResult], dict[str, ProbeResult]]:
    told: list[ProbeResult] = []
    report = Run(context or a_context(), shipped_template(), on_result=told.append).run(probes)
    return told, {each.probe: each for each in report.results}


def test_all_run_at_once() -> None:
    """Each waits for the others: one after the other they would never come to an end."""
    met = Barrier(3, timeout=20)

    def meets(_context: Context) -> Outcome:
        met.wait()
        return REPLY

    told, _ = _run(*(a_probe(name, meets) for name in ("dns", "voice", "sip_options")))
    assert len(told) == 3
    assert not met.broken


def test_results_come_as_they_stand_and_the_report_in_order() -> None:
    last = Event()

    def waits(_context: Context) -> Outcome:
        assert last.wait(20)
        return REPLY

    order: list[str] = []

    def hear(result: ProbeResult) -> None:
        order.append(result.probe)
        last.set()

    probes = [a_probe("sip_options", waits), a_probe("dns", not_measured(Reason.NO_TARGET))]
    report = Run(a_context(), shipped_template(), on_result=hear).run(probes)
    assert order == ["dns", "sip_options"]
    assert [each.probe for each in report.results] == ["sip_options", "dns"]


def test_a_probe_that_crashes_is_a_result(caplog: pytest.LogCaptureFixture) -> None:
    def crashes(_context: Context) -> Outcome:
        raise ZeroDivisionError("of course")

    with caplog.at_level("CRITICAL", logger="fieldtech.diagnostics.runner"):
        _, found = _run(a_probe("dns", crashes), a_probe("sip_options", REPLY))
    assert (found["dns"].status, found["dns"].reason) == (
        CheckStatus.NOT_MEASURABLE,
        Reason.CRASHED,
    )
    assert found["dns"].evidence["detail"] == "ZeroDivisionError: of course"
    assert found["sip_options"].status is CheckStatus.PASS


def test_a_tool_that_is_missing_is_a_reason() -> None:
    def asks(_context: Context) -> Outcome:
        raise ToolError("nmcli", "missing")

    _, found = _run(a_probe("wifi", asks, needs=Needs.NOTHING))
    assert found["wifi"].reason is Reason.NO_TOOL


def test_a_configuration_that_cannot_be_read_at_all_costs_nobody_his_result(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def breaks() -> AddressFacts:
        return AddressFacts(interface=str(1 // 0))

    context = replace(a_context(), addresses=Background[AddressFacts]())
    context.addresses.begin(breaks)
    asks = a_probe("dns", lambda each: Outcome(evidence={"dns": each.resolvers}))
    with caplog.at_level("CRITICAL", logger="fieldtech.diagnostics.runner"):
        _, found = _run(asks, a_probe("sip_options", REPLY), context=context)
    assert found["dns"].reason is Reason.CRASHED
    assert found["sip_options"].status is CheckStatus.PASS


def test_the_limit_of_a_cable_is_not_held_against_a_radio() -> None:
    slow = Outcome(values={"router.gateway_loss": "0", "router.gateway_time": "8"})
    radio = a_probe("wifi", Outcome(values={"wifi.signal": "-55"}), needs=Needs.NOTHING)
    told, found = _run(_gateway(slow), radio)
    time = next(each for each in found["gateway"].readings if each.item == "router.gateway_time")
    assert (time.status, time.value) == (CheckStatus.NOT_MEASURABLE, "8")
    assert time.reason is Reason.OVER_THE_AIR
    assert found["gateway"].status is CheckStatus.PASS
    assert told[-1] == found["gateway"], "who listens has the last word too"
    _, wired = _run(_gateway(slow))
    assert wired["gateway"].status is CheckStatus.WARN


def test_a_probe_over_its_limit_is_stopped() -> None:
    stopped = Event()

    def hangs(context: Context) -> Outcome:
        assert context.cancel.wait(20)
        stopped.set()
        return REPLY

    _, found = _run(a_probe("dns", hangs, limit_s=0.1), a_probe("sip_options", REPLY))
    assert found["dns"].reason is Reason.TIME_LIMIT
    assert stopped.wait(20)


def test_a_cancelled_run_comes_to_its_end() -> None:
    cancel = Event()
    begun = Event()

    def hangs(context: Context) -> Outcome:
        begun.set()
        cancel.set()
        context.cancel.wait(20)
        return REPLY

    _, found = _run(a_probe("dns", hangs), context=a_context(cancel=cancel))
    assert begun.is_set()
    assert found["dns"].reason is Reason.CANCELLED


def test_a_cancelled_run_begins_nothing_more() -> None:
    cancel = Event()

    def cancels(_context: Context) -> Outcome:
        cancel.set()
        return REPLY

    def never(_context: Context) -> Outcome:
        raise AssertionError("filled all the same")

    context = a_context(cancel=cancel, depth=Depth.FULL)
    fills = a_probe("throughput", never, alone=True)
    _, found = _run(fills, a_probe("sip_options", cancels), context=context)
    assert found["throughput"].reason is Reason.CANCELLED


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_the_systems_own_ping_has_the_time_to_find_a_gateway_silent(platform: str) -> None:
    """Where only it may send: cut off, it would have measured nothing, and nobody be silent."""
    probe = probe_named("gateway")
    assert probe is not None
    needed = ping_limit_s(
        platform, count=pings.COUNT, interval_s=pings.INTERVAL_S, wait_s=pings.WAIT_S
    )
    assert needed < probe.limit(Depth.QUICK)


@pytest.mark.parametrize(
    ("facts", "gateway", "reason"),
    [
        (None, "", Reason.NO_LINK),
        (replace(LAN, up=False), "192.168.77.1", Reason.NO_LINK),
        (replace(LAN, ipv4=()), "192.168.77.1", Reason.NO_ADDRESS),
        (replace(LAN, ipv4=("169.254.3.4",)), "192.168.77.1", Reason.NO_ADDRESS),
        (LAN, "", Reason.NO_GATEWAY),
    ],
)
def test_behind_what_is_missing_nothing_is_even_begun(
    facts: InterfaceFacts | None, gateway: str, reason: Reason
) -> None:
    def never(_context: Context) -> Outcome:
        raise AssertionError("begun all the same")

    local = a_probe("wifi", not_measured(Reason.NOT_WIRELESS), needs=Needs.NOTHING)
    probes = [local, a_probe("gateway", never, needs=Needs.NETWORK), a_probe("dns", never)]
    _, found = _run(*probes, context=a_context(facts, gateway=gateway))
    assert found["gateway"].reason is found["dns"].reason is reason
    assert found["wifi"].reason is Reason.NOT_WIRELESS


def test_behind_a_silent_gateway_silence_is_no_finding() -> None:
    told, found = _run(_gateway(DEAD), a_probe("sip_options", SILENT))
    assert found["gateway"].status is CheckStatus.FAIL
    assert found["sip_options"].status is CheckStatus.NOT_MEASURABLE
    assert found["sip_options"].reason is Reason.GATEWAY_SILENT
    assert found["sip_options"].readings[0].value == ""
    assert [each.status for each in told if each.probe == "sip_options"] == [
        CheckStatus.NOT_MEASURABLE
    ], "and it was never shown as one"


def test_a_gateway_that_ignores_pings_and_passes_all_on_is_no_fault() -> None:
    _, found = _run(_gateway(DEAD), a_probe("sip_options", REPLY))
    assert found["gateway"].status is CheckStatus.NOT_MEASURABLE
    assert found["gateway"].reason is Reason.IGNORES_PINGS
    assert found["sip_options"].status is CheckStatus.PASS


def test_a_router_that_answers_its_page_and_no_pings_is_alive() -> None:
    page = a_probe("router_page", Outcome(values={"router.page": "answers"}), needs=Needs.NETWORK)
    _, found = _run(_gateway(DEAD), page, a_probe("sip_options", SILENT))
    assert found["gateway"].reason is Reason.IGNORES_PINGS
    assert found["sip_options"].status is CheckStatus.FAIL


@pytest.mark.parametrize(
    ("pings", "voice", "reason"),
    [("30", "0", Reason.PINGS_LIMITED), ("5", "0.3", Reason.PINGS_LIMITED), ("30", "28", None)],
)
def test_pings_that_are_lost_alone_are_no_loss(
    pings: str, voice: str, reason: Reason | None
) -> None:
    lossy = Outcome(values={"router.gateway_loss": pings, "router.gateway_time": "1"})
    stream = Outcome(values={"sip.loss": voice})
    _, found = _run(_gateway(lossy), a_probe("voice", stream))
    assert found["gateway"].reason is reason
    assert (found["gateway"].status is CheckStatus.FAIL) == (reason is None)


def test_behind_a_living_gateway_a_failure_stands() -> None:
    after = Event()

    def late(_context: Context) -> Outcome:
        assert after.wait(20)
        return ALIVE

    def fails(_context: Context) -> Outcome:
        after.set()
        return SILENT

    told, found = _run(a_probe("gateway", late, needs=Needs.NETWORK), a_probe("sip_options", fails))
    assert found["sip_options"].status is CheckStatus.FAIL
    assert [each.probe for each in told] == ["gateway", "sip_options"], "the failure waited"


def test_one_probe_alone_waits_for_nobody() -> None:
    _, found = _run(a_probe("sip_options", SILENT))
    assert found["sip_options"].status is CheckStatus.FAIL


def test_what_fills_the_line_runs_when_the_others_are_done() -> None:
    running = threading.Semaphore(0)
    alone: list[bool] = []

    def first(_context: Context) -> Outcome:
        running.release()
        return REPLY

    def fills(_context: Context) -> Outcome:
        alone.append(running.acquire(blocking=False))
        return Outcome(values={"internet.speed": "90"})

    chosen = [
        a_probe("throughput", fills, alone=True),
        a_probe("sip_options", first),
        _gateway(ALIVE),
    ]
    context = a_context(depth=Depth.FULL)
    told: list[str] = []
    Run(context, shipped_template(), on_result=lambda each: told.append(each.probe)).run(chosen)
    assert alone == [True]
    assert told[-1] == "throughput"


def test_behind_a_silent_gateway_no_line_is_filled() -> None:
    def never(_context: Context) -> Outcome:
        raise AssertionError("filled all the same")

    _, found = _run(
        _gateway(DEAD),
        a_probe("throughput", never, alone=True),
        context=a_context(depth=Depth.FULL),
    )
    assert found["throughput"].reason is Reason.GATEWAY_SILENT


def test_a_quick_run_fills_no_line() -> None:
    context = a_context(None)
    report = Run(context, shipped_template()).run()
    assert [each.probe for each in report.results] == [each.name for each in PROBES]
    full = report.result("throughput")
    assert full is not None
    assert full.reason is Reason.NO_LINK, "what is missing is said first"
    assert report.verdict.cause is Cause.NO_LINK


def test_whoever_waits_for_the_configuration_has_not_begun() -> None:
    """A system that tells it late costs no probe its own time."""
    told = Event()

    def reads(context: Context) -> Outcome:
        context.configuration()
        return REPLY

    context = a_context()
    slow = replace(context, addresses=Background())

    def late() -> AddressFacts:
        assert told.wait(20)
        return AddressFacts(interface="lan0", source="late")

    slow.addresses.begin(late)
    watch = a_probe("dns", reads, limit_s=0.05)

    def tells(_context: Context) -> Outcome:
        while slow.addresses.seconds < 0.3:
            _context.cancel.wait(0.02)
        told.set()
        return REPLY

    _, found = _run(watch, a_probe("sip_options", tells), context=slow)
    assert found["dns"].status is not CheckStatus.NOT_MEASURABLE or (
        found["dns"].reason is not Reason.TIME_LIMIT
    )


def test_progress_is_told_by_probe() -> None:
    def works(context: Context) -> Outcome:
        context.tell(0.5)
        context.tell(7.0)
        return REPLY

    told: list[tuple[str, float]] = []
    running = Run(
        a_context(), shipped_template(), on_progress=lambda name, share: told.append((name, share))
    )
    running.run([a_probe("dns", works)])
    assert told == [("dns", 0.0), ("dns", 0.5), ("dns", 1.0)]
