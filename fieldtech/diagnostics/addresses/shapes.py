"""The shapes that every output shares: whole lines, addresses, masks, JSON."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any

_FULL_V4 = 32
_MAC = re.compile(r"(?:[0-9a-f]{1,2}[:-]){5}[0-9a-f]{1,2}", re.IGNORECASE | re.ASCII)


def whole_lines(text: str) -> list[str]:
    """Return the lines that have an end: half a line can show another address than was meant."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1]


def address_of(text: str) -> str:
    """Return the address of a text (with its zone, if any), ``""`` for anything else.

    The unspecified and the all-ones address are no address of anybody.
    """
    text = text.strip()
    bare, _, zone = text.partition("%")
    try:
        parsed = ipaddress.ip_address(bare)
    except ValueError:
        return ""
    if parsed.is_unspecified or bare == "255.255.255.255" or re.search(r"[^\w.-]", zone):
        return ""
    return f"{parsed}%{zone}" if zone else str(parsed)


def addresses_of(texts: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses among texts, in order and without repeats."""
    return tuple(dict.fromkeys(found for text in texts if (found := address_of(text))))


def bare(address: str) -> str:
    """Return an address without its zone."""
    return address.partition("%")[0]


def ipv4_of(text: str) -> str:
    """Return the IPv4 address of a text, ``""`` for anything else."""
    found = address_of(text)
    return found if found and ":" not in found else ""


def prefix_of_mask(mask: str) -> int | None:
    """Return the length of a dotted or hexadecimal (``0xffffff00``) mask, ``None`` for no mask."""
    try:
        number = (
            int(mask, 16) if mask.startswith("0x") else int(ipaddress.IPv4Address(mask.strip()))
        )
    except ValueError:
        return None
    ones = f"{number:032b}"
    if len(ones) != _FULL_V4 or "01" in ones:
        return None
    return ones.count("1")


def prefix_within(value: object, longest: int) -> int | None:
    """Return a prefix length that a protocol allows, ``None`` for anything else."""
    number = whole_number(value)
    return number if number is not None and 0 <= number <= longest else None


def whole_number(value: object) -> int | None:
    """Return a number, or a text that is nothing but one; ``None`` otherwise."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value.strip()):
        return int(value)
    return None


def mac_of(text: str) -> str:
    """Return a hardware address as ``aa:bb:…``, ``""`` for any other text."""
    found = _MAC.fullmatch(text.strip())
    if not found:
        return ""
    parts = re.split("[:-]", found[0].lower())
    return ":".join(part.zfill(2) for part in parts)


def objects(text: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON text: of a list, or a bare one; nothing for anything else."""
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return []
    return [each for each in items(value) if isinstance(each, dict)]


def items(value: object) -> list[Any]:
    """Return a JSON value as a list: PowerShell writes a list of one as its only item."""
    if isinstance(value, dict) and set(value) == {"value", "Count"}:
        value = value["value"]
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text_of(value: object) -> str:
    """Return a JSON value that is a text, ``""`` for anything else."""
    return value.strip() if isinstance(value, str) else ""
