"""Double NAT and carrier NAT: who answers behind the router, and from what kind of address."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from fieldtech.diagnostics.icmp.facts import NotMeasurableError
from fieldtech.diagnostics.icmp.reading import hops
from fieldtech.diagnostics.names import resolve
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.probes.gateway import reason_of
from fieldtech.diagnostics.probes.my_ip import public_by_stun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.icmp.facts import Hop

DEEPEST, WAIT_S = 3, 1.0
SHARED = ip_network("100.64.0.0/10")
"""Between a carrier's NAT and a router, and nowhere else (RFC 6598)."""
INSIDE = tuple(
    ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""Private addresses (RFC 1918) and the shared ones between a carrier's NAT and a router (RFC 6598).

Behind the router none of them should be.
"""


def run(context: Context) -> Outcome:
    """Send packets that die after one, two and three hops towards the first host of the policy."""
    host = first_host(context)
    if not host:
        return not_measured(Reason.NO_TARGET)
    try:
        found = hops(
            resolve(context, host),
            interface=context.interface,
            max_ttl=DEEPEST,
            wait_s=WAIT_S,
            cancel=context.cancel,
        )
    except NotMeasurableError as error:
        return not_measured(reason_of(error), detail=error.detail)
    except OSError:
        return not_measured(Reason.NOT_RESOLVED, host=host)
    return outcome_of(found, public_by_stun(context), gateway=context.gateway)


def first_host(context: Context) -> str:
    """Return the host that the way is looked at towards, empty when the policy names none."""
    targets = context.targets
    hosts = [*(each.host for each in targets.stun), *(each.host for each in targets.sip)]
    if targets.reflector is not None:
        hosts.insert(0, targets.reflector.host)
    return hosts[0] if hosts else ""


def outcome_of(found: Sequence[Hop], public: str, *, gateway: str = "") -> Outcome:
    """Return what stands behind the router: a private address where there is one, else its own.

    The router's WAN address itself is not visible from inside; with nothing private next to it, it
    is the public one. Further on, private addresses are an operator's own business, shared ones are
    not. What the gateway says of a packet that had left it behind is no hop of its own.
    """
    behind = [hop for hop in found if hop.ttl >= 2 and hop.address not in {"", gateway}]
    evidence = {
        "hops": [
            {"ttl": hop.ttl, "address": hop.address, "ms": hop.rtt_ms, "error": hop.error}
            for hop in found
        ],
        "public": public,
    }
    next_door = next((hop.address for hop in behind if hop.ttl == 2), "")
    shared = next((hop.address for hop in behind if ip_address(hop.address) in SHARED), "")
    if shared or (next_door and is_inside(next_door)):
        return Outcome(values={"router.wan_ip": shared or next_door}, evidence=evidence)
    if not next_door:
        # Behind a hop that keeps silent a carrier's NAT may well be.
        return Outcome(reason=Reason.UNKNOWN, evidence=evidence)
    if not public:
        return Outcome(reason=Reason.UNREACHED, evidence=evidence)
    return Outcome(values={"router.wan_ip": public}, evidence=evidence)


def is_shared(address: str) -> bool:
    """Tell whether an address is of the network between a carrier's NAT and a router."""
    try:
        return ip_address(address) in SHARED
    except ValueError:
        return False


def is_inside(address: str) -> bool:
    """Tell whether an address is of a private or a shared network."""
    own = ip_address(address.partition("%")[0])
    return any(own in network for network in INSIDE)
