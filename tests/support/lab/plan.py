"""The lab's plan, and the commands that turn it into namespaces, links and addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab import addresses as at
from lab.wire import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lab.sandbox import Sandbox

MASQUERADE = (
    'table ip nat { chain post { type nat hook postrouting priority 100; oifname "wan0" %s; }; }'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a lab is made of; what can change while it runs is not here."""

    carrier: bool = False
    """Whether the provider has no public address for the router, but a NAT of its own."""
    resolver: str = at.DNS
    """The DNS server that DHCP hands out: the provider's, the router or a third party's."""
    names: tuple[tuple[str, tuple[str, ...]], ...] = at.NAMES
    """The names that exist, with their addresses."""
    rogue_server: str = at.ROGUE_SERVER
    rogue_gateway: str = at.ROGUE_GATEWAY
    """Who a rogue DHCP server is, and the gateway it hands out: it answers for both."""
    up: Settings = field(default_factory=lambda: Settings(delay_ms=5.0))
    down: Settings = field(default_factory=lambda: Settings(delay_ms=5.0))
    """The healthy line."""
    lan: Settings | None = None
    """A bad LAN: what stands between the laptop and the router does to both directions."""
    seed: int = 77
    """Of the wire's dice."""
    rootless: bool | None = None
    """Whether to do without root; None takes what is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """A cable between two namespaces, with an end in each."""

    near: tuple[str, str]
    far: tuple[str, str]

    def ends(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return self.near, self.far


def edge(options: Options) -> str:
    """Who has the public address and is on the wire."""
    return "carrier" if options.carrier else "router"


def build(sandbox: Sandbox, options: Options) -> None:
    """Create namespaces, links, addresses and NAT, all down on the laptop's side yet."""
    spaces = ["laptop", "router", "wire", "provider", *(["carrier"] if options.carrier else [])]
    spaces += ["air"] if options.lan is not None else []
    sandbox.run(None, ["sh", "-ec", "\n".join(_spaces(sandbox, spaces))])
    links = list(_links(options))
    script = [line for link in links for line in _plug(link)]
    sandbox.run(None, ["sh", "-ec", "\n".join([*script, *_addresses(options)])])


def add_lan_host(sandbox: Sandbox, name: str, *addresses: str) -> None:
    """Plug another host into the router's bridge: a namespace whose interface is ``lan0``."""
    link = _Link(near=(name, "lan0"), far=("router", f"p-{name}"[:15]))
    script = [
        *_spaces(sandbox, [name]),
        *_plug(link),
        f"ip -n router link set {link.far[1]} master br-lan",
        *(f"ip -n {name} address add {address}/24 dev lan0" for address in addresses),
    ]
    sandbox.run(None, ["sh", "-ec", "\n".join(script)])


def _spaces(sandbox: Sandbox, names: Iterable[str]) -> Iterator[str]:
    # Rootless there is one group only, and the kernel refuses a range with others.
    groups = "0 0" if sandbox.rootless else "0 2147483647"
    for name in names:
        forward = int(name not in {"laptop", "provider"})
        settings = {
            "ipv4/ping_group_range": groups,
            "ipv4/conf/all/rp_filter": 0,
            "ipv4/conf/default/rp_filter": 0,
            "ipv4/conf/all/send_redirects": 0,
            "ipv4/conf/default/send_redirects": 0,
            "ipv4/ip_forward": forward,
            "ipv6/conf/all/forwarding": forward,
            # Else an address is unusable for a second.
            "ipv6/conf/default/accept_dad": 0,
            "ipv6/conf/default/router_solicitation_delay": 0,
            # The replies of a ping several times a second would be held back.
            "ipv4/icmp_ratelimit": 0,
        }
        writes = " && ".join(
            f"echo {value} > /proc/sys/net/{key}" for key, value in settings.items()
        )
        yield f"ip netns add {name}"
        yield f"ip netns exec {name} sh -ec '{writes}'"
        yield f"ip -n {name} link set lo up"


