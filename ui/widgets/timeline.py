"""Everything that happened, one below the other along a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme.themed import ThemedWidget
from ui.theme.tokens import Tone
from ui.widgets.growing_column import GrowingColumn
from ui.widgets.label import Label, breakable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.theme.theme import Theme

DISC = 22
GLYPH = 12
GUTTER = 34


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """``when`` is already written for the site's zone; ``who`` may be empty."""

    when: str
    title: str
    detail: str = ""
    who: str = ""
    tone: Tone = Tone.NEUTRAL
    icon: str = "circle-dot"


class Timeline(QWidget):
    """Shows the events in the order given; unchanged rows are kept, so it refreshes quietly."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._events: tuple[TimelineEvent, ...] = ()
        self._rows: GrowingColumn[TimelineEvent] = GrowingColumn(partial(_Row, theme))
        self._rows.grown.connect(self._mark_ends)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._rows)

    @property
    def events(self) -> tuple[TimelineEvent, ...]:
        """What is shown, the rows still to be made among them."""
        return self._events

    def set_events(self, events: Sequence[TimelineEvent]) -> None:
        """Show these events."""
        self._events = tuple(events)
        self._rows.set_items(self._events)

    def _mark_ends(self) -> None:
        rows = self._rows.rows
        for row in rows:
            if isinstance(row, _Row):
                row.set_ends(first=row is rows[0], last=row is rows[-1])


class _Row(ThemedWidget):
    def __init__(self, theme: Theme, event: TimelineEvent) -> None:
        super().__init__(theme)
        self._event = event
        self._first = self._last = False
        self._grid = QGridLayout(self)
        title = Label(theme, breakable(event.title), weight=QFont.Weight.DemiBold, wrap=True)
        when = Label(theme, event.when, size=11, colour="muted", tabular=True)
        self._grid.addWidget(title, 0, 0)
        self._grid.addWidget(when, 0, 1)
        below = " · ".join(part for part in (event.who, event.detail) if part)
        if below:
            text = Label(theme, breakable(below), size=12, colour="muted", wrap=True)
            text.allow_copying()
            self._grid.addWidget(text, 1, 0, 1, 2)
        self._grid.setColumnStretch(0, 1)
        spoken = (event.when, event.title, event.who, event.detail)
        self.setAccessibleName(". ".join(part for part in spoken if part))
        self.restyle()

    def set_ends(self, *, first: bool, last: bool) -> None:
        if (first, last) != (self._first, self._last):
            self._first, self._last = first, last
            self.update()

    @override
    def restyle(self) -> None:
        px = self._theme.px
        self._grid.setContentsMargins(px(GUTTER), px(4), px(2), px(12))
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setVerticalSpacing(px(1))
        super().restyle()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, tokens = self._theme, self._theme.tokens
        size = theme.px(DISC)
        centre = QPointF(size / 2 + 1, size / 2 + theme.px(2))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = centre.y() if self._first else 0
        bottom = centre.y() if self._last else self.height()
        width = theme.px(1.5)
        line = QRectF(centre.x() - width / 2, top, width, bottom - top)
        painter.fillRect(line, QColor(tokens.border))
        pair = tokens.pair(self._event.tone)
        painter.setPen(QColor(tokens.surface))
        painter.setBrush(QColor(pair.fill))
        painter.drawEllipse(centre, size / 2, size / 2)
        half = theme.px(GLYPH) / 2
        pixmap = theme.pixmap(self._event.icon, pair.text, GLYPH)
        painter.drawPixmap(centre - QPointF(half, half), pixmap)
        painter.end()
