"""Who calls, and for which service: a search field and what it finds, used from the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

if TYPE_CHECKING:
    from fieldtech.services.values import ServiceHit
    from ui.views.kit import Kit

HIT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
HEIGHT = 132


class ServiceSearch(QObject):
    """``field`` and ``results`` are laid out by the form.

    ``chosen`` carries the ``ServiceHit`` (``None`` when the list changes under it), ``taken`` comes
    when Enter took the first hit, ``edited`` at every keystroke.
    """

    chosen = Signal(object)
    taken = Signal()
    edited = Signal()

    def __init__(self, kit: Kit, parent: QObject) -> None:
        super().__init__(parent)
        self._kit = kit
        self._searching = False
        self._wanted: str | None = None
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Customer, site, street, telephone or serial"))
        self.results = QListWidget()
        self.results.setWordWrap(True)
        self.results.setFixedHeight(kit.theme.px(HEIGHT))
        self.field.textEdited.connect(self._find)
        self.field.returnPressed.connect(self._take_first)
        self.results.currentItemChanged.connect(self._choose)

    def clear(self) -> None:
        """Begin anew."""
        self._wanted = None
        self.field.clear()
        self.results.clear()

    def restore(self, text: str, service_id: str) -> None:
        """Search for ``text`` again and choose that service if it is still found."""
        self.field.setText(text)
        self._wanted = service_id
        self._ask()

    def _find(self) -> None:
        self._wanted = None
        self.edited.emit()
        self._ask()

    def _ask(self) -> None:
        text = self.field.text()
        self._searching = True
        self._kit.ask(
            lambda desk: desk.dispatch.services(text), self._show, owner=self, key="register"
        )

    def _show(self, hits: tuple[ServiceHit, ...]) -> None:
        self._searching = False
        self.results.clear()
        for hit in hits:
            item = QListWidgetItem(f"{hit.customer} · {hit.service}\n{hit.site} · {hit.address}")
            item.setData(HIT_ROLE, hit)
            self.results.addItem(item)
            if hit.service_id == self._wanted:
                self.results.setCurrentItem(item)
        if self._wanted == "":
            self._take_first()
        self._wanted = None

    def _take_first(self) -> None:
        if self._searching:
            # Typed faster than the store answers: what it finds is taken then.
            self._wanted = ""
        elif self.results.count():
            self.results.setCurrentRow(0)
            self.taken.emit()

    def _choose(self, item: QListWidgetItem | None) -> None:
        self.chosen.emit(item.data(HIT_ROLE) if item is not None else None)
