"""What goes up under which number: forks, restored centrals, work let go, work forgotten."""

from __future__ import annotations

from datetime import timedelta

from small_feed import NINE, World, take_in
from small_work import note, notes, queue, settle

from fieldtech.protocol.codec import decode
from fieldtech.protocol.wire import APPLIED, QUARANTINED, REJECTED, Envelope
from fieldtech.store import devices, outbox, sending, session
from fieldtech.store.opening import Store


def test_a_fork_renumbers_what_waits_and_keeps_its_identity(store: Store) -> None:
    first, second = queue(store, note("uno"), note("dos")).op_ids
    settle(store, first, APPLIED)
    with store.database.write() as connection:
        assert devices.fork(connection) == 2
    (line,) = to_send(store)
    sent = decode(line.envelope, Envelope)
    assert (line.n, sent.n, sent.op_id) == (1, 1, second)


def test_a_fork_takes_along_what_the_central_keeps_aside(store: Store) -> None:
    """Else nobody would ever hear that it was released, or offer it to a restored central."""
    done, aside, refused, behind = queue(store, *map(note, "abcd")).op_ids
    for op_id, state in ((done, APPLIED), (aside, QUARANTINED), (refused, REJECTED)):
        settle(store, op_id, state, code="failed")
    with store.database.write() as connection:
        assert devices.fork(connection) == 3
    sent = [decode(line.envelope, Envelope) for line in to_send(store)]
    assert [(each.n, each.op_id) for each in sent] == [(1, aside), (2, behind)]
    assert [item.op_id for item in store.outbox.items((QUARANTINED,))] == [aside], "still shown"


def test_what_a_person_let_go_takes_its_number_as_void(store: Store) -> None:
    first, second = queue(store, note("uno"), note("dos")).op_ids
    settle(store, first, REJECTED, code="wrong_state")
    store.decisions.decide(first, "dismiss")
    with store.database.read() as connection:
        device = store.session.get().device_id
        lines = sending.to_send(connection, device, 0, limit=10)
    sent = [decode(line.envelope, Envelope) for line in lines]
    assert [(each.n, each.cmd, each.op_id) for each in sent] == [
        (1, "void", f"void-{first}"),
        (2, "incident.note", second),
    ]


def test_confirmed_work_is_forgotten_after_its_time_and_nothing_else(
    store: Store, world: World
) -> None:
    done, refused, waiting = queue(store, note("a"), note("b"), note("c")).op_ids
    settle(store, done, APPLIED)
    settle(store, refused, REJECTED, code="wrong_state")
    take_in(store, world)
    with store.database.write() as connection:
        assert outbox.purge(connection, NINE - timedelta(days=1)) == ()
        assert len(outbox.purge(connection, NINE + timedelta(days=31))) == 1
    assert {item.op_id for item in store.outbox.items(("applied", "rejected", "waiting"))} == {
        refused,
        waiting,
    }


def to_send(store: Store) -> list[sending.Line]:
    with store.database.read() as connection:
        device_id = session.load(connection).device_id
        return sending.to_send(connection, device_id, 0, limit=10)


def test_a_fork_before_the_central_was_restored_loses_nothing(store: Store) -> None:
    first, second = queue(store, note("uno"), note("dos")).op_ids
    settle(store, first, APPLIED)
    with store.database.write() as connection:
        devices.fork(connection)
    settle(store, second, APPLIED)
    device = store.session.get().device_id
    third = queue(store, note("tres")).op_ids[0]

    assert store.feed.start_over("epoch-2"), "as another device"

    lines = to_send(store)
    sent = [decode(line.envelope, Envelope) for line in lines]
    assert [(each.n, each.op_id) for each in sent] == [(1, first), (2, second), (3, third)]
    assert store.session.get().device_id != device
    assert store.session.get().next_n == 4
    assert store.outbox.counts().waiting == 3
    assert notes(store) == ["uno", "dos", "tres"]


def test_a_restored_central_alone_is_no_reason_to_become_another_device(store: Store) -> None:
    device = store.session.get().device_id
    settle(store, queue(store, note("uno")).op_ids[0], APPLIED)
    assert not store.feed.start_over("epoch-2")
    assert store.session.get().device_id == device
    assert len(to_send(store)) == 1
