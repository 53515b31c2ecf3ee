"""Runs the probes: all at once, each within its limit, what disturbs the others last.

A result is told as soon as it stands. A failure behind something that is not settled yet is held
back until that is: behind a cable that is out, or a gateway that is silent, there is nothing to
fail. A gateway that answers no pings, or only some, but passes everything on is no fault either, so
what it lost waits for the rest.
"""

from __future__ import annotations

import logging
import queue
from dataclasses import replace
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING

from fieldtech.diagnostics.context import Context, Depth
from fieldtech.diagnostics.judging import judge_outcome, rejudged
from fieldtech.diagnostics.outcome import Outcome, Reason, not_measured
from fieldtech.diagnostics.probes.ip_config import is_blocked
from fieldtech.diagnostics.registry import PROBES, Needs, Probe
from fieldtech.diagnostics.results import ProbeResult, Report
from fieldtech.diagnostics.tools import ToolError
from fieldtech.diagnostics.verdict import decide
from fieldtech.diagnostics.verdict_facts import Facts, facts_of
from fieldtech.domain.checklist import read_number
from fieldtech.domain.words import CheckStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fieldtech.diagnostics.results import Reading
    from fieldtech.domain.checklist import Template

_LOOK_S = 0.05
_CONFIGURATION_S = 10.0
"""What the slowest system may take to tell a configuration: PowerShell's own limit."""
_END_S = 1.0
"""What a probe that was told to stop is given to let go of its sockets."""
GATEWAY, LOSS, TIME, ALL = "gateway", "router.gateway_loss", "router.gateway_time", "100"
_SHARED = 0.25
"""Of what pings lose, a voice stream through the same cable loses at least this share."""

log = logging.getLogger(__name__)


