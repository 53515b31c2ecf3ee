"""An interface's addresses and neighbours, from whatever this system has that tells them.

A source that is missing, slow or says nothing is passed over. Being cancelled is not:
``ToolError`` with the reason ``cancelled`` reaches the caller.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Protocol

from fieldtech.diagnostics.addresses import ipconfig, leases, linux, macos, powershell
from fieldtech.diagnostics.addresses.facts import AddressFacts, Lease, with_lease
from fieldtech.diagnostics.addresses.neighbours import (
    Neighbour,
    parse_ip_neigh,
    parse_macos_arp,
    parse_windows_arp,
)
from fieldtech.diagnostics.interfaces import (
    InterfaceFacts,
    parse_macos_route,
    parse_nameservers,
    read_interfaces,
)
from fieldtech.diagnostics.tools import LIMIT_S, ToolError, console_text, run_tool

_LARGEST_FILE = 1 << 20


class Runner(Protocol):
    """Runs a tool and returns what it prints; raises ``ToolError``."""

    def __call__(
        self, command: Sequence[str], *, limit_s: float = LIMIT_S, cancel: Event | None = None
    ) -> bytes:
        """Run it."""
        ...


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_FILE).decode("utf-8", "replace")
    except OSError:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Where Linux's DHCP clients leave their leases.

    ``networkd`` holds a file for each link by its number, ``dhclient`` are folders that hold
    ``dhclient*.leases``, and ``udhcpc`` the files that a hook of udhcpc writes.
    """

    networkd: Path = Path("/run/systemd/netif/leases")
    dhclient: tuple[Path, ...] = (Path("/var/lib/dhcp"), Path("/var/lib/dhclient"))
    udhcpc: tuple[Path, ...] = ()
    resolv_conf: Path = Path("/etc/resolv.conf")


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The system that is asked; a test brings recorded outputs instead."""

    platform: str = sys.platform
    run: Runner = run_tool
    interfaces: Callable[[], Sequence[InterfaceFacts]] = read_interfaces
    index: Callable[[str], int] = socket.if_nametoindex
    files: Files = field(default_factory=Files)


@dataclass(slots=True, kw_only=True)
class _Asking:
    """One reading: what was said so far is kept as evidence."""

    system: System
    interface: str
    cancel: Event | None
    said: list[str] = field(default_factory=list)
    answers: dict[tuple[str, ...], str] = field(default_factory=dict)

    def ask(self, command: Sequence[str], *, limit_s: float = LIMIT_S) -> str:
        """Return what a tool says, asked once; raises ``ToolError`` when cancelled."""
        words = tuple(command)
        if words not in self.answers:
            self.answers[words] = self._run(words, limit_s)
            # The script of an encoded command tells nobody anything.
            shown = words[: words.index("-EncodedCommand")] if "-EncodedCommand" in words else words
            self.keep(f"$ {' '.join(shown)}", self.answers[words])
        return self.answers[words]

    def _run(self, command: Sequence[str], limit_s: float) -> str:
        try:
            return console_text(self.system.run(command, limit_s=limit_s, cancel=self.cancel))
        except ToolError as error:
            if error.reason == "cancelled":
                raise
            return ""

    def read(self, path: Path, *, as_evidence: bool = True) -> str:
        """Return what a file holds, ``""`` when it cannot be read."""
        text = _read(path)
        if as_evidence:
            self.keep(f"# {path}", text)
        return text

    def keep(self, title: str, text: str) -> None:
        if text.strip():
            self.said.append(f"{title}\n{text.rstrip()}\n")

    def of_psutil(self) -> AddressFacts:
        """Return what psutil knows: the addresses alone."""
        for each in self.system.interfaces():
            if each.name == self.interface:
                return AddressFacts(
                    interface=self.interface,
                    ipv4=tuple((address, None) for address in each.ipv4),
                    ipv6=tuple((address, None) for address in each.ipv6),
                    source="psutil",
                )
        return AddressFacts(interface=self.interface)


def read_addresses(
    interface: str, cancel: Event | None = None, *, system: System | None = None
) -> AddressFacts:
    """Return what this system tells of an interface's addresses; an unknown one has none.

    Raises ``ToolError`` when cancelled.
    """
    system = system or System()
    asking = _Asking(system=system, interface=interface, cancel=cancel)
    read = {"win32": _of_windows, "darwin": _of_macos}.get(system.platform, _of_linux)
    facts = read(asking)
    return replace(facts, raw="\n".join(asking.said))


def watch_neighbours(
    interface: str,
    cancel: Event,
    *,
    looks: int = 1,
    every_s: float = 0.0,
    system: System | None = None,
) -> tuple[Neighbour, ...]:
    """Return all that an interface's neighbour table showed at each of some looks.

    Empty when this system does not tell it. Raises ``ToolError`` when cancelled.
    """
    system = system or System()
    if system.platform == "win32":
        asking = _Asking(system=system, interface=interface, cancel=cancel)
        return _neighbours_of_windows(asking, looks, every_s)
    shown: list[Neighbour] = []
    for look in range(looks):
        if look and cancel.wait(every_s):
            raise ToolError("neighbours", "cancelled")
        shown += _neighbours_of_unix(_Asking(system=system, interface=interface, cancel=cancel))
    return tuple(shown)


def _neighbours_of_unix(asking: _Asking) -> tuple[Neighbour, ...]:
    if asking.system.platform == "darwin":
        return parse_macos_arp(asking.ask(["arp", "-an"]), asking.interface)
    # Asked of one device, ``ip`` leaves the device out of each entry.
    return parse_ip_neigh(asking.ask(linux.neighbour_command(asking.interface)))


def _of_windows(asking: _Asking) -> AddressFacts:
    command = powershell.addresses_command(asking.interface)
    told = powershell.parse_addresses(
        asking.ask(command, limit_s=powershell.LIMIT_S), asking.interface
    )
    if told is not None:
        return told
    adapters = ipconfig.parse_ipconfig(asking.ask(ipconfig.COMMAND))
    return ipconfig.find_adapter(adapters, asking.interface) or asking.of_psutil()


def _neighbours_of_windows(asking: _Asking, looks: int, every_s: float) -> tuple[Neighbour, ...]:
    command = powershell.neighbours_command(asking.interface, looks=looks, every_s=every_s)
    told = powershell.parse_neighbours(asking.ask(command, limit_s=powershell.LIMIT_S))
    if told:
        return told
    own = [address for address, _ in asking.of_psutil().ipv4]
    table = asking.ask(["arp", "-a"]) if own else ""
    return tuple(each for address in own for each in parse_windows_arp(table, address))


def _of_macos(asking: _Asking) -> AddressFacts:
    told = macos.parse_ifconfig(asking.ask(["ifconfig", asking.interface]), asking.interface)
    facts = asking.of_psutil()
    if told is not None:
        facts = replace(
            facts, ipv4=told.ipv4, ipv6=told.ipv6, duplicate=told.duplicate, source="ifconfig"
        )
    scope = ["route", "-n", "get", "-ifscope", asking.interface, "default"]
    route = parse_macos_route(asking.ask(scope))
    dns, domain = macos.parse_scutil(asking.ask(["scutil", "--dns"]), asking.interface)
    if route and route.interface == asking.interface:
        facts = replace(facts, gateways=(route.gateway,))
    facts = replace(facts, dns=dns, domain=domain)
    lease = macos.parse_getpacket(asking.ask(["ipconfig", "getpacket", asking.interface]))
    return with_lease(facts, lease, "ipconfig getpacket")


def _of_linux(asking: _Asking) -> AddressFacts:
    facts = _with_routes(asking, _linux_addresses(asking))
    for source, lease in _lease_sources(asking):
        found = with_lease(facts, lease(), source) if facts.ipv4 else facts
        if found is not facts:
            facts = found
            break
    return _with_resolvers(asking, facts)


def _linux_addresses(asking: _Asking) -> AddressFacts:
    output = asking.ask(linux.address_command(asking.interface))
    told = linux.parse_address(output, asking.interface)
    if told is None:
        return asking.of_psutil()
    return AddressFacts(
        interface=asking.interface,
        ipv4=told.ipv4,
        ipv6=told.ipv6,
        dhcp=True if told.for_a_time else None,
        duplicate=told.duplicate,
        source="ip -j",
    )


def _with_routes(asking: _Asking, facts: AddressFacts) -> AddressFacts:
    told = [
        linux.parse_routes(asking.ask(command), asking.interface)
        for command in linux.route_commands()
    ]
    gateways = tuple(gateway for routes in told for gateway in routes.gateways)
    leased = any(routes.from_dhcp for routes in told)
    return replace(facts, gateways=gateways, dhcp=True if leased else facts.dhcp)


def _lease_sources(asking: _Asking) -> tuple[tuple[str, Callable[[], Lease]], ...]:
    """Return where a lease may be told, the surest first; nothing is asked before its turn."""
    name, files = asking.interface, asking.system.files

    def networkd() -> Lease:
        try:
            number = asking.system.index(name)
        except OSError:
            return Lease()
        return leases.parse_networkd(asking.read(files.networkd / str(number)))

    def dhclient() -> Lease:
        found = sorted(
            path for folder in files.dhclient for path in folder.glob("dhclient*.lease*")
        )
        # No evidence: the file remembers every network that this laptop has ever been in.
        texts = [asking.read(path, as_evidence=False) for path in found]
        told = [leases.parse_dhclient(text, name) for text in texts]
        return next((lease for lease in told if lease.address), Lease())

    def udhcpc() -> Lease:
        told = [leases.parse_udhcpc(asking.read(path)) for path in files.udhcpc]
        return next((lease for lease in told if lease.interface == name), Lease())

    return (
        ("nmcli", lambda: leases.parse_nmcli(asking.ask(_nmcli(name)), name)),
        ("systemd-networkd", networkd),
        ("dhclient", dhclient),
        ("dhcpcd", lambda: leases.parse_dhcpcd(asking.ask(["dhcpcd", "-U", name]), name)),
        ("udhcpc", udhcpc),
    )


def _nmcli(interface: str) -> list[str]:
    return ["nmcli", "-t", "-f", "all", "device", "show", interface]


def _with_resolvers(asking: _Asking, facts: AddressFacts) -> AddressFacts:
    """Add the resolvers: the interface's own, else those that the whole system asks."""
    if facts.dns or not facts.source:
        return facts
    dns, domain = leases.parse_nmcli_dns(asking.ask(_nmcli(asking.interface)), asking.interface)
    if not dns:
        dns = parse_nameservers(asking.read(asking.system.files.resolv_conf))
    return replace(facts, dns=dns, domain=facts.domain or domain)
