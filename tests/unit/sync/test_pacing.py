"""When to try again, and which comparison of clocks to believe."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_feed import open_for

from fieldtech.clock import FakeClock
from fieldtech.store import meta
from fieldtech.store.central_time import Sample, moment
from fieldtech.sync import backoff, offset
from fieldtech.sync.backoff import Backoff, Pace

NINE = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
PACE = Pace()


def after(failures: int, clock: FakeClock, seed: str = "laptop", **more: float) -> Backoff:
    known = Backoff()
    for _ in range(failures):
        known = backoff.after_failure(
            known, clock, PACE, seed=seed, retry_after_s=more.get("retry_after_s")
        )
    return known


def test_delays_double_up_to_the_cap() -> None:
    clock = FakeClock(NINE)
    delays = [backoff.seconds_left(after(n, clock), clock) for n in range(1, 12)]
    for count, delay in enumerate(delays):
        ceiling = min(PACE.cap_s, PACE.first_s * 2**count)
        assert ceiling / 2 <= delay <= ceiling
    assert delays[-1] >= PACE.cap_s / 2


@given(seed=st.text(max_size=10), failures=st.integers(1, 30))
def test_the_same_laptop_draws_the_same_delay_after_a_restart(seed: str, failures: int) -> None:
    one, other = FakeClock(NINE), FakeClock(NINE)
    assert after(failures, one, seed) == after(failures, other, seed)


def test_laptops_that_lost_the_central_together_do_not_come_back_together() -> None:
    clock = FakeClock(NINE)
    delays = {backoff.seconds_left(after(5, clock, f"laptop-{n}"), clock) for n in range(20)}
    assert len(delays) == 20
    assert max(delays) - min(delays) > 5


def test_only_what_the_central_asked_for_holds_everybody() -> None:
    clock = FakeClock(NINE)
    assert backoff.seconds_held(after(8, clock), clock) == 0
    assert backoff.seconds_held(after(8, clock, retry_after_s=5.0), clock) == pytest.approx(5)
    known = after(1, clock, retry_after_s=900.0)
    clock.advance(899)
    assert backoff.seconds_held(known, clock) == 1
    clock.advance(5)
    assert backoff.seconds_held(known, clock) == 0
    assert backoff.seconds_held(Backoff(), clock) == 0
    assert backoff.seconds_held(backoff.after_success(clock, PACE), clock) == 0


def test_what_the_central_asks_for_is_obeyed() -> None:
    clock = FakeClock(NINE)
    week = after(1, clock, retry_after_s=7 * 86_400.0)
    assert backoff.seconds_left(week, clock) == backoff.LONGEST_S
    known = after(1, clock, retry_after_s=900.0)
    assert backoff.seconds_left(known, clock) == 900
    clock.advance(899)
    assert backoff.seconds_left(known, clock) == pytest.approx(1)


@given(jump=st.floats(-1e6, 1e6))
def test_a_wall_clock_that_jumps_neither_stops_nor_hurries_the_sync(jump: float) -> None:
    clock = FakeClock(NINE)
    known = after(4, clock)
    before = backoff.seconds_left(known, clock)
    clock.jump_wall(jump)
    assert backoff.seconds_left(known, clock) == before


def test_a_reboot_goes_by_the_wall_clock_but_never_longer_than_the_cap(tmp_path: Path) -> None:
    clock = FakeClock(NINE)
    known = after(20, clock)
    with open_for(tmp_path, clock=clock) as store, store.database.write() as connection:
        assert backoff.load(connection) == Backoff()
        backoff.save(connection, known)
        clock.reboot(off_for=10)
        assert backoff.load(connection) == known
        meta.put(connection, backoff.KEY, "not json")
        assert backoff.load(connection) == Backoff()
    assert 0 < backoff.seconds_left(known, clock) <= PACE.cap_s
    clock.jump_wall(-timedelta(days=400).total_seconds())
    assert backoff.seconds_left(known, clock) == known.delay_s
    clock.jump_wall(timedelta(days=800).total_seconds())
    assert backoff.seconds_left(known, clock) == 0


def test_a_wait_that_the_central_asked_for_outlasts_a_reboot() -> None:
    clock = FakeClock(NINE)
    known = after(1, clock, retry_after_s=3000.0)
    clock.reboot(off_for=100)
    assert backoff.seconds_left(known, clock) == pytest.approx(2900)
    assert backoff.seconds_held(known, clock) == pytest.approx(2900)


def test_all_is_well_every_minute() -> None:
    clock = FakeClock(NINE)
    known = backoff.after_success(clock, PACE)
    assert (known.failures, backoff.seconds_left(known, clock)) == (0, 60)
    assert backoff.seconds_left(Backoff(), clock) == 0


@given(ahead=st.floats(-1e5, 1e5), up=st.floats(0, 10), down=st.floats(0, 10))
def test_a_comparison_is_wrong_by_half_the_round_trip_at_most(
    ahead: float, up: float, down: float
) -> None:
    clock = FakeClock(NINE, boot=1000)
    sent = clock.boot()
    clock.advance(up)
    served = clock.now() + timedelta(seconds=ahead)
    clock.advance(down)
    taken = offset.sample(served, sent, clock.boot(), clock)
    now = moment(taken, clock)
    truth = clock.now() + timedelta(seconds=ahead)
    assert abs((now.at - truth).total_seconds()) <= now.uncertainty_s + 1e-3
    assert now.uncertainty_s <= (up + down) / 2 + 1e-2


def at(boot_s: float, rtt_s: float, *, central_s: float | None = None, boot: str = "b") -> Sample:
    return Sample(
        central_s=boot_s + 500 if central_s is None else central_s,
        wall_s=boot_s,
        boot_s=boot_s,
        boot_id=boot,
        rtt_s=rtt_s,
    )


def test_the_surest_comparison_is_kept_until_it_has_aged() -> None:
    good = at(0, 0.010)
    assert offset.better(None, good)
    assert not offset.better(good, at(60, 0.500))
    assert offset.better(good, at(60, 0.010))
    assert offset.better(good, at(86_400, 0.500)), "a day of drift is worse than a slow link"


def test_a_comparison_that_cannot_be_reconciled_wins() -> None:
    good = at(0, 0.010)
    assert offset.better(good, at(60, 0.500, central_s=60 + 500 + 30)), "the central was set"
    assert offset.better(good, at(5, 0.500, boot="other")), "a reboot"
