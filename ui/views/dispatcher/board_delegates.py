"""Painters of the board's region tree and technician list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate
from typing_extensions import override

from fieldtech.domain.words import ClockState
from ui.models.region_model import NODE_ROLE
from ui.models.technician_model import TECHNICIAN_ROLE
from ui.theme.tokens import Tone
from ui.views.clock_views import countdown
from ui.views.words import skill_text
from ui.widgets.badge import badge_size, paint_badge
from ui.widgets.countdown import countdown_text, describe_countdown
from ui.widgets.state_sign import paint_state_sign

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
    from PySide6.QtWidgets import QStyleOptionViewItem

    from fieldtech.clock import Clock
    from fieldtech.domain.clock_view import ClockView
    from fieldtech.services.values import RegionNode, TechnicianRow
    from ui.theme.theme import Theme

translate = QCoreApplication.translate

REGION_HEIGHT = 34
FIGURES = 12
SIGN = 11
TECHNICIAN_HEIGHT = 62


class _Painter(QStyledItemDelegate):
    """What both delegates share: ground, countdown, theme."""

    def __init__(self, theme: Theme, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock

    def _ground(self, painter: QPainter, frame: QRectF, state: QStyle.StateFlag) -> None:
        tokens = self._theme.tokens
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(QPen(QColor(tokens.accent), 1.4) if selected else Qt.PenStyle.NoPen)
        fill = tokens.selected if selected else tokens.surface_hover if hovered else tokens.surface
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(frame, tokens.radius_s, tokens.radius_s)

    def _deadline(self, clock: ClockView) -> str:
        """The worst countdown in words, empty without one."""
        if clock.state is ClockState.NONE:
            return ""
        now = self._clock.now()
        said = describe_countdown(countdown(clock, now), now)
        return translate("Board", "Nearest deadline: {clock}.").format(clock=said)

    def _countdown(self, painter: QPainter, area: QRect, clock: ClockView) -> int:
        """The worst countdown at the right end, without its pill; returns the width it took.

        Names are long and the columns narrow: one as large as a card's would cut them.
        """
        if clock.state is ClockState.NONE:
            return 0
        theme, now = self._theme, self._clock.now()
        view = countdown(clock, now)
        pair = theme.tokens.pair(view.tone)
        figures = countdown_text(view, now)
        metrics = theme.metrics(FIGURES, QFont.Weight.DemiBold, tabular=True)
        painter.setFont(theme.font(FIGURES, QFont.Weight.DemiBold, tabular=True))
        painter.setPen(QColor(pair.text))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, int(right), figures)
        width, side = metrics.horizontalAdvance(figures) + theme.px(4), theme.px(SIGN)
        sign = QRectF(area.right() - width - side, area.center().y() - side / 2 + 1, side, side)
        paint_state_sign(painter, sign, pair, view.state, view.used_share(now))
        return width + side + theme.px(8)


class RegionDelegate(_Painter):
    """Name, open incidents, unassigned ones as a red pill, the worst countdown."""

    def describe(self, node: RegionNode) -> str:
        """A region in one sentence: how much there is, and how urgent it is."""
        counts = [self.tr("%n open incident(s)", "", node.open)]
        if node.unassigned:
            counts.append(self.tr("%n unassigned", "", node.unassigned))
        return f"{node.name}: {', '.join(counts)}. {self._deadline(node.worst)}".rstrip()

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(REGION_HEIGHT))

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        node: RegionNode = index.data(NODE_ROLE)
        theme, tokens = self._theme, self._theme.tokens
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, QRectF(area).adjusted(1, 1, -1, -1), option.state)
        inner = area.adjusted(theme.px(6), 0, -theme.px(6), 0)
        inner.setRight(inner.right() - self._countdown(painter, inner, node.worst))
        if node.unassigned:
            size = badge_size(theme, str(node.unassigned))
            pill = QRectF(
                inner.right() - size.width(),
                inner.center().y() - size.height() / 2,
                size.width(),
                size.height(),
            )
            paint_badge(painter, pill, theme, str(node.unassigned), Tone.DANGER)
            inner.setRight(inner.right() - size.width() - theme.px(6))
        painter.setFont(theme.font(12, QFont.Weight.DemiBold))
        painter.setPen(QColor(tokens.text))
        count = str(node.open) if node.open else ""
        taken = painter.fontMetrics().horizontalAdvance(f"  {count}") if count else 0
        name = painter.fontMetrics().elidedText(
            node.name, Qt.TextElideMode.ElideRight, inner.width() - taken
        )
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), name)
        inner.setLeft(inner.left() + painter.fontMetrics().horizontalAdvance(name))
        painter.setPen(QColor(tokens.muted))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), f"  {count}")
        painter.restore()


class TechnicianDelegate(_Painter):
    """Name, regions and skills, load, the worst countdown among his visits."""

    def describe(self, row: TechnicianRow) -> str:
        """A technician in one sentence: how much he has, and how urgent it is."""
        skills = ", ".join((*row.region_names, *map(skill_text, row.skills)))
        parts = (f"{row.name}: {self._load(row)}.", f"{skills}." if skills else "")
        return " ".join(part for part in (*parts, self._deadline(row.worst)) if part)

    def _load(self, row: TechnicianRow) -> str:
        load = self.tr("%n visit(s)", "", row.open_visits)
        here = self.tr("on site")
        return f"{load} · {here}" if row.on_site else load

    @override
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self._theme.px(160), self._theme.px(TECHNICIAN_HEIGHT))

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: TechnicianRow = index.data(TECHNICIAN_ROLE)
        theme, tokens = self._theme, self._theme.tokens
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, QRectF(area).adjusted(1, 2, -1, -2), option.state)
        inner = area.adjusted(theme.px(10), theme.px(6), -theme.px(10), -theme.px(6))
        skills = [skill_text(code) for code in row.skills]
        lines = (
            (row.name, theme.font(13, QFont.Weight.DemiBold), tokens.text),
            (self._load(row), theme.font(12), tokens.text if row.open_visits else tokens.muted),
            (" · ".join((*row.region_names, *skills)), theme.font(11), tokens.muted),
        )
        height = inner.height() // len(lines)
        for position, (text, font, colour) in enumerate(lines):
            box = QRect(inner.left(), inner.top() + position * height, inner.width(), height)
            if position == 0:
                box.setWidth(box.width() - self._countdown(painter, box, row.worst))
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()
