"""Measuring a visit's network: what to ask, the run itself, and keeping it with the visit.

``ask_for`` and ``keep`` run on the database worker, ``measure`` on a network thread.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldtech.diagnostics.depth import Depth
from fieldtech.diagnostics.marked import CONTEXT
from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.verdict_words import PROBE_LINKS, TEXTS, Cause, Link
from fieldtech.domain.check_commands import RecordMeasurement
from fieldtech.domain.checklist import Template
from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.policy import UnknownPolicy
from fieldtech.domain.probe_targets import ProbeTargets, SiteFacts
from fieldtech.services.attaching import attachment_command
from fieldtech.store.work import NewCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from threading import Event

    from fieldtech.clock import Clock
    from fieldtech.diagnostics.results import ProbeResult, Report
    from fieldtech.domain.checklist import Item
    from fieldtech.services.cases import CaseService
    from fieldtech.services.values import Refused, Saved
    from fieldtech.store.opening import Store

__all__ = [
    "CONTEXT",
    "PROBE_LINKS",
    "TEXTS",
    "Cause",
    "Depth",
    "Link",
    "MeasuringService",
    "Order",
    "Reason",
    "agreed_limit",
    "measure",
]

LINKS = tuple(Link)
"""The chain in its order."""

PART = "part"
"""The profile of a run that repeated some probes: no verdict of the whole chain."""
SIP_KIND = "sip_trunk"
"""The kind of service whose SIP server is our business at a site."""
EVIDENCE = "measurement"
"""The kind of file that the raw evidence of a run is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be measured for a visit: by which checklist, whom to ask, over which interface.

    ``probes`` empty: all of them. ``kind`` is that of the service: what is not asked of it is not
    answered.
    """

    visit_id: str
    incident_id: str
    template: Template
    targets: ProbeTargets
    site: SiteFacts
    kind: str = ""
    interface: str = ""
    depth: Depth = Depth.QUICK
    probes: tuple[str, ...] = ()

    @property
    def all_probes(self) -> tuple[str, ...]:
        """Every probe there is, in the order of the chain."""
        return tuple(PROBE_LINKS)


class MeasuringService:
    """What a run needs to know of its visit, and where it is kept."""

    def __init__(self, store: Store, cases: CaseService) -> None:
        self._reference = store.reference
        self._shelf = store.shelf
        self._cases = cases

    def targets(self) -> ProbeTargets:
        """Whom the policy of the installation measures against; of no site in particular."""
        try:
            return self._reference.rules().rulebook.current("").probes
        except UnknownPolicy:  # nothing has come from the central yet
            return ProbeTargets()

    def ask_for(
        self,
        visit_id: str,
        *,
        depth: Depth = Depth.QUICK,
        interface: str = "",
        probes: Sequence[str] = (),
    ) -> Order | None:
        """Return what to measure for a visit, ``None`` when it or its checklist is not here.

        Whom to ask is the business of the policy now in force where the site is.
        """
        detail = self._cases.detail_of_visit(visit_id)
        if detail is None or detail.template is None or detail.visit is None:
            return None
        policy = self._reference.rules().rulebook.current(detail.incident.region_id)
        service = detail.service
        site = SiteFacts(
            router_owner=service.router_owner if service else None,
            access=service.access if service else None,
            speed_mbps=service.speed_mbps if service else None,
            sip=None if service is None else service.kind == SIP_KIND,
        )
        return Order(
            visit_id=detail.visit.id,
            incident_id=detail.incident.id,
            template=with_newer_items(detail.template, self._newest(detail.template)),
            targets=policy.probes,
            site=site,
            kind=service.kind if service else "",
            interface=interface,
            depth=depth,
            probes=tuple(probes),
        )

    def _newest(self, template: Template) -> Template:
        """Return the newest version of a checklist that is known here, or ships with this."""
        # Imported here: it reads a file, and only a run needs it.
        from fieldtech.domain.checklist_file import load_template
        from fieldtech.paths import resources_dir

        known = [*self._reference.rules().templates.values()]
        known += [load_template(f) for f in sorted((resources_dir() / "checklists").glob("*.toml"))]
        return max(
            (each for each in known if each.id == template.id),
            key=lambda each: each.version,
            default=template,
        )

    def keep(self, order: Order, report: Report) -> Saved | Refused:
        """Keep a run with its visit and all its evidence as a file of the incident, or neither.

        Raises ``EnvironmentProblem`` when the disk does not take it.
        """
        # Imported here: the first paint waits for this module, and needs none of those.
        from fieldtech.diagnostics.document import report_document

        name = f"{EVIDENCE}-{report.started_at:%Y%m%d-%H%M%S}.json"
        data = json.dumps(report_document(report), ensure_ascii=False).encode("utf-8", "replace")
        blob = self._shelf.put_bytes(data, name)
        evidence_id = str(uuid.uuid4())
        file = attachment_command(order.incident_id, blob, kind=EVIDENCE, attachment_id=evidence_id)
        run = NewCommand(
            name="check.measure",
            target=f"visit:{order.visit_id}",
            args=recorded(order, report, evidence_id=evidence_id),
        )
        return self._cases.do_all(file, run)


def agreed_limit(item: Item, speed_mbps: float | None) -> float | None:
    """Return what a measured speed is judged by, ``None`` for what has limits of its own or none.

    The checklist cannot name it: it is a share of what this service has agreed on.
    """
    # Imported here for the same reason as above.
    from fieldtech.diagnostics.judging import ENOUGH, SPEED

    if item.id != SPEED or item.threshold is not None or speed_mbps is None:
        return None
    return ENOUGH * speed_mbps


def with_newer_items(template: Template, newest: Template) -> Template:
    """Return a visit's checklist and, besides, what only a newer version asks.

    Its own items are judged by its own limits; the verdict on the chain needs the others as well,
    and where a visit's version does not ask them, they only stand in the run.
    """
    own = {item.id for item in template.items}
    sections = {section.id: section for section in template.sections}
    for section in newest.sections:
        more = tuple(item for item in section.items if item.id not in own)
        known = sections.get(section.id)
        if known is None:
            sections[section.id] = replace(section, items=more)
        else:
            sections[section.id] = replace(known, items=(*known.items, *more))
    kept = tuple(section for section in sections.values() if section.items)
    return replace(template, sections=kept)


def measure(
    order: Order,
    clock: Clock,
    *,
    on_result: Callable[[ProbeResult], None],
    on_progress: Callable[[str, float], None],
    cancel: Event,
) -> Report:
    """Run what an order asks for; results and progress are told from other threads."""
    # Imported here for the same reason as above.
    from fieldtech.diagnostics.prepare import Wish, prepare
    from fieldtech.diagnostics.registry import PROBES, probe_named
    from fieldtech.diagnostics.runner import Run

    wish = Wish(
        interface=order.interface, targets=order.targets, site=order.site, depth=order.depth
    )
    context = prepare(wish, clock, cancel)
    chosen = [probe_named(name) for name in order.probes]
    running = Run(context, order.template, on_result=on_result, on_progress=on_progress)
    return running.run([each for each in chosen if each is not None] if chosen else PROBES)


def recorded(order: Order, report: Report, *, evidence_id: str) -> RecordMeasurement:
    """Return a run as the command that keeps it; of some probes only, it is ``PART``.

    What the service's checklist does not ask stands in the evidence alone.
    """
    verdict = report.verdict
    return RecordMeasurement(
        measurement_id=str(uuid.uuid4()),
        started_at=report.started_at,
        profile=PART if order.probes else report.profile,
        interface=report.interface,
        seconds=round(report.seconds, 1),
        cause=verdict.cause.value,
        verdict=verdict.status,
        link=verdict.link.value if verdict.link else "",
        attribution=verdict.attribution.value if verdict.attribution else "",
        readings=tuple(
            MeasuredItem(
                item=each.item,
                status=each.status,
                value=each.value,
                reason=each.reason.value if each.reason else "",
            )
            for result in report.results
            for each in result.readings
            if (item := order.template.item(each.item)) is not None and item.applies_to(order.kind)
        ),
        evidence_id=evidence_id,
    )
