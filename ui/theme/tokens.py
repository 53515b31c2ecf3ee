"""The one table of colours and measures; light and dark hold the same names."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

MIN_SCALE = 1.0
MAX_SCALE = 2.0


class Tone(StrEnum):
    """What a coloured thing means; every widget that tints takes one of these."""

    NEUTRAL = "neutral"
    INFO = "info"
    OK = "ok"
    WARN = "warn"
    DANGER = "danger"


class Pair(NamedTuple):
    """A text colour and the tint it is written on; they meet WCAG AA together."""

    text: str
    fill: str


class Tokens(NamedTuple):
    """Colours as ``#rrggbb``; measures in device-independent pixels at the given ``scale``."""

    name: str
    background: str
    surface: str
    surface_sunken: str
    surface_hover: str
    border: str
    field_border: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    selected: str
    red: str
    red_text: str
    red_tint: str
    on_red: str
    amber: str
    amber_text: str
    amber_tint: str
    green: str
    green_text: str
    green_tint: str
    neutral_tint: str
    rail: str
    rail_text: str
    rail_active: str
    on_rail: str
    pin_red: str
    pin_amber: str
    pin_green: str
    pin_blue: str
    pin_grey: str
    on_pin: str
    map_sea: str
    map_land: str
    map_border: str
    map_region: str
    map_town: str
    map_label: str
    shadow: str
    scrim: str

    scale: float = 1.0
    font_caption: int = 11
    font_small: int = 12
    font_body: int = 13
    font_lead: int = 15
    font_title: int = 17
    font_display: int = 26
    space_xs: int = 4
    space_s: int = 8
    space_m: int = 12
    space_l: int = 16
    space_xl: int = 24
    radius_s: int = 6
    radius_m: int = 9
    radius_l: int = 12
    control_height: int = 34
    chip_height: int = 28
    pill_height: int = 22
    icon_small: int = 14
    icon: int = 18
    icon_large: int = 22

    def px(self, value: float) -> int:
        """A measure given at 100 %, in whole pixels at this table's scale (at least 1 if > 0)."""
        return max(1, round(value * self.scale)) if value > 0 else round(value * self.scale)

    def scaled(self, scale: float) -> Tokens:
        """The same colours with every measure multiplied; ``scale`` is held to 1.0 … 2.0."""
        held = min(MAX_SCALE, max(MIN_SCALE, scale))
        ratio = held / self.scale
        measures = {name: round(getattr(self, name) * ratio) for name in MEASURES}
        return self._replace(scale=held, **measures)

    def pair(self, tone: Tone) -> Pair:
        """The text and tint of a tone."""
        return {
            Tone.NEUTRAL: Pair(self.muted, self.neutral_tint),
            Tone.INFO: Pair(self.accent, self.selected),
            Tone.OK: Pair(self.green_text, self.green_tint),
            Tone.WARN: Pair(self.amber_text, self.amber_tint),
            Tone.DANGER: Pair(self.red_text, self.red_tint),
        }[tone]

    def solid(self, tone: Tone) -> str:
        """The strong colour of a tone: strips, rings, glyphs (3:1 on every surface)."""
        return {
            Tone.NEUTRAL: self.muted,
            Tone.INFO: self.accent,
            Tone.OK: self.green,
            Tone.WARN: self.amber,
            Tone.DANGER: self.red,
        }[tone]


MEASURES = (
    "font_caption",
    "font_small",
    "font_body",
    "font_lead",
    "font_title",
    "font_display",
    "space_xs",
    "space_s",
    "space_m",
    "space_l",
    "space_xl",
    "radius_s",
    "radius_m",
    "radius_l",
    "control_height",
    "chip_height",
    "pill_height",
    "icon_small",
    "icon",
    "icon_large",
)

LIGHT = Tokens(
    name="light",
    background="#f4f6f9",
    surface="#ffffff",
    surface_sunken="#f8fafc",
    surface_hover="#f1f4f9",
    border="#e4e8ef",
    field_border="#8591a5",
    text="#101828",
    muted="#5f6b81",
    disabled="#98a2b3",
    accent="#2457d6",
    accent_hover="#1d49b8",
    accent_pressed="#183d9c",
    on_accent="#ffffff",
    selected="#e8effd",
    red="#d92d20",
    red_text="#c0271b",
    red_tint="#fee4e2",
    on_red="#ffffff",
    amber="#b54708",
    amber_text="#b54708",
    amber_tint="#fef0c7",
    green="#067647",
    green_text="#067647",
    green_tint="#dcfae6",
    neutral_tint="#eef1f6",
    rail="#0f1b33",
    rail_text="#a4b3cc",
    rail_active="#2a364f",
    on_rail="#ffffff",
    pin_red="#d92d20",
    pin_amber="#c2570a",
    pin_green="#07875a",
    pin_blue="#2457d6",
    pin_grey="#667085",
    on_pin="#ffffff",
    map_sea="#e9eef5",
    map_land="#fbfcfe",
    map_border="#b9c4d4",
    map_region="#e6edfc",
    map_town="#e7ecf4",
    map_label="#566178",
    shadow="#101828",
    scrim="#101828",
)

DARK = Tokens(
    name="dark",
    background="#0d1420",
    surface="#141d2c",
    surface_sunken="#182234",
    surface_hover="#1c273a",
    border="#253248",
    field_border="#6b7a93",
    text="#eef2f8",
    muted="#93a1b8",
    disabled="#5d6b82",
    accent="#6d9bff",
    accent_hover="#86acff",
    accent_pressed="#a0beff",
    on_accent="#0d1420",
    selected="#1b2d57",
    red="#ff7b72",
    red_text="#ff8a82",
    red_tint="#4a1d1d",
    on_red="#0d1420",
    amber="#fdb022",
    amber_text="#fdb022",
    amber_tint="#45300c",
    green="#47cd89",
    green_text="#47cd89",
    green_tint="#0f3a28",
    neutral_tint="#222f45",
    rail="#0a101b",
    rail_text="#93a1b8",
    rail_active="#263042",
    on_rail="#ffffff",
    pin_red="#f2685f",
    pin_amber="#fdb022",
    pin_green="#3fbf7f",
    pin_blue="#6d9bff",
    pin_grey="#93a1b8",
    on_pin="#0d1420",
    map_sea="#0f1725",
    map_land="#182338",
    map_border="#35445f",
    map_region="#213054",
    map_town="#23314b",
    map_label="#93a1b8",
    shadow="#000000",
    scrim="#000000",
)
