"""What must hold of a central and its laptops, told without the code that is meant to keep it.

The scope of each person is worked out here from the central's stored texts by the definition in the
design notes; histories are counted; the stores are read as plain tables. The numbers are those of
the invariants there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import case_invariants
import msgspec
import tally

from fieldtech.central.sync.ground import Grounds
from fieldtech.domain.case import Case
from fieldtech.domain.commands import FACTS
from fieldtech.domain.words import Role
from fieldtech.protocol.codec import decode_body
from fieldtech.store.agenda import AgendaQuery
from fieldtech.store.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from crew import Crew, Hand
    from sqlalchemy import Connection

Key = tuple[str, str]
FOR_ALL = {"region", "channel", "person", "policy", "template", "settings", "planned"}
NO_LONGER_HIS = {"reassigned", "declined"}
REFUSED = {"rejected", "quarantined"}
_IDS = {
    f"{kind}_id": kind for kind in ("incident", "visit", "site", "customer", "service", "equipment")
}
"""Columns of the laptop's tables that name what they are about."""
_OWN = {"outbox", "blob", "overlay"}
"""What the person did himself; ``overlay`` is empty by now."""


class Done(NamedTuple):
    """An entry of a history: the id of the command and what it was."""

    id: str
    cmd: str


@dataclass(slots=True)
class Records:
    """Everything that a central has stored, as plain values."""

    bodies: dict[Key, tuple[int, str]]
    plain: dict[Key, dict[str, Any]]
    outcomes: dict[str, str]
    illegal: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, crew: Crew) -> Records:
        """Read them past the central's door."""
        with crew.office.database.read() as connection:
            run = connection.exec_driver_sql
            bodies = {
                (row[0], row[1]): (row[2], row[3])
                for row in run("SELECT entity, id, rev, text FROM body WHERE audience = ''")
            }
            outcomes = {row[0]: row[1] for row in run("SELECT op_id, status FROM op")}
            plain = {key: msgspec.json.decode(text) for key, (_, text) in bodies.items()}
            found = cls(bodies, plain, outcomes)
            found.illegal = list(found._illegal(connection))
        return found

    def each(self, entity: str) -> dict[str, dict[str, Any]]:
        """All values of one kind by their id."""
        return {each: value for (kind, each), value in self.plain.items() if kind == entity}

    def histories(self) -> dict[str, list[Done]]:
        """What was done on each incident, in its order."""
        return {
            each: [Done(entry["id"], entry["cmd"]) for entry in value.get("history", [])]
            for each, value in self.each("incident").items()
        }

    def scope(self, user: str, role: Role, regions: Collection[str]) -> set[Key]:
        """Everything that this person may see, and nothing else."""
        incidents, visits, sites = self.each("incident"), self.each("visit"), self.each("site")
        if role is Role.TECHNICIAN:
            cases = {
                visit["incident_id"]
                for visit in visits.values()
                if user in (visit["technician_id"], *visit.get("companions", []))
                and visit["state"] not in NO_LONGER_HIS
            }
            places = {incidents[each]["site_id"] for each in cases}
        else:
            wide = {"mx"} if role is Role.SUPERVISOR else set(regions)
            cases = {i for i, v in incidents.items() if wide & set(self._above(v["region_id"]))}
            places = {s for s, v in sites.items() if wide & set(self._above(v["region_id"]))}
        mine = {("incident", each) for each in cases}
        mine |= {("visit", each) for each, v in visits.items() if v["incident_id"] in cases}
        mine |= {("site", each) for each in places}
        mine |= {("customer", sites[each]["customer_id"]) for each in places}
        for kind in ("service", "equipment"):
            mine |= {(kind, each) for each, v in self.each(kind).items() if v["site_id"] in places}
        mine |= {
            ("service_month", each)
            for each, month in self.each("service_month").items()
            if ("service", month["service_id"]) in mine
        }
        return mine | {key for key in self.bodies if key[0] in FOR_ALL}

    def _above(self, region_id: str) -> Iterator[str]:
        while region_id:
            yield region_id
            region_id = self.plain["region", region_id].get("parent_id", "")

    def _illegal(self, connection: Connection) -> Iterator[str]:
        """Name every stored case that is no sound one."""
        rules = Grounds().of(connection).rules
        visits = defaultdict(list)
        for (entity, each), (_, text) in self.bodies.items():
            if entity == "visit":
                visits[self.plain[entity, each]["incident_id"]].append(decode_body(entity, text))
        for (entity, each), (_, text) in self.bodies.items():
            if entity == "incident":
                case = Case(incident=decode_body(entity, text), visits=tuple(visits.pop(each, ())))
                yield from (f"{each}: {why}" for why in case_invariants.violations(case, rules))
        yield from (f"visits of nothing: {each}" for each in visits)


