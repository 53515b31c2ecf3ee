"""``netsh wlan show interfaces`` and ``netsh wlan show networks mode=bssid``, in any language.

The fallback on Windows, for where WlanApi gives no answer. What is not understood stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fieldtech.diagnostics.tools import plain
from fieldtech.diagnostics.wifi import facts, netsh_lines, netsh_words, security
from fieldtech.diagnostics.wifi.facts import Neighbour, Refusal, Security, WifiLink, WifiReading
from fieldtech.diagnostics.wifi.netsh_lines import Line
from fieldtech.diagnostics.wifi.netsh_words import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = "netsh"
INTERFACES = ("netsh", "wlan", "show", "interfaces")
NETWORKS = ("netsh", "wlan", "show", "networks", "mode=bssid")
_HEADER_LINES = 3
"""Kind of network, authentication and encryption: what stands between an SSID and its BSSIDs."""
_DENIED = re.compile(r"\bwlan[a-z]{4,40}\b[^0-9\n]{1,60}\b5\b", re.IGNORECASE)
_LOCATION = (
    "ms-settings:privacy-location",
    "need location permission",
    "permiso de ubicacion",
    "permisos de ubicacion",
)
_NO_INTERFACE = (
    "no wireless interface",
    "ninguna interfaz inalambrica",
    "keine drahtlosschnittstelle",
    "aucune interface sans fil",
    "nenhuma interface sem fio",
    "nao ha interface sem fio",
    "nessuna interfaccia wireless",
    "non sono presenti interfacce wireless",
)
_SERVICE = "wlansvc"


def read(interfaces: str, networks: str, interface: str) -> WifiReading:
    """What the two outputs say of one interface, by the name that Windows shows."""
    blocks = _blocks(netsh_lines.lines_of(interfaces))
    chosen = _chosen(blocks, interface)
    link = replace(_link(chosen), interface=interface) if chosen else None
    heard = parse_networks(networks, interface)
    raw = "\n".join(text for text in (interfaces, networks) if text)
    if link is None:
        refused = refusal_of(interfaces) or (Refusal.ABSENT if blocks else Refusal.NONE)
        return WifiReading(source=SOURCE, raw=raw, refused=refused)
    return WifiReading(
        link=_with_row(link, heard),
        neighbours=tuple(each for each in heard if not link.bssid or each.bssid != link.bssid),
        source=SOURCE,
        raw=raw,
        refused=_radio_refusal(chosen or ()) or _networks_refusal(networks),
        scanned=any(each.bssid != link.bssid for each in heard),
    )


def refusal_of(text: str) -> Refusal:
    """Why netsh tells nothing, as far as its words are understood."""
    words = plain(text)
    if any(each in words for each in _LOCATION) or _DENIED.search(text):
        return Refusal.LOCATION
    if _SERVICE in words:
        return Refusal.OFF
    return Refusal.ABSENT if any(each in words for each in _NO_INTERFACE) else Refusal.NONE


def _networks_refusal(text: str) -> Refusal:
    refused = refusal_of(text) if not netsh_lines.said(_numbered(text), Field.SSID) else None
    return Refusal.LOCATION if refused is Refusal.LOCATION else Refusal.NONE


def _numbered(text: str) -> list[Line]:
    return [line for line in netsh_lines.lines_of(text) if line.number]


def _radio_refusal(lines: Sequence[Line]) -> Refusal:
    words = plain(" ".join(netsh_lines.said(lines, Field.RADIO_STATE))).replace("/", " ").split()
    return Refusal.OFF if netsh_words.off_words() & set(words) else Refusal.NONE


def _with_row(link: WifiLink, heard: Sequence[Neighbour]) -> WifiLink:
    """The link with what its access point offers beside what was agreed: the weakest counts."""
    rows = [each.security for each in heard if link.bssid and each.bssid == link.bssid]
    offered = [kind for kind in rows if kind is not Security.UNKNOWN]
    return replace(link, security=facts.weakest([link.security, *offered]))


def parse_interfaces(text: str) -> tuple[WifiLink, ...]:
    """Every interface that ``show interfaces`` lists."""
    return tuple(_link(block) for block in _blocks(netsh_lines.lines_of(text)))


def _blocks(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """The lines of each interface: from its name on, which stands two lines before its GUID."""
    starts = {i for i, line in enumerate(lines) if line.field is Field.NAME}
    for guid in (i for i, line in enumerate(lines) if line.field is Field.GUID):
        if not starts & {guid - 1, guid - 2}:
            named = guid > 1 and lines[guid - 2].field is None and lines[guid - 2].value
            starts.add(guid - 2 if named else max(guid - 1, 0))
    if not starts:
        told = {line.field for line in lines} & {Field.SSID, Field.STATE}
        return [lines] if told else []
    ends = [*sorted(starts)[1:], len(lines)]
    return [lines[start:end] for start, end in zip(sorted(starts), ends, strict=True)]


def _name(block: Sequence[Line]) -> str:
    first = block[0]
    third = 2
    unnamed = first.field is None and netsh_lines.place_of(block, Field.GUID) == third
    return first.value if first.field is Field.NAME or unnamed else ""


def _chosen(blocks: Sequence[Sequence[Line]], wanted: str) -> Sequence[Line] | None:
    """The block of that name, in whatever spelling; a single one without a name will do."""
    names = netsh_words.spellings(wanted)
    for block in blocks:
        if plain(_name(block)) in names:
            return block
    single = len(blocks) == 1 and not _name(blocks[0])
    return blocks[0] if single else None


def _link(block: Sequence[Line]) -> WifiLink:
    place = netsh_lines.place_of(block, Field.SSID)
    after = block[place:] if place is not None else block
    percent, power = netsh_lines.percent_of(after), netsh_lines.power_of(after)
    authentication, cipher = _protection(after)
    bssid, ssid = netsh_lines.bssid_of(block), netsh_lines.one(block, Field.SSID)
    channel, band = facts.placed(_link_channel(after), netsh_lines.band_of(after))
    rx, tx = netsh_lines.rates_of(after)
    return WifiLink(
        interface=_name(block),
        connected=_connected(block, proven=bool(ssid and bssid and percent)),
        ssid=ssid,
        bssid=bssid,
        channel=channel,
        band=band,
        rssi_dbm=facts.dbm_of_percent(percent) if power is None else power,
        signal_percent=percent,
        security=_security(after, authentication, cipher),
        authentication=authentication,
        cipher=cipher,
        rx_mbps=rx,
        tx_mbps=tx,
        estimated=power is None and percent is not None,
    )


def _connected(block: Sequence[Line], *, proven: bool) -> bool | None:
    """What the state says; a state nobody understands leaves it to the proof."""
    values = netsh_lines.said(block, Field.STATE)
    if len(values) > 1:
        return None
    known = {netsh_words.states().get(plain(value)) for value in values} - {None}
    return known.pop() if known else (True if proven else None)


def _protection(lines: Sequence[Line]) -> tuple[str, str]:
    """Authentication and cipher: by their labels, else as the two lines after the radio's kind."""
    labelled = netsh_lines.said(lines, Field.AUTHENTICATION)
    cipher = netsh_lines.one(lines, Field.CIPHER)
    if labelled:
        return netsh_lines.one(lines, Field.AUTHENTICATION), cipher
    radio = netsh_lines.radio_place(lines)
    return _unnamed_pair(lines[radio + 1 : radio + 3]) if radio is not None else ("", cipher)


