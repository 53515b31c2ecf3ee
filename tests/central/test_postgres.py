"""The central over a real PostgreSQL: the same rules, and the faults that only it can show."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from central_desk import START, Desk, assign, note, notes_of, place, register
from sqlalchemy import QueuePool, create_engine, inspect

from fieldtech.central import tables
from fieldtech.central.database import Database
from fieldtech.central.feed import Writer
from fieldtech.central.migrate import configuration, migrate
from fieldtech.clock import FakeClock
from fieldtech.domain.apply import apply

if TYPE_CHECKING:
    from pathlib import Path

    from postgres import Cluster

_MOST_CONNECTIONS = 15
"""As the pool of the driver's library has them."""

# --- the same as everywhere


def test_models_equal_migrations_up_and_down(cluster: Cluster) -> None:
    database = Database.open(cluster.fresh())
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
    config = configuration()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    migrate(database.engine)
    assert len(inspect(database.engine).get_table_names()) == len(tables.metadata.tables) + 1
    database.close()


def test_the_main_job(desk: Desk) -> None:
    dora, ana = desk.laptop("dora"), desk.laptop("ana")
    register(dora, "inc-1")
    assign(dora, "inc-1", "v-1", "ana")
    ana.pull()
    assert ana.has("incident", "inc-1")
    for step in ("visit.accept", "visit.start_travel", "visit.arrive"):
        assert ana.do(step, "visit:v-1")["status"] == "applied"
    ops = [note(ana, "uno"), note(ana, "dos")]
    assert [each["status"] for each in ana.push(*ops)] == ["applied"] * 2
    assert [each["status"] for each in ana.push(*ops)] == ["duplicate"] * 2
    assert notes_of(desk) == ["uno", "dos"]
    dora.pull()
    assert dora.bodies["incident", "inc-1"]["state"] == "in_progress"
    for laptop in (dora, ana):
        laptop.assert_sums()


def test_reassigning_moves_the_visit_and_leaves_nothing_behind(desk: Desk) -> None:
    dora, ana, beto = (desk.laptop(name) for name in ("dora", "ana", "beto"))
    register(dora, "inc-1")
    assign(dora, "inc-1", "v-1", "ana")
    ana.pull()
    told = dora.do("visit.reassign", "visit:v-1", new_visit_id="v-2", technician_id="beto")
    assert told["status"] == "applied"
    ana.pull()
    beto.pull()
    assert not ana.has("incident", "inc-1")
    assert beto.has("visit", "v-2")
    ana.assert_sums()
    beto.assert_sums()


def test_laptops_push_at_once_and_nothing_deadlocks_or_doubles(desk: Desk) -> None:
    dora = desk.laptop("dora")
    for number in range(4):
        register(dora, f"inc-{number}")
    laptops = [desk.laptop("dora") for _ in range(4)]
    statuses: list[str] = []
    rng = random.Random(7)  # noqa: S311  a seeded order
    orders = [rng.sample(range(4), 4) for _ in laptops]

    def work(index: int) -> None:
        laptop = laptops[index]
        for turn in range(4):
            ops = [
                laptop.envelope("incident.note", f"incident:inc-{n}", text=f"{index}-{turn}")
                for n in orders[index]
            ]
            statuses.extend(each["status"] for each in laptop.push(*ops))

    threads = [threading.Thread(target=work, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == ["applied"] * 64
    for number in range(4):
        told = notes_of(desk, f"inc-{number}")
        assert len(told) == len(set(told)) == 16
        for index in range(4):
            mine = [each for each in told if each.startswith(f"{index}-")]
            assert mine == sorted(mine), "each laptop's order is kept"


# --- what the driver says


def test_a_push_runs_again_when_the_database_asks_for_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """40001 out of the real driver: a serialization failure of the snapshot."""
    dora = desk.laptop("dora")
    register(dora, "inc-1")
    failures = [True]
    real = Writer.flush

    def once(self: Writer) -> None:
        real(self)
        if failures and failures.pop():
            self._connection.exec_driver_sql(
                "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"
            )

    monkeypatch.setattr(Writer, "flush", once)
    assert dora.push(note(dora, "una vez"))[0]["status"] == "applied"
    assert notes_of(desk) == ["una vez"]


@pytest.mark.expects_log("does not answer")
def test_a_connection_cut_in_the_middle_of_a_command_counts_nothing_against_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the server restarts: told to come again, four times, and never set aside."""
    dora = desk.laptop("dora")
    register(dora, "inc-1")
    op = note(dora, "al final")

    def cut(*args: Any) -> Any:
        with psycopg.connect(_address(desk), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return apply(*args)

    with monkeypatch.context() as broken:
        broken.setattr("fieldtech.central.sync.judge.apply", cut)
        for _ in range(4):
            told = dora.push_raw(op)
            assert (told.status_code, told.json()["code"]) == (503, "unavailable")
            assert told.headers["retry-after"]
    assert dora.push(op)[0]["status"] == "applied"
    assert notes_of(desk) == ["al final"]


@pytest.mark.expects_log("does not answer")
def test_a_lock_that_somebody_keeps_is_waited_for_so_long_and_no_longer(
    cluster: Cluster, seeded: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldtech.central.database.LOCK_WAIT_S", 0.2)
    desk = Desk.over(Database.open(cluster.copy_of(seeded)), FakeClock(START), tmp_path)
    try:
        dora = desk.laptop("dora")
        op = dora.envelope("incident.register", "incident:inc-1", **place(dora))
        with psycopg.connect(_address(desk)) as forgetful:
            forgetful.execute("SELECT 1 FROM bucket WHERE name = 'region:jal' FOR UPDATE")
            told = dora.push_raw(op)
            assert (told.status_code, told.json()["code"]) == (503, "unavailable")
            dora.pull()
            assert dora.ids("site"), "who only reads waits for nobody"
        assert dora.push(op)[0]["status"] == "applied"
    finally:
        desk.close()


@pytest.mark.expects_log("does not answer")
def test_more_requests_than_connections_are_told_to_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dora = desk.laptop("dora")
    pool = desk.database.engine.pool
    assert isinstance(pool, QueuePool)
    monkeypatch.setattr(pool, "_timeout", 0.05)
    taken = [desk.database.engine.connect() for _ in range(_MOST_CONNECTIONS)]
    try:
        told = dora.hello()
        assert (told.status_code, told.json()["code"]) == (503, "unavailable")
    finally:
        for connection in taken:
            connection.close()
    assert dora.hello().status_code == 200


def _address(desk: Desk) -> str:
    url = desk.database.engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def test_a_server_that_is_not_there_is_a_sentence() -> None:
    engine = create_engine("postgresql+psycopg://nobody@/nothing?host=/nowhere")
    with pytest.raises(Exception, match="nowhere"), engine.connect():
        pass
    engine.dispose()
