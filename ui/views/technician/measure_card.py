"""Above the checklist: the chain drawn, what it comes to, and the buttons that measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fieldtech.domain.words import CheckStatus
from fieldtech.services.measuring import LINKS, Cause, Depth, Link
from ui.theme.tokens import Tone
from ui.views import labels, words
from ui.views.technician.interface_choice import InterfaceChoice
from ui.views.technician.measure_words import ICONS, cause_text, link_text, short_text
from ui.widgets.badge import Badge
from ui.widgets.card import Card
from ui.widgets.chain import ChainNode, ChainView
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldtech.services.machine import MeasurableInterface
    from ui.theme.theme import Theme
    from ui.views.technician.measuring import Progress

GRAVEST = (CheckStatus.FAIL, CheckStatus.WARN, CheckStatus.PASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a run comes to, and ``when`` it was, in words.

    ``cause`` is empty where there is no verdict: nothing was measured yet, it ``is_measuring``, or
    what was measured ``is_partial``. ``is_older``: something was measured since, so that the links
    and this need not agree.
    """

    cause: str = ""
    link: Link | None = None
    status: CheckStatus = CheckStatus.NOT_MEASURABLE
    attribution: str = ""
    when: str = ""
    is_older: bool = False
    is_measuring: bool = False
    is_partial: bool = False


