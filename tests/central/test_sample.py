"""``fieldtech-central sample`` into a real central: who may sign in, what each of them sees."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from case_invariants import violations
from sqlalchemy import func, select

from fieldtech.central import cli, tables
from fieldtech.central.database import Database
from fieldtech.central.feed import Writer
from fieldtech.central.folio import take_folios
from fieldtech.central.passwords import Passwords
from fieldtech.central.people import granted_buckets
from fieldtech.central.sample.generate import Request
from fieldtech.central.sample.writer import write_sample
from fieldtech.central.shipped import load_shipped
from fieldtech.central.sync.ground import Grounds
from fieldtech.domain.case import Case
from fieldtech.domain.words import Role
from fieldtech.errors import EnvironmentProblem
from fieldtech.protocol.codec import HASH_MODULUS, decode_body, row_hash

AT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A central with the forty, written once for all tests that only look."""
    database = Database.in_folder(tmp_path_factory.mktemp("central"))
    write_sample(database, Request(seed=1, incidents=40, at=AT), Passwords())
    yield database
    database.close()


def ids_in(database: Database, bucket: str, entity: str) -> set[str]:
    feed = tables.feed.c
    query = select(feed.id).where(feed.bucket == bucket, feed.entity == entity, feed.op == "put")
    with database.read() as connection:
        return set(connection.execute(query).scalars())


def values(database: Database, entity: str) -> dict[str, Any]:
    body = tables.body.c
    query = select(body.id, body.text).where(body.entity == entity)
    with database.read() as connection:
        return {row.id: decode_body(entity, row.text) for row in connection.execute(query)}