def _unnamed_pair(lines: Sequence[Line]) -> tuple[str, str]:
    """Two lines whose labels nobody knows, taken for what they are only if the cipher is one."""
    pair = 2
    if len(lines) != pair or lines[0].field is not None or not security.is_cipher(lines[1].value):
        return "", ""
    return lines[0].value, lines[1].value


def _security(lines: Sequence[Line], authentication: str, cipher: str) -> Security:
    if len(netsh_lines.said(lines, Field.AUTHENTICATION)) > 1:
        return Security.UNKNOWN
    words = netsh_words.open_words()
    kind = security.of_words(authentication, open_words=words, cipher=cipher)
    if kind is Security.UNKNOWN and not plain(cipher).startswith("wep"):
        return security.of_akm_text(netsh_lines.one(lines, Field.AKM))
    return kind


def _link_channel(lines: Sequence[Line]) -> int | None:
    """By its label, else the one whole number between the BSSID and the signal without a unit."""
    if netsh_lines.said(lines, Field.CHANNEL):
        return netsh_lines.channel_number(netsh_lines.one(lines, Field.CHANNEL))
    end = netsh_lines.signal_place(lines)
    unnamed = [
        number
        for line in lines[: end or 0]
        if line.field is None and "(" not in line.label and "qos" not in plain(line.label)
        for number in [netsh_lines.channel_number(line.value)]
        if number
    ]
    return unnamed[0] if len(unnamed) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Network:
    """An SSID's lines before its first BSSID, and the lines of each of its BSSIDs."""

    ssid: str
    interface: str
    header: list[Line] = field(default_factory=list)
    stations: list[list[Line]] = field(default_factory=list)

    @property
    def security(self) -> Security:
        authentication, cipher = _protection(self.header)
        if not netsh_lines.said(self.header, Field.AUTHENTICATION):
            whole = len(self.header) == _HEADER_LINES
            authentication, cipher = _unnamed_pair(self.header[1:]) if whole else ("", "")
        return _security(self.header, authentication, cipher)


