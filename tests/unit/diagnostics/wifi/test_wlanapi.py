"""WlanApi: its structures, a session with its library, and the reading out of both."""

from __future__ import annotations

import ctypes
import struct
import sys
from typing import TYPE_CHECKING

import pytest
import wlan_memory as memory
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.wifi import wlan_structs, wlanapi
from fieldtech.diagnostics.wifi.facts import OverlapKind, Refusal, Security, WifiLink, WifiReading
from fieldtech.diagnostics.wifi.security import PRIVACY

if TYPE_CHECKING:
    from collections.abc import Mapping

GUID = bytes(range(1, 17))
OTHER_GUID = bytes(range(17, 33))
OWN = bytes.fromhex("020000000001")
NEAR = bytes.fromhex("020000000002")
FAR = bytes.fromhex("020000000003")
SSID_IE = bytes([0, 4]) + b"Casa"
RSN_PSK = bytes([48, 20]) + bytes.fromhex("0100 000fac04 0100 000fac04 0100 000fac02 0000")
RSN_MIXED = bytes([48, 24]) + bytes.fromhex(
    "0100 000fac04 0100 000fac04 0200 000fac02 000fac08 0000"
)
CONNECTED = memory.infos((OTHER_GUID, "Otra", 4), (GUID, "Intel(R) Wi-Fi 6", 1))
HEARD = memory.bss_list(
    (b"Casa", OWN, -58, 5_180_000, 0x0431, SSID_IE + RSN_MIXED),
    (b"Vecino", NEAR, -70, 5_180_000, 0x0421, SSID_IE),
    ("Ñandú".encode(), FAR, -88, 2_412_000, 0x0431, SSID_IE + RSN_PSK),
)
ALL: Mapping[str | int, bytes | int] = {
    "interfaces": CONNECTED,
    "bss_list": HEARD,
    wlanapi.RADIO_STATE: memory.radio((1, 1)),
    wlanapi.CURRENT_CONNECTION: memory.connection(b"Casa", OWN, algorithm=9),
    wlanapi.CHANNEL_NUMBER: struct.pack("<I", 36),
    wlanapi.RSSI: struct.pack("<i", -57),
}


def read(answers: Mapping[str | int, bytes | int], interface: str = "Wi-Fi") -> WifiReading:
    library = memory.Library(GUID, answers)
    try:
        with wlanapi.Session(library.wlan, library.ip_helper) as session:
            return wlanapi.read(session, interface)
    finally:
        assert (library.open_handles, library.not_freed) == (0, 0)


def test_the_sizes_of_the_sdk() -> None:
    assert ctypes.sizeof(memory.Info) == wlan_structs.INTERFACE_SIZE == 532
    assert ctypes.sizeof(memory.Bss) == wlan_structs.BSS_SIZE == 360
    assert ctypes.sizeof(memory.Connection) == 604


def test_interfaces() -> None:
    first, second = wlan_structs.interfaces(CONNECTED)
    assert (first.guid, first.description, first.connected) == (OTHER_GUID, "Otra", False)
    assert (second.guid, second.description, second.connected) == (GUID, "Intel(R) Wi-Fi 6", True)
    states = [wlan_structs.interfaces(memory.infos((GUID, "", s)))[0].connected for s in range(9)]
    assert states == [False, True, None, False, False, False, False, False, None]


def test_a_connection() -> None:
    found = wlan_structs.connection(memory.connection("Ñandú".encode(), OWN))
    assert (found.ssid, found.bssid, found.percent) == ("Ñandú", "02:00:00:00:00:01", 80)
    assert (found.rx_mbps, found.tx_mbps) == (866.7, 780.0)
    assert (found.security, found.authentication, found.cipher) == (
        Security.WPA2,
        "WPA2-PSK",
        "CCMP",
    )


@pytest.mark.parametrize(
    ("algorithm", "cipher", "enabled", "kind"),
    [
        (1, 0, 0, Security.OPEN),
        (1, 5, 1, Security.WEP),
        (1, 0x101, 1, Security.WEP),
        (2, 1, 1, Security.WEP),
        (3, 2, 1, Security.WPA1),
        (4, 4, 1, Security.WPA1),
        (6, 4, 1, Security.WPA2),
        (7, 4, 1, Security.WPA2),
        (7, 0, 1, Security.UNKNOWN),
        (7, 4, 0, Security.UNKNOWN),
        (7, 1, 1, Security.WEP),
        (8, 9, 1, Security.WPA3),
        (9, 4, 1, Security.WPA3),
        (10, 4, 1, Security.OWE),
        (11, 4, 1, Security.WPA3),
        (12, 4, 1, Security.UNKNOWN),
        (0x80000000, 4, 1, Security.UNKNOWN),
    ],
)
def test_algorithms(algorithm: int, cipher: int, enabled: int, kind: Security) -> None:
    told = memory.connection(b"x", OWN, algorithm=algorithm, cipher=cipher, enabled=enabled)
    assert wlan_structs.connection(told).security is kind


