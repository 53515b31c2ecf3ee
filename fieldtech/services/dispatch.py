"""The dispatcher's board: regions, the queue nobody is on, technicians, registering, assigning."""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING

import msgspec

from fieldtech.domain.clock_view import Clocks, ClockView, remaining
from fieldtech.domain.commands import AssignVisit, Reason, ReassignVisit
from fieldtech.domain.expectations import expected_values
from fieldtech.domain.severity import suggested
from fieldtech.domain.words import ClockState
from fieldtech.services.values import (
    AgendaPage,
    Board,
    Refused,
    RegionNode,
    ServiceHit,
    SeverityPreview,
    TechnicianRow,
)
from fieldtech.shapes import learned
from fieldtech.store.agenda import AgendaQuery
from fieldtech.store.work import NewCommand

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.clock import Clock
    from fieldtech.domain.commands import RegisterIncident
    from fieldtech.domain.words import Severity
    from fieldtech.services.cases import CaseService
    from fieldtech.services.values import Saved
    from fieldtech.store.board import RegionLoad, TechnicianLoad
    from fieldtech.store.opening import Store

PAGE = 200
"""Cards that a list of the board reads at a time."""

NO_SEVERITY = SeverityPreview(severity="", response_s=0, restoration_s=0, share=None)

_clocks = msgspec.json.Decoder(learned(Clocks))


