"""What the probes say of each item: while they run, and of the runs that are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from fieldtech.domain.words import CheckStatus, VisitState
from fieldtech.services.measuring import PART, PROBE_LINKS, Depth
from ui.views import formats
from ui.views.refusals import refusal_text
from ui.views.technician.measure_card import MeasureCard, gravest
from ui.views.technician.measure_words import known_link, profile_text, reason_text
from ui.views.technician.measured import runs_of
from ui.views.technician.measuring import run_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldtech.domain.checklist import Item
    from fieldtech.domain.facts import Answer, Attachment, MeasuredItem, Measurement
    from fieldtech.services.first_values import Refused
    from fieldtech.services.measured import Reading
    from fieldtech.services.measuring import Link
    from fieldtech.services.values import CaseDetail
    from ui.views.kit import Kit


GATHER_MS = 80
"""How long results are gathered before the rows are shown: nobody reads faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a row shows: an answer, or what was measured; ``before`` is the run before it."""

    status: CheckStatus | None = None
    value: str = ""
    reason: str = ""
    before: str = ""
    busy: bool = False


class ChecklistMeasuring(QObject):
    """Owns the card above the rows; ``changed`` when the rows should be shown anew."""

    changed = Signal()
    kept = Signal()
    compare_wanted = Signal()

    def __init__(self, kit: Kit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._detail: CaseDetail | None = None
        self._fetched: dict[str, dict[str, str]] = {}
        self.card = MeasureCard(kit.theme)
        self.run = run_of(kit)
        # Results come in bursts: the rows are shown once for all that came in a moment.
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self._show)
        self._soon.timeout.connect(self.changed)
        self.run.changed.connect(self._gather)
        self.run.progressed.connect(self._show_progress)
        self.run.kept.connect(self.kept)
        self.run.failed.connect(self._failed)
        self.card.measure.connect(self._measure)
        self.card.stop.connect(self._stop)
        self.card.keep_again.connect(self._keep_again)
        self.card.compare.connect(self.compare_wanted)

    def show_case(self, detail: CaseDetail) -> None:
        """Show what is known of a visit."""
        if self._visit_id(self._detail) != self._visit_id(detail):
            self._fetched = {}
            self.card.complain("")
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

    @property
    def is_idle(self) -> bool:
        """No run is under way, of this visit or of another."""
        return not self.run.is_running

    def can_repeat(self, item: Item) -> bool:
        """A probe of this program can measure that item now."""
        return item.probe in PROBE_LINKS and self.can_measure and self.is_idle

    @property
    def _is_ours(self) -> bool:
        """The session's run is, or was, of the visit on the screen."""
        return bool(self.run.visit_id) and self.run.visit_id == self._visit_id(self._detail)

    def shown(self, item_id: str, answer: Answer | None) -> Shown:
        """Return what the row of an item shows: the newest that is known of it."""
        live, busy = self.live(item_id), self.is_busy(item_id)
        began = self.run.began_at
        answered_since = answer is not None and began is not None and answer.at > began
        if live is not None and not answered_since:
            reason = reason_text(live.reason.value) if live.reason else ""
            return Shown(status=live.status, value=live.value, reason=reason)
        kept, before = self.kept_reading(item_id), self.before(item_id)
        was = before.value if before is not None and kept and before.value != kept.value else ""
        if answer is not None:
            return Shown(status=answer.status, value=answer.value, before=was, busy=busy)
        if kept is not None:
            reason = reason_text(kept.reason)
            return Shown(status=kept.status, value=kept.value, reason=reason, busy=busy)
        return Shown(busy=busy)

    def live(self, item_id: str) -> Reading | None:
        """What a run found for an item that is not kept, or not kept yet."""
        if not self._is_ours:
            return None
        for name in self.run.fresh:
            for reading in self.run.results[name].readings:
                if reading.item == item_id:
                    return reading
        return None

    def is_busy(self, item_id: str) -> bool:
        """A probe is measuring that item now."""
        probe = self._probe_of(item_id)
        return bool(probe) and self._is_ours and self.run.is_busy(probe)

    def kept_reading(self, item_id: str) -> MeasuredItem | None:
        """What the last kept run that looked at an item found."""
        return next(iter(self._history(item_id)), None)

    def before(self, item_id: str) -> MeasuredItem | None:
        """What the run before that found, ``None`` without one that had a value."""
        history = [each for each in self._history(item_id) if each.value]
        return history[1] if len(history) > 1 else None

    def repeat(self, item_id: str) -> None:
        """Measure again what one item asks."""
        probe = self._probe_of(item_id)
        if probe in PROBE_LINKS and self._detail and self._detail.visit and self.can_measure:
            self.card.complain("")
            self.run.start(self._detail.visit.id, probes=(probe,), interface=self.card.interface)

    def has_evidence(self, item_id: str) -> bool:
        """There is evidence for an item: of this run, or of one that is kept."""
        here = self._is_ours and self._probe_of(item_id) in self.run.results
        return here or self.kept_reading(item_id) is not None

    def ask_evidence(self, item_id: str, show: Callable[[str], None]) -> None:
        """Find the evidence for an item and hand its text to ``show``, at once or later."""
        probe = self._probe_of(item_id)
        result = self.run.results.get(probe) if self._is_ours else None
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

    def _stop(self) -> None:
        self.run.stop()
        self._soon.stop()
        self._show()
        self.changed.emit()

    def _keep_again(self) -> None:
        self.card.complain("")
        self.run.keep_again()

    def _gather(self) -> None:
        self._show_progress()
        if not self._soon.isActive():
            self._soon.start()

    def _show_progress(self) -> None:
        self.card.show_progress(self.run.progress if self._is_ours else None)

    def _failed(self, refused: Refused | None) -> None:
        if not self._is_ours:
            return
        not_kept = self.tr("This measurement is not kept.")
        if refused is not None:
            not_kept += " " + refusal_text(refused.code, refused.detail)
        self.card.complain(not_kept)
        self._show()

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
        running = self._is_ours and self.run.is_running
        report = self.run.report if self._is_ours and not self.run.is_part else None
        if report is not None and self.run.fresh:
            verdict = report.verdict
            broken = verdict.link.value if verdict.link else ""
            whose = verdict.attribution.value if verdict.attribution else ""
            self._tell(verdict.cause.value, broken, verdict.status, whose, "")
        elif whole and (not running or self.run.is_part):
            last = whole[-1]
            self._tell(last.cause, last.link, last.verdict, last.attribution, self._when(last))
        else:
            stopped = self._is_ours and self.run.was_stopped
            told = self.tr("Stopped: nothing of it is kept.") if stopped else ""
            self._tell("", "", CheckStatus.NOT_MEASURABLE, "", told)
        self.card.show_state(
            running=running,
            allowed=self.can_measure and self.is_idle,
            comparable=len(runs_of(self._detail)) > 1,
            can_keep=self._is_ours and self.run.can_keep_again,
        )
        self._show_progress()
        if not self.can_measure and not self.measurements:
            self.card.hint(self.tr("Measuring is possible once you are at the site."))
        elif self.run.is_running and not running:
            self.card.hint(self.tr("Another visit is being measured."))

    def _tell(self, cause: str, broken: str, verdict: CheckStatus, whose: str, when: str) -> None:
        busy: set[Link] = set()
        if self._is_ours:
            busy = {link for probe, link in PROBE_LINKS.items() if self.run.is_busy(probe)}
        self.card.show_chain(self._links(), busy, known_link(broken), verdict)
        self.card.show_verdict(cause, whose, when)

    def _links(self) -> dict[Link, CheckStatus]:
        """The gravest result of each link: of the run under way, else of the last kept ones."""
        template = self._detail.template if self._detail else None
        service = self._detail.service if self._detail else None
        kind = service.kind if service is not None else ""
        found: dict[Link, CheckStatus] = {}
        for item in template.items if template is not None else ():
            link = PROBE_LINKS.get(item.probe)
            reading = self.live(item.id) or self._known(item)
            if link is None or reading is None or not item.applies_to(kind):
                continue
            worse = gravest(found.get(link), reading.status)
            if worse is not None:
                found[link] = worse
        return found

    def _known(self, item: Item) -> MeasuredItem | None:
        """What the last kept run found; not of what is being measured anew."""
        asked = self._is_ours and self.run.is_running
        if asked and (not self.run.is_part or self.run.is_busy(item.probe)):
            return None
        return self.kept_reading(item.id)

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