def test_access_points() -> None:
    own, near, far = (each.as_neighbour() for each in wlan_structs.bss_list(HEARD))
    assert (own.ssid, own.channel, own.band, own.rssi_dbm) == ("Casa", 36, "5", -58.0)
    assert (own.security, near.security, far.security) == (
        Security.WPA2,
        Security.OPEN,
        Security.WPA2,
    )
    assert (far.ssid, far.bssid, far.channel, far.band) == (
        "Ñandú",
        "02:00:00:00:00:03",
        1,
        "2.4",
    )


def test_elements_that_lie_outside_of_the_list() -> None:
    (entry,) = wlan_structs.bss_list(
        memory.bss_list((b"Casa", OWN, -58, 5_180_000, PRIVACY, RSN_PSK))[:-1]
    )
    assert entry.elements is None
    assert entry.as_neighbour().security is Security.UNKNOWN


def test_a_list_that_announces_more_than_it_has() -> None:
    assert len(wlan_structs.bss_list(b"\xff\xff\xff\xff" * 2 + HEARD[8:368])) == 1
    assert wlan_structs.bss_list(HEARD[:367]) == ()
    assert wlan_structs.interfaces(b"") == ()
    assert wlan_structs.connection(b"\1" * 603) is None


@pytest.mark.parametrize("power", [0, 5, -121, 2**31 - 1, -(2**31)])
def test_a_power_that_cannot_be(power: int) -> None:
    (entry,) = wlan_structs.bss_list(memory.bss_list((b"x", OWN, power, 2_412_000, 0, SSID_IE)))
    assert entry.rssi_dbm is None


def test_a_name_longer_than_a_name_can_be() -> None:
    told = bytearray(memory.connection(b"Casa", OWN))
    told[520:524] = (33).to_bytes(4, "little")
    assert wlan_structs.connection(bytes(told)).ssid == ""


@pytest.mark.parametrize(
    ("states", "on"),
    [
        ([(1, 1)], True),
        ([(2, 1)], False),
        ([(1, 2)], False),
        ([(2, 1), (1, 1)], True),
        ([(2, 1), (1, 2)], False),
        ([(0, 0)], True),
        ([], None),
    ],
)
def test_radios(states: list[tuple[int, int]], on: bool | None) -> None:  # noqa: FBT001
    assert wlan_structs.radio_is_on(memory.radio(*states)) is on


def test_a_radio_state_that_is_cut_off() -> None:
    assert wlan_structs.radio_is_on(memory.radio((2, 2))[:15]) is None
    assert wlan_structs.radio_is_on(b"") is None


def test_a_reading() -> None:
    reading = read(ALL)
    assert reading.link == WifiLink(
        interface="Wi-Fi",
        connected=True,
        ssid="Casa",
        bssid="02:00:00:00:00:01",
        channel=36,
        band="5",
        rssi_dbm=-57.0,
        signal_percent=80,
        security=Security.WPA2,
        authentication="WPA3-SAE",
        cipher="CCMP",
        rx_mbps=866.7,
        tx_mbps=780.0,
        estimated=False,
    )
    assert [each.ssid for each in reading.neighbours] == ["Vecino", "Ñandú"]
    assert (reading.refused, reading.scanned, reading.source) == (Refusal.NONE, True, "wlanapi")
    assert reading.overlap.kind is OverlapKind.SAME_CHANNEL
    assert "Casa" in reading.raw


def test_the_signal_comes_from_the_beacon_then_from_the_quality() -> None:
    without = {**ALL, wlanapi.RSSI: 50}
    assert (read(without).link.rssi_dbm, read(without).link.estimated) == (-58.0, False)
    neither = {**without, "bss_list": 50}
    reading = read(neither)
    assert (reading.link.rssi_dbm, reading.link.estimated) == (-60.0, True)
    assert (reading.link.channel, reading.link.band) == (36, "5")
    assert (reading.link.security, reading.scanned) == (Security.WPA3, False)
    assert reading.overlap is None


