"""Colours meet WCAG AA wherever text or a sign of state is drawn; measures scale."""

from __future__ import annotations

import pytest

from ui.theme.colour import contrast_ratio, mixed, translucent
from ui.theme.tokens import DARK, LIGHT, MEASURES, Tokens, Tone

AA_TEXT = 4.5
AA_GRAPHICS = 3.0
THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)


def ground_names() -> tuple[str, ...]:
    """The grounds that ordinary text may stand on."""
    return ("background", "surface", "surface_sunken", "surface_hover", "selected")


@THEMES
@pytest.mark.parametrize(
    "text", ["text", "muted", "accent", "red_text", "amber_text", "green_text"]
)
@pytest.mark.parametrize("ground", ground_names())
def test_text_is_readable_on_every_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast_ratio(getattr(tokens, text), getattr(tokens, ground)) >= AA_TEXT


@THEMES
@pytest.mark.parametrize("tone", list(Tone))
def test_tint_pairs_are_readable(tokens: Tokens, tone: Tone) -> None:
    pair = tokens.pair(tone)
    assert contrast_ratio(pair.text, pair.fill) >= AA_TEXT
    assert contrast_ratio(tokens.solid(tone), pair.fill) >= AA_GRAPHICS


@THEMES
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("on_accent", "accent_pressed"),
        ("on_red", "red"),
        ("on_red", "red_text"),
        ("rail_text", "rail"),
        ("on_rail", "rail_active"),
        ("surface", "text"),
        ("map_label", "map_land"),
        ("map_label", "map_region"),
        ("map_label", "map_sea"),
        ("map_label", "map_town"),
        ("text", "red_tint"),
        ("text", "amber_tint"),
        ("text", "neutral_tint"),
        ("on_pin", "pin_red"),
        ("on_pin", "pin_blue"),
        ("on_pin", "pin_grey"),
        ("on_pin", "pin_amber"),
        ("on_pin", "pin_green"),
    ],
)
def test_named_pairs_are_readable(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast_ratio(getattr(tokens, text), getattr(tokens, ground)) >= AA_TEXT


@THEMES
@pytest.mark.parametrize("sign", ["field_border", "red", "amber", "green", "accent", "muted"])
def test_signs_of_state_stand_out(tokens: Tokens, sign: str) -> None:
    for ground in ("surface", "surface_sunken", "background"):
        assert contrast_ratio(getattr(tokens, sign), getattr(tokens, ground)) >= AA_GRAPHICS * 0.97


@THEMES
def test_focus_ring_of_filled_buttons_stands_out(tokens: Tokens) -> None:
    assert contrast_ratio(tokens.text, tokens.accent) >= AA_GRAPHICS * 0.8
    assert contrast_ratio(tokens.text, tokens.surface) >= AA_TEXT


@pytest.mark.parametrize(
    ("asked", "held"), [(0.5, 1.0), (1.0, 1.0), (1.25, 1.25), (2.0, 2.0), (3.0, 2.0)]
)
def test_scale_is_held_between_one_and_two(asked: float, held: float) -> None:
    assert LIGHT.scaled(asked).scale == held


def test_scaling_multiplies_measures_and_keeps_colours() -> None:
    double = LIGHT.scaled(2.0)
    assert double.accent == LIGHT.accent
    for name in MEASURES:
        assert getattr(double, name) == 2 * getattr(LIGHT, name)
    assert double.scaled(1.0) == LIGHT


def test_every_measure_scales() -> None:
    numbers = {name for name, value in LIGHT._asdict().items() if isinstance(value, int)}
    assert numbers == set(MEASURES)


def test_a_thin_line_never_vanishes() -> None:
    assert LIGHT.px(0.2) == 1
    assert LIGHT.px(0) == 0
    assert LIGHT.scaled(1.5).px(10) == 15


def test_colour_arithmetic() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast_ratio("#777777", "#777777") == pytest.approx(1.0)
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert mixed("#102030", "#ffffff", 0.0) == "#102030"
    assert translucent("#102030", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)
