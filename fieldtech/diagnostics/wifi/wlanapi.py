"""WlanApi, the Native WiFi of Windows: a session with it, and a reading out of what it says.

Since Windows 11 24H2 the connection and the list of access points are refused with
ERROR_ACCESS_DENIED where apps may not know the location (Microsoft, "Changes to API behavior for
Wi-Fi access and location"); that there is an interface, and its state, is told all the same.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Final, Protocol, Self

from fieldtech.diagnostics.wifi import facts, wlan_structs
from fieldtech.diagnostics.wifi.facts import Refusal, Security, WifiLink, WifiReading

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from fieldtech.diagnostics.wifi.wlan_structs import WlanBss, WlanConnection

SOURCE: Final = "wlanapi"
RADIO_STATE, CURRENT_CONNECTION, CHANNEL_NUMBER, RSSI = 4, 7, 8, 0x10000102
"""WLAN_INTF_OPCODE."""
ACCESS_DENIED, INVALID_DATA, SERVICE_NOT_ACTIVE, NOT_SUPPORTED = 5, 13, 1062, 50
"""System error codes (winerror.h)."""
_CLIENT_VERSION, _ANY_BSS_TYPE = 2, 3
_GUID_SIZE, _LARGEST = 16, 1 << 24
_SYSTEM32_ONLY = 0x800
_TYPE_SHIFT, _TYPE_WLAN = 48, 71
"""Where a NET_LUID keeps the type of its interface, and IF_TYPE_IEEE80211 (ifdef.h, ipifcons.h)."""


class WlanError(Exception):
    """A function of Windows that refused; ``code`` is a system error code."""

    def __init__(self, function: str, code: int) -> None:
        super().__init__(f"{function}: error {code}")
        self.function = function
        self.code = code


class WlanSource(Protocol):
    """What a reading needs: bytes as WlanApi hands them out; every method raises ``WlanError``."""

    def guid_of(self, name: str) -> bytes:
        """The 16 bytes that identify the interface of this name."""

    def interfaces(self) -> bytes:
        """A WLAN_INTERFACE_INFO_LIST."""

    def query(self, guid: bytes, opcode: int) -> bytes:
        """What ``WlanQueryInterface`` gives for an opcode."""

    def bss_list(self, guid: bytes) -> bytes:
        """A WLAN_BSS_LIST."""


class Session:
    """An open handle of WlanApi; closed when the ``with`` ends."""

    def __init__(self, wlan: ctypes.CDLL, ip_helper: ctypes.CDLL) -> None:
        self._wlan = wlan
        self._ip_helper = ip_helper
        self._handle = ctypes.c_void_p()

    def __enter__(self) -> Self:
        agreed = ctypes.c_uint32()
        version = ctypes.c_uint32(_CLIENT_VERSION)
        handle = ctypes.byref(self._handle)
        _check(
            "WlanOpenHandle",
            self._wlan.WlanOpenHandle(version, None, ctypes.byref(agreed), handle),
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wlan.WlanCloseHandle(self._handle, None)

    def guid_of(self, name: str) -> bytes:
        """The interface's GUID, by way of its LUID (iphlpapi)."""
        luid, guid = _luid_of(self._ip_helper, name), ctypes.create_string_buffer(_GUID_SIZE)
        code = self._ip_helper.ConvertInterfaceLuidToGuid(ctypes.byref(luid), guid)
        _check("ConvertInterfaceLuidToGuid", code)
        return guid.raw

    def interfaces(self) -> bytes:
        """``WlanEnumInterfaces``."""
        block = ctypes.c_void_p()
        code = self._wlan.WlanEnumInterfaces(self._handle, None, ctypes.byref(block))
        _check("WlanEnumInterfaces", code)
        size = wlan_structs.INTERFACE_SIZE
        return self._taken(block, lambda: wlan_structs.HEAD_SIZE + _first_dword(block) * size)

    def query(self, guid: bytes, opcode: int) -> bytes:
        """``WlanQueryInterface``."""
        block, size = ctypes.c_void_p(), ctypes.c_uint32()
        code = self._wlan.WlanQueryInterface(
            self._handle,
            ctypes.create_string_buffer(guid, _GUID_SIZE),
            ctypes.c_int(opcode),
            None,
            ctypes.byref(size),
            ctypes.byref(block),
            None,
        )
        _check("WlanQueryInterface", code)
        return self._taken(block, lambda: size.value)

    def bss_list(self, guid: bytes) -> bytes:
        """``WlanGetNetworkBssList``: what was heard last, without a scan."""
        block = ctypes.c_void_p()
        code = self._wlan.WlanGetNetworkBssList(
            self._handle,
            ctypes.create_string_buffer(guid, _GUID_SIZE),
            None,
            ctypes.c_int(_ANY_BSS_TYPE),
            ctypes.c_int(0),
            None,
            ctypes.byref(block),
        )
        _check("WlanGetNetworkBssList", code)
        return self._taken(block, lambda: _first_dword(block))

    def _taken(self, block: ctypes.c_void_p, size: Callable[[], int]) -> bytes:
        """Copy a block of that many bytes, and give it back to Windows."""
        if not block.value:
            raise WlanError("WlanAllocateMemory", INVALID_DATA)
        try:
            return ctypes.string_at(block.value, min(size(), _LARGEST))
        finally:
            self._wlan.WlanFreeMemory(block)


