"""CoreWLAN by way of pyobjc, where it is installed: the signal and the noise of this moment.

It is no dependency. ``link_of`` needs only an object that answers as a ``CWInterface`` does.
"""

from __future__ import annotations

import importlib
import sys

from fieldtech.diagnostics.wifi import apple, facts
from fieldtech.diagnostics.wifi.facts import Security, WifiLink

SOURCE = "CoreWLAN"


def find(interface: str) -> object | None:
    """The ``CWInterface`` of that name; ``None`` off macOS, without pyobjc, or without the card."""
    if sys.platform == "darwin":
        try:
            module = importlib.import_module("CoreWLAN")
            client = module.CWWiFiClient.sharedWiFiClient()
            found: object = client.interfaceWithName_(interface)
        except Exception:  # noqa: BLE001  a bridge to Objective-C raises whatever it meets there
            return None
        return found
    return None


def link_of(source: object, interface: str) -> WifiLink:
    """What a ``CWInterface`` says; every answer that makes no sense is unknown.

    ``ssid`` and ``bssid`` are hidden without the permission to see the location. The interface is
    known to be connected by a name, or by a signal together with a rate.
    """
    ssid = _text(_ask(source, "ssid"))
    signal = facts.plausible_dbm(_number(_ask(source, "rssiValue")))
    rate = facts.plausible_rate(_number(_ask(source, "transmitRate")))
    channel, band = _channel(_ask(source, "wlanChannel"))
    mode = apple.NUMBERS.get(_whole(_ask(source, "security")), "")
    return WifiLink(
        interface=interface,
        connected=_connected(source, proven=bool(signal and (ssid or rate))),
        ssid=ssid,
        bssid=facts.mac_of(_text(_ask(source, "bssid"))),
        channel=channel,
        band=band,
        rssi_dbm=signal,
        noise_dbm=facts.plausible_dbm(_number(_ask(source, "noiseMeasurement"))),
        security=apple.MODES.get(mode, Security.UNKNOWN) if signal else Security.UNKNOWN,
        authentication=mode,
        tx_mbps=rate,
    )


def _connected(source: object, *, proven: bool) -> bool | None:
    if _ask(source, "powerOn") is False:
        return False
    return True if proven else None


def _channel(source: object) -> tuple[int | None, str]:
    number = _whole(_ask(source, "channelNumber"))
    band = apple.BANDS.get(_whole(_ask(source, "channelBand")), "")
    return facts.placed(number if number > 0 else None, band)


def _ask(source: object, name: str) -> object:
    """What one of its methods returns; ``None`` where there is no such method, or it fails."""
    method = getattr(source, name, None)
    if not callable(method):
        return None
    try:
        answer: object = method()
        return answer
    except Exception:  # noqa: BLE001  a bridge to Objective-C raises whatever it meets there
        return None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e9 else None


def _whole(value: object) -> int:
    """A whole number, -1 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return "" if text.lower() in apple.REDACTED else text
