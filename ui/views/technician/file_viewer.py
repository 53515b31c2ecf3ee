"""One file of an incident, looked at within the window: nothing readable is left on the disk."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy, QWidget
from typing_extensions import override

from ui.views import labels
from ui.views.file_content import FileContent, content_of
from ui.views.file_dialogs import ask_save
from ui.views.problems import sentence_of
from ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from fieldtech.services.attachments import FileRow
    from ui.views.kit import Kit


class FileViewer(QWidget):
    """Shows a picture or a text; of anything else a copy can be saved. ``left`` on the way back."""

    left = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        theme = kit.theme
        self._row: FileRow | None = None
        self._content: FileContent | None = None
        self._back = labels.button(
            theme, self.tr("All files"), "file.back", icon="arrow-left", small=True
        )
        self._save = labels.button(
            theme, self.tr("Save a copy"), "file.save", icon="download", small=True
        )
        self._again = labels.button(theme, self.tr("Try again"), "file.again", small=True)
        self._name = labels.text(theme, bold=True)
        self._told = labels.text(theme, size=12)
        self._told.setObjectName("file.told")
        self._picture = QLabel()
        self._picture.setObjectName("file.picture")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setMinimumSize(1, 1)
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._text = QPlainTextEdit()
        self._text.setObjectName("file.text")
        self._text.setReadOnly(True)
        self._nothing = EmptyState(theme)
        head = labels.line(spacing=theme.px(8))
        for button in (self._back, self._save, self._again):
            head.addWidget(button)
        head.addStretch(1)
        layout = labels.column(self, spacing=theme.px(8))
        layout.addLayout(head)
        layout.addWidget(self._name)
        layout.addWidget(self._told)
        for widget in (self._picture, self._text, self._nothing):
            layout.addWidget(widget, 1)
        self._back.clicked.connect(self.left)
        self._save.clicked.connect(self._save_copy)
        self._again.clicked.connect(self._fetch)

    def open(self, row: FileRow) -> None:
        """Get the file, from this laptop or from the central, and show it."""
        self._row = row
        self._name.setText(row.name)
        self._text.setAccessibleName(row.name)
        self._picture.setAccessibleName(row.name)
        self._fetch()
        self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fetch(self) -> None:
        row = self._row
        if row is None:
            return
        self._content = None
        self._show(None)
        self._say(self.tr("Getting the file…"), "muted")
        self._kit.runner.run_net(
            lambda: content_of(self._kit.desk().files.fetch(row.attachment_id, row.sha256)),
            self._got,
            self._failed,
            owner=self,
            key="file.view",
        )

    def _got(self, content: FileContent) -> None:
        self._content = content
        self._told.hide()
        self._show(content)

    def _failed(self, error: BaseException) -> None:
        self._say(sentence_of(error), "red_text")
        self._again.show()

    def _show(self, content: FileContent | None) -> None:
        self._again.hide()
        self._save.setEnabled(content is not None)
        self._picture.setVisible(content is not None and content.picture is not None)
        self._text.setVisible(content is not None and bool(content.text))
        if content is not None:
            self._text.setPlainText(content.text)
        self._nothing.setVisible(
            content is not None and content.picture is None and not content.text
        )
        self._nothing.show_message(
            "file-text",
            self.tr("This kind of file is not shown here"),
            self.tr("Save a copy to open it with another program."),
        )
        self._fit()

    def _fit(self) -> None:
        """The picture as large as there is room, never larger than it is."""
        content = self._content
        if content is None or content.picture is None:
            self._picture.clear()
            return
        room = self._picture.size() * self.devicePixelRatioF()
        image = content.picture
        if image.width() > room.width() or image.height() > room.height():
            image = image.scaled(
                room,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self._picture.setPixmap(pixmap)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _save_copy(self) -> None:
        row, content = self._row, self._content
        if row is None or content is None:
            return
        proposed = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', "_", row.name)
        save = partial(self._save_to, content.data)
        ask_save(self, self.tr("Save a copy"), proposed, save)

    def _save_to(self, data: bytes, path: str) -> None:
        saved = self.tr("A copy was saved: {path}").replace("{path}", path)
        self._kit.runner.run_net(
            lambda: self._kit.desk().files.save_copy(path, data),
            lambda _: self._say(saved, "green_text"),
            lambda error: self._say(sentence_of(error), "red_text"),
            owner=self,
        )

    def _say(self, text: str, colour: str) -> None:
        self._told.set_colour(colour)
        self._told.setText(text)
        self._told.show()
