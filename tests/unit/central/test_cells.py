"""One cell's text to one value: what is understood, what is refused and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.central import cells
from fieldtech.central.cells import CellError

MONTERREY = ZoneInfo("America/Monterrey")
TIJUANA = ZoneInfo("America/Tijuana")
ZONES = [
    ZoneInfo(f"America/{city}")
    for city in ("Monterrey", "Tijuana", "Ciudad_Juarez", "Cancun", "Hermosillo")
]

any_text = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789+-.,/: °NSEWOpma;TZ=@\t\n\0", max_size=40),
)


def refusal(parse: Callable[[str], object], text: str) -> str | None:
    """Return why the text is refused, ``None`` when it is not."""
    try:
        parse(text)
    except CellError as reason:
        return str(reason)
    return None


@given(text=any_text)
def test_no_text_makes_a_parser_raise_anything_else(text: str) -> None:
    parsers = (
        lambda cell: cells.clean(cell, limit=50),
        cells.whole,
        cells.latitude,
        cells.longitude,
        cells.coordinates,
        cells.time_zone,
        cells.mail,
        cells.phone,
        lambda cell: cells.moment(cell, MONTERREY),
        lambda cell: cells.one_of(cell, {"a": 1}),
    )
    for parse in parsers:
        assert refusal(parse, text) != ""


@given(
    wall=st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001  wall clocks
    zone=st.sampled_from(ZONES),
)
def test_the_two_ways_to_write_a_time_mean_the_same(wall: datetime, zone: ZoneInfo) -> None:
    wall = wall.replace(second=0, microsecond=0)
    written = (f"{wall:%Y-%m-%d %H:%M}", f"{wall:%d/%m/%Y %H:%M}", f"{wall:%Y-%m-%dT%H:%M:%S}")

    refusals = {refusal(lambda text: cells.moment(text, zone), text) for text in written}

    if refusals == {None}:
        assert {cells.moment(text, zone) for text in written} == {wall.replace(tzinfo=zone)}
    else:
        assert refusals == {f"the clocks of {zone.key} skipped that time"}


@given(moment=st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_time_with_an_offset_needs_no_zone(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    there = moment.astimezone(TIJUANA)

    assert cells.moment(moment.isoformat(), MONTERREY) == moment
    assert cells.moment(there.isoformat(" "), MONTERREY) == moment


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("22/11/2026 10:40", "2026-11-22T10:40"),
        ("2/1/2026 8:05", "2026-01-02T08:05"),
        ("22-11-2026 10:40:30", "2026-11-22T10:40:30"),
        ("22.11.2026, 10:40 hrs", "2026-11-22T10:40"),
        ("22/11/2026 10:40 p. m.", "2026-11-22T22:40"),
        ("22/11/2026 12:15 a.m.", "2026-11-22T00:15"),
        ("22/11/2026 12:15 PM", "2026-11-22T12:15"),
    ],
)
def test_day_first(text: str, local: str) -> None:
    wanted = datetime.fromisoformat(local).replace(tzinfo=MONTERREY)

    assert cells.moment(text, MONTERREY) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("11/22/2026 10:40", "the day comes first"),
        ("22/11/2026", "not a date with its time"),
        ("22/11/26 10:40", "not a date with its time"),
        ("ayer", "not a date with its time"),
        ("30/02/2026 10:00", "no such date"),
        ("22/11/2026 25:00", "no such date"),
        ("22/11/2026 13:00 pm", "no 13 o'clock"),
        ("1999-01-01 10:00", "year 1999"),
        ("2026-11-22T10:40+99:99", "offset"),
    ],
)
def test_times_that_cannot_be(text: str, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        cells.moment(text, MONTERREY)


def test_a_time_the_border_clocks_skipped_is_refused() -> None:
    with pytest.raises(CellError, match="America/Tijuana skipped"):
        cells.moment("08/03/2026 02:30", TIJUANA)
    assert cells.moment("08/03/2026 02:30", MONTERREY).hour == 8


def test_of_a_time_that_happened_twice_the_earlier_is_taken() -> None:
    assert cells.moment("01/11/2026 01:30", TIJUANA) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


@given(
    value=st.floats(-90, 90).map(lambda degrees: round(degrees, 6)),
    comma=st.booleans(),
)
def test_a_latitude_is_read_back_with_point_or_comma(value: float, *, comma: bool) -> None:
    text = f"{value:.6f}"

    assert cells.latitude(text.replace(".", ",") if comma else text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-100,3161", -100.3161),
        ("100.3161° W", -100.3161),
        ("100.3161 O", -100.3161),
        ("−100.3161", -100.3161),
        ("+12", 12.0),
    ],
)
def test_longitudes(text: str, value: float) -> None:
    assert cells.longitude(text) == value


@pytest.mark.parametrize("text", ["100.3 N", "-100 W", "200", "cien", "1,2,3", "١٢", "", "25.6 25"])
def test_what_is_no_longitude(text: str) -> None:
    with pytest.raises(CellError):
        cells.longitude(text)


def test_swapped_coordinates_are_suspected() -> None:
    with pytest.raises(CellError, match="swapped"):
        cells.latitude("-100.3161")


@pytest.mark.parametrize(
    "text",
    [
        "25.67, -100.31",
        "25.67,-100.31",
        "25,67; -100,31",
        "25,67,-100,31",
        "25,67 -100,31",
        "25.67;-100.31",
    ],
)
def test_pairs_of_coordinates(text: str) -> None:
    assert cells.coordinates(text) == (25.67, -100.31)


@pytest.mark.parametrize("text", ["25.67", "a, b", "25.67, -200", "1;2;3", ""])
def test_what_is_no_pair(text: str) -> None:
    with pytest.raises(CellError):
        cells.coordinates(text)


@pytest.mark.parametrize(("text", "count"), [("12", 12), ("12.0", 12), ("12,00", 12), ("0", 0)])
def test_counts(text: str, count: int) -> None:
    assert cells.whole(text) == count


@pytest.mark.parametrize("text", ["1,200", "1.200", "-1", "1.5", "doce", "", "١٢", "1e3"])
def test_what_is_no_count(text: str) -> None:
    with pytest.raises(CellError, match="thousands"):
        cells.whole(text)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1+cmd", "-2+3", '=HYPERLINK("http://x")'],
)
def test_formulas_are_refused(text: str) -> None:
    with pytest.raises(CellError, match="formula"):
        cells.clean(text, limit=100)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ('="066220"', "066220"),
        ("+52 81 0000 1201", "+52 81 0000 1201"),
        ("-100,3161", "-100,3161"),
        ("- sin tono", "- sin tono"),
        ("  espacios  ", "espacios"),
        ("-", "-"),
    ],
)
def test_what_only_looks_like_one_is_kept(raw: str, text: str) -> None:
    assert cells.clean(raw, limit=100) == text


@pytest.mark.parametrize("character", ["\0", "\a", "\x7f", "\ud800"])
def test_characters_that_cannot_be_stored_are_named(character: str) -> None:
    with pytest.raises(CellError, match=f"U\\+{ord(character):04X}"):
        cells.clean(f"a{character}b", limit=100)


def test_a_cell_that_is_too_long_says_how_long_it_is() -> None:
    with pytest.raises(CellError, match="it has 1048576"):
        cells.clean("x" * (1 << 20), limit=8000)


def test_line_breaks_are_kept_where_they_may_be() -> None:
    assert cells.clean("a\r\nb\rc", limit=10, multiline=True) == "a\nb\nc"
    with pytest.raises(CellError, match="line break"):
        cells.clean("a\nb", limit=10)


def test_words_are_compared_without_accents_and_capitals() -> None:
    assert cells.one_of("  FALLA   mayor. ", {"falla mayor": "major"}) == "major"
    assert cells.key("Núm. de Folio") == "num de folio"


def test_contacts() -> None:
    assert cells.phone("(81) 8000-1201 ext. 4") == "(81) 8000-1201 ext. 4"
    assert cells.mail("soporte@example.com") == "soporte@example.com"
    for text in ("12", "teléfono", "81-"):
        with pytest.raises(CellError):
            cells.phone(text)
    for text in ("a@b", "@example.com", "a b@example.com", "a@.com."):
        with pytest.raises(CellError):
            cells.mail(text)


def test_time_zones() -> None:
    assert cells.time_zone("America/Cancun") == "America/Cancun"
    for text in ("Cancún", "", "../etc/passwd", "America/Nowhere", "a\0b"):
        with pytest.raises(CellError):
            cells.time_zone(text)
