"""The dispatcher's board: regions, the queue nobody is on, technicians, registering, assigning."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from fieldtech.domain.clock_view import Clocks, ClockView, remaining
from fieldtech.domain.commands import AssignVisit, ReassignVisit
from fieldtech.domain.expectations import expected_values
from fieldtech.domain.severity import suggested
from fieldtech.domain.words import OPEN_VISIT_STATES, ClockState
from fieldtech.services.values import (
    Board,
    Refused,
    RegionNode,
    ServiceHit,
    SeverityPreview,
    TechnicianRow,
)
from fieldtech.store.agenda import AgendaQuery
from fieldtech.store.work import NewCommand

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.domain.commands import RegisterIncident
    from fieldtech.services.cases import CaseService
    from fieldtech.services.values import AgendaRow, Saved
    from fieldtech.store.board import RegionLoad, TechnicianLoad
    from fieldtech.store.opening import Store

QUEUE = 500
"""Cards a board shows at the most; the counts of the tree are over everything."""

_EXPECTED = frozenset(state.value for state in OPEN_VISIT_STATES)
_DOWN = frozenset({"reported", "acknowledged", "in_progress", "pending"})

_clocks = msgspec.json.Decoder(Clocks)


class DispatchService:
    """Reads the board and carries out what a dispatcher decides."""

    def __init__(self, store: Store, cases: CaseService, clock: Clock) -> None:
        self._store = store
        self._cases = cases
        self._clock = clock

    def board(self, region_id: str = "", text: str = "") -> Board:
        """The board of a region (empty: everything granted), the most urgent first."""
        rules = self._store.reference.rules()
        granted = self._granted()
        regions = rules.below(region_id) if region_id else None
        wanted = AgendaQuery(by_place=False, regions=regions, text=text)
        page = self._store.agenda.page(wanted, limit=QUEUE * 2)
        # Asked for apart: what nobody is on must not wait unseen behind a thousand others.
        queue = self._store.agenda.page(replace(wanted, unassigned=True), limit=QUEUE)
        names = {person.id: person.name for person in self._store.reference.people()}
        return Board(
            regions=tuple(
                self._node(load, rules.path(load.id))
                for load in self._store.board.regions()
                if granted.intersection(rules.path(load.id))
            ),
            queue=queue.rows,
            assigned=tuple(row for row in page.rows if not _needs_somebody(row))[:QUEUE],
            technicians=tuple(
                self._technician(load)
                for load in self._store.board.technicians(region_id or None)
                if region_id or self._works_here(load, granted)
            ),
            names=names,
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
        now = self._clock.now()
        left = [
            (view.state is ClockState.PAUSED, seconds, view)
            for view in (both.response, both.restoration)
            if view.state in {ClockState.RUNNING, ClockState.PAUSED}
            and (seconds := remaining(view, now)) is not None
        ]
        return min(left, key=lambda each: each[:2])[2] if left else ClockView()

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

    def severity(self, hit: ServiceHit, affected: int | None) -> SeverityPreview:
        """What the rule of the region's policy makes of a user count, with its two targets."""
        rules = self._store.reference.rules().rulebook
        policy = rules.current(hit.region_id)
        if affected is not None and (
            affected < 0 or (hit.total_users and affected > hit.total_users)
        ):
            return SeverityPreview(severity="", response_s=0, restoration_s=0, share=None)
        found = suggested(policy, affected, hit.total_users)
        if found is None:
            return SeverityPreview(severity="", response_s=0, restoration_s=0, share=None)
        targets = policy.targets(found, rules.path(hit.region_id))
        share = affected / hit.total_users if affected is not None and hit.total_users else None
        return SeverityPreview(
            severity=found.value,
            response_s=targets.response_s,
            restoration_s=targets.restoration_s,
            share=share,
        )

    def register(self, args: RegisterIncident) -> Saved | Refused:
        """Register an incident: acceptance and registration at once, the response clock stops."""
        return self._cases.do("incident.register", f"incident:{uuid.uuid4()}", args, {})

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


def _needs_somebody(row: AgendaRow) -> bool:
    """The service is down (or not yet accepted) and no technician is expected at the site."""
    return row.incident_state in _DOWN and row.visit_state not in _EXPECTED
