"""The map: ground, pins, route; moved by mouse, touchpad and keyboard alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from ui.map.base_layer import BaseLayer
from ui.map.map_controls import MapControls
from ui.map.pins_layer import PinsLayer
from ui.map.scale_bar import paint_plate, paint_scale_bar
from ui.map.viewport import MAX_ZOOM, Viewport, WorldRect, bounds
from ui.theme.themed import ThemedWidget

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldtech.services.geography import Geography
    from ui.map.map_pin import MapPin
    from ui.map.marks import Mark
    from ui.theme.theme import Theme

KEY_STEP_PX = 80
BUTTON_LEVELS = 1.0
SETTLE_MS = 90
"""After the last step of a zoom gesture the ground is painted properly."""
WHEEL_NOTCH = 120
WHEEL_LEVELS = 0.5
DRAG_PX = 4
FIT_PADDING = 64
REVEAL_MARGIN = 60
SPLIT_LEVELS = 1.5
MEXICO = WorldRect(0.17, 0.405, 0.26, 0.46)
_PAN_KEYS = {
    Qt.Key.Key_Left: (1, 0),
    Qt.Key.Key_Right: (-1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class MapCanvas(ThemedWidget):
    """Give it pins; hand it a ``Geography`` when that has been loaded, and it has ground too.

    ``selection_changed`` carries the key of a pin a person chose here, ``pin_activated`` that of
    one clicked, or confirmed with Enter. What the program selects with ``set_selected`` is not
    told. The list beside the map is its twin for those who cannot see it.
    """

    pin_activated = Signal(str)
    selection_changed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._base = BaseLayer(theme)
        self._pins = PinsLayer(theme)
        self._view = Viewport(0.5, 0.5, 5.0, 640, 480).fitted(MEXICO)
        self._moved = False
        self._pressed: QPointF | None = None
        self._dragging = False
        self._wheel_carry = 0.0
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.update)
        self._controls = MapControls(theme, self)
        self._controls.zoomed_in.connect(self.zoom_in)
        self._controls.zoomed_out.connect(self.zoom_out)
        self._controls.fitted.connect(self.fit_to_pins)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._name()

    @property
    def view(self) -> Viewport:
        """What is shown now."""
        return self._view

    @property
    def selected(self) -> str:
        """The key of the chosen pin, empty for none."""
        return self._pins.selected

    def set_geography(self, geography: Geography) -> None:
        """Draw the ground. Loading it takes a fifth of a second: do that away from the loop."""
        self._base.set_geography(geography)
        if not self._moved and not self._pins.count:
            self._fit(self._base.extent or MEXICO)
        self.update()

    def set_pins(self, pins: Sequence[MapPin]) -> None:
        """Show these pins; until somebody moves the map it shows all of them."""
        self._pins.set_pins(pins)
        self._name()
        if not self._moved:
            self._fit_pins()
        self.update()

    def set_selected(self, key: str) -> None:
        """Mark a pin and bring it into sight; an unknown or empty key marks none."""
        self._pins.set_selected(key)
        place = self._pins.place(key)
        if place is not None:
            self._view = self._view.revealing(*place, self._theme.px(REVEAL_MARGIN))
        self.update()

    def set_route(self, keys: Sequence[str]) -> None:
        """Draw the suggested order of visits; an empty one draws none."""
        self._pins.set_route(keys)
        self.update()

    def set_highlight(self, names: Iterable[str]) -> None:
        """Light up states by name."""
        self._base.set_highlight(names)
        self.update()

    def zoom_in(self) -> None:
        """One level closer."""
        self._glide(BUTTON_LEVELS)

    def zoom_out(self) -> None:
        """One level farther."""
        self._glide(-BUTTON_LEVELS)

    def fit_to_pins(self) -> None:
        """Show all pins, or all the ground when there are none."""
        self._moved = False
        self._fit_pins()
        self.update()

    def _fit_pins(self) -> None:
        self._fit(bounds(self._pins.places()) or self._base.extent or MEXICO)

    def _fit(self, area: WorldRect) -> None:
        self._view = self._view.fitted(area, self._theme.px(FIT_PADDING))

    def _show(self, view: Viewport) -> None:
        self._moved = True
        self._view = view
        self.update()

    def _glide(self, levels: float, anchor: QPointF | None = None) -> None:
        """One frame of a zoom gesture: stretch the ground now, paint it when the hand rests."""
        self._settle.start()
        point = None if anchor is None else (anchor.x(), anchor.y())
        self._show(self._view.zoomed(levels, point))

    def _choose(self, key: str) -> None:
        if key != self._pins.selected:
            self._pins.set_selected(key)
            self.selection_changed.emit(key)
        self.update()

    def _click(self, mark: Mark) -> None:
        if not mark.is_cluster:
            self._choose(mark.keys[0])
            self.pin_activated.emit(mark.keys[0])
            return
        area = bounds(p for p in map(self._pins.place, mark.keys) if p is not None)
        if area is None or area[:2] == area[2:] or self._view.zoom >= MAX_ZOOM:
            self._next_of(mark)
            return
        fitted = self._view.fitted(area, self._theme.px(FIT_PADDING))
        wanted = max(fitted.zoom, self._view.zoom + SPLIT_LEVELS)
        self._show(fitted.zoomed(wanted - fitted.zoom))

    def _next_of(self, mark: Mark) -> None:
        """Pins at one and the same place cannot be parted: each click takes the next of them."""
        keys = mark.keys
        here = keys.index(self.selected) + 1 if self.selected in keys else 0
        key = keys[here % len(keys)]
        self._choose(key)
        self.pin_activated.emit(key)

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Map with %n visit(s)", "", self._pins.count))
        self.setAccessibleDescription(
            self.tr("Arrow keys move the map, plus and minus zoom. The list holds the same visits.")
        )

    def _text_at(self, point: QPointF) -> str:
        mark = self._pins.mark_at(self._view, point)
        if mark is None:
            return ""
        if mark.is_cluster:
            return self.tr("%n visit(s)", "", len(mark.keys))
        pin = self._pins.pin(mark.keys[0])
        return pin.label if pin is not None else ""

    def _place_controls(self) -> None:
        size = self._controls.sizeHint()
        gap = self._theme.px(14) - self._controls.room
        lift = self._theme.px(36) - self._controls.room
        self._controls.setGeometry(
            self.width() - size.width() - gap,
            self.height() - size.height() - lift,
            size.width(),
            size.height(),
        )

    @override
    def restyle(self) -> None:
        self._base.forget()
        self._pins.restyle()
        self._place_controls()
        super().restyle()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(520), self._theme.px(420))

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._text_at(QPointF(event.pos())), self)
            return True
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                anchor = event.position()
                self._glide(event.value() * 2, anchor)
            return True
        return super().event(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self.update()
        super().changeEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._view = self._view.resized(self.width(), self.height())
        if not self._moved:
            self._fit_pins()
        self._place_controls()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        if self._pressed is None:
            over = self._pins.mark_at(self._view, point) is not None
            shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.OpenHandCursor
            self.setCursor(shape)
            return
        moved = point - self._pressed
        if self._dragging or moved.manhattanLength() >= DRAG_PX:
            self._dragging = True
            self._pressed = point
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._show(self._view.panned(moved.x(), moved.y()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        clicked = not self._dragging
        self._pressed, self._dragging = None, False
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        mark = self._pins.mark_at(self._view, event.position()) if clicked else None
        if mark is not None:
            self._click(mark)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._pins.mark_at(self._view, event.position()) is None:
            self._glide(BUTTON_LEVELS, event.position())

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        # Touchpads send many small steps: gathered to quarter levels, the ground is painted less.
        self._wheel_carry += event.angleDelta().y() / WHEEL_NOTCH * WHEEL_LEVELS
        steps = int(self._wheel_carry / 0.25) * 0.25
        if steps:
            self._wheel_carry -= steps
            self._glide(steps, event.position())
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _PAN_KEYS:
            step = self._theme.px(KEY_STEP_PX)
            across, down = _PAN_KEYS[key]
            self._show(self._view.panned(across * step, down * step))
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom_in()
        elif key in {Qt.Key.Key_Minus, Qt.Key.Key_Underscore}:
            self.zoom_out()
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_0}:
            self.fit_to_pins()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.selected:
            self.pin_activated.emit(self.selected)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        painter = QPainter(self)
        self._base.paint(painter, self._view, ratio, hasty=self._settle.isActive())
        self._pins.paint(painter, self._view, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_margins(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.tokens.accent), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_margins(self, painter: QPainter) -> None:
        """The scale at the left foot, the sources at the right one."""
        theme = self._theme
        edge = theme.px(12)
        paint_scale_bar(
            painter, QPointF(edge, self.height() - edge), theme, self._view, self.locale()
        )
        text = self.tr("Borders: Natural Earth · Places: GeoNames (CC BY 4.0)")
        metrics = theme.metrics(11, QFont.Weight.Normal)
        width = metrics.horizontalAdvance(text) + theme.px(12)
        box = QRectF(
            self.width() - width - theme.px(6), self.height() - theme.px(24), width, theme.px(18)
        )
        paint_plate(painter, box, theme)
        painter.setFont(theme.font(11))
        painter.setPen(QColor(theme.tokens.map_label))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
