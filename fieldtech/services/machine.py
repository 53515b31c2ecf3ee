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
    "measured_answers",
    "read_machine_network",
]

LINK_LOCAL = "169.254."


def measured_answers(network: MachineNetwork) -> dict[str, str]:
    """What the machine itself can fill into the checklist: item id to the value seen.

    Facts only, no verdicts: the person (or, later, a probe) judges them.
    """
    answers: dict[str, str] = {}
    active = next((f for f in network.interfaces if f.name == network.interface), None)
    if active is not None and active.speed_mbps:
        answers["lan.link"] = f"{active.speed_mbps} Mb/s {active.duplex}".strip()
    if network.private_ip:
        answers["router.ip"] = network.private_ip
    if network.gateway:
        answers["router.gateway"] = network.gateway
    if network.dns:
        answers["internet.dns"] = ", ".join(network.dns)
    return answers
