"""Housekeeping: what fails costs nothing else and is told; a stop does not wait for the rest."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.testclient import TestClient

from fieldtech.central import housekeeping, tables
from fieldtech.central.api import health
from fieldtech.central.api.parts import Parts
from fieldtech.central.auth import throttle
from fieldtech.central.housekeeping import Housekeeper, tidy
from fieldtech.central.passwords import Passwords
from fieldtech.central.sync.ground import Grounds

if TYPE_CHECKING:
    from central_desk import Desk

SERVICES = 3


def months(desk: Desk) -> set[str]:
    with desk.database.read() as connection:
        query = select(tables.service_month.c.service_id).distinct()
        return set(connection.execute(query).scalars())


def spoil(desk: Desk, site_id: str) -> None:
    """Leave a site with a text that nobody can read, as an older fault of ours could have."""
    body = tables.body
    here = (body.c.entity == "site") & (body.c.id == site_id)
    with desk.database.write() as connection:
        text = json.loads(connection.execute(select(body.c.text).where(here)).scalar_one())
        spoilt = json.dumps({**text, "lat": None})
        connection.execute(body.update().where(here).values(text=spoilt))


@pytest.mark.expects_log("service v-gdl cannot be counted")
def test_one_service_that_cannot_be_counted_costs_the_others_nothing(desk: Desk) -> None:
    spoil(desk, "s-gdl")
    assert tidy(desk.database, desk.clock).failed == ("count_months",)
    assert months(desk) == {"v-zap", "v-mty"}


@pytest.mark.expects_log("retire_work failed")
def test_a_step_that_fails_keeps_nothing_else_from_being_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(housekeeping, "retire_work", broken)
    assert tidy(desk.database, desk.clock).failed == ("retire_work",)
    assert len(months(desk)) == SERVICES


def test_a_stop_waits_for_one_transaction_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "WRITTEN_AT_ONCE", 1)
    answers = iter([True] * 5)
    tidy(desk.database, desk.clock, lambda: next(answers, False))
    assert 0 < len(months(desk)) < SERVICES
    tidy(desk.database, desk.clock)
    assert len(months(desk)) == SERVICES


@pytest.mark.expects_log("service v-gdl cannot be counted")
def test_ready_tells_what_could_not_be_tidied(desk: Desk) -> None:
    spoil(desk, "s-gdl")
    parts = Parts(
        database=desk.database, clock=desk.clock, grounds=Grounds(), passwords=Passwords()
    )
    keeper = Housekeeper(desk.database, desk.clock)
    app = FastAPI()
    app.include_router(health.router(parts, keeper))
    client = TestClient(app)
    assert client.get("/readyz").json()["tidied_at"] == ""
    keeper.once()
    told = client.get("/readyz")
    assert told.status_code == 200
    assert told.json()["status"] == "ok"
    assert told.json()["untidy"] == ["count_months"]
    assert told.json()["tidied_at"]
    assert desk.client.get("/readyz").json()["untidy"] == []


def test_old_counts_of_sign_ins_are_forgotten(desk: Desk) -> None:
    now = desk.clock.now()
    with desk.database.write() as connection:
        for number in range(3):
            throttle.count_attempt(connection, f"u{number}", "203.0.113.9", now)
    tidy(desk.database, desk.clock)
    count = select(func.count()).select_from(tables.login_throttle)
    with desk.database.read() as connection:
        assert connection.execute(count).scalar_one() == 4
    desk.clock.advance(throttle.FORGOTTEN_AFTER / timedelta(seconds=1))
    tidy(desk.database, desk.clock)
    with desk.database.read() as connection:
        assert connection.execute(count).scalar_one() == 0
