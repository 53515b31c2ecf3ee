"""``ipconfig /all`` in any language: labels where they are known, else the shape of the values.

An adapter's header stands at the margin and ends in a colon; below it come labels with dotted
leaders, and below a label, far to the right, its further values. The order of the lines is the same
in every language: address, mask, lease, gateway, DHCP server, DNS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fieldtech.diagnostics.addresses.facts import AddressFacts, Prefixed
from fieldtech.diagnostics.addresses.ipconfig_words import (
    Field,
    adapter_name,
    field_of,
    is_duplicate,
    is_preferred,
    yes_or_no,
)
from fieldtech.diagnostics.addresses.shapes import (
    address_of,
    addresses_of,
    bare,
    prefix_of_mask,
    whole_lines,
)
from fieldtech.diagnostics.tools import plain

if TYPE_CHECKING:
    from collections.abc import Sequence


COMMAND = ("ipconfig", "/all")
_WIDTH = 79
"""A line as long as the console is wide goes on in the next one."""
_VALUES_FROM = 20
_LEADERS = re.compile(r"^\s+(?P<label>\S.*?)(?:\s*\.)+\s*:(?:\s+(?P<value>\S.*))?$")
_PLAIN_LABEL = re.compile(r"^\s+(?P<label>\S[^:]*?)\s*:(?:\s+(?P<value>\S.*))?$")
_MARKED = re.compile(r"^(?P<address>[^\s()]+)\s*(?:\((?P<mark>[^()]*)\))?$")
_WHEN = re.compile(r"\d{1,2}[:.]\d{2}[:.]\d{2}")


@dataclass(slots=True, kw_only=True)
class _Line:
    label: str
    values: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Building:
    """An adapter while its lines are read; ``marks`` are the verdicts behind its addresses."""

    name: str
    ipv4: list[Prefixed] = field(default_factory=list)
    ipv6: list[Prefixed] = field(default_factory=list)
    gateways: tuple[str, ...] | None = None
    dhcp: bool | None = None
    server: str = ""
    expires: str = ""
    dns: tuple[str, ...] | None = None
    domain: str | None = None
    ipv4_marks: list[str] = field(default_factory=list)
    ipv6_marks: list[str] = field(default_factory=list)
    masked: bool = False
    times: int = 0

    def facts(self) -> AddressFacts:
        return AddressFacts(
            interface=self.name,
            ipv4=tuple(self.ipv4),
            ipv6=tuple(self.ipv6),
            gateways=self.gateways or (),
            dhcp=self.dhcp,
            dhcp_server=self.server,
            lease_expires=self.expires,
            dns=self.dns or (),
            domain=self.domain or "",
            duplicate=self._verdict(),
            source="ipconfig",
        )

    def _verdict(self) -> bool | None:
        if any(is_duplicate(mark) for mark in (*self.ipv4_marks, *self.ipv6_marks)):
            return True
        if self.ipv4_marks and all(is_preferred(mark) for mark in self.ipv4_marks):
            return False
        return None


def parse_ipconfig(text: str) -> tuple[AddressFacts, ...]:
    """Return every adapter, by its name where the language is known, else by its whole header.

    The length of a lease is not in this output: after a renewal the two times it shows are of
    different leases.
    """
    found = []
    for header, lines in _adapters(text):
        building = _Building(name=adapter_name(header))
        for line in lines:
            _take(building, line)
        found.append(building.facts())
    return tuple(found)


def find_adapter(adapters: Sequence[AddressFacts], interface: str) -> AddressFacts | None:
    """Return the adapter of a name; by the end of its header where only one header ends so."""
    wanted = plain(interface)
    named = [each for each in adapters if plain(each.interface) == wanted]
    if not named:
        named = [each for each in adapters if plain(each.interface).endswith(f" {wanted}")]
    return replace(named[0], interface=interface) if wanted and len(named) == 1 else None


def _adapters(text: str) -> list[tuple[str, list[_Line]]]:
    found: list[tuple[str, list[_Line]]] = []
    for raw in _joined(whole_lines(text)):
        if not raw[:1].isspace():
            header = raw.rstrip()
            if header.endswith(":"):
                found.append((header.rstrip(": "), []))
        elif found:
            _add(found[-1][1], raw)
    return found


def _joined(lines: list[str]) -> list[str]:
    """Put together what the console's edge cut in two."""
    joined: list[str] = []
    full = False
    for line in lines:
        whole = line.expandtabs()
        if full and whole[:1].strip() and not whole.rstrip().endswith(":"):
            joined[-1] += whole.rstrip()
        elif whole.strip():
            joined.append(whole.rstrip())
        full = len(line) >= _WIDTH
    return joined


