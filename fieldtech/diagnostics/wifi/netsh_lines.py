"""The lines of ``netsh wlan``, told apart by their labels, and by their shape where labels fail.

``SSID``, ``BSSID``, ``GUID`` and ``Rssi`` are the same in every language, and so are the shapes of
an address, a percentage, a band, ``802.11ax`` and the names of ciphers. What is said twice and
differently in one place was not said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldtech.diagnostics.tools import plain
from fieldtech.diagnostics.wifi import facts
from fieldtech.diagnostics.wifi.netsh_words import Field, field_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLON = re.compile("[:：]")
_NUMBERED = re.compile(r"(b?ssid) ?([0-9]{1,4})")
_BAND = re.compile(r"([0-9](?:[.,][0-9])?)[^0-9]{0,3}ghz")
_BANDS = {"2.4": "2.4", "2,4": "2.4", "5": "5", "6": "6"}
_PERCENT = re.compile(r"([0-9]{1,3})\s*%")
_POWER = re.compile(r"-[0-9]{1,3}")
_WHOLE = re.compile(r"[0-9]{1,3}")
_RATE = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)(?:\s*m[^\s0-9]{2,8})?")
_RADIO = re.compile(r"802\.11[a-z0-9/ ]{0,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One "label : value"; ``number`` is that of ``SSID 1`` and ``BSSID 1``, else 0."""

    label: str
    value: str
    field: Field | None
    number: int = 0


def lines_of(text: str) -> tuple[Line, ...]:
    """Every line with a label; a label or a value that was wrapped is put together again."""
    found: list[Line] = []
    before, goes_on = "", False
    for raw in text.splitlines():
        colon = _COLON.search(raw)
        if colon:
            label, value = raw[: colon.start()].strip(), raw[colon.end() :].strip()
            found.append(_line(label, value, before))
            before, goes_on = "", _may_go_on(found[-1])
            continue
        before = raw.strip()
        if before and goes_on:
            found[-1] = replace(found[-1], value=f"{found[-1].value} {before}".strip())
        goes_on = False
    return tuple(found)


def _line(label: str, value: str, before: str) -> Line:
    numbered = _NUMBERED.fullmatch(plain(label))
    if numbered:
        field = Field.SSID if numbered[1] == "ssid" else Field.BSSID
        return Line(label=label, value=value, field=field, number=int(numbered[2]))
    return Line(label=label, value=value, field=field_of(label) or field_of(f"{before} {label}"))


def _may_go_on(line: Line) -> bool:
    """Whether the next line may be part of its value: any other would take in what is not its."""
    return line.field is Field.RADIO_STATE or not line.value


def said(lines: Sequence[Line], field: Field) -> frozenset[str]:
    """The different things that are said of a field."""
    return frozenset(line.value for line in lines if line.field is field and line.value)


def one(lines: Sequence[Line], field: Field) -> str:
    """What is said of a field, ``""`` when nothing or not one thing."""
    values = said(lines, field)
    return next(iter(values)) if len(values) == 1 else ""


def place_of(lines: Sequence[Line], field: Field) -> int | None:
    """Where a field is first told."""
    return next((i for i, line in enumerate(lines) if line.field is field), None)


def bssid_of(lines: Sequence[Line]) -> str:
    """The access point's address: by its label, else the first address after the SSID."""
    labelled = {facts.mac_of(value) for value in said(lines, Field.BSSID)} - {""}
    if labelled:
        return labelled.pop() if len(labelled) == 1 else ""
    start = place_of(lines, Field.SSID)
    rest = lines[start + 1 :] if start is not None else ()
    macs = (facts.mac_of(line.value) for line in rest if line.field is None)
    return next((mac for mac in macs if mac), "")


def band_of(lines: Sequence[Line]) -> str:
    """The band as ``2.4``, ``5`` or ``6``."""
    place = band_place(lines)
    found = _BAND.fullmatch(plain(lines[place].value)) if place is not None else None
    return _BANDS.get(found[1], "") if found else ""


def band_place(lines: Sequence[Line]) -> int | None:
    """Where the band is told."""
    return _only_place(lines, Field.BAND, _BAND)


def radio_place(lines: Sequence[Line]) -> int | None:
    """Where the kind of the radio is told, ``802.11ax``; its label means nothing here."""
    places = [i for i, line in enumerate(lines) if _RADIO.fullmatch(plain(line.value))]
    named = {Field.SSID, Field.NAME, Field.LIST_NAME}
    return next((i for i in places if lines[i].field not in named), None)


def percent_of(lines: Sequence[Line]) -> int | None:
    """The signal in percent."""
    place = signal_place(lines)
    found = _PERCENT.fullmatch(plain(lines[place].value)) if place is not None else None
    return facts.plausible_percent(int(found[1])) if found else None


def signal_place(lines: Sequence[Line]) -> int | None:
    """Where the signal is told."""
    return _only_place(lines, Field.SIGNAL, _PERCENT)


def _only_place(lines: Sequence[Line], field: Field, shape: re.Pattern[str]) -> int | None:
    """Where a field is told: by its label, else the one unknown label whose value has its shape."""
    labelled = {i: line.value for i, line in enumerate(lines) if line.field is field}
    if labelled:
        return min(labelled) if len(set(labelled.values())) == 1 else None
    shaped = [
        i
        for i, line in enumerate(lines)
        if line.field is None and shape.fullmatch(plain(line.value))
    ]
    return shaped[0] if len(shaped) == 1 else None


def power_of(lines: Sequence[Line]) -> float | None:
    """The ``Rssi`` of Windows 11, in dBm."""
    value = one(lines, Field.RSSI).replace("−", "-")
    return facts.plausible_dbm(float(value)) if _POWER.fullmatch(value) else None


def channel_number(value: str) -> int | None:
    """A channel's number as it is written."""
    return int(value) if _WHOLE.fullmatch(value) else None


def rates_of(lines: Sequence[Line]) -> tuple[float | None, float | None]:
    """Received and sent, in Mbit/s; unknown labels come in this order, with a unit."""
    rx, tx = one(lines, Field.RECEIVE), one(lines, Field.TRANSMIT)
    if not said(lines, Field.RECEIVE) and not said(lines, Field.TRANSMIT):
        unnamed = [line.value for line in lines if line.field is None and _has_unit(line.label)]
        pair = 2
        rx, tx = unnamed if len(unnamed) == pair else ("", "")
    return _rate(rx), _rate(tx)


def _has_unit(label: str) -> bool:
    return re.search(r"\(m\w*[/ ]?\w*\)", plain(label)) is not None


def _rate(value: str) -> float | None:
    found = _RATE.fullmatch(plain(value))
    return facts.plausible_rate(float(found[1].replace(",", "."))) if found else None
