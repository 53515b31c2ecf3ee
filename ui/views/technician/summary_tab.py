"""The first tab of a visit: access, service, contacts of the region, escalation ladder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from fieldtech.domain.clock_view import moment_of_share
from fieldtech.domain.words import Access, IncidentKind, RouterOwner
from ui.views import formats, labels, words
from ui.widgets.label import breakable

if TYPE_CHECKING:
    from fieldtech.domain.facts import Exclusion, Pause
    from fieldtech.domain.reference import Channel, Service, ServiceMonth
    from fieldtech.services.values import CaseDetail
    from ui.views.kit import Kit
    from ui.widgets.button import Button

ICONS = {"phone": "phone", "email": "mail", "whatsapp": "message-circle", "portal": "globe"}


class SummaryTab(QScrollArea):
    """Facts to read and contacts to click; built anew for every change of the case.

    The reader's place and the keyboard's stay while it is the same incident.
    """

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._detail: CaseDetail | None = None
        self.setAccessibleName(self.tr("About the visit"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_case(self, detail: CaseDetail) -> None:
        """Show the case; keeps the place the reader has scrolled to, and the focus."""
        before, self._detail = self._detail, detail
        if before == detail:
            return
        same = before is not None and before.incident.id == detail.incident.id
        place = self.verticalScrollBar().value() if same else 0
        focused = self._focused() if same else None
        body = QWidget()
        layout = labels.column(body, spacing=self._kit.theme.px(6))
        layout.setContentsMargins(0, self._kit.theme.px(8), self._kit.theme.px(10), 0)
        for part in (
            self._access(detail),
            self._service(detail),
            self._stops(detail),
            self._contacts(detail),
            self._ladder(detail),
        ):
            layout.addWidget(part)
        if focused is not None:
            # Taken before the old widgets go: Qt would hand the keyboard to whatever comes next.
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setFocus()
        layout.addStretch(1)
        self.setWidget(body)
        if focused is not None:
            self._focus_again(body, focused)
        # The new body has its height only once it was laid out.
        body.adjustSize()
        self.verticalScrollBar().setValue(place)

    def _focused(self) -> str | None:
        """What the focused widget in here is called, ``None`` when the focus is elsewhere."""
        widget = QApplication.focusWidget()
        inside = widget is not None and widget is not self and self.isAncestorOf(widget)
        return widget.accessibleName() if inside and widget is not None else None

    def _focus_again(self, body: QWidget, name: str) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for widget in body.findChildren(QWidget):
            if name and widget.accessibleName() == name:
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _block(self, title: str) -> tuple[QWidget, QVBoxLayout]:
        block = QWidget()
        layout = labels.column(block, spacing=self._kit.theme.px(3))
        layout.addWidget(labels.heading(self._kit.theme, title))
        return block, layout

    def _access(self, detail: CaseDetail) -> QWidget:
        theme, site, customer = self._kit.theme, detail.site, detail.customer
        block, layout = self._block(self.tr("Site"))
        if detail.incident.description:
            layout.addWidget(labels.text(theme, breakable(detail.incident.description), size=12))
        if site is not None:
            layout.addWidget(labels.text(theme, site.name, bold=True))
            if site.access_notes:
                layout.addWidget(labels.muted(theme, site.access_notes))
        person = (site.contact if site else "") or (customer.contact if customer else "")
        phone = (site.phone if site else "") or (customer.phone if customer else "")
        if person or phone:
            layout.addWidget(self._reach(person or phone, "phone", phone))
        if customer is not None and customer.whatsapp:
            layout.addWidget(self._reach(customer.name, "whatsapp", customer.whatsapp))
        return block

    def _service(self, detail: CaseDetail) -> QWidget:
        theme, service = self._kit.theme, detail.service
        block, layout = self._block(self.tr("Service"))
        if service is None:
            layout.addWidget(labels.muted(theme, self.tr("Not known on this laptop yet.")))
            return block
        layout.addWidget(labels.text(theme, service.name, bold=True))
        layout.addWidget(labels.muted(theme, self._service_facts(service)))
        if detail.month is not None:
            layout.addWidget(self._budget(detail.month))
        for device in detail.equipment:
            facts = " · ".join(x for x in (device.model, device.serial, device.mac) if x)
            layout.addWidget(labels.muted(theme, facts, size=11))
        return block

    def _service_facts(self, service: Service) -> str:
        facts = []
        if service.total_users:
            facts.append(self.tr("%n user(s)", "", service.total_users))
        if service.speed_mbps:
            facts.append(f"{service.speed_mbps} Mb/s")
        if service.router_owner is RouterOwner.OPERATOR:
            facts.append(self.tr("router of the operator"))
        else:
            facts.append(self.tr("router of the customer"))
        own = service.access is Access.OWN
        facts.append(self.tr("own access") if own else self.tr("allied access"))
        return " · ".join(facts)

    def _budget(self, month: ServiceMonth) -> QWidget:
        """The availability of the month, and the minutes that are left of what is promised."""
        allowed = month.active_s * (1 - month.target_share)
        left = round((allowed - month.downtime_s) / 60)
        share = 1 - month.downtime_s / month.active_s if month.active_s else 1.0
        text = self.tr("Availability this month {share}, {minutes} min left")
        if left < 0:
            text = self.tr("Availability this month {share}, exceeded by {minutes} min")
        said = text.format(share=formats.percent(share), minutes=formats.number(abs(left)))
        return labels.text(
            self._kit.theme, said, size=12, colour="red_text" if left < 0 else "muted"
        )

    def _stops(self, detail: CaseDetail) -> QWidget:
        incident = detail.incident
        block, layout = self._block(self.tr("Clock stops and exclusions"))
        if not (incident.pauses or incident.exclusions):
            block.hide()
        for pause in incident.pauses:
            layout.addWidget(labels.muted(self._kit.theme, self._pause(detail, pause)))
        for exclusion in incident.exclusions:
            layout.addWidget(labels.muted(self._kit.theme, self._exclusion(exclusion)))
        return block

    def _pause(self, detail: CaseDetail, pause: Pause) -> str:
        reason = detail.policy.pause_reason(pause.reason)
        name = reason.label(self._kit.language) if reason else pause.reason
        start = formats.day_and_time(pause.start, detail.timezone)
        end = formats.day_and_time(pause.end, detail.timezone) if pause.end else "…"
        return f"{name}: {start} – {end}"

    def _exclusion(self, exclusion: Exclusion) -> str:
        state = {
            "proposed": self.tr("exclusion proposed"),
            "confirmed": self.tr("exclusion confirmed"),
            "refused": self.tr("exclusion refused"),
        }[exclusion.state.value]
        text = f"{words.attribution_text(exclusion.attribution.value)}: {state}"
        return breakable(f"{text} · {exclusion.evidence}" if exclusion.evidence else text)

    def _contacts(self, detail: CaseDetail) -> QWidget:
        block, layout = self._block(self.tr("Contacts of the region"))
        for channel in detail.channels:
            layout.addWidget(self._channel(channel))
            if channel.hours:
                layout.addWidget(labels.muted(self._kit.theme, channel.hours, size=11))
        if not detail.channels:
            layout.addWidget(labels.muted(self._kit.theme, self.tr("None for this region.")))
        return block

    def _channel(self, channel: Channel) -> QWidget:
        name = channel.name or words.channel_text(channel.kind)
        return self._reach(name, channel.kind, channel.address)

    def _ladder(self, detail: CaseDetail) -> QWidget:
        theme, incident = self._kit.theme, detail.incident
        block, layout = self._block(self.tr("Escalation"))
        # Never setVisible(True) here: without a parent yet, that would open a window.
        if incident.kind is IncidentKind.ADMINISTRATIVE:
            block.hide()
        done = {entry.level: entry for entry in incident.escalations}
        for level in detail.policy.escalation:
            moment = moment_of_share(incident.clocks.restoration, level.share)
            entry = done.get(level.level)
            if entry is not None:
                when = self.tr("done {time}").format(
                    time=formats.day_and_time(entry.at, detail.timezone)
                )
            elif moment is not None:
                when = formats.day_and_time(moment, detail.timezone)
            else:
                when = ""
            name = f"{level.level} · {level.label(self._kit.language)}"
            layout.addWidget(labels.text(theme, f"{name} · {when}" if when else name, size=12))
            button = self._reach("", "email", level.mail, spoken=name, letter=self._letter(detail))
            layout.addWidget(button)
        return block

    def _letter(self, detail: CaseDetail) -> tuple[str, str]:
        """Subject and text of an escalation, ready to be sent."""
        incident, site = detail.incident, detail.site
        customer = detail.customer.name if detail.customer else ""
        due = incident.clocks.restoration.due
        when = formats.day_and_time(due, detail.timezone) if due else ""
        lines = [
            incident.title,
            incident.description,
            f"{site.name}, {site.street}, {site.municipality}, {site.state}" if site else "",
            self.tr("Service to be restored by {time}").format(time=when) if when else "",
        ]
        subject = f"{incident.number} · {customer} · {incident.title}"
        return subject, "\n".join(line for line in lines if line)

    def _reach(
        self,
        name: str,
        kind: str,
        address: str,
        *,
        spoken: str = "",
        letter: tuple[str, str] = ("", ""),
    ) -> QWidget:
        """A contact: its name and a button that calls, writes or opens.

        ``spoken`` names it where no name stands beside it; ``letter`` is a mail's subject and text.
        """
        theme = self._kit.theme
        row = QWidget()
        layout = labels.line(row, spacing=theme.px(6))
        button = labels.button(
            theme, address, f"reach.{kind}", kind="ghost", icon=ICONS.get(kind, "phone"), small=True
        )
        button.setAccessibleName(f"{words.channel_text(kind)}: {name or spoken}, {address}")
        button.clicked.connect(lambda: self._open(button, _url(kind, address, letter), address))
        if name:
            layout.addWidget(labels.text(theme, name, size=12), 1)
        layout.addWidget(button)
        if not name:
            layout.addStretch(1)
        return row

    def _open(self, button: Button, url: QUrl, address: str) -> None:
        """Hand the address to the program that calls or writes; without one, copy it."""
        if QDesktopServices.openUrl(url):
            return
        QGuiApplication.clipboard().setText(address)
        button.setText(self.tr("Copied: {address}").format(address=address))
        button.setToolTip(self.tr("No program on this laptop opens it."))


def _url(kind: str, address: str, letter: tuple[str, str]) -> QUrl:
    digits = "".join(c for c in address if c.isdigit())
    if kind == "whatsapp":
        return QUrl(f"https://wa.me/{digits}")
    if kind == "email":
        url = QUrl(f"mailto:{address}")
        if any(letter):
            parts = zip(("subject", "body"), map(_quoted, letter), strict=True)
            url.setQuery("&".join(f"{name}={text}" for name, text in parts))
        return url
    if kind == "portal":
        return QUrl(address)
    plus = "+" if address.strip().startswith("+") else ""
    return QUrl(f"tel:{plus}{digits}")


def _quoted(text: str) -> str:
    # A line of a mail ends with CR LF, RFC 6068 section 5.
    return bytes(QUrl.toPercentEncoding(text.replace("\n", "\r\n")).data()).decode()
