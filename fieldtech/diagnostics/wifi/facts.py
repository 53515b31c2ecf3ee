"""What is known of a WiFi link and of its neighbours, whichever system told it.

An unknown value is ``None``, ``""`` or ``Security.UNKNOWN``: nothing that could be judged as good.
Powers are in dBm, rates in Mbit/s, frequencies in MHz.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BANDS = ("2.4", "5", "6")
CLEAN_CHANNELS = frozenset({1, 6, 11})
"""The channels of 2.4 GHz that do not overlap one another."""
APART_DB = 19.0
"""A neighbour on the same channel should be this much weaker (Cisco, voice over WLAN)."""
SAME_RADIO_DB = 6.0
"""Two networks of one radio are heard alike: what is left is how much one beacon is off another."""
OVERLAP_CHANNELS = 5
"""Channels of 2.4 GHz less than this apart share spectrum: 20 MHz wide, 5 MHz from each other."""

_WEAKEST_DBM, _STRONGEST_DBM = -120.0, -1.0
_ALL_PERCENT = 100
_FIVE = frozenset({*range(32, 69, 2), *range(96, 145, 2), *range(149, 178, 2)})
_FOUR_NINE = frozenset(range(183, 197))
_SIX = frozenset({2, *range(1, 234, 4)})
_LOCAL_BIT = 0x02
"""Of an address's first octet: no maker vouches for it."""
_MAC = re.compile(r"[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}", re.IGNORECASE)


class Security(StrEnum):
    """How a network protects its frames; a mixed mode is the weakest that it offers."""

    WPA3 = "wpa3"
    WPA2 = "wpa2"
    OWE = "owe"
    """Enhanced open (RFC 8110): encrypted, but nobody proves who they are."""
    UNKNOWN = "unknown"
    WPA1 = "wpa1"
    WEP = "wep"
    OPEN = "open"


_STRENGTH = {kind: place for place, kind in enumerate(reversed(Security))}


class Refusal(StrEnum):
    """Why nothing, or not everything, could be read; ``""`` where nothing stood in the way."""

    NONE = ""
    LOCATION = "location"
    """The system asks for the permission to see where this machine is."""
    OFF = "off"
    """The radio, or the service that runs it, is switched off."""
    ABSENT = "absent"
    """There is no such WiFi interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WifiLink:
    """This machine's side of its WiFi connection.

    ``connected`` is ``None`` where the system's words were not understood. ``estimated`` says that
    ``rssi_dbm`` was derived from ``signal_percent``. ``authentication`` and ``cipher`` are the
    system's own words.
    """

    interface: str
    connected: bool | None = None
    ssid: str = ""
    bssid: str = ""
    channel: int | None = None
    band: str = ""
    rssi_dbm: float | None = None
    noise_dbm: float | None = None
    signal_percent: int | None = None
    security: Security = Security.UNKNOWN
    authentication: str = ""
    cipher: str = ""
    rx_mbps: float | None = None
    tx_mbps: float | None = None
    estimated: bool = False

    @property
    def snr_db(self) -> float | None:
        """By how much the signal stands above the noise; ``None`` without both."""
        return snr(self.rssi_dbm, self.noise_dbm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another access point that was heard."""

    ssid: str = ""
    bssid: str = ""
    channel: int | None = None
    band: str = ""
    rssi_dbm: float | None = None
    security: Security = Security.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class WifiReading:
    """What one look at the WiFi gave.

    ``source`` names who told it ("netsh", "nmcli+iw"...), ``raw`` is what they said. ``scanned``
    says that others than the own access point were heard: where it stands alone in the list, it may
    be that nobody listened. Without a link and without a
    refusal the system's tools gave no answer, and ``raw`` says how.
    """

    link: WifiLink | None = None
    neighbours: tuple[Neighbour, ...] = ()
    source: str
    raw: str = ""
    refused: str = Refusal.NONE
    scanned: bool = False

    @property
    def overlap(self) -> Overlap | None:
        """Who else is on this link's channel; ``None`` when it cannot be judged."""
        if self.link is None:
            return None
        return overlapping(self.link, self.neighbours if self.scanned else None)