def _add(lines: list[_Line], raw: str) -> None:
    if len(raw) - len(raw.lstrip()) >= _VALUES_FROM:
        if lines:
            lines[-1].values.append(raw.strip())
        return
    found = _LEADERS.match(raw) or _PLAIN_LABEL.match(raw)
    if found:
        values = [found["value"].strip()] if found["value"] else []
        lines.append(_Line(label=found["label"].strip(" ."), values=values))
    else:
        lines.append(_Line(label=""))


def _take(adapter: _Building, line: _Line) -> None:
    what = field_of(line.label) or _guess(adapter, line)
    first = line.values[0] if line.values else ""
    if what in {Field.IPV4, Field.IPV6}:
        _take_address(adapter, first)
    elif what is Field.MASK:
        _take_mask(adapter, first)
    elif what is Field.GATEWAY and adapter.gateways is None:
        adapter.gateways = addresses_of(line.values)
    elif what is Field.DHCP and adapter.dhcp is None:
        adapter.dhcp = yes_or_no(first)
    elif what is Field.SERVER:
        adapter.server = adapter.server or address_of(first)
    elif what is Field.EXPIRES:
        adapter.expires = adapter.expires or first
    elif what is Field.DNS and adapter.dns is None:
        adapter.dns = addresses_of(line.values)
    elif what is Field.DOMAIN and adapter.domain is None:
        adapter.domain = first


def _take_address(adapter: _Building, value: str) -> None:
    found = _MARKED.match(value)
    address = bare(address_of(found["address"])) if found else ""
    if not found or not address:
        return
    mark = found["mark"] or ""
    if ":" in address:
        adapter.ipv6.append((address, None))
        adapter.ipv6_marks.append(mark)
    else:
        adapter.ipv4.append((address, None))
        adapter.ipv4_marks.append(mark)
        adapter.masked = False


def _take_mask(adapter: _Building, value: str) -> None:
    """Give the mask to the address above it."""
    if adapter.ipv4 and not adapter.masked:
        adapter.ipv4[-1] = (adapter.ipv4[-1][0], prefix_of_mask(value))
        adapter.masked = True


def _guess(adapter: _Building, line: _Line) -> Field:
    """Tell a line of an unknown language by names that no language translates, and by its value."""
    label = plain(line.label)
    first = line.values[0] if line.values else ""
    values = addresses_of(line.values)
    if "ipv4" in label or "ipv6" in label:
        return Field.IPV4
    if "dhcp" in label and "dhcpv6" not in label:
        return Field.SERVER if values else Field.DHCP
    if "dns" in label:
        return Field.DNS if values else Field.OTHER
    if "wins" in label or not adapter.ipv4:
        return Field.OTHER
    if not adapter.masked and prefix_of_mask(first):
        return Field.MASK
    return _guess_after_mask(adapter, first)


def _guess_after_mask(adapter: _Building, value: str) -> Field:
    if not adapter.masked or adapter.server or adapter.dns is not None:
        return Field.OTHER
    if adapter.gateways is None and address_of(value):
        return Field.GATEWAY
    # Two times follow the mask: when the lease was given, and when it ends.
    if _WHEN.search(value) and adapter.gateways is None:
        adapter.times += 1
        return Field.EXPIRES if adapter.times > 1 else Field.OTHER
    return Field.OTHER
