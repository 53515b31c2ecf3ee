"""A push button that knows its kind and keeps its icon in the theme's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from ui.theme.themed import follow
from ui.widgets.themed import set_mark

if TYPE_CHECKING:
    from ui.theme.theme import Theme

Kind = Literal["primary", "secondary", "ghost", "danger", "chip", "icon"]

ICON = 16
GAP = 3
_INK = {"primary": "on_accent", "danger": "on_red", "ghost": "accent"}


class Button(QPushButton):
    """``kind`` chooses the look in the style sheet, ``small`` and ``tiny`` the height.

    A small one is as high as a chip, a tiny one, for icons only, fits a line of text.
    The keyboard reaches it with Tab; a click leaves the focus where the person is typing.
    A button without text needs an accessible name: give ``hint``, which is its tool tip as well.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        kind: Kind = "secondary",
        icon: str = "",
        hint: str = "",
        small: bool = False,
        tiny: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme, self._kind, self._icon_name = theme, kind, icon
        self.setProperty("kind", kind)
        # Not a property named "size": every QWidget has one, and it is not a text.
        if small or tiny:
            self.setProperty("density", "tiny" if tiny else "small")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.set_hint(hint)
        follow(theme, self._restyle)

    def set_kind(self, kind: Kind) -> None:
        """Change the look, for instance when the next step of the work moves on."""
        self._kind = kind
        set_mark(self, "kind", kind)
        self._restyle()

    @override
    def setText(self, text: str) -> None:
        super().setText(text)
        self._restyle()

    def set_icon(self, name: str) -> None:
        """Show another icon; an empty name shows none."""
        self._icon_name = name
        self._restyle()

    def set_hint(self, hint: str) -> None:
        """Set the tool tip, and the accessible name of a button without text."""
        self.setToolTip(hint)
        if hint and not self.text():
            self.setAccessibleName(hint)

    def _restyle(self) -> None:
        if not self._icon_name:
            self.setIcon(QIcon())
            return
        theme = self._theme
        colour = getattr(theme.tokens, _INK.get(self._kind, "text"))
        # Qt leaves 4 px between icon and text whatever the size; the rest is in the picture.
        gap = theme.px(GAP) if self.text() else 0
        self.setIcon(theme.icon(self._icon_name, colour, ICON, trailing=gap))
        size = theme.px(ICON)
        self.setIconSize(QSize(size + gap, size))
