"""This machine's own network facts, for the "My IP" screen and the checklist's first answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from fieldtech.diagnostics.interfaces import (
    DefaultRoute,
    InterfaceFacts,
    MachineNetwork,
    is_loopback,
    is_physical,
    read_interfaces,
    read_machine_network,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Event

    from fieldtech.clock import Clock
    from fieldtech.diagnostics.once import Background
    from fieldtech.diagnostics.wifi.facts import WifiReading
    from fieldtech.domain.probe_targets import ProbeTargets
    from fieldtech.services.network_values import Networks
    from fieldtech.services.networks import NetworkService

T = TypeVar("T")

__all__ = [
    "DefaultRoute",
    "InterfaceFacts",
    "MachineNetwork",
    "MeasurableInterface",
    "Outside",
    "interfaces_to_measure",
    "look_outside",
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

    ``asked``: the policy names somebody who could tell the address. ``wifi_reason`` says why the
    radio tells nothing, or not all, in the words of the probes.
    """

    public_ip: str = ""
    wifi: str = ""
    wifi_reason: str = ""
    asked: bool = True


def look_outside(targets: ProbeTargets, clock: Clock, cancel: Event) -> Outside:
    """Ask the policy's hosts for the public address, and the system for its radio link.

    Takes seconds where nobody answers, and ends at once when cancelled; never raises for what the
    network does.
    """
    # Imported here: the probes are no part of the first paint.
    from fieldtech.diagnostics.once import Background
    from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
    from fieldtech.diagnostics.prepare import Wish, prepare
    from fieldtech.diagnostics.probes import my_ip, wifi
    from fieldtech.diagnostics.wifi.facts import WifiReading

    context = prepare(Wish(targets=targets), clock, cancel)
    # On threads of their own: a connection that nobody takes cannot be told to give up.
    address, radio = Background[Outcome](), Background[WifiReading]()
    address.begin(lambda: my_ip.run(context))
    radio.begin(lambda: wifi.look(context))
    told = _unless_stopped(address, cancel) or not_measured(Reason.CANCELLED)
    heard = _unless_stopped(radio, cancel) or WifiReading(source="")
    return Outside(
        public_ip=told.values.get("internet.public_ip", ""),
        asked=bool(targets.stun or targets.my_ip),
        wifi=_link_text(heard),
        wifi_reason=_why_so_little(heard),
    )


def _unless_stopped(made: Background[T], cancel: Event) -> T | None:
    """Wait for what is made in the background, ``None`` when cancelled or a tool gave nothing."""
    from fieldtech.diagnostics.tools import ToolError

    try:
        return made.result(cancel)
    except ToolError:
        return None


def _link_text(reading: WifiReading) -> str:
    link = reading.link
    if link is None:
        return ""
    band = f"{link.band} GHz" if link.band else ""
    channel = f"{link.channel}" if link.channel is not None else ""
    power = f"{link.rssi_dbm:g} dBm" if link.rssi_dbm is not None else ""
    return " · ".join(part for part in (link.ssid, band, channel, power) if part)


def _why_so_little(reading: WifiReading) -> str:
    """Say why there is no radio link to show, or no name to it; a cable needs no explanation."""
    from fieldtech.diagnostics.outcome import Reason
    from fieldtech.diagnostics.probes.wifi import why_not
    from fieldtech.diagnostics.wifi.facts import Refusal

    named = reading.link is not None and reading.link.ssid
    if reading.refused == Refusal.LOCATION and not named:
        return Reason.LOCATION.value
    reason = why_not(reading)
    return reason.value if reason is not None and reason is not Reason.NOT_WIRELESS else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurableInterface:
    """An interface that can be measured; one that is not ``up`` shows that its cable is out.

    ``likely``: the customer's network, as far as can be told; of all that are offered one at most.
    """

    name: str
    up: bool
    likely: bool = False


def interfaces_to_measure(networks: NetworkService) -> tuple[MeasurableInterface, ...]:
    """The interfaces that may be measured, those through which nothing goes as well.

    Who chose an interface to synchronise through has said that the customer's is another one.
    Without that choice none is likely: the one in use may be the customer's.
    """
    offered = _offered()
    status = networks.status() if len(offered) > 1 else None
    likely = _likely(offered, status) if status is not None and status.chosen else ""
    return tuple(
        MeasurableInterface(name=facts.name, up=facts.up, likely=facts.name == likely)
        for facts in offered
    )


def _offered() -> list[InterfaceFacts]:
    """All that are up, and the cards that are not: their cable may be the fault."""
    found = [facts for facts in read_interfaces() if not is_loopback(facts)]
    return [facts for facts in found if facts.up or is_physical(facts)]


def _likely(offered: Sequence[InterfaceFacts], status: Networks) -> str:
    """The customer's interface by its light, unless that is a virtual one and there is a card."""
    others = [facts for facts in offered if facts.name != status.chosen]
    light = status.customer.interface
    others.sort(key=lambda facts: (not is_physical(facts), facts.name != light, not facts.up))
    return others[0].name if others else ""
