"""The neighbour table: which hardware answers for which address (ARP, RFC 826; NDP, RFC 4861)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.diagnostics.addresses.shapes import (
    address_of,
    bare,
    ipv4_of,
    items,
    mac_of,
    objects,
    text_of,
    whole_lines,
    whole_number,
)
from fieldtech.diagnostics.tools import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN = "unknown"
_NOBODY = "00:00:00:00:00:00"
# MSFT_NetNeighbor, property State.
_WINDOWS_STATES = (
    "unreachable",
    "incomplete",
    "probe",
    "delay",
    "stale",
    "reachable",
    "permanent",
)
_LEARNT = ("dynamic", "dynamique", "dynamisch", "dinam", "din.{1,3}mico", "动态", "動的", "動態")
_WRITTEN = ("static", "statique", "statisch", "est.{1,3}tico", "statico", "静态", "静的", "靜態")
_ARP_ROW = re.compile(
    r"^\s+(?P<address>[0-9.]{7,15})\s+(?P<mac>[0-9a-fA-F-]{17})\s+(?P<kind>\S.*)$"
)
_ARP_HEAD = re.compile(r"^\S.*?\s(?P<address>[0-9.]{7,15})\s+---\s+0x[0-9a-fA-F]+\s*$")
_BSD_ROW = re.compile(
    r"^\S+ \((?P<address>[0-9.]{7,15})\) at (?P<mac>\S+) on (?P<interface>\S+)(?P<rest>.*)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One entry: ``mac`` is empty while nobody answered.

    ``state`` is the system's word in English and small letters (``reachable``, ``stale``,
    ``failed``, ``incomplete``, ``permanent``, ``dynamic``, ``static`` …) or ``unknown``.
    """

    address: str
    mac: str
    state: str


def macs_of(neighbours: Sequence[Neighbour], address: str) -> tuple[str, ...]:
    """Return every hardware address that answers for one address; two of them are a conflict."""
    found = [each.mac for each in neighbours if each.mac and bare(each.address) == bare(address)]
    return tuple(dict.fromkeys(found))


def parse_ip_neigh(text: str, interface: str = "") -> tuple[Neighbour, ...]:
    """``ip -j neigh`` (iproute2): one object for each entry, its states in a list."""
    found = []
    for entry in objects(text):
        address = address_of(text_of(entry.get("dst")))
        if not address or (interface and entry.get("dev") != interface):
            continue
        states = [text_of(each).lower() for each in items(entry.get("state"))]
        found.append(
            Neighbour(
                address=address,
                mac=_mac(text_of(entry.get("lladdr"))),
                state=",".join(each for each in states if each) or UNKNOWN,
            )
        )
    return tuple(found)


def parse_windows_arp(text: str, interface_address: str = "") -> tuple[Neighbour, ...]:
    """``arp -a`` of Windows in any language: rows below a line that names the interface's address.

    With ``interface_address`` only the rows of that interface count.
    """
    found = []
    current = ""
    for line in whole_lines(text):
        head = _ARP_HEAD.match(line)
        if head:
            current = head["address"]
        row = _ARP_ROW.match(line)
        if not row or (interface_address and current != interface_address):
            continue
        address, mac = ipv4_of(row["address"]), _mac(row["mac"])
        if address and mac:
            found.append(Neighbour(address=address, mac=mac, state=_windows_kind(row["kind"])))
    return tuple(found)


def parse_macos_arp(text: str, interface: str = "") -> tuple[Neighbour, ...]:
    """``arp -an`` of macOS: hardware addresses without their leading zeros."""
    found = []
    for line in whole_lines(text):
        row = _BSD_ROW.match(line)
        address = ipv4_of(row["address"]) if row else ""
        if not row or not address or (interface and row["interface"] != interface):
            continue
        mac = _mac(row["mac"])
        state = "permanent" if "permanent" in row["rest"].split() else "dynamic"
        if not mac:
            state = "incomplete" if row["mac"] == "(incomplete)" else UNKNOWN
        found.append(Neighbour(address=address, mac=mac, state=state))
    return tuple(found)


def parse_net_neighbor(text: str) -> tuple[Neighbour, ...]:
    """``Get-NetNeighbor | ConvertTo-Json``: states as numbers or as words."""
    found = []
    for entry in objects(text):
        address = address_of(text_of(entry.get("IPAddress")))
        if address:
            mac = _mac(text_of(entry.get("LinkLayerAddress")))
            found.append(Neighbour(address=address, mac=mac, state=_state(entry.get("State"))))
    return tuple(found)


def _state(value: object) -> str:
    number = whole_number(value)
    if number is not None:
        return _WINDOWS_STATES[number] if 0 <= number < len(_WINDOWS_STATES) else UNKNOWN
    word = text_of(value).lower()
    return word if word in _WINDOWS_STATES else UNKNOWN


def _mac(text: str) -> str:
    """Return the hardware address; all zeros are Windows' way of writing that nobody answered."""
    found = mac_of(text)
    return "" if found == _NOBODY else found


def _windows_kind(word: str) -> str:
    label = plain(word)
    for kind, words in (("dynamic", _LEARNT), ("static", _WRITTEN)):
        if any(re.match(each, label) for each in words):
            return kind
    return UNKNOWN
