"""Two transactions cross: what both took for new is written by the first, seen by the other.

SQLite has one writer at a time, so that the other one is played here, at the moment it matters.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from central_desk import assign, note, notes_of, place, register
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from fieldtech.central import tables
from fieldtech.central.database import RETRIES
from fieldtech.central.dialect import Crossed
from fieldtech.central.feed import Writer
from fieldtech.central.sync.ledger import Ledger
from fieldtech.domain.reference import Customer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from central_desk import Desk
    from sqlalchemy import Connection

    from fieldtech.central.sync.envelopes import Op


def test_a_command_that_another_device_brought_meanwhile_takes_no_second_effect(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dora, fork = desk.laptop("dora"), desk.laptop("dora")
    register(dora, "inc-1")
    op = note(dora, "una vez")
    assert dora.push(op)[0]["status"] == "applied"
    reads: list[int] = []
    real = Ledger.read

    def too_early(self: Ledger, ops: Sequence[Op]) -> None:
        """Look before the other device's transaction was committed, the first time."""
        reads.append(len(ops))
        real(self, ops if len(reads) > 1 else ())

    monkeypatch.setattr(Ledger, "read", too_early)
    again = {**op, "n": 1}
    assert fork.push(again)[0]["status"] == "duplicate"
    assert len(reads) == 2
    assert notes_of(desk) == ["una vez"]


def test_of_two_incidents_with_one_id_the_second_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dora, other = desk.laptop("dora"), desk.laptop("dora")
    assert register(dora, "inc-1")["status"] == "applied"
    looks: list[str] = []

    def too_early(connection: Connection, table: object, _where: object) -> None:
        """Hide the other one's rows at the first look, as if they were not committed yet."""
        if table is tables.body:
            looks.append("body")
            hidden = "hidden" if len(looks) == 1 else "inc-1"
            rename = tables.body.update().where(tables.body.c.entity == "incident")
            connection.execute(rename.values(id=hidden))

    monkeypatch.setattr("fieldtech.central.sync.cases.lock_rows", too_early)
    real = Writer.put

    def put(self: Writer, entity: str, entity_id: str, value: object) -> int:
        rename = tables.body.update().where(tables.body.c.id == "hidden")
        self._connection.execute(rename.values(id="inc-1"))
        return real(self, entity, entity_id, value)

    monkeypatch.setattr(Writer, "put", put)
    op = other.envelope("incident.register", "incident:inc-1", **{**place(other), "title": "Otra"})
    result = other.push(op)[0]
    assert (result["status"], result["code"]) == ("rejected", "already_exists")
    other.pull()
    assert other.bodies["incident", "inc-1"]["title"] == "Sin internet"


def test_an_entity_that_was_not_there_is_never_written_over(desk: Desk) -> None:
    customer = Customer(id="c-new", name="Nuevo")
    with desk.database.write() as connection:
        writer = Writer(connection, now=desk.clock.now())
        writer.put("customer", "c-new", customer)
        theirs = {"entity": "customer", "id": "c-new", "audience": "", "rev": 1, "text": "{}"}
        connection.execute(tables.body.insert(), theirs)
        with pytest.raises(Crossed), connection.begin_nested():
            writer.flush()
        text = select(tables.body.c.text).where(tables.body.c.id == "c-new")
        assert connection.execute(text).scalar_one() == "{}"
        connection.rollback()


def test_who_crossed_another_runs_again_and_not_for_ever(desk: Desk) -> None:
    runs: list[int] = []

    def work(_connection: Connection) -> int:
        runs.append(1)
        if len(runs) < 3:
            raise Crossed("op")
        return len(runs)

    assert desk.database.transact(work) == 3

    def always(_connection: Connection) -> None:
        runs.append(1)
        raise Crossed("op")

    runs.clear()
    with pytest.raises(Crossed):
        desk.database.transact(always)
    assert len(runs) == RETRIES + 1


class SerializationFailure(Exception):
    """What PostgreSQL says to a transaction that crossed another one."""

    sqlstate = "40001"


@pytest.mark.parametrize("what", ["hello", "sign_in", "refresh", "logout", "pull"])
def test_every_request_runs_again_when_the_database_asks_for_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    dora, ana = desk.laptop("dora"), desk.laptop("ana")
    register(dora, "inc-1")
    assign(dora, "inc-1", "v-1", "ana")
    failed: list[str] = []
    real = desk.database.write

    @contextmanager
    def write() -> Iterator[Connection]:
        with real() as connection:
            yield connection
            if not failed:
                failed.append(what)
                raise DBAPIError("COMMIT", None, SerializationFailure())

    monkeypatch.setattr(desk.database, "write", write)
    requests: dict[str, Callable[[], int]] = {
        "hello": lambda: ana.hello().status_code,
        "sign_in": lambda: ana.sign_in().status_code,
        "refresh": lambda: ana.refresh().status_code,
        "logout": lambda: ana.post("/v1/session/logout", {}).status_code,
        "pull": ana.pull,
    }
    assert requests[what]() in {200, 204, 1}
    assert failed == [what]
