"""Runs of the probes that touch no network: what ``fieldtech.services.measuring.measure`` does.

The outcomes go through the very same judging, verdict and document as those of the real probes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event

from diagnosing import a_context

from fieldtech.clock import Clock
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.registry import PROBES, Probe
from fieldtech.diagnostics.results import ProbeResult, Report
from fieldtech.diagnostics.runner import Run
from fieldtech.services.measuring import Order

HEALTHY: dict[str, dict[str, str]] = {
    "link": {"lan.link": "up", "lan.speed": "1000", "lan.duplex": "full", "lan.flaps": "0"},
    "ip_config": {"lan.ip": "192.168.77.10", "lan.dhcp": "gateway"},
    "duplicate_ip": {"lan.duplicate": "none"},
    "gateway": {"router.gateway_loss": "0", "router.gateway_time": "0.62"},
    "router_page": {"router.page": "answers"},
    "nat_behaviour": {"router.nat": "endpoint"},
    "sip_alg": {"sip.alg": "off"},
    "double_nat": {"router.wan_ip": "203.0.113.20"},
    "path_mtu": {"internet.mtu": "1492", "internet.black_hole": "no"},
    "voice": {
        "sip.loss": "0",
        "sip.jitter": "1.2",
        "sip.delay": "14.6",
        "sip.rating": "91.2",
        "sip.mos": "4.36",
    },
    "dns": {
        "internet.dns": "18.4",
        "internet.dns_answers": "all",
        "internet.dns_hijack": "clean",
    },
    "captive_portal": {"internet.portal": "204"},
    "my_ip": {"internet.public_ip": "203.0.113.20", "internet.same_ip": "same"},
    "sip_options": {"sip.options": "reply"},
}
"""What the probes find where everything is well, by cable; the radio has nothing to say."""

DEAD: dict[str, Outcome | dict[str, str]] = {
    "nat_behaviour": not_measured(Reason.UNREACHED),
    "sip_alg": not_measured(Reason.UNREACHED),
    "double_nat": not_measured(Reason.UNKNOWN),
    "path_mtu": not_measured(Reason.UNREACHED),
    "voice": not_measured(Reason.UNREACHED),
    "dns": {"internet.dns_answers": "none"},
    "captive_portal": not_measured(Reason.NO_REPLY),
    "my_ip": Outcome(unmeasured={"internet.public_ip": Reason.NO_REPLY}),
    "sip_options": {"sip.options": "silent"},
}
"""What they find behind a router whose WAN is dead."""

Found = Mapping[str, Outcome | Mapping[str, str]]


class Measuring:
    """Stands in for ``measure``: finds what it is told, waits where it is told to.

    ``hold`` names probes that end only when ``release`` is set or the run is cancelled.
    """

    def __init__(self, found: Found | None = None, *, hold: tuple[str, ...] = ()) -> None:
        self.found: Found = {**HEALTHY, **(found or {})}
        self.hold = hold
        self.release = Event()
        self.orders: list[Order] = []

    def __call__(
        self,
        order: Order,
        clock: Clock,
        *,
        on_result: Callable[[ProbeResult], None],
        on_progress: Callable[[str, float], None],
        cancel: Event,
    ) -> Report:
        self.orders.append(order)
        context = a_context(
            targets=order.targets, site=order.site, depth=order.depth, cancel=cancel
        )
        running = Run(context, order.template, on_result=on_result, on_progress=on_progress)
        report = running.run(
            [
                self._scripted(probe)
                for probe in PROBES
                if not order.probes or probe.name in order.probes
            ]
        )
        return _at(report, clock.now())

    def _scripted(self, probe: Probe) -> Probe:
        def run(context: object) -> Outcome:
            cancel = getattr(context, "cancel")  # noqa: B009  a Context, or a test's own
            while probe.name in self.hold and not self.release.wait(0.02):
                if cancel.is_set():
                    break
            found = self.found.get(probe.name)
            if isinstance(found, Outcome):
                return found
            if found is None:
                return not_measured(Reason.NOT_WIRELESS)
            return Outcome(values=found, evidence={"recorded": probe.name})

        return Probe(
            name=probe.name,
            run=run,
            needs=probe.needs,
            limit_s=60.0,
            alone=probe.alone,
        )


def _at(report: Report, moment: datetime) -> Report:
    # Imported here: only the moment of a report is replaced.
    from dataclasses import replace

    return replace(report, started_at=moment, seconds=6.1)
