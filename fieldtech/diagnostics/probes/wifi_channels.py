"""The channel: one that overlaps with none, and no neighbour on it that is nearly as strong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Outcome, Reason
from fieldtech.diagnostics.probes.wifi import anonymous, look, why_not
from fieldtech.diagnostics.wifi.facts import OverlapKind

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.wifi.facts import WifiReading


def run(context: Context) -> Outcome:
    """Read the radio and its neighbours."""
    return outcome_of(look(context))


def outcome_of(reading: WifiReading) -> Outcome:
    """Return what the channel is like; one that cannot be judged is none to call good."""
    why = why_not(reading)
    if why is not None:
        return Outcome(reason=why)
    overlap = reading.overlap
    link = reading.link
    if overlap is None or link is None:
        return Outcome(reason=Reason.NOT_TOLD)
    evidence = {
        "channel": link.channel,
        "band": link.band,
        "kind": overlap.kind.value,
        "neighbours": [anonymous(each) for each in overlap.neighbours],
    }
    if overlap.kind is not OverlapKind.CLEAR:
        return Outcome(values={"wifi.channel": "overlap"}, evidence=evidence)
    clear = "1-6-11" if link.band == "2.4" else "5-6ghz"
    return Outcome(values={"wifi.channel": clear}, evidence=evidence)
