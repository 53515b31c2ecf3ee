"""A closed list in which something may be suggested, and only a person chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.widgets.form import FormField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox

    from ui.theme.theme import Theme


class SuggestedChoice(FormField):
    """What is suggested stands in the field with its reason beneath; a choice is not overruled."""

    def __init__(self, theme: Theme, label: str, box: QComboBox) -> None:
        super().__init__(theme, label, box)
        self._box = box
        self._is_chosen = False
        box.activated.connect(self._decide)

    @property
    def is_chosen(self) -> bool:
        """A person has decided."""
        return self._is_chosen

    @property
    def chosen(self) -> object:
        """What a person chose, ``None`` for a mere suggestion: that is not worth keeping."""
        return self._box.currentData() if self._is_chosen else None

    def start_over(self) -> None:
        """Nobody has chosen yet, and nothing is suggested."""
        self._is_chosen = False
        self._box.setCurrentIndex(-1)
        self.set_hint("")

    def suggest(self, value: str, why: str) -> None:
        """Put a value in, saying why, unless a person has chosen; an empty one takes it out."""
        if not self._is_chosen:
            place = self._box.findData(value) if value else -1
            self._box.setCurrentIndex(place)
            self.set_hint(why if place >= 0 else "")

    def bring_back(self, value: object) -> None:
        """Show what a person had chosen before."""
        place = self._box.findData(value) if value is not None else -1
        if place >= 0:
            self._box.setCurrentIndex(place)
            self._decide()

    def _decide(self) -> None:
        self._is_chosen = True
        self.set_hint("")
