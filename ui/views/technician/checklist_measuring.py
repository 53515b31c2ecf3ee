"""What the probes say of each item: while they run, and of the runs that are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fieldtech.domain.words import CheckStatus, VisitState
from fieldtech.services.measuring import PART, PROBE_LINKS, Depth
from ui.views import formats
from ui.views.refusals import refusal_text
from ui.views.technician.measure_card import MeasureCard, gravest
from ui.views.technician.measure_words import link_of, profile_text, reason_text
from ui.views.technician.measuring import MeasureRun

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.domain.facts import Answer, Attachment, MeasuredItem, Measurement
    from fieldtech.services.first_values import Refused
    from fieldtech.services.measured import Reading
    from fieldtech.services.measuring import Link
    from fieldtech.services.values import CaseDetail
    from ui.views.kit import Kit


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a row shows: an answer, or what was measured; ``before`` is the run before it."""

    status: CheckStatus | None = None
    value: str = ""
    reason: str = ""
    before: str = ""
    busy: bool = False


class ChecklistMeasuring(QObject):
    """Owns the card above the rows and the run; ``changed`` when the rows should be shown anew."""

    changed = Signal()
    compare_wanted = Signal()

    def __init__(self, kit: Kit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._detail: CaseDetail | None = None
        self._fetched: dict[str, dict[str, str]] = {}
        self.card = MeasureCard(kit.theme)
        self.run = MeasureRun(kit, self)
        self.run.changed.connect(self._show)
        self.run.changed.connect(self.changed)
        self.run.failed.connect(self._failed)
        self.card.measure.connect(self._measure)
        self.card.stop.connect(self.run.stop)
        self.card.compare.connect(self.compare_wanted)

    def show_case(self, detail: CaseDetail) -> None:
        """Show what is known of a visit; of another one than before, nothing measured stays."""
        if self._visit_id(self._detail) != self._visit_id(detail):
            self.run.forget()
            self._fetched = {}
        self._detail = detail
        self._show()

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """The kept runs of the visit, the oldest first."""
        visit = self._detail.visit if self._detail else None
        return visit.measurements if visit is not None else ()

    @property
    def can_measure(self) -> bool:
        """The technician of the visit is at the site: what the laptop sees is the site's."""
        detail = self._detail
        if detail is None or detail.visit is None:
            return False
        return detail.mine and detail.visit.state is VisitState.ON_SITE

    def shown(self, item_id: str, answer: Answer | None) -> Shown:
        """Return what the row of an item shows: the newest that is known of it."""
        live, busy = self.live(item_id), self.is_busy(item_id)
        if live is not None:
            reason = reason_text(live.reason.value) if live.reason else ""
            return Shown(status=live.status, value=live.value, reason=reason)
        kept, before = self.kept(item_id), self.before(item_id)
        was = before.value if before is not None and kept and before.value != kept.value else ""
        if answer is not None:
            return Shown(status=answer.status, value=answer.value, before=was, busy=busy)
        if kept is not None:
            reason = reason_text(kept.reason)
            return Shown(status=kept.status, value=kept.value, reason=reason, busy=busy)
        return Shown(busy=busy)

    def live(self, item_id: str) -> Reading | None:
        """What a run found for an item that is not kept, or not kept yet."""
        if self._is_kept():
            return None
        for result in self.run.results.values():
            for reading in result.readings:
                if reading.item == item_id:
                    return reading
        return None

    def is_busy(self, item_id: str) -> bool:
        """A probe is measuring that item now."""
        probe = self._probe_of(item_id)
        return bool(probe) and self.run.is_busy(probe)

    def kept(self, item_id: str) -> MeasuredItem | None:
        """What the last kept run that looked at an item found."""
        return next(iter(self._history(item_id)), None)

    def before(self, item_id: str) -> MeasuredItem | None:
        """What the run before that found, ``None`` without one that had a value."""
        history = [each for each in self._history(item_id) if each.value]
        return history[1] if len(history) > 1 else None

    def repeat(self, item_id: str) -> None:
        """Measure again what one item asks."""
        probe = self._probe_of(item_id)
        if probe and self._detail and self._detail.visit and self.can_measure:
            self.card.complain("")
            self.run.start(self._detail.visit.id, probes=(probe,), interface=self.card.interface)

    def has_evidence(self, item_id: str) -> bool:
        """There is evidence for an item: of this run, or of one that is kept."""
        return self._probe_of(item_id) in self.run.results or self.kept(item_id) is not None

    def ask_evidence(self, item_id: str, show: Callable[[str], None]) -> None:
        """Find the evidence for an item and hand its text to ``show``, at once or later."""
        probe = self._probe_of(item_id)
        result = self.run.results.get(probe)
        if result is not None:
            # Imported here: it is there since the run, and no part of the first paint.
            from fieldtech.services.measured import capped

            show(_text({"interface": result.interface, **dict(result.evidence)}, capped))
            return
        run = next((each for each in reversed(self.measurements) if each.reading(item_id)), None)
        file = self._file_of(run)
        if run is None or file is None:
            show(self.tr("There is no evidence of this measurement here."))
        elif run.id in self._fetched:
            show(self._fetched[run.id].get(probe, ""))
        else:
            show(self.tr("Fetching…"))
            self._fetch(run.id, file, probe, show)

    def _fetch(
        self, run_id: str, file: Attachment, probe: str, show: Callable[[str], None]
    ) -> None:
        desk = self._kit.desk

        def arrived(data: bytes) -> None:
            self._fetched[run_id] = _by_probe(data)
            show(self._fetched[run_id].get(probe, ""))

        def failed(_error: BaseException) -> None:
            show(self.tr("The evidence is not on this laptop; it comes with a connection."))

        self._kit.runner.run_net(
            lambda: desk().files.fetch(file.id, file.sha256), arrived, failed, owner=self
        )

    def _measure(self, depth: Depth) -> None:
        if self._detail is not None and self._detail.visit is not None and self.can_measure:
            self.card.complain("")
            self.run.start(self._detail.visit.id, depth=depth, interface=self.card.interface)

    def _failed(self, refused: Refused | None) -> None:
        if refused is None:
            self.card.complain(self.tr("The measurement could not be made."))
        else:
            self.card.complain(refusal_text(refused.code, refused.detail))

    def _is_kept(self) -> bool:
        report = self.run.report
        return report is not None and any(
            each.at == report.started_at for each in self.measurements
        )

    def _history(self, item_id: str) -> list[MeasuredItem]:
        """What the kept runs found for an item, the last first."""
        found = (each.reading(item_id) for each in reversed(self.measurements))
        return [each for each in found if each is not None]

    def _probe_of(self, item_id: str) -> str:
        template = self._detail.template if self._detail else None
        item = template.item(item_id) if template else None
        return item.probe if item is not None else ""

    def _file_of(self, run: Measurement | None) -> Attachment | None:
        if run is None or self._detail is None:
            return None
        files = self._detail.incident.attachments
        return next((each for each in files if each.id == run.evidence_id), None)

    def _show(self) -> None:
        whole = [each for each in self.measurements if each.profile != PART]
        report = self.run.report
        if report is not None and not self._is_kept():
            verdict = report.verdict
            broken = verdict.link.value if verdict.link else ""
            whose = verdict.attribution.value if verdict.attribution else ""
            self._tell(verdict.cause.value, broken, whose, "")
        elif whole and not self.run.is_running:
            last = whole[-1]
            self._tell(last.cause, last.link, last.attribution, self._when(last))
        else:
            self._tell("", "", "", "")
        self.card.show_state(
            progress=self.run.progress, allowed=self.can_measure, comparable=len(whole) > 1
        )
        if not self.can_measure and not self.measurements:
            self.card.hint(self.tr("Measuring is possible once you are at the site."))

    def _tell(self, cause: str, broken: str, whose: str, when: str) -> None:
        busy = {link for probe, link in PROBE_LINKS.items() if self.run.is_busy(probe)}
        self.card.show_chain(self._links(), busy, broken)
        self.card.show_verdict(cause, whose, when)

    def _links(self) -> dict[Link, CheckStatus]:
        """The gravest result of each link: of the run under way, else of the last kept ones."""
        template = self._detail.template if self._detail else None
        found: dict[Link, CheckStatus] = {}
        for item in template.items if template is not None else ():
            live, kept = self.live(item.id), self.kept(item.id)
            # While a run goes on, what the last one found is no longer told.
            reading = live or (None if self.run.is_running else kept)
            link = link_of(template, item.id) if template is not None else None
            if link is None or reading is None:
                continue
            worse = gravest(found.get(link), reading.status)
            if worse is not None:
                found[link] = worse
        return found

    def _when(self, run: Measurement) -> str:
        zone = self._detail.timezone if self._detail else ""
        parts = (formats.day_and_time(run.at, zone), profile_text(run), run.interface)
        return " · ".join(part for part in parts if part)

    @staticmethod
    def _visit_id(detail: CaseDetail | None) -> str:
        return detail.visit.id if detail is not None and detail.visit is not None else ""


def _text(evidence: object, cap: Callable[[object], object] = lambda each: each) -> str:
    return json.dumps(cap(evidence), indent=1, ensure_ascii=False)


def _by_probe(data: bytes) -> dict[str, str]:
    """The evidence of each probe in a kept document; nothing in one that cannot be read."""
    try:
        results = json.loads(data)["results"]
        return {str(each["probe"]): _text(each["evidence"]) for each in results}
    except (ValueError, KeyError, TypeError):
        return {}
