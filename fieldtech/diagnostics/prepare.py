"""Choosing the interface of a run and gathering what its probes need to know beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from fieldtech.diagnostics.context import Context, Depth
from fieldtech.diagnostics.interfaces import (
    InterfaceFacts,
    active_interface,
    read_default_route,
    read_interfaces,
)
from fieldtech.domain.probe_targets import ProbeTargets, SiteFacts

if TYPE_CHECKING:
    from fieldtech.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants measured; an empty ``interface`` is the one in use."""

    interface: str = ""
    targets: ProbeTargets = field(default_factory=ProbeTargets)
    site: SiteFacts = field(default_factory=SiteFacts)
    depth: Depth = Depth.QUICK


def prepare(wish: Wish, clock: Clock, cancel: Event | None = None) -> Context:
    """Return what the probes are handed; an interface that is not there is one without a link."""
    interfaces = read_interfaces()
    facts = _chosen(interfaces, wish.interface)
    route = read_default_route(facts) if facts is not None else None
    return Context(
        interface=wish.interface or (facts.name if facts is not None else ""),
        facts=facts,
        gateway=route.gateway if route is not None else "",
        targets=wish.targets,
        site=wish.site,
        depth=wish.depth,
        clock=clock,
        cancel=cancel or Event(),
    )


def _chosen(interfaces: tuple[InterfaceFacts, ...], name: str) -> InterfaceFacts | None:
    if name:
        return next((each for each in interfaces if each.name == name), None)
    return active_interface(interfaces, read_default_route())
