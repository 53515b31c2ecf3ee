"""A run over a real store, with a central that does what a real one cannot be brought to do."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from scripted import STAMP, answer, hello, refusal
from small_feed import NINE
from sync_bench import Bench

from fieldtech.store import central_time
from fieldtech.store.agenda import AgendaQuery
from fieldtech.sync.batch import next_batch
from fieldtech.sync.engine import Push
from fieldtech.sync.failures import Failure, Kind, SyncFailure
from fieldtech.sync.runner import Progress
from fieldtech.sync.tokens import TokenBox, Tokens
from fieldtech.sync.transport import Reply


def test_a_run_pushes_then_pulls_and_tells_how_far_it_is(bench: Bench) -> None:
    bench.note("uno")
    bench.script.steps = [hello(), bench.applied, bench.page]
    seen: list[Progress] = []
    report = bench.runner.run_once(seen.append)
    assert bench.script.paths() == ["hello", "push", "pull"]
    assert (report.reached, report.pushed, report.waiting) == (True, 1, 0)
    assert report.problem is None
    assert [each.phase for each in seen] == ["hello", "push", "pull"]
    assert report.next_try_s == 60
    assert bench.store.session.get().last_contact == NINE


def test_the_hello_of_a_clean_run_holds_for_the_next_ones(bench: Bench) -> None:
    bench.script.steps = [hello(), bench.page, bench.page, bench.page]
    for _ in range(3):
        assert bench.runner.run_once().problem is None
    assert bench.script.paths() == ["hello", "pull", "pull", "pull"]
    bench.clock.advance(601)
    bench.script.steps = [hello(), bench.page]
    bench.runner.run_once()
    assert bench.script.paths()[-2:] == ["hello", "pull"]


def test_failures_are_counted_over_a_restart_and_forgotten_by_success(bench: Bench) -> None:
    first = bench.runner.run_once()
    assert first.problem is not None
    assert (first.problem.code, first.reached) == ("unreachable", False)
    assert 1 <= first.next_try_s <= 2
    again = bench.started()
    assert again.seconds_to_next() == first.next_try_s
    second = again.run_once()
    assert second.next_try_s >= 2
    bench.script.steps = [hello(), bench.page]
    assert again.run_once().next_try_s == 60
    assert bench.started().seconds_to_next() == 60


def test_a_busy_central_is_left_alone_for_as_long_as_it_asks(bench: Bench) -> None:
    bench.script.steps = [refusal(503, "unavailable", retry_after_s=120.0)]
    report = bench.runner.run_once()
    assert report.problem is not None
    assert (report.problem.code, report.reached, report.next_try_s) == ("busy", True, 120)
    bench.clock.advance(20)
    assert bench.started().seconds_held() == 100, "over a restart too"
    bench.runner.run_once()
    assert bench.runner.seconds_held() == 0, "it is away now, and asks for nothing"


def test_a_refused_token_is_turned_over_and_kept_before_it_is_used(bench: Bench) -> None:
    renewed = {
        "access_token": "a2",
        "refresh_token": "r2",
        "expires_in": 900,
        "user": {
            "id": "ana",
            "login": "ana",
            "name": "Ana López",
            "role": "technician",
            "region_ids": ["jal"],
        },
        "epoch": "epoch-1",
        "server_time": STAMP,
    }

    def greet() -> Reply:
        kept = TokenBox(bench.secrets).get()
        assert kept is not None
        assert kept.refresh == "r2"
        assert bench.script.asked[-1].headers["Authorization"] == "Bearer a2"
        return hello()

    bench.script.steps = [refusal(401, "token_expired"), answer(renewed), greet, bench.page]
    assert bench.runner.run_once().problem is None
    assert bench.script.paths() == ["hello", "refresh", "hello", "pull"]
    user = bench.store.session.get().user
    assert user is not None
    assert user.name == "Ana López"


def test_a_new_role_draws_every_list_anew(bench: Bench) -> None:
    promoted = {
        "access_token": "a2",
        "refresh_token": "r2",
        "expires_in": 900,
        "user": {
            "id": "ana",
            "login": "ana",
            "name": "Ana",
            "role": "dispatcher",
            "region_ids": ["jal"],
        },
        "epoch": "epoch-1",
        "server_time": STAMP,
    }
    assert bench.store.places.search("sucursal") == []
    bench.script.steps = [refusal(401, "x"), answer(promoted), hello(), bench.page]
    assert bench.runner.run_once().problem is None
    assert len(bench.store.places.search("sucursal")) == 1


def test_many_pages_are_fetched_ahead_and_applied_in_order(bench: Bench) -> None:
    for number in range(5):
        bench.world.place("tech:ana", f"p{number}")
        bench.world.incident("tech:ana", f"n{number}", f"p{number}")
    bench.script.steps = [hello(), *[lambda: bench.page(4)] * 30]
    report = bench.runner.run_once()
    assert report.problem is None
    assert report.pulled == 30
    assert bench.store.agenda.page(AgendaQuery()).total == 6
    assert len(bench.script.steps) == 30 - 8
    assert not any(thread.name == "prefetch" for thread in threading.enumerate())


def test_a_page_fetched_ahead_may_fail_without_harm_to_the_one_before(bench: Bench) -> None:
    for number in range(3):
        bench.world.place("tech:ana", f"p{number}")
    before = bench.store.feed.cursors()["tech:ana"]
    bench.script.steps = [hello(), lambda: bench.page(4), Failure(kind=Kind.UNREACHABLE)]
    report = bench.runner.run_once()
    assert report.problem is not None
    assert bench.store.feed.cursors()["tech:ana"] == before + 4
    assert report.pulled == 4


def test_a_central_that_went_back_is_noticed_in_the_same_run(bench: Bench) -> None:
    op_id = bench.note("uno")
    bench.script.steps = [hello(), bench.applied, bench.page]
    bench.runner.run_once()
    told = bench.script.paths()
    bench.world.last_n = 0

    def remembered() -> Reply:
        bench.world.last_n = 1
        return bench.applied()

    bench.script.steps = [bench.page, remembered, bench.page]
    assert bench.runner.run_once().problem is None
    assert bench.script.paths()[len(told) :] == ["pull", "push", "pull"]
    assert bench.script.asked[-2].body["ops"][0]["op_id"] == op_id


def test_a_link_that_carries_small_pages_gets_small_ones_and_none_twice(bench: Bench) -> None:
    for number in range(3000):
        customer = f'{{"id":"z{number}","name":"z"}}'
        bench.world.put("tech:ana", "customer", f"z{number}", customer)

    limits: list[int] = []
    carried: list[int] = []

    def link() -> Reply:
        asked = bench.script.asked[-1].body
        limits.append(asked["limit"])
        if asked["limit"] > 125:
            raise SyncFailure(Failure(kind=Kind.TIMEOUT))
        carried.append(asked["cursor"]["tech:ana"])
        return bench.page(asked["limit"])

    bench.script.steps = [hello(), *[link] * 60]
    report = bench.runner.run_once()
    assert (report.problem, report.pulled) == (None, 3000)
    assert limits[:11] == [1000, 500, 250, *[125] * 8]
    assert len(limits) - len(carried) <= 6, "a larger size is tried seldom"
    assert len(carried) == len(set(carried)) == 24


def test_what_arrived_before_the_link_broke_is_in_the_lists(bench: Bench) -> None:
    bench.world.incident("tech:ana", "i2", "uno")
    for number in range(9):
        bench.world.place("tech:ana", f"p{number}")
    bench.script.steps = [hello(), lambda: bench.page(6), Failure(kind=Kind.UNREACHABLE)]

    report = bench.runner.run_once()

    assert report.problem is not None
    assert report.problem.code == "unreachable"
    rows = bench.store.agenda.page(AgendaQuery()).rows
    assert {row.incident_id for row in rows} == {"i1", "i2"}


def test_a_person_stops_a_run(bench: Bench) -> None:
    def stop() -> Reply:
        bench.runner.cancel()
        return bench.page(1)

    bench.world.place("tech:ana", "p")
    bench.script.steps = [hello(), stop]
    report = bench.runner.run_once()
    assert report.problem is not None
    assert report.problem.code == "cancelled"
    assert report.next_try_s == 60, "that was no failure"
    asked = len(bench.script.asked)
    again = bench.runner.run_once().problem
    assert again is not None
    assert again.code == "cancelled", "for good: a stop just before a run counts too"
    assert len(bench.script.asked) == asked + 1, "refused at the door"


def test_a_run_that_a_person_stops_goes_on_where_it_ended(bench: Bench) -> None:
    """Neither a failure nor a success: what came is kept, and the next run begins as any other."""
    for number in range(9):
        bench.world.place("tech:ana", f"p{number}")

    def stop() -> Reply:
        bench.runner.stop()
        return bench.page(6)

    bench.script.steps = [hello(), stop]
    stopped = bench.runner.run_once()
    assert stopped.problem is not None
    assert stopped.problem.code == "cancelled"
    assert stopped.next_try_s == 60, "not at once"
    came = bench.store.feed.cursors()

    bench.script.steps = [hello(), lambda: bench.page(1000)]
    assert bench.runner.run_once().problem is None
    asked = bench.script.asked[-1].body["cursor"]
    assert asked == came
    assert any(came.values()), "the page that had come was kept"


def test_a_stop_ends_the_drawing_of_lists_too(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def finish() -> bool:
        drawn.append(1)
        bench.runner.stop()
        return True

    bench.script.steps = [hello(), lambda: bench.page(1000)]
    monkeypatch.setattr(bench.runner._feed, "finish", finish)
    assert bench.runner.run_once().problem is not None
    assert len(drawn) == 1


def test_a_stop_without_a_run_stops_nothing(bench: Bench) -> None:
    bench.runner.stop()
    bench.script.steps = [hello(), lambda: bench.page(1000)]
    assert bench.runner.run_once().problem is None


def test_a_run_that_is_stopped_before_its_turn_asks_nobody(bench: Bench) -> None:
    stopping = threading.Event()
    stopping.set()
    bench.runner.stop()
    bench.script.steps = [hello(), lambda: bench.page(1000)]
    report = bench.runner.run_once(stopping=stopping)
    assert report.problem is not None
    assert (report.problem.code, bench.script.asked) == ("cancelled", [])
    assert bench.runner.run_once().problem is None, "that one was not meant"


def test_a_stop_leaves_the_line_open_for_who_comes_next(bench: Bench) -> None:
    """A sign-in goes over the same line, without another run before it."""

    def stop() -> Reply:
        bench.runner.stop()
        assert bench.script.halted
        raise SyncFailure(Failure(kind=Kind.CANCELLED))

    bench.script.steps = [stop]
    assert bench.runner.run_once().problem is not None
    assert not bench.script.halted


def test_a_stopped_run_forgets_no_wait_that_the_central_asked_for(bench: Bench) -> None:
    bench.script.steps = [refusal(503, "unavailable", retry_after_s=900.0)]
    assert bench.runner.run_once().next_try_s == pytest.approx(900)

    def stop() -> Reply:
        bench.runner.stop()
        raise SyncFailure(Failure(kind=Kind.CANCELLED))

    bench.script.steps = [stop]  # the person tried all the same, and thought better of it
    stopped = bench.runner.run_once()
    assert stopped.problem is not None
    assert stopped.problem.code == "cancelled"
    assert stopped.next_try_s == pytest.approx(900)
    assert bench.runner.seconds_held() == pytest.approx(900)
    bench.clock.advance(860)
    bench.script.steps = [stop]
    assert bench.runner.run_once().next_try_s == 60
    assert bench.runner.seconds_held() == pytest.approx(40), "its last minute, too"


def test_a_stopped_run_forgets_no_failures(bench: Bench) -> None:
    def stop() -> Reply:
        bench.runner.stop()
        raise SyncFailure(Failure(kind=Kind.CANCELLED))

    for _ in range(5):
        bench.runner.run_once()
    bench.script.steps = [stop]
    bench.runner.run_once()
    assert bench.runner.run_once().next_try_s >= 2 * 2**5 / 2


def test_how_far_a_run_is(bench: Bench) -> None:
    bench.note("uno")
    told: list[Progress] = []
    bench.script.steps = [hello(), bench.applied, bench.page]
    bench.runner.run_once(told.append)
    assert [each.phase for each in told] == ["hello", "push", "pull"]
    assert {each.to_push for each in told} == {1}
    assert [each.pushed for each in told] == [0, 0, 1]


def test_a_second_run_at_the_same_time_says_so(bench: Bench) -> None:
    inside: list[str] = []

    def meanwhile() -> Reply:
        problem = bench.runner.run_once().problem
        inside.append(problem.code if problem is not None else "")
        return hello()

    bench.script.steps = [meanwhile, bench.page]
    assert bench.runner.run_once().problem is None
    assert inside == ["running"]


def test_signed_out_in_between_looks_at_the_secrets_again(bench: Bench) -> None:
    bench.script.steps = [refusal(401, "x"), refusal(401, "refresh_invalid")]
    report = bench.runner.run_once()
    assert report.problem is not None
    assert report.problem.code == "signed_out"
    device = bench.store.session.get().device_id
    TokenBox(bench.secrets).put(Tokens(access="a9", refresh="r9", device_id=device))
    bench.script.steps = [hello(), bench.page]
    assert bench.runner.run_once().problem is None
    assert bench.script.asked[-1].headers["Authorization"] == "Bearer a9"


def test_the_surest_comparison_of_clocks_is_kept_with_what_came_with_it(bench: Bench) -> None:
    bench.clock.advance(100)
    bench.script.steps = [hello(), bench.page]
    bench.runner.run_once()
    with bench.store.database.read() as connection:
        known = central_time.load(connection)
    assert known is not None
    assert known.rtt_s == pytest.approx(0.2)


def test_a_command_too_large_for_the_central_is_kept_and_blocks_nobody(bench: Bench) -> None:
    huge, small = bench.note("x" * 1000), bench.note("y")
    too_large = refusal(413, "too_large")

    def second() -> Reply:
        ops = bench.script.asked[-1].body["ops"]
        assert [op["cmd"] for op in ops] == ["void"]
        assert ops[0]["op_id"] == f"void-{huge}"
        return bench.applied()

    bench.script.steps = [
        hello(limits={"push_ops": 2}),
        too_large,
        too_large,
        second,
        bench.applied,
        bench.page,
    ]
    report = bench.runner.run_once()
    assert report.problem is None
    assert [(item.op_id, item.code) for item in report.refused] == [(huge, "too_large")]
    assert report.waiting == 0
    item = bench.store.outbox.item(small)
    assert item is not None
    assert item.state == "applied"


def test_what_was_put_aside_is_asked_for_again_once_a_run(bench: Bench) -> None:
    bench.note("aparte")
    bench.script.steps = [
        hello(),
        lambda: bench.results([{"status": "deferred", "code": "behind"}]),
        bench.page,
    ]
    assert bench.runner.run_once().waiting == 1
    bench.script.steps = [bench.applied, bench.page]
    assert bench.runner.run_once().waiting == 0
    assert bench.script.paths() == ["hello", "push", "pull", "push", "pull"]


def test_working_on_while_it_runs_does_not_keep_a_run_from_pulling(bench: Bench) -> None:
    def meanwhile() -> Reply:
        reply = bench.applied()
        bench.note("y otra")
        return reply

    bench.note("una")
    bench.script.steps = [hello(), *[meanwhile] * 20]
    bench.script.steps[2] = bench.page
    report = bench.runner.run_once()
    assert bench.script.paths() == ["hello", "push", "pull"]
    assert (report.problem, report.pushed, report.waiting) == (None, 1, 1)


def test_a_batch_respects_bytes_and_numbers(bench: Bench) -> None:
    for _ in range(5):
        bench.note("z" * 1000)
    device = bench.store.session.get().device_id

    def batch(**limits: Any) -> Any:
        push = replace(Push(after_n=0, max_ops=100, max_bytes=1_000_000), **limits)
        with bench.store.database.read() as connection:
            return next_batch(connection, device, "epoch-1", push)

    assert batch().size == 5
    assert batch(max_ops=2).size == 2
    assert batch(max_bytes=4000).size == 2
    assert len(batch(max_bytes=4000).body) <= 4000
    assert batch(max_bytes=1).size == 1, "one always goes, or nothing ever would"
    assert batch(after_n=5).size == 0
    with bench.store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM outbox WHERE n = 1")
    assert batch().gap
