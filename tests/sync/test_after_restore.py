"""A central restored from a backup, and laptops that it only half remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from crew import Crew
from sync_truth import Check, Records

from fieldtech.domain.commands import AddNote, ReassignVisit
from fieldtech.domain.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crew import Hand


@pytest.fixture
def crew() -> Iterator[Crew]:
    made = Crew()
    yield made
    made.end()


def writes(hand: Hand, text: str) -> str:
    (op_id,) = hand.give("incident.note", "incident:run", AddNote(text=text))
    return op_id


def test_a_session_that_the_central_knows_by_an_earlier_device_asks_to_sign_in(crew: Crew) -> None:
    """The token went over to the new device in the time that was lost: only a sign-in helps."""
    ana = crew.hands["ana"]
    ana.fork()
    assert ana.run().problem is None
    op_id = writes(ana, "sigue")
    crew.restore()
    crew.advance(7_200)  # longer than an access token lives

    problem = ana.run().problem
    assert problem is not None
    assert problem.code == "signed_out"
    assert ana.states()[op_id] == "waiting", "the work stays"

    ana.sign_in()
    assert ana.run().problem is None
    assert Records.of(crew).outcomes[op_id] == "applied"


def test_what_went_up_under_an_earlier_device_is_offered_again(crew: Crew) -> None:
    """Applied, then a fork, then the central forgets it: it goes up again, in its order."""
    ana = crew.hands["ana"]
    given = [writes(ana, text) for text in ("una", "dos")]
    assert ana.run().waiting == 0
    ana.fork()
    given.append(writes(ana, "tres"))
    crew.restore()
    assert not set(given) & Records.of(crew).outcomes.keys()

    assert ana.run().waiting == 0

    history = [done.id for done in Records.of(crew).histories()["run"]]
    assert [op for op in history if op in given] == given
    Check(crew, released=(), poisoned=()).work(ana)


def test_a_fork_keeps_the_order_of_what_waits(crew: Crew) -> None:
    """Several commands on one incident, renumbered on their way: they arrive as they were made."""
    ana = crew.hands["ana"]
    given = [writes(ana, text) for text in ("una", "dos", "tres")]
    ana.fork()
    assert ana.run().waiting == 0
    history = [done.id for done in Records.of(crew).histories()["run"]]
    assert [op for op in history if op in given] == given


def test_what_hangs_on_a_refused_command_is_refused_with_it_and_does_not_wait(crew: Crew) -> None:
    """After a restore an unknown visit may only be late; this one will never be."""
    dora = crew.hands["dora"]
    with dora.store.database.read() as connection:
        query = "SELECT id FROM mirror WHERE entity = 'visit' ORDER BY id LIMIT 1"
        visit = str(connection.exec_driver_sql(query).scalar_one())
    crew.restore()
    first = ReassignVisit(new_visit_id="w-one", technician_id="beto", reason="más cerca")
    then = ReassignVisit(new_visit_id="w-two", technician_id="caro", reason="más cerca")
    last = ReassignVisit(new_visit_id="w-three", technician_id="beto", reason="más cerca")
    given = [
        *dora.give("visit.reassign", f"visit:{visit}", first),
        *dora.give("visit.reassign", "visit:w-one", then),
        *dora.give("visit.reassign", "visit:w-two", last),
    ]
    assert len(given) == 3
    crew.grant("dora", Role.DISPATCHER, ("nl",))  # meanwhile he has another region

    assert dora.run().waiting == 0
    outcomes = Records.of(crew).outcomes
    assert [outcomes[op] for op in given] == ["rejected"] * 3
    assert {item.op_id for item in dora.undecided()} == set(given)