class OverlapKind(StrEnum):
    """What disturbs a channel, in the order in which it is told."""

    OFF_GRID = "off_grid"
    """A 2.4 GHz channel other than 1, 6 and 11."""
    SAME_CHANNEL = "same_channel"
    ADJACENT = "adjacent"
    """A neighbour on another 2.4 GHz channel that shares spectrum with this one."""
    CLEAR = "clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The judgement, and the neighbours that are too strong for it, strongest first."""

    kind: OverlapKind
    neighbours: tuple[Neighbour, ...] = ()


def overlapping(link: WifiLink, neighbours: Sequence[Neighbour] | None) -> Overlap | None:
    """Judge the channel of a link; ``None`` neighbours means that nobody listed them.

    ``None`` when it cannot be judged: no connection, no channel, or nothing found while there
    are neighbours whose place or strength is unknown.
    """
    if not link.connected or link.channel is None or not link.band:
        return None
    others = [each for each in neighbours or () if not _is_own(link, each)]
    found = sorted(
        (each for each in others if _disturbs(link, each)), key=_strength_of, reverse=True
    )
    if link.band == "2.4" and link.channel not in CLEAN_CHANNELS:
        return Overlap(kind=OverlapKind.OFF_GRID, neighbours=tuple(found))
    if found:
        same = found[0].channel == link.channel
        kind = OverlapKind.SAME_CHANNEL if same else OverlapKind.ADJACENT
        return Overlap(kind=kind, neighbours=tuple(found))
    if neighbours is None or link.rssi_dbm is None or any(_in_doubt(link, o) for o in neighbours):
        return None
    return Overlap(kind=OverlapKind.CLEAR)


def _is_own(link: WifiLink, other: Neighbour) -> bool:
    """Whether this is the access point itself; by name and channel where a system hides BSSIDs.

    Its guest network is itself as well: one radio never sends twice at a time.
    """
    if link.bssid and other.bssid:
        return link.bssid == other.bssid or _is_same_radio(link, other)
    return link.ssid == other.ssid and _shares_channel(link, other)


def _is_same_radio(link: WifiLink, other: Neighbour) -> bool:
    """Whether two addresses look like one radio's, and it is heard equally strong under both.

    Two access points that were bought together may have such addresses, but not such powers as
    well, unless they hang side by side.
    """
    if link.rssi_dbm is None or other.rssi_dbm is None or not _shares_channel(link, other):
        return False
    alike = abs(link.rssi_dbm - other.rssi_dbm) <= SAME_RADIO_DB
    return alike and are_siblings(link.bssid, other.bssid)


def are_siblings(one: str, other: str) -> bool:
    """Tell whether a radio that has one address would give itself the other for a second network.

    The usual ways are to count in the last half octet, and to set the local bit of the first octet
    and count in those above it (Linux' mac80211, Atheros, MediaTek). Without that bit the first
    octet is the maker's, and has to be the same.
    """
    if not (mac_of(one) and mac_of(other)):
        return False
    first, second = (bytes.fromhex(mac_of(each).replace(":", "")) for each in (one, other))
    local = (first[0] | second[0]) & _LOCAL_BIT
    same_start = first[0] == second[0] or bool(local)
    return same_start and first[1:5] == second[1:5] and first[5] >> 4 == second[5] >> 4


def _shares_channel(link: WifiLink, other: Neighbour) -> bool:
    return other.band == link.band and other.channel == link.channel


def _shares_spectrum(link: WifiLink, other: Neighbour) -> bool:
    if link.channel is None or other.channel is None or link.band != other.band:
        return False
    reach = OVERLAP_CHANNELS if link.band == "2.4" else 1
    return abs(link.channel - other.channel) < reach


def _disturbs(link: WifiLink, other: Neighbour) -> bool:
    if link.rssi_dbm is None or other.rssi_dbm is None:
        return False
    return _shares_spectrum(link, other) and link.rssi_dbm - other.rssi_dbm < APART_DB


