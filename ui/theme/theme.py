"""The theme object: created once by the composition root and handed to every widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QIcon, QPixmap

from ui.theme.fonts import load_fonts, make_font
from ui.theme.icons import IconStore
from ui.theme.palette import make_palette
from ui.theme.stylesheet import render_stylesheet
from ui.theme.tokens import DARK, LIGHT, Tokens

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


_AS_NOUGHT = str.maketrans("123456789", "000000000")


class Theme(QObject):
    """Colours, measures, fonts and icons of the moment.

    ``resources`` is the folder that holds ``fonts`` and ``icons``
    (``fieldtech.paths.resources_dir()``). ``changed`` comes after a switch of colours or scale,
    when the application's palette, font and style sheet are already the new ones.
    """

    changed = Signal()

    def __init__(
        self,
        resources: Path,
        *,
        dark: bool = False,
        scale: float = 1.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._resources = resources
        self._icons = IconStore(resources / "icons")
        self._tokens = (DARK if dark else LIGHT).scaled(scale)
        self._app: QApplication | None = None
        self._fonts: dict[tuple[int, QFont.Weight, bool], QFont] = {}
        self._metrics: dict[tuple[int, QFont.Weight, bool], QFontMetrics] = {}
        self._widths: dict[tuple[str, int, QFont.Weight], int] = {}

    @property
    def tokens(self) -> Tokens:
        """The table in force, measures already scaled."""
        return self._tokens

    @property
    def scale(self) -> float:
        """1.0 to 2.0."""
        return self._tokens.scale

    @property
    def dark(self) -> bool:
        """Light text on dark ground."""
        return self._tokens.name == DARK.name

    def set_dark(self, dark: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """Switch between the two colour tables."""
        self._switch((DARK if dark else LIGHT).scaled(self.scale))

    def set_scale(self, scale: float) -> None:
        """Set the size of everything, held to 1.0 … 2.0."""
        self._switch((DARK if self.dark else LIGHT).scaled(scale))

    def font(
        self,
        size: float,
        weight: QFont.Weight = QFont.Weight.Normal,
        *,
        tabular: bool = False,
    ) -> QFont:
        """A font of ``size`` pixels *at 100 %*; ``tabular`` for figures that must not jump."""
        key = (self._tokens.px(size), weight, tabular)
        if key not in self._fonts:
            self._fonts[key] = make_font(key[0], weight, tabular=tabular)
        return self._fonts[key]

    def metrics(
        self,
        size: float,
        weight: QFont.Weight = QFont.Weight.Normal,
        *,
        tabular: bool = False,
    ) -> QFontMetrics:
        """The measures of ``font`` with the same arguments, kept for painters and delegates."""
        key = (self._tokens.px(size), weight, tabular)
        if key not in self._metrics:
            self._metrics[key] = QFontMetrics(self.font(size, weight, tabular=tabular))
        return self._metrics[key]

    def text_width(
        self, text: str, size: float, weight: QFont.Weight, *, tabular: bool = False
    ) -> int:
        """How wide a text is; tabular figures are measured once, for all are of one width."""
        metrics = self.metrics(size, weight, tabular=tabular)
        if not tabular:
            return metrics.horizontalAdvance(text)
        key = (text.translate(_AS_NOUGHT), self._tokens.px(size), weight)
        if key not in self._widths:
            self._widths[key] = metrics.horizontalAdvance(key[0])
        return self._widths[key]

    def px(self, value: float) -> int:
        """A measure given at 100 %, in device-independent pixels now."""
        return self._tokens.px(value)

    def icon(
        self, name: str, colour: str | None = None, size: float = 18, *, trailing: int = 0
    ) -> QIcon:
        """An icon in ``colour`` (the text colour if none); ``size`` is in pixels at 100 %.

        ``trailing`` device-independent pixels of nothing follow it, to keep a text away.
        Raises ``UnknownIconError`` when no such icon is bundled.
        """
        return self._icons.icon(name, colour or self._tokens.text, self.px(size), trailing)

    def pixmap(
        self,
        name: str,
        colour: str | None = None,
        size: float = 18,
        *,
        ratio: float | None = None,
    ) -> QPixmap:
        """The same for painters; ``ratio`` is the device's, the sharpest screen's if none."""
        sharpness = ratio or max(
            (screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0
        )
        return self._icons.pixmap(name, colour or self._tokens.text, self.px(size), sharpness)

    def apply(self, app: QApplication) -> None:
        """Load the fonts and dress ``app``; later switches dress it again."""
        load_fonts(self._resources / "fonts")
        app.setStyle("Fusion")
        self._app = app
        self._dress()

    def _switch(self, tokens: Tokens) -> None:
        if tokens == self._tokens:
            return
        self._tokens = tokens
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        if self._app is None:
            return
        self._app.setPalette(make_palette(self._tokens))
        self._app.setFont(make_font(self._tokens.font_body, QFont.Weight.Normal, tabular=False))
        self._app.setStyleSheet(render_stylesheet(self._tokens))
