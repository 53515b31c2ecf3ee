"""What lies in a scroll area and holds texts of several lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class ScrolledBody(QWidget):
    """Is never lower than its content at its present width.

    A scroll area asks for a least height that goes with no width in particular; where lines break
    it is too little, and the fields between the texts lose their lower edges.
    """

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        layout = self.layout()
        if layout is not None and event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self.setMinimumHeight(max(layout.totalHeightForWidth(self.width()), 0))
        return done
