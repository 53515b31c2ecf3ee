"""A run as it is shown, stored and printed: results of probes, readings of items, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.verdict_words import Cause, Link
from fieldtech.domain.words import Attribution, CheckStatus

MEASURED = frozenset({CheckStatus.PASS, CheckStatus.WARN, CheckStatus.FAIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One item of the checklist as a probe answered it.

    ``value`` is empty where nothing was measured, and ``reason`` then says why. ``threshold`` is
    what it was judged by, in words that need no language, and ``source`` who set that.
    """

    item: str
    value: str
    unit: str
    status: CheckStatus
    threshold: str
    source: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """One probe's answer. ``status`` is that of its worst reading, which comes first."""

    probe: str
    status: CheckStatus
    readings: tuple[Reading, ...]
    reason: Reason | None
    evidence: Mapping[str, object]
    interface: str
    seconds: float

    def value(self, item: str) -> str:
        """Return the value of an item, empty when it has none."""
        return next((each.value for each in self.readings if each.item == item), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The first broken link, whose it is likely to be, and what it looks like.

    ``link`` is ``None`` when nothing is broken, or nothing could be told (see ``cause``);
    ``attribution`` is ``None`` when there is nothing to attribute.
    """

    cause: Cause
    link: Link | None
    attribution: Attribution | None
    status: CheckStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole run."""

    profile: str
    interface: str
    started_at: datetime
    seconds: float
    results: tuple[ProbeResult, ...]
    verdict: Verdict

    def result(self, probe: str) -> ProbeResult | None:
        """Return what that probe found, ``None`` when it was not run."""
        return next((each for each in self.results if each.probe == probe), None)
