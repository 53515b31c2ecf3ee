"""Work on the one incident ``i1`` of a small feed: given, answered by the central, looked at."""

from __future__ import annotations

from fieldtech.domain.commands import AddNote, FieldTime
from fieldtech.protocol.wire import OpResult, PushReply
from fieldtech.store.opening import Store
from fieldtech.store.work import Changes, NewCommand, Queued


def note(text: str, incident_id: str = "i1") -> NewCommand:
    """A note on an incident."""
    return NewCommand(
        name="incident.note", target=f"incident:{incident_id}", args=AddNote(text=text)
    )


def step(name: str, visit_id: str = "w-i1") -> NewCommand:
    """A step of a visit."""
    return NewCommand(name=f"visit.{name}", target=f"visit:{visit_id}", args=FieldTime())


def queue(store: Store, *commands: NewCommand) -> Queued:
    """Queue commands that the rules accept."""
    queued = store.work.queue(*commands)
    assert isinstance(queued, Queued), queued
    return queued


def settle(store: Store, op_id: str, status: str, **more: object) -> Changes:
    """Let the central have answered that command."""
    item = store.outbox.item(op_id)
    assert item is not None
    result = OpResult(n=item.n, op_id=op_id, status=status, **more)  # type: ignore[arg-type]
    return store.feed.settle(
        PushReply(
            epoch="epoch-1", server_time="2026-03-04T15:00:00Z", last_n=item.n, results=[result]
        )
    )


def notes(store: Store) -> list[str]:
    """The texts of the notes that the laptop shows."""
    incident = store.cases.get("i1").incident
    return [] if incident is None else [each.text for each in incident.notes]
