"""The bar at the top of every screen: where one is, the search, how things stand, synchronise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme.themed import ThemedWidget
from ui.widgets.button import Button
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.search_box import SearchBox
from ui.widgets.status_pill import StatusPill

if TYPE_CHECKING:
    from ui.theme.theme import Theme

HEIGHT = 62
TITLE_WIDTH = 130


class TopBar(ThemedWidget):
    """``search``, ``status`` and ``sync_button`` are there to be used and connected to."""

    sync_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._title = ElidedLabel(theme, size=17, weight=QFont.Weight.Bold)
        self._subtitle = ElidedLabel(theme, size=12, colour="muted")
        self.search = SearchBox(theme)
        self.status = StatusPill(theme)
        self.search.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.sync_button = Button(theme, icon="refresh-cw")
        self.sync_button.clicked.connect(self.sync_requested)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(self._title)
        texts.addWidget(self._subtitle)
        texts.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.addLayout(texts, 1)
        self._row.addWidget(self.search)
        self._row.addWidget(self.status)
        self._row.addWidget(self.sync_button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words_width = 0
        self._retranslate()
        self.restyle()

    def set_title(self, title: str, subtitle: str = "") -> None:
        """Say which screen this is and what it shows."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))

    def add_widget(self, widget: QWidget) -> None:
        """Put another control before the synchronise button."""
        self._row.insertWidget(self._row.indexOf(self.sync_button), widget)

    def _retranslate(self) -> None:
        words = self.tr("Synchronise")
        self.sync_button.setAccessibleName(words)
        self.sync_button.set_hint(words)
        self.sync_button.setText(words)
        self._measure()

    def _measure(self) -> None:
        """How much room the words of the button take."""
        button = self.sync_button
        button.ensurePolished()
        button.setText("")
        bare = button.minimumSizeHint().width()
        button.setText(button.accessibleName())
        self._words_width = button.minimumSizeHint().width() - bare
        self._fit()

    def _fit(self) -> None:
        """Without room for its words the button is its icon: nothing touches, nothing is cut."""
        has_words = bool(self.sync_button.text())
        needed = self._row.minimumSize().width() + (0 if has_words else self._words_width)
        if has_words != (self.width() >= needed):
            self.sync_button.setText("" if has_words else self.sync_button.accessibleName())

    @override
    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        spare = self._words_width if self.sync_button.text() else 0
        return QSize(hint.width() - spare, hint.height())

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    @override
    def restyle(self) -> None:
        px = self._theme.px
        self.setFixedHeight(px(HEIGHT))
        self._row.setContentsMargins(px(20), 0, px(20), 1)
        self._row.setSpacing(px(12))
        # On a narrow window the search gives way first: one must see which screen this is.
        self._title.setMinimumWidth(px(TITLE_WIDTH))
        self._measure()
        super().restyle()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.surface))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.border))
        painter.end()
