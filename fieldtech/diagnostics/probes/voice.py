"""What a call would be like: a stream of voice packets, judged by the whole E-model."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from fieldtech.diagnostics.call_quality import judge_stream
from fieldtech.diagnostics.names import resolve
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured, number
from fieldtech.diagnostics.stream_process import StreamError, VoiceProcess
from fieldtech.diagnostics.voice_stream import Request

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.stream_process import Streamed


def run(context: Context) -> Outcome:
    """Stream to the reflector, else to a STUN server, which tells the round trip alone."""
    request = request_of(context, context.depth.voice_packets)
    if request is None:
        return not_measured(Reason.NO_TARGET)
    try:
        host = resolve(context, request.host)
    except OSError:
        return not_measured(Reason.NOT_RESOLVED, host=request.host)
    process = VoiceProcess(_to(host, request), context.tell)
    try:
        return outcome_of(process.result(context.cancel))
    except StreamError as error:
        reason = Reason.CANCELLED if context.cancel.is_set() else Reason.CRASHED
        return not_measured(reason, detail=str(error))


def request_of(context: Context, packets: int) -> Request | None:
    """Return what to stream to, ``None`` when the policy names nobody."""
    targets = context.targets
    server = targets.reflector or (targets.stun[0] if targets.stun else None)
    if server is None:
        return None
    return Request(
        host=server.host,
        port=server.port,
        interface=context.interface if context.binding() else "",
        packets=packets,
        reflects="stamp" if targets.reflector else "stun",
    )


def _to(host: str, request: Request) -> Request:
    return Request(**{**asdict(request), "host": host})


def outcome_of(streamed: Streamed) -> Outcome:
    """Return loss, jitter, delay, R and MOS; where nothing came back nobody was reached."""
    quality = judge_stream(streamed.packets, lost_there=streamed.lost_there)
    if quality is None:
        return not_measured(Reason.UNREACHED, packets=len(streamed.packets), answered=0)
    values = {
        "sip.loss": number(quality.loss, 2),
        "sip.jitter": number(quality.jitter),
        "sip.delay": number(quality.delay_ms),
        "sip.rating": number(quality.rating),
        "sip.mos": number(quality.mos, 2),
    }
    series = [None if each.rtt is None else round(each.rtt, 1) for each in streamed.packets]
    return Outcome(values=values, evidence={**_rounded(asdict(quality)), "rtt_ms": series})


def _rounded(plain: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in plain.items():
        if isinstance(value, dict):
            found[key] = _rounded(value)
        else:
            found[key] = round(value, 3) if isinstance(value, float) else value
    return found
