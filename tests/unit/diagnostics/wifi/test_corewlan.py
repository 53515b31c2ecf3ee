"""CoreWLAN, by an object that answers as a ``CWInterface`` does."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.wifi import corewlan
from fieldtech.diagnostics.wifi.facts import Security, WifiLink

UNKNOWN_TO_APPLE = 2**63 - 1


def card(**answers: Any) -> SimpleNamespace:
    told = {
        "ssid": "Casa",
        "bssid": "02:00:00:00:00:01",
        "rssiValue": -55,
        "noiseMeasurement": -93,
        "transmitRate": 866.0,
        "security": 13,
        "powerOn": True,
        "wlanChannel": SimpleNamespace(channelNumber=lambda: 37, channelBand=lambda: 3),
    } | answers
    return SimpleNamespace(
        **{name: (lambda value=value: value) for name, value in told.items() if value != "absent"}
    )


def test_a_link() -> None:
    assert corewlan.link_of(card(), "en0") == WifiLink(
        interface="en0",
        connected=True,
        ssid="Casa",
        bssid="02:00:00:00:00:01",
        channel=37,
        band="6",
        rssi_dbm=-55.0,
        noise_dbm=-93.0,
        security=Security.WPA2,
        authentication="wpa3_transition",
        tx_mbps=866.0,
    )


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (0, Security.OPEN),
        (1, Security.WEP),
        (3, Security.WPA1),
        (4, Security.WPA2),
        (5, Security.UNKNOWN),
        (11, Security.WPA3),
        (14, Security.OWE),
        (15, Security.OPEN),
        (UNKNOWN_TO_APPLE, Security.UNKNOWN),
        (None, Security.UNKNOWN),
        (True, Security.UNKNOWN),
    ],
)
def test_security(number: object, kind: Security) -> None:
    assert corewlan.link_of(card(security=number), "en0").security is kind


def test_not_connected() -> None:
    nowhere = card(ssid=None, bssid=None, rssiValue=0, noiseMeasurement=0, transmitRate=0.0)
    link = corewlan.link_of(nowhere, "en0")
    assert (link.connected, link.rssi_dbm, link.noise_dbm) == (None, None, None)
    assert (link.security, link.tx_mbps) == (Security.UNKNOWN, None)
    assert corewlan.link_of(card(powerOn=False), "en0").connected is False


def test_hidden_names_leave_the_proof_to_signal_and_rate() -> None:
    link = corewlan.link_of(card(ssid=None, bssid=None), "en0")
    assert (link.connected, link.ssid, link.bssid) == (True, "", "")
    assert corewlan.link_of(card(ssid=None, transmitRate=0), "en0").connected is None


@pytest.mark.parametrize(
    "channel",
    [None, "absent", SimpleNamespace(), SimpleNamespace(channelNumber=lambda: 0)],
)
def test_no_channel(channel: object) -> None:
    link = corewlan.link_of(card(wlanChannel=channel), "en0")
    assert (link.channel, link.band) == (None, "")


def test_a_method_that_fails_tells_nothing() -> None:
    def fails() -> object:
        raise RuntimeError("objc")

    broken = card()
    broken.rssiValue = fails
    assert corewlan.link_of(broken, "en0").rssi_dbm is None
    assert corewlan.link_of(object(), "en0") == WifiLink(interface="en0")


def test_without_macos_there_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert corewlan.find("en0") is None


ANSWERS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()


@given(st.dictionaries(st.sampled_from(sorted(vars(card()))), ANSWERS))
def test_any_answers_are_read_without_an_error(answers: dict[str, Any]) -> None:
    link = corewlan.link_of(card(**answers), "en0")
    for power in (link.rssi_dbm, link.noise_dbm):
        assert power is None or -120 <= power <= -1
