"""Commands taken in: judged at once, kept durably, replayed over whatever the central sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_feed import DISPATCHER, NINE, TECHNICIAN, World, next_page, open_for, take_in
from small_work import note, notes, queue, settle, step
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from fieldtech.clock import FakeClock
from fieldtech.domain.case import Rejection
from fieldtech.domain.check_commands import AnswerCheck
from fieldtech.domain.commands import (
    AddNote,
    AssignVisit,
    MarkDuplicate,
    Reason,
    ReassignVisit,
    RegisterIncident,
)
from fieldtech.domain.planned import PlannedWork
from fieldtech.domain.planned_commands import AnnouncePlanned, ChangePlanned
from fieldtech.domain.words import CheckStatus, IncidentState, VisitState
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.codec import body_bytes, digest
from fieldtech.protocol.wire import APPLIED, DEFERRED, REJECTED
from fieldtech.store import central_time, outbox, overlay
from fieldtech.store.agenda import AgendaQuery
from fieldtech.store.central_time import Sample
from fieldtech.store.opening import Store
from fieldtech.store.work import NewCommand

FULL = 2
"""What ``PRAGMA synchronous`` says when every commit waits for the disk."""


def test_a_command_is_in_the_outbox_the_view_and_the_agenda_at_once(
    store: Store, clock: FakeClock
) -> None:
    queued = queue(store, step("accept"))
    assert queued.changes.incidents == {"i1"}
    assert queued.changes.visits == {"w-i1"}
    assert store.cases.get("i1").visit("w-i1").state is VisitState.ACCEPTED
    (row,) = store.agenda.rows(["i1"])
    assert (row.visit_state, row.waiting, row.refused) == ("accepted", 1, 0)
    (item,) = store.outbox.items()
    assert (item.n, item.op_id, item.state) == (1, queued.op_ids[0], "waiting")
    assert (item.label.number, item.label.site) == ("INC-000019", "Sucursal uno")
    assert item.made_at == clock.now()
    assert store.outbox.counts() == outbox.OutboxCounts(waiting=1, refused=0)


def test_what_is_called_saved_is_committed_in_full(store: Store) -> None:
    levels: list[int] = []

    def before(_connection: object, cursor: Any, statement: str, *_more: object) -> None:
        if statement == "COMMIT":
            levels.append(cursor.connection.execute("PRAGMA synchronous").fetchone()[0])

    event.listen(store.database._engine, "before_cursor_execute", before)
    op_id = queue(store, note("hola")).op_ids[0]
    assert levels[-1] == FULL
    settle(store, op_id, REJECTED, code="wrong_state")
    levels.clear()
    store.decisions.decide(op_id, "reissue")
    store.drafts.put("k", "v")
    assert set(levels) == {FULL}, "nor is anything else a person did ever less than that"


def test_the_envelope_is_what_the_wire_agreed_on(store: Store, clock: FakeClock) -> None:
    sample = Sample(
        central_s=clock.now().timestamp() + 30,
        wall_s=clock.now().timestamp(),
        boot_s=clock.boot(),
        boot_id=clock.boot_id(),
        rtt_s=0.5,
    )
    with store.database.write() as connection:
        central_time.save(connection, sample)
    queue(store, note("hola ñ"))
    (item,) = store.outbox.items()
    sent = item.envelope
    told = body_bytes(sent.cmd, sent.target, sent.occurred_at, sent.args)
    assert sent.sha256 == digest(told)
    assert sent.args == {"text": "hola ñ"}
    assert (sent.offset_s, sent.uncertainty_s) == (30.0, 0.25)
    assert sent.wall == "2026-03-04T15:10:00Z"
    assert sent.occurred_at == "2026-03-04T15:10:30Z"
    assert sent.boot_id == clock.boot_id()


def test_numbers_are_handed_out_without_gaps_and_refusals_take_none(store: Store) -> None:
    queue(store, note("uno"))
    refused = store.work.queue(step("arrive"))
    assert refused == Rejection(code="wrong_state", detail="assigned")
    queue(store, note("dos"), note("tres"))
    assert [item.n for item in store.outbox.items()] == [3, 2, 1]
    assert store.session.get().next_n == 4
    assert notes(store) == ["uno", "dos", "tres"]


def test_several_commands_are_kept_together_or_not_at_all(store: Store) -> None:
    refused = store.work.queue(step("accept"), note("sí"), step("finish"))
    assert isinstance(refused, Rejection)
    assert store.outbox.counts().waiting == 0
    assert notes(store) == []
    assert store.cases.get("i1").visit("w-i1").state is VisitState.ASSIGNED
    assert store.agenda.rows(["i1"])[0].waiting == 0
    queue(store, step("accept"), step("start_travel"), step("arrive"))
    assert store.cases.get("i1").incident.state is IncidentState.IN_PROGRESS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\x00b", "bad_character"),
        ("a\ud800", "bad_character"),
        ("ñ" * 40_000, "too_long"),
        # Under the limit as text, over it as JSON on the wire.
        ("\u0007" * 20_000, "too_long"),
    ],
)
def test_what_could_never_be_sent_is_refused_before_it_is_kept(
    store: Store, text: str, code: str
) -> None:
    refused = store.work.queue(note(text))
    assert isinstance(refused, Rejection)
    assert refused.code == code
    assert store.outbox.items() == []


def test_the_longest_note_fits(store: Store) -> None:
    queue(store, note("x" * 65_000))
    assert len(store.outbox.items()[0].envelope.args["text"]) == 65_000


@settings(max_examples=30)
@given(st.text(max_size=200))
def test_any_text_is_kept_exactly_or_refused(text: str) -> None:
    import tempfile

    world = World()
    world.furnish()
    world.place("tech:ana", "uno")
    world.incident("tech:ana", "i1", "uno")
    with tempfile.TemporaryDirectory() as folder, open_for(Path(folder)) as store:
        take_in(store, world)
        outcome = store.work.queue(note(text))
        if isinstance(outcome, Rejection):
            assert outcome.code in {"bad_character", "invalid"}
            assert notes(store) == []
        else:
            assert notes(store) == [text]
            assert store.outbox.items()[0].envelope.args == {"text": text}


def test_targets_that_are_not_here_are_refused(store: Store) -> None:
    for new in (note("x", "nowhere"), step("accept", "nowhere")):
        refused = store.work.queue(new)
        assert isinstance(refused, Rejection)
        assert refused.code == "unknown_target"


def test_a_draft_is_forgotten_with_the_work_it_became_and_not_without(store: Store) -> None:
    store.drafts.put("note:i1", "hola")
    store.drafts.put("note:i2", "otra")
    assert isinstance(store.work.queue(note("  "), draft="note:i1"), Rejection)
    assert store.drafts.get("note:i1") == "hola"
    with store.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER stuck BEFORE DELETE ON draft BEGIN SELECT RAISE(ABORT, 'stuck'); END"
        )
    with pytest.raises(IntegrityError, match="stuck"):
        store.work.queue(note("hola"), draft="note:i1")
    assert store.outbox.items() == [], "both or neither"
    with store.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER stuck")
    assert not isinstance(store.work.queue(note("hola"), draft="note:i1"), Rejection)
    assert store.drafts.get("note:i1") is None
    assert store.drafts.get("note:i2") == "otra"


def test_nobody_can_work_before_a_sign_in(tmp_path: Path) -> None:
    with open_for(tmp_path / "other", user=None) as store:
        with pytest.raises(EnvironmentProblem) as problem:
            store.work.queue(note("x"))
        assert problem.value.code == "not_signed_in"


def test_pending_work_lies_over_whatever_the_central_sends(store: Store, world: World) -> None:
    queue(store, note("mío"), step("accept"))
    world.play("tech:ana", "i1", "incident.note", "incident:i1", AddNote(text="de la mesa"))
    take_in(store, world)
    assert notes(store) == ["de la mesa", "mío"]
    assert store.cases.get("i1").visit("w-i1").state is VisitState.ACCEPTED
    assert store.agenda.rows(["i1"])[0].visit_state == "accepted"


def test_pending_work_that_became_impossible_leaves_the_view_but_not_the_outbox(
    store: Store, world: World
) -> None:
    queue(store, step("accept"), note("queda"))
    world.play("tech:ana", "i1", "visit.cancel", "visit:w-i1", Reason(reason="error"))
    take_in(store, world)
    assert store.cases.get("i1").visit("w-i1").state is VisitState.CANCELLED
    assert notes(store) == ["queda"]
    assert store.outbox.counts().waiting == 2


def test_applied_work_stays_in_view_until_the_mirror_shows_it(store: Store, world: World) -> None:
    """Between the push's answer and the pull nothing blinks, and nothing is shown twice after."""
    op_id = queue(store, note("mío")).op_ids[0]
    settle(store, op_id, APPLIED, revs={"incident:i1": 2})
    assert notes(store) == ["mío"]
    assert store.outbox.counts().waiting == 0
    world.place("tech:ana", "dos")
    page = next_page(store, world, limit=2)
    assert page.end.more
    store.feed.apply(page)
    assert notes(store) == ["mío"]
    world.play("tech:ana", "i1", "incident.note", "incident:i1", AddNote(text="mío"))
    take_in(store, world)
    assert notes(store) == ["mío"]
    assert overlaid(store) == 0