class MeasureCard(Card):
    """``measure`` carries how thorough the run shall be, ``compare`` asks for two runs' table.

    ``interface_chosen`` carries the interface that a person chose.
    """

    measure = Signal(object)
    stop = Signal()
    compare = Signal()
    keep_again = Signal()
    interface_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self.setObjectName("measure.card")
        self._chain = ChainView(theme)
        self._chain.setObjectName("measure.chain")
        self._verdict = labels.text(theme, bold=True)
        self._verdict.setObjectName("measure.verdict")
        self._next = labels.muted(theme)
        self._next.setObjectName("measure.next")
        self._whose = Badge(theme, "", Tone.NEUTRAL)
        self._whose.setObjectName("measure.attribution")
        self._told = labels.muted(theme)
        self._told.setObjectName("measure.progress")
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.setObjectName("measure.problem")
        self._all = labels.button(
            theme, "", "measure.all", kind="primary", icon="activity", small=True
        )
        self._full = labels.button(theme, "", "measure.full", icon="gauge", small=True)
        self._costs = labels.muted(theme, size=11)
        self._costs.setObjectName("measure.costs")
        self._compare = labels.button(theme, "", "measure.compare", icon="git-compare", small=True)
        self._stop = labels.button(theme, "", "measure.stop", icon="circle-x", small=True)
        self._all.clicked.connect(lambda: self.measure.emit(Depth.QUICK))
        self._full.clicked.connect(lambda: self.measure.emit(Depth.FULL))
        self._keep = labels.button(theme, "", "measure.keep", icon="save", small=True)
        self._keep.clicked.connect(self.keep_again)
        self._stop.clicked.connect(self.stop)
        self._compare.clicked.connect(self.compare)
        self._interface = InterfaceChoice()
        self._interface.decided.connect(self.interface_chosen)
        self._interface.hide()
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=theme.px(8))
        for button in (
            self._all,
            self._full,
            self._stop,
            self._keep,
            self._compare,
            self._interface,
        ):
            flow.addWidget(button)
        for widget in (
            self._chain,
            self._verdict,
            self._whose,
            self._next,
            self._told,
            self._problem,
            buttons,
            self._costs,
        ):
            self.body.addWidget(widget)
        self._retranslate()
        self.show_chain({}, set(), Told())
        self.show_verdict(Told())
        self.show_state(running=False, allowed=False, comparable=False, can_keep=False)

    @property
    def interface(self) -> str:
        """The interface that was chosen, empty for the one in use."""
        return self._interface.interface

    def offer_interfaces(self, interfaces: Sequence[MeasurableInterface]) -> None:
        """Let one of several be chosen; with only one there is nothing to choose."""
        self._interface.offer(interfaces)
        self._interface.setVisible(self._interface.is_needed and self._stop.isHidden())

    def choose_interface(self, name: str | None) -> None:
        """Go back to what a person chose before; ``None``: nobody has chosen."""
        self._interface.choose(name)
        self._interface.setVisible(self._interface.is_needed and self._stop.isHidden())

    def show_chain(
        self,
        found: Mapping[Link, CheckStatus],
        busy: set[Link],
        told: Told,
    ) -> None:
        """Draw the links: the gravest result of each, which are at work, which one breaks.

        Behind one that is broken nothing is judged: what fails there follows from it. Once
        something was measured since the verdict, each link stands for itself.
        """
        named = None if told.is_older else told.link
        cut = LINKS.index(named) if named and told.status is CheckStatus.FAIL else len(LINKS)
        nodes = []
        for place, link in enumerate(LINKS):
            status = found.get(link) if place <= cut else None
            if link is named:  # what is only odd may have been found at a link that fails besides
                status = gravest(status, told.status)
            broken = link is named and told.status is CheckStatus.FAIL
            odd = link is named and told.status is CheckStatus.WARN
            nodes.append(
                ChainNode(
                    label=link_text(link),
                    short=short_text(link),
                    icon=ICONS[link],
                    said=self._said(status, busy=link in busy, broken=broken, odd=odd)
                    if place <= cut
                    else self.tr("behind the break"),
                    status=status,
                    busy=link in busy,
                    broken=broken,
                    odd=odd,
                )
            )
        self._chain.show_nodes(nodes)

    def show_verdict(self, told: Told) -> None:
        """Say what the last run comes to; one of earlier gives no advice any more."""
        text, then = cause_text(told.cause) if told.cause else ("", "")
        if told.is_older:
            text = self.tr("Earlier verdict: {verdict}").format(verdict=text)
        self._verdict.setText(text or self._without_verdict(told))
        self._verdict.set_colour("muted" if told.is_older else "text")
        advises = told.cause != Cause.HEALTHY.value and not told.is_older
        self._next.setText(then if advises else "")
        self._next.setVisible(bool(self._next.text()))
        name = words.attribution_text(told.attribution)
        suggested = self.tr("Suggested: {attribution}").format(attribution=name)
        self._whose.show_text(suggested, Tone.INFO)
        self._whose.setVisible(bool(told.attribution) and not told.is_older)
        self._told.setText(told.when)
        self._told.setVisible(bool(told.when))

    def _without_verdict(self, told: Told) -> str:
        if told.is_measuring:
            return self.tr("Measuring…")
        if told.is_partial:
            return self.tr("Only a part was measured. Measure everything for a verdict.")
        return self.tr("Not measured yet.")

    def show_state(self, *, running: bool, allowed: bool, comparable: bool, can_keep: bool) -> None:
        """Show the buttons that can be used now; the keyboard stays where runs begin and end."""
        had, has = (self._all, self._stop) if running else (self._stop, self._all)
        follow = any(each.hasFocus() for each in (had, self._full, self._keep))
        for widget, shown in (
            (self._all, not running),
            (self._full, not running),
            (self._costs, allowed and not running),
            (self._stop, running),
            (self._compare, comparable and not running),
            (self._interface, self._interface.is_needed and not running),
            (self._keep, can_keep and not running),
        ):
            widget.setVisible(shown)
        self._all.setEnabled(allowed)
        self._full.setEnabled(allowed)
        if follow and has.isEnabled():
            has.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, progress: Progress | None, interface: str) -> None:
        """Say how far a run is, and over which interface; ``None``: what stands there stays."""
        if progress is None:
            return
        told = self.tr("Measuring: {done} of {all}").format(done=progress.done, all=progress.of)
        if progress.share is not None:
            share = round(100 * progress.share)
            told += " · " + self.tr("voice {percent} %").format(percent=share)
        if interface:
            told += f" · {interface}"
        self._told.setText(told)
        self._told.setVisible(True)

    def announce(self, sentence: str) -> None:
        """Have screen readers say it, when they have finished with what they are saying."""
        # Imported here: nothing was measured before the window's first paint.
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def complain(self, sentence: str) -> None:
        """Say why a run was not kept; an empty sentence takes it back."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def hint(self, sentence: str) -> None:
        """Say why nothing can be measured now, where the progress stands otherwise."""
        if sentence:
            self._told.setText(sentence)
            self._told.setVisible(True)

    def _said(self, status: CheckStatus | None, *, busy: bool, broken: bool, odd: bool) -> str:
        if busy:
            return self.tr("measuring")
        told = words.check_text(status.value) if status else self.tr("not measured")
        if broken:
            return ", ".join([told, self.tr("it breaks here")])
        return ", ".join([told, self.tr("something is odd here")]) if odd else told

    def _retranslate(self) -> None:
        self._all.setText(self.tr("Measure everything"))
        self._full.setText(self.tr("Full (30 s)"))
        costs = self.tr("Full: 20 s of voice, then the line is filled: uses the customer's data.")
        self._costs.setText(costs)
        self._full.setAccessibleDescription(costs)
        self._stop.setText(self.tr("Stop"))
        self._keep.setText(self.tr("Keep it now"))
        self._compare.setText(self.tr("Before and after"))

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == event.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)


def gravest(one: CheckStatus | None, other: CheckStatus) -> CheckStatus | None:
    """The graver of two results; one that is no judgement changes nothing."""
    if other not in GRAVEST:
        return one
    return other if one is None or GRAVEST.index(other) < GRAVEST.index(one) else one
