"""What the engine decides on each answer and each failure; no I/O anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.protocol.wire import PROTOCOL, HelloReply, Limits
from fieldtech.sync.engine import (
    RETRIES,
    Action,
    Engine,
    Fork,
    Hello,
    Pull,
    Push,
    Refresh,
    StartOver,
    Stop,
    Void,
)
from fieldtech.sync.failures import Failure, Kind
from fieldtech.sync.page_size import GOOD_PAGES, MIN_ROWS, PageSize

GREETING = HelloReply(
    epoch="e1",
    server_time="2026-03-04T15:00:00Z",
    last_n=4,
    min_push_protocol=PROTOCOL,
    min_pull_protocol=PROTOCOL,
    limits=Limits(),
    seal_key="",
)


def greeted(reply: HelloReply = GREETING, *, next_n: int = 6, epoch: str = "e1") -> Engine:
    engine = Engine()
    assert engine.start(waiting=True) == Hello()
    engine.hello_done(reply, next_n=next_n, epoch=epoch)
    engine.nothing_to_push()  # nothing was put aside
    return engine


def pulling(engine: Engine) -> Engine:
    assert isinstance(engine.nothing_to_push(), Pull)
    return engine


def problem(status: int, code: str = "", **more: object) -> Failure:
    return Failure(kind=Kind.PROBLEM, status=status, code=code, **more)  # type: ignore[arg-type]


def test_a_clean_run_says_hello_pushes_and_pulls() -> None:
    engine = Engine()
    assert engine.start(waiting=True) == Hello()
    aside = engine.hello_done(GREETING, next_n=6, epoch="e1")
    assert aside == Push(0, 100, 1024 * 1024, aside_up_to=4)
    assert engine.nothing_to_push() == Push(after_n=4, max_ops=100, max_bytes=1024 * 1024)
    assert engine.pushed(last_n=5, through_n=5, more=False) == Pull(1000)
    assert engine.page_applied(more=True, mismatched=False, last_n=999) == Pull(1000)
    assert engine.page_applied(more=False, mismatched=False, last_n=999) == Stop()


def test_a_hello_that_still_holds_is_not_repeated() -> None:
    known = greeted().known
    assert known is not None
    assert Engine(known).start(waiting=False) == Pull(1000)
    again = Engine(replace(known, last_n=9))
    assert again.start(waiting=True) == Push(0, 100, 1024 * 1024, aside_up_to=9)
    assert again.nothing_to_push() == Push(9, 100, 1024 * 1024)


def test_what_was_put_aside_goes_by_itself_and_keeps_nothing_back() -> None:
    engine = Engine(replace(greeted().known, last_n=300))  # type: ignore[type-var]
    assert engine.start(waiting=True) == Push(0, 100, 1024 * 1024, aside_up_to=300)
    after = engine.pushed(last_n=300, through_n=120, more=True)
    assert after == Push(120, 100, 1024 * 1024, aside_up_to=300)
    assert engine.pushed(last_n=300, through_n=250, more=True) == replace(after, after_n=250)
    assert engine.nothing_to_push() == Push(300, 100, 1024 * 1024)
    assert engine.pushed(last_n=301, through_n=301, more=False) == Pull(1000)


def test_long_queues_go_up_batch_by_batch() -> None:
    engine = greeted()
    assert engine.pushed(last_n=104, through_n=104, more=True) == Push(104, 100, 1024 * 1024)
    assert engine.pushed(last_n=104, through_n=104, more=True) == Pull(1000), "no progress, no loop"


def test_an_old_program_may_still_push_but_not_pull() -> None:
    engine = greeted(replace(GREETING, min_pull_protocol=PROTOCOL + 1))
    assert engine.pushed(last_n=5, through_n=5, more=False) == Stop("upgrade_required")
    engine = Engine()
    engine.start(waiting=True)
    refused = replace(GREETING, min_push_protocol=PROTOCOL + 1)
    assert engine.hello_done(refused, next_n=6, epoch="e1") == Stop("upgrade_required")


def test_another_life_of_the_central_starts_over() -> None:
    engine = Engine()
    engine.start(waiting=True)
    assert engine.hello_done(GREETING, next_n=6, epoch="e0") == StartOver("e1")
    assert engine.started_over() == Push(0, 100, 1024 * 1024, aside_up_to=4)
    engine = pulling(greeted())
    assert engine.failed(problem(410, "epoch", epoch="e2")) == StartOver("e2")
    assert engine.started_over() == Hello()


def test_a_central_that_knows_more_than_we_gave_means_a_copy_of_this_profile() -> None:
    engine = Engine()
    engine.start(waiting=True)
    assert engine.hello_done(GREETING, next_n=4, epoch="e1") == Fork()
    assert engine.forked() == Hello()
    engine = greeted()
    assert engine.failed(problem(409, "device_forked")) == Fork()


def test_a_gap_is_filled_from_where_the_central_waits() -> None:
    engine = greeted()
    assert engine.failed(problem(409, "gap", expected=3)) == Push(2, 100, 1024 * 1024)
    engine = greeted()
    assert engine.failed(problem(409, "gap", expected=9)) == Hello()
    assert greeted().gap_found() == Fork()
    assert greeted().failed(problem(409, "unknown_device")) == Hello()
    assert greeted().failed(problem(409, "op_id_taken")) == Stop("op_id_taken")


def test_a_token_that_ran_out_is_refreshed_once() -> None:
    engine = greeted()
    assert engine.failed(problem(401, "token_expired")) == Refresh()
    assert engine.refreshed() == Push(4, 100, 1024 * 1024), "the very action that was refused"
    assert engine.failed(problem(401, "token_expired")) == Stop("signed_out")


def test_each_step_has_its_own_refresh() -> None:
    engine = greeted()
    engine.failed(problem(401))
    engine.refreshed()
    engine.pushed(last_n=5, through_n=5, more=False)
    assert engine.failed(problem(401)) == Refresh()


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_refresh_asks_for_a_sign_in(status: int) -> None:
    engine = greeted()
    engine.failed(problem(401))
    assert engine.refresh_failed(problem(status, "refresh_invalid")) == Stop("signed_out")


def test_a_refresh_that_did_not_get_through_signs_nobody_out() -> None:
    engine = greeted()
    engine.failed(problem(401))
    assert engine.refresh_failed(Failure(kind=Kind.UNREACHABLE)) == Stop("unreachable")


@pytest.mark.parametrize(
    ("failure", "stop"),
    [
        (Failure(kind=Kind.UNREACHABLE), Stop("unreachable")),
        (Failure(kind=Kind.NOT_CENTRAL), Stop("captive_portal")),
        (Failure(kind=Kind.MALFORMED), Stop("bad_reply")),
        (Failure(kind=Kind.CANCELLED), Stop("cancelled")),
        (problem(403, "device_revoked"), Stop("revoked")),
        (problem(403, "device_bound"), Stop("device_bound")),
        (problem(403), Stop("forbidden")),
        (problem(426, "upgrade_required"), Stop("upgrade_required")),
        (problem(429, "throttled", retry_after_s=30.0), Stop("busy", 30.0)),
        (problem(503, "unavailable", retry_after_s=5.0), Stop("busy", 5.0)),
        (problem(500, "internal"), Stop("central_failed")),
        (problem(400, "malformed"), Stop("malformed")),
        (problem(404, "not_found"), Stop("not_found")),
        (problem(418), Stop("refused_request")),
    ],
)
def test_what_ends_a_run(failure: Failure, stop: Stop) -> None:
    assert greeted().failed(failure) == stop
    assert pulling(greeted()).failed(failure) == stop


def test_a_push_that_is_too_large_is_halved_down_to_the_one_that_can_never_be_sent() -> None:
    engine = greeted()
    sizes = []
    action: Action = Push(4, 100, 1)
    while isinstance(action := engine.failed(problem(413, "too_large")), Push):
        sizes.append(action.max_ops)
    assert sizes == [50, 25, 12, 6, 3, 1]
    assert action == Void(Push(4, 1, 1024 * 1024))
    assert engine.voided() == Push(4, 1, 1024 * 1024)


@pytest.mark.parametrize("kind", [Kind.TIMEOUT, Kind.TRUNCATED])
def test_a_link_that_drops_long_replies_gets_shorter_ones(kind: Kind) -> None:
    engine = pulling(greeted())
    failure = Failure(kind=kind)
    assert engine.failed(failure) == Pull(500)
    assert engine.failed(failure) == Pull(250)
    limits = [
        engine.page_applied(more=True, mismatched=False, last_n=999) for _ in range(2 * GOOD_PAGES)
    ]
    assert limits[: GOOD_PAGES - 1] == [Pull(250)] * (GOOD_PAGES - 1), "what it carries"
    assert limits[GOOD_PAGES - 1 :][:GOOD_PAGES] == [Pull(500)] * GOOD_PAGES, "and recovers"
    for _ in range(RETRIES - 1):
        action = engine.failed(failure)
        assert isinstance(action, Pull)
        assert action.limit >= MIN_ROWS
    assert engine.failed(failure) == Stop(kind.value)


def test_a_later_run_asks_for_no_more_than_the_link_has_carried() -> None:
    size = PageSize()
    first = Engine(page_size=size)
    first.start(waiting=False)
    first.hello_done(GREETING, next_n=6, epoch="e1")
    assert isinstance(first.nothing_to_push(), Push)
    assert first.nothing_to_push() == Pull(1000)
    assert first.failed(Failure(kind=Kind.TIMEOUT)) == Pull(500)
    assert first.page_applied(more=False, mismatched=False, last_n=999) == Stop()
    assert Engine(first.known, size).start(waiting=False) == Pull(500)


def test_a_push_that_times_out_is_halved_too() -> None:
    engine = greeted()
    assert engine.failed(Failure(kind=Kind.TIMEOUT)) == Push(4, 50, 1024 * 1024)
    assert engine.pushed(last_n=54, through_n=54, more=True) == Push(54, 100, 1024 * 1024)


def test_a_hello_that_times_out_is_tried_once_more() -> None:
    engine = Engine()
    engine.start(waiting=False)
    assert engine.failed(Failure(kind=Kind.TIMEOUT)) == Hello()
    assert engine.failed(Failure(kind=Kind.TIMEOUT)) == Stop("timeout")


def test_a_central_that_forgot_gets_again_what_it_forgot() -> None:
    engine = greeted()
    engine.pushed(last_n=5, through_n=5, more=False)
    assert engine.page_applied(more=True, mismatched=False, last_n=3) == Pull(1000)
    again = engine.page_applied(more=False, mismatched=False, last_n=3)
    assert again == Push(3, 100, 1024 * 1024)
    assert engine.pushed(last_n=5, through_n=5, more=False) == Pull(1000)
    assert engine.page_applied(more=False, mismatched=False, last_n=5) == Stop()


def test_a_checksum_that_never_agrees_ends_the_run() -> None:
    engine = pulling(greeted())
    actions = [engine.page_applied(more=False, mismatched=True, last_n=999) for _ in range(4)]
    assert actions[:3] == [Pull(1000)] * 3
    assert actions[3] == Stop("checksum")


FAILURES = st.one_of(
    st.sampled_from([kind for kind in Kind if kind is not Kind.PROBLEM]).map(
        lambda kind: Failure(kind=kind)
    ),
    st.builds(
        problem,
        st.sampled_from([400, 401, 403, 409, 410, 413, 426, 429, 500, 503]),
        st.sampled_from(["gap", "device_forked", "unknown_device", "epoch", "device_revoked", ""]),
        expected=st.one_of(st.none(), st.integers(1, 20)),
        epoch=st.just("e2"),
    ),
)
OUTCOMES = st.one_of(st.none(), FAILURES)


@given(st.lists(OUTCOMES, max_size=200), st.booleans(), st.booleans(), st.booleans())
def test_every_run_ends_and_never_pulls_before_it_pushed(
    outcomes: list[Failure | None],
    more_pages: bool,  # noqa: FBT001  hypothesis passes them in order
    mismatched: bool,  # noqa: FBT001
    waiting: bool,  # noqa: FBT001
) -> None:
    engine = Engine()
    action = engine.start(waiting=waiting)
    pushed = False
    left = iter(outcomes)
    steps = 0
    while not isinstance(action, Stop):
        steps += 1
        failure = next(left, None)
        if isinstance(action, Pull):
            assert pushed
        action = _outcome(engine, action, failure, more_pages and steps < 50, mismatched)
        pushed = pushed or isinstance(action, Push)
        assert steps < 400
    assert action.problem or next(left, None) is None or pushed


def _outcome(
    engine: Engine,
    action: Action,
    failure: Failure | None,
    more_pages: bool,  # noqa: FBT001
    mismatched: bool,  # noqa: FBT001
) -> Action:
    simple = {Fork: engine.forked, StartOver: engine.started_over, Void: engine.voided}
    if isinstance(action, Fork | StartOver | Void):
        return simple[type(action)]()
    if isinstance(action, Refresh):
        return engine.refreshed() if failure is None else engine.refresh_failed(failure)
    if failure is not None:
        return engine.failed(failure)
    if isinstance(action, Hello):
        return engine.hello_done(GREETING, next_n=6, epoch="e1")
    if isinstance(action, Push):
        return engine.pushed(last_n=action.after_n + 1, through_n=action.after_n + 1, more=False)
    return engine.page_applied(more=more_pages, mismatched=mismatched, last_n=999)
