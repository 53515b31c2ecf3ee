"""From packets to a call: loss and jitter of each way, and the buffer that is replayed."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics import emodel
from fieldtech.diagnostics.call_quality import Packet, jitter_of, judge_stream


def _stream(there: Sequence[float | None], back: Sequence[float]) -> list[Packet]:
    """Packets of two ways, whose clocks differ by a second."""
    return [
        Packet(number=n, rtt=None)
        if a is None
        else Packet(number=n, rtt=a + b, there=a + 1000, back=b - 1000)
        for n, (a, b) in enumerate(zip(there, back, strict=True))
    ]


def test_a_still_line_has_no_jitter_and_the_least_buffer() -> None:
    quality = judge_stream(_stream([20.0] * 100, [20.0] * 100), lost_there=0)
    assert quality is not None
    assert (quality.loss, quality.jitter, quality.delay_ms) == (0, 0, 20)
    assert quality.buffer_ms == 20
    # 20 ms on the wire, 20 of buffer, 25 of the phone.
    assert quality.rating == emodel.voip(one_way_ms=65, loss_percent=0, codec=emodel.G711_PLC)
    assert (quality.codec, quality.plc, quality.round_trip_only) == ("G.711", True, False)


def test_loss_is_told_apart_by_the_reflectors_count() -> None:
    there: list[float | None] = [20.0] * 90 + [None] * 10
    quality = judge_stream(_stream(there, [20.0] * 100), lost_there=6)
    assert quality is not None
    assert quality.there is not None
    assert quality.back is not None
    assert quality.there.loss == pytest.approx(6.0)
    assert quality.back.loss == pytest.approx(100 * 4 / 94)
    assert quality.loss == pytest.approx(6.0)


def test_without_a_count_it_is_of_the_round_trip() -> None:
    packets = [Packet(number=n, rtt=40.0 if n % 10 else None) for n in range(100)]
    quality = judge_stream(packets)
    assert quality is not None
    assert quality.round_trip_only
    assert quality.loss == pytest.approx(10.0)
    assert quality.there is None


def test_jitter_of_one_way_is_not_the_others() -> None:
    draw = random.Random(5)  # noqa: S311  not a secret
    shaky: Sequence[float | None] = [20 + draw.uniform(0, 60) for _ in range(400)]
    quality = judge_stream(_stream(shaky, [20.0] * 400), lost_there=0)
    assert quality is not None
    assert quality.there is not None
    assert quality.back is not None
    # Two draws of 0 to 60 lie 20 apart on average.
    assert quality.there.jitter == pytest.approx(20, abs=2)
    assert quality.back.jitter == pytest.approx(0, abs=1e-9)
    assert quality.jitter == quality.there.jitter


def test_the_buffer_trades_delay_for_loss() -> None:
    """At 10 ms a rare spike is let go; what comes late all the time is waited for."""
    rare: Sequence[float | None] = [10.0] * 999 + [190.0]
    often: list[float | None] = [10.0, 85.0] * 500
    spike = judge_stream(_stream(rare, [10.0] * 1000), lost_there=0)
    wide = judge_stream(_stream(often, [10.0] * 1000), lost_there=0)
    assert spike is not None
    assert wide is not None
    assert spike.buffer_ms == 20
    assert spike.there is not None
    assert spike.there.late == pytest.approx(0.1)
    assert wide.buffer_ms == 80


def test_a_few_round_trips_that_are_too_short_make_no_line_better() -> None:
    trips = [0.0005, 1.0, *[300.0] * 298]
    quality = judge_stream([Packet(number=n, rtt=each) for n, each in enumerate(trips)])
    assert quality is not None
    assert quality.delay_ms == 150
    assert quality.rtt_least == 0.0005


@pytest.mark.parametrize("step_ms", [1000.0, -1000.0])
def test_a_reflectors_clock_that_is_set_meanwhile_is_not_believed(step_ms: float) -> None:
    """What it adds to one way it takes from the other: half the call would seem to come late."""
    packets = [
        Packet(number=n, rtt=300.0, there=1150 + step, back=-850 - step)
        for n, step in enumerate([0.0] * 150 + [step_ms] * 150)
    ]
    quality = judge_stream(packets, lost_there=0)
    still = judge_stream([Packet(number=n, rtt=300.0) for n in range(300)])
    assert quality == still
    assert quality is not None
    assert quality.round_trip_only


def test_nothing_came_back() -> None:
    assert judge_stream([Packet(number=1, rtt=None)]) is None
    assert judge_stream([]) is None


def test_jitter_needs_two() -> None:
    assert jitter_of([]) == jitter_of([3.0]) == 0
    assert jitter_of([1.0, 3.0, 2.0]) == 1.5


@given(
    st.lists(st.one_of(st.none(), st.floats(0.01, 5000)), min_size=1, max_size=60),
    st.one_of(st.none(), st.integers(0, 80)),
)
def test_any_stream_gives_a_sane_call(trips: list[float | None], lost_there: int | None) -> None:
    packets = [
        Packet(number=n, rtt=None if each is None else each, there=each, back=each)
        for n, each in enumerate(trips)
    ]
    quality = judge_stream(packets, lost_there=lost_there)
    if quality is None:
        assert not any(trips)
        return
    assert 0 <= quality.loss <= 100
    assert 1 <= quality.mos <= 4.5
    assert 0 <= quality.rating <= 93.3
    assert quality.rtt_least <= quality.rtt_mean <= quality.rtt_most + 1e-9
