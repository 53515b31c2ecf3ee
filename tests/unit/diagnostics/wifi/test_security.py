"""What a beacon says of a network's protection, whole, mixed, malformed and cut off."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.wifi import security
from fieldtech.diagnostics.wifi.facts import Security

SSID = bytes([0, 4]) + b"Casa"
WPA_IE = bytes([221, 22]) + bytes.fromhex("0050f201 0100 0050f202 0100 0050f202 0100 0050f202")
WPS_IE = bytes([221, 4]) + bytes.fromhex("0050f204")


def rsn(*akms: int, oui: str = "000fac", version: int = 1) -> bytes:
    suites = b"".join(bytes.fromhex(oui) + bytes([akm]) for akm in akms)
    body = struct.pack("<H", version) + bytes.fromhex("000fac04") + struct.pack("<H", 1)
    body += bytes.fromhex("000fac04") + struct.pack("<H", len(akms)) + suites + b"\0\0"
    return bytes([48, len(body)]) + body


@pytest.mark.parametrize(
    ("elements", "kind"),
    [
        (rsn(2), Security.WPA2),
        (rsn(1), Security.WPA2),
        (rsn(2, 6, 4), Security.WPA2),
        (rsn(8), Security.WPA3),
        (rsn(24, 25), Security.WPA3),
        (rsn(12), Security.WPA3),
        (rsn(2, 8), Security.WPA2),
        (rsn(18), Security.OWE),
        (rsn(99), Security.UNKNOWN),
        (rsn(2, 99), Security.UNKNOWN),
        (rsn(2, oui="0050f2"), Security.UNKNOWN),
        (rsn(2, version=2), Security.UNKNOWN),
        (rsn(), Security.UNKNOWN),
        (WPA_IE, Security.WPA1),
        (rsn(2) + WPA_IE, Security.WPA1),
        (WPA_IE + rsn(8), Security.WPA1),
        (b"", Security.UNKNOWN),
        (None, Security.UNKNOWN),
        (WPS_IE, Security.WEP),
    ],
)
def test_private_networks(elements: bytes | None, kind: Security) -> None:
    whole = None if elements is None else elements and SSID + elements
    assert security.of_beacon(security.PRIVACY, whole) is kind


def test_a_network_without_the_bit_of_privacy() -> None:
    assert security.of_beacon(0, SSID + WPS_IE) is Security.OPEN
    assert security.of_beacon(0, SSID + rsn(2)) is Security.UNKNOWN
    assert security.of_beacon(0, None) is Security.UNKNOWN


@given(st.integers(0, len(rsn(2) + WPA_IE)))
def test_a_beacon_that_is_cut_off_is_never_strong(end: int) -> None:
    whole = SSID + WPS_IE + rsn(2, 8) + WPA_IE
    cut = whole[: len(SSID + WPS_IE) + end]
    kind = security.of_beacon(security.PRIVACY, cut)
    complete_rsn = len(cut) == len(SSID + WPS_IE + rsn(2, 8))
    assert kind not in {Security.WPA2, Security.WPA3, Security.OWE} or complete_rsn


@given(st.integers(0, 0xFFFF), st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(capability: int, elements: bytes) -> None:
    kind = security.of_beacon(capability, elements)
    strong = {Security.WPA2, Security.WPA3, Security.OWE}
    assert kind not in strong or b"\x00\x0f\xac" in elements


@given(st.text(), st.text())
def test_any_words_are_read_without_an_error(authentication: str, cipher: str) -> None:
    words = frozenset({"open"})
    kind = security.of_words(authentication, open_words=words, cipher=cipher)
    assert kind in {Security.UNKNOWN, Security.WEP} or authentication.strip()
    assert security.of_akm_text(authentication) is Security.UNKNOWN or "akm" in (
        authentication.lower()
    )
