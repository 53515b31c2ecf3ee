"""The hosts that a laptop's probes may ask: part of the policy, or a file of their own.

Nobody else is asked, but the interface's own gateway and resolvers. Besides the hosts there stands
what a verdict needs to know of them: which resolvers are the operator's, and whose a SIP server is.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fieldtech.domain.checked import Table, read_toml
from fieldtech.domain.words import Access, Attribution, RouterOwner

if TYPE_CHECKING:
    from pathlib import Path

STUN_PORT, SIP_PORT, VOICE_PORT = 3478, 5060, 8620
_PORTS = 2**16
_LONGEST_NAME, _LONGEST_LABEL = 253, 63
_KNOWN_TRANSPORTS = ("udp", "tcp", "tls")


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A host by name or address, and its port."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return ``host:port``, an address of version 6 in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SipServer:
    """A SIP server; ``owner`` is whose fault its silence would be, by the policy."""

    host: str
    port: int
    transport: str
    owner: Attribution


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeTargets:
    """Every host by what is asked of it; what is not given is not measured."""

    stun: tuple[Host, ...] = ()
    sip: tuple[SipServer, ...] = ()
    reflector: Host | None = None
    connectivity: str = ""
    my_ip: str = ""
    dns_names: tuple[str, ...] = ()
    throughput: str = ""
    resolvers: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing is named at all."""
        return self == ProbeTargets()

    @property
    def on_loopback(self) -> bool:
        """Everybody who is named is this machine itself."""
        urls = (self.connectivity, self.my_ip, self.throughput)
        hosts = [
            *(each.host for each in self.stun),
            *(each.host for each in self.sip),
            *([self.reflector.host] if self.reflector else []),
            *(urlsplit(url).hostname or "" for url in urls if url),
        ]
        return bool(hosts) and all(
            is_address(host) and ipaddress.ip_address(host).is_loopback for host in hosts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What of a service decides about an attribution, and what speed was agreed.

    ``None``: not known, so a verdict that hangs on it is undetermined. ``sip``: telephony is part
    of what is paid for; where it is not, nobody's SIP is at fault.
    """

    router_owner: RouterOwner | None = None
    access: Access | None = None
    speed_mbps: float | None = None
    sip: bool | None = None


def load_targets(path: Path) -> tuple[ProbeTargets, SiteFacts]:
    """Read a targets file; its table ``[site]`` is for want of a service.

    Raises ``DataError`` naming the file, the key and the reason.
    """
    root = Table(read_toml(path), path.name)
    site = _site(root.table("site")) if root.has("site") else SiteFacts()
    targets = parse_targets(root)
    root.done()
    return targets, site


def parse_targets(table: Table) -> ProbeTargets:
    """Read the keys of the targets from a table, which the caller then finishes."""
    resolvers = table.texts("resolvers", optional=True)
    for resolver in resolvers:
        if not is_address(resolver):
            raise table.fail("resolvers", f"{resolver!r} is not an address")
    return ProbeTargets(
        stun=tuple(
            _host(table, "stun", each, STUN_PORT) for each in table.texts("stun", optional=True)
        ),
        sip=tuple(_sip(each) for each in table.tables("sip", optional=True)),
        reflector=_one_host(table, "reflector", VOICE_PORT),
        connectivity=_url(table, "connectivity"),
        my_ip=_url(table, "my_ip"),
        dns_names=tuple(_name(table, each) for each in table.texts("dns_names", optional=True)),
        throughput=_url(table, "throughput"),
        resolvers=resolvers,
    )


def to_wire(targets: ProbeTargets) -> dict[str, object]:
    """Return them as plain JSON values, only what is given."""
    sip = [
        {"host": s.host, "port": s.port, "transport": s.transport, "owner": s.owner.value}
        for s in targets.sip
    ]
    plain: dict[str, object] = {
        "stun": [str(each) for each in targets.stun],
        "sip": sip,
        "reflector": str(targets.reflector) if targets.reflector else "",
        "connectivity": targets.connectivity,
        "my_ip": targets.my_ip,
        "dns_names": list(targets.dns_names),
        "throughput": targets.throughput,
        "resolvers": list(targets.resolvers),
    }
    return {key: value for key, value in plain.items() if value}


def _site(table: Table) -> SiteFacts:
    facts = SiteFacts(
        router_owner=table.choice("router_owner", RouterOwner)
        if table.has("router_owner")
        else None,
        access=table.choice("access", Access) if table.has("access") else None,
        speed_mbps=table.number("speed_mbps") if table.has("speed_mbps") else None,
    )
    if facts.speed_mbps is not None and facts.speed_mbps <= 0:
        raise table.fail("speed_mbps", "must be above zero")
    table.done()
    return facts


def _sip(table: Table) -> SipServer:
    host = _checked_name(table, "host", table.text("host"))
    transport = table.text("transport", "udp").lower()
    if transport not in _KNOWN_TRANSPORTS:
        raise table.fail("transport", f"{transport!r} is not one of {', '.join(_KNOWN_TRANSPORTS)}")
    server = SipServer(
        host=host,
        port=table.integer("port", least=1, most=_PORTS - 1) if table.has("port") else SIP_PORT,
        transport=transport,
        owner=table.choice("owner", Attribution, Attribution.OWN_NETWORK),
    )
    table.done()
    return server


def _one_host(table: Table, key: str, port: int) -> Host | None:
    text = table.text(key, "")
    return _host(table, key, text, port) if text else None


def _host(table: Table, key: str, text: str, default: int) -> Host:
    """Read ``host``, ``host:port``, ``[address]`` or ``[address]:port``."""
    bare = is_address(text)
    host, _, port = (text, "", "") if bare else text.rpartition(":")
    if not bare and (not host or text.endswith("]")):
        host, port = text, ""
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < _PORTS):
        raise table.fail(key, f"{text!r} has no port from 1 to {_PORTS - 1}")
    return Host(host=_checked_name(table, key, host.strip("[]")), port=int(port or default))


def _url(table: Table, key: str) -> str:
    text = table.text(key, "")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise table.fail(key, f"{text!r} is not a URL: {error}") from error
    plain = text.isascii() and text.isprintable() and " " not in text
    if parts.scheme != "http" or not parts.hostname or parts.username or not plain or port == 0:
        raise table.fail(key, f"{text!r} is not a plain http:// URL")
    return text


def _name(table: Table, text: str) -> str:
    return _checked_name(table, "dns_names", text)


def _checked_name(table: Table, key: str, text: str) -> str:
    if is_address(text):
        return text
    labels = text.rstrip(".").split(".")
    fits = all(0 < len(each) <= _LONGEST_LABEL and _is_label(each) for each in labels)
    if not fits or len(text) > _LONGEST_NAME:
        raise table.fail(key, f"{text!r} is not the name or the address of a host")
    return text


def _is_label(text: str) -> bool:
    return text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def is_address(text: str) -> bool:
    """Tell whether a host is an address, which needs no name server."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
