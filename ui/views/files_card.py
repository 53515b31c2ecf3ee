"""The queue of files on the sync screen: how much is left, what stands still and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar, QWidget

from ui.tasks.announcer import Changes
from ui.views import labels
from ui.views.file_texts import file_state, size_text, stands_still
from ui.widgets.badge import Badge
from ui.widgets.card import Card
from ui.widgets.confirm import InlineConfirm, Question

if TYPE_CHECKING:
    from fieldtech.services.attachments import FileRow, FilesStatus
    from ui.views.kit import Kit

SHOWN = 8
"""Files listed one by one; of more, the count is enough."""


class FilesCard(Card):
    """Hidden while nothing waits and nothing was put aside."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit.theme, parent=parent)
        self._kit = kit
        theme = kit.theme
        self.body.addWidget(labels.text(theme, self.tr("Files"), bold=True))
        self._state = labels.text(theme, size=12)
        self._state.setObjectName("files.queue")
        self._why = labels.text(theme, size=12, colour="amber_text")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(theme.px(6))
        self._bar.setAccessibleName(self.tr("Progress of the first file"))
        self._list = QWidget()
        self._rows = labels.column(self._list, spacing=theme.px(4))
        self._confirm = InlineConfirm(theme)
        self._confirm.setObjectName("files.confirm")
        self._confirm.confirmed.connect(lambda sha256, _reason: self._give_up(sha256))
        for widget in (self._state, self._why, self._bar, self._list, self._confirm):
            self.body.addWidget(widget)
        self.hide()

    def refresh(self) -> None:
        """Ask how the queue stands."""
        self._kit.ask(lambda desk: desk.files.status(), self._show, owner=self, key="files.queue")

    def _show(self, status: FilesStatus) -> None:
        self.setVisible(bool(status.waiting or status.aside))
        self._state.setText(self._state_text(status))
        why = stands_still(status.problem)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        going = next((row for row in status.rows if row.state == "waiting" and row.size), None)
        self._bar.setVisible(going is not None)
        if going is not None:
            self._bar.setRange(0, 100)
            self._bar.setValue(100 * going.sent // going.size)
        labels.clear(self._rows)
        for row in status.rows[:SHOWN]:
            self._rows.addWidget(self._row(row))

    def _state_text(self, status: FilesStatus) -> str:
        parts = []
        if status.waiting:
            left = self.tr("%n file(s) to send", "", status.waiting)
            parts.append(f"{left} ({size_text(status.bytes_left)})")
        if status.aside:
            parts.append(self.tr("%n put aside", "", status.aside))
        return " · ".join(parts)

    def _row(self, row: FileRow) -> QWidget:
        theme = self._kit.theme
        holder = QWidget()
        line = labels.line(holder, spacing=theme.px(8))
        line.addWidget(labels.text(theme, row.name, size=12), 1)
        if row.state == "aside":
            again = labels.button(
                theme, self.tr("Try again"), f"files.again.{row.sha256[:8]}", small=True
            )
            again.clicked.connect(partial(self._try_again, row.sha256))
            line.addWidget(again)
            let_go = labels.button(
                theme, self.tr("Give up"), f"files.giveup.{row.sha256[:8]}", small=True
            )
            let_go.clicked.connect(partial(self._ask_to_give_up, row))
            line.addWidget(let_go)
        text, tone, icon = file_state(row)
        line.addWidget(Badge(theme, text, tone, icon))
        return holder

    def _ask_to_give_up(self, row: FileRow) -> None:
        """What is given up is gone for good, so one slip of the mouse must not do it."""
        text = self.tr(
            "“{name}” is deleted from this laptop and does not reach the central. To keep it, open"
            " it in the visit first and save a copy."
        )
        self._confirm.ask(
            Question(
                row.sha256,
                self.tr("Give up this file?"),
                text.replace("{name}", row.name),
                confirm=self.tr("Give up"),
                danger=True,
            )
        )

    def _give_up(self, sha256: str) -> None:
        self._kit.ask(lambda desk: desk.files.give_up(sha256), self._settled, owner=self)

    def _settled(self, _: None) -> None:
        """The line, the badge and the list of people count it no more."""
        self._kit.announcer.announce(Changes(sync=True))

    def _try_again(self, sha256: str) -> None:
        self._kit.ask(lambda desk: desk.files.try_again(sha256), self._settled, owner=self)
