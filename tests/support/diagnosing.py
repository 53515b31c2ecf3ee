"""Runs of the checklist made by hand: a context, results, and probes that say what they should."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from fieldtech.clock import SystemClock
from fieldtech.diagnostics.addresses.facts import AddressFacts
from fieldtech.diagnostics.context import Context, Depth
from fieldtech.diagnostics.interfaces import InterfaceFacts
from fieldtech.diagnostics.judging import judge_outcome
from fieldtech.diagnostics.outcome import Outcome
from fieldtech.diagnostics.registry import Needs, Probe
from fieldtech.diagnostics.results import ProbeResult
from fieldtech.domain.checklist import Template
from fieldtech.domain.checklist_file import load_template
from fieldtech.domain.probe_targets import ProbeTargets, SiteFacts
from fieldtech.paths import resources_dir

LAN = InterfaceFacts(
    name="lan0",
    up=True,
    speed_mbps=1000,
    duplex="full",
    mtu=1500,
    mac="02:00:00:00:77:10",
    ipv4=("192.168.77.10",),
    ipv6=(),
)


def shipped_template() -> Template:
    """Return the checklist that ships with the program."""
    return load_template(resources_dir() / "checklists" / "lan-wifi-router.toml")


def a_context(
    facts: InterfaceFacts | None = LAN,
    *,
    gateway: str = "192.168.77.1",
    targets: ProbeTargets | None = None,
    site: SiteFacts | None = None,
    depth: Depth = Depth.QUICK,
    cancel: Event | None = None,
    resolvers: tuple[str, ...] = ("192.0.2.53",),
) -> Context:
    """Return a context of a machine that is not asked itself."""
    context = Context(
        interface=facts.name if facts else "gone0",
        facts=facts,
        gateway=gateway,
        targets=targets or ProbeTargets(),
        site=site or SiteFacts(),
        depth=depth,
        clock=SystemClock(),
        cancel=cancel or Event(),
    )
    known = AddressFacts(interface=context.interface, dns=resolvers, source="test")
    context.addresses.begin(lambda: known)
    return context


def a_probe(
    name: str,
    run: Callable[[Context], Outcome] | Outcome,
    *,
    needs: Needs = Needs.BEYOND,
    limit_s: float = 30.0,
    alone: bool = False,
) -> Probe:
    """Return a probe that says what it is told."""

    def says(_context: Context) -> Outcome:
        assert isinstance(run, Outcome)
        return run

    does = says if isinstance(run, Outcome) else run
    return Probe(name=name, run=does, needs=needs, limit_s=limit_s, alone=alone)


def a_result(probe: str, outcome: Outcome, site: SiteFacts | None = None) -> ProbeResult:
    """Return an outcome judged by the shipped checklist."""
    return judge_outcome(
        outcome, probe=probe, template=shipped_template(), site=site or SiteFacts()
    )
