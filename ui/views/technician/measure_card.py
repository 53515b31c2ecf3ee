"""Above the checklist: the chain drawn, what it comes to, and the buttons that measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget
from typing_extensions import override

from fieldtech.domain.words import CheckStatus
from fieldtech.services.measuring import LINKS, Cause, Depth
from ui.theme.tokens import Tone
from ui.views import labels, words
from ui.views.technician.measure_words import ICONS, cause_text, link_text, short_text
from ui.widgets.badge import Badge
from ui.widgets.card import Card
from ui.widgets.chain import ChainNode, ChainView
from ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QEvent

    from fieldtech.services.measuring import Link
    from ui.theme.theme import Theme
    from ui.views.technician.measuring import Progress

GRAVEST = (CheckStatus.FAIL, CheckStatus.WARN, CheckStatus.PASS)


class MeasureCard(Card):
    """``measure`` carries how thorough the run shall be, ``compare`` asks for two runs' table."""

    measure = Signal(object)
    stop = Signal()
    compare = Signal()
    keep_again = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self.setObjectName("measure.card")
        self._several = False
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
        self._compare = labels.button(theme, "", "measure.compare", icon="git-compare", small=True)
        self._stop = labels.button(theme, "", "measure.stop", icon="circle-x", small=True)
        self._all.clicked.connect(lambda: self.measure.emit(Depth.QUICK))
        self._full.clicked.connect(lambda: self.measure.emit(Depth.FULL))
        self._keep = labels.button(theme, "", "measure.keep", icon="save", small=True)
        self._keep.clicked.connect(self.keep_again)
        self._stop.clicked.connect(self.stop)
        self._compare.clicked.connect(self.compare)
        self._interface = QComboBox()
        self._interface.setObjectName("measure.interface")
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
        ):
            self.body.addWidget(widget)
        self._retranslate()
        self.show_chain({}, set(), None, CheckStatus.NOT_MEASURABLE)
        self.show_verdict("", "", "")
        self.show_state(running=False, allowed=False, comparable=False, can_keep=False)

    @property
    def interface(self) -> str:
        """The interface that was chosen, empty for the one in use."""
        return str(self._interface.currentData() or "")

    def offer_interfaces(self, names: Sequence[str]) -> None:
        """Let one of several be chosen; with only one there is nothing to choose."""
        chosen = self.interface
        self._interface.clear()
        self._interface.addItem(self.tr("Interface in use"), "")
        for name in names:
            self._interface.addItem(name, name)
        self._interface.setCurrentIndex(max(self._interface.findData(chosen), 0))
        self._several = len(names) > 1
        self._interface.setVisible(self._several and self._stop.isHidden())

    def show_chain(
        self,
        found: Mapping[Link, CheckStatus],
        busy: set[Link],
        broken: Link | None,
        verdict: CheckStatus,
    ) -> None:
        """Draw the links: the gravest result of each, which are at work, which one breaks.

        Behind one that is broken nothing is judged: what fails there follows from it.
        """
        cut = LINKS.index(broken) if broken and verdict is CheckStatus.FAIL else len(LINKS)
        nodes = []
        for place, link in enumerate(LINKS):
            status = verdict if link is broken else found.get(link) if place < cut else None
            nodes.append(
                ChainNode(
                    label=link_text(link),
                    short=short_text(link),
                    icon=ICONS[link],
                    said=self._said(status, busy=link in busy, broken=link is broken)
                    if place <= cut
                    else self.tr("behind the break"),
                    status=status,
                    busy=link in busy,
                    broken=link is broken,
                )
            )
        self._chain.show_nodes(nodes)

    def show_verdict(self, cause: str, attribution: str, when: str) -> None:
        """Say what the last run comes to; an empty ``cause``: nothing was measured yet."""
        text, then = cause_text(cause) if cause else ("", "")
        self._verdict.setText(text or self.tr("Not measured yet."))
        self._next.setText(then if cause != Cause.HEALTHY.value else "")
        self._next.setVisible(bool(self._next.text()))
        name = words.attribution_text(attribution)
        suggested = self.tr("Suggested: {attribution}").format(attribution=name)
        self._whose.show_text(suggested, Tone.INFO)
        self._whose.setVisible(bool(attribution))
        self._told.setText(when)
        self._told.setVisible(bool(when))

    def show_state(self, *, running: bool, allowed: bool, comparable: bool, can_keep: bool) -> None:
        """Show the buttons that can be used now; the keyboard stays where runs begin and end."""
        had, has = (self._all, self._stop) if running else (self._stop, self._all)
        follow = had.hasFocus() or self._full.hasFocus()
        for button, shown in (
            (self._all, not running),
            (self._full, not running),
            (self._stop, running),
            (self._compare, comparable and not running),
            (self._interface, self._several and not running),
            (self._keep, can_keep and not running),
        ):
            button.setVisible(shown)
        self._all.setEnabled(allowed)
        self._full.setEnabled(allowed)
        if follow and has.isEnabled():
            has.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, progress: Progress | None) -> None:
        """Say how far a run is; ``None``: there is none, and what stands there stays."""
        if progress is None:
            return
        told = self.tr("Measuring: {done} of {all}").format(done=progress.done, all=progress.of)
        if progress.share is not None:
            share = round(100 * progress.share)
            told += " · " + self.tr("voice {percent} %").format(percent=share)
        self._told.setText(told)
        self._told.setVisible(True)

    def complain(self, sentence: str) -> None:
        """Say why a run was not kept; an empty sentence takes it back."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def hint(self, sentence: str) -> None:
        """Say why nothing can be measured now, where the progress stands otherwise."""
        if sentence:
            self._told.setText(sentence)
            self._told.setVisible(True)

    def _said(self, status: CheckStatus | None, *, busy: bool, broken: bool) -> str:
        if busy:
            return self.tr("measuring")
        told = words.check_text(status.value) if status else self.tr("not measured")
        return f"{told}, {self.tr('it breaks here')}" if broken else told

    def _retranslate(self) -> None:
        self._all.setText(self.tr("Measure everything"))
        self._full.setText(self.tr("Full (30 s)"))
        self._full.setToolTip(
            self.tr("20 s of voice, then the line is filled: uses the customer's data.")
        )
        self._stop.setText(self.tr("Stop"))
        self._keep.setText(self.tr("Keep it now"))
        self._compare.setText(self.tr("Before and after"))
        self._interface.setAccessibleName(self.tr("Interface to measure"))
        self._interface.setItemText(0, self.tr("Interface in use"))

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
