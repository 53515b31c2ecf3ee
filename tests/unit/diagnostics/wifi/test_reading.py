"""Which tool is asked on which system, and what becomes of several answers."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import wifi_samples as samples
import wlan_memory as memory
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.tools import LIMIT_S, ToolError
from fieldtech.diagnostics.wifi import reading, wlanapi
from fieldtech.diagnostics.wifi.facts import OverlapKind, Refusal, Security, WifiLink
from fieldtech.diagnostics.wifi.wlanapi import WlanSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GUID = bytes(range(1, 17))
WLAN0 = "/sys/class/net/wlan0"


@dataclass(kw_only=True)
class Machine:
    """A machine with recorded answers: by command (as one line), by file, by folder."""

    platform: str
    says: dict[str, str | bytes | ToolError] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    library: memory.Library | None = None
    card: object | None = None
    asked: list[str] = field(default_factory=list)

    def run(self, command: Sequence[str], limit_s: float = LIMIT_S) -> bytes:
        line = " ".join(command)
        self.asked.append(line)
        assert limit_s <= 10
        answer = self.says.get(line, ToolError(command[0], "missing"))
        if isinstance(answer, ToolError):
            raise answer
        return answer if isinstance(answer, bytes) else answer.encode()

    def text(self, path: str) -> str:
        return self.files.get(path, "")

    def names(self, folder: str) -> tuple[str, ...]:
        return self.folders.get(folder, ())

    def wlan(self) -> AbstractContextManager[WlanSource]:
        if self.library is None:
            raise wlanapi.WlanError("wlanapi.dll", wlanapi.NOT_SUPPORTED)
        return wlanapi.Session(self.library.wlan, self.library.ip_helper)

    def is_radio(self, interface: str) -> bool:
        library = self.library or memory.Library(GUID, {})
        try:
            return wlanapi.has_radio_type(library.ip_helper, interface)
        except wlanapi.WlanError:
            return False

    def corewlan(self, interface: str) -> object | None:
        return self.card if interface == "en0" else None


NMCLI = (
    "nmcli -t -e yes -f IN-USE,BSSID,SSID,CHAN,FREQ,RATE,SIGNAL,SECURITY,DEVICE "
    "dev wifi list ifname wlan0 --rescan no"
)
IW = {
    "iw dev wlan0 link": samples.IW_LINK,
    "iw dev wlan0 station dump": samples.IW_STATION,
    "iw dev wlan0 survey dump": samples.IW_SURVEY,
}
LINUX_LINK = WifiLink(
    interface="wlan0",
    connected=True,
    ssid="café : bar",
    bssid="02:00:00:00:01:01",
    channel=36,
    band="5",
    rssi_dbm=-60.0,
    noise_dbm=-95.0,
    signal_percent=64,
    security=Security.WPA2,
    authentication="WPA2 WPA3",
    rx_mbps=585.1,
    tx_mbps=650.0,
    estimated=False,
)


def linux(says: Mapping[str, str | bytes | ToolError] | None = None, **files: str) -> Machine:
    return Machine(
        platform="linux",
        says={NMCLI: samples.NMCLI, **IW} if says is None else dict(says),
        folders={WLAN0: ("phy80211", "statistics"), f"{WLAN0}/phy80211": ("name", "rfkill0")},
        files={f"{WLAN0}/phy80211/rfkill0/{name}": value for name, value in files.items()},
    )


def test_linux_puts_both_tools_together() -> None:
    found = reading.read_wifi("wlan0", tools=linux(soft="0\n", hard="0\n"))
    assert found.link == LINUX_LINK
    assert (found.source, found.refused, found.scanned) == ("nmcli+iw", Refusal.NONE, True)
    assert [each.bssid[-2:] for each in found.neighbours] == ["02", "03", "04"]
    assert found.overlap.kind is OverlapKind.SAME_CHANNEL
    assert samples.IW_LINK in found.raw
    assert samples.NMCLI in found.raw


def test_linux_that_lists_the_own_access_point_alone_has_not_scanned() -> None:
    own = samples.NMCLI.splitlines(keepends=True)[1]
    found = reading.read_wifi("wlan0", tools=linux({NMCLI: own, **IW}))
    assert (found.link, found.neighbours) == (LINUX_LINK, ())
    assert (found.scanned, found.overlap) == (False, None)


def test_linux_without_iw_estimates() -> None:
    found = reading.read_wifi("wlan0", tools=linux({NMCLI: samples.NMCLI}))
    assert (found.source, found.link.rssi_dbm, found.link.estimated) == ("nmcli", -61.6, True)
    assert (found.link.noise_dbm, found.link.security) == (None, Security.WPA2)


def test_linux_without_networkmanager_knows_no_security() -> None:
    found = reading.read_wifi("wlan0", tools=linux(IW))
    assert (found.source, found.link.rssi_dbm, found.link.snr_db) == ("iw", -60.0, 35.0)
    assert (found.link.security, found.link.estimated) == (Security.UNKNOWN, False)
    assert (found.neighbours, found.scanned, found.overlap) == ((), False, None)


def test_linux_finds_iw_where_debian_keeps_it() -> None:
    machine = linux({f"/usr/sbin/{line}": answer for line, answer in IW.items()})
    assert reading.read_wifi("wlan0", tools=machine).link.rssi_dbm == -60.0


def test_linux_that_roamed_between_the_two_answers() -> None:
    moved = {line: text.replace("01:01", "01:02") for line, text in IW.items()}
    found = reading.read_wifi("wlan0", tools=linux({NMCLI: samples.NMCLI, **moved}))
    assert (found.link.bssid[-2:], found.link.security) == ("02", Security.WPA1)
    assert (found.link.rssi_dbm, found.link.signal_percent) == (-60.0, 50)
    stranger = {line: text.replace("01:01", "01:ff") for line, text in IW.items()}
    found = reading.read_wifi("wlan0", tools=linux({NMCLI: samples.NMCLI, **stranger}))
    assert (found.link.connected, found.link.security) == (True, Security.UNKNOWN)


def test_linux_of_another_station_takes_the_last_frame() -> None:
    says = {**IW, "iw dev wlan0 station dump": samples.IW_STATION.replace("01:01", "01:02")}
    assert reading.read_wifi("wlan0", tools=linux(says)).link.rssi_dbm == -61.0


def test_linux_not_connected() -> None:
    says = {NMCLI: samples.NMCLI, "iw dev wlan0 link": "Not connected.\n"}
    found = reading.read_wifi("wlan0", tools=linux(says))
    assert found.link == WifiLink(interface="wlan0", connected=False)
    assert found.overlap is None


def test_linux_where_nothing_answers() -> None:
    slow = ToolError("nmcli", "slow")
    found = reading.read_wifi("wlan0", tools=linux({NMCLI: slow}))
    assert found.link == WifiLink(interface="wlan0")
    assert (found.source, found.refused) == ("", Refusal.NONE)
    assert "nmcli: slow" in found.raw
    assert "iw: missing" in found.raw


@pytest.mark.parametrize("kind", ["soft", "hard"])
def test_linux_blocked_by_rfkill(kind: str) -> None:
    files = {"soft": "0\n", "hard": "0\n"} | {kind: "1\n"}
    machine = linux(None, **files)
    found = reading.read_wifi("wlan0", tools=machine)
    assert (found.refused, found.link.connected, machine.asked) == (Refusal.OFF, False, [])


def test_linux_asks_nothing_of_a_wire() -> None:
    machine = linux()
    assert reading.read_wifi("eth0", tools=machine).refused == Refusal.ABSENT
    assert machine.asked == []
    assert reading.is_wireless("wlan0", tools=machine)
    assert not reading.is_wireless("eth0", tools=machine)


@pytest.mark.parametrize("name", ["", "-h", "--rescan", "../wlan0", "a/b", "a\0b", "."])
@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_what_is_no_name_is_asked_of_nobody(name: str, platform: str) -> None:
    machine = Machine(platform=platform)
    assert reading.read_wifi(name, tools=machine).refused == Refusal.ABSENT
    assert not reading.is_wireless(name, tools=machine)
    assert machine.asked == []


NETSH: dict[str, str | bytes | ToolError] = {
    "netsh wlan show interfaces": samples.WINDOWS_10_ES.encode("cp850"),
    "netsh wlan show networks mode=bssid": samples.NETWORKS_ES.encode("cp850"),
}


def windows(answers: dict[str | int, bytes | int] | None = None) -> Machine:
    library = None if answers is None else memory.Library(GUID, answers)
    return Machine(platform="win32", says=NETSH, library=library)


def test_windows_asks_wlanapi_first() -> None:
    machine = windows({"interfaces": memory.infos((GUID, "Intel", 4))})
    found = reading.read_wifi("Wi-Fi", tools=machine)
    assert (found.source, found.link.connected, machine.asked) == ("wlanapi", False, [])
    assert reading.is_wireless("Wi-Fi", tools=machine)


def test_windows_falls_back_on_netsh() -> None:
    machine = windows()
    found = reading.read_wifi("Wi-Fi", tools=machine)
    assert (found.source, found.link.ssid, found.link.security) == (
        "netsh",
        "Casa García",
        Security.WPA2,
    )
    assert (found.link.rssi_dbm, found.link.estimated) == (-66.0, True)
    assert len(found.neighbours) == 4
    assert reading.is_wireless("Wi-Fi", tools=machine)
    assert not reading.is_wireless("Ethernet", tools=machine)


def test_windows_falls_back_for_a_name_that_wlanapi_does_not_know() -> None:
    machine = windows({"interfaces": memory.infos((GUID, "Intel", 1))})
    found = reading.read_wifi("Ethernet", tools=machine)
    assert (found.source, found.refused) == ("netsh", Refusal.ABSENT)


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        (wlanapi.ACCESS_DENIED, Refusal.LOCATION),
        (wlanapi.SERVICE_NOT_ACTIVE, Refusal.OFF),
    ],
)
def test_windows_refusals_that_netsh_would_repeat(code: int, refused: Refusal) -> None:
    machine = windows({"open": code})
    found = reading.read_wifi("Wi-Fi", tools=machine)
    assert (found.link, found.refused, machine.asked) == (None, refused, [])


@pytest.mark.parametrize("code", [wlanapi.ACCESS_DENIED, wlanapi.SERVICE_NOT_ACTIVE])
@pytest.mark.parametrize("name", ["Ethernet 2", "a name it does not know"])
def test_what_stands_in_the_way_of_wifi_makes_no_radio_of_a_cable(code: int, name: str) -> None:
    found = reading.read_wifi(name, tools=windows({"open": code}))
    assert (found.link, found.refused) == (None, Refusal.ABSENT)


def test_neither_does_netsh_without_its_service() -> None:
    machine = Machine(platform="win32")
    machine.says["netsh wlan show interfaces"] = "El servicio (wlansvc) no se está ejecutando."
    assert reading.read_wifi("Ethernet 2", tools=machine).refused == Refusal.ABSENT
    assert reading.read_wifi("Wi-Fi", tools=machine).refused == Refusal.OFF


def test_windows_where_nothing_answers() -> None:
    machine = Machine(platform="win32")
    found = reading.read_wifi("Wi-Fi", tools=machine)
    assert (found.link, found.refused) == (None, Refusal.NONE)
    assert found.raw == "netsh: missing\nnetsh: missing"


PROFILER = "system_profiler SPAirPortDataType -json"


def macos(name: str = "Casa", card: object | None = None, **more: str) -> Machine:
    current = {
        "_name": name,
        "spairport_network_channel": "36 (5GHz, 80MHz)",
        "spairport_security_mode": "spairport_security_mode_wpa2_personal",
        "spairport_signal_noise": "-58 dBm / -94 dBm",
        "spairport_network_rate": 400,
    }
    told = {
        "_name": "en0",
        "spairport_status_information": "spairport_status_connected",
        "spairport_current_network_information": current,
    } | more
    text = json.dumps({"SPAirPortDataType": [{"spairport_airport_interfaces": [told]}]})
    return Machine(platform="darwin", says={PROFILER: text}, card=card)


CARD = SimpleNamespace(
    ssid=lambda: None,
    bssid=lambda: None,
    rssiValue=lambda: -61,
    noiseMeasurement=lambda: -92,
    transmitRate=lambda: 866.0,
    security=lambda: 4,
    powerOn=lambda: True,
)


def test_macos_without_corewlan() -> None:
    found = reading.read_wifi("en0", tools=macos())
    assert (found.source, found.link.rssi_dbm, found.link.noise_dbm) == (
        "system_profiler",
        -58.0,
        -94.0,
    )
    assert reading.is_wireless("en0", tools=macos())
    assert not reading.is_wireless("en1", tools=macos())


def test_macos_takes_the_powers_of_this_moment() -> None:
    found = reading.read_wifi("en0", tools=macos(card=CARD))
    assert found.source == "system_profiler+CoreWLAN"
    assert (found.link.rssi_dbm, found.link.noise_dbm, found.link.tx_mbps) == (-61.0, -92.0, 866.0)
    assert (found.link.ssid, found.link.security) == ("Casa", Security.WPA2)
    assert found.link.connected is True


def test_macos_with_hidden_names() -> None:
    found = reading.read_wifi("en0", tools=macos("<redacted>", CARD))
    assert (found.refused, found.link.ssid, found.link.rssi_dbm) == (Refusal.LOCATION, "", -61.0)


def test_macos_switched_off() -> None:
    machine = macos(card=CARD, spairport_status_information="spairport_status_off")
    found = reading.read_wifi("en0", tools=machine)
    assert (found.refused, found.link.connected) == (Refusal.OFF, False)


def test_macos_where_the_profiler_does_not_answer() -> None:
    machine = Machine(platform="darwin", says={PROFILER: ToolError("system_profiler", "slow")})
    found = reading.read_wifi("en0", tools=machine)
    assert (found.link, found.refused, found.raw) == (None, Refusal.NONE, "system_profiler: slow")
    machine.card = CARD
    found = reading.read_wifi("en0", tools=machine)
    assert (found.link.connected, found.link.rssi_dbm) == (True, -61.0)
    assert found.refused == Refusal.LOCATION


def test_the_tools_of_this_machine_stop_when_they_are_told_to() -> None:
    cancel = Event()
    cancel.set()
    tools = reading.SystemTools(cancel)
    with pytest.raises(ToolError):
        tools.run(["sleep", "30"])
    assert tools.text("/no/such/file") == ""
    assert tools.names("/no/such/folder") == ()


def test_an_interface_that_this_machine_does_not_have() -> None:
    found = reading.read_wifi("no-such-interface")
    assert found.link is None
    assert not reading.is_wireless("no-such-interface")


@given(
    st.sampled_from(["linux", "win32", "darwin"]),
    st.dictionaries(st.sampled_from([NMCLI, PROFILER, *IW, *NETSH]), st.binary()),
)
def test_whatever_is_answered_nothing_is_raised(
    platform: str, says: dict[str, str | bytes | ToolError]
) -> None:
    machine = linux(says)
    machine.platform = platform
    found = reading.read_wifi("wlan0", tools=machine)
    assert found.link is None or found.link.security not in {Security.WPA2, Security.WPA3}
