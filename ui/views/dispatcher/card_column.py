"""One of the board's two lists: how many there are, the cards, and what it says without any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.views import formats, labels
from ui.views.card_list import CardList
from ui.widgets.section import SectionHeading

if TYPE_CHECKING:
    from fieldtech.services.values import AgendaPage
    from ui.views.kit import Kit


class CardColumn(QWidget):
    """``cards`` is the list; it asks for more with ``cards.cards.page_wanted``, a ``PAGE`` each."""

    PAGE = 200

    def __init__(self, kit: Kit, name: str, title: str, accessible_name: str) -> None:
        super().__init__()
        self._title = title
        self._total = 0
        self._heading = SectionHeading(kit.theme, title)
        self._empty = labels.muted(kit.theme)
        self._empty.setObjectName(f"{name}.empty")
        self._empty.setContentsMargins(kit.theme.px(2), 0, kit.theme.px(2), 0)
        self._empty.hide()
        self.cards = CardList(kit, name)
        self.cards.setAccessibleName(accessible_name)
        layout = labels.column(self, spacing=kit.theme.px(2))
        layout.addWidget(self._heading)
        layout.addWidget(self._empty)
        layout.addWidget(self.cards, 1)

    @property
    def wanted(self) -> int:
        """How many cards to read anew: what the reader has scrolled through, or a page."""
        return max(self.PAGE, self.cards.cards.loaded)

    def show_cards(
        self,
        page: AgendaPage,
        names: dict[str, str],
        *,
        chosen: str,
        stay: bool,
        empty: str,
    ) -> bool:
        """Show the head of the list; ``empty`` is said when there is none.

        ``chosen`` is the incident to be current; returns whether it is here. ``stay``: the reader
        is left where he had scrolled to.
        """
        self._heading.set_text(self._title, formats.number(page.total))
        self._empty.setText(empty)
        self._empty.setVisible(not page.total)
        place = self.cards.place
        self.cards.cards.show_flat(page, names)
        is_here = self.cards.select(chosen)
        if stay:
            self.cards.return_to(place)
        return is_here
