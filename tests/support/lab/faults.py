"""The 23 faults that the diagnosis must find, each made for real and undone again.

``FAULTS["sip_alg"].lab()`` builds a lab that has the fault from the start; where ``build`` changes
nothing, ``apply(lab)`` breaks a running one for a while. Afterwards the lab is healthy again and
the laptop has a lease.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lab import addresses as at
from lab import announcer, portal, services, world
from lab.plan import Options
from lab.waiting import LabError, listens, wait_until
from lab.world import Lab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lab.wire import Settings

PORTAL_PORT = 8080
_SIP_PORTS = "{ 5060, 5080 }"


def _as_it_is(options: Options) -> Options:
    return options


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A way for a customer's connection to be broken."""

    name: str
    apply: Callable[[Lab], AbstractContextManager[None]]
    """Break a lab that was built with ``build``, and mend it at the end."""
    build: Callable[[Options], Options] = _as_it_is
    """What the lab must be built with, where a healthy one does not do."""

    @property
    def at_construction(self) -> bool:
        """Whether a lab must be built for it: ``apply`` alone is not enough."""
        return self.build is not _as_it_is

    @contextmanager
    def lab(self, options: Options | None = None) -> Iterator[Lab]:
        """Build a lab that has this fault."""
        with world.lab(self.build(options or Options())) as broken, self.apply(broken):
            yield broken


# The customer's side


@contextmanager
def cable_out(lab: Lab) -> Iterator[None]:
    """Nobody at the other end of the laptop's cable: no carrier; its address stays, as in Linux."""
    lab.run("router", ["ip", "link", "set", "lan1", "down"])
    # The kernel tells a change of carrier once a second at most.
    wait_until(lambda: not _has_carrier(lab), what="a laptop without a carrier")
    try:
        yield
    finally:
        lab.run("router", ["ip", "link", "set", "lan1", "up"])
        wait_until(lambda: _has_carrier(lab), what="a laptop with a carrier")
        _mend_lease(lab)


@contextmanager
def dhcp_none(lab: Lab) -> Iterator[None]:
    """The router gives no addresses, and the laptop has none; a static one would work."""
    lab.serve_lan(dhcp=False)
    lab.release()
    try:
        yield
    finally:
        lab.serve_lan()
        _mend_lease(lab)


@contextmanager
def dhcp_rogue(lab: Lab) -> Iterator[None]:
    """A second DHCP server on the LAN, whose lease the laptop has.

    The router's server is there too but its offers come a second late, so the rogue always wins.
    The rogue hands out a gateway other than itself (see ``Options``), answers for it and forwards
    to the router: everything works, through the wrong hands.
    """
    rogue, gateway = lab.options.rogue_server, lab.options.rogue_gateway
    addresses = list(dict.fromkeys((rogue, gateway)))
    if gateway == at.GATEWAY:
        addresses = [rogue]
    with ExitStack() as stack:
        stack.callback(_mend_lease, lab)
        stack.enter_context(lab.lan_host("rogue", *addresses))
        lab.run("rogue", ["ip", "route", "add", "default", "via", at.GATEWAY])
        server = services.rogue_server(lab.sandbox, gateway=gateway, resolver=lab.options.resolver)
        stack.callback(server.kill)
        stack.callback(lab.serve_lan)
        lab.serve_lan(late=1)
        _expect_lease(lab, server=rogue)
        yield


@contextmanager
def gateway_duplicate(lab: Lab) -> Iterator[None]:
    """Another host on the LAN has the gateway's address, and answers for it.

    Both announce themselves once a second, the router in its defence (RFC 5227, section 2.4), so
    the laptop's neighbour changes between two MAC addresses every half second; the other host
    answers pings but forwards nothing.
    """
    with lab.lan_host("double", at.GATEWAY), ExitStack() as stack:
        lab.run("double", ["sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward"])
        for host, interface, phase in (("router", "br-lan", "0"), ("double", "lan0", "0.5")):
            program = [sys.executable, "-I", "-S", str(Path(announcer.__file__))]
            speaker = services.launch(
                lab.sandbox, host, [*program, interface, at.GATEWAY, phase], ready=bool
            )
            stack.callback(speaker.kill)
        before = _gateway_mac(lab)
        wait_until(lambda: _gateway_mac(lab) != before, what="a second MAC address of the gateway")
        yield
    lab.run("laptop", ["ip", "neigh", "flush", "dev", "lan0"])