def _links(options: Options) -> Iterator[_Link]:
    outside = edge(options)
    if options.lan is None:
        yield _Link(near=("laptop", "lan0"), far=("router", "lan1"))
    else:
        yield _Link(near=("laptop", "lan0"), far=("air", "w0"))
        yield _Link(near=("air", "w1"), far=("router", "lan1"))
    yield _Link(near=(outside, "wan0"), far=("wire", "w0"))
    yield _Link(near=("wire", "w1"), far=("provider", "cust0"))
    if options.carrier:
        yield _Link(near=("router", "wan0"), far=("carrier", "in0"))


def _plug(link: _Link) -> Iterator[str]:
    (near, near_name), (far, far_name) = link.ends()
    yield f"ip link add {near_name} netns {near} type veth peer name {far_name} netns {far}"
    for space, name in link.ends():
        # Offloads leave checksums to hardware that is not there, and join packets into large ones.
        yield f"ip netns exec {space} ethtool -K {name} tx off gso off tso off gro off >/dev/null"
        # The laptop's own end comes up last, when there is somebody to ask for an address.
        if (space, name) != ("laptop", "lan0"):
            yield f"ip -n {space} link set {name} up"


def _addresses(options: Options) -> Iterator[str]:
    yield from _bridge()
    outside = edge(options)
    yield f"ip -n {outside} address add {at.PUBLIC}/24 dev wan0"
    yield f"ip -n {outside} address add {at.PUBLIC_V6}/64 dev wan0"
    yield f"ip -n {outside} route add default via {at.PROVIDER}"
    yield f"ip -n {outside} route add default via {at.PROVIDER_V6}"
    if options.carrier:
        yield from _behind_carrier()
    for host in at.PROVIDER_HOSTS:
        yield f"ip -n provider address add {host}/24 dev cust0"
    for host in at.THIRD_PARTIES:
        yield f"ip -n provider address add {host}/32 dev lo"
    for host in (at.PROVIDER_V6, at.REFLECTOR_V6):
        yield f"ip -n provider address add {host}/64 dev cust0"
    yield f"ip -n provider route add {at.LAN_V6}/64 via {at.PUBLIC_V6}"
    for space in {"router", outside}:
        yield f"ip netns exec {space} nft '{MASQUERADE % 'masquerade'}'"


def _bridge() -> Iterator[str]:
    # Where this module is loaded, NAT would meet what merely passes from host to host of the LAN.
    filtering = "/proc/sys/net/bridge/bridge-nf-call-iptables"
    unfiltered = f"if [ -e {filtering} ]; then echo 0 > {filtering}; fi"
    yield f"ip netns exec router sh -c '{unfiltered}'"
    bridge = "type bridge stp_state 0 forward_delay 0 mcast_snooping 0"
    yield f"ip -n router link add br-lan address 02:00:00:00:77:01 {bridge}"
    yield "ip -n router link set lan1 master br-lan"
    yield "ip netns exec router ethtool -K br-lan tx off gso off tso off gro off >/dev/null"
    yield "ip -n router link set br-lan up"
    yield f"ip -n router address add {at.GATEWAY}/24 dev br-lan"
    yield f"ip -n router address add {at.GATEWAY_V6}/64 dev br-lan"


def _behind_carrier() -> Iterator[str]:
    yield f"ip -n router address add {at.BEHIND_CARRIER}/24 dev wan0"
    yield f"ip -n router route add default via {at.CARRIER}"
    yield f"ip -n carrier address add {at.CARRIER}/24 dev in0"
    yield "ip -n router address add 2001:db8:64::20/64 dev wan0"
    yield "ip -n router route add default via 2001:db8:64::1"
    yield "ip -n carrier address add 2001:db8:64::1/64 dev in0"
    yield f"ip -n carrier route add {at.LAN_V6}/64 via 2001:db8:64::20"