def _luid_of(ip_helper: ctypes.CDLL, name: str) -> ctypes.c_uint64:
    luid = ctypes.c_uint64()
    code = ip_helper.ConvertInterfaceAliasToLuid(ctypes.c_wchar_p(name), ctypes.byref(luid))
    _check("ConvertInterfaceAliasToLuid", code)
    return luid


def has_radio_type(ip_helper: ctypes.CDLL, name: str) -> bool:
    """Whether Windows counts this interface as wireless, which it knows without the WLAN service.

    Raises ``WlanError`` for a name that it does not know.
    """
    return _luid_of(ip_helper, name).value >> _TYPE_SHIFT == _TYPE_WLAN


def is_radio(name: str) -> bool:
    """See ``has_radio_type``; nothing is one where there is no such function."""
    if sys.platform == "win32":
        try:
            return has_radio_type(ctypes.WinDLL("iphlpapi.dll", winmode=_SYSTEM32_ONLY), name)
        except (OSError, WlanError):
            return False
    return False


def _first_dword(block: ctypes.c_void_p) -> int:
    return int.from_bytes(ctypes.string_at(block.value or 0, 4), "little")


def _check(function: str, code: int) -> None:
    if code:
        raise WlanError(function, code)


def open_session() -> Session:
    """A session to enter with ``with``; raises ``WlanError`` where Windows has no WlanApi."""
    if sys.platform == "win32":
        try:
            wlan = ctypes.WinDLL("wlanapi.dll", winmode=_SYSTEM32_ONLY)
            ip_helper = ctypes.WinDLL("iphlpapi.dll", winmode=_SYSTEM32_ONLY)
        except OSError as error:
            raise WlanError("wlanapi.dll", NOT_SUPPORTED) from error
        return Session(wlan, ip_helper)
    raise WlanError("wlanapi.dll", NOT_SUPPORTED)


def is_wireless(source: WlanSource, interface: str) -> bool:
    """Whether WlanApi lists this interface; raises ``WlanError``."""
    guid = source.guid_of(interface)
    return any(each.guid == guid for each in wlan_structs.interfaces(source.interfaces()))


