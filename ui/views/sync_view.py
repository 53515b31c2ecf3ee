"""Synchronisation: what waits, what was refused and why, and the ways out of a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget
from typing_extensions import override

from ui.views import formats, labels
from ui.views.black_box_card import BlackBoxCard
from ui.views.files_card import FilesCard
from ui.views.network_lights import NetworkLights
from ui.views.outbox_card import ACCEPTED, REFUSED, OutboxCard
from ui.views.problems import problem_text
from ui.views.sync_line import clock_text, contact_text, lease_text, line
from ui.views.sync_run import SyncRun
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.growing_column import GrowingColumn
from ui.widgets.section import SectionHeading

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from fieldtech.services.values import OutboxRow, SyncStatus
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit

WIDTH = 860
SIDE = 420
PAGE = 40
"""Cards at first, and again with every wish for more: Qt lays all of them out for each change."""
MOST_ACCEPTED = 20
"""Enough to see that the work of this visit has arrived."""


class _Heading(NamedTuple):
    """Stands above its group of cards."""

    title: str
    size: int


class SyncView(QScrollArea):
    """Cards for the state, the refused work first, then what waits. Nothing here is modal.

    ``interface_chosen`` carries the network interface to synchronise through from now on;
    ``stop_wanted`` and ``sync_wanted`` are the button's.
    """

    interface_chosen = Signal(str)
    stop_wanted = Signal()
    sync_wanted = Signal()

    def __init__(
        self, kit: Kit, timezone: str = formats.FALLBACK_ZONE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._timezone = timezone
        self.setObjectName("sync")
        self.setAccessibleName(self.tr("Synchronisation"))
        self._kit = kit
        self.setWidgetResizable(True)
        page, body = QWidget(), QWidget()
        # All of it and not each card: how high a text is that wraps goes by what holds the cards.
        body.setMaximumWidth(kit.theme.px(WIDTH))
        layout = labels.column(body, spacing=kit.theme.px(10), margin=kit.theme.px(20))
        self._state = self._make_state()
        self._rows: GrowingColumn[_Heading | OutboxRow] = GrowingColumn(
            self._row, spacing=kit.theme.px(8)
        )
        self._outbox: tuple[OutboxRow, ...] = ()
        self._work_kept, self._files_kept = False, 0
        self._limit = PAGE
        self._more = labels.button(kit.theme, "", "sync.more", small=True)
        self._more.hide()
        self._more.clicked.connect(self._show_more)
        self._nothing = EmptyState(kit.theme)
        self._nothing.show_message(
            "cloud-check",
            self.tr("Nothing waits"),
            self.tr("All your work is at the central."),
        )
        self._box = BlackBoxCard(kit, timezone)
        self._files = FilesCard(kit)
        lights = NetworkLights(kit, timezone)
        lights.chosen.connect(self.interface_chosen)
        self._side = QWidget()
        beside = labels.column(self._side, spacing=kit.theme.px(10), margin=kit.theme.px(20))
        beside.addWidget(lights)
        beside.addWidget(self._box)
        beside.addStretch(1)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(0)
        self._across.addWidget(body, 2)
        self._across.addWidget(self._side, 1)
        layout.addWidget(self._state)
        layout.addWidget(self._files)
        layout.addWidget(self._rows)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._nothing)
        layout.addStretch(1)
        self.setWidget(page)
        kit.announcer.changed.connect(self._changed)

    def _make_state(self) -> Card:
        theme = self._kit.theme
        self._line = labels.text(theme, size=17, bold=True)
        self._problem = labels.text(theme, size=12, colour="amber_text")
        self._contact, self._lease = labels.muted(theme), labels.muted(theme)
        self._clock, self._key = labels.muted(theme), labels.muted(theme)
        card = Card(theme)
        for label, name in (
            (self._line, "line"),
            (self._problem, "problem"),
            (self._contact, "contact"),
            (self._lease, "lease"),
            (self._clock, "clock"),
            (self._key, "key"),
        ):
            label.setObjectName(f"sync.{name}")
            card.body.addWidget(label)
        self._run = SyncRun(theme)
        self._run.stop_wanted.connect(self.stop_wanted)
        self._run.sync_wanted.connect(self.sync_wanted)
        card.body.insertWidget(1, self._run)
        return card

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is seldom looked at stands beside the work where there is room, else below it."""
        px = self._kit.theme.px
        wide = event.size().width() >= px(WIDTH + SIDE)
        directions = QBoxLayout.Direction
        self._across.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._side.setMaximumWidth(px(SIDE if wide else WIDTH))
        super().resizeEvent(event)

    def show_status(self, status: SyncStatus) -> None:
        """Redraw the card at the top."""
        self._files_kept = status.files_kept
        self._show_nothing()
        text, _, _ = line(status)
        self._line.setText(text)
        self._contact.setText(contact_text(status, self._kit.clock.now(), self._timezone))
        self._problem.setText(problem_text(status.problem, status.problem_text))
        self._problem.setVisible(bool(status.problem) and not status.running)
        self._run.show_run(status.progress)
        told = clock_text(status)
        self._clock.setText(told)
        self._clock.setVisible(bool(told))
        self._key.setText(self._key_text(status))
        lease = lease_text(status, self._timezone)
        self._lease.setText(lease)
        self._lease.setVisible(bool(lease))

    def _key_text(self, status: SyncStatus) -> str:
        where = {
            "keyring": self.tr("The key of this laptop's data is in the system's keyring."),
            "file": self.tr("Without a keyring, the key of this laptop's data is in {place}.")
            + " "
            + self.tr("Where a keyring works now: fieldtech keys --to-keyring"),
        }.get(status.key_kind, "")
        if status.key_locked:
            where += "\n" + self.tr("A PIN or passphrase stands before it.")
        elif status.key_kind == "file":
            where += "\n" + self.tr("Put a passphrase before it: see the settings.")
        central = f"{status.central_url}\n" if status.central_url else ""
        return central + where.format(place=status.key_place)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load()

    def _changed(self, changes: Changes) -> None:
        if (changes.outbox or changes.sync) and self.isVisible():
            self._load()

    def _load(self) -> None:
        self._box.refresh()
        self._files.refresh()
        language = self._kit.language
        self._kit.ask(
            lambda desk: desk.sync.outbox(language, accepted=MOST_ACCEPTED),
            self._show,
            owner=self,
            key="sync.outbox",
        )

    def _show_more(self) -> None:
        self._limit += PAGE
        self._show(self._outbox)

    def _show(self, rows: tuple[OutboxRow, ...]) -> None:
        self._outbox = rows
        refused = [row for row in rows if row.state in REFUSED]
        accepted = [row for row in rows if row.state == ACCEPTED]
        waiting = [row for row in rows if row.state in {"waiting", "parked"}]
        self._work_kept = bool(refused or waiting)
        self._show_nothing()
        items: list[_Heading | OutboxRow] = []
        for title, group in (
            (self.tr("Refused by the central"), refused),
            (self.tr("Waiting to be sent"), waiting),
            (self.tr("Accepted by the central last"), accepted),
        ):
            if group:
                items += [_Heading(title, len(group)), *group]
        self._rows.set_items(items[: self._limit])
        left = sum(not isinstance(item, _Heading) for item in items[self._limit :])
        self._more.setText(self.tr("Show %n more", "", left))
        self._more.setVisible(left > 0)

    def _show_nothing(self) -> None:
        self._nothing.setVisible(not self._work_kept and not self._files_kept)

    def _row(self, item: _Heading | OutboxRow) -> QWidget:
        if isinstance(item, _Heading):
            return SectionHeading(self._kit.theme, item.title, str(item.size))
        return OutboxCard(self._kit, item, self._timezone)