def test_without_the_permission_to_see_the_location() -> None:
    reading = read(
        {
            **ALL,
            wlanapi.CURRENT_CONNECTION: wlanapi.ACCESS_DENIED,
            "bss_list": wlanapi.ACCESS_DENIED,
        }
    )
    assert reading.refused == Refusal.LOCATION
    assert reading.link == WifiLink(
        interface="Wi-Fi", connected=True, channel=36, band="5", rssi_dbm=-57.0
    )
    assert "error 5" in reading.raw


def test_without_the_permission_to_see_anything() -> None:
    reading = read(
        {
            "interfaces": CONNECTED,
            **dict.fromkeys((k for k in ALL if k != "interfaces"), wlanapi.ACCESS_DENIED),
        }
    )
    assert reading.refused == Refusal.LOCATION
    assert reading.link == WifiLink(interface="Wi-Fi", connected=True)


@pytest.mark.parametrize(
    ("number", "place"),
    [
        (36, (36, "5")),
        (6, (6, "2.4")),
        (1, (1, "")),
        (149, (149, "")),
        (37, (37, "6")),
        (0, (None, "")),
    ],
)
def test_a_bare_channel_number_that_two_bands_have(
    number: int, place: tuple[int | None, str]
) -> None:
    told = {**ALL, wlanapi.CHANNEL_NUMBER: struct.pack("<I", number), "bss_list": 50}
    link = read(told).link
    assert (link.channel, link.band) == place


def test_not_connected() -> None:
    reading = read(
        {
            **ALL,
            "interfaces": memory.infos((GUID, "", 4)),
            wlanapi.CURRENT_CONNECTION: 5023,
        }
    )
    assert (reading.link, reading.refused) == (
        WifiLink(interface="Wi-Fi", connected=False),
        Refusal.NONE,
    )
    assert len(reading.neighbours) == 3


def test_a_radio_that_is_off() -> None:
    reading = read({**ALL, wlanapi.RADIO_STATE: memory.radio((2, 1))})
    assert (reading.refused, reading.link.connected) == (Refusal.OFF, False)


def test_no_such_interface() -> None:
    reading = read({**ALL, "interfaces": memory.infos((OTHER_GUID, "", 1))})
    assert (reading.link, reading.refused) == (None, Refusal.ABSENT)


@pytest.mark.parametrize(
    ("answers", "interface", "code"),
    [
        ({"open": wlanapi.SERVICE_NOT_ACTIVE}, "Wi-Fi", wlanapi.SERVICE_NOT_ACTIVE),
        ({**ALL, "interfaces": 14}, "Wi-Fi", 14),
        (ALL, "Ethernet", 87),
    ],
)
def test_errors_that_leave_nothing_to_tell(
    answers: Mapping[str | int, bytes | int], interface: str, code: int
) -> None:
    with pytest.raises(wlanapi.WlanError) as caught:
        read(answers, interface)
    assert caught.value.code == code


def test_is_wireless() -> None:
    library = memory.Library(GUID, ALL)
    with wlanapi.Session(library.wlan, library.ip_helper) as session:
        assert wlanapi.is_wireless(session, "Wi-Fi")
    none = memory.Library(GUID, {"interfaces": memory.infos()})
    with wlanapi.Session(none.wlan, none.ip_helper) as session:
        assert not wlanapi.is_wireless(session, "Wi-Fi")


def test_without_windows_there_is_no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(wlanapi.WlanError):
        wlanapi.open_session()


@given(st.binary(max_size=1200))
def test_any_bytes_are_decoded_without_an_error(buffer: bytes) -> None:
    powers = [each.as_neighbour().rssi_dbm for each in wlan_structs.bss_list(buffer)]
    assert all(power is None or -120 <= power <= -1 for power in powers)
    assert len(wlan_structs.interfaces(buffer)) <= 2
    wlan_structs.connection(buffer)
    wlan_structs.radio_is_on(buffer)
    wlan_structs.long_of(buffer)


@given(st.integers(0, len(HEARD)))
def test_a_list_that_is_cut_off_never_makes_a_network_strong(end: int) -> None:
    truly = {each.bssid: each.as_neighbour().security for each in wlan_structs.bss_list(HEARD)}
    for each in wlan_structs.bss_list(HEARD[:end]):
        kind = each.as_neighbour().security
        assert kind in {truly[each.bssid], Security.UNKNOWN}