def check_cursors(crew: Crew, hand: Hand) -> None:
    """6: what a laptop says it has read of each bucket is there, whatever has gone wrong so far."""
    with hand.store.database.read() as connection:
        run = connection.exec_driver_sql
        epoch = run("SELECT epoch FROM session").scalar_one()
        cursors = {
            row[0]: (row[1], bool(row[2]))
            for row in run("SELECT name, cursor, sweeping FROM bucket")
        }
        held = {
            (row[0], row[1], row[2]): row[3]
            for row in run(
                "SELECT b.name, m.entity, m.id, member.rev FROM member"
                " JOIN bucket AS b ON b.id = member.bucket_id JOIN mirror AS m USING (rid)"
            )
        }
    with crew.office.database.read() as connection:
        run = connection.exec_driver_sql
        if run("SELECT value FROM meta WHERE key = 'epoch'").scalar_one() != epoch:
            return  # it has yet to hear that the central lives another life
        rows = run("SELECT bucket, entity, id, seq, op, rev FROM feed").all()
    for bucket, entity, each, seq, op, rev in rows:
        cursor, sweeping = cursors.get(bucket, (0, True))
        if seq > abs(cursor):
            continue
        has = held.get((bucket, entity, each))
        if op == "put":
            assert has == rev, f"6: {hand.name} passed {bucket} {seq}: {entity} {each}"
        else:
            assert has is None or sweeping, f"6: {hand.name} kept {bucket} {entity} {each}"


