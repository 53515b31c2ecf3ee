"""Two networks, two lights: one's own way to the central, and the customer's network."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout
from typing_extensions import override

from fieldtech.services.network_values import Reach
from ui.theme.tokens import Tone
from ui.views import formats, labels
from ui.widgets.badge import Badge
from ui.widgets.card import Card
from ui.widgets.form import FormField

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

    from fieldtech.services.desk import Desk
    from fieldtech.services.network_values import InterfaceChoice, Light, Networks
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit


class NetworkLights(Card):
    """Read anew when shown and after each synchronisation; ``chosen`` carries an interface's name.

    Empty is the system's choice. Whoever hears of a choice keeps it in the settings: the next
    synchronisation goes that way.
    """

    chosen = Signal(str)

    def __init__(
        self, kit: Kit, timezone: str = formats.FALLBACK_ZONE, parent: QWidget | None = None
    ) -> None:
        super().__init__(kit.theme, parent=parent)
        self._kit, self._timezone = kit, timezone
        theme = kit.theme
        self.body.addWidget(labels.text(theme, self.tr("Networks"), bold=True))
        self._mine, self._mine_where = Badge(theme), labels.muted(theme)
        self._customer, self._customer_where = Badge(theme), labels.muted(theme)
        for name, badge, where in (
            ("mine", self._mine, self._mine_where),
            ("customer", self._customer, self._customer_where),
        ):
            badge.setObjectName(f"lights.{name}")
            where.setObjectName(f"lights.{name}.where")
        self.body.addLayout(self._row(self.tr("My connection"), self._mine, self._mine_where))
        self.body.addLayout(
            self._row(self.tr("Customer's network"), self._customer, self._customer_where)
        )
        self._box = QComboBox()
        self._box.setObjectName("lights.interface")
        self._field = FormField(theme, self.tr("Synchronise through"), self._box)
        self._default = labels.button(
            theme, self.tr("Let the system choose"), "lights.default", small=True
        )
        self._default.hide()
        self.body.addWidget(self._field)
        self.body.addWidget(self._default, 0, Qt.AlignmentFlag.AlignLeft)
        self._box.activated.connect(lambda: self.chosen.emit(str(self._box.currentData())))
        self._default.clicked.connect(lambda: self.chosen.emit(""))
        kit.announcer.changed.connect(self._changed)

    def refresh(self) -> None:
        """Ask the system; it may have to start a command, so not on this thread."""
        # The worker holds no widget: whoever lets go of one last must be the windows' thread.
        self._kit.runner.run_net(
            partial(_read, self._kit.desk), self._show, key="lights", owner=self
        )

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _changed(self, changes: Changes) -> None:
        if changes.sync and self.isVisible():
            self.refresh()

    def _row(self, title: str, badge: Badge, where: QWidget) -> QHBoxLayout:
        row = labels.line(spacing=self._kit.theme.px(10))
        caption = labels.text(self._kit.theme, title, wrap=False)
        caption.setMinimumWidth(self._kit.theme.px(130))
        row.addWidget(caption)
        row.addWidget(badge)
        row.addWidget(where, 1)
        return row

    def _show(self, networks: Networks) -> None:
        self._mine.show_text(*self._mine_says(networks))
        self._mine_where.setText(self._where(networks.mine))
        self._customer.show_text(*self._customer_says(networks.customer))
        self._customer_where.setText(self._where(networks.customer))
        self._fill(networks)
        self._default.setVisible(networks.gone)
        if networks.gone:
            self._field.set_problem(
                self.tr("It is not connected: nothing is sent. Your work is kept.")
            )
            return
        self._field.set_problem("")
        hint = self.tr("For a hotspot beside the customer's network: choose yours here.")
        if networks.loose:
            hint = self.tr(
                "This system ties the connection to the address only: its routes may still lead"
                " it through the other network."
            )
        self._field.set_label(self.tr("Synchronise through"), hint)

    def _mine_says(self, networks: Networks) -> tuple[str, Tone, str]:
        if networks.gone:
            return self.tr("Not connected"), Tone.DANGER, "unplug"
        return {
            Reach.REACHABLE: (self.tr("Central reached"), Tone.OK, "cloud-check"),
            Reach.UNREACHABLE: (self.tr("Central not reached"), Tone.WARN, "cloud-off"),
            Reach.UNKNOWN: (self.tr("Not tried yet"), Tone.NEUTRAL, "cloud"),
        }[networks.mine.reach]

    def _customer_says(self, light: Light) -> tuple[str, Tone, str]:
        return {
            Reach.REACHABLE: (self.tr("Link and address"), Tone.OK, "cable"),
            Reach.UNREACHABLE: (self.tr("No link or no address"), Tone.WARN, "cable"),
            Reach.UNKNOWN: (self.tr("No second network"), Tone.NEUTRAL, "cable"),
        }[light.reach]

    def _where(self, light: Light) -> str:
        when = ""
        if light.checked_at is not None:
            when = formats.clock_time(light.checked_at, self._timezone)
        return " · ".join(part for part in (light.interface, when) if part)

    def _fill(self, networks: Networks) -> None:
        self._box.clear()
        self._box.addItem(self.tr("The system's choice"), "")
        for choice in networks.choices:
            self._box.addItem(self._choice_text(choice), choice.name)
        if self._box.findData(networks.chosen) < 0:
            self._box.addItem(self._gone_text(networks.chosen), networks.chosen)
        self._box.setCurrentIndex(self._box.findData(networks.chosen))

    def _choice_text(self, choice: InterfaceChoice) -> str:
        if not choice.usable:
            return self._gone_text(choice.name)
        return f"{choice.name} · {choice.address}"

    def _gone_text(self, name: str) -> str:
        return self.tr("{name} (not connected)").replace("{name}", name)


def _read(desk: Callable[[], Desk]) -> Networks:
    return desk().networks.status()
