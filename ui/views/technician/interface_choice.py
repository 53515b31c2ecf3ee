"""Which of the laptop's interfaces is measured: the customer's, and not the one used to sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QComboBox
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QWheelEvent

    from fieldtech.services.machine import MeasurableInterface


class InterfaceChoice(QComboBox):
    """The interface in use or one by name; the likely one until a person has chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("measure.interface")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._offered: tuple[MeasurableInterface, ...] = ()
        self._is_chosen = False
        self.activated.connect(self._choose)
        self._retranslate()

    @property
    def interface(self) -> str:
        """The interface that was chosen, empty for the one in use."""
        return str(self.currentData() or "")

    @property
    def is_needed(self) -> bool:
        """There is something to choose, or something was chosen."""
        return len(self._offered) > 1 or bool(self.interface)

    def offer(self, interfaces: Sequence[MeasurableInterface]) -> None:
        """Let one be chosen; those without a link are marked, for that may be the fault.

        One that was chosen and is gone stays chosen: a run over another would say nothing of it.
        """
        self._offered = tuple(interfaces)
        likely = next((each.name for each in interfaces if each.likely), "")
        chosen = self.interface if self._is_chosen else likely
        links = {each.name: each.up for each in interfaces}
        if chosen:
            links.setdefault(chosen, False)
        self.clear()
        self.addItem(self.tr("Interface in use"), "")
        for name, up in links.items():
            self.addItem(name if up else self.tr("{name} (no link)").format(name=name), name)
        self.setCurrentIndex(max(self.findData(chosen), 0))

    def _choose(self) -> None:
        self._is_chosen = True

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Interface to measure"))
        self.offer(self._offered)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the wheel scroll the checklist and not change what is measured."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
