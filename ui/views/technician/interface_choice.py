"""Which of the laptop's interfaces is measured: the customer's, and not the one used to sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QWheelEvent

    from fieldtech.services.machine import MeasurableInterface


class InterfaceChoice(QComboBox):
    """The interface in use or one by name; the likely one until a person has chosen.

    ``decided`` carries what a person chose.
    """

    decided = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("measure.interface")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._offered: tuple[MeasurableInterface, ...] = ()
        self._is_chosen = False
        self.activated.connect(self._decide)
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
        Nothing changes under the eyes of whoever is just choosing.
        """
        if tuple(interfaces) != self._offered and not self.view().isVisible():
            self._offered = tuple(interfaces)
            self._fill(self.interface if self._is_chosen else None)

    def choose(self, name: str | None) -> None:
        """Choose what a person chose before; ``None``: nobody has chosen."""
        self._is_chosen = name is not None
        self._fill(name)

    def _fill(self, chosen: str | None) -> None:
        if chosen is None:
            chosen = next((each.name for each in self._offered if each.likely), "")
        links = {each.name: each.up for each in self._offered}
        if chosen:
            links.setdefault(chosen, False)
        self.clear()
        self.addItem(self.tr("Interface in use"), "")
        for name, up in links.items():
            self.addItem(name if up else self.tr("{name} (no link)").format(name=name), name)
        self.setCurrentIndex(max(self.findData(chosen), 0))

    def _decide(self) -> None:
        self._is_chosen = True
        self.decided.emit(self.interface)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Interface to measure"))
        self._fill(self.interface if self._is_chosen else None)

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
