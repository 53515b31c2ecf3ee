"""``system_profiler SPAirPortDataType -json``: what macOS tells of its WiFi without any rights.

Names are ``<redacted>`` where the location may not be known (macOS 15.6 and later); the powers and
the security are told all the same.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from fieldtech.diagnostics.wifi import apple, facts
from fieldtech.diagnostics.wifi.facts import Neighbour, Refusal, Security, WifiLink, WifiReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SOURCE = "system_profiler"
COMMAND = ("system_profiler", "SPAirPortDataType", "-json")
LIMIT_S = 10.0
"""It looks around before it answers."""

_CHANNEL = re.compile(r"([0-9]{1,3})(?:,[-+]?[0-9]{1,3})?(?: \(([256])GHz(?:, [0-9]+MHz)?\))?")
_BANDS = {"2": "2.4", "5": "5", "6": "6", None: ""}
_POWERS = re.compile(r"(-[0-9]{1,3}) ?dBm(?: ?/ ?(-[0-9]{1,3}) ?dBm)?")
_MODE = re.compile(r"s?pairport_security_mode_([a-z0-9_]+)")
_STATES = {
    "spairport_status_connected": True,
    "spairport_status_off": False,
    "spairport_status_inactive": False,
    "spairport_status_disconnected": False,
    "spairport_status_not_associated": False,
}
_OFF = "spairport_status_off"
_INTERFACES = "spairport_airport_interfaces"
_OTHERS = "spairport_airport_other_local_wireless_networks"
_CURRENT = "spairport_current_network_information"
_STATUS = "spairport_status_information"
_CARD = "spairport_wireless_card_type"


def parse(text: str, interface: str = "") -> WifiReading:
    """What the output says of an interface; of the first one with a WiFi card without a name."""
    cards = _cards(text)
    if cards is None:
        return WifiReading(source=SOURCE, raw=text)
    named = [card for card in cards if not interface or card.get("_name") == interface]
    card = next(iter(named), None)
    if card is None:
        return WifiReading(source=SOURCE, raw=text, refused=Refusal.ABSENT)
    others = _mappings(card.get(_OTHERS))
    return WifiReading(
        link=_link(card),
        neighbours=tuple(_neighbour(each) for each in others),
        source=SOURCE,
        raw=text,
        refused=_refusal(card),
        scanned=bool(others),
    )


def interfaces_of(text: str) -> tuple[str, ...]:
    """The names of the WiFi interfaces."""
    return tuple(str(card.get("_name", "")) for card in _cards(text) or ())


def _cards(text: str) -> list[Mapping[str, object]] | None:
    """The interfaces with a card or a state of their own; ``None`` when this is no such output.

    ``awdl0`` and its like, which Apple uses between its devices, have neither.
    """
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None
    parts = _mappings(whole.get("SPAirPortDataType") if isinstance(whole, dict) else None)
    if not parts:
        return None
    listed = [
        each for part in parts for each in _mappings(part.get("spairport_airport_interfaces"))
    ]
    return [each for each in listed if _CARD in each or _STATUS in each]


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _link(card: Mapping[str, object]) -> WifiLink:
    current = card.get(_CURRENT)
    said = current if isinstance(current, dict) else {}
    channel, band = _channel(said.get("spairport_network_channel"))
    signal, noise = _powers(said.get("spairport_signal_noise"))
    return WifiLink(
        interface=_text(card.get("_name")),
        connected=_STATES.get(_text(card.get(_STATUS))),
        ssid=_ssid(said),
        bssid=facts.mac_of(_text(said.get("spairport_network_bssid"))),
        channel=channel,
        band=band,
        rssi_dbm=signal,
        noise_dbm=noise,
        security=_security(said),
        authentication=_text(said.get("spairport_security_mode")),
        tx_mbps=_rate(said.get("spairport_network_rate")),
    )


def _neighbour(said: Mapping[str, object]) -> Neighbour:
    channel, band = _channel(said.get("spairport_network_channel"))
    return Neighbour(
        ssid=_ssid(said),
        bssid=facts.mac_of(_text(said.get("spairport_network_bssid"))),
        channel=channel,
        band=band,
        rssi_dbm=_powers(said.get("spairport_signal_noise"))[0],
        security=_security(said),
    )


def _refusal(card: Mapping[str, object]) -> Refusal:
    if _text(card.get(_STATUS)) == _OFF:
        return Refusal.OFF
    current = card.get(_CURRENT)
    seen: Sequence[Mapping[str, object]] = _mappings([current, *_mappings(card.get(_OTHERS))])
    hidden = any(_text(each.get("_name")).lower() in apple.REDACTED for each in seen)
    return Refusal.LOCATION if hidden else Refusal.NONE


def _ssid(said: Mapping[str, object]) -> str:
    name = _text(said.get("_name"))
    return "" if name.lower() in apple.REDACTED else name


def _security(said: Mapping[str, object]) -> Security:
    found = _MODE.fullmatch(_text(said.get("spairport_security_mode")))
    return apple.MODES.get(found[1], Security.UNKNOWN) if found else Security.UNKNOWN


def _channel(value: object) -> tuple[int | None, str]:
    """``149``, ``"1,+1"`` or ``"6 (2GHz, 20MHz)"``."""
    found = _CHANNEL.fullmatch(str(value)) if isinstance(value, int | str) else None
    return facts.placed(int(found[1]), _BANDS[found[2]]) if found else (None, "")


def _powers(value: object) -> tuple[float | None, float | None]:
    """``"-39 dBm / -97 dBm"``: the signal and the noise."""
    found = _POWERS.fullmatch(_text(value))
    if not found:
        return None, None
    noise = float(found[2]) if found[2] else None
    return facts.plausible_dbm(float(found[1])), facts.plausible_dbm(noise)


def _rate(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return facts.plausible_rate(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
