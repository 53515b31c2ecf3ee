"""Echoes in numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.icmp.facts import (
    Echo,
    NotMeasurableError,
    NotPermittedError,
    summarize,
)


def echo(rtt_ms: float | None) -> Echo:
    return Echo(sent_at_s=0.0, rtt_ms=rtt_ms)


def test_the_numbers_are_those_of_ping() -> None:
    summary = summarize([echo(1.0), echo(None), echo(3.0), echo(5.0)])
    assert summary is not None
    assert (summary.sent, summary.received, summary.loss_percent) == (4, 3, 25.0)
    assert (summary.min_ms, summary.avg_ms, summary.max_ms) == (1.0, 3.0, 5.0)
    assert summary.mdev_ms == pytest.approx(1.632993)


def test_all_lost_has_no_times() -> None:
    summary = summarize([echo(None)] * 3)
    assert summary is not None
    assert summary.loss_percent == 100.0
    assert summary.min_ms is summary.avg_ms is summary.max_ms is summary.mdev_ms is None


def test_nothing_sent_has_no_numbers() -> None:
    assert summarize([]) is None


def test_reasons_are_words_for_programs() -> None:
    refused = NotPermittedError("Permission denied")
    assert isinstance(refused, NotMeasurableError)
    assert refused.reason == "not_permitted"
    assert str(NotMeasurableError("cancelled")) == "cancelled"


@given(st.lists(st.none() | st.floats(0, 10_000), min_size=1))
def test_the_loss_is_what_did_not_come_back(times: list[float | None]) -> None:
    summary = summarize([echo(each) for each in times])
    assert summary is not None
    assert round(summary.loss_percent * len(times) / 100) == times.count(None)
    numbers = (summary.min_ms, summary.avg_ms, summary.max_ms, summary.mdev_ms)
    came_back = [each for each in times if each is not None]
    if came_back:
        least, average, most, deviation = (number for number in numbers if number is not None)
        assert (least, most) == (min(came_back), max(came_back))
        assert least - 1e-6 <= average <= most + 1e-6
        assert 0 <= deviation <= most - least + 1e-6
    else:
        assert numbers == (None,) * 4