def read(source: WlanSource, interface: str) -> WifiReading:
    """Everything that WlanApi tells of an interface; raises ``WlanError`` when it tells nothing."""
    guid = source.guid_of(interface)
    listed = wlan_structs.interfaces(source.interfaces())
    own = next((each for each in listed if each.guid == guid), None)
    if own is None:
        return WifiReading(source=SOURCE, refused=Refusal.ABSENT)
    asked = _Asked(source, guid)
    radio_on = wlan_structs.radio_is_on(asked.query(RADIO_STATE))
    if radio_on is False:
        link = WifiLink(interface=interface, connected=False)
        return WifiReading(link=link, source=SOURCE, raw=asked.raw, refused=Refusal.OFF)
    connection = wlan_structs.connection(asked.query(CURRENT_CONNECTION))
    heard = wlan_structs.bss_list(asked.bss_list())
    link = _link(asked, interface, own.connected, connection, heard)
    neighbours = (each.as_neighbour() for each in heard)
    return WifiReading(
        link=link,
        neighbours=tuple(each for each in neighbours if not link.bssid or each.bssid != link.bssid),
        source=SOURCE,
        raw=asked.raw,
        refused=Refusal.LOCATION if asked.denied else Refusal.NONE,
        scanned=any(each.bssid != link.bssid for each in heard),
    )


class _Asked:
    """What was asked of one interface, and what came of it: nothing said is empty bytes."""

    def __init__(self, source: WlanSource, guid: bytes) -> None:
        self._source = source
        self._guid = guid
        self._said: list[str] = []
        self.denied = False

    @property
    def raw(self) -> str:
        """What was said, for the record."""
        return "\n".join(self._said)

    def note(self, what: str) -> None:
        """Keep something that was understood for the record."""
        self._said.append(what)

    def query(self, opcode: int) -> bytes:
        """What an opcode gives."""
        return self._ask(lambda: self._source.query(self._guid, opcode), f"opcode {opcode:#x}")

    def bss_list(self) -> bytes:
        """The list of what was heard."""
        return self._ask(lambda: self._source.bss_list(self._guid), "access points")

    def _ask(self, call: Callable[[], bytes], what: str) -> bytes:
        try:
            return call()
        except WlanError as error:
            self.denied = self.denied or error.code == ACCESS_DENIED
            self.note(f"{what}: {error}")
            return b""


def _link(
    asked: _Asked,
    interface: str,
    connected: bool | None,  # noqa: FBT001  told by Windows, and passed on as it is
    connection: WlanConnection | None,
    heard: tuple[WlanBss, ...],
) -> WifiLink:
    """Put together what the connection, the opcodes and the access point's own beacon say."""
    for each in heard:
        asked.note(f"{each}")
    if connected is not True:
        return WifiLink(interface=interface, connected=connected)
    number = wlan_structs.long_of(asked.query(CHANNEL_NUMBER))
    if connection is None:
        channel, band = facts.placed_for_sure(number)
        power = _measured(asked, None)
        return WifiLink(
            interface=interface, connected=connected, channel=channel, band=band, rssi_dbm=power
        )
    asked.note(f"{connection}")
    own = next((each for each in heard if each.bssid and each.bssid == connection.bssid), None)
    seen = own.as_neighbour() if own else None
    place = (seen.channel, seen.band) if seen and seen.channel else facts.placed_for_sure(number)
    measured = _measured(asked, own)
    return WifiLink(
        interface=interface,
        connected=connected,
        ssid=connection.ssid,
        bssid=connection.bssid,
        channel=place[0],
        band=place[1],
        rssi_dbm=facts.dbm_of_percent(connection.percent) if measured is None else measured,
        signal_percent=connection.percent,
        security=_weakest_known(connection.security, seen.security if seen else None),
        authentication=connection.authentication,
        cipher=connection.cipher,
        rx_mbps=connection.rx_mbps,
        tx_mbps=connection.tx_mbps,
        estimated=measured is None and connection.percent is not None,
    )


def _measured(asked: _Asked, own: WlanBss | None) -> float | None:
    """The signal of this moment, else that of the last beacon; ``None`` where neither is told."""
    now = wlan_structs.long_of(asked.query(RSSI))
    power = facts.plausible_dbm(now)
    asked.note(f"rssi {now}")
    return own.rssi_dbm if power is None and own else power


def _weakest_known(agreed: Security, offered: Security | None) -> Security:
    if offered is None or offered is Security.UNKNOWN:
        return agreed
    return facts.weakest([agreed, offered])
