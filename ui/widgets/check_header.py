"""The closed part of a checklist row: a button that shows the verdict and unfolds the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from fieldtech.domain.words import CheckStatus
from ui.theme.themed import follow
from ui.theme.tokens import Tone
from ui.widgets.label import tone_colour

if TYPE_CHECKING:
    from ui.theme.theme import Theme

CIRCLE = 22
GLYPH = 13
INSET = 34
TITLE = 13
SMALL = 12
PADDING = 8

_SIGNS: dict[CheckStatus, tuple[str, Tone]] = {
    CheckStatus.PASS: ("check", Tone.OK),
    CheckStatus.WARN: ("triangle-alert", Tone.WARN),
    CheckStatus.FAIL: ("x", Tone.DANGER),
    CheckStatus.NOT_MEASURABLE: ("unplug", Tone.NEUTRAL),
    CheckStatus.NOT_APPLICABLE: ("minus", Tone.NEUTRAL),
    CheckStatus.WAIVED: ("shield-alert", Tone.INFO),
}


@dataclass(frozen=True, slots=True)
class CheckItemView:
    """What a row shows. ``value`` is already a text with its unit, or what is said instead.

    ``status`` is ``None`` while nobody has answered; ``busy`` while a probe is at work;
    ``missing`` marks a mandatory item that keeps the visit from being finished.
    ``field`` is the text of the value's own field; ``None`` when the item takes no value.
    ``locked`` is for whoever may read the answers and not give them. ``can_repeat``: a probe can
    measure it, as soon as nothing is measured any more (``waits``); ``has_evidence``: one has.
    ``unsaved``: what was measured stands on the screen alone, and is no answer.
    """

    title: str
    subtitle: str = ""
    status: CheckStatus | None = None
    value: str = ""
    field: str | None = None
    unit: str = ""
    note: str = ""
    missing: bool = False
    busy: bool = False
    can_waive: bool = False
    locked: bool = False
    unsaved: bool = False
    can_repeat: bool = False
    waits: bool = False
    has_evidence: bool = False


def paint_verdict(
    painter: QPainter, circle: QRectF, theme: Theme, status: CheckStatus | None
) -> None:
    """A tinted disc with the verdict's sign; an open ring while there is none."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if status is None:
        painter.setPen(QPen(QColor(theme.tokens.field_border), theme.px(1.5)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle.adjusted(1.5, 1.5, -1.5, -1.5))
    else:
        icon, tone = _SIGNS[status]
        pair = theme.tokens.pair(tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(pair.fill))
        painter.drawEllipse(circle)
        half = theme.px(GLYPH) / 2
        corner = circle.center() - QPointF(half, half)
        painter.drawPixmap(corner, theme.pixmap(icon, pair.text, GLYPH))
    painter.restore()


class CheckHeader(QAbstractButton):
    """Space or Enter unfolds; the accessible name says title, verdict and value."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: CheckItemView | None = None
        self._open = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow(theme, self._restyle)

    def show_view(self, view: CheckItemView) -> None:
        """Show another state of the item."""
        self._view = view
        self._name()
        self._restyle()

    def set_open(self, is_open: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """Turn the small arrow."""
        self._open = is_open
        self.update()

    def _name(self) -> None:
        view = self._view
        if view is None:
            return
        parts = [view.title, self._verdict(view), view.value, view.subtitle]
        self.setAccessibleName(". ".join(part for part in parts if part))

    def _verdict(self, view: CheckItemView) -> str:
        if view.busy:
            return self.tr("Measuring")
        words = {
            CheckStatus.PASS: self.tr("Pass"),
            CheckStatus.WARN: self.tr("Warning"),
            CheckStatus.FAIL: self.tr("Fail"),
            CheckStatus.NOT_MEASURABLE: self.tr("Not measurable here"),
            CheckStatus.NOT_APPLICABLE: self.tr("Not applicable"),
            CheckStatus.WAIVED: self.tr("Waived"),
        }
        required = self.tr("Required")
        if view.status is None:
            return required if view.missing else self.tr("Pending")
        return f"{required} · {words[view.status]}" if view.missing else words[view.status]

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self.update()
        super().changeEvent(event)

    @override
    def sizeHint(self) -> QSize:
        width = self._theme.px(260)
        return QSize(width, self.heightForWidth(width))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self._theme.px(40))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        texts = self._layout_texts(QRect(0, 0, width, 10_000))
        bottom = max(texts[0].bottom(), texts[1].bottom()) + 1
        return max(self._theme.px(44), bottom + self._theme.px(PADDING))

    def _value_text(self) -> str:
        view = self._view
        if view is None:
            return ""
        return self._verdict(view) if view.busy or not view.value else view.value

    def _layout_texts(self, area: QRect) -> tuple[QRect, QRect]:
        """The places of title and subtitle; the value keeps at most two fifths of the width."""
        theme, view = self._theme, self._view
        bold = theme.metrics(SMALL, QFont.Weight.DemiBold, tabular=True)
        value = min(bold.horizontalAdvance(self._value_text()) + 1, area.width() * 2 // 5)
        width = area.width() - theme.px(INSET) - value - theme.px(38)
        room = QRect(area.left() + theme.px(INSET), theme.px(PADDING), max(width, 60), 9_000)
        wrap = int(Qt.TextFlag.TextWordWrap)
        title = theme.metrics(TITLE, QFont.Weight.DemiBold).boundingRect(
            room, wrap, view.title if view else ""
        )
        below = QRect(room)
        below.setTop(title.bottom() + 1)
        if not view or not view.subtitle:
            return title, QRect(below.left(), title.bottom(), 0, 0)
        return title, theme.metrics(SMALL).boundingRect(below, wrap, view.subtitle)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        view, theme, tokens = self._view, self._theme, self._theme.tokens
        if view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        self._paint_ground(painter, area)
        size = theme.px(CIRCLE)
        circle = QRectF(theme.px(2), area.center().y() - size / 2, size, size)
        if view.busy:
            corner = circle.topLeft() + QPointF(theme.px(1), theme.px(1))
            painter.drawPixmap(corner, theme.pixmap("loader-circle", tokens.accent, 20))
        else:
            paint_verdict(painter, circle, theme, view.status)
        title, subtitle = self._layout_texts(self.rect())
        drop = max(0, (self.height() - subtitle.bottom() - theme.px(PADDING)) // 2)
        wrap = int(Qt.TextFlag.TextWordWrap)
        painter.setPen(QColor(tokens.text))
        painter.setFont(theme.font(TITLE, QFont.Weight.DemiBold))
        painter.drawText(title.adjusted(0, drop, 4, drop), wrap, view.title)
        painter.setPen(QColor(tokens.muted))
        painter.setFont(theme.font(SMALL))
        painter.drawText(subtitle.adjusted(0, drop, 4, drop), wrap, view.subtitle)
        self._paint_value(painter, view)
        painter.end()

    def _paint_ground(self, painter: QPainter, area: QRectF) -> None:
        tokens = self._theme.tokens
        rounded = area.adjusted(0, 2, 0, -2)
        if self.underMouse() and self.isEnabled():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.surface_hover))
            painter.drawRoundedRect(rounded, tokens.radius_s, tokens.radius_s)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(
                rounded.adjusted(1, 1, -1, -1), tokens.radius_s, tokens.radius_s
            )

    def _paint_value(self, painter: QPainter, view: CheckItemView) -> None:
        theme, tokens = self._theme, self._theme.tokens
        arrow = theme.px(14)
        top = (self.height() - arrow) / 2
        icon = "chevron-up" if self._open else "chevron-down"
        right = self.width() - arrow - theme.px(2)
        painter.drawPixmap(QPointF(right, top), theme.pixmap(icon, tokens.muted, 14))
        if view.status is not None and not view.missing:
            colour = tone_colour(_SIGNS[view.status][1])
        else:
            colour = "amber_text" if view.missing else "muted"
        metrics = theme.metrics(SMALL, QFont.Weight.DemiBold, tabular=True)
        text = metrics.elidedText(
            self._value_text(), Qt.TextElideMode.ElideRight, self.width() * 2 // 5
        )
        painter.setPen(QColor(getattr(tokens, colour)))
        painter.setFont(theme.font(SMALL, QFont.Weight.DemiBold, tabular=True))
        area = QRectF(0, 0, right - theme.px(8), self.height())
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text
        )