def test_applied_work_on_what_left_the_scope_lets_go_at_the_end_of_the_pull(
    store: Store, world: World
) -> None:
    op_id = queue(store, note("mío")).op_ids[0]
    settle(store, op_id, APPLIED, revs={"incident:i1": 2})
    world.hide("tech:ana", "incident", "i1")
    world.hide("tech:ana", "visit", "w-i1")
    take_in(store, world)
    assert store.cases.get("i1").incident is None
    assert overlaid(store) == 0
    assert store.agenda.page(AgendaQuery(scope="all")).total == 0


def overlaid(store: Store) -> int:
    with store.database.read() as connection:
        return len(overlay.subjects(connection))


def test_refused_work_leaves_the_view_and_waits_for_a_person(store: Store) -> None:
    op_id = queue(store, step("accept")).op_ids[0]
    settle(store, op_id, REJECTED, code="not_assigned", detail="w-i1", current={"visit:w-i1": {}})
    assert store.cases.get("i1").visit("w-i1").state is VisitState.ASSIGNED
    (row,) = store.agenda.rows(["i1"])
    assert (row.waiting, row.refused, row.visit_state) == (0, 1, "assigned")
    (item,) = store.outbox.items()
    assert (item.state, item.code, item.detail) == ("rejected", "not_assigned", "w-i1")
    assert item.result.current == {"visit:w-i1": {}}


