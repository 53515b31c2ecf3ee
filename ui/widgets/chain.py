"""The chain from the wall to the call, drawn: what works, what is odd, and where it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from fieldtech.domain.words import CheckStatus
from ui.theme.themed import ThemedWidget
from ui.theme.tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent

    from ui.theme.theme import Theme

CIRCLE, GLYPH, SIGN, EDGE = 30, 16, 14, 4
LABEL, GAP = 11, 2
_TONES = {
    CheckStatus.PASS: Tone.OK,
    CheckStatus.WARN: Tone.WARN,
    CheckStatus.FAIL: Tone.DANGER,
}
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Home: -99,
    Qt.Key.Key_End: 99,
}
_SIGNS = {CheckStatus.PASS: "check", CheckStatus.WARN: "triangle-alert", CheckStatus.FAIL: "x"}


@dataclass(frozen=True, slots=True)
class ChainNode:
    """One link. ``status`` ``None``: not measured.

    The verdict names the link that is ``broken``, or that is only ``odd``.
    ``short`` is its label where there is little room; ``said`` the state in words, for whoever does
    not see the drawing.
    """

    label: str
    short: str
    icon: str
    said: str
    status: CheckStatus | None = None
    busy: bool = False
    broken: bool = False
    odd: bool = False

    @property
    def is_named(self) -> bool:
        """The verdict is about this one."""
        return self.broken or self.odd


class ChainView(ThemedWidget):
    """Circles on a line; behind the broken one the line is dashed. State by sign and by colour.

    One stop of the Tab key; the arrows go from link to link, and each says its state.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._nodes: tuple[ChainNode, ...] = ()
        self._place = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_nodes(self, nodes: Sequence[ChainNode]) -> None:
        """Show the chain as it stands."""
        if self._nodes == tuple(nodes):
            return
        self._nodes = tuple(nodes)
        self._place = min(self._place, max(len(self._nodes) - 1, 0))
        self._name()
        self.update()

    def _name(self) -> None:
        """The link in hand is the name, the whole chain what there is to know besides."""
        told = [_sentence(each) for each in self._nodes]
        here = told[self._place] if told else ""
        self.setAccessibleName(". ".join((self.tr("Chain of the connection"), here)))
        self.setAccessibleDescription(". ".join(told))

    @property
    def nodes(self) -> tuple[ChainNode, ...]:
        """What is drawn."""
        return self._nodes

    @override
    def sizeHint(self) -> QSize:
        label = self._theme.metrics(LABEL).height()
        return QSize(self._theme.px(320), self._theme.px(CIRCLE + 14) + label)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self.sizeHint().height())

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self._tell(event)  # type: ignore[arg-type]
            return True
        return super().event(event)

    def _tell(self, event: QHelpEvent) -> None:
        step = self._step()
        place = int((event.pos().x() - self._theme.px(EDGE)) / step) if step else 0
        if 0 <= place < len(self._nodes):
            node = self._nodes[place]
            QToolTip.showText(event.globalPos(), _sentence(node), self)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self._nodes:
            super().keyPressEvent(event)
        else:
            self._go(min(max(self._place + step, 0), len(self._nodes) - 1))
            self._announce(self._nodes[self._place])

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin where it breaks: that is what one comes here for."""
        self._go(next((n for n, each in enumerate(self._nodes) if each.is_named), self._place))
        super().focusInEvent(event)

    def _go(self, place: int) -> None:
        self._place = place
        self._name()
        self.update()

    def _announce(self, node: ChainNode) -> None:
        # Imported here: nobody walks along the chain before the window's first paint.
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, _sentence(node)))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._nodes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter)
        for place, node in enumerate(self._nodes):
            self._paint_node(painter, place, node)
        painter.end()

    def _step(self) -> float:
        return (self.width() - 2 * self._theme.px(EDGE)) / max(len(self._nodes), 1)

    def _centre(self, place: int) -> QPointF:
        across = self._theme.px(EDGE) + (place + 0.5) * self._step()
        return QPointF(across, self._theme.px(CIRCLE) / 2 + self._theme.px(4))

    def _paint_line(self, painter: QPainter) -> None:
        theme = self._theme
        broken = next((n for n, each in enumerate(self._nodes) if each.broken), len(self._nodes))
        for place in range(len(self._nodes) - 1):
            pen = QPen(QColor(theme.tokens.field_border), theme.px(2))
            if place >= broken:
                pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawLine(self._centre(place), self._centre(place + 1))

    def _paint_node(self, painter: QPainter, place: int, node: ChainNode) -> None:
        theme, centre = self._theme, self._centre(place)
        tokens = theme.tokens
        tone = _TONES.get(node.status) if node.status is not None else None
        pair = tokens.pair(tone or Tone.NEUTRAL)
        half = theme.px(CIRCLE) / 2
        circle = QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)
        # The tints are see-through in neither theme, but the line must not show under them.
        painter.setBrush(QColor(tokens.surface))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(circle)
        painter.setBrush(QColor(pair.fill if tone else tokens.surface))
        edge = pair.text if node.is_named else tokens.border if tone else tokens.field_border
        painter.setPen(QPen(QColor(edge), theme.px(2 if node.is_named else 1)))
        painter.drawEllipse(circle)
        if self.hasFocus() and place == self._place:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle.adjusted(-3, -3, 3, 3))
        ink = tokens.accent if node.busy else pair.text
        icon = "loader-circle" if node.busy else node.icon
        corner = centre - QPointF(theme.px(GLYPH) / 2, theme.px(GLYPH) / 2)
        painter.drawPixmap(corner, theme.pixmap(icon, ink, GLYPH))
        if tone is not None and node.status is not None and not node.busy:
            self._paint_sign(painter, circle, _SIGNS[node.status], pair.text)
        self._paint_label(painter, place, node)

    def _paint_sign(self, painter: QPainter, circle: QRectF, icon: str, colour: str) -> None:
        theme = self._theme
        size = theme.px(SIGN)
        badge = QRectF(circle.right() - size * 0.7, circle.top() - size * 0.25, size, size)
        painter.setPen(QPen(QColor(colour), 1))
        painter.setBrush(QColor(theme.tokens.surface))
        painter.drawEllipse(badge)
        inner = badge.center() - QPointF(theme.px(SIGN - 4) / 2, theme.px(SIGN - 4) / 2)
        painter.drawPixmap(inner, theme.pixmap(icon, colour, SIGN - 4))

    def _paint_label(self, painter: QPainter, place: int, node: ChainNode) -> None:
        theme = self._theme
        text, area = self.label(place)
        tone = Tone.DANGER if node.status is CheckStatus.FAIL else Tone.WARN
        colour = theme.tokens.pair(tone).text if node.is_named else theme.tokens.muted
        painter.setFont(theme.font(LABEL, _weight(node)))
        painter.setPen(QColor(colour))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)

    def label(self, place: int) -> tuple[str, QRectF]:
        """What is written under a link, and where, in pixels of this widget."""
        told = self._told()
        metrics = self._theme.metrics(LABEL, _weight(self._nodes[place]))
        room, text = max(self._room(place, told), self._step()), told[place]
        if metrics.horizontalAdvance(text) > room:  # what just fits would be cut by a rounding
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        width = metrics.horizontalAdvance(text)
        left = self._centre(place).x() - width / 2
        return text, QRectF(left, self._theme.px(CIRCLE + 8), width, metrics.height())

    def _told(self) -> list[str]:
        """Each link's whole name where its neighbours leave room, that which is named first."""
        told = [each.short for each in self._nodes]
        for place, node in sorted(enumerate(self._nodes), key=lambda each: not each[1].is_named):
            if self._width(node, node.label) <= self._room(place, told):
                told[place] = node.label
        return told

    def _width(self, node: ChainNode, text: str) -> int:
        return self._theme.metrics(LABEL, _weight(node)).horizontalAdvance(text)

    def _room(self, place: int, told: Sequence[str]) -> float:
        """How wide a label can be: up to where its neighbours' begin, or to the edge."""
        beside = [other for other in (place - 1, place + 1) if 0 <= other < len(self._nodes)]
        widest = max((self._width(self._nodes[n], told[n]) for n in beside), default=0)
        centre = self._centre(place).x()
        inside = min(centre, self.width() - centre)
        return 2 * min(self._step() - self._theme.px(GAP) - widest / 2, inside)


def _weight(node: ChainNode) -> QFont.Weight:
    return QFont.Weight.DemiBold if node.is_named else QFont.Weight.Normal


def _sentence(node: ChainNode) -> str:
    return f"{node.label}: {node.said}"