def test_the_command_prints_who_may_sign_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "central")
    words = ["sample", "--data", folder, "--incidents", "3", "--seed", "7"]

    assert cli.main([*words, "--at", "2026-11-22T12:00-06:00", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["incidents"], report["seed"], report["at"]) == (3, 7, "2026-11-22T18:00:00Z")
    assert {user["role"] for user in report["users"]} == {
        "admin",
        "supervisor",
        "dispatcher",
        "technician",
    }
    database = Database.in_folder(Path(folder))
    with database.read() as connection:
        accounts = connection.execute(select(tables.user_account))
        stored = {row.login: row.password_hash for row in accounts}
    database.close()
    told = {user["user"]: user["password"] for user in report["users"]}
    assert stored.keys() == told.keys()
    assert Passwords().verify(stored["tecnico"], told["tecnico"])
    # A sample never mixes with work that is there already.
    assert cli.main(words) == 1
    assert "already holds incidents" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--incidents", "0"], ["--at", "2026-11-22T12:00"]])
def test_wrong_usage_exits_64(tmp_path: Path, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as usage:
        cli.main(["sample", "--data", str(tmp_path), *wrong])

    assert usage.value.code == 64


def test_the_table_for_people_names_the_brigades_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["sample", "--data", str(tmp_path), "--incidents", "60"]) == 0
    told = capsys.readouterr().out

    assert "tecnico-demo-1" in told
    assert told.count("brigada-demo-1") == 1


def test_the_technician_sees_his_seventeen_and_what_they_need(written: Database) -> None:
    mine = ids_in(written, "tech:u-tecnico", "incident")
    visits = values(written, "visit")
    incidents = values(written, "incident")
    open_ones = {
        visit.incident_id
        for visit in visits.values()
        if visit.technician_id == "u-tecnico" and visit.state.is_open
    }

    assert len(open_ones) == 17
    assert open_ones <= mine
    for entity, name in (
        ("site", "site_id"),
        ("customer", "customer_id"),
        ("service", "service_id"),
    ):
        assert {getattr(incidents[i], name) for i in mine} <= ids_in(
            written, "tech:u-tecnico", entity
        )
    assert {m.split("@")[0] for m in ids_in(written, "tech:u-tecnico", "service_month")} >= {
        incidents[i].service_id for i in mine
    }


def test_the_central_dispatcher_sees_the_country_and_the_north_its_own(written: Database) -> None:
    everything, north = (
        ids_in(written, bucket, "incident") for bucket in ("region:MX", "region:MX-noreste")
    )
    incidents = values(written, "incident")

    assert len(everything) >= 39  # one ended longer ago than the retention may be left out
    assert 0 < len(north) < len(everything)
    assert {incidents[i].region_id[:6] for i in north} <= {"MX-NLE", "MX-COA", "MX-TAM"}
    with written.read() as connection:
        granted = granted_buckets(connection, "u-noroeste", Role.DISPATCHER, ("MX-norte",))
    assert granted == ("ref", "region:MX-norte")


def test_what_is_stored_is_sound_and_adds_up(written: Database) -> None:
    incidents, visits = values(written, "incident"), values(written, "visit")
    with written.read() as connection:
        rules = Grounds().of(connection).rules
        feed, bucket = tables.feed.c, tables.bucket.c
        rows = connection.execute(select(tables.feed).where(feed.op == "put")).all()
        kept = select(bucket.name, bucket.size, bucket.hash)
        sums = {row.name: (row.size, int(row.hash)) for row in connection.execute(kept)}
    for incident in incidents.values():
        own = tuple(visit for visit in visits.values() if visit.incident_id == incident.id)
        assert violations(Case(incident=incident, visits=own), rules) == []
    for name, (count, total) in sums.items():
        mine = [row_hash(row.entity, row.id, row.rev) for row in rows if row.bucket == name]
        assert (count, total) == (len(mine), sum(mine) % HASH_MODULUS)


def test_the_months_downtime_is_that_of_the_incidents(written: Database) -> None:
    incidents, months = values(written, "incident"), values(written, "service_month")
    closed = {
        incident.title: incident for incident in incidents.values() if incident.state == "closed"
    }
    switch = closed["Switch principal apagado"]
    excused = closed["Sin servicio después de un apagón"]
    again = next(i for i in incidents.values() if i.repeat_of == switch.id)

    # The earlier fault, and the one that lasts: 7900 s and from the report to the present.
    expected = 7900 + (AT - again.reported_at).total_seconds()
    assert months[f"{switch.service_id}@2026-11"].downtime_s == expected
    # Five hours, all of them confirmed as external; the fault that lasts began 12 minutes ago.
    lasting = [
        i
        for i in incidents.values()
        if i.service_id == excused.service_id and i.id != excused.id and i.state.is_open
    ]
    still = sum((AT - incident.reported_at).total_seconds() for incident in lasting)
    assert months[f"{excused.service_id}@2026-11"].downtime_s == still


def test_the_next_folio_follows_the_samples(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    write_sample(database, Request(seed=1, incidents=40, at=AT), Passwords())
    taken = {incident.number for incident in values(database, "incident").values()}
    with database.write() as connection:
        [folio] = take_folios(connection, AT)
    database.close()

    assert folio == f"INC-2611{len(taken) + 1:04d}"


def test_the_policy_in_force_is_the_samples(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    with database.write() as connection:
        writer = Writer(connection, now=AT)
        load_shipped(connection, writer, policy="clever-literal")
        writer.flush()
    write_sample(database, Request(seed=1, incidents=20, at=AT), Passwords())
    found = {
        current.policy_id
        for incident in values(database, "incident").values()
        if (current := incident.classification)
    }
    database.close()

    assert found == {"clever-literal"}


def test_nothing_is_left_of_a_sample_that_was_refused(written: Database) -> None:
    def count() -> int:
        with written.read() as connection:
            query = select(func.count()).select_from(tables.body)
            return int(connection.execute(query).scalar_one())

    before = count()
    with pytest.raises(EnvironmentProblem) as refused:
        write_sample(written, Request(seed=2, incidents=5, at=AT), Passwords())

    assert refused.value.code == "not_empty"
    assert count() == before
