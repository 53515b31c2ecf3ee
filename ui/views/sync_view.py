"""Synchronisation: what waits, what was refused and why, and the ways out of a refusal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QScrollArea, QWidget
from typing_extensions import override

from fieldtech.services.values import Refused
from ui.theme.tokens import Tone
from ui.views import formats, labels, words
from ui.views.problems import problem_text
from ui.views.refusals import refusal_text
from ui.views.sync_line import contact_text, line
from ui.widgets.badge import Badge
from ui.widgets.card import Card
from ui.widgets.confirm import InlineConfirm, Question
from ui.widgets.empty_state import EmptyState
from ui.widgets.growing_column import GrowingColumn
from ui.widgets.section import SectionHeading

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from fieldtech.services.values import Changed, OutboxRow, SyncStatus
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit
    from ui.widgets.label import Label

WIDTH = 760
PAGE = 40
"""Cards at first, and again with every wish for more: Qt lays all of them out for each change."""
REFUSED = {"rejected", "quarantined"}


class _Heading(NamedTuple):
    """Stands above its group of cards."""

    title: str
    size: int


class SyncView(QScrollArea):
    """Cards for the state, the refused work first, then what waits. Nothing here is modal."""

    def __init__(
        self, kit: Kit, timezone: str = formats.FALLBACK_ZONE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._timezone = timezone
        self.setObjectName("sync")
        self.setAccessibleName(self.tr("Synchronisation"))
        self._kit = kit
        self.setWidgetResizable(True)
        body = QWidget()
        layout = labels.column(body, spacing=kit.theme.px(10), margin=kit.theme.px(20))
        self._state = Card(kit.theme)
        self._state.setMaximumWidth(kit.theme.px(WIDTH))
        self._line = labels.text(kit.theme, size=17, bold=True)
        self._line.setObjectName("sync.line")
        self._contact = labels.muted(kit.theme)
        self._key = labels.muted(kit.theme)
        self._key.setObjectName("sync.key")
        self._problem = labels.text(kit.theme, size=12, colour="amber_text")
        self._problem.setObjectName("sync.problem")
        for label in (self._line, self._problem, self._contact, self._key):
            self._state.body.addWidget(label)
        self._rows: GrowingColumn[_Heading | OutboxRow] = GrowingColumn(
            self._row, spacing=kit.theme.px(8)
        )
        self._outbox: tuple[OutboxRow, ...] = ()
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
        layout.addWidget(self._state)
        layout.addWidget(self._rows)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._nothing)
        layout.addStretch(1)
        self.setWidget(body)
        kit.announcer.changed.connect(self._changed)

    def show_status(self, status: SyncStatus) -> None:
        """Redraw the card at the top."""
        text, _, _ = line(status)
        self._line.setText(text)
        self._contact.setText(contact_text(status, self._kit.clock.now(), self._timezone))
        self._problem.setText(problem_text(status.problem, status.problem_text))
        self._problem.setVisible(bool(status.problem))
        self._key.setText(self._key_text(status))

    def _key_text(self, status: SyncStatus) -> str:
        where = {
            "keyring": self.tr("The key of this laptop's data is in the system's keyring."),
            "file": self.tr("Without a keyring, the key of this laptop's data is in {place}.")
            + " "
            + self.tr("Where a keyring works now: fieldtech keys --to-keyring"),
        }.get(status.key_kind, "")
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
        self._kit.ask(lambda desk: desk.sync.outbox(), self._show, owner=self, key="sync.outbox")

    def _show_more(self) -> None:
        self._limit += PAGE
        self._show(self._outbox)

    def _show(self, rows: tuple[OutboxRow, ...]) -> None:
        self._outbox = rows
        refused = [row for row in rows if row.state in REFUSED]
        waiting = [row for row in rows if row.state in {"waiting", "parked"}]
        self._nothing.setVisible(not rows)
        items: list[_Heading | OutboxRow] = []
        for title, group in (
            (self.tr("Refused by the central"), refused),
            (self.tr("Waiting to be sent"), waiting),
        ):
            if group:
                items += [_Heading(title, len(group)), *group]
        self._rows.set_items(items[: self._limit])
        left = sum(not isinstance(item, _Heading) for item in items[self._limit :])
        self._more.setText(self.tr("Show %n more", "", left))
        self._more.setVisible(left > 0)

    def _row(self, item: _Heading | OutboxRow) -> QWidget:
        if isinstance(item, _Heading):
            return SectionHeading(self._kit.theme, item.title, str(item.size))
        return self._card(item)

    def _card(self, row: OutboxRow) -> QWidget:
        theme = self._kit.theme
        card = Card(theme)
        card.setMaximumWidth(theme.px(WIDTH))
        head = labels.line(spacing=theme.px(8))
        title = labels.text(theme, words.command_text(row.cmd), bold=True)
        title.setObjectName(f"sync.row.{row.n}")
        head.addWidget(title, 1)
        refused = row.state in REFUSED
        state = self.tr("Refused") if refused else self.tr("Waiting")
        head.addWidget(Badge(theme, state, Tone.DANGER if refused else Tone.WARN))
        card.body.addLayout(head)
        when = formats.day_and_time(row.made_at, row.timezone or self._timezone)
        card.body.addWidget(labels.muted(theme, f"{row.number} · {row.text} · {when}"))
        if refused:
            self._add_refusal(card, row)
        return card

    def _add_refusal(self, card: Card, row: OutboxRow) -> None:
        theme = self._kit.theme
        why = labels.text(theme, refusal_text(row.code, row.detail), size=12, colour="red_text")
        card.body.addWidget(why)
        sides = labels.line(spacing=theme.px(16))
        for title, text in ((self.tr("Yours"), row.mine), (self.tr("In force"), row.theirs)):
            if text:
                side = labels.column(spacing=theme.px(2))
                side.addWidget(labels.text(theme, title, size=11, bold=True, colour="muted"))
                side.addWidget(labels.text(theme, text, size=12))
                sides.addLayout(side, 1)
        card.body.addLayout(sides)
        buttons = labels.line(spacing=theme.px(8))
        problem = labels.text(theme, size=12, colour="red_text")
        problem.hide()
        for decision, label in (
            ("reissue", self.tr("Send again")),
            ("note", self.tr("Turn into a note")),
            ("export", self.tr("Export")),
            ("dismiss", self.tr("Give up")),
        ):
            button = labels.button(theme, label, f"sync.{decision}.{row.n}", small=True)
            button.clicked.connect(partial(self._choose, card, row, decision, problem))
            buttons.addWidget(button)
        buttons.addStretch(1)
        card.body.addWidget(problem)
        card.body.addLayout(buttons)

    def _choose(self, card: Card, row: OutboxRow, how: str, problem: Label) -> None:
        if how == "export":
            self._export(row)
        elif how == "dismiss":
            self._ask_to_give_up(card, row, problem)
        else:
            self._decide(row, how, problem)

    def _ask_to_give_up(self, card: Card, row: OutboxRow, problem: Label) -> None:
        """What is given up is gone for good, so one slip of the mouse must not do it."""
        confirm = card.findChild(InlineConfirm)
        if confirm is None:
            confirm = InlineConfirm(self._kit.theme)
            confirm.setObjectName(f"sync.confirm.{row.n}")
            confirm.confirmed.connect(lambda _key, _reason: self._decide(row, "dismiss", problem))
            card.body.addWidget(confirm)
        what = words.command_text(row.cmd)
        confirm.ask(
            Question(
                row.op_id,
                self.tr("Give up this work?"),
                self.tr(
                    "“{what}” is deleted from this laptop for good. To keep what it says, turn it"
                    " into a note or export it."
                ).format(what=what),
                confirm=self.tr("Give up"),
                danger=True,
            )
        )

    def _decide(self, row: OutboxRow, how: str, problem: Label) -> None:
        heading = words.command_text(row.cmd)

        def answer(result: Changed | Refused) -> None:
            if isinstance(result, Refused):
                problem.setText(refusal_text(result.code, result.detail))
                problem.show()
            else:
                self._kit.announce(result)

        self._kit.ask(lambda desk: desk.sync.decide(row.op_id, how, heading), answer, owner=self)

    def _export(self, row: OutboxRow) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export"), f"fieldtech-{row.number}-{row.n}.json", "JSON (*.json)"
        )
        if path:
            self._kit.ask(
                lambda desk: desk.sync.export(row.op_id, path),
                self._kit.announce,
                owner=self,
            )