def parse_networks(text: str, interface: str = "") -> tuple[Neighbour, ...]:
    """Every access point that was heard; by this interface alone, where the output tells them."""
    networks = _networks(netsh_lines.lines_of(text))
    names = netsh_words.spellings(interface)
    own = [each for each in networks if plain(each.interface) in names]
    return tuple(
        _neighbour(network, station) for network in own or networks for station in network.stations
    )


def _networks(lines: Sequence[Line]) -> list[_Network]:
    """Group the lines; what stands where it cannot belongs to a network whose name is lost."""
    found: list[_Network] = []
    interface = ""
    for line in lines:
        if line.field is Field.LIST_NAME:
            interface = line.value
        elif line.field is Field.SSID and line.number:
            found.append(_Network(ssid=line.value, interface=interface))
        elif not found:
            continue
        elif _starts_station(line):
            if _starts_over(found[-1], line):
                found.append(_Network(ssid="", interface=interface))
            found[-1].stations.append([line])
        elif found[-1].stations and line.field in {Field.AUTHENTICATION, Field.CIPHER}:
            found.append(_Network(ssid="", interface=interface, header=[line]))
        else:
            (found[-1].stations[-1] if found[-1].stations else found[-1].header).append(line)
    return found


def _starts_station(line: Line) -> bool:
    return line.field in {Field.BSSID, None} and bool(facts.mac_of(line.value))


def _starts_over(network: _Network, line: Line) -> bool:
    """Whether the numbers of the BSSIDs begin again, so that a line with an SSID was lost."""
    last = network.stations[-1][0].number if network.stations else 0
    return bool(line.number and last >= line.number)


def _neighbour(network: _Network, station: Sequence[Line]) -> Neighbour:
    power = netsh_lines.power_of(station)
    percent = netsh_lines.percent_of(station)
    channel, band = facts.placed(_station_channel(station), netsh_lines.band_of(station))
    return Neighbour(
        ssid=network.ssid,
        bssid=facts.mac_of(station[0].value),
        channel=channel,
        band=band,
        rssi_dbm=facts.dbm_of_percent(percent) if power is None else power,
        security=network.security,
    )


def _station_channel(lines: Sequence[Line]) -> int | None:
    """By its label, else the line after the band, else the one after the radio's kind."""
    if netsh_lines.said(lines, Field.CHANNEL):
        return netsh_lines.channel_number(netsh_lines.one(lines, Field.CHANNEL))
    place = netsh_lines.band_place(lines)
    place = netsh_lines.radio_place(lines) if place is None else place
    following = lines[place + 1 : place + 2] if place is not None else ()
    return next((netsh_lines.channel_number(o.value) for o in following if o.field is None), None)
