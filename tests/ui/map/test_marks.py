"""Pins are gathered into marks, none is lost, the worst urgency shows."""

from __future__ import annotations

import random

from ui.map.map_pin import MapPin
from ui.map.marks import SMALL_SET, Marks
from ui.map.viewport import Viewport
from ui.theme.tokens import Tone

WORDS = ("neutral", "ok", "info", "warn", "danger")


def town(count: int, seed: int = 1) -> list[MapPin]:
    """So many pins around Monterrey."""
    chance = random.Random(seed)  # noqa: S311  a picture, not a secret
    return [
        MapPin(
            str(number),
            25.67 + chance.gauss(0, 0.2),
            -100.31 + chance.gauss(0, 0.2),
            chance.choice(WORDS),
            f"Customer {number}",
        )
        for number in range(count)
    ]


def over(pins: list[MapPin], zoom: float) -> tuple[Marks, Viewport]:
    """Marks with a view on the middle of the pins."""
    marks = Marks()
    marks.set_pins(pins)
    x, y = next(iter(marks.places.values()))
    return marks, Viewport(x, y, zoom, 900, 700)


def test_every_pin_is_in_exactly_one_mark() -> None:
    pins = town(400)
    marks, view = over(pins, 8.0)
    keys = [key for mark in marks.at(view) for key in mark.keys]
    assert sorted(keys) == sorted(pin.key for pin in pins)


def test_the_worst_of_a_cluster_gives_its_tone() -> None:
    pins = [MapPin(word, 25.0, -100.0, word, word) for word in WORDS]
    marks, view = over(pins, 5.0)
    (only,) = marks.at(view)
    assert only.is_cluster
    assert only.tone is Tone.DANGER


def test_the_urgent_are_painted_last() -> None:
    marks, view = over(town(300), 11.0)
    ranks = [mark.rank for mark in marks.at(view)]
    assert ranks == sorted(ranks)


def test_closer_means_fewer_clusters() -> None:
    marks, view = over(town(300), 6.0)
    assert len(marks.at(view)) < len(marks.at(view.zoomed(6.0)))


def test_between_half_levels_and_while_dragging_marks_stay() -> None:
    marks, view = over(town(300), 9.0)
    assert marks.at(view) is marks.at(view.zoomed(0.2))
    assert marks.at(view) is marks.at(view.panned(200, 100))


def test_a_large_set_is_gathered_around_the_view_only() -> None:
    pins = town(SMALL_SET + 800)
    marks, view = over(pins, 13.0)
    there = marks.at(view)
    seen = view.visible(100)
    shown = {key for mark in there for key in mark.keys}
    inside = {pin.key for pin in pins if seen.contains(*marks.places[pin.key])}
    assert inside <= shown
    assert len(shown) < len(pins)
    small_step = view.panned(3, 2)
    assert [m.keys for m in marks.at(small_step)] == [m.keys for m in there]


def test_the_same_key_twice_is_one_pin() -> None:
    marks, view = over(
        [MapPin("a", 25.0, -100.0, "ok", ""), MapPin("a", 26.0, -100.0, "danger", "")], 5.0
    )
    (only,) = marks.at(view)
    assert (only.keys, only.tone) == (("a",), Tone.DANGER)


def test_another_radius_gathers_anew() -> None:
    marks, view = over(town(300), 9.0)
    few = len(marks.at(view))
    marks.set_radius(10.0)
    assert len(marks.at(view)) > few


def test_old_answers_are_forgotten() -> None:
    marks, view = over(town(50), 4.0)
    first = marks.at(view)
    for level in range(30):
        marks.at(view.zoomed(level * 0.4))
    assert marks.at(view) == first
