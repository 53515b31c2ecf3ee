"""What an incident's kept runs come to; what they and the run under way say of an item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from fieldtech.domain.fact_rules import JUDGED, PROBE
from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.words import CheckStatus
from fieldtech.services.measuring import PART, Reason

if TYPE_CHECKING:
    from fieldtech.domain.facts import Answer, Measurement
    from fieldtech.services.values import CaseDetail
    from ui.views.technician.measuring import MeasureRun

    _Kept = tuple[Measurement, MeasuredItem]

ASIDE = frozenset({Reason.FULL_ONLY.value, Reason.NOT_WIRELESS.value})
"""Why a run did not even look at an item: what an earlier one found is not gone by that."""


def runs_of(detail: CaseDetail | None) -> list[Measurement]:
    """The whole runs of an incident, over all of its visits, the oldest first."""
    visits = detail.visits if detail is not None else ()
    runs = [each for visit in visits for each in visit.measurements if each.profile != PART]
    return sorted(runs, key=lambda each: each.at)


def suggesting_run(detail: CaseDetail) -> Measurement | None:
    """The run that says whose it is: the last grave one of this outage.

    What is only odd counts where nothing is broken: after a repair there is often something left.
    """
    began = _outage_began(detail)
    runs = [run for run in runs_of(detail) if run.link and (began is None or run.at >= began)]
    for gravity in (CheckStatus.FAIL, CheckStatus.WARN):
        found = next((run for run in reversed(runs) if run.verdict is gravity), None)
        if found is not None:
            return found
    return None


def _outage_began(detail: CaseDetail) -> datetime | None:
    outages = [each for each in detail.incident.outages if not each.void]
    return outages[-1].start if outages else None


def compared_runs(runs: list[Measurement]) -> tuple[Measurement, Measurement]:
    """What is broken beside the last run: the last failure before it, else the first run."""
    *earlier, last = runs
    failed = (run for run in reversed(earlier) if run.verdict is CheckStatus.FAIL)
    return next(failed, runs[0]), last


def differ(before: MeasuredItem | None, after: MeasuredItem | None) -> bool:
    """Both runs looked, and the results are not the same."""
    if before is None or after is None or {before.reason, after.reason} & ASIDE:
        return False
    return before.status is not after.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a row shows: an answer, or what was measured.

    ``before`` is what the run just before found, where that differs; ``since`` what was measured
    beside an answer that a person keeps in force. ``unsaved``: what was measured is nowhere but on
    the screen. ``at``: when, where a later run did not look.
    """

    status: CheckStatus | None = None
    value: str = ""
    reason: str = ""
    before: MeasuredItem | None = None
    since: MeasuredItem | None = None
    at: datetime | None = None
    unsaved: bool = False
    busy: bool = False


