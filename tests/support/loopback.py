"""Sockets reach this machine only; anything else fails the test that tried.

Names under ``.invalid`` and ``.test`` do not resolve, as RFC 6761 promises, with or without a
network.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Generator
from typing import Any

import pytest

_LOCAL_NAMES = {"localhost", "localhost.localdomain", ""}
_NEVER_RESOLVED = (".invalid", ".test")


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Generator[None]:
    """Guard the ways out of this process for the whole run."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket.socket, "sendto", _guarded(socket.socket.sendto))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


def _guarded(real: Callable[..., Any]) -> Callable[..., Any]:
    def guard(self: socket.socket, *args: Any) -> Any:
        address = args[-1]
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(address[0]):
            # An outcome of pytest is no Exception: code that handles a dead network cannot swallow
            # it.
            pytest.fail(f"a test tried to reach {address}", pytrace=True)
        return real(self, *args)

    return guard


def _guarded_lookup(real: Callable[..., Any]) -> Callable[..., Any]:
    def guard(host: str | bytes | None, *args: Any, **kwargs: Any) -> Any:
        name = (host.decode() if isinstance(host, bytes) else host or "").rstrip(".").lower()
        if name.endswith(_NEVER_RESOLVED):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if not _is_local(name) and not _is_address(name):
            pytest.fail(f"a test tried to resolve {name}", pytrace=True)
        return real(host, *args, **kwargs)

    return guard


def _is_local(host: str) -> bool:
    if host in _LOCAL_NAMES:
        return True
    return _is_address(host) and ipaddress.ip_address(host.partition("%")[0]).is_loopback


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