class Check:
    """All ten invariants, once everything has come to rest."""

    def __init__(self, crew: Crew, *, released: Collection[str], poisoned: Collection[str]) -> None:
        """``released`` came to effect late on purpose, ``poisoned`` may be set aside."""
        self.crew = crew
        self.records = Records.of(crew)
        self.histories = self.records.histories()
        self._released = released
        self._poisoned = poisoned

    def central(self) -> None:
        """2 and 9 for everything there is; and nothing is set aside but what trips our own code."""
        times = Counter(done.id for history in self.histories.values() for done in history)
        doubled = [op_id for op_id, n in times.items() if n > 1]
        tally.count(duplicated=len(doubled))
        assert doubled == [], "2: an effect happens at most once"
        notes = Counter(
            note["text"]
            for incident in self.records.each("incident").values()
            for note in incident.get("notes", [])
        )
        assert [text for text, n in notes.items() if n > 1] == [], "2: no note twice"
        assert self.records.illegal == [], "9: no illegal state is ever stored"
        aside = {op for op, status in self.records.outcomes.items() if status == "quarantined"}
        assert aside <= set(self._poisoned), "an outage quarantines nothing"

    def work(self, hand: Hand) -> None:
        """1, 2, 3 and 7 for all that this person was ever told is saved."""
        states, outcomes = hand.states(), self.records.outcomes
        there = {done.id for history in self.histories.values() for done in history}
        settled = {op for op in hand.given if op in outcomes}
        kept = {op for op in hand.given if states.get(op) in REFUSED | {"decided"}}
        applied = {op for op in hand.given if outcomes.get(op) == "applied"}
        lost = [op for op in hand.given if op not in settled | kept] + sorted(applied - there)
        tally.count(lost=len(lost))
        assert lost == [], f"1: {hand.name}'s work is at the central, or refused and shown"
        claimed = {op for op in hand.given if states.get(op) == "applied"}
        assert claimed <= applied, "1: what he is told is there is there"
        refused = {op for op in hand.given if outcomes.get(op) in REFUSED}
        open_to_see = {op for op, state in states.items() if state in REFUSED}
        gone = (refused | (hand.refused - applied)) - hand.decided - open_to_see
        assert gone == set(), f"7: a refusal of {hand.name} went without his word"
        self._order(hand)

    def _order(self, hand: Hand) -> None:
        """3: what was released is late on purpose, and what a person saw overtakes what is parked.

        So the steps are in order with those that were parked, and all that never was is in order.
        """
        ranks = {op: rank for rank, op in enumerate(hand.given)}
        for incident, entries in self.histories.items():
            mine = [e for e in entries if e.id in ranks and e.id not in self._released]
            steps = [ranks[e.id] for e in mine if e.cmd not in FACTS]
            at_once = [ranks[e.id] for e in mine if e.id not in hand.parked]
            assert steps == sorted(steps), f"3: {hand.name}'s steps on {incident}"
            assert at_once == sorted(at_once), f"3: {hand.name}'s order on {incident}"

    def mirror(self, hand: Hand) -> None:
        """4 and 5: exactly what is granted; beyond it only what a refusal still keeps in sight."""
        role, regions = self.crew.grants.get(hand.user, (Role.TECHNICIAN, ()))
        scope = self.records.scope(hand.user, role, regions)
        with hand.store.database.read() as connection:
            run = connection.exec_driver_sql
            members = {
                (row[0], row[1]): (row[2], unpack(row[3]))
                for row in run(
                    "SELECT entity, id, rev, body FROM mirror"
                    " WHERE EXISTS (SELECT 1 FROM member WHERE member.rid = mirror.rid)"
                )
            }
            every = {(row[0], row[1]) for row in run("SELECT entity, id FROM mirror")}
            undrawn = run("SELECT count(*) FROM dirty WHERE entity <> 'orphan'").scalar()
            over = {row[0] for row in run("SELECT DISTINCT incident_id FROM overlay")}
        assert set(members) == scope, f"4: {hand.name} has exactly what is granted"
        for key, (rev, text) in members.items():
            at_central, stored = self.records.bodies[key]
            assert rev == at_central, f"4: {hand.name} has the latest {key}"
            if key[0] != "person":  # a technician learns less of a colleague
                assert msgspec.json.decode(text) == msgspec.json.decode(stored), key
        in_sight = {item.incident_id for item in hand.undecided()}
        assert undrawn == 0
        assert over == set(), "4: nothing is laid over what the central has"
        if not in_sight:
            assert every == scope, f"5: {hand.name} keeps nothing else"
            self._readable_rows(hand, scope)
        self._readable(hand, {each for kind, each in scope if kind == "incident"} | in_sight)

    def _readable(self, hand: Hand, mine: set[str]) -> None:
        """What the screens ask for: cases, lists and what is searched in them, the board."""
        store = hand.store
        for incident in self.histories:
            shown = store.cases.get(incident).incident is not None
            assert not shown or incident in mine, f"5: {hand.name} reads {incident}"
        for text in ("", "sin servicio", "cliente", "vallarta"):
            query = AgendaQuery(scope="all", by_place=False, text=text)
            rows = store.agenda.page(query, limit=500).rows
            assert {row.incident_id for row in rows} <= mine, f"5: {hand.name}'s list {text}"
        active = AgendaQuery(scope="active", by_place=False)
        working_on = {row.incident_id for row in store.agenda.page(active, limit=500).rows}
        assert {pin.incident_id for pin in store.agenda.pins(active)} <= working_on
        board = {region.id: region.open for region in store.board.regions()}
        assert board.get("mx", 0) == len(working_on), f"5: {hand.name}'s board"

    def _readable_rows(self, hand: Hand, scope: set[Key]) -> None:
        """Every row of every table that is drawn from what the central sent, and its words."""
        with hand.store.database.read() as connection:
            run = connection.exec_driver_sql
            tables = run(
                "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
                " WHERE m.type = 'table' AND m.sql NOT LIKE '%VIRTUAL%'"
            ).all()
            read = [(table, kind) for table, kind in tables if kind in _IDS and table not in _OWN]
            assert {table for table, _ in read} >= {"agenda", "place"}
            for table, column in read:
                ids = run(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''").scalars()  # noqa: S608
                beyond = {each for each in ids if (_IDS[column], each) not in scope}
                assert beyond == set(), f"5: {hand.name} has {column}s in {table}"
            for words in ("agenda", "place"):
                searched = set(run(f"SELECT rowid FROM {words}_words").scalars())  # noqa: S608
                shown = set(run(f"SELECT rid FROM {words}").scalars())  # noqa: S608
                assert searched <= shown, f"5: words that {hand.name} would find in {words}"
