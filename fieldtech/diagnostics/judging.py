"""A probe's values judged by the template: the same rules that judge what a person types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Outcome, Reason
from fieldtech.diagnostics.results import MEASURED, ProbeResult, Reading
from fieldtech.domain.checklist import judge, read_number
from fieldtech.domain.words import CheckStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldtech.domain.checklist import Item, Template
    from fieldtech.domain.probe_targets import SiteFacts

SPEED, ENOUGH = "internet.speed", 0.8
"""A line is as agreed from four fifths of its speed on: TCP's own share, and a busy server's."""
_ORDER = (
    CheckStatus.FAIL,
    CheckStatus.WARN,
    CheckStatus.PASS,
    CheckStatus.NOT_APPLICABLE,
    CheckStatus.NOT_MEASURABLE,
)


def judge_outcome(
    outcome: Outcome,
    *,
    probe: str,
    template: Template,
    site: SiteFacts,
    interface: str = "",
    seconds: float = 0.0,
) -> ProbeResult:
    """Return a probe's result: every item of the template that names the probe, worst first."""
    items = [item for item in template.items if item.probe == probe]
    blank = ProbeResult(
        probe=probe,
        status=CheckStatus.NOT_MEASURABLE,
        readings=(),
        reason=outcome.reason,
        evidence=outcome.evidence,
        interface=interface,
        seconds=seconds,
    )
    return rejudged(blank, [_reading(item, outcome, template, site) for item in items])


def rejudged(result: ProbeResult, readings: Iterable[Reading]) -> ProbeResult:
    """Return a result with these readings: it is as bad as the worst of them."""
    ordered = sorted(readings, key=lambda each: _ORDER.index(each.status))
    worst = ordered[0] if ordered else None
    if worst is not None and worst.status in MEASURED:
        status, reason = worst.status, worst.reason
    else:
        told = worst.reason if worst is not None else None
        status, reason = CheckStatus.NOT_MEASURABLE, result.reason or told or Reason.UNKNOWN
    return replace(result, status=status, reason=reason, readings=tuple(ordered))


def _reading(item: Item, outcome: Outcome, template: Template, site: SiteFacts) -> Reading:
    value = outcome.values.get(item.id, "")
    reason = None if value else outcome.unmeasured.get(item.id) or outcome.reason or Reason.UNKNOWN
    status, threshold, source = _judged(item, value, template, site)
    if reason is Reason.NO_REPLY:
        status = CheckStatus.FAIL
    elif value and status is CheckStatus.NOT_MEASURABLE:
        reason = Reason.NO_SPEED_AGREED if item.id == SPEED else Reason.UNKNOWN
    return Reading(
        item=item.id,
        value=value,
        unit=item.unit,
        status=status,
        threshold=threshold,
        source=source,
        reason=reason,
    )


def _judged(
    item: Item, value: str, template: Template, site: SiteFacts
) -> tuple[CheckStatus, str, str]:
    """Return the status, what it was judged by and who set that."""
    if item.id == SPEED and site.speed_mbps is not None and item.threshold is None:
        limit = ENOUGH * site.speed_mbps
        number = read_number(value, item.unit) if value else None
        enough = CheckStatus.PASS if number is not None and number >= limit else CheckStatus.WARN
        told = enough if number is not None else CheckStatus.NOT_MEASURABLE
        return told, f">= {limit:g} Mbps", f"{ENOUGH:.0%} of the agreed {site.speed_mbps:g} Mbps"
    status = judge(item, value) if value else None
    if item.threshold is not None:
        source = item.threshold.source
    else:
        source = template.key if item.choices or item.ranges else ""
    return status or CheckStatus.NOT_MEASURABLE, threshold_text(item), source


def threshold_text(item: Item) -> str:
    """Return what an item is judged by, in words that need no language."""
    if item.threshold is not None:
        limit = item.threshold
        text = f"{limit.op.value} {limit.limit:g} {item.unit}".rstrip()
        return text if limit.warn is None else f"{text} (warn {limit.op.value} {limit.warn:g})"
    if item.choices:
        good = [each.value for each in item.choices if each.status is CheckStatus.PASS]
        return " | ".join(good)
    bad = [each.network for each in item.ranges if each.status is not CheckStatus.PASS]
    return f"not in {', '.join(bad)}" if bad else ""
