"""What the board has just done: a folio to read out to the caller, an assignment to take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal

from fieldtech.services.values import Refused
from ui.theme.tokens import Tone
from ui.views.refusals import refusal_text
from ui.widgets.banner import Banner, BannerAction, BannerQueue

if TYPE_CHECKING:
    from fieldtech.services.values import CaseDetail, Saved
    from ui.tasks.announcer import Changes
    from ui.views.kit import Kit

NEWS = "board.news"
UNDO = "undo"


class Assignment(NamedTuple):
    """Who was sent to what; ``before`` had it until then (empty: nobody)."""

    incident_id: str
    number: str
    technician_id: str
    name: str
    before: str


class BoardNews(BannerQueue):
    """One piece of news at a time; ``refused`` carries why something could not be taken back."""

    refused = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit.theme)
        self.setObjectName("board.news")
        self._kit = kit
        self._registered = ""
        self._hidden = False
        self._assignment: Assignment | None = None
        self.acted.connect(self.take_back)
        self.dismissed.connect(self._forget)
        kit.announcer.changed.connect(self._changed)

    def tell_registered(self, detail: CaseDetail, *, hidden: bool) -> None:
        """Say the folio; ``hidden``: a search keeps the card out of the lists."""
        self._forget()
        self._registered, self._hidden = detail.incident.id, hidden
        self.post(self._about(detail))

    def tell_assigned(self, assignment: Assignment) -> None:
        """Say who was sent, and offer to take it back."""
        self._forget()
        self._assignment = assignment
        self.post(self._sent(assignment))

    def take_back(self) -> None:
        """Undo the assignment told of, once."""
        told = self._assignment
        if told is None:
            return
        self._forget()
        reason = self.tr("Assignment undone")
        self._kit.ask(
            lambda desk: desk.dispatch.take_back(
                told.incident_id, told.technician_id, told.before, reason
            ),
            self._taken_back,
            owner=self,
        )

    def _taken_back(self, answer: Saved | Refused) -> None:
        self.withdraw(NEWS)
        if isinstance(answer, Refused):
            self.refused.emit(refusal_text(answer.code, answer.detail))
            return
        self._kit.announce(answer.changed)

    def _sent(self, assignment: Assignment) -> Banner:
        title = self.tr("{number} assigned to {name}").format(
            number=assignment.number, name=assignment.name
        )
        return Banner(NEWS, Tone.OK, title, actions=(BannerAction(UNDO, self.tr("Undo")),))

    def _about(self, detail: CaseDetail) -> Banner:
        title = self.tr("{number} registered").format(number=detail.incident.number)
        customer = detail.customer.name if detail.customer is not None else ""
        text = " · ".join(part for part in (customer, detail.incident.title) if part)
        if self._hidden:
            hidden = self.tr("The search hides it from the lists.")
            text = f"{text}. {hidden}"
        return Banner(NEWS, Tone.OK, title, text)

    def _changed(self, changes: Changes) -> None:
        """The central gives the folio: until then it is provisional."""
        told = self._told_of
        if told and (told in changes.incidents or changes.reference):
            self._kit.ask(lambda desk: desk.cases.detail(told), self._retell, owner=self, key=NEWS)

    def _retell(self, detail: CaseDetail | None) -> None:
        if detail is None or detail.incident.id != self._told_of:
            return
        if self._assignment is None:
            self.post(self._about(detail))
            return
        self._assignment = self._assignment._replace(number=detail.incident.number)
        self.post(self._sent(self._assignment), quiet=True)

    @property
    def _told_of(self) -> str:
        """The incident that the banner is about, empty when there is none."""
        return self._assignment.incident_id if self._assignment is not None else self._registered

    def _forget(self) -> None:
        self._registered, self._assignment = "", None
