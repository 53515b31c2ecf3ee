"""The head of the visit panel: who, where, how long is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from fieldtech.domain.clock_view import moment_of_share, remaining, state_at
from fieldtech.domain.words import ClockState, IncidentKind
from ui.theme.tokens import Tone
from ui.views import formats, labels, words
from ui.views.clock_views import countdown, leading_clock
from ui.widgets.badge import Badge
from ui.widgets.countdown_label import CountdownLabel
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.label import breakable

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtGui import QResizeEvent

    from fieldtech.domain.clock_view import ClockView
    from fieldtech.services.values import CaseDetail
    from ui.views.kit import Kit

_MARKS = {ClockState.MET: "✓", ClockState.MISSED: "✗", ClockState.BREACHED: "✗"}

AFTER_THE_VISIT = frozenset({"restored", "closed", "pending"})
"""States of the incident that matter more than the visit's own."""


class VisitHeader(QWidget):
    """Badges, customer, fault, address and the large countdown; redrawn from a ``CaseDetail``.

    ``set_compact`` leaves two lines of it for windows of little height.
    """

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        theme = kit.theme
        self._detail: CaseDetail | None = None
        self._severity = Badge(theme)
        self._state = Badge(theme)
        self._extra = Badge(theme)
        self._number = labels.muted(theme, wrap=False)
        self._number.setObjectName("visit.number")
        self._number.allow_copying()
        self._customer = labels.text(theme, size=17, bold=True)
        self._customer.setObjectName("visit.customer")
        self._title = labels.muted(theme)
        self._address = labels.muted(theme)
        self._address.allow_copying()
        self._short = ElidedLabel(theme, size=15, weight=QFont.Weight.DemiBold)
        self._where = ElidedLabel(theme, size=12, colour="muted")
        self._compact = self._crowded = False
        self._countdown = CountdownLabel(theme)
        self._countdown.setObjectName("visit.countdown")
        self._head = labels.line(spacing=theme.px(8))
        self._head.addWidget(self._short, 1)
        badges = labels.line(spacing=theme.px(6))
        for badge in (self._severity, self._state, self._extra):
            badges.addWidget(badge)
        badges.addWidget(self._where, 1)
        badges.addStretch(0)
        badges.addWidget(self._number)
        self._column = labels.column(self, spacing=theme.px(4))
        self._column.addLayout(self._head)
        self._column.addLayout(badges)
        self._extras = labels.line()
        self._extras.addStretch(1)
        self._badges = badges
        self._column.addLayout(self._extras)
        self._column.addWidget(self._customer)
        self._column.addWidget(self._title)
        self._column.addWidget(self._address)
        self._column.addWidget(self._countdown)
        self._arrange()
        kit.ticker.tick.connect(self._tick)

    def set_compact(self, wanted: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """Two lines, or the whole head."""
        if wanted != self._compact:
            self._compact = wanted
            self._arrange()
            self._draw(self._kit.clock.now())

    def lead_with(self, widget: QWidget) -> None:
        """Put ``widget`` before the name in the compact head."""
        if self._head.indexOf(widget) < 0:
            self._head.insertWidget(0, widget)

    def _arrange(self) -> None:
        compact = self._compact
        for label in (self._customer, self._title, self._address):
            label.setVisible(not compact)
        self._short.setVisible(compact)
        # In the full form it is the empty space between the badges and the number.
        self._where.setText("" if not compact else self._place())
        self._countdown.set_compact(compact)
        old, new = (self._column, self._head) if compact else (self._head, self._column)
        self._crowded = self._is_crowded()
        for line in (self._badges, self._extras):
            line.removeWidget(self._extra)
            line.removeWidget(self._number)
        if self._crowded:
            self._extras.insertWidget(0, self._extra)
            self._extras.addWidget(self._number)
        else:
            self._badges.insertWidget(2, self._extra)
            self._badges.addWidget(self._number)
        old.removeWidget(self._countdown)
        new.addWidget(self._countdown)

    def _is_crowded(self) -> bool:
        """Badges and number do not fit beside each other: a cut badge says nothing."""
        line = [self._severity, self._state, self._extra, self._number]
        shown = [part for part in line if not part.isHidden()]
        needed = sum(part.sizeHint().width() + self._kit.theme.px(6) for part in shown)
        return not self._compact and needed > self.width()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_crowded() != self._crowded:
            self._arrange()

    def _place(self) -> str:
        return " · ".join(x for x in (self._title.text(), self._address.text()) if x)

    def show_case(self, detail: CaseDetail) -> None:
        """Show another incident, or the same one as it is now."""
        self._detail = detail
        incident, site = detail.incident, detail.site
        severity = incident.severity.value if incident.severity else ""
        self._severity.show_text(words.severity_text(severity), words.severity_tone(severity))
        state = detail.visit.state.value if detail.visit else incident.state.value
        shown = incident.state.value if incident.state.value in AFTER_THE_VISIT else state
        self._state.show_text(_state_text(shown), words.state_tone(shown))
        self._show_extra(detail)
        self._number.setText(incident.number)
        name = detail.customer.name if detail.customer else incident.customer_id
        self._customer.setText(breakable(name))
        self._short.setText(name)
        self._title.setText(breakable(incident.title))
        self._address.setText(
            f"{site.street}, {site.neighbourhood}, {site.postcode} {site.municipality},"
            f" {site.state}"
            if site
            else ""
        )
        self._countdown.setVisible(incident.kind is not IncidentKind.ADMINISTRATIVE)
        self._arrange()
        self._draw(self._kit.clock.now())

    def _show_extra(self, detail: CaseDetail) -> None:
        self._extra.setVisible(bool(detail.refused or detail.waiting))
        if detail.refused:
            self._extra.show_text(self.tr("Refused by the central"), Tone.DANGER)
        elif detail.waiting:
            self._extra.show_text(self.tr("%n to send", "", detail.waiting), Tone.WARN)

    def _tick(self, now: datetime) -> None:
        if self.isVisible():
            self._draw(now)

    def _draw(self, now: datetime) -> None:
        detail = self._detail
        if detail is None:
            return
        clock, restoring = leading_clock(detail.incident.clocks)
        headline, aim = self._aim(clock, now, restoring=restoring)
        self._countdown.show_clock(
            countdown(clock, now),
            now,
            headline=headline,
            caption=aim,
            detail=self._due(detail, now) if self._compact else self._times(detail, now),
            foot=self._foot(detail, now),
        )

    def _aim(self, clock: ClockView, now: datetime, *, restoring: bool) -> tuple[str, str]:
        """What stands in the place of the figures, if anything, and what they count to."""
        aim = self.tr("to restore") if restoring else self.tr("to acknowledge")
        left = remaining(clock, now)
        state = state_at(clock, now)
        if state in {ClockState.MET, ClockState.MISSED} and left is not None:
            taken = formats.duration(max(0.0, clock.target_s - left))
            headline = self.tr("Restored in {time}").format(time=taken)
            margin = formats.duration(left)
            if state is ClockState.MET:
                return headline, self.tr("margin {time}").format(time=margin)
            return headline, self.tr("late by {time}").format(time=margin)
        if state in {ClockState.PAUSED, ClockState.EXCLUDED, ClockState.NONE}:
            return "", words.clock_text(state.value)
        return "", aim

    def _due(self, detail: CaseDetail, now: datetime) -> str:
        """The deadline alone, for the compact form."""
        clock, _ = leading_clock(detail.incident.clocks)
        if clock.state not in {ClockState.RUNNING, ClockState.BREACHED} or clock.due is None:
            return self._aim(clock, now, restoring=True)[1]
        due = formats.due_text(clock.due, now, detail.timezone)
        return self.tr("Due {time}").format(time=due)

    def _times(self, detail: CaseDetail, now: datetime) -> str:
        incident, zone = detail.incident, detail.timezone
        reported = formats.due_text(incident.reported_at, now, zone)
        clock, restoring = leading_clock(incident.clocks)
        if incident.restoration is not None:
            restored = formats.due_text(incident.restoration.at, now, zone)
            restored += formats.plus_minus(incident.restoration.uncertainty_s)
            return self.tr("Restored {time} · report {reported}").format(
                time=restored, reported=reported
            )
        if clock.due is None:
            return self.tr("Report {reported}").format(reported=reported)
        due = formats.due_text(clock.due, now, zone)
        if not restoring:
            return self.tr("Acknowledge by {time} · report {reported}").format(
                time=due, reported=reported
            )
        return self.tr("Due {time} · report {reported}").format(time=due, reported=reported)

    def _foot(self, detail: CaseDetail, now: datetime) -> str:
        parts = []
        incident = detail.incident
        if incident.acknowledged_at is not None:
            taken = (incident.acknowledged_at - incident.notified_at).total_seconds()
            said = self.tr("Acknowledged after {time}").format(time=formats.duration(taken))
            mark = _MARKS.get(incident.clocks.response.state, "")
            parts.append(f"{said} {mark}".strip())
        clock = incident.clocks.restoration
        for level in detail.policy.escalation:
            moment = moment_of_share(clock, level.share)
            if moment is not None and moment > now:
                left = formats.duration((moment - now).total_seconds())
                parts.append(
                    self.tr("Escalates to {role} in {time}").format(
                        role=level.label(self._kit.language), time=left
                    )
                )
                break
        return " · ".join(parts)


def _state_text(code: str) -> str:
    if code in AFTER_THE_VISIT:
        return words.incident_state_text(code)
    known = words.visit_state_text(code)
    return known if known != code else words.incident_state_text(code)