def test_what_the_central_put_aside_still_counts_as_waiting(store: Store) -> None:
    op_id = queue(store, note("aparte")).op_ids[0]
    settle(store, op_id, DEFERRED, code="behind")
    assert store.outbox.counts() == outbox.OutboxCounts(waiting=1, refused=0)
    assert notes(store) == ["aparte"]
    settle(store, op_id, APPLIED)
    settle(store, op_id, DEFERRED)
    assert store.outbox.counts().waiting == 0, "an older answer undoes nothing"


def test_given_to_somebody_else_it_stays_until_it_is_settled(store: Store, world: World) -> None:
    op_id = queue(store, step("accept")).op_ids[0]
    for entity, name in (
        ("incident", "i1"),
        ("visit", "w-i1"),
        ("site", "s-uno"),
        ("customer", "c-uno"),
    ):
        world.hide("tech:ana", entity, name)
    take_in(store, world)
    (row,) = store.agenda.page(AgendaQuery()).rows
    assert (row.incident_id, row.away, row.waiting, row.site) == ("i1", 1, 1, "Sucursal uno")
    assert store.cases.get("i1").visit("w-i1").state is VisitState.ACCEPTED
    settle(store, op_id, REJECTED, code="not_assigned")
    assert store.agenda.page(AgendaQuery()).total == 0, "no job of his any more"
    (row,) = store.agenda.page(AgendaQuery(scope="all")).rows
    assert (row.waiting, row.refused) == (0, 1), "but kept for the decision about it"
    store.decisions.decide(op_id, "dismiss")
    assert store.cases.get("i1").incident is None
    assert store.agenda.page(AgendaQuery(scope="all")).total == 0
    assert store.reference.site("s-uno") is None
    assert store.reference.service("v-uno") is not None, "still granted"
    (item,) = store.outbox.items(("decided",))
    assert item.label.site == "Sucursal uno", "the refusal still knows what it was about"


