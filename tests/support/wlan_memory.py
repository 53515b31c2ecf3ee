"""The structures of WlanApi as the Windows SDK declares them, and a library that hands them out.

Declared by themselves, with the natural alignment that ctypes gives them: what the product decodes
by offsets is laid out here by a compiler's rules.
"""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

U8, U16, U32, U64, I32 = (
    ctypes.c_uint8,
    ctypes.c_uint16,
    ctypes.c_uint32,
    ctypes.c_uint64,
    ctypes.c_int32,
)


class Ssid(ctypes.Structure):
    _fields_: ClassVar = [("length", U32), ("name", U8 * 32)]


class Rates(ctypes.Structure):
    _fields_: ClassVar = [("length", U32), ("rates", U16 * 126)]


class Info(ctypes.Structure):
    _fields_: ClassVar = [("guid", U8 * 16), ("description", U16 * 256), ("state", U32)]


class Association(ctypes.Structure):
    _fields_: ClassVar = [
        ("ssid", Ssid),
        ("bss_type", U32),
        ("bssid", U8 * 6),
        ("phy", U32),
        ("phy_index", U32),
        ("quality", U32),
        ("rx", U32),
        ("tx", U32),
    ]


class Connection(ctypes.Structure):
    _fields_: ClassVar = [
        ("state", U32),
        ("mode", U32),
        ("profile", U16 * 256),
        ("association", Association),
        ("enabled", I32),
        ("one_x", I32),
        ("algorithm", U32),
        ("cipher", U32),
    ]


class Bss(ctypes.Structure):
    _fields_: ClassVar = [
        ("ssid", Ssid),
        ("phy_id", U32),
        ("bssid", U8 * 6),
        ("bss_type", U32),
        ("phy_type", U32),
        ("rssi", I32),
        ("quality", U32),
        ("in_domain", U8),
        ("period", U16),
        ("timestamp", U64),
        ("host_timestamp", U64),
        ("capability", U16),
        ("frequency", U32),
        ("rates", Rates),
        ("ie_offset", U32),
        ("ie_size", U32),
    ]


def ssid(name: bytes) -> Ssid:
    return Ssid(len(name), (U8 * 32)(*name))


def wide(text: str) -> ctypes.Array[ctypes.c_uint16]:
    return (U16 * 256)(*(ord(c) for c in text))


def infos(*entries: tuple[bytes, str, int]) -> bytes:
    head = bytes(U32(len(entries))) + bytes(U32(0))
    listed = (Info((U8 * 16)(*guid), wide(text), state) for guid, text, state in entries)
    return head + b"".join(bytes(each) for each in listed)


def connection(
    name: bytes,
    bssid: bytes,
    *,
    state: int = 1,
    quality: int = 80,
    algorithm: int = 7,
    cipher: int = 4,
    enabled: int = 1,
    rx: int = 866_700,
    tx: int = 780_000,
) -> bytes:
    association = Association(ssid(name), 1, (U8 * 6)(*bssid), 8, 1, quality, rx, tx)
    return bytes(Connection(state, 0, wide("Casa"), association, enabled, 0, algorithm, cipher))


def bss_list(*entries: tuple[bytes, bytes, int, int, int, bytes]) -> bytes:
    """Each of name, BSSID, RSSI, kHz, capability, elements; the elements follow all entries."""
    size = ctypes.sizeof(Bss)
    told, blob = b"", b""
    for place, (name, mac, rssi, khz, capability, elements) in enumerate(entries):
        offset = (len(entries) - place) * size + len(blob)
        told += bytes(
            Bss(
                ssid=ssid(name),
                phy_id=7,
                bssid=(U8 * 6)(*mac),
                bss_type=1,
                phy_type=8,
                rssi=rssi,
                quality=70,
                in_domain=1,
                period=100,
                timestamp=0x1122334455667788,
                host_timestamp=0x99AABBCCDDEEFF00,
                capability=capability,
                frequency=khz,
                rates=Rates(8, (U16 * 126)(0x8C, 0x12)),
                ie_offset=offset,
                ie_size=len(elements),
            )
        )
        blob += elements
    total = 8 + len(told) + len(blob)
    return bytes(U32(total)) + bytes(U32(len(entries))) + told + blob


def radio(*states: tuple[int, int]) -> bytes:
    told = b"".join(
        bytes(U32(i)) + bytes(U32(s)) + bytes(U32(h)) for i, (s, h) in enumerate(states)
    )
    return bytes(U32(len(states))) + told.ljust(64 * 12, b"\0")


class Library:
    """What ``wlanapi.dll`` and ``iphlpapi.dll`` would do; counts what it gave and took back.

    ``answers`` are by function, or by opcode for ``WlanQueryInterface``: bytes, or an error code.
    """

    def __init__(self, guid: bytes, answers: Mapping[str | int, bytes | int]) -> None:
        self._guid = guid
        self._answers = answers
        self._kept: dict[int, ctypes.Array[ctypes.c_char]] = {}
        self.open_handles = 0
        self.wlan: Any = SimpleNamespace(
            WlanOpenHandle=self._open,
            WlanCloseHandle=self._close,
            WlanFreeMemory=self._free,
            WlanEnumInterfaces=lambda _handle, _none, out: self._give("interfaces", out),
            WlanQueryInterface=self._query,
            WlanGetNetworkBssList=lambda *all_: self._give("bss_list", all_[-1]),
        )
        self.ip_helper: Any = SimpleNamespace(
            ConvertInterfaceAliasToLuid=self._luid, ConvertInterfaceLuidToGuid=self._to_guid
        )

    @property
    def not_freed(self) -> int:
        return len(self._kept)

    def _open(self, _version: Any, _none: None, _agreed: Any, handle: Any) -> int:
        code = self._answers.get("open", 0)
        if isinstance(code, int) and code:
            return code
        handle._obj.value = 77
        self.open_handles += 1
        return 0

    def _close(self, handle: ctypes.c_void_p, _none: None) -> int:
        assert handle.value == 77
        self.open_handles -= 1
        return 0

    def _free(self, block: ctypes.c_void_p) -> None:
        del self._kept[block.value or 0]

    def _query(self, *all_: Any) -> int:
        _handle, guid, opcode, _none, size, out, _kind = all_
        assert guid.raw == self._guid
        answer = self._answers.get(opcode.value, 50)
        size._obj.value = len(answer) if isinstance(answer, bytes) else 0
        return self._give(opcode.value, out)

    def _give(self, what: str | int, out: Any) -> int:
        answer = self._answers.get(what, 50)
        if isinstance(answer, int):
            return answer
        block = ctypes.create_string_buffer(answer, len(answer))
        self._kept[ctypes.addressof(block)] = block
        out._obj.value = ctypes.addressof(block)
        return 0

    def _luid(self, name: ctypes.c_wchar_p, luid: Any) -> int:
        known = {"Wi-Fi": 0x47008000000000, "Ethernet 2": 0x6008000000000}
        if name.value not in known:
            return 87
        luid._obj.value = known[name.value]
        return 0

    def _to_guid(self, luid: Any, guid: Any) -> int:
        assert luid._obj.value == 0x47008000000000
        guid.raw = self._guid
        return 0
