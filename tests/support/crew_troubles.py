"""What goes wrong for five people on six laptops, as rules of a state machine."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crew import FAULTS, REPLY_LOST
from crew_days import (
    FIELD,
    PLACES,
    TECHNICIANS,
    WorkingDays,
    anybody,
    anything,
    at_the_desk,
    in_the_field,
)
from crew_files import attach, send_files
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sync_truth import check_cursors

from fieldtech.central.auth.devices import revoke
from fieldtech.central.feed import Writer
from fieldtech.central.housekeeping import TOMBSTONES_KEPT, drop_tombstones
from fieldtech.domain.commands import AddNote, AssignVisit, ReassignVisit
from fieldtech.domain.reference import Customer

if TYPE_CHECKING:
    from crew import Hand

MOST_LIVES = 2

places = st.sampled_from(sorted(PLACES))
bad_links = st.lists(st.sampled_from(("", "", *FAULTS)), min_size=2, max_size=8)

reached: Counter[str] = Counter()
"""How often a run of the machine came where it is hard to get to: it must get there."""
FORKED_PARKED, SWEPT = "forked with parked work", "rows that a reset took away"
RELEASED_PARKED, PHOTOS = "released with work parked behind", "photos at the central"


class Troubles(WorkingDays):
    """Everything from bad links to a central that forgets; what must hold is for its machine."""

    def __init__(self, poison: dict[str, bool]) -> None:
        super().__init__()
        self.poison = poison
        self.poison.clear()
        self.old_copies: dict[str, int] = {}
        self.lives = 0

    def run(self, hand: Hand, faults: list[str] | tuple[str, ...]) -> Any:
        """Synchronise once. 10: nothing leaves the outbox by it. 6: no cursor runs ahead."""
        before = hand.states()
        report = hand.run(faults)
        assert before.keys() <= hand.states().keys(), "10: no run takes work out of the outbox"
        check_cursors(self.crew, hand)
        return report

    @rule(name=anybody, faults=bad_links)
    def synchronises(self, name: str, faults: list[str]) -> None:
        """One run over a bad link."""
        self.run(self.crew.hands[name], faults)

    @rule(name=in_the_field, which=anything, count=st.integers(1, 2))
    def photographs(self, name: str, which: int, count: int) -> None:
        """A technician attaches photos."""
        hand = self.crew.hands[name]
        for _ in range(count):
            attach(hand, self.incident_of(hand, which), self.a_number())

    @rule(name=in_the_field, faults=bad_links)
    def sends_files(self, name: str, faults: list[str]) -> None:
        """Files go up over a bad link, as far as it lasts."""
        send_files(self.crew.hands[name], faults)

    @rule(links=st.lists(st.tuples(anybody, bad_links), min_size=2, max_size=4))
    def synchronise_by_turns(self, links: list[tuple[str, list[str]]]) -> None:
        """Several people over bad links, one after the other."""
        for name, faults in links:
            self.run(self.crew.hands[name], faults)

    @rule(name=anybody, which=anything, lost=st.integers(1, 3))
    def loses_the_answer(self, name: str, which: int, lost: int) -> None:
        """The central has done the work, and what it says of it gets lost, once or again."""
        hand = self.crew.hands[name]
        self.run(hand, ())  # after this the next request is the push itself
        self.notes(hand, which, 2)
        self.run(hand, [REPLY_LOST] * lost)

    @rule(name=at_the_desk, which=anything, whom=st.permutations(TECHNICIANS))
    def hands_over(self, name: str, which: int, whom: list[str]) -> None:
        """One technician is sent and hears of it; then another one goes in his place."""
        desk = self.crew.hands[name]
        for technician in whom[:2]:
            self.send(desk, which, technician)
            self.run(desk, ())
            self.run(self.crew.hands[technician], ())

    @rule(name=anybody)
    def loses_the_new_token(self, name: str) -> None:
        """The token is no good any more, and the reply that brings another gets lost."""
        self.run(self.crew.hands[name], ["token expired", REPLY_LOST, REPLY_LOST])

    @rule(name=anybody)
    def restarts(self, name: str) -> None:
        """The program ends and starts."""
        self.happened("laptop restarted")
        self.crew.hands[name].close()

    @rule(name=anybody, which=anything, count=st.integers(0, 4))
    def forks(self, name: str, which: int, count: int) -> None:
        """A laptop goes on as another device, with work under way."""
        hand = self.crew.hands[name]
        self.notes(hand, which, count)
        self.fork(hand)

    def fork(self, hand: Hand) -> None:
        """Let a laptop go on as another device."""
        self.happened("laptop forked")
        reached[FORKED_PARKED] += "parked" in hand.states().values()
        hand.fork()

    @rule(name=anybody)
    def copies_the_database(self, name: str) -> None:
        """Somebody copies a laptop's database."""
        hand = self.crew.hands[name]
        assert hand.undecided() is not None, "opened: there is one, also where it was just lost"
        hand.close()
        shutil.copyfile(hand.profile.db, hand.folder / "old-copy")
        self.old_copies[name] = len(hand.given)

    @precondition(lambda self: self.old_copies)
    @rule(which=anything)
    def is_restored_from_the_copy(self, which: int) -> None:
        """Somebody puts the copied database back; the journal beside it is the present one."""
        self.happened("old database restored")
        hand = self.crew.hands[sorted(self.old_copies)[which % len(self.old_copies)]]
        hand.close()
        for path in hand.profile.db.parent.glob(f"{hand.profile.db.name}-*"):
            path.unlink()
        shutil.copyfile(hand.folder / "old-copy", hand.profile.db)

    @rule(name=anybody)
    def loses_the_database(self, name: str) -> None:
        """Somebody deletes a laptop's database; the journal beside it stays."""
        self.happened("database lost")
        hand = self.crew.hands[name]
        hand.close()
        for path in hand.profile.db.parent.glob(f"{hand.profile.db.name}*"):
            path.unlink()

    @precondition(lambda self: "ana-copy" not in self.crew.hands)
    @rule()
    def is_copied(self) -> None:
        """Ana's whole profile is copied, and both go on."""
        self.happened("profile copied")
        made = self.crew.copy("ana")
        made.give("incident.note", "incident:run", AddNote(text=f"copia {self.a_number()}"))

    @rule()
    def is_backed_up(self) -> None:
        """The central is copied."""
        self.crew.back_up()

    @precondition(lambda self: self.lives < MOST_LIVES)
    @rule()
    def is_restored(self) -> None:
        """The central loses everything since its copy."""
        self.goes_back()

    def goes_back(self) -> None:
        """Put the central's copy in its place."""
        self.lives += 1
        self.happened("central restored")
        self.crew.restore()

    @precondition(lambda self: self.lives < MOST_LIVES)
    @rule(names=st.lists(anybody, min_size=1, max_size=3), which=anything, forked=st.booleans())
    def forgets_the_last_hour(self, names: list[str], which: int, *, forked: bool) -> None:
        """What several people sent since the copy is lost; some went on as other devices since."""
        self.crew.back_up()
        for name in names:
            hand = self.crew.hands[name]
            self.notes(hand, which, 2)
            self.run(hand, ())
            if forked:
                self.fork(hand)
        self.goes_back()

    @rule(name=st.sampled_from(("caro", "ana-2")))
    def is_shut_out(self, name: str) -> None:
        """A technician's laptop is revoked at the central."""
        hand = self.crew.hands[name]
        device = hand.store.session.get().device_id
        with self.crew.office.database.write() as connection:
            known = connection.exec_driver_sql("SELECT 1 FROM device WHERE id = ?", (device,))
            if known.first() is not None:  # not one that forked and was never heard of
                self.happened("laptop revoked")
                revoke(connection, device, self.crew.clock.now(), by="root")
                hand.revoked = True

    @rule(name=anybody, seconds=st.sampled_from((10_800, -10_800, 90)))
    def clock_jumps(self, name: str, seconds: int) -> None:
        """A laptop's wall clock is set wrongly."""
        self.happened("clock jumped")
        self.crew.hands[name].clock.jump_wall(seconds)

    @rule(name=anybody)
    def reboots(self, name: str) -> None:
        """A laptop is switched off and on."""
        self.happened("laptop rebooted")
        hand = self.crew.hands[name]
        hand.close()
        hand.clock.reboot()

    @rule(seconds=st.sampled_from((5, 700, 7_200)))
    def time_passes(self, seconds: int) -> None:
        """Longer than a hello is good for, or a token; a lid that was shut counts like this too."""
        self.crew.advance(seconds)

    @rule(name=anybody, which=anything)
    def trips_over_our_fault(self, name: str, which: int) -> None:
        """A note that our own code cannot take, until somebody mends it."""
        hand = self.crew.hands[name]
        text = f"veneno {self.a_number()}"
        target = f"incident:{self.incident_of(hand, which)}"
        for op_id in hand.give("incident.note", target, AddNote(text=text)):
            self.happened("command poisoned")
            self.poison[op_id] = True

    @rule(name=st.sampled_from(FIELD), which=anything, forked=st.booleans())
    def works_on_behind_our_fault(self, name: str, which: int, *, forked: bool) -> None:
        """What follows a note that our own code cannot take is parked, and the laptop may fork."""
        hand = self.crew.hands[name]
        self.trips_over_our_fault(name, which)
        self.step(name, which, 2)
        for _ in range(3):  # until the central has set the note aside
            self.run(hand, ())
        if forked:
            self.fork(hand)

    @rule(name=at_the_desk, place=places, whom=st.permutations(TECHNICIANS))
    def is_away_for_months(self, name: str, place: str, whom: list[str]) -> None:
        """A technician's visit goes to another one, and by the time he is back nobody says so."""
        desk, first = self.crew.hands[name], self.crew.hands[whom[0]]
        self.registers(name, place)
        incident, visit = f"m{self.number}", f"w{self.a_number()}"
        went = AssignVisit(incident_id=incident, technician_id=first.user)
        desk.give("visit.assign", f"visit:{visit}", went)
        self.run(desk, ())
        self.run(first, ())
        other = ReassignVisit(
            new_visit_id=f"w{self.a_number()}", technician_id=whom[1], reason="más cerca"
        )
        desk.give("visit.reassign", f"visit:{visit}", other)
        self.run(desk, ())
        self.tombstones_are_dropped()

    @precondition(lambda self: self.lives < MOST_LIVES)
    @rule(place=places, names=st.lists(anybody, min_size=1, max_size=3))
    def a_correction_is_forgotten(self, place: str, names: list[str]) -> None:
        """What the central was told by hand since its copy is on laptops, and nowhere else."""
        self.crew.back_up()
        for text in ("+52 33 0000 0000", f"+52 33 {self.a_number():08}"):
            with self.crew.office.database.write() as connection:
                writer = Writer(connection, now=self.crew.clock.now())
                customer = Customer(id=f"c-{place}", name=f"Cliente {place}", phone=text)
                writer.put("customer", customer.id, customer)
                writer.flush()
        for name in names:
            self.run(self.crew.hands[name], ())
        self.goes_back()

    @rule()
    def tombstones_are_dropped(self) -> None:
        """What was removed is forgotten, as after ninety days."""
        self.happened("tombstones dropped")
        with self.crew.office.database.write() as connection:
            drop_tombstones(connection, self.crew.clock.now() + TOMBSTONES_KEPT + timedelta(days=1))
