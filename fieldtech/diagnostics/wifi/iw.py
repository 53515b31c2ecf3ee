"""``iw dev``: the kernel's own view of a WiFi link (nl80211). Its words are never translated."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fieldtech.diagnostics.wifi import facts

_CONNECTED = re.compile(r"^Connected to ([0-9a-fA-F:]{17})(?: \(on (\S+)\))?", re.MULTILINE)
_NOT_CONNECTED = re.compile(r"^Not connected\.", re.MULTILINE)
_LINE = re.compile(r"^[ \t]+([a-zA-Z][a-zA-Z0-9 /]*):[ \t]+(.*)$", re.MULTILINE)
_INFO_LINE = re.compile(r"^[ \t]+([a-z0-9]+)[ \t]+(.*)$", re.MULTILINE)
_CHANNEL = re.compile(r"([0-9]{1,3}) \(([0-9]{4,5})(?:\.[0-9])? MHz\)")
_POWER = re.compile(r"(-[0-9]{1,3})(?:\.[0-9]+)?(?: \[[-0-9, ]*\])? dBm")
_RATE = re.compile(r"([0-9]{1,6}(?:\.[0-9])?) MBit/s")
_FREQUENCY = re.compile(r"([0-9]{4,5})(?:\.[0-9]{1,3})?")
_IN_USE = re.compile(r"([0-9]{4,5})(?:\.[0-9]{1,3})? MHz \[in use\]")
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class IwLink:
    """What ``iw`` tells of a link; ``connected`` is ``None`` when it tells neither."""

    connected: bool | None = None
    ssid: str = ""
    bssid: str = ""
    channel: int | None = None
    band: str = ""
    rssi_dbm: float | None = None
    rx_mbps: float | None = None
    tx_mbps: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IwInfo:
    """What ``iw dev IF info`` tells of an interface; ``kind`` is ``managed`` for a client."""

    ssid: str = ""
    kind: str = ""
    channel: int | None = None
    band: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IwStation:
    """What ``iw dev IF station dump`` tells of the access point of a client."""

    bssid: str = ""
    rssi_dbm: float | None = None
    rx_mbps: float | None = None
    tx_mbps: float | None = None


def parse_link(text: str) -> IwLink:
    """``iw dev IF link``."""
    found = _CONNECTED.search(text)
    if not found:
        return IwLink(connected=False if _NOT_CONNECTED.search(text) else None)
    said = _said(text[found.end() :])
    channel, band = _of_frequency(said.get("freq", ""))
    return IwLink(
        connected=True,
        ssid=unescaped(said.get("SSID", "")),
        bssid=facts.mac_of(found[1]),
        channel=channel,
        band=band,
        rssi_dbm=_power(said.get("signal", "")),
        rx_mbps=_rate(said.get("rx bitrate", "")),
        tx_mbps=_rate(said.get("tx bitrate", "")),
    )


def parse_info(text: str) -> IwInfo:
    """``iw dev IF info``."""
    said = _said(text, _INFO_LINE)
    found = _CHANNEL.match(said.get("channel", ""))
    place = facts.channel_of_frequency(float(found[2])) if found else None
    agreed = place if found and place and place[0] == int(found[1]) else None
    return IwInfo(
        ssid=unescaped(said.get("ssid", "")),
        kind=said.get("type", ""),
        channel=agreed[0] if agreed else None,
        band=agreed[1] if agreed else "",
    )


def parse_survey(text: str) -> float | None:
    """``iw dev IF survey dump``: the noise of the channel in use, in dBm."""
    heard = [part for part in text.split("Survey data from") if _IN_USE.search(part)]
    return _power(_said(heard[0]).get("noise", "")) if len(heard) == 1 else None


def parse_stations(text: str) -> IwStation:
    """``iw dev IF station dump``: a client has one station, its access point."""
    parts = re.split(r"^Station ([0-9a-fA-F:]{17}) \(on \S+\)", text, flags=re.MULTILINE)
    one_station = 3
    if len(parts) != one_station:
        return IwStation()
    said = _said(parts[2])
    return IwStation(
        bssid=facts.mac_of(parts[1]),
        rssi_dbm=_power(said.get("signal avg", "")) or _power(said.get("signal", "")),
        rx_mbps=_rate(said.get("rx bitrate", "")),
        tx_mbps=_rate(said.get("tx bitrate", "")),
    )


def unescaped(text: str) -> str:
    r"""A name as it was before ``iw`` wrote its bytes as ``\xc3\xb1``."""
    raw = text.encode("utf-8", "replace")
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), raw).decode("utf-8", "replace")


def _said(text: str, shape: re.Pattern[str] = _LINE) -> dict[str, str]:
    """The first thing that is said under each label."""
    said: dict[str, str] = {}
    for label, value in shape.findall(text):
        said.setdefault(label, value.strip())
    return said


def _of_frequency(text: str) -> tuple[int | None, str]:
    found = _FREQUENCY.fullmatch(text)
    place = facts.channel_of_frequency(float(found[1])) if found else None
    return place or (None, "")


def _power(text: str) -> float | None:
    found = _POWER.fullmatch(text)
    return facts.plausible_dbm(float(found[1])) if found else None


def _rate(text: str) -> float | None:
    found = _RATE.match(text)
    return facts.plausible_rate(float(found[1])) if found else None