class Run:
    """One run of some probes over one interface."""

    def __init__(
        self,
        context: Context,
        template: Template,
        *,
        on_result: Callable[[ProbeResult], None] = lambda _result: None,
        on_progress: Callable[[str, float], None] = lambda _probe, _share: None,
        series: bool = False,
    ) -> None:
        """``series`` runs one probe after the other: only a benchmark wants that."""
        self._context = context
        self._template = template
        self._on_result = on_result
        self._on_progress = on_progress
        self._series = series
        self._settled: dict[str, ProbeResult] = {}
        self._held: dict[str, ProbeResult] = {}
        self._blocked = is_blocked(context)
        self._asks_gateway = False

    def run(self, probes: Sequence[Probe] = PROBES) -> Report:
        """Run them and return the report; what cannot be measured here says why."""
        started_at, begun = self._context.clock.now(), perf_counter()
        self._asks_gateway = any(probe.name == GATEWAY for probe in probes)
        together = [probe for probe in probes if not probe.alone]
        for probe in probes:
            reason = self._why_not(probe, chosen=len(probes) < len(PROBES))
            if reason is not None:
                self._settle(self._judged(probe, not_measured(reason), 0.0))
        self._run_together([each for each in together if each.name not in self._settled])
        self._release()
        for probe in probes:
            if probe.name not in self._settled:
                reason = self._why_no_more(probe)
                if reason is not None:
                    self._settle(self._judged(probe, not_measured(reason), 0.0))
                else:
                    self._run_together([probe])
                    self._release()
        self._excuse_the_radio()
        results = tuple(self._settled[probe.name] for probe in probes)
        return Report(
            profile=self._context.depth.value,
            interface=self._context.interface,
            started_at=started_at,
            seconds=perf_counter() - begun,
            results=results,
            verdict=decide(facts_from(self._context, results), whole=len(probes) >= len(PROBES)),
        )

    def _why_not(self, probe: Probe, *, chosen: bool) -> Reason | None:
        """Return why a probe need not even be started."""
        if probe.needs is not Needs.NOTHING and self._blocked is not None:
            return self._blocked
        if probe.alone and self._context.depth is Depth.QUICK and not chosen:
            return Reason.FULL_ONLY
        return None

    def _why_no_more(self, probe: Probe) -> Reason | None:
        """Return why a probe that waited for the others is not started any more."""
        if self._context.cancel.is_set():
            return Reason.CANCELLED
        silent = self._gateway_is_silent() and probe.needs is Needs.BEYOND
        return Reason.GATEWAY_SILENT if silent else None

    def _run_together(self, probes: Sequence[Probe]) -> None:
        if self._series:
            for probe in probes:
                self._race([probe])
        else:
            self._race(probes)

    def _race(self, probes: Sequence[Probe]) -> None:
        """Run probes at once until each has said something or its limit has passed."""
        done: queue.SimpleQueue[tuple[Probe, Outcome, float]] = queue.SimpleQueue()
        begun = perf_counter()
        stops = {probe.name: Event() for probe in probes}
        threads = [
            Thread(
                target=self._work,
                args=(probe, stops[probe.name], done),
                name=f"probe-{probe.name}",
                daemon=True,
            )
            for probe in probes
        ]
        for thread in threads:
            thread.start()
        open_probes = {probe.name: probe for probe in probes}
        while open_probes:
            try:
                probe, outcome, seconds = done.get(timeout=_LOOK_S)
            except queue.Empty:
                self._end_late(open_probes, stops, perf_counter() - begun)
                continue
            if open_probes.pop(probe.name, None) is not None:
                self._accept(self._judged(probe, outcome, seconds))
        end = perf_counter() + _END_S
        for thread in threads:
            thread.join(max(end - perf_counter(), 0.0))

    def _end_late(
        self, open_probes: dict[str, Probe], stops: dict[str, Event], elapsed: float
    ) -> None:
        """Stop what is over its limit, and everything when the run is cancelled."""
        for name, probe in list(open_probes.items()):
            cancelled = self._context.cancel.is_set()
            # Who waits for the system to tell its configuration has not begun yet.
            waited = min(self._context.addresses.seconds, _CONFIGURATION_S)
            if cancelled or elapsed > probe.limit(self._context.depth) + waited:
                stops[name].set()
                reason = Reason.CANCELLED if cancelled else Reason.TIME_LIMIT
                del open_probes[name]
                self._accept(self._judged(probe, not_measured(reason), elapsed))

    def _work(
        self,
        probe: Probe,
        stop: Event,
        done: queue.SimpleQueue[tuple[Probe, Outcome, float]],
    ) -> None:
        begun = perf_counter()

        def tell(share: float) -> None:
            if not stop.is_set():
                self._on_progress(probe.name, min(max(share, 0.0), 1.0))

        try:
            tell(0.0)
            outcome = probe.run(replace(self._context, cancel=stop, tell=tell))
        except ToolError as error:
            reason = Reason.CANCELLED if error.reason == "cancelled" else Reason.NO_TOOL
            outcome = not_measured(reason, detail=str(error))
        except Exception as error:
            # A fault of ours, or a system nobody has seen: the others' results must not suffer.
            log.warning("probe %s failed", probe.name, exc_info=True)
            outcome = not_measured(Reason.CRASHED, detail=f"{type(error).__name__}: {error}"[:200])
        done.put((probe, outcome, perf_counter() - begun))

    def _judged(self, probe: Probe, outcome: Outcome, seconds: float) -> ProbeResult:
        return judge_outcome(
            outcome,
            probe=probe.name,
            template=self._template,
            site=self._context.site,
            interface=self._context.interface,
            seconds=seconds,
        )

    def _accept(self, result: ProbeResult) -> None:
        """Settle a result, or hold back what may be another's fault."""
        if result.status is CheckStatus.FAIL and (
            result.probe == GATEWAY or (_needs_beyond(result.probe) and self._gateway_is_open())
        ):
            self._held[result.probe] = result
            return
        self._settle(result)
        if result.probe == GATEWAY:
            self._release()

    def _gateway_is_open(self) -> bool:
        """The gateway was asked, and what it comes to is not settled yet."""
        return self._asks_gateway and GATEWAY not in self._settled

    def _release(self) -> None:
        """Settle what was held back, now that it is known what it stands behind.

        Pings that are lost while everything else comes through were not lost: the gateway answers
        none, or only some, as many do.
        """
        gateway = self._held.pop(GATEWAY, None)
        if gateway is not None:
            reason = self._why_no_fault(gateway)
            self._settle(gateway if reason is None else _without_values(gateway, reason))
        silent = self._gateway_is_silent()
        for result in list(self._held.values()):
            behind = silent and not _was_answered(result)
            told = _without_values(result, Reason.GATEWAY_SILENT) if behind else result
            self._settle(told)
        self._held.clear()

    def _why_no_fault(self, gateway: ProbeResult) -> Reason | None:
        """Return why lost pings are no loss, ``None`` when they are one."""
        facts = facts_from(self._context, [*self._settled.values(), *self._held.values()])
        if gateway.value(LOSS) == ALL:
            alive = facts.reached() or facts.value("router.page") == "answers"
            return Reason.IGNORES_PINGS if alive else None
        pings, voice = read_number(gateway.value(LOSS), "%") or 0.0, facts.value("sip.loss")
        spared = bool(voice) and facts.lost("sip.loss") < pings * _SHARED
        return Reason.PINGS_LIMITED if spared else None

    def _excuse_the_radio(self) -> None:
        """Take back what was held against a gateway that is reached over the air.

        Its limit is that of a cable; which of both it is may be known after the pings only.
        """
        results = self._settled.values()
        gateway = self._settled.get(GATEWAY)
        if gateway is not None and facts_from(self._context, results).is_radio():
            readings = tuple(_over_the_air(each) for each in gateway.readings)
            if readings != gateway.readings:
                self._settle(rejudged(gateway, readings))

    def _settle(self, result: ProbeResult) -> None:
        self._settled[result.probe] = result
        self._on_result(result)

    def _gateway_is_silent(self) -> bool:
        gateway = self._settled.get(GATEWAY)
        return gateway is not None and gateway.value(LOSS) == ALL


def facts_from(context: Context, results: Iterable[ProbeResult]) -> Facts:
    """Gather what a verdict looks at from a run."""
    try:
        resolvers = context.resolvers
    except Exception:  # noqa: BLE001  cancelled, or a fault that the probes have told of
        resolvers = ()
    return facts_of(
        results,
        site=context.site,
        targets=context.targets,
        resolvers=resolvers,
        gateway=context.gateway,
    )


def _needs_beyond(name: str) -> bool:
    return any(probe.name == name and probe.needs is Needs.BEYOND for probe in PROBES)


def _over_the_air(reading: Reading) -> Reading:
    if reading.item != TIME or reading.status is not CheckStatus.WARN:
        return reading
    return replace(reading, status=CheckStatus.NOT_MEASURABLE, reason=Reason.OVER_THE_AIR)


def _was_answered(result: ProbeResult) -> bool:
    """A failure with a value in it is somebody's answer, and no silence."""
    return result.probe == "captive_portal" and bool(result.value("internet.portal"))


def _without_values(result: ProbeResult, reason: Reason) -> ProbeResult:
    unmeasured = CheckStatus.NOT_MEASURABLE
    readings = tuple(
        replace(each, value="", status=unmeasured, reason=reason) for each in result.readings
    )
    return replace(result, status=unmeasured, readings=readings, reason=reason)