class DispatchService:
    """Reads the board and carries out what a dispatcher decides."""

    def __init__(self, store: Store, cases: CaseService, clock: Clock) -> None:
        self._store = store
        self._cases = cases
        self._clock = clock

    def board(
        self, region_id: str = "", text: str = "", *, queue: int = PAGE, assigned: int = PAGE
    ) -> Board:
        """The board of a region (empty: everything granted), the most urgent first.

        ``queue`` and ``assigned`` are how many cards of either list are wanted from its head.
        """
        unassigned = self.cards(region_id, text, assigned=False, limit=queue)
        taken = self.cards(region_id, text, assigned=True, limit=assigned)
        rules = self._store.reference.rules()
        granted = self._granted()
        regions = tuple(
            self._node(load, rules.path(load.id))
            for load in self._store.board.regions()
            if granted.intersection(rules.path(load.id))
        )
        staff = [
            load for load in self._store.board.technicians() if self._works_here(load, granted)
        ]
        shown = self._store.board.technicians(region_id) if region_id else staff
        return Board(
            whole=self._whole(regions, len(staff)),
            regions=regions,
            queue=unassigned.rows,
            queue_total=unassigned.total,
            assigned=taken.rows,
            assigned_total=taken.total,
            technicians=tuple(self._technician(load) for load in shown),
            names={person.id: person.name for person in self._store.reference.people()},
        )

    def cards(
        self, region_id: str, text: str, *, assigned: bool, offset: int = 0, limit: int = PAGE
    ) -> AgendaPage:
        """A page of one of the board's two lists: what somebody is on, or what nobody is on."""
        regions = self._store.reference.rules().below(region_id) if region_id else None
        found = self._store.agenda.page(
            AgendaQuery(
                by_place=False,
                regions=regions,
                text=text,
                assigned=assigned,
                unassigned=not assigned,
            ),
            offset=offset,
            limit=limit,
        )
        return AgendaPage(rows=found.rows, offset=found.offset, total=found.total)

    def _whole(self, regions: tuple[RegionNode, ...], technicians: int) -> RegionNode:
        """All of it as one: the sum of the regions that lie in no other one of them."""
        known = {node.id for node in regions}
        tops = [node for node in regions if node.parent_id not in known]
        now = self._clock.now()
        clocks = [node.worst for node in tops if node.worst.state is not ClockState.NONE]
        return RegionNode(
            id="",
            parent_id="",
            name="",
            kind="",
            open=sum(node.open for node in tops),
            unassigned=sum(node.unassigned for node in tops),
            worst=min(clocks, key=lambda view: _rank(view, now), default=ClockView()),
            technicians=technicians,
        )

    def _granted(self) -> frozenset[str]:
        """The regions this dispatcher was given; an administrator's board is the whole tree."""
        given = frozenset(self._store.session.get().actor.region_ids)
        roots = (r.id for r in self._store.reference.regions() if not r.parent_id)
        return given or frozenset(roots)

    def _works_here(self, load: TechnicianLoad, granted: frozenset[str]) -> bool:
        rules = self._store.reference.rules()
        return any(granted.intersection(rules.path(own)) for own in load.person.region_ids)

    def _node(self, load: RegionLoad, path: tuple[str, ...]) -> RegionNode:
        return RegionNode(
            id=load.id,
            parent_id=load.parent_id,
            name=load.name,
            kind=load.kind.value,
            open=load.open,
            unassigned=load.unassigned,
            worst=self._nearest(load.worst_clocks),
            technicians=load.technicians,
            depth=len(path) - 1,
        )

    def _technician(self, load: TechnicianLoad) -> TechnicianRow:
        regions = self._store.reference.rules().regions
        return TechnicianRow(
            id=load.person.id,
            name=load.person.name,
            phone=load.person.phone,
            skills=load.person.skills,
            region_names=tuple(
                regions[each].name for each in load.person.region_ids if each in regions
            ),
            open_visits=load.open_visits,
            on_site=load.on_site,
            worst=self._nearest(load.worst_clocks),
        )

    def _nearest(self, clocks_json: str) -> ClockView:
        """The clock of an incident whose deadline comes first; a stopped one has none any more."""
        if not clocks_json:
            return ClockView()
        both = _clocks.decode(clocks_json)
        live = [
            view
            for view in (both.response, both.restoration)
            if view.state in {ClockState.RUNNING, ClockState.PAUSED}
        ]
        now = self._clock.now()
        return min(live, key=lambda view: _rank(view, now), default=ClockView())

    def services(self, text: str) -> tuple[ServiceHit, ...]:
        """Services to register an incident for, by customer, site, street, phone or serial."""
        return tuple(
            ServiceHit(
                service_id=hit.service_id,
                site_id=hit.site_id,
                customer_id=hit.customer_id,
                region_id=hit.region_id,
                customer=hit.customer,
                site=hit.site,
                address=f"{hit.street}, {hit.neighbourhood}, {hit.municipality}, {hit.state}",
                service=hit.service,
                total_users=hit.total_users,
                open_numbers=hit.open_numbers,
            )
            for hit in self._store.places.search(text)
        )

    def timezone(self, site_id: str) -> str:
        """The zone in which people at a site read their clocks, empty when it is not known."""
        site = self._store.reference.site(site_id)
        return site.timezone if site is not None else ""

    def severity(
        self, hit: ServiceHit, affected: int | None, chosen: Severity | None = None
    ) -> SeverityPreview:
        """What comes of a user count and of a severity ``chosen`` by hand, which overrules it.

        The rule and the target times are those of the region's policy.
        """
        rules = self._store.reference.rules()
        policy = rules.rulebook.current(hit.region_id)
        total = hit.total_users
        if affected is not None and (affected < 0 or (total and affected > total)):
            return NO_SEVERITY
        by_rule = suggested(policy, affected, total)
        found = chosen or by_rule
        if found is None:
            return NO_SEVERITY
        targets = policy.targets(found, rules.path(hit.region_id))
        return SeverityPreview(
            severity=found.value,
            response_s=targets.response_s,
            restoration_s=targets.restoration_s,
            share=affected / total if affected is not None and total else None,
            by_rule=by_rule.value if by_rule is not None else "",
        )

    def register(self, args: RegisterIncident, *, draft: str = "") -> Saved | Refused:
        """Register an incident: acceptance and registration at once, the response clock stops.

        ``draft`` is the key of the form's draft, forgotten together with that.
        """
        target = f"incident:{uuid.uuid4()}"
        return self._cases.do("incident.register", target, args, {}, draft=draft)

    def assign(self, incident_id: str, technician_id: str) -> Saved | Refused:
        """Send a technician: a new visit, or the open one handed over to him.

        What the dispatcher saw is expected of the central, so that two who assign the same
        incident at once do not overrule each other unseen.
        """
        case = self._store.cases.get(incident_id)
        if case.incident is None:
            return Refused(code="unknown_target")
        current = next((visit for visit in case.visits if visit.state.is_open), None)
        new_id = str(uuid.uuid4())
        if current is None:
            seen = expected_values(case, None)
            return self._cases.do_all(
                NewCommand(
                    name="visit.assign",
                    target=f"visit:{new_id}",
                    args=AssignVisit(incident_id=incident_id, technician_id=technician_id),
                    expect={"technician_id": seen["technician_id"]},
                )
            )
        if current.technician_id == technician_id:
            return Refused(code="already_assigned")
        seen = expected_values(case, current)
        return self._cases.do_all(
            NewCommand(
                name="visit.reassign",
                target=f"visit:{current.id}",
                args=ReassignVisit(new_visit_id=new_id, technician_id=technician_id),
                expect={"technician_id": seen["technician_id"]},
            )
        )

    def take_back(
        self, incident_id: str, technician_id: str, before: str, reason: str
    ) -> Saved | Refused:
        """Undo that a technician was sent: the visit goes to who had it ``before``, or ends.

        Refused when it is not his any more: what others have done meanwhile stands.
        """
        case = self._store.cases.get(incident_id)
        current = next((visit for visit in case.visits if visit.state.is_open), None)
        if current is None or current.technician_id != technician_id:
            return Refused(code="wrong_state")
        if before:
            return self.assign(incident_id, before)
        seen = expected_values(case, current)
        return self._cases.do(
            "visit.cancel",
            f"visit:{current.id}",
            Reason(reason=reason),
            {"technician_id": seen["technician_id"]},
        )


def _rank(view: ClockView, now: datetime) -> tuple[bool, float]:
    """The nearest deadline first; a clock that stands still comes behind those that run."""
    left = remaining(view, now)
    return view.state is ClockState.PAUSED, math.inf if left is None else left
