"""Files of the incident: attached with or without a network, and how far each has got."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImageWriter, QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget
from typing_extensions import override

from fieldtech.services.measuring import EVIDENCE
from fieldtech.services.values import Refused
from ui.views import labels
from ui.views.file_dialogs import ask_open
from ui.views.file_texts import file_state, size_text
from ui.views.problems import sentence_of
from ui.views.refusals import refusal_text
from ui.views.technician.file_viewer import FileViewer
from ui.widgets.badge import Badge
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.growing_column import GrowingColumn

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent

    from fieldtech.services.attachments import FileRow
    from fieldtech.services.desk import Desk
    from fieldtech.services.values import CaseDetail, Saved
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit


class EvidenceTab(QWidget):
    """Takes files by a dialog, dropped on it, or out of the clipboard."""

    counted = Signal(int)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        theme = kit.theme
        self._incident_id = ""
        self.setAcceptDrops(True)
        self._add = labels.button(
            theme, self.tr("Add files"), "files.add", kind="primary", icon="paperclip", small=True
        )
        self._paste = labels.button(
            theme, self.tr("Paste picture"), "files.paste", icon="image", small=True
        )
        self._problem = labels.text(theme, size=12, colour="red_text")
        self._problem.setObjectName("files.problem")
        self._problem.hide()
        self._rows: GrowingColumn[FileRow] = GrowingColumn(self._row, spacing=theme.px(6))
        self._nothing = EmptyState(theme)
        self._nothing.show_message(
            "paperclip",
            self.tr("No files yet"),
            self.tr("Add photos of the work, or drop them here. They are kept without a network."),
        )
        holder = QWidget()
        held = labels.column(holder, spacing=theme.px(6))
        held.setContentsMargins(0, 0, theme.px(10), 0)
        held.addWidget(self._rows)
        held.addWidget(self._nothing)
        held.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Files of this incident"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        head = labels.line(spacing=theme.px(8))
        head.addWidget(self._add)
        head.addWidget(self._paste)
        head.addStretch(1)
        self._all = QWidget()
        layout = labels.column(self._all, spacing=theme.px(8))
        layout.addLayout(head)
        layout.addWidget(self._problem)
        layout.addWidget(area, 1)
        self._viewer = FileViewer(kit)
        self._viewer.left.connect(self._show_all)
        self._pages = QStackedWidget()
        # Not what the larger page would like: on a low window everything else gives way to it.
        self._pages.setMinimumHeight(theme.px(100))
        self._pages.addWidget(self._all)
        self._pages.addWidget(self._viewer)
        whole = labels.column(self)
        whole.setContentsMargins(0, theme.px(10), 0, 0)
        whole.addWidget(self._pages)
        self._add.clicked.connect(self._choose)
        self._paste.clicked.connect(self._paste_picture)
        keys = QShortcut(QKeySequence.StandardKey.Paste, self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self._paste_picture)
        kit.announcer.changed.connect(self._changed)

    def show_case(self, detail: CaseDetail) -> None:
        """Show the files of a case."""
        if detail.incident.id != self._incident_id:
            self._incident_id = detail.incident.id
            self._problem.hide()
            self._show_all()
        files = [each for each in detail.incident.attachments if each.kind != EVIDENCE]
        self.counted.emit(len(files))
        self._load()

    def _show_all(self) -> None:
        self._pages.setCurrentWidget(self._all)

    def _open(self, row: FileRow) -> None:
        self._pages.setCurrentWidget(self._viewer)
        self._viewer.open(row)

    def _changed(self, changes: Changes) -> None:
        if changes.sync and self.isVisible():
            self._load()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load()

    def _load(self) -> None:
        incident_id = self._incident_id
        if incident_id and self.isVisible():
            # A key of its own: of two visits open at once each wants its files.
            key = f"files.of.{id(self)}"
            self._kit.ask(
                lambda desk: desk.files.files(incident_id), self._show, owner=self, key=key
            )

    def _show(self, rows: tuple[FileRow, ...]) -> None:
        # What a measurement rests on is read where it was measured.
        shown = tuple(row for row in rows if row.kind != EVIDENCE)
        self._rows.set_items(shown)
        self._nothing.setVisible(not shown)

    def _row(self, row: FileRow) -> QWidget:
        theme = self._kit.theme
        card = Card(theme)
        head = labels.line(spacing=theme.px(8))
        head.addWidget(labels.text(theme, row.name, bold=True), 1)
        text, tone, icon = file_state(row)
        badge = Badge(theme, text, tone, icon)
        badge.setObjectName(f"files.state.{row.sha256[:8]}")
        head.addWidget(badge)
        card.body.addLayout(head)
        look = labels.button(
            theme, self.tr("Open"), f"files.open.{row.sha256[:8]}", icon="eye", small=True
        )
        look.setAccessibleName(self.tr("Open {name}").replace("{name}", row.name))
        look.clicked.connect(partial(self._open, row))
        foot = labels.line(spacing=theme.px(8))
        foot.addWidget(labels.muted(theme, size_text(row.size)), 1)
        foot.addWidget(look)
        card.body.addLayout(foot)
        card.setAccessibleName(f"{row.name}. {text}")
        return card

    def _choose(self) -> None:
        ask_open(self, self.tr("Add files"), self._attach)

    def _attach(self, paths: list[str]) -> None:
        incident_id = self._incident_id
        if paths:
            self._keep(lambda desk: desk.files.attach(incident_id, paths))

    def _paste_picture(self) -> None:
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._tell(self.tr("There is no picture in the clipboard."))
            return
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"PNG")).write(image)
        now = self._kit.clock.now()
        name = "-".join((self.tr("picture"), f"{now:%Y%m%d-%H%M%S}.png"))
        content, incident_id = bytes(data.data()), self._incident_id
        self._keep(lambda desk: desk.files.attach_bytes(incident_id, content, name))

    def _keep(self, question: Callable[[Desk], Saved | Refused]) -> None:
        self._problem.hide()
        for button in (self._add, self._paste):
            button.setEnabled(False)
        self._kit.ask(question, self._kept, owner=self, failed=self._failed)

    def _kept(self, answer: Saved | Refused) -> None:
        self._give_back()
        if isinstance(answer, Refused):
            self._tell(refusal_text(answer.code, answer.detail))
        else:
            self._kit.announce(answer.changed)

    def _failed(self, error: BaseException) -> None:
        self._give_back()
        self._tell(sentence_of(error))

    def _give_back(self) -> None:
        for button in (self._add, self._paste):
            button.setEnabled(True)

    def _tell(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.show()

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._attach([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()
