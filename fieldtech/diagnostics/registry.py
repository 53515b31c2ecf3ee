"""Every probe by name: what it runs, its link, what it needs and how long it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from fieldtech.diagnostics.context import Context, Depth
from fieldtech.diagnostics.outcome import Outcome
from fieldtech.diagnostics.probes import (
    bufferbloat,
    captive_portal,
    dns,
    double_nat,
    duplicate_ip,
    gateway,
    ip_config,
    ipv6,
    link,
    my_ip,
    nat_behaviour,
    path_mtu,
    router_page,
    sip_alg,
    sip_options,
    throughput,
    voice,
    wifi,
    wifi_channels,
    wifi_security,
)
from fieldtech.diagnostics.verdict_words import PROBE_LINKS


class Needs(Enum):
    """What must be there before a probe has anything to say."""

    NOTHING = 0
    """It looks at this machine alone."""
    NETWORK = 1
    """A link, an address and a gateway."""
    BEYOND = 2
    """A gateway that passes packets on as well: behind a silent one, silence is no finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One probe. ``alone``: it disturbs the others, so it runs when they are done.

    ``limit_s`` is the hard limit: what a probe has not said by then it has not measured.
    """

    name: str
    run: Callable[[Context], Outcome]
    needs: Needs
    limit_s: float
    full_limit_s: float = 0.0
    alone: bool = False

    @property
    def link(self) -> str:
        """The link it looks at, empty for a probe of a test."""
        return PROBE_LINKS.get(self.name, "")

    def limit(self, depth: Depth) -> float:
        """Return its hard limit in seconds for that depth."""
        return max(self.limit_s, self.full_limit_s) if depth is Depth.FULL else self.limit_s


def _local(name: str, run: Callable[[Context], Outcome]) -> Probe:
    return Probe(name=name, run=run, needs=Needs.NOTHING, limit_s=9.0)


def _near(name: str, run: Callable[[Context], Outcome]) -> Probe:
    return Probe(name=name, run=run, needs=Needs.NETWORK, limit_s=5.0)


def _far(name: str, run: Callable[[Context], Outcome]) -> Probe:
    return Probe(name=name, run=run, needs=Needs.BEYOND, limit_s=6.0)


PROBES: tuple[Probe, ...] = (
    _local("link", link.run),
    _local("wifi", wifi.run),
    _local("wifi_channels", wifi_channels.run),
    _local("wifi_security", wifi_security.run),
    _local("ip_config", ip_config.run),
    Probe(name="duplicate_ip", run=duplicate_ip.run, needs=Needs.NETWORK, limit_s=9.0),
    # A system's own ping sends slower: a silent gateway keeps it for longer than five seconds.
    Probe(name="gateway", run=gateway.run, needs=Needs.NETWORK, limit_s=8.5),
    _near("router_page", router_page.run),
    _far("nat_behaviour", nat_behaviour.run),
    _far("sip_alg", sip_alg.run),
    _far("double_nat", double_nat.run),
    _far("path_mtu", path_mtu.run),
    Probe(
        name="voice",
        run=voice.run,
        needs=Needs.BEYOND,
        limit_s=9.0,
        full_limit_s=26.0,
    ),
    _far("dns", dns.run),
    _far("captive_portal", captive_portal.run),
    _far("my_ip", my_ip.run),
    _far("ipv6", ipv6.run),
    _far("sip_options", sip_options.run),
    Probe(
        name="throughput",
        run=throughput.run,
        needs=Needs.BEYOND,
        limit_s=25.0,
        alone=True,
    ),
    Probe(
        name="bufferbloat",
        run=bufferbloat.run,
        needs=Needs.BEYOND,
        limit_s=25.0,
        alone=True,
    ),
)
"""In the order of the chain, which is the order of a report."""


def probe_named(name: str) -> Probe | None:
    """Return the probe of that name, if there is one."""
    return next((each for each in PROBES if each.name == name), None)