def test_a_dispatcher_registers_and_assigns_in_one_go(tmp_path: Path, world: World) -> None:
    with open_for(tmp_path / "desk", DISPATCHER, clock=FakeClock(NINE)) as store:
        take_in(store, world)
        args = RegisterIncident(
            site_id="s-uno",
            customer_id="c-uno",
            service_id="v-uno",
            region_id="gdl",
            title="Intermitente",
            notified_at=NINE - timedelta(minutes=1),
            affected=2,
        )
        queued = queue(
            store,
            NewCommand(name="incident.register", target="incident:i2", args=args),
            NewCommand(
                name="visit.assign",
                target="visit:w2",
                args=AssignVisit(incident_id="i2", technician_id="beto"),
            ),
        )
        assert queued.changes.visits == {"w2"}
        (row,) = store.agenda.rows(["i2"])
        assert (row.technician_id, row.severity, row.number) == ("beto", "minor", "P-I2")
        case = store.cases.get("i2")
        assert case.visit("w2").checklist, "the default checklist of the central"
        queue(
            store,
            NewCommand(
                name="visit.reassign",
                target="visit:w2",
                args=ReassignVisit(new_visit_id="w3", technician_id="ana"),
            ),
        )
        assert [row.visit_id for row in store.agenda.rows(["i2"])] == ["w3"]
        assert store.cases.incident_of_visit("w3") == "i2"


def test_a_duplicate_looks_at_its_original(tmp_path: Path, world: World) -> None:
    world.incident("tech:ana", "i2", "uno", technician="", minutes_ago=2)
    with open_for(tmp_path / "desk", DISPATCHER) as store:
        take_in(store, world)
        queue(
            store,
            NewCommand(
                name="incident.mark_duplicate",
                target="incident:i2",
                args=MarkDuplicate(of="i1"),
            ),
        )
        assert store.cases.get("i2").incident.state is IncidentState.DUPLICATE
        assert store.agenda.rows(["i2"])[0].active == 0


def test_planned_works_are_replayed_too(tmp_path: Path, world: World) -> None:
    with open_for(tmp_path / "desk", DISPATCHER) as store:
        take_in(store, world)
        start = NINE + timedelta(days=10)
        announced = AnnouncePlanned(
            title="Cambio de equipo",
            scope=("region:gdl",),
            start=start,
            end=start + timedelta(hours=2),
        )
        queue(store, NewCommand(name="planned.announce", target="planned:p1", args=announced))
        moved = ChangePlanned(start=start, end=start + timedelta(hours=3))
        queue(store, NewCommand(name="planned.change", target="planned:p1", args=moved))
        with store.database.read() as connection:
            work = overlay.current(connection, "planned:p1").planned
        assert work.end == start + timedelta(hours=3)
        assert store.outbox.counts().waiting == 2


def test_what_others_change_of_a_planned_work_shows_under_what_waits(
    tmp_path: Path, world: World
) -> None:
    start = NINE + timedelta(days=10)
    announced = PlannedWork(
        id="p1",
        title="Cambio de equipo",
        scope=("region:gdl",),
        start=start,
        end=start + timedelta(hours=2),
        announced_at=NINE,
    )
    world.put("region:jal", "planned", "p1", announced)
    with open_for(tmp_path / "desk", DISPATCHER, clock=FakeClock(NINE)) as store:
        take_in(store, world)
        moved = ChangePlanned(start=start, end=start + timedelta(hours=3))
        queue(store, NewCommand(name="planned.change", target="planned:p1", args=moved))
        world.put("region:jal", "planned", "p1", replace(announced, title="Corte de energía"))
        take_in(store, world)
        with store.database.read() as connection:
            work = overlay.current(connection, "planned:p1").planned
    assert (work.title, work.end) == ("Corte de energía", start + timedelta(hours=3))


def test_answers_are_replayed_in_order(store: Store) -> None:
    def answer(status: CheckStatus) -> NewCommand:
        return NewCommand(
            name="check.answer",
            target="visit:w-i1",
            args=AnswerCheck(item="lan.link", status=status),
        )

    queue(store, answer(CheckStatus.FAIL), answer(CheckStatus.PASS))
    visit = store.cases.get("i1").visit("w-i1")
    assert visit.answer("lan.link").status is CheckStatus.PASS
    assert [old.status for old in visit.answer_history] == [CheckStatus.FAIL]
    assert TECHNICIAN.id == visit.answers[0].by
