"""The radio link: how strong it is, and how far above the noise."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Outcome, Reason, number
from fieldtech.diagnostics.wifi.facts import Refusal
from fieldtech.diagnostics.wifi.reading import read_wifi

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.wifi.facts import Neighbour, WifiReading

_MOST_NEIGHBOURS = 30
_REFUSED = {
    Refusal.LOCATION: Reason.LOCATION,
    Refusal.OFF: Reason.WIFI_OFF,
    Refusal.ABSENT: Reason.NOT_WIRELESS,
}


def run(context: Context) -> Outcome:
    """Read the radio of the interface."""
    return outcome_of(look(context))


def look(context: Context) -> WifiReading:
    """Read the WiFi, once for all the probes of a run that judge it."""
    return context.wifi.get(lambda: read_wifi(context.interface, context.cancel))


def outcome_of(reading: WifiReading) -> Outcome:
    """Return signal and signal to noise, as far as the system tells them."""
    evidence = evidence_of(reading)
    why = why_not(reading)
    if why is not None:
        return Outcome(reason=why, evidence=evidence)
    link = reading.link
    values: dict[str, str] = {}
    if link is not None and link.rssi_dbm is not None:
        values["wifi.signal"] = number(link.rssi_dbm)
    if link is not None and link.snr_db is not None:
        values["wifi.snr"] = number(link.snr_db)
    missing = {"wifi.signal", "wifi.snr"} - set(values)
    return Outcome(
        values=values, unmeasured=dict.fromkeys(missing, Reason.NOT_TOLD), evidence=evidence
    )


def why_not(reading: WifiReading) -> Reason | None:
    """Return why the radio tells nothing, ``None`` when there is a link to judge.

    A system that hides names for want of a permission may still tell powers.
    """
    link = reading.link
    if link is not None and link.connected and reading.refused != Refusal.OFF:
        told = link.rssi_dbm is not None or bool(link.bssid)
        return _REFUSED.get(Refusal(reading.refused)) if not told else None
    if reading.refused:
        return _REFUSED[Refusal(reading.refused)]
    return Reason.NO_LINK if link is not None and link.connected is False else Reason.NOT_TOLD


def evidence_of(reading: WifiReading) -> dict[str, object]:
    """Return the reading as evidence, without what the system printed: it names the neighbours."""
    return {
        "source": reading.source,
        "link": None if reading.link is None else asdict(reading.link),
        "neighbours": [anonymous(each) for each in reading.neighbours[:_MOST_NEIGHBOURS]],
    }


def anonymous(neighbour: Neighbour) -> dict[str, object]:
    """Return what counts of another network: whose it is, is nobody's business here.

    Of its address the maker's part alone stays, by which two can still be told apart often enough.
    """
    return {**asdict(neighbour), "ssid": "", "bssid": neighbour.bssid[:8]}
