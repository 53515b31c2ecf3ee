"""The E-model against what the recommendations publish, and against its own shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.emodel import G711, G711_PLC, G729A, Path, equipment, mos, rating, voip


def test_the_defaults_are_the_published_rating() -> None:
    """ITU-T G.107, clause 7.7: all parameters at their defaults give R = 93.2."""
    assert rating(Path()) == pytest.approx(93.2, abs=0.05)


@pytest.mark.parametrize(
    ("r", "published"), [(90, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58)]
)
def test_ratings_turn_into_scores_as_in_table_b1(r: float, published: float) -> None:
    """ITU-T G.107, annex B, table B.1 (and G.109)."""
    assert mos(r) == pytest.approx(published, abs=0.01)


@pytest.mark.parametrize(
    ("delay", "known"),
    # Figure 1 of ITU-T G.114, and 89.5 at its limit of 150 ms, where the delay term alone says 93.
    [(0, 93.2), (100, 90.7), (150, 89.5), (200, 85.8), (250, 79.2), (300, 72.7), (400, 62.2)],
)
def test_delay_takes_what_the_echo_terms_say(delay: float, known: float) -> None:
    assert voip(one_way_ms=delay, loss_percent=0, codec=G711) == pytest.approx(known, abs=0.1)


def test_a_half_step_with_the_published_robustness_of_g711() -> None:
    """ITU-T G.113, appendix I: Bpl 4.3 without concealment, 25.1 with it."""
    scores = [mos(voip(one_way_ms=0, loss_percent=1, codec=each)) for each in (G711, G711_PLC)]
    assert scores == pytest.approx([3.83, 4.33], abs=0.01)


@pytest.mark.parametrize(
    ("loss", "codec", "ie"),
    [(0, G729A, 11.0), (2, G729A, 19.0), (4, G729A, 25.6), (1, G711, 17.9), (5, G711_PLC, 15.8)],
)
def test_loss_becomes_an_equipment_impairment(loss: float, codec: object, ie: float) -> None:
    """Clause 7.5: Ie,eff = Ie + (95 - Ie) Ppl / (Ppl / BurstR + Bpl)."""
    assert isinstance(codec, type(G711))
    path = Path(ie=codec.ie, bpl=codec.bpl, ppl=loss)
    assert equipment(path) == pytest.approx(ie, abs=0.1)


def test_loss_in_bursts_is_worse() -> None:
    even = voip(one_way_ms=50, loss_percent=3, codec=G711_PLC)
    assert voip(one_way_ms=50, loss_percent=3, codec=G711_PLC, burst_r=2) < even


@given(st.floats(0, 2000), st.floats(0, 100), st.floats(0, 200), st.floats(0, 50))
def test_more_harm_never_makes_a_better_call(
    delay: float, loss: float, more_delay: float, more_loss: float
) -> None:
    better = voip(one_way_ms=delay, loss_percent=loss, codec=G711_PLC)
    worse = voip(
        one_way_ms=delay + more_delay, loss_percent=min(100, loss + more_loss), codec=G711_PLC
    )
    assert worse <= better + 0.05
    assert 1.0 <= mos(worse) <= mos(better) + 0.01 <= 4.51


def test_scores_stay_on_their_scale() -> None:
    assert (mos(-5), mos(0), mos(100), mos(120)) == (1.0, 1.0, 4.5, 4.5)
    assert mos(3) == 1.0
