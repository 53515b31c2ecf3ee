"""The availability of a service follows its incidents, through every push, and the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from central_desk import assign, place, register
from sqlalchemy import event

from fieldtech.central.feed import Writer
from fieldtech.central.housekeeping import tidy
from fieldtech.central.months import changed_months
from fieldtech.central.sync.ground import Grounds
from fieldtech.domain.reference import Site
from fieldtech.protocol.codec import to_stamp

if TYPE_CHECKING:
    from central_desk import Desk, Laptop

NOVEMBER = (datetime(2026, 11, 1, 6, tzinfo=UTC), datetime(2026, 12, 1, 6, tzinfo=UTC))
"""The month in Guadalajara."""

Minutes = tuple[datetime, datetime | None]


@pytest.fixture
def dora(desk: Desk) -> Laptop:
    """The dispatcher, who sees the service."""
    return desk.laptop("dora")


def restore(laptop: Laptop, incident_id: str, **changes: Any) -> None:
    policy = laptop.bodies["policy", "clever@1"]
    plain = {
        "restored_at": to_stamp(laptop.desk.clock.now()),
        "attribution": "own_network",
        "cause": policy["causes"][0]["code"],
        "solution": policy["solutions"][0]["code"],
    }
    did(laptop.do("incident.restore", f"incident:{incident_id}", **{**plain, **changes}))


def did(result: dict[str, Any]) -> None:
    assert result["status"] == "applied", result


def month(laptop: Laptop, month_id: str = "v-gdl@2026-11") -> dict[str, Any]:
    laptop.pull()
    laptop.assert_sums()
    return laptop.bodies["service_month", month_id]


def counted(outages: list[Minutes], excluded: list[Minutes], now: datetime) -> float:
    """Seconds down in November, found by looking at each minute of it."""
    start, end = NOVEMBER
    total = 0
    for offset in range(int((end - start).total_seconds() // 60)):
        at = start + timedelta(minutes=offset)
        down = any(a <= at < (b or now) for a, b in outages)
        total += down and not any(a <= at < (b or now) for a, b in excluded)
    return total * 60.0


def test_each_push_counts_the_month_as_minute_by_minute(desk: Desk, dora: Laptop) -> None:
    clock, t0 = desk.clock, desk.clock.now()
    register(dora, "one")
    now = month(dora)
    assert (now["month"], now["active_s"], now["target_share"]) == ("2026-11", 30 * 86400, 0.995)
    assert now["downtime_s"] == counted([(t0, None)], [], t0)

    clock.advance(3600)
    t1 = clock.now()
    register(dora, "two")
    clock.advance(1800)
    restore(dora, "one")
    t2 = clock.now()
    assert month(dora)["downtime_s"] == counted([(t0, t2), (t1, None)], [], t2)

    clock.advance(600)
    restore(dora, "two", attribution="third_party", evidence="folio 7 del carrier")
    t3 = clock.now()
    outages: list[Minutes] = [(t0, t2), (t1, t3)]
    assert month(dora)["downtime_s"] == counted(outages, [], t3)

    did(
        dora.do(
            "exclusion.propose",
            "incident:two",
            exclusion_id="x-1",
            attribution="third_party",
            start=to_stamp(t1),
            end=to_stamp(t3),
            evidence="folio 7 del carrier",
        )
    )
    assert month(dora)["downtime_s"] == counted(outages, [], t3)
    sol = desk.laptop("sol")
    did(sol.do("exclusion.confirm", "incident:two", exclusion_id="x-1"))
    # The first one's own outage still counts where both were down.
    assert month(dora)["downtime_s"] == counted([(t0, t2)], [], t3)

    clock.advance(300)
    did(dora.do("incident.refail", "incident:one", failed_at=to_stamp(clock.now())))
    clock.advance(300)
    restore(dora, "one")
    assert month(dora)["downtime_s"] == counted([(t0, clock.now())], [], clock.now())
    did(dora.do("incident.close", "incident:one"))
    assert month(dora)["downtime_s"] == counted([(t0, clock.now())], [], clock.now())


def test_a_cancelled_incident_gives_its_minutes_back(desk: Desk, dora: Laptop) -> None:
    register(dora, "one")
    desk.clock.advance(3600)
    dora.do("incident.note", "incident:one", text="sigue")
    did(dora.do("incident.cancel", "incident:one", reason="no era nuestro"))
    assert month(dora)["downtime_s"] == 0


def test_commands_of_one_push_are_counted_together(desk: Desk, dora: Laptop) -> None:
    t0 = desk.clock.now()
    desk.clock.advance(3600)
    told = place(dora) | {"notified_at": to_stamp(t0)}
    results = dora.push(
        dora.envelope("incident.register", "incident:one", **told),
        dora.envelope("incident.register", "incident:two", **place(dora)),
        dora.envelope("incident.cancel", "incident:two", reason="repetido"),
    )
    assert [each["status"] for each in results] == ["applied"] * 3
    assert month(dora)["downtime_s"] == counted([(t0, None)], [], desk.clock.now())


def test_the_technician_sees_the_budget_of_his_service(desk: Desk, dora: Laptop) -> None:
    ana = desk.laptop("ana")
    register(dora, "one")
    assign(dora, "one", "vis-1", "ana")
    desk.clock.advance(1200)
    dora.pull()
    restore(dora, "one")
    assert month(ana)["downtime_s"] == 1200


def test_time_alone_lets_an_outage_grow_and_a_month_begin(desk: Desk, dora: Laptop) -> None:
    t0 = desk.clock.now()
    register(dora, "one")
    desk.clock.advance(7200)
    tidy(desk.database, desk.clock)
    assert month(dora)["downtime_s"] == 7200
    assert month(dora, "v-zap@2026-11")["downtime_s"] == 0
    heads = dict(dora.cursor)
    tidy(desk.database, desk.clock)
    dora.pull()
    assert dora.cursor == heads

    desk.clock.advance((NOVEMBER[1] - desk.clock.now()).total_seconds() - 60)
    tidy(desk.database, desk.clock)
    dora.pull()
    assert ("service_month", "v-gdl@2026-12") not in dora.bodies
    desk.clock.advance(120)
    tidy(desk.database, desk.clock)
    assert month(dora)["downtime_s"] == (NOVEMBER[1] - t0).total_seconds()
    assert month(dora, "v-gdl@2026-12")["downtime_s"] == 60
    assert month(dora, "v-zap@2026-12")["downtime_s"] == 0


def test_an_open_outage_is_told_when_it_matters_and_not_every_ten_minutes(
    desk: Desk, dora: Laptop
) -> None:
    budget = (1 - 0.995) * 30 * 86_400
    t0 = desk.clock.now()
    register(dora, "one")
    told = []
    while (desk.clock.now() - t0).total_seconds() < 86_400:
        desk.clock.advance(600)
        tidy(desk.database, desk.clock)
        dora.pull()
        told.append(dora.bodies["service_month", "v-gdl@2026-11"]["downtime_s"])
    passed = [600.0 * (step + 1) for step in range(len(told))]
    assert len(set(told)) < len(told) / 3
    for present, exact in zip(told, passed, strict=True):
        assert 0 <= exact - present <= max(600, 0.1 * present)
        assert (present > budget) == (exact > budget), "a missed target is told at once"
    restore(dora, "one")
    assert month(dora)["downtime_s"] == passed[-1]


@pytest.mark.parametrize("desk", ["sqlite"], indirect=True)
def test_counting_months_never_reads_what_it_does_not_need(desk: Desk) -> None:
    """At 100,000 sites a statement that walks all their texts held every other writer up."""
    register(desk.laptop("dora"), "one")
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            found = connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(row[3] for row in found)

    with desk.database.read() as connection:
        rules = Grounds().of(connection).rules
        event.listen(connection, "before_cursor_execute", explain)
        found = list(changed_months(connection, rules, ["v-gdl"], desk.clock.now()))
        event.remove(connection, "before_cursor_execute", explain)
    assert found == []
    assert len(plans) > 5
    walks = [plan for plan in plans if "SCAN" in plan and "json_each" not in plan]
    assert walks == []
    assert [plan for plan in plans if "body" in plan and "AND id=?" not in plan] == []


@pytest.mark.expects_log("no time zone")
def test_a_site_without_a_zone_costs_nobody_his_push(desk: Desk, dora: Laptop) -> None:
    dora.pull()
    site = msgspec.convert(dora.bodies["site", "s-gdl"], Site)
    with desk.database.write() as connection:
        writer = Writer(connection, now=desk.clock.now())
        writer.put("site", "s-gdl", replace(site, timezone="Nowhere/At all"))
        writer.flush()
    did(register(dora, "one"))
    did(register(dora, "two", "zap"))
    assert month(dora, "v-zap@2026-11")["service_id"] == "v-zap"
    assert ("service_month", "v-gdl@2026-11") not in dora.bodies
