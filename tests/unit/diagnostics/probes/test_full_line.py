"""Bufferbloat is judged on a line that was full, and never called good on one that was not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from diagnosing import a_result

from fieldtech.diagnostics.load import UNSTEADY
from fieldtech.diagnostics.load_facts import Load, Rate
from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.probes import bufferbloat
from fieldtech.diagnostics.results import ProbeResult
from fieldtech.domain.words import CheckStatus

FULL = Rate(mbps=93.4, bytes=50_000_000, seconds=4.0, flows=4)
REFUSED = Rate(mbps=0.0, bytes=0, seconds=4.0, flows=0, problem="HTTP 503")
SLOW = Rate(mbps=1.0, bytes=500_000, seconds=4.0, flows=4)
IDLE_MS = 10.0


def judged(
    down: Rate = FULL,
    up: Rate = FULL,
    *,
    down_grew: float = 2.0,
    up_grew: float = 2.0,
    agreed: float | None = None,
) -> ProbeResult:
    load = Load(
        down=down,
        up=up,
        idle=(IDLE_MS,) * 50,
        loaded_down=(IDLE_MS + down_grew,) * 150,
        loaded_up=(IDLE_MS + up_grew,) * 150,
    )
    return a_result("bufferbloat", bufferbloat.outcome_of(load, agreed))


def test_both_directions_full_and_no_queue() -> None:
    assert judged().status is CheckStatus.PASS
    assert judged().evidence["not_full"] == {}


@pytest.mark.parametrize(("down", "up"), [(REFUSED, FULL), (FULL, REFUSED), (REFUSED, REFUSED)])
def test_a_direction_that_was_refused_leaves_no_pass(down: Rate, up: Rate) -> None:
    found = judged(down, up)
    assert (found.status, found.reason) == (CheckStatus.NOT_MEASURABLE, Reason.UNREACHED)
    assert found.value("internet.bufferbloat") == ""


@pytest.mark.parametrize(
    "rate",
    [
        replace(FULL, flows=3, problem="timed out"),
        replace(FULL, flows=3),
        replace(FULL, problem=UNSTEADY),
        SLOW,
    ],
)
def test_a_direction_that_was_not_full_leaves_no_pass(rate: Rate) -> None:
    for found in (judged(rate), judged(up=rate)):
        assert (found.status, found.reason) == (CheckStatus.NOT_MEASURABLE, Reason.NOT_FILLED)
        assert found.evidence["not_full"]


@pytest.mark.parametrize(
    ("down_grew", "up_grew", "status"),
    [(300.0, 2.0, CheckStatus.WARN), (2.0, 500.0, CheckStatus.FAIL), (45.0, 2.0, None)],
)
def test_a_long_queue_stands_whatever_else_was_full(
    down_grew: float, up_grew: float, status: CheckStatus | None
) -> None:
    other = REFUSED if down_grew > up_grew else FULL
    found = judged(FULL if other is REFUSED else SLOW, other, down_grew=down_grew, up_grew=up_grew)
    assert found.status is (status or CheckStatus.NOT_MEASURABLE)


@pytest.mark.parametrize(
    ("rate", "agreed", "status"),
    [
        (FULL, 100.0, CheckStatus.PASS),
        # A server that gives less than the line: its queue has never been seen.
        (FULL, 300.0, CheckStatus.NOT_MEASURABLE),
        (SLOW, 1.2, CheckStatus.PASS),
    ],
)
def test_near_the_agreed_speed_a_line_is_full(
    rate: Rate, agreed: float, status: CheckStatus
) -> None:
    assert judged(rate, agreed=agreed).status is status


def test_a_short_queue_that_was_seen_fills_a_slow_line() -> None:
    assert judged(SLOW, SLOW, down_grew=25.0, up_grew=12.0).status is CheckStatus.PASS
    assert judged(FULL, down_grew=25.0, agreed=300.0).status is CheckStatus.PASS


def test_the_agreed_speed_is_asked_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from diagnosing import a_context

    from fieldtech.domain.probe_targets import Host, ProbeTargets, SiteFacts

    load = Load(
        down=FULL,
        up=FULL,
        idle=(IDLE_MS,) * 50,
        loaded_down=(IDLE_MS,) * 150,
        loaded_up=(IDLE_MS,) * 150,
    )
    monkeypatch.setattr(bufferbloat, "saturate", lambda _context: load)
    targets = ProbeTargets(reflector=Host(host="192.0.2.9", port=8620), throughput="http://x/t")
    for speed, reason in ((100.0, None), (1000.0, Reason.NOT_FILLED)):
        context = a_context(targets=targets, site=SiteFacts(speed_mbps=speed))
        assert bufferbloat.run(context).reason is reason
