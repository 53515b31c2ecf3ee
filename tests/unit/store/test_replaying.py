"""Work laid over a mirror that shows part of it already: nothing twice, nothing taken back."""

from __future__ import annotations

import pytest
from small_feed import World, next_page, take_in
from small_work import note, notes, queue, settle, step

from fieldtech.domain.visit import Visit
from fieldtech.domain.words import VisitState
from fieldtech.protocol.wire import APPLIED
from fieldtech.store.opening import Store


def visit(store: Store) -> Visit:
    found = store.cases.get("i1").visit("w-i1")
    assert found is not None
    return found


def kept_at_the_central(store: Store, world: World) -> dict[str, int]:
    """Let the central have kept the case as this laptop shows it; return the new revisions."""
    case = store.cases.get("i1")
    assert case.incident is not None
    return {
        "incident:i1": world.put("tech:ana", "incident", "i1", case.incident),
        "visit:w-i1": world.put("tech:ana", "visit", "w-i1", visit(store)),
    }


@pytest.mark.parametrize("first", ["incident", "visit"])
def test_a_page_that_ends_between_incident_and_visit(
    store: Store, world: World, first: str
) -> None:
    op_ids = queue(store, step("accept"), step("start_travel"), step("arrive")).op_ids
    told = [entry.id for entry in store.cases.get("i1").incident.history]
    revs = kept_at_the_central(store, world)
    if first == "visit":
        world.show("tech:ana", "incident", "i1")
    for op_id in op_ids:
        settle(store, op_id, APPLIED, revs=revs)

    half = next_page(store, world, limit=1)
    assert [put.entity for put in half.puts] == [first]
    store.feed.apply(half)

    assert visit(store).state is VisitState.ON_SITE
    if first == "incident":
        assert [entry.id for entry in store.cases.get("i1").incident.history] == told
    take_in(store, world)
    assert [entry.id for entry in store.cases.get("i1").incident.history] == told
    assert visit(store).state is VisitState.ON_SITE


def test_what_is_offered_again_and_was_kept_is_shown_once(store: Store, world: World) -> None:
    first = queue(store, note("uno")).op_ids[0]
    incident = store.cases.get("i1").incident
    rev = world.put("tech:ana", "incident", "i1", incident)
    settle(store, first, APPLIED, revs={"incident:i1": rev})
    take_in(store, world)

    store.feed.start_over("epoch-2")
    second = queue(store, note("dos")).op_ids[0]
    assert notes(store) == ["uno", "dos"]
    settle(store, second, APPLIED, revs={"incident:i1": rev + 1})
    assert notes(store) == ["uno", "dos"]
