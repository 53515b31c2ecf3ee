"""The network facts of this machine, read without asking the network anything.

Addresses and link facts come from psutil on every system; the default gateway and the resolvers
from what each system keeps: ``/proc/net/route`` and ``resolv.conf`` on Linux, ``route print`` and
PowerShell on Windows, ``route -n get default`` and ``scutil --dns`` on macOS. The parsers are pure
and language-independent: they look at numbers, never at labels that Windows translates.
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from fieldtech.diagnostics.tools import ToolError, console_text, run_tool

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

COMMAND_LIMIT_S = 3.0
"""A system tool that does not answer within this time has no answer."""

LINUX_ROUTES = Path("/proc/net/route")
RESOLV_CONF = Path("/etc/resolv.conf")
VIRTUAL_NAME = re.compile(
    r"(docker|br-|virbr|veth|vnet|vmnet|vboxnet|tun|tap|utun|wg|tailscale|zt|ppp|ipsec|gif|stf"
    r"|awdl|llw|anpi|bridge|dummy|ifb|sit|ip6tnl)[\w.-]*$|(lo|ap)\d*$"
)
"""How Linux and macOS call what is no card."""
VIRTUAL_WORDS = re.compile(
    r"vethernet|virtualbox|vmware|hyper-v|loopback|bluetooth|npcap|vpn|wireguard|tailscale"
    r"|zerotier|\btap\b|(local area connection|conexión de área local)\*",
    re.IGNORECASE,
)
"""What is in the names that Windows and its programs give to adapters that are no cards."""
VIRTUAL_MACS = ("0a:00:27:", "00:50:56:c0:", "00:ff:", "02:42:")
"""Host-only networks of VirtualBox and VMware, TAP-Windows, Docker's bridges."""
_ROUTE_FIELDS = 8
_GATEWAY_FLAG = 0x2


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceFacts:
    """One network interface. ``speed_mbps`` is 0 when the driver does not tell."""

    name: str
    up: bool
    speed_mbps: int
    duplex: str
    mtu: int
    mac: str
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]

    @property
    def main_ipv4(self) -> str:
        """The address to send from: the first that is no link-local one, if there is one."""
        given = (each for each in self.ipv4 if not ipaddress.ip_address(each).is_link_local)
        return next(given, "".join(self.ipv4[:1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRoute:
    """Where packets for elsewhere go; ``interface`` is a name (Unix) or an address (Windows)."""

    gateway: str
    interface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineNetwork:
    """This machine's side of "what is my IP": works with the Internet down."""

    private_ip: str
    gateway: str
    interface: str
    dns: tuple[str, ...]
    interfaces: tuple[InterfaceFacts, ...]


def read_machine_network() -> MachineNetwork:
    """Read everything at once; missing facts are empty, never an exception."""
    interfaces = read_interfaces()
    route = read_default_route()
    active = active_interface(interfaces, route)
    return MachineNetwork(
        private_ip=active.main_ipv4 if active else "",
        gateway=route.gateway if route else "",
        interface=active.name if active else "",
        dns=read_resolvers(),
        interfaces=interfaces,
    )


def active_interface(
    interfaces: Sequence[InterfaceFacts], route: DefaultRoute | None
) -> InterfaceFacts | None:
    """The interface of the default route, else the likeliest to be the one that lost it.

    That is a card before a virtual adapter, even one whose cable is out: a host-only network is up
    and has an address on many a laptop, and leads nowhere.
    """
    if route:
        for facts in interfaces:
            if facts.name == route.interface or route.interface in facts.ipv4:
                return facts
    outward = [facts for facts in interfaces if not is_loopback(facts)]
    outward.sort(key=lambda facts: (not is_physical(facts), not facts.up, not _has_address(facts)))
    first = next(iter(outward), None)
    return first if first and (is_physical(first) or (first.up and first.ipv4)) else None


def is_loopback(facts: InterfaceFacts) -> bool:
    """Tell whether an interface leads to this machine alone."""
    return any(ipaddress.ip_address(address).is_loopback for address in facts.ipv4)


def is_physical(facts: InterfaceFacts) -> bool:
    """Tell whether an interface looks like a card, by its name and its hardware address.

    What it takes for a card may be an adapter that nobody has heard of; never the other way round
    for one that a system names as it comes.
    """
    if is_loopback(facts) or not facts.mac.strip("0:-"):
        return False
    mac = facts.mac.lower().replace("-", ":")
    named = VIRTUAL_NAME.match(facts.name) or VIRTUAL_WORDS.search(facts.name)
    return not (named or mac.startswith(VIRTUAL_MACS))


def _has_address(facts: InterfaceFacts) -> bool:
    return bool(facts.ipv4) and not ipaddress.ip_address(facts.main_ipv4).is_link_local


def read_interfaces() -> tuple[InterfaceFacts, ...]:
    """Every interface that psutil knows, in its order."""
    try:
        stats, known = psutil.net_if_stats(), psutil.net_if_addrs()
    except OSError:
        return ()
    # macOS keeps saying that an unplugged port is running; only its media line tells.
    silent = parse_inactive(_output(["ifconfig", "-a"])) if sys.platform == "darwin" else ()
    found = []
    for name, addresses in known.items():
        stat = stats.get(name)
        found.append(
            InterfaceFacts(
                name=name,
                up=bool(stat and stat.isup) and name not in silent,
                speed_mbps=stat.speed if stat else 0,
                duplex=_duplex(int(stat.duplex)) if stat else "",
                mtu=stat.mtu if stat else 0,
                mac=next((a.address for a in addresses if a.family == psutil.AF_LINK), ""),
                ipv4=tuple(a.address for a in addresses if a.family == socket.AF_INET),
                ipv6=tuple(
                    a.address.partition("%")[0] for a in addresses if a.family == socket.AF_INET6
                ),
            )
        )
    return tuple(found)


def parse_inactive(text: str) -> frozenset[str]:
    """``ifconfig -a`` of macOS: the interfaces whose ``status:`` is ``inactive``."""
    found: set[str] = set()
    name = ""
    for line in text.splitlines():
        if line[:1].strip():
            name = line.partition(":")[0]
        elif re.match(r"\s+status:\s*inactive\s*$", line):
            found.add(name)
    return frozenset(found)


def _duplex(value: int) -> str:
    if sys.platform == "win32":
        return ""  # psutil asks Windows for none, and says "full" of every link
    return {int(psutil.NIC_DUPLEX_FULL): "full", int(psutil.NIC_DUPLEX_HALF): "half"}.get(value, "")


def read_default_route(only: InterfaceFacts | None = None) -> DefaultRoute | None:
    """The IPv4 default route of this system, or of ``only`` one interface; ``None`` without one."""
    if sys.platform == "win32":
        text = _output(["route", "print", "-4", "0.0.0.0"])  # noqa: S104  a route, not a bind
        return parse_windows_routes(text, only.ipv4 if only else None)
    if sys.platform == "darwin":
        scope = ["-ifscope", only.name] if only else []
        return parse_macos_route(_output(["route", "-n", "get", *scope, "default"]))
    return parse_linux_routes(_text(LINUX_ROUTES), only.name if only else None)


def read_resolvers() -> tuple[str, ...]:
    """The DNS servers this system asks, in its order, without repeats."""
    if sys.platform == "win32":
        script = (
            "Get-DnsClientServerAddress -AddressFamily IPv4 | "
            "Select-Object -ExpandProperty ServerAddresses | ConvertTo-Json -Compress"
        )
        return parse_powershell_list(_output(["powershell", "-NoProfile", "-Command", script]))
    if sys.platform == "darwin":
        return parse_nameservers(_output(["scutil", "--dns"]))
    return parse_nameservers(_text(RESOLV_CONF))


def parse_linux_routes(text: str, only: str | None = None) -> DefaultRoute | None:
    """``/proc/net/route``: little-endian hexadecimal; the default route of least metric.

    ``only`` leaves all other interfaces out.
    """
    best: tuple[int, DefaultRoute] | None = None
    for line in text.splitlines()[1:]:
        parts = line.split()
        if len(parts) < _ROUTE_FIELDS or parts[1] != "00000000" or parts[7] != "00000000":
            continue
        try:
            flags, metric = int(parts[3], 16), int(parts[6])
            gateway = str(ipaddress.IPv4Address(bytes.fromhex(parts[2])[::-1]))
        except ValueError:
            continue
        if only is not None and parts[0] != only:
            continue
        if flags & _GATEWAY_FLAG and (best is None or metric < best[0]):
            best = (metric, DefaultRoute(gateway=gateway, interface=parts[0]))
    return best[1] if best else None


def parse_windows_routes(text: str, only: Collection[str] | None = None) -> DefaultRoute | None:
    """``route print``: rows of four addresses and a metric, whatever the language around them.

    ``only`` are the addresses of the one interface that counts.
    """
    pattern = re.compile(r"^\s*0\.0\.0\.0\s+0\.0\.0\.0\s+(\S+)\s+(\S+)\s+(\d+)\s*$", re.MULTILINE)
    found = [
        (int(metric), DefaultRoute(gateway=gateway, interface=interface))
        for gateway, interface, metric in pattern.findall(text)
        if _is_address(gateway) and (only is None or interface in only)
    ]
    return min(found, key=lambda item: item[0])[1] if found else None


def parse_macos_route(text: str) -> DefaultRoute | None:
    """``route -n get default``: ``gateway:`` and ``interface:`` lines (never translated)."""
    facts = dict(re.findall(r"^\s*(gateway|interface):\s*(\S+)\s*$", text, re.MULTILINE))
    gateway = facts.get("gateway", "")
    if not _is_address(gateway):
        return None
    return DefaultRoute(gateway=gateway, interface=facts.get("interface", ""))


def parse_nameservers(text: str) -> tuple[str, ...]:
    """``resolv.conf`` and ``scutil --dns``: every ``nameserver`` line's address."""
    found = re.findall(r"^\s*nameserver(?:\[\d+\]\s*:)?\s+(\S+)", text, re.MULTILINE)
    return _addresses(found)


def parse_powershell_list(text: str) -> tuple[str, ...]:
    """``ConvertTo-Json``: a list of strings, or one bare string when there is only one."""
    try:
        value = json.loads(text or "[]")
    except ValueError:
        return ()
    items = value if isinstance(value, list) else [value]
    return _addresses([item for item in items if isinstance(item, str)])


def _addresses(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if _is_address(text)))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def _text(path: Path) -> str:
    return _or_empty(lambda: path.read_text(encoding="utf-8", errors="replace"))


def _output(command: list[str]) -> str:
    """What a system tool prints; empty when it is missing, fails or takes too long."""
    try:
        return console_text(run_tool(command, limit_s=COMMAND_LIMIT_S))
    except ToolError:
        return ""


def _or_empty(read: Callable[[], str]) -> str:
    try:
        return read()
    except OSError:
        return ""
