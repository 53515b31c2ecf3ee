"""A run as one JSON document: what scripts read and what is kept as evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fieldtech.diagnostics.verdict_words import TEXTS

if TYPE_CHECKING:
    from fieldtech.diagnostics.results import ProbeResult, Reading, Report, Verdict

MOST_EVIDENCE = 16 * 1024
"""Characters of one probe's evidence, as JSON; what is longer loses its longest parts."""
_SHORTEST = 64


def report_document(report: Report) -> dict[str, object]:
    """Return the whole report as plain JSON values."""
    return {
        "profile": report.profile,
        "interface": report.interface,
        "started_at": report.started_at.isoformat(),
        "seconds": round(report.seconds, 3),
        "results": [result_document(each) for each in report.results],
        "verdict": verdict_document(report.verdict),
    }


def result_document(result: ProbeResult) -> dict[str, object]:
    """Return one probe's result; its value and threshold are those of its worst reading."""
    worst = result.readings[0] if result.readings else None
    return {
        "probe": result.probe,
        "status": result.status.value,
        "value": worst.value if worst else "",
        "unit": worst.unit if worst else "",
        "threshold": worst.threshold if worst else "",
        "source": worst.source if worst else "",
        "reason": result.reason.value if result.reason else "",
        "evidence": capped(result.evidence),
        "seconds": round(result.seconds, 3),
        "interface": result.interface,
        "readings": [reading_document(each) for each in result.readings],
    }


def reading_document(reading: Reading) -> dict[str, object]:
    """Return one item's reading."""
    return {
        "item": reading.item,
        "status": reading.status.value,
        "value": reading.value,
        "unit": reading.unit,
        "threshold": reading.threshold,
        "source": reading.source,
        "reason": reading.reason.value if reading.reason else "",
    }


def verdict_document(verdict: Verdict) -> dict[str, object]:
    """Return the verdict, with the words for it; ``link`` is empty when nothing is broken."""
    words = TEXTS[verdict.cause]
    return {
        "link": verdict.link.value if verdict.link else "",
        "attribution": verdict.attribution.value if verdict.attribution else "",
        "text": words.text,
        "next": words.next,
        "cause": verdict.cause.value,
        "status": verdict.status.value,
    }


def capped(evidence: object, most: int = MOST_EVIDENCE) -> object:
    """Return evidence of ``most`` characters of JSON at most: long texts and lists are cut.

    What was cut says so. Something that is no JSON is told as its text.
    """
    plain = json.loads(json.dumps(evidence, default=str))
    limit = most
    while len(json.dumps(plain)) > most and limit >= _SHORTEST:
        limit //= 2
        plain = _cut(plain, limit)
    return plain if len(json.dumps(plain)) <= most else {"cut": json.dumps(plain)[:_SHORTEST]}


def _cut(value: object, limit: int) -> object:
    if isinstance(value, str):
        return value if len(value) <= limit else value[: limit - 1] + "…"
    if isinstance(value, list):
        room = max(limit // 8, 1)
        kept = [_cut(each, limit) for each in value[:room]]
        return kept if len(value) <= room else [*kept, f"… {len(value) - room} more"]
    if isinstance(value, dict):
        return {key: _cut(each, limit) for key, each in value.items()}
    return value
