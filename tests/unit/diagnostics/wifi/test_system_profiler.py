"""macOS: recorded reports, names that are hidden, reports that are no reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoiling import mutated

from fieldtech.diagnostics.wifi import system_profiler
from fieldtech.diagnostics.wifi.facts import (
    Neighbour,
    OverlapKind,
    Refusal,
    Security,
    WifiLink,
    WifiReading,
)

CURRENT = {
    "_name": "Casa",
    "spairport_network_channel": "36 (5GHz, 80MHz)",
    "spairport_network_phymode": "802.11ax",
    "spairport_network_rate": 864,
    "spairport_security_mode": "spairport_security_mode_wpa3_transition",
    "spairport_signal_noise": "-58 dBm / -94 dBm",
}
OTHER = {
    "_name": "Vecino",
    "spairport_network_channel": "1,+1",
    "spairport_security_mode": "spairport_security_mode_none",
    "spairport_signal_noise": "-71 dBm / -90 dBm",
}


def report(
    current: dict[str, Any] | None = None,
    others: list[Any] | None = None,
    status: str = "spairport_status_connected",
) -> str:
    card = {
        "_name": "en0",
        "spairport_status_information": status,
        "spairport_wireless_card_type": "spairport_wireless_card_type_wifi",
        "spairport_airport_other_local_wireless_networks": [OTHER] if others is None else others,
        "spairport_current_network_information": CURRENT | (current or {}),
    }
    between = {"_name": "awdl0", "spairport_current_network_information": {}}
    parts = [{"spairport_airport_interfaces": [between, card]}]
    return json.dumps({"SPAirPortDataType": parts}, indent=2)


def test_a_report() -> None:
    reading = system_profiler.parse(report(), "en0")
    assert reading.link == WifiLink(
        interface="en0",
        connected=True,
        ssid="Casa",
        channel=36,
        band="5",
        rssi_dbm=-58.0,
        noise_dbm=-94.0,
        security=Security.WPA2,
        authentication="spairport_security_mode_wpa3_transition",
        tx_mbps=864.0,
    )
    assert reading.link.snr_db == 36
    assert reading.neighbours == (
        Neighbour(ssid="Vecino", channel=1, band="2.4", rssi_dbm=-71.0, security=Security.OPEN),
    )
    assert (reading.refused, reading.scanned) == (Refusal.NONE, True)
    assert reading.overlap.kind is OverlapKind.CLEAR


def test_interfaces() -> None:
    assert system_profiler.interfaces_of(report()) == ("en0",)
    assert system_profiler.parse(report(), "awdl0").refused == Refusal.ABSENT
    assert system_profiler.parse(report(), "en7").refused == Refusal.ABSENT
    assert system_profiler.parse(report()).link.interface == "en0"


@pytest.mark.parametrize("name", ["<redacted>", "<Redacted>"])
def test_hidden_names_hide_nothing_else(name: str) -> None:
    reading = system_profiler.parse(report({"_name": name}), "en0")
    assert (reading.refused, reading.link.ssid) == (Refusal.LOCATION, "")
    assert (reading.link.connected, reading.link.rssi_dbm) == (True, -58.0)
    neighbours = system_profiler.parse(report(others=[OTHER | {"_name": name}]), "en0")
    assert (neighbours.refused, neighbours.neighbours[0].ssid) == (Refusal.LOCATION, "")


def test_neighbours_that_may_be_the_access_point_itself_leave_it_unjudged() -> None:
    hidden = {"_name": "<redacted>"}
    same = OTHER | hidden | {"spairport_network_channel": "36 (5GHz, 80MHz)"}
    reading = system_profiler.parse(report(hidden, [same]), "en0")
    assert reading.overlap is None


@pytest.mark.parametrize(
    ("status", "connected"),
    [
        ("spairport_status_off", False),
        ("spairport_status_inactive", False),
        ("spairport_status_new", None),
    ],
)
def test_states(status: str, connected: bool | None) -> None:  # noqa: FBT001
    reading = system_profiler.parse(report(status=status), "en0")
    assert reading.link.connected is connected
    assert reading.refused == (Refusal.OFF if status.endswith("off") else Refusal.NONE)


@pytest.mark.parametrize(
    ("channel", "placed"),
    [
        (149, (149, "5")),
        ("6", (6, "2.4")),
        ("1,+1", (1, "2.4")),
        ("36,-1", (36, "5")),
        ("6 (2GHz, 20MHz)", (6, "2.4")),
        ("37 (6GHz, 160MHz)", (37, "6")),
        ("6 (5GHz, 20MHz)", (None, "5")),
        ("144 (5GHz)", (144, "5")),
        ("6 (2GHz", (None, "")),
        (True, (None, "")),
        (None, (None, "")),
        (6.0, (None, "")),
        (10**30, (None, "")),
    ],
)
def test_channels(channel: object, placed: tuple[int | None, str]) -> None:
    link = system_profiler.parse(report({"spairport_network_channel": channel})).link
    assert (link.channel, link.band) == placed


@pytest.mark.parametrize(
    ("written", "powers"),
    [
        ("-39 dBm / -97 dBm", (-39.0, -97.0)),
        ("-62dBm/-94dBm", (-62.0, -94.0)),
        ("-62 dBm", (-62.0, None)),
        ("0 dBm / 0 dBm", (None, None)),
        ("-500 dBm / -97 dBm", (None, -97.0)),
        ("-39 dBm / -97", (None, None)),
        (-39, (None, None)),
        (None, (None, None)),
    ],
)
def test_powers(written: object, powers: tuple[float | None, float | None]) -> None:
    link = system_profiler.parse(report({"spairport_signal_noise": written})).link
    assert (link.rssi_dbm, link.noise_dbm) == powers


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("spairport_security_mode_wpa2_personal", Security.WPA2),
        ("spairport_security_mode_wpa3_personal", Security.WPA3),
        ("pairport_security_mode_wpa3_transition", Security.WPA2),
        ("spairport_security_mode_wpa_personal_mixed", Security.WPA1),
        ("spairport_security_mode_wpa2_personal_mixed", Security.WPA1),
        ("spairport_security_mode_wep", Security.WEP),
        ("spairport_security_mode_owe", Security.OWE),
        ("spairport_security_mode_owe_transition", Security.OPEN),
        ("spairport_security_mode_none", Security.OPEN),
        ("spairport_security_mode_wpa4_personal", Security.UNKNOWN),
        ("wpa2_personal", Security.UNKNOWN),
        ("", Security.UNKNOWN),
        (None, Security.UNKNOWN),
        (["spairport_security_mode_wpa2_personal"], Security.UNKNOWN),
    ],
)
def test_security(mode: object, kind: Security) -> None:
    assert system_profiler.parse(report({"spairport_security_mode": mode})).link.security is kind


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"SPAirPortDataType": []}', "[" * 100_000, "{", '"x"']
)
def test_what_is_no_report_tells_nothing(text: str) -> None:
    reading = system_profiler.parse(text, "en0")
    assert (reading.link, reading.refused, reading.overlap) == (None, Refusal.NONE, None)


def test_a_machine_without_a_card() -> None:
    text = json.dumps({"SPAirPortDataType": [{"spairport_airport_interfaces": []}]})
    assert system_profiler.parse(text, "en0").refused == Refusal.ABSENT


def test_recorded_reports(recorded: Path) -> None:
    def read(name: str) -> WifiReading:
        return system_profiler.parse((recorded / name).read_text(encoding="utf-8"), "en0")

    old = read("mac-sp_12.7.2-AP.json")
    assert (old.link.ssid, old.link.channel, old.link.band) == ("SSID-4", 149, "5")
    assert (old.link.rssi_dbm, old.link.noise_dbm, old.link.tx_mbps) == (-68.0, -93.0, 324.0)
    assert old.link.security is Security.WPA2
    assert [n.channel for n in old.neighbours] == [1, 11, 149]
    assert [n.ssid for n in old.overlap.neighbours] == ["SSID-3"]
    new = read("mac-sp_15.5.json")
    assert (new.link.connected, new.link.security) == (True, Security.OPEN)
    assert (new.link.channel, new.link.snr_db) == (6, 57.0)
    assert new.overlap is None
    off = read("mac-sp_15.5-wifi-disabled.json")
    assert (off.link.connected, off.refused) == (False, Refusal.OFF)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(sorted(CURRENT)), JSON), st.lists(JSON, max_size=3))
def test_any_values_are_read_without_an_error(current: dict[str, Any], others: list[Any]) -> None:
    reading = system_profiler.parse(report(current, others), "en0")
    strong = reading.link.security in {Security.WPA2, Security.WPA3, Security.OWE}
    assert not strong or "spairport_security_mode" not in current


@given(st.text() | mutated(report()))
def test_spoilt_reports(text: str) -> None:
    reading = system_profiler.parse(text, "en0")
    heard = [each.rssi_dbm for each in reading.neighbours]
    powers = [*heard, reading.link.rssi_dbm, reading.link.noise_dbm] if reading.link else heard
    assert all(power is None or -120 <= power <= -1 for power in powers)
