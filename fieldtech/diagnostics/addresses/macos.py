"""What macOS tells of an interface: ``ipconfig getpacket``, ``ifconfig`` and ``scutil --dns``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldtech.diagnostics.addresses.facts import Lease, Prefixed
from fieldtech.diagnostics.addresses.shapes import (
    address_of,
    addresses_of,
    bare,
    ipv4_of,
    prefix_of_mask,
    prefix_within,
    whole_lines,
)

_FIELD = re.compile(r"^(?P<name>yiaddr) = (?P<value>\S+)$")
_OPTION = re.compile(r"^(?P<name>[a-z_0-9]+) \((?P<kind>\w+)\): (?P<value>.*)$")
_INET = re.compile(r"^\s+inet (?P<address>\S+)(?P<rest>.*)$")
_INET6 = re.compile(r"^\s+inet6 (?P<address>\S+) prefixlen (?P<prefix>\d+)(?P<rest>.*)$")
_MASK = re.compile(r"\snetmask (0x[0-9a-f]{8})(?:\s|$)")
_HEAD = re.compile(r"^(?P<name>[^\s:]+): flags=")
_SERVER = re.compile(r"^\s+nameserver\[\d+\]\s*:\s*(\S+)$")
_DOMAIN = re.compile(r"^\s+(?:search domain\[0\]|domain)\s*:\s*(\S+)$")
_INDEX = re.compile(r"^\s+if_index\s*:\s*\d+ \((\S+)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class IfconfigFacts:
    """The addresses of an interface; ``duplicate`` is ``True`` or ``None``: IPv4 is not shown."""

    ipv4: tuple[Prefixed, ...] = ()
    ipv6: tuple[Prefixed, ...] = ()
    duplicate: bool | None = None


def parse_getpacket(text: str) -> Lease:
    """``ipconfig getpacket IF``: the reply of the DHCP server that the client accepted."""
    told: dict[str, str] = {}
    for line in whole_lines(text):
        found = _FIELD.match(line.rstrip()) or _OPTION.match(line.rstrip())
        if found:
            told.setdefault(found["name"], found["value"].strip())
    return Lease(
        address=ipv4_of(told.get("yiaddr", "")),
        prefix=prefix_of_mask(told.get("subnet_mask", "")),
        server=ipv4_of(told.get("server_identifier", "")),
        lease_s=_hexadecimal(told.get("lease_time", "")),
        routers=_several(told.get("router", "")),
        dns=_several(told.get("domain_name_server", "")),
        domain=told.get("domain_name", ""),
    )


def parse_ifconfig(text: str, interface: str) -> IfconfigFacts | None:
    """``ifconfig IF``: ``None`` when the interface is not in it."""
    ipv4: list[Prefixed] = []
    ipv6: list[Prefixed] = []
    current, seen, duplicated = "", False, False
    for line in whole_lines(text):
        head = _HEAD.match(line)
        current = head["name"] if head else current
        seen = seen or current == interface
        if current != interface:
            continue
        found = _INET.match(line) or _INET6.match(line)
        address = bare(address_of(found["address"])) if found else ""
        if not found or not address:
            continue
        duplicated = duplicated or "duplicated" in found["rest"].split()
        if ":" in address:
            ipv6.append((address, prefix_within(found.groupdict().get("prefix"), 128)))
        else:
            mask = _MASK.search(found["rest"])
            ipv4.append((address, prefix_of_mask(mask[1]) if mask else None))
    if not seen:
        return None
    return IfconfigFacts(ipv4=tuple(ipv4), ipv6=tuple(ipv6), duplicate=duplicated or None)


def parse_scutil(text: str, interface: str) -> tuple[tuple[str, ...], str]:
    """``scutil --dns``: the servers and the domain of the resolvers tied to an interface."""
    servers: list[str] = []
    domain = ""
    for block in re.split(r"^resolver #\d+$", text, flags=re.MULTILINE)[1:]:
        lines = whole_lines(block)
        tied = {found[1] for line in lines if (found := _INDEX.match(line))}
        if interface not in tied:
            continue
        servers += [found[1] for line in lines if (found := _SERVER.match(line))]
        domains = [found[1] for line in lines if (found := _DOMAIN.match(line))]
        domain = domain or "".join(domains[:1])
    return addresses_of(servers), domain


def _several(text: str) -> tuple[str, ...]:
    found = re.fullmatch(r"\{(.*)\}", text)
    return addresses_of(found[1].split(",")) if found else ()


def _hexadecimal(text: str) -> int | None:
    found = re.fullmatch(r"0x([0-9a-f]{1,8})", text)
    seconds = int(found[1], 16) if found else 0
    return seconds or None
