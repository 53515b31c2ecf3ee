"""The line full, once: how much it carries, and what becomes of a round trip meanwhile.

One run serves both questions, so that a customer's data is spent once. The round trips are a voice
stream in its own process: the flows of this one would disturb it.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from fieldtech.diagnostics.judging import ENOUGH
from fieldtech.diagnostics.load import FLOWS, fill
from fieldtech.diagnostics.load_facts import Load
from fieldtech.diagnostics.names import resolve
from fieldtech.diagnostics.stream_process import StreamError, VoiceProcess
from fieldtech.diagnostics.voice_stream import INTERVAL_S, Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.diagnostics.call_quality import Packet
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.load_facts import Rate

IDLE_S, WARM_S, DOWN_S, UP_S = 1.5, 1.0, 4.0, 4.0
START_S = 0.5
"""Until the stream's process sends its first packet, at most."""
QUEUE_MS = 10.0
"""A round trip that grows by this stood in a queue, and nothing queues before a line is full."""
FLOOR_MBPS = 5.0
"""Four flows have a dozen packets on their way, which is 20 ms of a line of this rate: on a slower
one they are seen. Where they are not, the server was slow, and whoever knows no agreed speed
cannot tell more."""


def saturate(context: Context) -> Load:
    """Fill the line down, then up, beside a stream of round trips; raises ``NotResolvedError``."""
    url = context.targets.throughput
    process = _stream(context)
    phases: list[tuple[float, float]] = []
    try:
        begun = perf_counter()
        context.cancel.wait(START_S + IDLE_S if process else 0)
        phases.append((begun, perf_counter()))
        context.tell(0.2)
        rates = []
        for up, seconds in ((False, DOWN_S), (True, UP_S)):
            begun = perf_counter()
            rates.append(fill(context, url, up=up, warm_s=WARM_S, seconds=seconds))
            phases.append((begun + WARM_S, begun + WARM_S + rates[-1].seconds))
            context.tell(0.6 if not up else 1.0)
        packets = _packets(process, context)
        at = process.begun_at if process else None
    finally:
        if process is not None:
            process.stop()
    load = Load(down=rates[0], up=rates[1])
    return load if at is None else split(load, packets, [(a - at, b - at) for a, b in phases])


def _stream(context: Context) -> VoiceProcess | None:
    """Start the round trips; ``None`` where the policy names no reflector."""
    server = context.targets.reflector
    if server is None:
        return None
    seconds = START_S + IDLE_S + 2 * WARM_S + DOWN_S + UP_S
    request = Request(
        host=resolve(context, server.host),
        port=server.port,
        interface=context.interface if context.binding() else "",
        packets=round(seconds / INTERVAL_S),
    )
    return VoiceProcess(request, lambda _share: None)


def _packets(process: VoiceProcess | None, context: Context) -> Sequence[Packet]:
    if process is None:
        return ()
    try:
        return process.result(context.cancel).packets
    except StreamError:
        return ()


def split(load: Load, packets: Sequence[Packet], phases: Sequence[tuple[float, float]]) -> Load:
    """Give each phase (idle, down, up; seconds since the first packet) its round trips."""

    def during(phase: tuple[float, float]) -> tuple[float | None, ...]:
        first, last = (round(moment / INTERVAL_S) for moment in phase)
        return tuple(each.rtt for each in packets if first <= each.number < last)

    idle, down, up = (during(phase) for phase in phases)
    return replace(load, idle=idle, loaded_down=down, loaded_up=up)


def increase(idle: Sequence[float | None], loaded: Sequence[float | None]) -> float | None:
    """Return by how many milliseconds the median grew, ``None`` where a phase has too few."""
    before = [each for each in idle if each is not None]
    during = [each for each in loaded if each is not None]
    if len(before) < 10 or len(during) < 10:
        return None
    return max(median(during) - median(before), 0.0)


def why_not_full(rate: Rate, grown_ms: float | None, agreed_mbps: float | None) -> str:
    """Tell why a direction cannot be said to have been full, empty where it can.

    It was full where all flows were at work all the time, and either a queue was seen or the rate
    came near the agreed one; where none is agreed, it must at least not be that of a slow server.
    """
    if rate.problem:
        return rate.problem
    if rate.flows < FLOWS:
        return f"{rate.flows} of {FLOWS} flows"
    if grown_ms is None:
        return "too few round trips"
    least = FLOOR_MBPS if agreed_mbps is None else ENOUGH * agreed_mbps
    if grown_ms < QUEUE_MS and rate.mbps < least:
        return f"{rate.mbps:.1f} Mbps of {least:g}, and no queue"
    return ""
