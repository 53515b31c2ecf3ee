"""The structures that WlanApi hands out, decoded from their bytes (wlanapi.h, windot11.h).

Numbers are little-endian and every structure has the natural alignment of the Windows SDK, the
same on 32 and 64 bits. Bytes that are too few or make no sense give nothing, never an exception.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from fieldtech.diagnostics.wifi import facts, security
from fieldtech.diagnostics.wifi.facts import Neighbour, Security

INTERFACE_SIZE: Final = 532
"""WLAN_INTERFACE_INFO: GUID, WCHAR[256], state."""
BSS_SIZE: Final = 360
"""WLAN_BSS_ENTRY; the information elements lie outside of it."""
HEAD_SIZE: Final = 8
"""Two DWORDs before the entries of either list."""
MOST_ENTRIES: Final = 2048
CONNECTED, DISCONNECTED = 1, 4
_STATES: Final = {CONNECTED: True, **dict.fromkeys((0, 3, DISCONNECTED, 5, 6, 7), False)}
"""WLAN_INTERFACE_STATE; an ad hoc network is neither."""

_SSID_MOST = 32
_KBIT_PER_MBIT = 1000.0
_KHZ_PER_MHZ = 1000.0
_CONNECTION = struct.Struct("<II512x I32s I6s2x II III IIII")
_BSS = struct.Struct("<I32s I6s2x II iI B1xH4x QQ H2xI I252x II")
_RADIO_HEAD, _RADIO_ONE = struct.Struct("<I"), struct.Struct("<III")
_LONG = struct.Struct("<i")
_RADIO_MOST, _RADIO_OFF = 64, 2

_AUTHENTICATION: Final = {
    1: ("Open", Security.OPEN),
    2: ("Shared key", Security.WEP),
    3: ("WPA", Security.WPA1),
    4: ("WPA-PSK", Security.WPA1),
    5: ("WPA-None", Security.WPA1),
    6: ("WPA2", Security.WPA2),
    7: ("WPA2-PSK", Security.WPA2),
    8: ("WPA3-Enterprise 192 bits", Security.WPA3),
    9: ("WPA3-SAE", Security.WPA3),
    10: ("OWE", Security.OWE),
    11: ("WPA3-Enterprise", Security.WPA3),
}
"""DOT11_AUTH_ALGORITHM."""
_CIPHERS: Final = {
    0: "None",
    1: "WEP-40",
    2: "TKIP",
    4: "CCMP",
    5: "WEP-104",
    8: "GCMP",
    9: "GCMP-256",
    10: "CCMP-256",
    0x101: "WEP",
}
"""DOT11_CIPHER_ALGORITHM."""
_NO_CIPHER: Final = 0
_WEP_CIPHERS: Final = frozenset({1, 5, 0x101})


@dataclass(frozen=True, slots=True, kw_only=True)
class WlanInterface:
    """One WiFi interface: its GUID in its 16 bytes, the card's name, WLAN_INTERFACE_STATE."""

    guid: bytes
    description: str
    state: int

    @property
    def connected(self) -> bool | None:
        """Whether it is connected to an access point."""
        return _STATES.get(self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class WlanConnection:
    """The current connection (WLAN_CONNECTION_ATTRIBUTES)."""

    state: int
    ssid: str
    bssid: str
    percent: int | None
    rx_mbps: float | None
    tx_mbps: float | None
    security: Security
    authentication: str
    cipher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WlanBss:
    """One access point that was heard (WLAN_BSS_ENTRY), and its information elements.

    ``elements`` is ``None`` where they lie outside of the bytes that were handed out.
    """

    ssid: str
    bssid: str
    rssi_dbm: float | None
    frequency_mhz: float
    capability: int
    elements: bytes | None

    def as_neighbour(self) -> Neighbour:
        """The same in the terms of every system."""
        channel, band = facts.channel_of_frequency(self.frequency_mhz) or (None, "")
        return Neighbour(
            ssid=self.ssid,
            bssid=self.bssid,
            channel=channel,
            band=band,
            rssi_dbm=self.rssi_dbm,
            security=security.of_beacon(self.capability, self.elements),
        )


def interfaces(buffer: bytes) -> tuple[WlanInterface, ...]:
    """A WLAN_INTERFACE_INFO_LIST."""
    return tuple(
        WlanInterface(
            guid=entry[:16],
            description=entry[16:528].decode("utf-16-le", "replace").partition("\0")[0],
            state=int.from_bytes(entry[528:532], "little"),
        )
        for entry in _entries(buffer, count_at=0, size=INTERFACE_SIZE)
    )


def connection(buffer: bytes) -> WlanConnection | None:
    """A WLAN_CONNECTION_ATTRIBUTES."""
    if len(buffer) < _CONNECTION.size:
        return None
    state, _mode, length, name, _kind, mac, *rest = _CONNECTION.unpack_from(buffer)
    _phy, _index, quality, rx, tx, enabled, _one_x, algorithm, cipher = rest
    word, kind = _AUTHENTICATION.get(algorithm, (f"{algorithm}", Security.UNKNOWN))
    return WlanConnection(
        state=state,
        ssid=_ssid(length, name),
        bssid=_bssid(mac),
        percent=facts.plausible_percent(quality),
        rx_mbps=facts.plausible_rate(rx / _KBIT_PER_MBIT),
        tx_mbps=facts.plausible_rate(tx / _KBIT_PER_MBIT),
        security=_with_cipher(kind, cipher, enabled=bool(enabled)),
        authentication=word,
        cipher=_CIPHERS.get(cipher, f"{cipher}"),
    )


def _with_cipher(kind: Security, cipher: int, *, enabled: bool) -> Security:
    """Open with a WEP key is WEP; a strong kind without a cipher contradicts itself."""
    if kind is Security.OPEN:
        return Security.WEP if cipher in _WEP_CIPHERS else kind
    if not enabled or cipher == _NO_CIPHER:
        return Security.UNKNOWN
    return facts.weakest([kind, Security.WEP]) if cipher in _WEP_CIPHERS else kind


def bss_list(buffer: bytes) -> tuple[WlanBss, ...]:
    """A WLAN_BSS_LIST; an entry's elements lie ``ulIeOffset`` bytes after the entry's start."""
    found = []
    for place, entry in enumerate(_entries(buffer, count_at=4, size=BSS_SIZE)):
        length, name, _phy, mac, _kind, _phy_kind, rssi, *rest = _BSS.unpack(entry)
        _quality, _domain, _period, _stamp, _host, capability, khz, _rates, at, size = rest
        start = HEAD_SIZE + place * BSS_SIZE + at
        elements = buffer[start : start + size]
        found.append(
            WlanBss(
                ssid=_ssid(length, name),
                bssid=_bssid(mac),
                rssi_dbm=facts.plausible_dbm(rssi),
                frequency_mhz=khz / _KHZ_PER_MHZ,
                capability=capability,
                elements=elements if size and at >= BSS_SIZE and len(elements) == size else None,
            )
        )
    return tuple(found)


def radio_is_on(buffer: bytes) -> bool | None:
    """A WLAN_RADIO_STATE: off when every radio is, by its switch or by software."""
    if len(buffer) < _RADIO_HEAD.size:
        return None
    (count,) = _RADIO_HEAD.unpack_from(buffer)
    if not 0 < count <= _RADIO_MOST or len(buffer) < _RADIO_HEAD.size + count * _RADIO_ONE.size:
        return None
    states = [_RADIO_ONE.unpack_from(buffer, 4 + i * _RADIO_ONE.size)[1:] for i in range(count)]
    return not all(_RADIO_OFF in each for each in states)


def long_of(buffer: bytes) -> int | None:
    """A LONG: the signal in dBm."""
    return _LONG.unpack_from(buffer)[0] if len(buffer) >= _LONG.size else None


def _entries(buffer: bytes, *, count_at: int, size: int) -> list[bytes]:
    """The entries that a list announces, as far as they are there."""
    count = int.from_bytes(buffer[count_at : count_at + 4], "little")
    whole = max(len(buffer) - HEAD_SIZE, 0) // size
    starts = range(HEAD_SIZE, HEAD_SIZE + min(count, whole, MOST_ENTRIES) * size, size)
    return [buffer[start : start + size] for start in starts]


def _ssid(length: int, name: bytes) -> str:
    return name[:length].decode("utf-8", "replace") if length <= _SSID_MOST else ""


def _bssid(mac: bytes) -> str:
    return facts.mac_of(mac.hex(":"))
