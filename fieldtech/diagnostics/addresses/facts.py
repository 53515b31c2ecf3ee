"""What a system tells about the addresses of one interface."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace

SELF_ASSIGNED = ipaddress.ip_network("169.254.0.0/16")
"""What a machine gives itself when no DHCP server answered (RFC 3927)."""

Prefixed = tuple[str, int | None]
"""An address and the length of its prefix, ``None`` where the system did not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFacts:
    """One interface's configuration; what the system did not tell is empty or ``None``.

    ``gateways`` are those of the routes, else those that the lease names.
    ``lease_s`` is the length of the lease and ``lease_expires`` its end as the system writes it.
    ``duplicate`` is the system's own verdict: ``True`` when it found one of the addresses in use
    elsewhere, ``False`` when it checked them all and they are its own, ``None`` when it did not
    say. ``raw`` is the evidence, each output under the command or file that gave it.
    """

    interface: str
    ipv4: tuple[Prefixed, ...] = ()
    ipv6: tuple[Prefixed, ...] = ()
    gateways: tuple[str, ...] = ()
    dhcp: bool | None = None
    dhcp_server: str = ""
    lease_s: int | None = None
    lease_expires: str = ""
    dns: tuple[str, ...] = ()
    domain: str = ""
    duplicate: bool | None = None
    source: str = ""
    raw: str = ""

    @property
    def gateway(self) -> str:
        """The first IPv4 gateway, else the first of any kind, ``""`` without one."""
        return next((each for each in self.gateways if ":" not in each), "".join(self.gateways[:1]))

    @property
    def self_assigned(self) -> bool:
        """Whether there is none but what no DHCP server gave (169.254/16).

        One of those beside another address is there by choice, and no fault.
        """
        return bool(self.ipv4) and all(is_self_assigned(address) for address, _ in self.ipv4)

    @property
    def main_ipv4(self) -> str:
        """The first address that somebody gave, else the first of any kind, ``""`` without one."""
        known = [address for address, _ in self.ipv4]
        return next((each for each in known if not is_self_assigned(each)), "".join(known[:1]))


def is_self_assigned(address: str) -> bool:
    """Tell whether an address is one that no DHCP server gave."""
    return ipaddress.ip_address(address) in SELF_ASSIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What a DHCP client remembers of the lease it was given for ``address``."""

    address: str = ""
    prefix: int | None = None
    interface: str = ""
    server: str = ""
    lease_s: int | None = None
    expires: str = ""
    routers: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    domain: str = ""


def with_lease(facts: AddressFacts, lease: Lease, source: str) -> AddressFacts:
    """Add a lease to an interface's facts; one of an address it does not have now is an old one."""
    if lease.address not in {address for address, _ in facts.ipv4}:
        return facts
    return replace(
        facts,
        dhcp=True,
        dhcp_server=facts.dhcp_server or lease.server,
        lease_s=facts.lease_s if facts.lease_s is not None else lease.lease_s,
        lease_expires=facts.lease_expires or lease.expires,
        gateways=facts.gateways or lease.routers,
        dns=facts.dns or lease.dns,
        domain=facts.domain or lease.domain,
        source=f"{facts.source}; {source}" if facts.source else source,
    )
