"""The link itself: up or down, speed, duplex, and whether it flaps while the others measure."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech.diagnostics.interfaces import read_interfaces
from fieldtech.diagnostics.outcome import Outcome, Reason
from fieldtech.diagnostics.probes.wifi import look
from fieldtech.diagnostics.wifi.facts import Refusal

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.interfaces import InterfaceFacts
    from fieldtech.diagnostics.wifi.facts import WifiReading

WATCH_S = 4.0
"""How long a link is watched for flaps: as long as the rest of a quick run takes anyway."""
SYSFS = Path("/sys/class/net")
_STEP_S = 0.25
_UNKNOWN_SPEED = 2**32 - 1
"""What some drivers tell for "not known"."""


def run(context: Context) -> Outcome:
    """Watch the link for as long as the quick run lasts; a link that is down is told at once."""
    if context.facts is None:
        return Outcome(values={"lan.link": "down"}, evidence={"interface": context.interface})
    before = carrier_changes(context.interface)
    if context.facts.up:
        steps = round(WATCH_S / _STEP_S)
        for step in range(steps):
            if context.cancel.wait(_STEP_S):
                break
            context.tell((step + 1) / steps)
    after = carrier_changes(context.interface)
    flaps = None if before is None or after is None else max(after - before, 0)
    now = next((each for each in read_interfaces() if each.name == context.interface), None)
    gone = replace(context.facts, up=False)
    return outcome_of(now or gone, flaps=flaps, wireless=is_radio(look(context)))


def outcome_of(facts: InterfaceFacts, *, flaps: int | None, wireless: bool) -> Outcome:
    """Return what an interface's facts say; a radio link has no speed or duplex of a cable."""
    values = {"lan.link": "up" if facts.up else "down"}
    unmeasured: dict[str, Reason] = {}
    known = facts.up and not wireless and 0 < facts.speed_mbps < _UNKNOWN_SPEED
    if known:
        values["lan.speed"] = str(facts.speed_mbps)
    if facts.up and not wireless and facts.duplex:
        values["lan.duplex"] = facts.duplex
    if flaps is not None and facts.up:
        values["lan.flaps"] = str(flaps)
    for item in ("lan.speed", "lan.duplex", "lan.flaps"):
        if item not in values:
            unmeasured[item] = Reason.NOT_TOLD if facts.up else Reason.NO_LINK
    evidence = {**asdict(facts), "wireless": wireless, "carrier_changes": flaps}
    return Outcome(values=values, unmeasured=unmeasured, evidence=evidence)


def is_radio(reading: WifiReading) -> bool:
    """Tell whether the interface is a radio, as far as the system tells at all."""
    return reading.link is not None or reading.refused in {Refusal.LOCATION, Refusal.OFF}


def carrier_changes(interface: str) -> int | None:
    """Return how often the link changed since the driver came up; only Linux counts."""
    if sys.platform != "linux":
        return None
    try:
        return int((SYSFS / interface / "carrier_changes").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
