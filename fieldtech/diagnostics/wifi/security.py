"""How a network protects itself: from the words of a system, and from what its beacon says.

A word that is not understood is ``UNKNOWN``, and beside WPA2 or WPA3 it makes the whole unknown.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from fieldtech.diagnostics.tools import plain
from fieldtech.diagnostics.wifi.facts import Security, weakest

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVACY = 0x0010
"""The capability bit of a network that encrypts somehow (IEEE 802.11-2020, 9.4.1.4)."""
_RSN_ELEMENT, _VENDOR_ELEMENT, _CUT_OFF = 48, 221, -1
_RSN_OUI = b"\x00\x0f\xac"
_WPA_PREFIX = b"\x00\x50\xf2\x01"
_AKMS = {
    **dict.fromkeys((1, 2, 3, 4, 5, 6, 14, 15, 16, 17, 19, 20), Security.WPA2),
    **dict.fromkeys((8, 9, 11, 12, 13, 24, 25), Security.WPA3),
    18: Security.OWE,
}
"""Key management suites 00-0F-AC (IEEE 802.11-2020, table 9-151, and later additions)."""

_NAMES = {
    "wpa": Security.WPA1,
    "wpa1": Security.WPA1,
    "wpa2": Security.WPA2,
    "wpa3": Security.WPA3,
    "wep": Security.WEP,
    "owe": Security.OWE,
}
_NAME = re.compile(r"(?<![a-z0-9])(wpa[123]?|wep|owe)(?![a-z0-9])")
_ENCRYPTS = re.compile(r"(ccmp|gcmp|tkip|aes|wep)(?![a-z])[^:]*")
_AKM_TEXT = re.compile(r"akm\s*=\s*00-0f-ac[:：](\d{1,3})(?!\d)", re.IGNORECASE)


def of_words(authentication: str, *, open_words: frozenset[str], cipher: str = "") -> Security:
    """The security that a system's words name; ``open_words`` are its words for "none at all"."""
    words = plain(authentication)
    named = [_NAMES[name] for name in _NAME.findall(words)]
    if words in open_words:
        named.append(Security.OPEN)
    kind = weakest(named)
    encrypts = plain(cipher)
    if encrypts.startswith("wep"):
        # Open authentication with a WEP key is WEP; anything better with a WEP key is no better.
        return weakest([Security.WEP, *(k for k in named if k is not Security.OPEN)])
    if encrypts in open_words and kind is not Security.OPEN:
        return Security.UNKNOWN
    return kind


def is_cipher(text: str) -> bool:
    """Whether a text is the name of a cipher, which no language translates."""
    return _ENCRYPTS.fullmatch(plain(text)) is not None


def of_akm_text(text: str) -> Security:
    """The suite in ``[ akm = 00-0f-ac:02, cipher = ... ]`` of Windows 11, in any language."""
    found = _AKM_TEXT.findall(text)
    return weakest(_AKMS.get(int(suite), Security.UNKNOWN) for suite in found)


def of_beacon(capability: int, elements: bytes | None) -> Security:
    """What a beacon offers, by its information elements and its capability bits.

    Without its elements (``None``), or with a rest that is cut off, what may be missing is unknown.
    """
    offered: list[Security] = []
    for number, body in _elements(elements) if elements else [(_CUT_OFF, b"")]:
        if number == _CUT_OFF:
            offered.append(Security.UNKNOWN)
        elif number == _RSN_ELEMENT:
            offered.append(of_rsn(body))
        elif number == _VENDOR_ELEMENT and body.startswith(_WPA_PREFIX):
            offered.append(Security.WPA1)
    private = bool(capability & PRIVACY)
    if not offered:
        return Security.WEP if private else Security.OPEN
    return weakest(offered if private else [*offered, Security.UNKNOWN])


def of_rsn(body: bytes) -> Security:
    """The weakest key management of an RSN element (IEEE 802.11-2020, 9.4.2.24)."""
    try:
        version, pairwise = struct.unpack_from("<H4xH", body)
        at = 8 + 4 * pairwise
        (count,) = struct.unpack_from("<H", body, at)
    except struct.error:
        return Security.UNKNOWN
    suites = body[at + 2 : at + 2 + 4 * count]
    if version != 1 or not count or len(suites) != 4 * count:
        return Security.UNKNOWN
    return weakest(_of_suite(suites[i : i + 4]) for i in range(0, len(suites), 4))


def _of_suite(suite: bytes) -> Security:
    known = suite[:3] == _RSN_OUI
    return _AKMS.get(suite[3], Security.UNKNOWN) if known else Security.UNKNOWN


def _elements(blob: bytes) -> Iterator[tuple[int, bytes]]:
    """Each element's number and body; ``_CUT_OFF`` for a rest that is not whole."""
    at = 0
    while at < len(blob):
        length = blob[at + 1] if at + 1 < len(blob) else len(blob)
        body = blob[at + 2 : at + 2 + length]
        if len(body) != length:
            yield _CUT_OFF, b""
            return
        yield blob[at], body
        at += 2 + length
