"""The card above the checklist: what the runs come to, and the buttons that begin and end them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from fieldtech.domain.words import CheckStatus, VisitState
from fieldtech.services.measuring import LINKS, PART, PROBE_LINKS, Depth
from ui.views import formats
from ui.views.refusals import refusal_text
from ui.views.technician.measure_card import MeasureCard, Told, gravest
from ui.views.technician.measure_words import cause_text, known_link, link_text, profile_text
from ui.views.technician.measured import MeasuredRows, runs_of
from ui.views.technician.measuring import run_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fieldtech.domain.checklist import Item
    from fieldtech.domain.facts import Answer, Attachment, MeasuredItem, Measurement
    from fieldtech.services.measured import Verdict
    from fieldtech.services.measuring import Link
    from fieldtech.services.values import CaseDetail
    from ui.views.kit import Kit
    from ui.views.technician.measured import Shown

    _Show = Callable[[str], None]


GATHER_MS = 80
"""How long results are gathered before the rows are shown: nobody reads faster."""


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
        self._fetching: dict[str, dict[str, tuple[str, _Show]]] = {}
        self._missed: set[str] = set()
        self.card = MeasureCard(kit.theme)
        self.run = run_of(kit)
        self._rows = MeasuredRows(self.run)
        # Results come in bursts: the rows are shown once for all that came in a moment.
        self._soon = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._soon.timeout.connect(self._show_now)
        self.run.changed.connect(self._gather)
        self.run.progressed.connect(self._show_progress)
        self.run.ended.connect(self._ended)
        self.run.kept.connect(self.kept)
        self.run.failed.connect(self._failed)
        self.card.measure.connect(self._measure)
        self.card.stop.connect(self._stop)
        self.card.keep_again.connect(self.run.keep_again)
        self.card.compare.connect(self.compare_wanted)
        self.card.interface_chosen.connect(self._choose_interface)

    def show_case(self, detail: CaseDetail) -> None:
        """Show what is known of a visit."""
        before = self._rows.visit_id
        self._detail = detail
        self._rows.show_case(detail)
        self.run.settle([each.at for each in self._rows.measurements])
        if self._rows.visit_id != before:
            self._fetched, self._fetching, self._missed = {}, {}, set()
            self.card.choose_interface(self.run.interfaces.get(self._rows.visit_id))
        self._show()

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
        """A probe of this program measures that item, as soon as no run is under way."""
        return item.probe in PROBE_LINKS and self.can_measure

    def shown(self, item_id: str, answer: Answer | None) -> Shown:
        """Return what the row of an item shows: the newest that is known of it."""
        return self._rows.shown(item_id, answer)

    def repeat(self, item_id: str) -> None:
        """Measure again what one item asks."""
        probe = self._rows.probe_of(item_id)
        if probe in PROBE_LINKS and self.can_measure:
            self.run.start(self._rows.visit_id, probes=(probe,), interface=self.card.interface)

    def has_evidence(self, item_id: str) -> bool:
        """There is evidence for an item: of this run, or of one that is kept."""
        here = self._rows.is_ours and self._rows.probe_of(item_id) in self.run.results
        return here or self._rows.run_with(item_id) is not None

    def ask_evidence(self, item_id: str, show: _Show, *, anew: bool) -> None:
        """Find the evidence for an item and hand its text to ``show``, at once or later.

        ``anew``: what could not be fetched before is tried once more.
        """
        probe = self._rows.probe_of(item_id)
        result = self.run.results.get(probe) if self._rows.is_ours else None
        if result is not None:
            # Imported here: it is there since the run, and no part of the first paint.
            from fieldtech.services.measured import capped

            show(_text({"interface": result.interface, **dict(result.evidence)}, capped))
            return
        run = self._rows.run_with(item_id)
        file = self._file_of(run)
        if run is None or file is None:
            show(self.tr("There is no evidence of this measurement here."))
        elif run.id in self._fetched:
            show(self._fetched[run.id].get(probe, ""))
        elif run.id in self._missed and not anew:
            show(self._missing())
        else:
            show(self.tr("Fetching…"))
            under_way = run.id in self._fetching
            self._fetching.setdefault(run.id, {})[item_id] = probe, show
            if not under_way:
                self._fetch(run.id, file)

    def _fetch(self, run_id: str, file: Attachment) -> None:
        """One file holds the evidence of all probes: it is fetched once for all who wait for it."""
        desk = self._kit.desk
        self._missed.discard(run_id)

        def arrived(data: bytes) -> None:
            self._fetched[run_id] = _by_probe(data)
            for probe, show in self._fetching.pop(run_id, {}).values():
                show(self._fetched[run_id].get(probe, ""))

        def failed(_error: BaseException) -> None:
            self._missed.add(run_id)
            for _, show in self._fetching.pop(run_id, {}).values():
                show(self._missing())

        self._kit.runner.run_net(
            lambda: desk().files.fetch(file.id, file.sha256), arrived, failed, owner=self
        )

    def _missing(self) -> str:
        return self.tr("The evidence is not on this laptop; it comes with a connection.")

    def _measure(self, depth: Depth) -> None:
        if self.can_measure:
            self.run.start(self._rows.visit_id, depth=depth, interface=self.card.interface)

    def _choose_interface(self, name: str) -> None:
        self.run.interfaces[self._rows.visit_id] = name

    def _stop(self) -> None:
        self.run.stop()
        self._show_now()
        self.card.announce(self.tr("Stopped: nothing of it is kept."))

    def _gather(self) -> None:
        self._show_progress()
        if not self._soon.isActive():
            self._soon.start()

    def _show_now(self) -> None:
        self._soon.stop()
        self._show()
        self.changed.emit()

    def _show_progress(self) -> None:
        ours = self._rows.is_ours
        self.card.show_progress(self.run.progress if ours else None, self.run.interface)

    def _ended(self) -> None:
        """Who does not see the chain hears what the run comes to."""
        report = self.run.report
        if self._rows.is_ours and report is not None:
            self._show_now()
            self.card.announce(cause_text(report.verdict.cause.value)[0])

    def _failed(self) -> None:
        self._show_now()
        if complaint := self._complaint():
            self.card.announce(complaint)

    def _complaint(self) -> str:
        """Why what was measured is not kept, as long as that is so."""
        trouble = self.run.trouble_of(self._rows.visit_id)
        if trouble is None:
            elsewhere = self.run.can_keep_again and not self._rows.is_ours
            return self.tr("A measurement of another visit is not kept yet.") if elsewhere else ""
        parts = [
            self.tr("A measurement of another visit is not kept yet.")
            if trouble.elsewhere
            else self.tr("This measurement is not kept.")
        ]
        if trouble.refused is not None:
            parts.append(refusal_text(trouble.refused.code, trouble.refused.detail))
        if trouble.held_back:
            parts.append(self.tr("A new one would take its place, so none was begun."))
        return " ".join(parts)

    def _file_of(self, run: Measurement | None) -> Attachment | None:
        if run is None or self._detail is None:
            return None
        files = self._detail.incident.attachments
        return next((each for each in files if each.id == run.evidence_id), None)

    def _show(self) -> None:
        ours, run = self._rows.is_ours, self.run
        running = ours and run.is_running
        self._show_verdict()
        self.card.show_state(
            running=running,
            allowed=self.can_measure and self.is_idle,
            comparable=len(runs_of(self._detail)) > 1,
            can_keep=run.can_keep_again,
        )
        self.card.complain(self._complaint())
        self._show_progress()
        if not self.can_measure and not self._rows.measurements:
            self.card.hint(self.tr("Measuring is possible once you are at the site."))
        elif run.is_running and not running:
            self.card.hint(self.tr("Another visit is being measured."))

    def _show_verdict(self) -> None:
        """The verdict on the whole chain; what was measured since makes it one of earlier."""
        whole = [each for each in self._rows.measurements if each.profile != PART]
        ours, run = self._rows.is_ours, self.run
        fresh = ours and not run.is_part and bool(run.fresh)
        parts = []
        if ours and run.was_stopped and run.fresh:
            parts.append(self.tr("Stopped: nothing of it is kept."))
        if fresh and run.report is not None:
            parts += [self.tr("not saved")] if run.is_unsaved else []
            parts += [run.interface] if run.interface else []
            told = _of_verdict(run.report.verdict, " · ".join(parts))
        elif whole and not (ours and run.is_running and not run.is_part):
            last = whole[-1]
            since = self._measured_since(last)
            when = self._when(last)
            if since:
                names = ", ".join(link_text(link) for link in since)
                older = self.tr(
                    "Verdict of {when}; measured since: {links}. Measure everything for a new one."
                )
                when = older.format(when=when, links=names)
            told = _of_run(last, " ".join([*parts, when]), older=bool(since))
        else:
            only = bool(self._rows.measurements) or (ours and run.is_part and bool(run.fresh))
            told = Told(
                when=" ".join(parts),
                is_measuring=ours and run.is_running and not run.is_part,
                is_partial=only,
            )
        busy = {link for probe, link in PROBE_LINKS.items() if ours and run.is_busy(probe)}
        self.card.show_chain(self._links(), busy, told)
        self.card.show_verdict(told)

    def _measured_since(self, whole: Measurement) -> list[Link]:
        """The links that were measured after a whole run, kept or not, in their order."""
        template = self._detail.template if self._detail else None
        probes = {item.id: item.probe for item in template.items} if template else {}
        runs = self._rows.measurements
        found = {
            PROBE_LINKS.get(probes.get(reading.item, ""))
            for run in runs[runs.index(whole) + 1 :]
            for reading in run.readings
        }
        if self._rows.is_ours:
            found |= {PROBE_LINKS.get(name) for name in self.run.fresh}
        return [link for link in LINKS if link in found]

    def _links(self) -> dict[Link, CheckStatus]:
        """The gravest result of each link: of the run under way, else of the last kept ones."""
        template = self._detail.template if self._detail else None
        service = self._detail.service if self._detail else None
        kind = service.kind if service is not None else ""
        found: dict[Link, CheckStatus] = {}
        for item in _asked(template.items if template is not None else (), kind):
            reading = self._rows.live(item.id) or self._known(item)
            if reading is None:
                continue
            link = PROBE_LINKS[item.probe]
            worse = gravest(found.get(link), reading.status)
            if worse is not None:
                found[link] = worse
        return found

    def _known(self, item: Item) -> MeasuredItem | None:
        """What the last kept run found; not of what is being measured anew."""
        asked = self._rows.is_ours and self.run.is_running
        if asked and (not self.run.is_part or self.run.is_busy(item.probe)):
            return None
        return self._rows.newest(item.id)

    def _when(self, run: Measurement) -> str:
        zone = self._detail.timezone if self._detail else ""
        parts = (formats.day_and_time(run.at, zone), profile_text(run), run.interface)
        return " · ".join(part for part in parts if part)


def _asked(items: Iterable[Item], kind: str) -> list[Item]:
    return [each for each in items if each.probe in PROBE_LINKS and each.applies_to(kind)]


def _of_run(run: Measurement, when: str, *, older: bool) -> Told:
    return Told(
        cause=run.cause,
        link=known_link(run.link),
        status=run.verdict,
        attribution=run.attribution,
        when=when,
        is_older=older,
    )


def _of_verdict(verdict: Verdict, when: str) -> Told:
    return Told(
        cause=verdict.cause.value,
        link=verdict.link,
        status=verdict.status,
        attribution=verdict.attribution.value if verdict.attribution else "",
        when=when,
    )


def _text(evidence: object, cap: Callable[[object], object] = lambda each: each) -> str:
    return json.dumps(cap(evidence), indent=1, ensure_ascii=False)


def _by_probe(data: bytes) -> dict[str, str]:
    """The evidence of each probe in a kept document; nothing in one that cannot be read."""
    try:
        results = json.loads(data)["results"]
        return {str(each["probe"]): _text(each["evidence"]) for each in results}
    except (ValueError, KeyError, TypeError):
        return {}
