"""A line or paragraph of text in one of the theme's sizes and colours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QWidget

from ui.theme.themed import follow
from ui.theme.tokens import Tone
from ui.widgets.themed import set_text_colour

if TYPE_CHECKING:
    from ui.theme.theme import Theme


_BREAK = "\N{ZERO WIDTH SPACE}"
_LONG_WORD = re.compile(r"\S{25,}")
_PIECES = re.compile(r".{1,8}")

_TONE_COLOURS = {
    Tone.OK: "green_text",
    Tone.WARN: "amber_text",
    Tone.DANGER: "red_text",
    Tone.INFO: "accent",
    Tone.NEUTRAL: "muted",
}


def tone_colour(tone: Tone) -> str:
    """The name of the colour token that writes in a tone."""
    return _TONE_COLOURS[tone]


def breakable(text: str) -> str:
    """``text`` with invisible places to break in words too long for any column.

    ``QLabel`` breaks between words only: one long word would widen everything around it.
    """
    return _LONG_WORD.sub(lambda found: _BREAK.join(_PIECES.findall(found[0])), text)


class Label(QLabel):
    """Plain text (never rich: names may hold ``<``) that follows the theme.

    ``size`` is in pixels at 100 %, ``colour`` the name of a colour token.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        size: float = 13,
        weight: QFont.Weight = QFont.Weight.Normal,
        colour: str = "text",
        tabular: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._size, self._weight, self._tabular = size, weight, tabular
        self._colour = colour
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        follow(theme, self._restyle)

    def set_size(self, size: float) -> None:
        """Use another size, in pixels at 100 %."""
        if size != self._size:
            self._size = size
            self._restyle()

    def set_colour(self, colour: str) -> None:
        """Use another colour token."""
        if colour != self._colour:
            self._colour = colour
            self._restyle()

    def allow_copying(self) -> None:
        """Let the text be selected with mouse and keyboard."""
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def _restyle(self) -> None:
        self.setFont(self._theme.font(self._size, self._weight, tabular=self._tabular))
        set_text_colour(self, getattr(self._theme.tokens, self._colour))
