"""This machine's own network facts, for the "My IP" screen and the checklist's first answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.diagnostics.interfaces import (
    DefaultRoute,
    InterfaceFacts,
    MachineNetwork,
    read_machine_network,
)

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.domain.probe_targets import ProbeTargets

__all__ = [
    "DefaultRoute",
    "InterfaceFacts",
    "MachineNetwork",
    "Outside",
    "look_outside",
    "measurable_interfaces",
    "measured_facts",
    "read_machine_network",
]


def measured_facts() -> dict[str, str]:
    """What the machine itself can fill into the checklist: item id to the value seen.

    Facts only, no verdicts: the person (or, later, a probe) judges them. Empty where the system
    does not tell, as drivers of virtual interfaces do with the speed.
    """
    network = read_machine_network()
    active = next((f for f in network.interfaces if f.name == network.interface), None)
    facts = {
        "lan.ip": network.private_ip,
        "lan.speed": str(active.speed_mbps) if active and active.speed_mbps else "",
        "lan.duplex": active.duplex if active else "",
    }
    return {item: value for item, value in facts.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What only others can tell, and the radio; empty where it was not told.

    ``asked``: the policy names somebody who could tell the address.
    """

    public_ip: str = ""
    wifi: str = ""
    asked: bool = True


def look_outside(targets: ProbeTargets, clock: Clock) -> Outside:
    """Ask the policy's hosts for the public address, and the system for its radio link.

    Takes seconds where nobody answers; never raises for what the network does.
    """
    # Imported here: the probes are no part of the first paint.
    from fieldtech.diagnostics.prepare import Wish, prepare
    from fieldtech.diagnostics.probes import my_ip, wifi

    context = prepare(Wish(targets=targets), clock)
    link = wifi.look(context).link
    radio: list[str] = []
    if link is not None:
        band = f"{link.band} GHz" if link.band else ""
        channel = f"{link.channel}" if link.channel is not None else ""
        power = f"{link.rssi_dbm:g} dBm" if link.rssi_dbm is not None else ""
        radio = [link.ssid, band, channel, power]
    return Outside(
        public_ip=my_ip.run(context).values.get("internet.public_ip", ""),
        asked=bool(targets.stun or targets.my_ip),
        wifi=" · ".join(part for part in radio if part),
    )


def measurable_interfaces() -> tuple[str, ...]:
    """The interfaces through which something could be measured: up, and not the machine itself."""
    return tuple(
        facts.name
        for facts in read_machine_network().interfaces
        if facts.up and not any(address.startswith("127.") for address in facts.ipv4)
    )
