"""My IP: the addresses of this machine, with the Internet up or down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget
from typing_extensions import override

from fieldtech.domain.probe_targets import ProbeTargets
from fieldtech.services.machine import Outside, look_outside, read_machine_network
from ui.tasks.ticket import Ticket
from ui.theme.tokens import Tone
from ui.views import labels
from ui.views.technician.measure_words import reason_text
from ui.widgets.badge import Badge
from ui.widgets.card import Card
from ui.widgets.section import SectionHeading

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from fieldtech.services.machine import InterfaceFacts, MachineNetwork
    from ui.views.kit import Kit
    from ui.widgets.button import Button
    from ui.widgets.label import Label

WIDTH = 640


class NetworkView(QScrollArea):
    """Read anew each time it is shown; the copy button takes everything along as text."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network")
        self.setAccessibleName(self.tr("My IP"))
        self._kit = kit
        self._text = ""
        self._network: MachineNetwork | None = None
        self._outside: Outside | None = None
        self._ticket = Ticket()
        # Those of before may still be there, and have the same names, until they are deleted.
        self._facts: dict[str, Label] = {}
        self._again: Button | None = None
        self._follows = False
        self.setWidgetResizable(True)
        self._body = QWidget()
        self._layout = labels.column(self._body, spacing=kit.theme.px(10), margin=kit.theme.px(20))
        self.setWidget(self._body)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        # Nobody looks any more, and there are few threads that ask the network.
        self._ticket.cancel()
        super().hideEvent(event)

    def read(self) -> None:
        """Ask the system; it may have to start a command, so not on this thread."""
        self._ticket.cancel()
        ticket = self._ticket = Ticket()
        self._outside = None
        self._tell_outside()
        self._kit.runner.run_net(read_machine_network, self._show, key="network", owner=self)

        def failed(error: BaseException) -> None:
            # The radio can be asked without the store, whose failure the window tells.
            self._kit.give_up(error, lambda: self._ask_outside(ticket, ProbeTargets()))

        self._kit.ask(
            lambda desk: desk.measuring.targets(),
            lambda targets: self._ask_outside(ticket, targets),
            owner=self,
            key="outside",
            failed=failed,
        )

    def _ask_outside(self, ticket: Ticket, targets: ProbeTargets) -> None:
        """Ask others, which may take seconds with the Internet down: what is known is there."""
        if ticket.cancelled:
            return
        clock, flag = self._kit.clock, ticket.flag
        self._kit.runner.run_net(
            lambda: look_outside(targets, clock, flag),
            self._show_outside,
            lambda _error: self._show_outside(Outside()),
            key="outside",
            owner=self,
            ticket=ticket,
        )

    def _show_outside(self, outside: Outside) -> None:
        """Fill in what came later; nothing else moves, and the keyboard stays where it is."""
        self._outside = outside
        if self._network is not None:
            self._text = as_text(self._network, outside)
        self._tell_outside()

    def _tell_outside(self) -> None:
        for name, value in self._told_outside():
            if name in self._facts:
                self._facts[name].setText(value)
        self._allow_again()

    def _allow_again(self) -> None:
        """Let it be read again once everybody has answered; the keyboard finds its way back."""
        again, allowed = self._again, self._outside is not None
        if again is None:
            return
        if not allowed and again.hasFocus():
            self._follows = True
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        again.setEnabled(allowed)
        if allowed and self._follows:
            self._follows = False
            if self.hasFocus():
                again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _told_outside(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The two facts that take their time, with what is said while they are not there."""
        outside = self._outside
        if outside is None:
            public = radio = self.tr("asking…")
        else:
            silent = self.tr("no reply") if outside.asked else self.tr("nobody to ask")
            public = outside.public_ip or silent
            known = (outside.wifi, reason_text(outside.wifi_reason))
            radio = " · ".join(part for part in known if part) or self.tr("none")
        return ("network.public_ip", public), ("network.wifi", radio)

    def _show(self, network: MachineNetwork) -> None:
        theme = self._kit.theme
        held = self._again is not None and self._again.hasFocus()
        labels.clear(self._layout)
        self._network = network
        self._text = as_text(network, self._outside)
        (_, public), (_, radio) = self._told_outside()
        main = Card(theme)
        main.setMaximumWidth(theme.px(WIDTH))
        for title, value, name in (
            (self.tr("Private IP"), network.private_ip, "network.private_ip"),
            (self.tr("Public IP"), public, "network.public_ip"),
            (self.tr("Gateway"), network.gateway, "network.gateway"),
            (self.tr("DNS"), ", ".join(network.dns), "network.dns"),
            (self.tr("Interface"), network.interface, "network.interface"),
            (self.tr("WiFi"), radio, "network.wifi"),
        ):
            main.body.addLayout(self._fact(title, value, name))
        buttons = labels.line(spacing=theme.px(8))
        copy = labels.button(theme, self.tr("Copy"), "network.copy", icon="copy", small=True)
        again = labels.button(
            theme, self.tr("Read again"), "network.again", icon="refresh-cw", small=True
        )
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        again.clicked.connect(self.read)
        again.setEnabled(self._outside is not None)
        self._again = again
        buttons.addWidget(copy)
        buttons.addWidget(again)
        buttons.addStretch(1)
        main.body.addLayout(buttons)
        self._layout.addWidget(main)
        self._layout.addWidget(SectionHeading(theme, self.tr("Interfaces")))
        for facts in network.interfaces:
            self._layout.addWidget(self._interface(facts))
        self._layout.addStretch(1)
        if held:
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fact(self, title: str, value: str, name: str) -> QHBoxLayout:
        theme = self._kit.theme
        row = labels.line(spacing=theme.px(12))
        caption = labels.muted(theme, title, size=13, wrap=False)
        caption.setFixedWidth(theme.px(130))
        shown = labels.text(theme, value or self.tr("none"), size=15, bold=True)
        shown.setObjectName(name)
        shown.allow_copying()
        self._facts[name] = shown
        row.addWidget(caption)
        row.addWidget(shown, 1)
        return row

    def _interface(self, facts: InterfaceFacts) -> QWidget:
        theme = self._kit.theme
        card = Card(theme)
        card.setMaximumWidth(theme.px(WIDTH))
        head = labels.line(spacing=theme.px(8))
        head.addWidget(labels.text(theme, facts.name, bold=True, wrap=False))
        state = self.tr("up") if facts.up else self.tr("down")
        head.addWidget(Badge(theme, state, Tone.OK if facts.up else Tone.NEUTRAL))
        head.addStretch(1)
        card.body.addLayout(head)
        speed = f"{facts.speed_mbps} Mb/s {facts.duplex}".strip() if facts.speed_mbps else ""
        parts = [*facts.ipv4, *facts.ipv6, facts.mac, speed, f"MTU {facts.mtu}"]
        line = labels.muted(theme, " · ".join(part for part in parts if part))
        line.allow_copying()
        card.body.addWidget(line)
        return card


def as_text(network: MachineNetwork, outside: Outside | None = None) -> str:
    """The facts as lines to paste into a message."""
    lines = [
        f"IP {network.private_ip}",
        *([f"WAN {outside.public_ip}"] if outside and outside.public_ip else []),
        *([f"WiFi {outside.wifi}"] if outside and outside.wifi else []),
        f"GW {network.gateway}",
        f"DNS {', '.join(network.dns)}",
        f"IF {network.interface}",
    ]
    lines += [
        f"{f.name}: {', '.join((*f.ipv4, *f.ipv6)) or '-'} {f.mac} MTU {f.mtu}"
        for f in network.interfaces
    ]
    return "\n".join(lines)
