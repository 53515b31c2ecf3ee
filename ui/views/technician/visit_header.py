"""The head of the visit panel: who, where, how long is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from fieldtech.domain.clock_view import moment_of_share
from fieldtech.domain.words import ClockState
from ui.theme.tokens import Tone
from ui.views import formats, labels, words
from ui.views.clock_views import countdown, leading_clock
from ui.widgets.badge import Badge
from ui.widgets.countdown_label import CountdownLabel

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.services.values import CaseDetail
    from ui.views.kit import Kit

AFTER_THE_VISIT = frozenset({"restored", "closed", "pending"})
"""States of the incident that matter more than the visit's own."""


class VisitHeader(QWidget):
    """Badges, customer, fault, address and the large countdown; redrawn from a ``CaseDetail``."""

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
        self._countdown = CountdownLabel(theme)
        self._countdown.setObjectName("visit.countdown")
        badges = labels.line(spacing=theme.px(6))
        for badge in (self._severity, self._state, self._extra):
            badges.addWidget(badge)
        badges.addStretch(1)
        badges.addWidget(self._number)
        layout = labels.column(self, spacing=theme.px(4))
        layout.addLayout(badges)
        layout.addWidget(self._customer)
        layout.addWidget(self._title)
        layout.addWidget(self._address)
        layout.addSpacing(theme.px(4))
        layout.addWidget(self._countdown)
        kit.ticker.tick.connect(self._tick)

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
        self._customer.setText(detail.customer.name if detail.customer else incident.customer_id)
        self._title.setText(incident.title)
        self._address.setText(
            f"{site.street}, {site.neighbourhood}, {site.postcode} {site.municipality},"
            f" {site.state}"
            if site
            else ""
        )
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
        incident = detail.incident
        clock, strict = leading_clock(incident.clocks)
        aim = self.tr("to restore") if strict else self.tr("to acknowledge")
        self._countdown.show_clock(
            countdown(clock, now, strict=strict),
            now,
            caption=aim,
            detail=self._times(detail, now),
            foot=self._foot(detail, now),
        )

    def _times(self, detail: CaseDetail, now: datetime) -> str:
        incident, zone = detail.incident, detail.timezone
        reported = formats.due_text(incident.reported_at, now, zone)
        clock = incident.clocks.restoration
        if incident.restoration is not None:
            restored = formats.due_text(incident.restoration.at, now, zone)
            return self.tr("Restored {time} · report {reported}").format(
                time=restored, reported=reported
            )
        if clock.due is None:
            return self.tr("Report {reported}").format(reported=reported)
        due = formats.due_text(clock.due, now, zone)
        return self.tr("Due {time} · report {reported}").format(time=due, reported=reported)

    def _foot(self, detail: CaseDetail, now: datetime) -> str:
        parts = []
        incident = detail.incident
        if incident.acknowledged_at is not None:
            taken = (incident.acknowledged_at - incident.notified_at).total_seconds()
            mark = "✓" if incident.clocks.response.state is ClockState.MET else "✗"
            parts.append(
                self.tr("Acknowledged after {time}").format(time=formats.duration(taken))
                + f" {mark}"
            )
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
