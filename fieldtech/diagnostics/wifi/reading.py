"""Reading the WiFi of this machine: which of its system's tools is asked, and in what order.

Windows: WlanApi, then ``netsh``. Linux: ``nmcli`` for the neighbours and the security, ``iw`` for
the powers and the rates. macOS: ``system_profiler``, and CoreWLAN for the powers of this moment.
A tool that gives no answer takes nothing away from what the others say.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fieldtech.diagnostics.tools import LIMIT_S, ToolError, console_text, run_tool
from fieldtech.diagnostics.wifi import (
    corewlan,
    iw,
    netsh,
    nmcli,
    system_profiler,
    wlanapi,
)
from fieldtech.diagnostics.wifi.facts import Refusal, WifiLink, WifiReading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from threading import Event

    from fieldtech.diagnostics.wifi.iw import IwLink, IwStation
    from fieldtech.diagnostics.wifi.nmcli import Row
    from fieldtech.diagnostics.wifi.wlanapi import WlanSource

LINUX_INTERFACES = "/sys/class/net"
_BLOCKED = "1"
_IW_COMMANDS = (("link",), ("station", "dump"), ("survey", "dump"))
_IW_ELSEWHERE = "/usr/sbin/iw"
_NAME = re.compile(r"[^-/\0.][^/\0]*")
"""What can be an interface's name; never an option of a command, nor a way out of a folder."""


class Tools(Protocol):
    """The system, as far as a reading asks it."""

    @property
    def platform(self) -> str:
        """As in ``sys.platform``."""

    def run(self, command: Sequence[str], limit_s: float = LIMIT_S) -> bytes:
        """What a command prints; raises ``ToolError`` without output."""

    def text(self, path: str) -> str:
        """A small file's text, ``""`` when there is none."""

    def names(self, folder: str) -> tuple[str, ...]:
        """The names in a folder, none when there is no such folder."""

    def wlan(self) -> AbstractContextManager[WlanSource]:
        """A session with WlanApi; raises ``WlanError``."""

    def is_radio(self, interface: str) -> bool:
        """Whether Windows has the interface down as wireless, also without its WLAN service."""

    def corewlan(self, interface: str) -> object | None:
        """The ``CWInterface`` of that name, where there is CoreWLAN."""


