"""Content in a scroll area keeps its height where lines break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout

from ui.widgets.scrolled_body import ScrolledBody

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_nothing_is_squeezed_where_lines_break(qtbot: QtBot) -> None:
    area, body = QScrollArea(), ScrolledBody()
    qtbot.addWidget(area)
    layout = QVBoxLayout(body)
    text = QLabel("palabra " * 60)
    text.setWordWrap(True)
    layout.addWidget(text)
    area.setWidget(body)
    area.setWidgetResizable(True)
    area.resize(300, 60)
    area.show()
    qtbot.waitUntil(lambda: text.height() >= text.heightForWidth(text.width()))
    text.setText("palabra " * 200)
    qtbot.waitUntil(lambda: text.height() >= text.heightForWidth(text.width()))
    text.setText("corta")
    qtbot.waitUntil(lambda: body.height() <= area.height())
