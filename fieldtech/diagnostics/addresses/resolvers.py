"""Which resolvers to ask, where the system's own listens on the loopback and asks others itself."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech.diagnostics.interfaces import parse_nameservers

if TYPE_CHECKING:
    from collections.abc import Sequence

STUB = Path("/run/systemd/resolve/resolv.conf")
"""Where systemd-resolved names the resolvers that it asks."""


def usable_resolvers(told: Sequence[str], stub: str = "") -> tuple[str, ...]:
    """Return the resolvers to ask: of a stub on the loopback, those that it asks itself.

    ``stub`` is the text of systemd-resolved's own list, if there is one.
    """
    real = [each for each in told if not _is_placeholder(each)]
    if real and all(is_loopback(each) for each in real):
        return tuple(e for e in parse_nameservers(stub) if not is_loopback(e)) or tuple(real)
    return tuple(real)


def read_stub() -> str:
    """Return systemd-resolved's list, empty where there is none."""
    try:
        return STUB.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _is_placeholder(address: str) -> bool:
    """``fec0:0:0:ffff::1`` and its like: what Windows names where IPv6 has no resolver."""
    return address.lower().startswith("fec0:")


def is_loopback(address: str) -> bool:
    """Tell whether an address is of this machine itself; what is no address is none of it."""
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False