def _in_doubt(link: WifiLink, other: Neighbour) -> bool:
    """Whether it might disturb, had the system told more of it."""
    if _is_own(link, other):
        nameless = not (link.bssid and other.bssid) and not link.ssid
        return nameless and _may_be_strong(link, other)
    if other.band and other.band != link.band:
        return False
    if other.channel is None or not other.band:
        return _may_be_strong(link, other)
    return _shares_spectrum(link, other) and other.rssi_dbm is None


def _may_be_strong(link: WifiLink, other: Neighbour) -> bool:
    if link.rssi_dbm is None or other.rssi_dbm is None:
        return True
    return link.rssi_dbm - other.rssi_dbm < APART_DB


def _strength_of(neighbour: Neighbour) -> float:
    return -math.inf if neighbour.rssi_dbm is None else neighbour.rssi_dbm


def weakest(kinds: Iterable[Security]) -> Security:
    """The weakest of what is offered; something unknown beside WPA2 or WPA3 makes it unknown."""
    return min(kinds, key=_STRENGTH.__getitem__, default=Security.UNKNOWN)


def snr(rssi_dbm: float | None, noise_dbm: float | None) -> float | None:
    """Signal above noise in dB."""
    return None if rssi_dbm is None or noise_dbm is None else rssi_dbm - noise_dbm


def plausible_dbm(value: float | None) -> float | None:
    """The value if a receiver can have measured it: a driver that does not know says 0 or more."""
    if value is None or not _WEAKEST_DBM <= value <= _STRONGEST_DBM:
        return None
    return float(value)


def plausible_percent(value: int | None) -> int | None:
    """The value if it is one of 0 to 100."""
    return value if value is not None and 0 <= value <= _ALL_PERCENT else None


def plausible_rate(value: float | None) -> float | None:
    """The value if it is a positive rate that a radio can have, in Mbit/s."""
    most = 100_000.0
    return float(value) if value is not None and 0 < value <= most else None


def dbm_of_percent(percent: int | None) -> float | None:
    """A power from Windows' quality in percent: 0 is -100 dBm, 100 is -50 (WlanApi, Microsoft)."""
    return None if percent is None else percent / 2 - 100


def channel_of_frequency(mhz: float) -> tuple[int, str] | None:
    """The channel and the band of a centre frequency (IEEE 802.11-2020, annex E)."""
    if not math.isfinite(mhz):
        return None
    for band in BANDS:
        for channel in _channels(band):
            if frequency_of_channel(channel, band) == round(mhz):
                return channel, band
    return None


def frequency_of_channel(channel: int, band: str) -> int | None:
    """The centre frequency of a channel, ``None`` where the band has no such channel."""
    if channel not in _channels(band):
        return None
    if band == "2.4":
        japan = 14
        return 2484 if channel == japan else 2407 + 5 * channel
    if band == "5":
        return (4000 if channel in _FOUR_NINE else 5000) + 5 * channel
    low = 2
    return 5935 if channel == low else 5950 + 5 * channel


def placed(channel: int | None, band: str = "") -> tuple[int | None, str]:
    """A channel with its band, as far as the two can be true together.

    A bare number reads as in the systems that know no 6 GHz: those that do tell the band as well.
    """
    if channel is None:
        return None, band
    if band:
        return (channel if channel in _channels(band) else None), band
    for each in BANDS:
        if channel in _channels(each):
            return channel, each
    return None, ""


def placed_for_sure(channel: int | None) -> tuple[int | None, str]:
    """A bare channel number with its band, ``""`` where two bands have such a channel."""
    bands = [band for band in BANDS if channel in _channels(band)]
    if not bands:
        return None, ""
    return channel, bands[0] if len(bands) == 1 else ""


def _channels(band: str) -> frozenset[int]:
    if band == "2.4":
        return frozenset(range(1, 15))
    return {"5": _FIVE | _FOUR_NINE, "6": _SIX}.get(band, frozenset())


def mac_of(text: str) -> str:
    """An access point's address in lower case with colons, ``""`` for anything else."""
    if not _MAC.fullmatch(text.strip()):
        return ""
    address = text.strip().lower().replace("-", ":")
    return "" if address in {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"} else address
