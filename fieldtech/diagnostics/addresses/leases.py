"""What the DHCP clients of Linux leave behind of a lease, each in its own form.

A lease that is found is not yet the lease in use: ``facts.with_lease`` compares its address.
"""

from __future__ import annotations

import re

from fieldtech.diagnostics.addresses.facts import Lease
from fieldtech.diagnostics.addresses.shapes import (
    addresses_of,
    ipv4_of,
    prefix_of_mask,
    prefix_within,
    whole_lines,
    whole_number,
)

_NOTHING = "--"
_ASSIGNMENT = re.compile(r"^\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)$")
_QUOTED = re.compile(r"(?P<quote>['\"])(?P<value>.*)(?P=quote)")
_NMCLI = re.compile(r"^(?P<name>[A-Z0-9-]+\.[A-Z0-9-]+)(?:\[\d+\])?:\s*(?P<value>.*)$")
_OPTION = re.compile(r"^(?P<name>[a-z0-9_]+) = (?P<value>.*)$")
_DHCLIENT_BLOCK = re.compile(r"^lease \{\n(?P<body>(?:[^}\n]*;\n|\s*\n)*)\}$", re.MULTILINE)
_DHCLIENT_LINE = re.compile(r"^\s*(?:option )?(?P<name>[a-z-]+) (?P<value>[^\n]*);$", re.MULTILINE)


def parse_nmcli(text: str, interface: str) -> Lease:
    """``nmcli -t -f all device show IF`` (NetworkManager), also abridged to ``-f DHCP4``.

    The form for people (without ``-t``) serves as well.
    """
    options: dict[str, str] = {}
    for name, value in _nmcli_rows(text, interface):
        option = _OPTION.match(value) if name == "DHCP4.OPTION" else None
        if option:
            options.setdefault(option["name"], option["value"])
    return _from_options(options, interface)


def parse_nmcli_dns(text: str, interface: str) -> tuple[tuple[str, ...], str]:
    """``nmcli``: the DNS servers and the domain of an interface, leased or set by hand."""
    rows = _nmcli_rows(text, interface)
    servers = [value for name, value in rows if name in {"IP4.DNS", "IP6.DNS"}]
    domains = [value for name, value in rows if name == "IP4.DOMAIN"]
    return addresses_of(servers), "".join(domains[:1])


def _nmcli_rows(text: str, interface: str) -> list[tuple[str, str]]:
    """Return names and values of one device; an output without devices is all of the one asked."""
    device = ""
    rows = []
    for line in whole_lines(text):
        found = _NMCLI.match(line)
        value = re.sub(r"\\([:\\])", r"\1", found["value"]).strip() if found else ""
        if found and found["name"] == "GENERAL.DEVICE":
            device = value
        elif found and device in {"", interface} and value not in {"", _NOTHING}:
            rows.append((found["name"], value))
    return rows


def parse_dhcpcd(text: str, interface: str) -> Lease:
    """``dhcpcd -U IF``: shell variables; those of a hook have ``new_`` before their name."""
    options = {name.removeprefix("new_"): value for name, value in _assignments(text).items()}
    if options.get("interface", interface) != interface:
        return Lease()
    return _from_options(options, interface)


def parse_networkd(text: str) -> Lease:
    """``/run/systemd/netif/leases/N`` of systemd-networkd, N being the number of the link."""
    told = _assignments(text)
    return Lease(
        address=ipv4_of(told.get("ADDRESS", "")),
        prefix=prefix_of_mask(told.get("NETMASK", "")),
        server=ipv4_of(told.get("SERVER_ADDRESS", "")),
        lease_s=_seconds(told.get("LIFETIME", "")),
        routers=addresses_of(told.get("ROUTER", "").split()),
        dns=addresses_of(told.get("DNS", "").split()),
        domain=told.get("DOMAINNAME", ""),
    )


def parse_udhcpc(text: str) -> Lease:
    """Return what a hook of busybox's udhcpc wrote down: the variables it was called with."""
    told = _assignments(text)
    return Lease(
        address=ipv4_of(told.get("ip", "")),
        prefix=prefix_within(told.get("mask"), 32),
        interface=told.get("interface", ""),
        server=ipv4_of(told.get("serverid", "")),
        lease_s=_seconds(told.get("lease", "")),
        routers=addresses_of(told.get("router", "").split()),
        dns=addresses_of(told.get("dns", "").split()),
        domain=told.get("domain", ""),
    )


def parse_dhclient(text: str, interface: str) -> Lease:
    """``dhclient*.leases`` (ISC): the last whole lease of the interface is the current one."""
    latest = Lease()
    for block in _DHCLIENT_BLOCK.finditer(text.replace("\r\n", "\n")):
        told = {found["name"]: found["value"] for found in _DHCLIENT_LINE.finditer(block["body"])}
        if told.get("interface", "").strip('"') != interface:
            continue
        latest = Lease(
            address=ipv4_of(told.get("fixed-address", "")),
            prefix=prefix_of_mask(told.get("subnet-mask", "")),
            interface=interface,
            server=ipv4_of(told.get("dhcp-server-identifier", "")),
            lease_s=_seconds(told.get("dhcp-lease-time", "")),
            # "3 2023/11/15 10:00:00": the day of the week, then the time in UTC.
            expires=told.get("expire", "").partition(" ")[2] or told.get("expire", ""),
            routers=addresses_of(told.get("routers", "").split(", ")),
            dns=addresses_of(told.get("domain-name-servers", "").split(", ")),
            domain=told.get("domain-name", "").strip('"'),
        )
    return latest


def _from_options(options: dict[str, str], interface: str) -> Lease:
    """Return a lease from DHCP options by the names that NetworkManager and dhcpcd share."""
    return Lease(
        address=ipv4_of(options.get("ip_address", "")),
        prefix=prefix_of_mask(options.get("subnet_mask", "")),
        interface=interface,
        server=ipv4_of(options.get("dhcp_server_identifier", "")),
        lease_s=_seconds(options.get("dhcp_lease_time", "")),
        expires=options.get("expiry", ""),
        routers=addresses_of(options.get("routers", "").split()),
        dns=addresses_of(options.get("domain_name_servers", "").split()),
        domain=options.get("domain_name", ""),
    )


def _assignments(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in whole_lines(text):
        assignment = _ASSIGNMENT.match(line)
        if assignment:
            value = assignment["value"].strip()
            quoted = _QUOTED.fullmatch(value)
            found[assignment["name"]] = quoted["value"] if quoted else value
    return found


def _seconds(text: str) -> int | None:
    """Return a lease's length; all ones mean "for ever" (RFC 2131, section 3.3)."""
    number = whole_number(text)
    return number if number is not None and 0 < number < 2**32 else None
