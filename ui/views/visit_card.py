"""One delegate paints the headings and cards of the agenda and of the dispatcher's queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QRegion
from PySide6.QtWidgets import QStyle, QStyledItemDelegate
from typing_extensions import override

from ui.models.agenda_model import HEADING_ROLE, ROW_ROLE, WHO_ROLE, Heading
from ui.views.clock_views import countdown_of
from ui.views.words import incident_state_text, severity_text, severity_tone, visit_state_text
from ui.widgets.countdown import chip_size, countdown_text, paint_countdown_chip

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    from fieldtech.clock import Clock
    from fieldtech.services.values import AgendaRow
    from ui.theme.theme import Theme
    from ui.widgets.countdown import CountdownView

HEADING_HEIGHT = 38
SITE_HEIGHT = 24
CARD_HEIGHT = 68
WHO_HEIGHT = 17
GAP = 6
STRIP = 3


class VisitCardDelegate(QStyledItemDelegate):
    """Paints a row from its value alone; nothing is read and nothing is kept while painting."""

    def __init__(self, theme: Theme, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock
        self._exposed: QRegion | None = None
        self._moment: datetime | None = None
        self._measure()
        theme.changed.connect(self._measure)

    def _measure(self) -> None:
        # Kept: a list asks for the size of each of its thousands of rows at every layout.
        px = self._theme.px
        self._heading_size = QSize(px(200), px(HEADING_HEIGHT))
        self._site_size = QSize(px(200), px(SITE_HEIGHT))
        self._card_size = QSize(px(200), px(CARD_HEIGHT + GAP))
        self._manned_size = QSize(px(200), px(CARD_HEIGHT + WHO_HEIGHT + GAP))

    def expose(self, region: QRegion | None) -> None:
        """Leave out of the next cards what does not lie in ``region``; ``None``: paint all.

        The cards of one region are of one moment: asking for it takes longer than a figure.
        """
        self._exposed = region
        self._moment = None if region is None else self._clock.now()

    def _now(self) -> datetime:
        return self._moment or self._clock.now()

    def clock_face(self, row: AgendaRow, now: datetime) -> tuple[CountdownView, str, QSize]:
        """What a card's chip shows at ``now``: its clock, its figures and its size."""
        view = countdown_of(row, now)
        return view, countdown_text(view, now), chip_size(self._theme, view, now)

    def clock_area(self, card: QRect, chip: QSize) -> QRect:
        """The part of a card, painted at ``card``, that its chip covers."""
        inner = self._inner(self._frame(card))
        return QRect(inner.right() - chip.width() + 1, inner.top(), chip.width(), chip.height())

    def _frame(self, card: QRect) -> QRectF:
        return QRectF(card).adjusted(1, 1, -1, -self._theme.px(GAP) - 1)

    def _inner(self, frame: QRectF) -> QRect:
        px = self._theme.px
        return frame.adjusted(px(18), px(8), -px(10), -px(8)).toRect()

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        heading = index.data(HEADING_ROLE)
        if heading is None:
            return self._manned_size if index.data(WHO_ROLE) else self._card_size
        return self._site_size if heading.site else self._heading_size

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        area: QRect = option.rect
        if self._exposed is not None and not self._exposed.intersects(area):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        heading = index.data(HEADING_ROLE)
        if heading is not None:
            self._paint_heading(painter, area, heading)
        else:
            state: QStyle.StateFlag = option.state
            self._paint_card(painter, area, index.data(ROW_ROLE), index.data(WHO_ROLE), state)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRect, heading: Heading) -> None:
        theme, tokens = self._theme, self._theme.tokens
        painter.setPen(QColor(tokens.muted))
        painter.setFont(theme.font(11, QFont.Weight.Medium))
        if heading.site:
            _draw_within(painter, area.adjusted(theme.px(8), 0, -theme.px(8), 0), heading.site)
            return
        line = area.adjusted(theme.px(8), theme.px(8), -theme.px(8), 0)
        counts = self.tr("%n visit(s)", "", heading.count)
        if heading.major:
            major = self.tr("%n major", "", heading.major)
            counts = f"{counts} · {major}"
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, int(right), counts)
        room = line.width() - painter.fontMetrics().horizontalAdvance(counts) - theme.px(12)
        painter.setFont(theme.font(11, QFont.Weight.DemiBold))
        line.setWidth(room)
        place = _draw_within(painter, line, heading.municipality.upper())
        painter.setFont(theme.font(11, QFont.Weight.Medium))
        _draw_within(painter, line.adjusted(place, 0, 0, 0), f" · {heading.state}")

    def _paint_card(
        self, painter: QPainter, area: QRect, row: AgendaRow, who: str, state: QStyle.StateFlag
    ) -> None:
        theme, tokens = self._theme, self._theme.tokens
        frame = self._frame(area)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        fill = tokens.selected if selected else tokens.surface_hover if hovered else tokens.surface
        now = self._now()
        view, _, size = self.clock_face(row, now)
        chip = self.clock_area(area, size)
        if self._shows_only(chip, area):
            painter.fillRect(chip, QColor(fill))
            paint_countdown_chip(painter, QRectF(chip), theme, view, now)
            return
        painter.setBrush(QColor(fill))
        focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
        edge = tokens.accent if selected else tokens.border
        painter.setPen(QPen(QColor(edge), 2.0 if focused else 1.4 if selected else 1.0))
        painter.drawRoundedRect(frame, tokens.radius_m, tokens.radius_m)
        self._paint_strip(painter, frame, row)
        inner = self._inner(frame)
        paint_countdown_chip(painter, QRectF(chip), theme, view, now)
        below = self._paint_severity(painter, inner, row)
        room = inner.width() - max(chip.width(), below) - theme.px(10)
        self._paint_texts(painter, inner, row, (self._foot(row), who), room)

    def _shows_only(self, part: QRect, area: QRect) -> bool:
        """Nothing else of the card is asked for: a second has passed."""
        if self._exposed is None:
            return False
        return part.contains(self._exposed.intersected(area).boundingRect())

    def _paint_strip(self, painter: QPainter, frame: QRectF, row: AgendaRow) -> None:
        theme, tokens = self._theme, self._theme.tokens
        strip = QRectF(
            frame.left() + theme.px(8),
            frame.top() + theme.px(11),
            theme.px(STRIP),
            frame.height() - theme.px(22),
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.solid(severity_tone(row.severity))))
        painter.drawRoundedRect(strip, strip.width() / 2, strip.width() / 2)

    def _paint_severity(self, painter: QPainter, inner: QRect, row: AgendaRow) -> int:
        """The severity below the chip; returns its width."""
        theme, tokens = self._theme, self._theme.tokens
        painter.setFont(theme.font(11, QFont.Weight.Medium))
        painter.setPen(QColor(tokens.pair(severity_tone(row.severity)).text))
        text = severity_text(row.severity)
        painter.drawText(
            inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), text
        )
        return painter.fontMetrics().horizontalAdvance(text)

    def _foot(self, row: AgendaRow) -> str:
        """Folio, state, and what this laptop has not settled with the central."""
        parts = [row.number, state_text(row)]
        if row.refused:
            parts.append(self.tr("refused"))
        elif row.waiting:
            parts.append(self.tr("%n to send", "", row.waiting))
        return "  ·  ".join(part for part in parts if part)

    def _paint_texts(
        self, painter: QPainter, inner: QRect, row: AgendaRow, foot: tuple[str, str], room: int
    ) -> None:
        theme, tokens = self._theme, self._theme.tokens
        small = theme.font(11, QFont.Weight.Medium)
        lines = [
            (row.customer, theme.font(13, QFont.Weight.DemiBold), tokens.text),
            (row.title, theme.font(12), tokens.muted),
            *((text, small, tokens.muted) for text in foot if text),
        ]
        height = inner.height() / len(lines)
        for position, (text, font, colour) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            box = QRectF(inner.left(), inner.top() + position * height, room, height)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)


def state_text(row: AgendaRow) -> str:
    """What the incident waits for matters more than how far the visit has come."""
    told_by_incident = row.incident_state in {"pending", "restored", "closed"}
    if told_by_incident or not row.visit_state:
        return incident_state_text(row.incident_state)
    return visit_state_text(row.visit_state)


def _draw_within(painter: QPainter, line: QRect, text: str) -> int:
    """One line of text, cut where ``line`` ends; returns how wide it is."""
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter), shown)
    return metrics.horizontalAdvance(shown)
