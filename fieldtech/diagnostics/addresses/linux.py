"""What Linux itself tells of an interface: the JSON of iproute2's ``ip``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldtech.diagnostics.addresses.facts import Prefixed
from fieldtech.diagnostics.addresses.shapes import (
    address_of,
    bare,
    items,
    objects,
    prefix_within,
    text_of,
    whole_number,
)

_LONGEST = {4: 32, 6: 128}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAddresses:
    """The addresses of a link; ``duplicate`` is ``True`` or ``None``: IPv4 is never checked.

    ``for_a_time`` says that an IPv4 address has an end, as only a DHCP client gives it.
    """

    ipv4: tuple[Prefixed, ...] = ()
    ipv6: tuple[Prefixed, ...] = ()
    duplicate: bool | None = None
    for_a_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRoutes:
    """The gateways of a link, the preferred one first, and whether a DHCP client set one."""

    gateways: tuple[str, ...] = ()
    from_dhcp: bool = False


def address_command(interface: str) -> list[str]:
    """Return the command for a link's addresses."""
    return ["ip", "-j", "address", "show", "dev", interface]


def route_commands() -> list[list[str]]:
    """Return the commands for the default routes: IPv4, then IPv6."""
    return [["ip", "-j", "-4", "route", "show", "default"], ["ip", "-j", "-6", "route", "show"]]


def neighbour_command(interface: str) -> list[str]:
    """Return the command for a link's neighbours."""
    return ["ip", "-j", "neigh", "show", "dev", interface]


def parse_address(text: str, interface: str) -> LinkAddresses | None:
    """``ip -j address``: ``None`` when the link is not in it."""
    link = next((each for each in objects(text) if each.get("ifname") == interface), None)
    if link is None:
        return None
    entries = [each for each in items(link.get("addr_info")) if isinstance(each, dict)]
    found = [(prefixed, each) for each in entries if (prefixed := _prefixed(each))]
    ipv4 = [(prefixed, each) for prefixed, each in found if ":" not in prefixed[0]]
    return LinkAddresses(
        ipv4=tuple(prefixed for prefixed, _ in ipv4),
        ipv6=tuple(prefixed for prefixed, _ in found if ":" in prefixed[0]),
        duplicate=True if any(each.get("dadfailed") for _, each in found) else None,
        for_a_time=any(each.get("dynamic") is True for _, each in ipv4),
    )


def _prefixed(entry: dict[str, Any]) -> Prefixed | None:
    address = bare(address_of(text_of(entry.get("local"))))
    longest = _LONGEST[6 if ":" in address else 4]
    return (address, prefix_within(entry.get("prefixlen"), longest)) if address else None


def parse_routes(text: str, interface: str) -> LinkRoutes:
    """``ip -j route``: the default routes through a link, by their metric."""
    found: list[tuple[int, str, bool]] = []
    for route in objects(text):
        if route.get("dst") not in {"default", "0.0.0.0/0", "::/0"}:
            continue
        hops = [route, *(each for each in items(route.get("nexthops")) if isinstance(each, dict))]
        metric = whole_number(route.get("metric")) or 0
        leased = route.get("protocol") == "dhcp"
        found += [
            (metric, gateway, leased)
            for hop in hops
            if hop.get("dev") == interface and (gateway := _gateway(hop))
        ]
    found.sort(key=lambda each: each[0])
    return LinkRoutes(
        gateways=tuple(dict.fromkeys(gateway for _, gateway, _ in found)),
        from_dhcp=any(leased for _, _, leased in found),
    )


def _gateway(hop: dict[str, Any]) -> str:
    via = hop.get("via")
    told = via.get("host") if isinstance(via, dict) else hop.get("gateway")
    return address_of(text_of(told))
