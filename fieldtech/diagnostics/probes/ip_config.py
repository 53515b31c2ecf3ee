"""The address of the interface, who gave it, and whether that was the router."""

from __future__ import annotations

from dataclasses import asdict
from ipaddress import ip_address
from typing import TYPE_CHECKING

from fieldtech.diagnostics.addresses.facts import is_self_assigned
from fieldtech.diagnostics.outcome import Outcome, Reason

if TYPE_CHECKING:
    from fieldtech.diagnostics.addresses.facts import AddressFacts
    from fieldtech.diagnostics.context import Context


def run(context: Context) -> Outcome:
    """Read the configuration of the interface."""
    return outcome_of(context.configuration())


def outcome_of(facts: AddressFacts) -> Outcome:
    """Return what a configuration says of its address and of who serves it."""
    evidence = {key: value for key, value in asdict(facts).items() if value not in (None, "", ())}
    if not facts.ipv4:
        reason = Reason.NO_ADDRESS if facts.source else Reason.NOT_TOLD
        # No address at all is what an interface has whose DHCP client still asks.
        values = {"lan.dhcp": "none"} if facts.source else {}
        return Outcome(values=values, unmeasured={"lan.ip": reason}, evidence=evidence)
    values = {"lan.ip": facts.main_ipv4}
    served = _served_by(facts)
    if served:
        values["lan.dhcp"] = served
        return Outcome(values=values, evidence=evidence)
    return Outcome(values=values, unmeasured={"lan.dhcp": Reason.NOT_TOLD}, evidence=evidence)


def _served_by(facts: AddressFacts) -> str:
    """Return who gave the address, empty where the system does not tell."""
    if facts.self_assigned:
        return "none"
    if facts.dhcp is False:
        return "static"
    if not facts.dhcp_server or not facts.gateways:
        return ""
    gateways = {ip_address(each.partition("%")[0]) for each in facts.gateways}
    return "gateway" if ip_address(facts.dhcp_server) in gateways else "other"


def is_blocked(context: Context) -> Reason | None:
    """Return why nothing beyond the interface can be asked, ``None`` when it can."""
    if context.facts is None or not context.facts.up:
        return Reason.NO_LINK
    if all(is_self_assigned(each) for each in context.facts.ipv4):
        return Reason.NO_ADDRESS
    if not context.gateway:
        return Reason.NO_GATEWAY
    return None
