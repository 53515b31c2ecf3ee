"""The place of a visit: which incident it is, loaded and reloaded from the services."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.views import labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QResizeEvent

    from fieldtech.services.values import CaseDetail
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit
    from ui.views.technician.visit_body import VisitBody


COMPACT_BELOW = 480
"""Height in pixels at 100 % below which the head of a visit is two lines."""


_PARTS = (
    "visit_header",
    "summary_tab",
    "restore_texts",
    "asked",
    "actions_bar",
    "item_texts",
    "measured",
    "measure_words",
    "measuring",
    "interface_choice",
    "measure_card",
    "checklist_measuring",
    "comparison",
    "checklist_tab",
    "case_timeline",
    "notes_tab",
    "file_viewer",
    "evidence_tab",
    "restore_form",
    "visit_body",
)
"""What a visit is shown with, those first that others import."""


def import_parts() -> Iterator[None]:
    """Import what a visit is shown with, a part at a time: together they are a third of all."""
    for part in _PARTS:
        import_module(f"ui.views.technician.{part}")
        yield


class VisitPanel(QWidget):
    """Shows one incident at a time; ``show_incident`` switches, announcements refresh.

    ``back`` is emitted by the button that narrow windows show above the panel. The widgets of the
    visit are made when the first one is shown, in turns of the event loop: neither the window's
    first paint nor a hand on the keyboard waits for them.
    """

    back = Signal()

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("visit.panel")
        self._kit = kit
        self._incident_id = ""
        self._visit_id = ""
        self._detail: CaseDetail | None = None
        self._tab = 0
        self._body: VisitBody | None = None
        self._is_making = False
        self._lay_out()
        kit.announcer.changed.connect(self._changed)

    def _lay_out(self) -> None:
        theme = self._kit.theme
        self._back = labels.button(
            theme, self.tr("Agenda"), "visit.back", kind="ghost", icon="chevron-left", small=True
        )
        self._back.clicked.connect(self.back)
        self._back.hide()
        self._empty = labels.muted(theme, self.tr("Choose a visit from the list."))
        self._layout = labels.column(self, spacing=theme.px(4))
        self._layout.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        self._layout.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addWidget(self._empty)

    def _make_body(self) -> Iterator[None]:
        """Make the inside and show the case in it, a part in each turn."""
        yield from import_parts()
        from ui.views.technician.visit_body import make_body

        body = yield from make_body(self._kit)
        body.restore_wanted.connect(self._open_restore)
        body.hide()
        self._layout.addWidget(body, 1)
        yield
        shown = None
        # What was chosen meanwhile is what is shown in the end.
        while self._detail is not None and self._detail is not shown:
            shown = self._detail
            yield from body.showing(shown)
        self._body = body
        body.open_tab(self._tab)
        body.setVisible(shown is not None)
        self._fit()

    def set_back_visible(self, visible: bool) -> None:  # noqa: FBT001  a plain Qt-style setter
        """Narrow windows show the way back to the list."""
        self._back.setVisible(visible)

    @property
    def incident_id(self) -> str:
        """The incident shown, empty when none."""
        return self._incident_id

    @property
    def visit_id(self) -> str:
        """The visit it was opened with, empty when none."""
        return self._visit_id

    def open_tab(self, position: int) -> None:
        """Bring a tab to the front: 0 visit, 1 checklist, 2 notes."""
        self._tab = position
        if self._body is not None:
            self._body.open_tab(position)

    def show_incident(self, incident_id: str, visit_id: str) -> None:
        """Load and show another incident."""
        if incident_id != self._incident_id and self._body is not None:
            self._body.close_restore()
        self._incident_id, self._visit_id = incident_id, visit_id
        self._load()

    def _load(self) -> None:
        incident_id, visit_id = self._incident_id, self._visit_id
        self._kit.ask(
            lambda desk: desk.cases.detail(incident_id, visit_id),
            self._show,
            owner=self,
            key=f"visit.panel.{id(self)}",
        )

    def _show(self, detail: CaseDetail | None) -> None:
        self._detail = detail
        self._empty.setVisible(detail is None)
        if self._body is not None:
            self._body.setVisible(detail is not None)
        if detail is None:
            self._empty.setText(self.tr("This incident is no longer on this laptop."))
            self._fit()
            return
        if self._body is not None:
            self._fit()
            self._body.show_case(detail)
        elif not self._is_making:
            self._is_making = True
            self._kit.runner.in_turns(self._make_body(), owner=self)

    def _fit(self) -> None:
        """Little height, as at 200 % on a small screen: the head gives way to the work."""
        compact = self.height() < self._kit.theme.px(COMPACT_BELOW)
        if self._body is not None:
            self._body.set_compact(compact)
        if compact and self._body is not None and self._empty.isHidden():
            self._body.lead_with(self._back)
        else:
            self._layout.insertWidget(0, self._back, 0, Qt.AlignmentFlag.AlignLeft)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _open_restore(self) -> None:
        incident_id, visit_id = self._incident_id, self._visit_id

        def answer(detail: CaseDetail | None) -> None:
            if detail is not None and self._body is not None and incident_id == self._incident_id:
                self._body.open_restore(detail)

        self._kit.ask(lambda desk: desk.cases.detail(incident_id, visit_id), answer, owner=self)

    def _changed(self, changes: Changes) -> None:
        if self._incident_id and (self._incident_id in changes.incidents or changes.reference):
            self._load()
