"""A thin bar that shows how much of something is used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.theme.themed import ThemedWidget
from ui.theme.tokens import Tone

if TYPE_CHECKING:
    from ui.theme.theme import Theme

HEIGHT = 6


class ShareBar(ThemedWidget):
    """Fills from the left; the figures belong beside it, the bar itself is decoration."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._share, self._tone = 0.0, Tone.INFO
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def share(self) -> float:
        """The filled part, 0.0 to 1.0."""
        return self._share

    def set_share(self, share: float, tone: Tone) -> None:
        """Fill ``share`` (held to 0.0 … 1.0) in the colour of ``tone``."""
        held = round(min(1.0, max(0.0, share)), 3)  # finer than that is less than a pixel
        if (held, tone) != (self._share, self._tone):
            self._share, self._tone = held, tone
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(HEIGHT))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        radius = track.height() / 2
        painter.setBrush(QColor(tokens.border))
        painter.drawRoundedRect(track, radius, radius)
        if self._share > 0:
            filled = QRectF(track)
            filled.setWidth(max(track.height(), track.width() * self._share))
            painter.setBrush(QColor(tokens.solid(self._tone)))
            painter.drawRoundedRect(filled, radius, radius)
        painter.end()
