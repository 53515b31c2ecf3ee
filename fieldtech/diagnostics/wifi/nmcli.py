"""``nmcli -t ... dev wifi list``: what NetworkManager heard, in its terse form.

Cells are parted by colons; a colon or a backslash inside a cell has a backslash before it. A row
that has not a cell for every field is no row, so comments and broken lines fall out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.diagnostics.wifi import facts
from fieldtech.diagnostics.wifi.facts import Neighbour, Security, WifiLink

if TYPE_CHECKING:
    from collections.abc import Sequence

FIELDS = ("IN-USE", "BSSID", "SSID", "CHAN", "FREQ", "RATE", "SIGNAL", "SECURITY", "DEVICE")
"""What the reader asks for."""
DEFAULT_FIELDS = (
    *("IN-USE", "BSSID", "SSID", "MODE", "CHAN", "RATE", "SIGNAL", "BARS", "SECURITY"),
)
"""What ``nmcli -t dev wifi list`` prints when it is not told otherwise."""

_IN_USE = {"*": True, " ": False, "": False}
_NOTHING = frozenset({"", "--"})
_NAMES = {
    "WPA": Security.WPA1,
    "WPA1": Security.WPA1,
    "WPA2": Security.WPA2,
    "WPA3": Security.WPA3,
    "WEP": Security.WEP,
    "OWE": Security.OWE,
    # The open half of a pair: its other half is OWE, this one is not encrypted.
    "OWE-TM": Security.OPEN,
}
_ENTERPRISE = "802.1X"
_NUMBER = re.compile(r"\s*([0-9]{1,6})(?:\s*M[A-Za-z/]{1,8})?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One access point of the list; ``device`` is ``""`` where the output does not tell it."""

    in_use: bool
    device: str
    percent: int | None
    security_text: str
    seen: Neighbour


def command(interface: str) -> tuple[str, ...]:
    """List what is known already; a scan of its own would disturb the measurements beside it."""
    wanted = ",".join(FIELDS)
    listing = ("dev", "wifi", "list", "ifname", interface, "--rescan", "no")
    return ("nmcli", "-t", "-e", "yes", "-f", wanted, *listing)


def parse_list(text: str, fields: Sequence[str] = FIELDS) -> tuple[Row, ...]:
    """Every row of the list that can be read; ``fields`` are its columns."""
    rows = (_row(dict(zip(fields, cells, strict=True))) for cells in _cells(text, len(fields)))
    return tuple(row for row in rows if row)


def link_of(rows: Sequence[Row], interface: str) -> WifiLink | None:
    """The connection of an interface; ``None`` when no row, or more than one, is in use."""
    own = [row for row in rows if row.device in {"", interface}]
    used = [row for row in own if row.in_use]
    if len(used) != 1:
        return None
    row = used[0]
    return WifiLink(
        interface=interface,
        connected=True,
        ssid=row.seen.ssid,
        bssid=row.seen.bssid,
        channel=row.seen.channel,
        band=row.seen.band,
        rssi_dbm=row.seen.rssi_dbm,
        signal_percent=row.percent,
        security=row.seen.security,
        authentication=row.security_text,
        estimated=row.seen.rssi_dbm is not None,
    )


def security_of(text: str) -> Security:
    """The security that NetworkManager's words name; a word it does not have makes it unknown."""
    if text.strip() in _NOTHING:
        return Security.OPEN
    words = [word for word in text.split() if word != _ENTERPRISE]
    return facts.weakest(_NAMES.get(word, Security.UNKNOWN) for word in words)


def dbm_of_percent(percent: int | None) -> float | None:
    """A power from NetworkManager's percent: 0 is -100 dBm, 100 is -40.

    The reverse of its ``nm_wifi_utils_level_to_quality``; Windows' own scale is another.
    """
    return None if percent is None else round(-100 + 0.6 * percent, 1)


def _row(cells: dict[str, str]) -> Row | None:
    bssid = facts.mac_of(cells.get("BSSID", ""))
    used = _IN_USE.get(cells.get("IN-USE", ""))
    if not bssid or used is None:
        return None
    percent = facts.plausible_percent(_number(cells.get("SIGNAL", "")))
    channel, band = _place(cells)
    words = cells.get("SECURITY")
    return Row(
        in_use=used,
        device=cells.get("DEVICE", ""),
        percent=percent,
        security_text=words or "",
        seen=Neighbour(
            ssid=cells.get("SSID", ""),
            bssid=bssid,
            channel=channel,
            band=band,
            rssi_dbm=dbm_of_percent(percent),
            security=Security.UNKNOWN if words is None else security_of(words),
        ),
    )


def _place(cells: dict[str, str]) -> tuple[int | None, str]:
    """By the frequency where it is told: a channel's number alone does not tell the band."""
    channel = _number(cells.get("CHAN", ""))
    frequency = _number(cells.get("FREQ", ""))
    if frequency is None:
        return facts.placed(channel)
    place = facts.channel_of_frequency(frequency)
    return place if place and place[0] == channel else (None, "")


def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def _cells(text: str, wanted: int) -> list[list[str]]:
    rows = ([_plain(cell) for cell in _parted(line)] for line in text.splitlines())
    return [cells for cells in rows if len(cells) == wanted]


def _parted(line: str) -> list[str]:
    """The cells with their escapes: a backslash takes the next character with it."""
    return re.findall(r"(?:^|:)((?:[^:\\]|\\.|\\$)*)", line)


def _plain(cell: str) -> str:
    return re.sub(r"\\([:\\])", r"\1", cell)
