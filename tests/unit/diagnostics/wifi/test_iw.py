"""``iw``: the link, the interface, the noise, the station."""

from __future__ import annotations

from pathlib import Path

import pytest
import wifi_samples as samples
from hypothesis import given
from hypothesis import strategies as st
from spoiling import mutated

from fieldtech.diagnostics.wifi import iw


def test_a_link() -> None:
    assert iw.parse_link(samples.IW_LINK) == iw.IwLink(
        connected=True,
        ssid="café : bar",
        bssid="02:00:00:00:01:01",
        channel=36,
        band="5",
        rssi_dbm=-61.0,
        rx_mbps=585.1,
        tx_mbps=650.0,
    )


def test_no_link_and_no_answer() -> None:
    assert iw.parse_link("Not connected.\n") == iw.IwLink(connected=False)
    for text in ("", "command failed: No such device (-19)", "nl80211 not found."):
        assert iw.parse_link(text) == iw.IwLink()


def test_a_name_that_looks_like_a_line() -> None:
    text = samples.IW_LINK.replace("caf\\xc3\\xa9 : bar", "signal: -10 dBm")
    link = iw.parse_link(text)
    assert (link.ssid, link.rssi_dbm) == ("signal: -10 dBm", -61.0)


@pytest.mark.parametrize("power", ["0 dBm", "12 dBm", "-130 dBm", "-6l dBm", "", "-61"])
def test_a_power_that_cannot_be(power: str) -> None:
    assert iw.parse_link(samples.IW_LINK.replace("-61 dBm", power)).rssi_dbm is None


def test_an_interface() -> None:
    assert iw.parse_info(samples.IW_INFO) == iw.IwInfo(
        ssid="café : bar", kind="managed", channel=36, band="5"
    )
    assert iw.parse_info(samples.IW_INFO.replace("5180", "5200")).channel is None
    assert iw.parse_info("Interface wlan0\n\ttype AP\n") == iw.IwInfo(kind="AP")


def test_the_noise_of_the_channel_in_use() -> None:
    assert iw.parse_survey(samples.IW_SURVEY) == -95.0
    assert iw.parse_survey(samples.IW_SURVEY.replace(" [in use]", "")) is None
    assert iw.parse_survey(samples.IW_SURVEY.replace("2412 MHz", "2412 MHz [in use]")) is None
    assert iw.parse_survey(samples.IW_SURVEY.replace("-95 dBm", "0 dBm")) is None
    assert iw.parse_survey("") is None


def test_the_station_of_a_client() -> None:
    assert iw.parse_stations(samples.IW_STATION) == iw.IwStation(
        bssid="02:00:00:00:01:01", rssi_dbm=-60.0, rx_mbps=585.1, tx_mbps=650.0
    )
    last = samples.IW_STATION.replace("signal avg:", "beacon signal:")
    assert iw.parse_stations(last).rssi_dbm == -61.0
    assert iw.parse_stations(samples.IW_STATION * 2) == iw.IwStation()
    assert iw.parse_stations("") == iw.IwStation()


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (r"caf\xc3\xa9", "café"),
        (r"\x20Casa\x20", " Casa "),
        (r"a\x5cb", "a\\b"),
        (r"\xff", "\ufffd"),
        (r"\xzz", r"\xzz"),
        ("ñ", "ñ"),
    ],
)
def test_names_as_iw_writes_them(written: str, name: str) -> None:
    assert iw.unescaped(written) == name


def test_recorded_link(recorded: Path) -> None:
    link = iw.parse_link((recorded / "linux-iw-dev-wlp1s0-link.txt").read_text(encoding="utf-8"))
    assert (link.ssid, link.channel, link.band) == ("SSID-1", 1, "2.4")
    assert (link.rssi_dbm, link.tx_mbps, link.rx_mbps) == (-51.0, 26.0, None)


@given(st.text() | mutated(samples.IW_LINK) | mutated(samples.IW_STATION))
def test_any_text_is_read_without_an_error(text: str) -> None:
    powers = [
        iw.parse_link(text).rssi_dbm,
        iw.parse_stations(text).rssi_dbm,
        iw.parse_survey(text),
    ]
    assert iw.parse_info(text).band in {"", "2.4", "5", "6"}
    assert all(power is None or -120 <= power <= -1 for power in powers)


@given(mutated(samples.IW_SURVEY))
def test_a_spoilt_survey(text: str) -> None:
    noise = iw.parse_survey(text)
    assert noise is None or -120 <= noise <= -1
