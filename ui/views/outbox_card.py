"""One command of this laptop on the sync screen: how it stands, and the ways out of a refusal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fieldtech.services.values import Refused
from ui.theme.tokens import Tone
from ui.views import formats, labels, words
from ui.views.file_dialogs import ask_save
from ui.views.refusals import refusal_text
from ui.views.sides_table import add_sides, summary
from ui.widgets.badge import Badge
from ui.widgets.card import Card
from ui.widgets.confirm import InlineConfirm, Question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fieldtech.services.values import Changed, OutboxRow
    from ui.views.kit import Kit

HELD = "quarantined"
REFUSED = frozenset({"rejected", HELD})
ACCEPTED = "applied"


class OutboxCard(Card):
    """Shows ``row``; a refused one offers to send it again, keep it as a note, or export it."""

    def __init__(
        self, kit: Kit, row: OutboxRow, timezone: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(kit.theme, parent=parent)
        self._kit, self._row = kit, row
        self._zone = row.timezone or timezone
        self._problem = labels.text(kit.theme, size=12, colour="red_text")
        self._problem.hide()
        self._confirm: InlineConfirm | None = None
        self._add_head()
        if row.state in REFUSED:
            self._add_refusal()

    def _add_head(self) -> None:
        theme, row = self._kit.theme, self._row
        head = labels.line(spacing=theme.px(8))
        title = labels.text(theme, words.command_text(row.cmd), bold=True)
        kind = "done" if row.state == ACCEPTED else "row"
        title.setObjectName(f"sync.{kind}.{row.n}")
        head.addWidget(title, 1)
        text, tone, icon = self._state()
        badge = Badge(theme, text, tone, icon)
        badge.setObjectName(f"sync.state.{row.n}")
        head.addWidget(badge)
        self.body.addLayout(head)
        when = formats.day_and_time(row.made_at, self._zone)
        about = " · ".join(part for part in (row.number, row.text, when) if part)
        self.body.addWidget(labels.muted(theme, about))
        said = summary(row.sides, self._zone)
        if said and row.state not in REFUSED:
            self.body.addWidget(labels.text(theme, said, size=12))
        if row.state == "parked":
            why = self.tr("An earlier step of this incident is held at the central; this one waits")
            self.body.addWidget(labels.muted(theme, why))

    def _state(self) -> tuple[str, Tone, str]:
        """How the command stands, in words, tint and shape."""
        row = self._row
        if row.state == ACCEPTED and row.settled_at is not None:
            at = formats.clock_time(row.settled_at, self._zone)
            return self.tr("Accepted {time}").replace("{time}", at), Tone.OK, "circle-check"
        return {
            "rejected": (self.tr("Refused"), Tone.DANGER, "cloud-alert"),
            HELD: (self.tr("Held at the central"), Tone.DANGER, "cloud-alert"),
            "parked": (self.tr("Behind another step"), Tone.WARN, "circle-pause"),
        }.get(row.state, (self.tr("Waiting"), Tone.WARN, "cloud-upload"))

    def _add_refusal(self) -> None:
        theme, row = self._kit.theme, self._row
        why = labels.text(theme, refusal_text(row.code, row.detail), size=12, colour="red_text")
        self.body.addWidget(why)
        if row.sides:
            add_sides(self.body, theme, row.sides, self._zone)
        buttons = labels.line(spacing=theme.px(8))
        for decision, label in (
            ("reissue", self.tr("Send again")),
            ("note", self.tr("Turn into a note")),
            ("export", self.tr("Export")),
            ("dismiss", self.tr("Give up")),
        ):
            if decision == "reissue" and row.state == HELD:
                continue  # the central may still do it
            button = labels.button(theme, label, f"sync.{decision}.{row.n}", small=True)
            button.clicked.connect(partial(self._choose, decision))
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addWidget(self._problem)
        self.body.addLayout(buttons)

    def _choose(self, how: str) -> None:
        if how == "export":
            self._export()
        elif how == "dismiss":
            self._ask_to_give_up()
        else:
            self._decide(how)

    def _ask_to_give_up(self) -> None:
        """What is given up is gone for good, so one slip of the mouse must not do it."""
        if self._confirm is None:
            self._confirm = InlineConfirm(self._kit.theme)
            self._confirm.setObjectName(f"sync.confirm.{self._row.n}")
            self._confirm.confirmed.connect(lambda _key, _reason: self._decide("dismiss"))
            self.body.addWidget(self._confirm)
        what = words.command_text(self._row.cmd)
        self._confirm.ask(
            Question(
                self._row.op_id,
                self.tr("Give up this work?"),
                self.tr(
                    "“{what}” is deleted from this laptop for good. To keep what it says, turn it"
                    " into a note or export it."
                ).format(what=what),
                confirm=self.tr("Give up"),
                danger=True,
            )
        )

    def _decide(self, how: str) -> None:
        op_id, heading = self._row.op_id, words.command_text(self._row.cmd)
        self._kit.ask(lambda desk: desk.sync.decide(op_id, how, heading), self._decided, owner=self)

    def _decided(self, result: Changed | Refused) -> None:
        if isinstance(result, Refused):
            self._problem.setText(refusal_text(result.code, result.detail))
            self._problem.show()
        else:
            self._kit.announce(result)

    def _export(self) -> None:
        # In the name of what holds it: the card may be drawn anew while the dialog is open.
        holder, row = self.parentWidget() or self, self._row
        then = partial(_export_to, self._kit, row.op_id, holder)
        proposed = f"fieldtech-{row.number}-{row.n}.json"
        ask_save(holder, self.tr("Export"), proposed, then, kinds="JSON (*.json)")


def _export_to(kit: Kit, op_id: str, owner: QWidget, path: str) -> None:
    kit.ask(lambda desk: desk.sync.export(op_id, path), kit.announce, owner=owner)
