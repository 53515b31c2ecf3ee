"""What five people do on six laptops, as rules of a state machine."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crew import Crew, Hand
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from fieldtech.domain.check_commands import AnswerCheck, RecordMeasurement, WaiveCheck
from fieldtech.domain.commands import (
    AddNote,
    AssignVisit,
    FieldTime,
    Reason,
    ReassignVisit,
    RecordTime,
    RegisterIncident,
    RestoreIncident,
)
from fieldtech.domain.facts import MeasuredItem
from fieldtech.domain.words import Attribution, CheckStatus, Role

if TYPE_CHECKING:
    from datetime import datetime

TECHNICIANS = ("ana", "beto", "caro")
FIELD = ("ana", "ana-2", "beto", "caro")
DESK = ("dora", "nora")
STEPS = ("accept", "start_travel", "arrive", "leave", "resume", "finish", "decline")
PLACES = {"gdl": "gdl", "gdl2": "gdl", "zap": "zap", "tij": "tij", "mty": "mty"}
GRANTS = (
    (Role.DISPATCHER, ("jal",)),
    (Role.DISPATCHER, ("nl",)),
    (Role.DISPATCHER, ("jal", "nl")),
    (Role.DISPATCHER, ("zap",)),
    (Role.SUPERVISOR, ()),
)

in_the_field, at_the_desk = st.sampled_from(FIELD), st.sampled_from(DESK)
anybody, anything = st.sampled_from((*FIELD, *DESK)), st.integers(0, 30)


class WorkingDays(RuleBasedStateMachine):
    """People work; what goes wrong, and what must hold, is for the machine made of it."""

    def __init__(self) -> None:
        super().__init__()
        self.crew = Crew()
        self.faults: Counter[str] = Counter()
        self.number = 0

    def happened(self, fault: str) -> None:
        """Count a fault."""
        self.faults[fault] += 1

    def now(self) -> datetime:
        """The central's time."""
        return self.crew.clock.now()

    def a_number(self) -> int:
        """A number that nothing else has."""
        self.number += 1
        return self.number

    def incident_of(self, hand: Hand, which: int) -> str:
        """One of the incidents that this laptop shows ("" where there is none)."""
        with hand.store.database.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT id FROM mirror WHERE entity = 'incident' UNION SELECT id FROM overlay"
                " WHERE entity = 'incident' ORDER BY id"
            ).all()
        return str(rows[which % len(rows)][0]) if rows else ""

    def visit_of(self, hand: Hand, which: int) -> tuple[str, str]:
        """The last visit of an incident, and the incident."""
        incident = self.incident_of(hand, which)
        visits = hand.store.cases.get(incident).visits if incident else ()
        mine = [visit for visit in visits if visit.technician_id == hand.user] or list(visits)
        return (mine[-1].id if mine else "", incident)

    # What people do.

    def notes(self, hand: Hand, which: int, count: int) -> None:
        """Some notes on one incident, each unlike any other."""
        target = f"incident:{self.incident_of(hand, which)}"
        for _ in range(count):
            hand.give("incident.note", target, AddNote(text=f"{hand.name} {self.a_number()}"))

    @rule(name=anybody, which=anything, count=st.integers(1, 3))
    def writes(self, name: str, which: int, count: int) -> None:
        """Somebody writes a few notes."""
        self.notes(self.crew.hands[name], which, count)

    @rule(name=in_the_field, which=anything, status=st.sampled_from(CheckStatus))
    def answer(self, name: str, which: int, status: CheckStatus) -> None:
        """A technician answers an item; Ana may do so on two laptops."""
        hand = self.crew.hands[name]
        visit, _ = self.visit_of(hand, which)
        hand.give("check.answer", f"visit:{visit}", AnswerCheck(item="lan.cable", status=status))

    @rule(name=in_the_field, which=anything, status=st.sampled_from(CheckStatus))
    def measures(self, name: str, which: int, status: CheckStatus) -> None:
        """A technician has the laptop measure his visit's network."""
        hand = self.crew.hands[name]
        visit, _ = self.visit_of(hand, which)
        args = RecordMeasurement(
            measurement_id=f"m-{hand.name}-{self.a_number()}",
            started_at=self.now(),
            profile="quick",
            interface="eth0",
            seconds=6.1,
            cause="healthy",
            readings=(MeasuredItem(item="lan.ip", status=status, value="192.168.77.10"),),
        )
        hand.give("check.measure", f"visit:{visit}", args)

    @rule(name=in_the_field, which=anything, most=st.integers(1, 3))
    def step(self, name: str, which: int, most: int) -> None:
        """A technician takes the next steps of his visit."""
        hand = self.crew.hands[name]
        visit, _ = self.visit_of(hand, which)
        for _ in range(most):
            for step in STEPS:
                args = Reason(reason="lejos") if step == "decline" else FieldTime()
                if hand.give(f"visit.{step}", f"visit:{visit}", args):
                    break

    @rule(name=in_the_field, which=anything)
    def arrival(self, name: str, which: int) -> None:
        """A technician records a bare fact, wanted or not."""
        hand = self.crew.hands[name]
        visit, _ = self.visit_of(hand, which)
        hand.give("visit.record_time", f"visit:{visit}", RecordTime(kind="arrival", at=self.now()))

    @rule(name=in_the_field, which=anything)
    def restores(self, name: str, which: int) -> None:
        """A technician is through with the checklist and restores the service."""
        hand = self.crew.hands[name]
        visit_id, incident = self.visit_of(hand, which)
        visit = hand.store.cases.get(incident).visit(visit_id) if incident else None
        template = hand.store.reference.template(visit.checklist) if visit is not None else None
        for item in template.items if template is not None else ():
            if item.mandatory and visit is not None and visit.answer(item.id) is None:
                waived = WaiveCheck(item=item.id, reason="medido a mano")
                hand.give("check.waive", f"visit:{visit_id}", waived)
        policies = hand.store.reference.rules().rulebook.policies
        if not policies:
            return  # the database was lost, and the central has not been met since
        policy = policies[0]
        done = RestoreIncident(
            restored_at=self.now(),
            attribution=Attribution.OWN_NETWORK,
            cause=policy.causes[0].code,
            solution=policy.solutions[0].code,
        )
        hand.give("incident.restore", f"incident:{incident}", done)

    @rule(name=at_the_desk, place=st.sampled_from(sorted(PLACES)))
    def registers(self, name: str, place: str) -> None:
        """A dispatcher registers a fault."""
        args = RegisterIncident(
            site_id=f"s-{place}",
            customer_id=f"c-{place}",
            service_id=f"v-{place}",
            region_id=PLACES[place],
            title="Sin servicio",
            notified_at=self.now() - timedelta(minutes=5),
            channel="phone",
            affected=20,
        )
        self.crew.hands[name].give("incident.register", f"incident:m{self.a_number()}", args)

    @rule(name=at_the_desk, which=anything, technician=st.sampled_from(TECHNICIANS))
    def sends(self, name: str, which: int, technician: str) -> None:
        """A dispatcher sends a technician, or another one instead."""
        self.send(self.crew.hands[name], which, technician)

    def send(self, hand: Hand, which: int, technician: str) -> None:
        """Send a technician to an incident in place of whoever goes there, if anybody does."""
        visit, incident = self.visit_of(hand, which)
        new = f"w{self.a_number()}"
        other = ReassignVisit(new_visit_id=new, technician_id=technician, reason="más cerca")
        if not hand.give("visit.reassign", f"visit:{visit}", other):
            first = AssignVisit(incident_id=incident, technician_id=technician)
            hand.give("visit.assign", f"visit:{new}", first)

    @rule(name=at_the_desk, which=anything, whole=st.booleans())
    def calls_off(self, name: str, which: int, *, whole: bool) -> None:
        """A dispatcher cancels a visit, or the incident."""
        hand = self.crew.hands[name]
        visit, incident = self.visit_of(hand, which)
        why = Reason(reason="el cliente desiste")
        if whole:
            hand.give("incident.cancel", f"incident:{incident}", why)
        else:
            hand.give("visit.cancel", f"visit:{visit}", why)

    @rule(name=anybody, decision=st.sampled_from(("reissue", "note", "dismiss")))
    def decides(self, name: str, decision: Any) -> None:
        """Somebody decides about his last refusal."""
        hand = self.crew.hands[name]
        for item in hand.undecided()[:1]:
            before = set(hand.states())
            text = f"{name} {self.a_number()}"
            outcome = hand.store.decisions.decide(item.op_id, decision, text=text)
            if not hasattr(outcome, "code"):
                hand.decided.add(item.op_id)
                hand.given += [op for op in hand.states() if op not in before]

    @rule(user=at_the_desk, granted=st.sampled_from(GRANTS))
    def is_granted(self, user: str, granted: tuple[Role, tuple[str, ...]]) -> None:
        """A person of the desk gets other regions, or another role."""
        self.happened("scope changed")
        self.crew.grant(user, *granted)
