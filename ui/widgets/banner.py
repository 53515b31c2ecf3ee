"""News inside the window that never takes the keyboard away: alarms, assignments, refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.theme.themed import ThemedWidget
from ui.theme.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.label import Label

if TYPE_CHECKING:
    from ui.theme.theme import Theme

ICON = 18
_ICONS = {
    Tone.DANGER: "siren",
    Tone.WARN: "triangle-alert",
    Tone.OK: "circle-check",
    Tone.INFO: "info",
    Tone.NEUTRAL: "info",
}
_WEIGHTS = {Tone.DANGER: 3, Tone.WARN: 2, Tone.INFO: 1, Tone.OK: 1, Tone.NEUTRAL: 0}


@dataclass(frozen=True, slots=True)
class BannerAction:
    """A button of a banner."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Banner:
    """One piece of news; another with the same ``key`` replaces it.

    ``about`` is whatever the one who posts wants to find again in ``waiting``; ``again`` says the
    same in the language of the moment.
    """

    key: str
    tone: Tone
    title: str
    text: str = ""
    actions: tuple[BannerAction, ...] = ()
    icon: str = ""
    about: tuple[Any, ...] = ()
    again: Callable[[], Banner] | None = field(default=None, compare=False)


class BannerQueue(ThemedWidget):
    """Shows the gravest banner, the newest of equals first, and how many more wait.

    ``acted`` carries banner and action key, ``dismissed`` the key of one closed by a person, and
    ``covered`` a banner that came while a graver one is on view: whoever listens tells of it.
    An action does not close its banner: ``withdraw`` it when the matter is settled.
    """

    acted = Signal(str, str)
    dismissed = Signal(str)
    covered = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._banners: dict[str, Banner] = {}
        self._shown: Banner | None = None
        self._title = Label(theme, weight=QFont.Weight.DemiBold, wrap=True)
        self._text = Label(theme, size=12, wrap=True)
        self._more = Button(theme, kind="ghost", small=True)
        self._more.clicked.connect(self._next)
        self._close = Button(theme, kind="icon", icon="x", small=True)
        self._close.clicked.connect(self._dismiss)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._title)
        texts.addWidget(self._text)
        self._buttons = QHBoxLayout()
        self._row = QHBoxLayout(self)
        self._row.addLayout(texts, 1)
        self._row.addWidget(self._more)
        self._row.addLayout(self._buttons)
        self._row.addWidget(self._close)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()
        self._retranslate()
        self.restyle()

    @property
    def shown(self) -> Banner | None:
        """The banner on view."""
        return self._shown

    @property
    def waiting(self) -> tuple[Banner, ...]:
        """Every banner not yet dismissed, in the order they came."""
        return tuple(self._banners.values())

    def post(self, banner: Banner, *, quiet: bool = False) -> None:
        """Add or replace a banner; one that says nothing else than before is no news.

        ``quiet``: it is no news either (fewer of the same, the same on another page), so it keeps
        its place and nobody is told.
        """
        if self._banners.get(banner.key) == banner:
            return
        if not quiet:
            self._banners.pop(banner.key, None)
        self._banners[banner.key] = banner
        self._show_gravest(quiet=quiet)
        if not quiet and self._shown != banner:
            self.covered.emit(banner)

    def look_at(self, key: str) -> None:
        """Put one of the waiting banners on view."""
        if key in self._banners:
            self._shown = self._banners[key]
            self._fill()

    def withdraw(self, key: str) -> None:
        """Take a banner away without telling; unknown keys are ignored."""
        if self._banners.pop(key, None) is not None:
            self._show_gravest(quiet=True)

    def _next(self) -> None:
        """Show the banner after this one; nothing is dismissed by looking further."""
        ranked = self._ranked()
        if self._shown in ranked:
            place = ranked.index(self._shown)
            self._shown = ranked[(place + 1) % len(ranked)]
            self._fill()

    def _ranked(self) -> list[Banner]:
        """The gravest first, the newest of equals first."""
        newest_first = reversed(self._banners.values())
        return sorted(newest_first, key=lambda banner: -_WEIGHTS[banner.tone])

    def _dismiss(self) -> None:
        if self._shown is not None:
            key = self._shown.key
            del self._banners[key]
            self._show_gravest()
            self.dismissed.emit(key)

    def _show_gravest(self, *, quiet: bool = False) -> None:
        ranked = self._ranked()
        gravest = ranked[0] if ranked else None
        changed = gravest != self._shown
        self._shown = gravest
        self._more.setVisible(len(ranked) > 1)
        self._more.setText(self.tr("+%n more", "", len(ranked) - 1))
        if changed:
            self._fill(quiet=quiet)
        self.setVisible(gravest is not None)

    def _fill(self, *, quiet: bool = False) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        banner = self._shown
        if banner is None:
            return
        self._title.setText(banner.title)
        self._text.setText(banner.text)
        self._text.setVisible(bool(banner.text))
        before: QWidget = self._more
        for action in banner.actions:
            button = Button(self._theme, action.label, small=True)
            button.setProperty("action", action.key)
            button.clicked.connect(self._act)
            self._buttons.addWidget(button)
            # Made last, a button would come after everything else in the window.
            QWidget.setTabOrder(before, button)
            before = button
        QWidget.setTabOrder(before, self._close)
        self.setAccessibleName(_sentence(banner))
        if not quiet:
            self._announce(banner)
        self.update()

    def _act(self) -> None:
        if self._shown is not None:
            self.acted.emit(self._shown.key, str(self.sender().property("action")))

    def _announce(self, banner: Banner) -> None:
        """Have screen readers say it: at once when grave, else when they have finished."""
        # Imported here: there is no news before the window's first paint, which waits for imports.
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        event = QAccessibleAnnouncementEvent(self, _sentence(banner))
        politeness = QAccessible.AnnouncementPoliteness
        grave = banner.tone is Tone.DANGER
        event.setPoliteness(politeness.Assertive if grave else politeness.Polite)
        QAccessible.updateAccessibility(event)

    def _retranslate(self) -> None:
        self._close.set_hint(self.tr("Dismiss"))

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            for key, banner in self._banners.items():
                self._banners[key] = banner.again() if banner.again is not None else banner
            self._show_gravest(quiet=True)
        super().changeEvent(event)

    @override
    def restyle(self) -> None:
        px = self._theme.px
        self._row.setContentsMargins(px(50), px(8), px(12), px(8))
        self._row.setSpacing(px(10))
        self._buttons.setSpacing(px(6))
        super().restyle()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        banner = self._shown
        if banner is None:
            return
        theme, tokens = self._theme, self._theme.tokens
        pair = tokens.pair(banner.tone)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(pair.fill))
        painter.fillRect(QRectF(0, 0, theme.px(4), self.height()), QColor(pair.text))
        icon = banner.icon or _ICONS[banner.tone]
        top = (self.height() - theme.px(ICON)) // 2
        painter.drawPixmap(theme.px(20), top, theme.pixmap(icon, pair.text, ICON))
        painter.end()


def _sentence(banner: Banner) -> str:
    return f"{banner.title}. {banner.text}" if banner.text else banner.title
