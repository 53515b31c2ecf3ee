"""IPv6, for information: an address of the world, a name's AAAA, and a connection to it."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from fieldtech.diagnostics.names import ask
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context

LIMIT_S = 2.0
PORTS = (443, 80)


def run(context: Context) -> Outcome:
    """Look the policy's names up and connect to the first address that is found."""
    if not context.targets.dns_names:
        return not_measured(Reason.NO_TARGET)
    own = global_addresses(context.facts.ipv6 if context.facts else ())
    evidence: dict[str, object] = {"own": list(own)}
    if not own:
        return Outcome(reason=Reason.NO_IPV6, evidence=evidence)
    address = _look_up(context)
    evidence["address"] = address
    if not address:
        return Outcome(reason=Reason.NO_IPV6, evidence=evidence)
    for port in PORTS:
        try:
            context.tcp(address, port, LIMIT_S).close()
        except OSError as error:
            evidence[str(port)] = error.strerror or str(error)
            if isinstance(error, ConnectionRefusedError):  # somebody is there and says no
                return Outcome(values={"internet.ipv6": "yes"}, evidence=evidence)
            continue
        return Outcome(values={"internet.ipv6": "yes"}, evidence={**evidence, "port": port})
    return Outcome(reason=Reason.NO_IPV6, evidence=evidence)


def global_addresses(told: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses that are not of one link or one site alone."""
    found = []
    for text in told:
        address = ipaddress.ip_address(text.partition("%")[0])
        local = address.is_link_local or address.is_loopback
        if not local and address not in ipaddress.ip_network("fc00::/7"):
            found.append(text)
    return tuple(found)


def _look_up(context: Context) -> str:
    for resolver in context.resolvers[:1]:
        for name in context.targets.dns_names:
            reply = ask(context, resolver, name, "AAAA")
            if reply.addresses:
                return reply.addresses[0]
    return ""