@contextmanager
def lan_loss_30(lab: Lab) -> Iterator[None]:
    """30 % of what the laptop sends does not reach the router; the line is fine."""
    with lab.rules("router", "inet lan_loss", _losing("br-lan", 30)):
        yield


# The router


@contextmanager
def symmetric_nat(lab: Lab) -> Iterator[None]:
    """A port of its own for each pair of addresses and ports (RFC 4787, section 4.1)."""
    lab.masquerade("masquerade fully-random")
    try:
        yield
    finally:
        lab.masquerade("masquerade")


@contextmanager
def sip_alg(lab: Lab) -> Iterator[None]:
    """The router rewrites SIP on port 5060: Linux's own helper; 5080 passes untouched."""
    helper = 'ct helper sip { type "sip" protocol udp; }; '
    hook = "type filter hook prerouting priority 0;"
    chain = f'chain pre {{ {hook} iifname "br-lan" udp dport 5060 ct helper set "sip"; }}'
    with lab.rules("router", "ip alg", helper + chain):
        lab.forget_connections("router")
        yield
    lab.forget_connections("router")


@contextmanager
def captive_portal(lab: Lab) -> Iterator[None]:
    """The router answers HTTP itself: 302 to its page, which answers 200; the rest passes."""
    own = f"{at.GATEWAY}:{PORTAL_PORT}"
    server = services.launch(
        lab.sandbox,
        "router",
        [sys.executable, "-I", str(Path(portal.__file__)), str(PORTAL_PORT), own],
        ready=lambda pid: listens(pid, "tcp", PORTAL_PORT),
    )
    hook = "type nat hook prerouting priority -100;"
    chain = f'chain pre {{ {hook} iifname "br-lan" tcp dport 80 redirect to :{PORTAL_PORT}; }}'
    try:
        with lab.rules("router", "ip portal", chain):
            yield
    finally:
        server.kill()
        lab.forget_connections("router")


@contextmanager
def bufferbloat(lab: Lab) -> Iterator[None]:
    """10 Mbit/s both ways with 1000 packets of queue: more than a second when full."""
    with _line(lab, up=True, rate_mbit=10.0, queue_packets=1000):
        yield


# The provider


@contextmanager
def wan_down(lab: Lab) -> Iterator[None]:
    """The line carries nothing either way; the router's own link stays up, as behind a modem."""
    with _line(lab, up=True, loss=1.0):
        yield


def double_nat(_lab: Lab) -> AbstractContextManager[None]:
    """A second NAT outside the router, 100.64/10 at hop 2 (RFC 6598): part of how it is built."""
    return nullcontext()


@contextmanager
def pmtu_1492(lab: Lab) -> Iterator[None]:
    """A line of 1492 bytes as with PPPoE (RFC 2516); who sends more is told (ICMP)."""
    ends = ((lab.edge, "wan0"), ("provider", "cust0"))
    for space, interface in ends:
        lab.run(space, ["ip", "link", "set", interface, "mtu", "1492"])
    try:
        yield
    finally:
        for space, interface in ends:
            lab.run(space, ["ip", "link", "set", interface, "mtu", "1500"])
        for space in ("laptop", "provider"):
            lab.run(space, ["ip", "route", "flush", "cache"])


@contextmanager
def pmtu_blackhole_1440(lab: Lab) -> Iterator[None]:
    """IP packets longer than 1440 bytes vanish on the line, and nobody is told."""
    with _line(lab, up=True, mtu=1440):
        yield


def loss(percent: int) -> Callable[[Lab], AbstractContextManager[None]]:
    """Make a fault that loses so much on the line towards the customer; the way up is clean.

    So a round trip loses as much as the one way.
    """
    return lambda lab: _line(lab, up=False, loss=percent / 100)


@contextmanager
def jitter_35(lab: Lab) -> Iterator[None]:
    """A measured interarrival jitter (RFC 3550) of 35 ms at 50 packets a second, downwards.

    The line sends what has gathered every 160 ms, as WiFi, cable and mobile do. Of 8 packets sent
    20 ms apart, 7 then differ by 20 ms in transit from the one before and one by 140 ms, on
    average 35; the running estimate of RFC 3550 stays between 31 and 39, the mean deviation is 40.
    Independent delays without reordering could not: transit shrinks by 20 ms at most from one
    packet to the next, so the mean difference stays well below 35 however large they are.
    """
    with _line(lab, up=False, jitter_ms=160.0, jitter="slots"):
        yield