class MeasuredRows:
    """What is known of each item of a visit: by the session's run, and by those that are kept."""

    def __init__(self, run: MeasureRun) -> None:
        self._run = run
        self._detail: CaseDetail | None = None

    def show_case(self, detail: CaseDetail) -> None:
        """Speak of this visit from now on."""
        self._detail = detail

    @property
    def visit_id(self) -> str:
        """The visit that is spoken of, empty when there is none."""
        visit = self._detail.visit if self._detail else None
        return visit.id if visit is not None else ""

    @property
    def measurements(self) -> list[Measurement]:
        """The kept runs of the visit, the oldest first."""
        visit = self._detail.visit if self._detail else None
        runs = visit.measurements if visit is not None else ()
        return sorted(runs, key=lambda each: each.at)

    @property
    def is_ours(self) -> bool:
        """The session's run is, or was, of this visit."""
        return bool(self._run.visit_id) and self._run.visit_id == self.visit_id

    def shown(self, item_id: str, answer: Answer | None) -> Shown:
        """Return what the row of an item shows: the newest that is known of it."""
        kept = self._kept(item_id)
        live = self._live_beside(item_id, answer, kept)
        unsaved = live is not None and self._run.is_unsaved
        at = None
        if answer is not None and answer.source != PROBE and self._stands(answer, live):
            given_since = live is not None and self._is_later(answer)
            unsaved = unsaved and not given_since
            shown = (
                replace(_plain(answer), before=live)
                if given_since
                else _answered(answer, live, kept)
            )
        elif live is not None:
            shown = _found(live, _place(kept, 0))
        else:
            at = self._at_when_others_followed(item_id, kept)
            if answer is None or not kept:
                newest = _place(kept, 0)
                shown = _found(newest, _place(kept, 1)) if newest else _plain(answer)
            else:
                shown = _probed(answer, kept)
        return replace(shown, busy=self.is_busy(item_id), unsaved=unsaved, at=at)

    def live(self, item_id: str) -> MeasuredItem | None:
        """What a run found for an item that is not kept, or not kept yet."""
        if not self.is_ours:
            return None
        for name in self._run.fresh:
            for each in self._run.results[name].readings:
                if each.item == item_id:
                    reason = each.reason.value if each.reason else ""
                    return MeasuredItem(
                        item=item_id, status=each.status, value=each.value, reason=reason
                    )
        return None

    def is_busy(self, item_id: str) -> bool:
        """A probe is measuring that item now."""
        probe = self.probe_of(item_id)
        return bool(probe) and self.is_ours and self._run.is_busy(probe)

    def newest(self, item_id: str) -> MeasuredItem | None:
        """What the last kept run that has it says of an item."""
        return next((each for _, each in self._history(item_id)), None)

    def run_with(self, item_id: str) -> Measurement | None:
        """The last kept run that looked at an item."""
        return next((run for run, _ in self._kept(item_id)), None)

    def probe_of(self, item_id: str) -> str:
        """The probe that answers an item, empty for none."""
        template = self._detail.template if self._detail else None
        item = template.item(item_id) if template else None
        return item.probe if item is not None else ""

    def _history(self, item_id: str) -> list[_Kept]:
        """What the kept runs say of an item, the last first."""
        found = ((run, run.reading(item_id)) for run in reversed(self.measurements))
        return [(run, reading) for run, reading in found if reading is not None]

    def _kept(self, item_id: str) -> list[_Kept]:
        """The same without the runs that did not look, unless none did."""
        history = self._history(item_id)
        return [each for each in history if each[1].reason not in ASIDE] or history

    def _at_when_others_followed(self, item_id: str, kept: list[_Kept]) -> datetime | None:
        """When it was measured, should a later run have passed it by: its verdict is without it."""
        passed_by = any(each[1].reason in ASIDE for each in self._history(item_id)[:1])
        looked = bool(kept) and kept[0][1].reason not in ASIDE
        return kept[0][0].at if passed_by and looked else None

    def _live_beside(
        self, item_id: str, answer: Answer | None, kept: list[_Kept]
    ) -> MeasuredItem | None:
        live = self.live(item_id)
        if live is not None and live.reason in ASIDE and (answer is not None or kept):
            return None
        return live

    def _stands(self, answer: Answer, live: MeasuredItem | None) -> bool:
        """A person's answer stays in force over what the run found: the domain decides the same."""
        if live is None or live.status not in JUDGED or self._run.is_unsaved:
            return True
        return answer.status is CheckStatus.WAIVED or self._is_later(answer)

    def _is_later(self, answer: Answer) -> bool:
        """It was given during the run, or after it."""
        began = self._run.began_at
        return began is not None and answer.at >= began


def _plain(answer: Answer | None) -> Shown:
    return Shown() if answer is None else Shown(status=answer.status, value=answer.value)


def _found(reading: MeasuredItem, before: MeasuredItem | None) -> Shown:
    was = before if before is not None and not _same(before, reading) else None
    return Shown(status=reading.status, value=reading.value, reason=reading.reason, before=was)


def _answered(answer: Answer, live: MeasuredItem | None, kept: list[_Kept]) -> Shown:
    """What a person said, and what was measured before it or since."""
    if live is not None:
        return replace(_plain(answer), since=live)
    newest = kept[0] if kept else None
    if newest is None or newest[1].reason in ASIDE:
        return _plain(answer)
    if newest[0].at > answer.at:
        return replace(_plain(answer), since=newest[1])
    return replace(_plain(answer), before=newest[1])


def _probed(answer: Answer, kept: list[_Kept]) -> Shown:
    """What a probe answered, unless a later run looked and could not tell."""
    newest = kept[0][1]
    if newest.status not in JUDGED and newest.reason not in ASIDE:
        judged = next((each for _, each in kept if each.status in JUDGED), None)
        return _found(newest, judged or _as_reading(answer))
    told = newest.reason if newest.status is answer.status else ""
    return _found(replace(_as_reading(answer), reason=told), _place(kept, 1))


def _as_reading(answer: Answer) -> MeasuredItem:
    return MeasuredItem(item=answer.item, status=answer.status, value=answer.value)


def _place(kept: list[_Kept], place: int) -> MeasuredItem | None:
    return kept[place][1] if place < len(kept) else None


def _same(one: MeasuredItem, other: MeasuredItem) -> bool:
    return (one.status, one.value, one.reason) == (other.status, other.value, other.reason)
