"""The ways out of a refusal that a person has."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from small_feed import World, take_in
from small_work import note, notes, queue, settle, step

from fieldtech.domain.case import Rejection
from fieldtech.domain.words import VisitState
from fieldtech.protocol.wire import APPLIED, PARKED, QUARANTINED, REJECTED
from fieldtech.store import outbox
from fieldtech.store.opening import Store


@pytest.mark.parametrize("decision", ["dismiss", "export"])
def test_a_person_settles_a_refusal(store: Store, decision: str) -> None:
    op_id = queue(store, note("no")).op_ids[0]
    settle(store, op_id, REJECTED, code="wrong_state")
    told = store.decisions.export(op_id)
    assert told is not None
    assert '"code":"wrong_state"' in told
    changes = store.decisions.decide(op_id, decision)  # type: ignore[arg-type]
    assert not isinstance(changes, Rejection)
    item = store.outbox.item(op_id)
    assert (item.state, item.decision) == ("decided", decision)
    assert store.agenda.rows(["i1"])[0].refused == 0
    assert isinstance(store.decisions.decide(op_id, "dismiss"), Rejection), "only once"
    assert store.decisions.export("nothing") is None


@pytest.mark.usefixtures("world")
def test_a_refusal_can_be_reissued_on_what_is_in_force_now(store: Store) -> None:
    command = replace(step("accept"), expect={"state": "assigned", "window_start": ""})
    op_id = queue(store, command).op_ids[0]
    settle(store, op_id, REJECTED, code="expected_changed")
    changes = store.decisions.decide(op_id, "reissue")
    assert not isinstance(changes, Rejection)
    assert changes.visits == {"w-i1"}
    (item,) = store.outbox.items()
    assert item.op_id != op_id
    assert item.envelope.expect == {"state": "assigned", "window_start": ""}
    assert store.cases.get("i1").visit("w-i1").state is VisitState.ACCEPTED


@pytest.mark.parametrize("decision", ["note", "reissue"])
def test_what_was_refused_on_a_visit_of_somebody_else_has_every_way_out(
    store: Store, world: World, decision: Literal["note", "reissue"]
) -> None:
    op_id = queue(store, step("accept")).op_ids[0]
    for entity, name in (("incident", "i1"), ("visit", "w-i1")):
        world.hide("tech:ana", entity, name)
    take_in(store, world)
    settle(store, op_id, REJECTED, code="not_assigned")
    take_in(store, world)

    decided = store.decisions.decide(op_id, decision, text="Ya estaba resuelto")

    assert not isinstance(decided, Rejection)
    assert (store.outbox.counts().waiting, store.outbox.counts().refused) == (1, 0)


def test_a_refused_chain_is_sent_again_in_its_order(store: Store) -> None:
    first = queue(store, step("accept")).op_ids[0]
    second = queue(store, step("start_travel")).op_ids[0]
    for op_id in (first, second):
        settle(store, op_id, REJECTED, code="expected_changed")
    refused = store.decisions.decide(second, "reissue")
    assert isinstance(refused, Rejection)
    assert refused.code == "earlier_refused"
    for op_id in (first, second):
        assert not isinstance(store.decisions.decide(op_id, "reissue"), Rejection)
    waiting = [item.cmd for item in reversed(store.outbox.items())]
    assert waiting == ["visit.accept", "visit.start_travel"]


def test_what_the_central_keeps_aside_is_not_sent_again(store: Store) -> None:
    """It would be done twice once the fault there is mended; the other ways out are open."""
    op_id = queue(store, step("accept")).op_ids[0]
    settle(store, op_id, QUARANTINED, code="failed")
    refused = store.decisions.decide(op_id, "reissue")
    assert isinstance(refused, Rejection)
    assert refused.code == "held_at_central"
    assert [item.state for item in store.outbox.items()] == [QUARANTINED]
    settle(store, op_id, REJECTED, code="dropped")
    assert not isinstance(store.decisions.decide(op_id, "reissue"), Rejection), "given up there"


def test_what_is_kept_aside_holds_no_later_refusal_up(store: Store) -> None:
    """The central itself keeps the order behind it."""
    aside = queue(store, step("accept")).op_ids[0]
    refused = queue(store, note("visto")).op_ids[0]
    settle(store, aside, QUARANTINED, code="failed")
    settle(store, refused, REJECTED, code="too_long")
    assert not isinstance(store.decisions.decide(refused, "reissue"), Rejection)


def test_no_refusal_is_hidden_by_what_waits(store: Store) -> None:
    refused, _, newest = queue(store, note("a"), note("b"), note("c")).op_ids
    settle(store, refused, REJECTED, code="wrong_state")
    shown = [item.op_id for item in store.outbox.to_show(most_pending=1)]
    assert shown == [newest, refused]


def test_a_note_in_its_place_keeps_what_a_person_wants_to_say(store: Store) -> None:
    op_id = queue(store, step("accept")).op_ids[0]
    settle(store, op_id, REJECTED, code="not_assigned")
    store.decisions.decide(op_id, "note", text="Sí había aceptado")
    assert notes(store) == ["Sí había aceptado"]
    refused = store.decisions.decide(op_id, "note", text="")
    assert isinstance(refused, Rejection)


def test_a_decision_the_rules_refuse_changes_nothing(store: Store) -> None:
    op_id = queue(store, step("accept")).op_ids[0]
    settle(store, op_id, REJECTED, code="not_assigned")
    refused = store.decisions.decide(op_id, "note", text="   ")
    assert isinstance(refused, Rejection)
    assert store.outbox.item(op_id).state == "rejected"
    assert store.outbox.counts() == outbox.OutboxCounts(waiting=0, refused=1)


@pytest.mark.parametrize("late", [APPLIED, REJECTED, QUARANTINED, PARKED])
def test_an_answer_that_comes_late_undoes_no_decision(store: Store, late: str) -> None:
    """A central restored from a backup is asked about it again, and a person has chosen by then."""
    op_id = queue(store, note("no")).op_ids[0]
    settle(store, op_id, REJECTED, code="wrong_state")
    store.decisions.decide(op_id, "dismiss")
    settle(store, op_id, late, code="another")
    item = store.outbox.item(op_id)
    assert (item.state, item.code, item.decision) == ("decided", "wrong_state", "dismiss")
    assert store.outbox.counts() == outbox.OutboxCounts(waiting=0, refused=0)
    assert notes(store) == []