class SystemTools:
    """The tools of the machine this runs on; a command ends when ``cancel`` is set."""

    platform = sys.platform

    def __init__(self, cancel: Event | None = None) -> None:
        self._cancel = cancel

    def run(self, command: Sequence[str], limit_s: float = LIMIT_S) -> bytes:
        """See ``tools.run_tool``."""
        return run_tool(command, limit_s=limit_s, cancel=self._cancel)

    def text(self, path: str) -> str:
        """Files of ``/sys`` are short; one that cannot be read says nothing."""
        try:
            return Path(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def names(self, folder: str) -> tuple[str, ...]:
        """In alphabetical order."""
        try:
            return tuple(sorted(each.name for each in Path(folder).iterdir()))
        except OSError:
            return ()

    def wlan(self) -> AbstractContextManager[WlanSource]:
        """See ``wlanapi.open_session``."""
        return wlanapi.open_session()

    def is_radio(self, interface: str) -> bool:
        """See ``wlanapi.is_radio``."""
        return wlanapi.is_radio(interface)

    def corewlan(self, interface: str) -> object | None:
        """See ``corewlan.find``."""
        return corewlan.find(interface)


def read_wifi(
    interface: str, cancel: Event | None = None, *, tools: Tools | None = None
) -> WifiReading:
    """Look once at the WiFi of an interface, by the name that psutil gives it; never raises.

    Nothing is scanned: the neighbours are those the system has heard by itself.
    """
    asked = tools or SystemTools(cancel)
    if not _NAME.fullmatch(interface):
        return WifiReading(source="", refused=Refusal.ABSENT)
    if asked.platform == "win32":
        return _read_windows(asked, interface)
    if asked.platform == "darwin":
        return _read_macos(asked, interface)
    return _read_linux(asked, interface)


def is_wireless(interface: str, *, tools: Tools | None = None) -> bool:
    """Whether this is a WiFi interface, as far as the system tells."""
    asked = tools or SystemTools()
    if not _NAME.fullmatch(interface):
        return False
    if asked.platform == "win32":
        return _is_wireless_windows(asked, interface)
    if asked.platform == "darwin":
        said = _said(asked, system_profiler.COMMAND, system_profiler.LIMIT_S)
        return interface in system_profiler.interfaces_of(said.text)
    return _is_wireless_linux(asked, interface)


class _Said:
    """What a command printed, or why it printed nothing."""

    def __init__(self, text: str, problem: str = "", *, missing: bool = False) -> None:
        self.text = text
        self.problem = problem
        self.missing = missing


def _said(tools: Tools, command: Sequence[str], limit_s: float = LIMIT_S) -> _Said:
    try:
        return _Said(console_text(tools.run(command, limit_s)))
    except ToolError as error:
        return _Said("", f"{error}", missing=error.reason == "missing")


def _raw(said: Sequence[_Said]) -> str:
    return "\n".join(each.text or each.problem for each in said)


def _read_windows(tools: Tools, interface: str) -> WifiReading:
    found = _told_by_windows(tools, interface)
    # A service that is stopped, or that may tell nothing, says so of a cable's interface as well.
    if found.link is None and found.refused and not tools.is_radio(interface):
        return replace(found, refused=Refusal.ABSENT)
    return found


def _told_by_windows(tools: Tools, interface: str) -> WifiReading:
    try:
        with tools.wlan() as source:
            return wlanapi.read(source, interface)
    except wlanapi.WlanError as error:
        known = {
            wlanapi.ACCESS_DENIED: Refusal.LOCATION,
            wlanapi.SERVICE_NOT_ACTIVE: Refusal.OFF,
        }
        if error.code in known:
            return WifiReading(source=wlanapi.SOURCE, raw=f"{error}", refused=known[error.code])
        return _read_netsh(tools, interface)


def _read_netsh(tools: Tools, interface: str) -> WifiReading:
    interfaces, networks = _said(tools, netsh.INTERFACES), _said(tools, netsh.NETWORKS)
    reading = netsh.read(interfaces.text, networks.text, interface)
    return replace(reading, raw=_raw([interfaces, networks]))


def _is_wireless_windows(tools: Tools, interface: str) -> bool:
    try:
        with tools.wlan() as source:
            return wlanapi.is_wireless(source, interface)
    except wlanapi.WlanError:
        said = _said(tools, netsh.INTERFACES)
        return netsh.read(said.text, "", interface).link is not None


def _read_macos(tools: Tools, interface: str) -> WifiReading:
    said = _said(tools, system_profiler.COMMAND, system_profiler.LIMIT_S)
    reading = replace(system_profiler.parse(said.text, interface), raw=_raw([said]))
    found = tools.corewlan(interface)
    if found is None or reading.refused in {Refusal.OFF, Refusal.ABSENT}:
        return reading
    now = corewlan.link_of(found, interface)
    return replace(
        reading,
        link=_with_now(reading.link, now) if reading.link else now,
        source=f"{reading.source}+{corewlan.SOURCE}",
        raw=f"{reading.raw}\n{now}",
        refused=reading.refused or _hidden(now),
    )


def _hidden(link: WifiLink) -> Refusal:
    return Refusal.LOCATION if link.connected and not link.ssid else Refusal.NONE


def _with_now(link: WifiLink, now: WifiLink) -> WifiLink:
    """The profile's link with CoreWLAN's powers, which it has just measured, and its names."""
    return replace(
        link,
        connected=now.connected if link.connected is None else link.connected,
        ssid=link.ssid or now.ssid,
        bssid=link.bssid or now.bssid,
        rssi_dbm=link.rssi_dbm if now.rssi_dbm is None else now.rssi_dbm,
        noise_dbm=link.noise_dbm if now.noise_dbm is None else now.noise_dbm,
        tx_mbps=link.tx_mbps if now.tx_mbps is None else now.tx_mbps,
    )


def _is_wireless_linux(tools: Tools, interface: str) -> bool:
    return bool({"wireless", "phy80211"} & set(tools.names(f"{LINUX_INTERFACES}/{interface}")))


def _is_blocked(tools: Tools, interface: str) -> bool:
    """Whether rfkill holds the radio, by its switch or by software."""
    radio = f"{LINUX_INTERFACES}/{interface}/phy80211"
    switches = [name for name in tools.names(radio) if name.startswith("rfkill")]
    return any(
        tools.text(f"{radio}/{switch}/{kind}").strip() == _BLOCKED
        for switch in switches
        for kind in ("soft", "hard")
    )


def _read_linux(tools: Tools, interface: str) -> WifiReading:
    if not _is_wireless_linux(tools, interface):
        return WifiReading(source="sysfs", refused=Refusal.ABSENT)
    if _is_blocked(tools, interface):
        link = WifiLink(interface=interface, connected=False)
        return WifiReading(link=link, source="sysfs", raw="rfkill", refused=Refusal.OFF)
    listed = _said(tools, nmcli.command(interface))
    told = [_iw(tools, interface, what) for what in _IW_COMMANDS]
    rows = nmcli.parse_list(listed.text)
    link = _linux_link(interface, rows, [each.text for each in told])
    heard = tuple(row.seen for row in rows if row.device in {"", interface})
    sources = ["nmcli"] * bool(listed.text) + ["iw"] * any(each.text for each in told)
    return WifiReading(
        link=link,
        neighbours=tuple(each for each in heard if not link.bssid or each.bssid != link.bssid),
        source="+".join(sources),
        raw=_raw([listed, *told]),
        scanned=any(each.bssid != link.bssid for each in heard),
    )


def _iw(tools: Tools, interface: str, what: Sequence[str]) -> _Said:
    """Debian keeps ``iw`` where the path of a user does not lead."""
    said = _said(tools, ("iw", "dev", interface, *what))
    return _said(tools, (_IW_ELSEWHERE, "dev", interface, *what)) if said.missing else said


def _linux_link(interface: str, rows: Sequence[Row], told: Sequence[str]) -> WifiLink:
    """The kernel's link; what it does not tell, from NetworkManager's row of the same BSSID."""
    kernel, station, noise = iw.parse_link(told[0]), iw.parse_stations(told[1]), told[2]
    used = nmcli.link_of(rows, interface)
    if kernel.connected is not True:
        return used if used and kernel.connected is None else _unconnected(interface, kernel)
    row = next((each for each in rows if each.seen.bssid == kernel.bssid), None)
    link = _of_row(interface, row) if row else WifiLink(interface=interface)
    measured = _measured(kernel, station)
    return replace(
        link,
        connected=True,
        ssid=kernel.ssid or link.ssid,
        bssid=kernel.bssid,
        channel=link.channel if kernel.channel is None else kernel.channel,
        band=link.band if kernel.channel is None else kernel.band,
        rssi_dbm=link.rssi_dbm if measured is None else measured,
        noise_dbm=iw.parse_survey(noise),
        rx_mbps=kernel.rx_mbps or station.rx_mbps,
        tx_mbps=kernel.tx_mbps or station.tx_mbps,
        estimated=measured is None and link.estimated,
    )


def _unconnected(interface: str, kernel: IwLink) -> WifiLink:
    return WifiLink(interface=interface, connected=kernel.connected)


def _of_row(interface: str, row: Row) -> WifiLink:
    only = replace(row, in_use=True, device=interface)
    return nmcli.link_of([only], interface) or WifiLink(interface=interface)


def _measured(kernel: IwLink, station: IwStation) -> float | None:
    """The average over the last frames, of the access point of this link, else the last frame's."""
    same = station.bssid and station.bssid == kernel.bssid
    return station.rssi_dbm if same and station.rssi_dbm is not None else kernel.rssi_dbm
