"""NetworkManager's list: escapes, columns, its words of security, broken rows."""

from __future__ import annotations

from pathlib import Path

import pytest
import wifi_samples as samples
from hypothesis import given
from hypothesis import strategies as st
from spoiling import cut, mutated

from fieldtech.diagnostics.wifi import nmcli
from fieldtech.diagnostics.wifi.facts import Security, WifiLink

STRONG = {Security.WPA2, Security.WPA3, Security.OWE}


def test_the_fields_that_are_asked_for() -> None:
    rows = nmcli.parse_list(samples.NMCLI)
    assert [(r.seen.ssid, r.seen.channel, r.seen.band, r.seen.security) for r in rows] == [
        ("café : bar", 36, "5", Security.WPA2),
        ("c\\d", 36, "5", Security.WPA1),
        ("Libre", 1, "2.4", Security.OPEN),
        ("Guest", 37, "6", Security.OWE),
        ("Corp", 11, "2.4", Security.WPA2),
    ]
    assert [row.device for row in rows] == ["wlan0"] * 4 + ["wlan1"]
    assert [row.seen.rssi_dbm for row in rows][:2] == [-61.6, -70.0]


def test_the_link() -> None:
    rows = nmcli.parse_list(samples.NMCLI)
    assert nmcli.link_of(rows, "wlan0") == WifiLink(
        interface="wlan0",
        connected=True,
        ssid="café : bar",
        bssid="02:00:00:00:01:01",
        channel=36,
        band="5",
        rssi_dbm=-61.6,
        signal_percent=64,
        security=Security.WPA2,
        authentication="WPA2 WPA3",
        estimated=True,
    )
    assert nmcli.link_of(rows, "wlan1") is None
    assert nmcli.link_of([*rows, rows[0]], "wlan0") is None
    assert nmcli.link_of([], "wlan0") is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("", Security.OPEN),
        ("--", Security.OPEN),
        ("WPA2", Security.WPA2),
        ("WPA3", Security.WPA3),
        ("WPA2 WPA3", Security.WPA2),
        ("WPA1 WPA2", Security.WPA1),
        ("WPA1 WPA2 802.1X", Security.WPA1),
        ("WPA3 802.1X", Security.WPA3),
        ("802.1X", Security.UNKNOWN),
        ("WEP", Security.WEP),
        ("OWE", Security.OWE),
        ("OWE-TM", Security.OPEN),
        ("WPA2 WPA4", Security.UNKNOWN),
        ("WPA2 WP", Security.UNKNOWN),
        ("wpa2", Security.UNKNOWN),
        ("WPA2-Personal", Security.UNKNOWN),
    ],
)
def test_words_of_security(words: str, kind: Security) -> None:
    assert nmcli.security_of(words) is kind


def test_the_scale_of_networkmanager() -> None:
    assert [nmcli.dbm_of_percent(p) for p in (0, 55, 100)] == [-100.0, -67.0, -40.0]
    assert nmcli.dbm_of_percent(None) is None


def test_a_list_that_was_not_asked_for_its_security_does_not_tell_it() -> None:
    (row,) = nmcli.parse_list(r"*:02\:00\:00\:00\:01\:01:Casa", ("IN-USE", "BSSID", "SSID"))
    assert (row.seen.security, row.seen.channel, row.seen.rssi_dbm) == (
        Security.UNKNOWN,
        None,
        None,
    )


@pytest.mark.parametrize(
    "line",
    [
        "",
        "// nmcli",
        "Error: NetworkManager is not running.",
        r"*:02\:00\:00\:00\:01\:01:Casa:36:5180 MHz:540 Mbit/s:64:WPA2",
        r"*:02:00:00:00:01:01:Casa:36:5180 MHz:540 Mbit/s:64:WPA2:wlan0",
        r"x:02\:00\:00\:00\:01\:01:Casa:36:5180 MHz:540 Mbit/s:64:WPA2:wlan0",
    ],
)
def test_what_is_no_row(line: str) -> None:
    assert nmcli.parse_list(line) == ()


@pytest.mark.parametrize("frequency", ["5200 MHz", "99999 MHz", "0"])
def test_a_channel_and_a_frequency_that_contradict_each_other(frequency: str) -> None:
    (row, *_) = nmcli.parse_list(samples.NMCLI.replace("5180 MHz", frequency))
    assert (row.seen.channel, row.seen.band) == (None, "")


def test_recorded_list(recorded: Path) -> None:
    text = (recorded / "linux-nmcli-dev-wifi-list.txt").read_text(encoding="utf-8")
    rows = nmcli.parse_list(text, nmcli.DEFAULT_FIELDS)
    assert len(rows) == 11
    assert (rows[0].seen.security, rows[1].seen.ssid) == (Security.WPA1, "SSID-2-\\foo:bar")
    link = nmcli.link_of(rows, "wlp1s0")
    assert (link.ssid, link.channel, link.signal_percent) == ("SSID-3", 1, 87)
    assert link.security is Security.OPEN
    devices = (recorded / "linux-nmcli-device-show.txt").read_text(encoding="utf-8")
    assert nmcli.parse_list(devices) == ()


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    rows = nmcli.parse_list(text)
    assert nmcli.link_of(rows, "wlan0") is None or "*" in text


@given(mutated(samples.NMCLI))
def test_spoilt_rows(text: str) -> None:
    for row in nmcli.parse_list(text):
        assert row.seen.rssi_dbm is None or -100 <= row.seen.rssi_dbm <= -40
        assert row.seen.security not in STRONG or row.security_text in text


@given(cut(samples.NMCLI.replace("OWE", "").replace("WPA2 WPA3", "").replace("WPA2", "")))
def test_an_open_network_never_becomes_strong(text: str) -> None:
    assert all(row.seen.security not in STRONG for row in nmcli.parse_list(text))