def delay(one_way_ms: float) -> Callable[[Lab], AbstractContextManager[None]]:
    """Make a fault whose every way takes so long, so a round trip twice as long."""
    return lambda lab: _line(lab, up=True, delay_ms=one_way_ms)


@contextmanager
def provider_loss(lab: Lab) -> Iterator[None]:
    """10 % is lost inside the provider's network; LAN and line are fine."""
    with lab.rules("provider", "inet core_loss", _losing("cust0", 10)):
        yield


@contextmanager
def dns_down(lab: Lab) -> Iterator[None]:
    """The DNS server that the laptop was told of answers nothing (see ``Options.resolver``)."""
    server = lab.operators_resolver
    body = _dropping(f"ip daddr {server} meta l4proto {{ tcp, udp }} th dport 53")
    with lab.rules("provider", "ip dns_down", body):
        yield


@contextmanager
def dns_hijack(lab: Lab) -> Iterator[None]:
    """The DNS server gives the same address for every name, also for one that does not exist."""
    lab.serve_names(lab.operators_resolver, everything=at.HIJACKER)
    try:
        yield
    finally:
        lab.serve_names(lab.operators_resolver)


@contextmanager
def sip_down(lab: Lab) -> Iterator[None]:
    """The SIP server answers nothing on either port; its host answers pings."""
    body = _dropping(f"ip daddr {at.SIP} meta l4proto {{ tcp, udp }} th dport {_SIP_PORTS}")
    with lab.rules("provider", "ip sip_down", body):
        yield


def _losing(interface: str, percent: int) -> str:
    matching = f'iifname "{interface}" numgen random mod 100 < {percent}'
    return _dropping(matching)


def _dropping(matching: str) -> str:
    # Before connection tracking: what is lost must leave no trace.
    return f"chain pre {{ type filter hook prerouting priority -300; {matching} drop; }}"


def _line(lab: Lab, *, up: bool, **changes: float | str) -> AbstractContextManager[None]:
    """Change the line towards the customer and, with ``up``, the way back too."""

    # Values of a test's own literals; Settings names the fields.
    def worse(healthy: Settings) -> Settings:
        return replace(healthy, **changes)  # type: ignore[arg-type]

    return lab.wire.changed(up=worse(lab.options.up) if up else None, down=worse(lab.options.down))


def _has_carrier(lab: Lab) -> bool:
    return "LOWER_UP" in lab.run("laptop", ["ip", "link", "show", "lan0"]).stdout


def _expect_lease(lab: Lab, *, server: str) -> None:
    if not lab.renew():
        raise LabError("the laptop got no lease")
    if lab.lease()["serverid"] != server:
        raise LabError(f"the lease is not from {server}: {lab.lease()}")


def _mend_lease(lab: Lab) -> None:
    _expect_lease(lab, server=at.GATEWAY)


def _gateway_mac(lab: Lab) -> str:
    lab.run("laptop", ["ping", "-c", "1", "-W", "1", at.GATEWAY], check=False)
    return lab.neighbour(at.GATEWAY)


def _behind_carrier(options: Options) -> Options:
    return replace(options, carrier=True)


FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault(name="cable_out", apply=cable_out),
        Fault(name="dhcp_none", apply=dhcp_none),
        Fault(name="dhcp_rogue", apply=dhcp_rogue),
        Fault(name="gateway_duplicate", apply=gateway_duplicate),
        Fault(name="dns_down", apply=dns_down),
        Fault(name="dns_hijack", apply=dns_hijack),
        Fault(name="captive_portal", apply=captive_portal),
        Fault(name="wan_down", apply=wan_down),
        Fault(name="double_nat", apply=double_nat, build=_behind_carrier),
        Fault(name="symmetric_nat", apply=symmetric_nat),
        Fault(name="sip_alg", apply=sip_alg),
        Fault(name="sip_down", apply=sip_down),
        Fault(name="pmtu_1492", apply=pmtu_1492),
        Fault(name="pmtu_blackhole_1440", apply=pmtu_blackhole_1440),
        Fault(name="loss_2", apply=loss(2)),
        Fault(name="loss_5", apply=loss(5)),
        Fault(name="loss_10", apply=loss(10)),
        Fault(name="jitter_35", apply=jitter_35),
        Fault(name="delay_150", apply=delay(150.0)),
        Fault(name="delay_250", apply=delay(250.0)),
        Fault(name="bufferbloat", apply=bufferbloat),
        Fault(name="lan_loss_30", apply=lan_loss_30),
        Fault(name="provider_loss", apply=provider_loss),
    )
}
