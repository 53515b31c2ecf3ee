"""This machine's own network facts, for the "My IP" screen and the checklist's first answers."""

from __future__ import annotations

from fieldtech.diagnostics.interfaces import (
    DefaultRoute,
    InterfaceFacts,
    MachineNetwork,
    read_machine_network,
)

__all__ = [
    "DefaultRoute",
    "InterfaceFacts",
    "MachineNetwork",
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


def measurable_interfaces() -> tuple[str, ...]:
    """The interfaces through which something could be measured: up, and not the machine itself."""
    return tuple(
        facts.name
        for facts in read_machine_network().interfaces
        if facts.up and not any(address.startswith("127.") for address in facts.ipv4)
    )
