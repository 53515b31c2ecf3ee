"""Channels and frequencies, powers, and the judgement of a channel."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.wifi import facts
from fieldtech.diagnostics.wifi.facts import (
    Neighbour,
    Overlap,
    OverlapKind,
    Security,
    WifiLink,
    WifiReading,
    overlapping,
)

LINK = WifiLink(
    interface="wlan0",
    connected=True,
    ssid="Casa",
    bssid="02:00:00:00:00:01",
    channel=6,
    band="2.4",
    rssi_dbm=-60.0,
    noise_dbm=-95.0,
)


def heard(channel: int | None, rssi: float | None, band: str = "2.4", last: int = 2) -> Neighbour:
    return Neighbour(
        ssid="Otro", bssid=f"02:00:00:00:00:{last:02x}", channel=channel, band=band, rssi_dbm=rssi
    )


@pytest.mark.parametrize(
    ("mhz", "channel", "band"),
    [
        (2412, 1, "2.4"),
        (2437, 6, "2.4"),
        (2472, 13, "2.4"),
        (2484, 14, "2.4"),
        (5180, 36, "5"),
        (5745, 149, "5"),
        (5885, 177, "5"),
        (4920, 184, "5"),
        (5935, 2, "6"),
        (5955, 1, "6"),
        (6135, 37, "6"),
        (7115, 233, "6"),
    ],
)
def test_channels_and_frequencies(mhz: int, channel: int, band: str) -> None:
    assert facts.channel_of_frequency(mhz) == (channel, band)
    assert facts.frequency_of_channel(channel, band) == mhz


@pytest.mark.parametrize("mhz", [0, -2412, 2413, 2500, 5181, 60480, math.nan, math.inf])
def test_no_channel_has_this_frequency(mhz: float) -> None:
    assert facts.channel_of_frequency(mhz) is None


def test_a_channel_that_its_band_does_not_have() -> None:
    assert facts.frequency_of_channel(15, "2.4") is None
    assert facts.frequency_of_channel(6, "5") is None
    assert facts.frequency_of_channel(36, "") is None


@pytest.mark.parametrize(
    ("channel", "band", "placed"),
    [
        (6, "", (6, "2.4")),
        (36, "", (36, "5")),
        (149, "", (149, "5")),
        (233, "", (233, "6")),
        (0, "", (None, "")),
        (37, "6", (37, "6")),
        (6, "5", (None, "5")),
        (None, "5", (None, "5")),
    ],
)
def test_a_channel_with_its_band(
    channel: int | None, band: str, placed: tuple[int | None, str]
) -> None:
    assert facts.placed(channel, band) == placed


@pytest.mark.parametrize("power", [0.0, 1.0, 20.0, -0.5, -120.5, -200.0, math.nan, -math.inf])
def test_a_power_that_cannot_be(power: float) -> None:
    assert facts.plausible_dbm(power) is None


@pytest.mark.parametrize("power", [-1, -67, -120])
def test_a_power_that_can_be(power: int) -> None:
    assert facts.plausible_dbm(power) == power


def test_the_scale_of_windows() -> None:
    assert [facts.dbm_of_percent(p) for p in (0, 50, 66, 100)] == [-100, -75, -67, -50]
    assert facts.dbm_of_percent(None) is None


def test_signal_above_noise() -> None:
    assert LINK.snr_db == 35
    assert replace(LINK, noise_dbm=None).snr_db is None
    assert replace(LINK, rssi_dbm=None).snr_db is None


@pytest.mark.parametrize(
    ("text", "mac"),
    [
        ("FE:DC:BA:09:87:01", "fe:dc:ba:09:87:01"),
        (" fe-dc-ba-09-87-01 ", "fe:dc:ba:09:87:01"),
        ("fe:dc:ba:09-87-01", ""),
        ("fe:dc:ba:09:87", ""),
        ("fe:dc:ba:09:87:01:02", ""),
        ("00:00:00:00:00:00", ""),
        ("ff:ff:ff:ff:ff:ff", ""),
        ("fe:dc:ba:09:87:0g", ""),
    ],
)
def test_addresses(text: str, mac: str) -> None:
    assert facts.mac_of(text) == mac


@pytest.mark.parametrize(
    ("kinds", "weakest"),
    [
        ([], Security.UNKNOWN),
        ([Security.WPA2, Security.WPA3], Security.WPA2),
        ([Security.WPA2, Security.WPA1], Security.WPA1),
        ([Security.WPA3, Security.UNKNOWN], Security.UNKNOWN),
        ([Security.OWE, Security.UNKNOWN], Security.UNKNOWN),
        ([Security.WEP, Security.UNKNOWN], Security.WEP),
        ([Security.OPEN, Security.WPA3], Security.OPEN),
        ([Security.WPA1, Security.WEP], Security.WEP),
    ],
)
def test_the_weakest_counts(kinds: list[Security], weakest: Security) -> None:
    assert facts.weakest(kinds) is weakest


def test_a_clear_channel() -> None:
    others = (heard(6, -79.0), heard(1, -40.0), heard(11, -40.0), heard(6, -30.0, "6"))
    assert overlapping(LINK, others) == Overlap(kind=OverlapKind.CLEAR)
    assert overlapping(LINK, ()) == Overlap(kind=OverlapKind.CLEAR)


def test_a_neighbour_less_than_19_db_weaker_on_the_same_channel() -> None:
    loud, louder = heard(6, -78.5), heard(6, -50.0, last=3)
    expected = Overlap(kind=OverlapKind.SAME_CHANNEL, neighbours=(louder, loud))
    assert overlapping(LINK, (loud, louder)) == expected


@pytest.mark.parametrize("channel", [2, 5, 10])
def test_a_neighbour_that_shares_spectrum(channel: int) -> None:
    near = heard(channel, -70.0)
    expected = Overlap(kind=OverlapKind.ADJACENT, neighbours=(near,))
    assert overlapping(LINK, (near,)) == expected


def test_the_strongest_gives_its_name_to_the_overlap() -> None:
    same, near = heard(6, -70.0), heard(4, -65.0, last=3)
    assert overlapping(LINK, (same, near)) == Overlap(
        kind=OverlapKind.ADJACENT, neighbours=(near, same)
    )


@pytest.mark.parametrize("channel", [2, 3, 7, 9, 12, 13])
def test_a_channel_off_the_grid_needs_no_neighbour(channel: int) -> None:
    link = replace(LINK, channel=channel, rssi_dbm=None)
    assert overlapping(link, None) == Overlap(kind=OverlapKind.OFF_GRID)


def test_five_and_six_ghz_know_only_the_same_channel() -> None:
    link = replace(LINK, channel=36, band="5")
    assert overlapping(link, (heard(40, -40.0, "5"),)) == Overlap(kind=OverlapKind.CLEAR)
    same = heard(36, -70.0, "5")
    assert overlapping(link, (same,)).kind is OverlapKind.SAME_CHANNEL
    assert overlapping(replace(link, band="6", channel=37), (heard(37, -70.0, "6"),)).kind is (
        OverlapKind.SAME_CHANNEL
    )


def test_the_access_point_itself_is_no_neighbour() -> None:
    own = Neighbour(ssid="Casa", bssid=LINK.bssid, channel=6, band="2.4", rssi_dbm=-58.0)
    assert overlapping(LINK, (own,)) == Overlap(kind=OverlapKind.CLEAR)
    without_addresses = replace(own, bssid="")
    link = replace(LINK, bssid="")
    assert overlapping(link, (without_addresses,)) == Overlap(kind=OverlapKind.CLEAR)


@pytest.mark.parametrize(
    ("one", "other", "siblings"),
    [
        ("a4:cf:12:34:56:01", "a4:cf:12:34:56:01", True),
        # Counted in the last half octet, under a maker's address and under a local one.
        ("a4:cf:12:34:56:01", "a4:cf:12:34:56:0e", True),
        ("a6:cf:12:34:56:01", "a6:cf:12:34:56:02", True),
        # The local bit, alone and with a count above it.
        ("a4:cf:12:34:56:01", "a6:cf:12:34:56:01", True),
        ("a4:cf:12:34:56:01", "ae:cf:12:34:56:01", True),
        ("a6:cf:12:34:56:01", "b2:cf:12:34:56:03", True),
        # Two makers, or two machines.
        ("a4:cf:12:34:56:01", "a0:cf:12:34:56:01", False),
        ("a4:cf:12:34:56:01", "a4:cf:12:34:57:01", False),
        ("a4:cf:12:34:56:0f", "a4:cf:12:34:56:10", False),
        ("a4:cf:12:34:56:01", "a6:cf:12:34:66:01", False),
        ("a4:cf:12:34:56:01", "", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_the_addresses_of_one_radio(one: str, other: str, siblings: bool) -> None:  # noqa: FBT001
    assert facts.are_siblings(one, other) is siblings
    assert facts.are_siblings(other, one) is siblings


HOME = replace(LINK, bssid="a4:cf:12:34:56:01", rssi_dbm=-50.0)
GUEST = Neighbour(
    ssid="Invitados", bssid="a6:cf:12:34:56:01", channel=6, band="2.4", rssi_dbm=-50.0
)


@pytest.mark.parametrize("rssi", [-50.0, -44.0, -56.0])
def test_the_guest_network_of_the_same_radio_is_no_neighbour(rssi: float) -> None:
    assert overlapping(HOME, (replace(GUEST, rssi_dbm=rssi),)) == Overlap(kind=OverlapKind.CLEAR)


@pytest.mark.parametrize(
    "other",
    [
        replace(GUEST, rssi_dbm=-57.0),
        replace(GUEST, rssi_dbm=-40.0),
        replace(GUEST, bssid="a4:cf:12:34:56:02", rssi_dbm=-62.0),
        replace(GUEST, bssid="a4:cf:12:34:57:01"),
        replace(GUEST, bssid="a0:cf:12:34:56:01"),
        replace(GUEST, channel=4),
    ],
)
def test_what_only_looks_like_the_same_radio_is_a_neighbour(other: Neighbour) -> None:
    found = overlapping(HOME, (other,))
    assert found is not None
    assert found.neighbours == (other,)


def test_a_guest_network_of_unknown_strength_leaves_a_doubt() -> None:
    assert overlapping(HOME, (replace(GUEST, rssi_dbm=None),)) is None


@pytest.mark.parametrize(
    "link",
    [
        replace(LINK, connected=None),
        replace(LINK, connected=False),
        replace(LINK, channel=None),
        replace(LINK, band=""),
        replace(LINK, rssi_dbm=None),
    ],
)
def test_a_link_that_cannot_be_judged(link: WifiLink) -> None:
    assert overlapping(link, (heard(6, -50.0),)) is None


def test_neighbours_that_cannot_be_judged() -> None:
    assert overlapping(LINK, None) is None
    assert overlapping(LINK, (heard(6, None),)) is None
    assert overlapping(LINK, (heard(None, -50.0, ""),)) is None
    hidden = replace(LINK, ssid="", bssid="")
    assert overlapping(hidden, (replace(heard(6, -50.0), ssid="", bssid=""),)) is None


def test_doubts_that_do_not_matter() -> None:
    others = (heard(None, -90.0, ""), heard(None, None, "5"), heard(36, None, "5"), heard(1, None))
    assert overlapping(LINK, others) == Overlap(kind=OverlapKind.CLEAR)


def test_a_reading_without_a_list_of_neighbours_is_not_judged() -> None:
    assert WifiReading(source="x", link=LINK).overlap is None
    assert WifiReading(source="x", link=LINK, scanned=True).overlap.kind is OverlapKind.CLEAR
    assert WifiReading(source="x", scanned=True).overlap is None


NEIGHBOURS = st.builds(
    heard,
    st.none() | st.integers(1, 14),
    st.none() | st.floats(-120, -1),
    st.sampled_from(("2.4", "5", "6", "")),
    st.integers(2, 9),
)


@given(st.lists(NEIGHBOURS, max_size=6), st.integers(1, 13))
def test_whatever_is_named_is_near_and_strong(others: list[Neighbour], channel: int) -> None:
    found = overlapping(replace(LINK, channel=channel), others)
    for each in found.neighbours if found else ():
        assert each.band == "2.4"
        assert each.channel in range(channel - 4, channel + 5)
        assert each.rssi_dbm is not None
        assert each.rssi_dbm > -79
    clean = channel in {1, 6, 11}
    assert clean or found.kind is OverlapKind.OFF_GRID
