"""Echoes and hops by the best way that this system has, and by its tools where that is refused."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from fieldtech.diagnostics.icmp import linux, tool, windows
from fieldtech.diagnostics.icmp.facts import (
    DEEPEST,
    MOST,
    Echo,
    Hop,
    NotMeasurableError,
    NotPermittedError,
)
from fieldtech.diagnostics.interfaces import InterfaceFacts, read_interfaces
from fieldtech.diagnostics.tools import LIMIT_S, ToolError, console_text, run_tool

if TYPE_CHECKING:
    from threading import Event


class Pinger(Protocol):
    """Sends echoes; raises ``NotPermittedError`` or ``OSError`` where it cannot."""

    def __call__(
        self,
        address: str,
        *,
        interface: str,
        count: int,
        interval_s: float,
        wait_s: float,
        cancel: Event | None,
    ) -> tuple[Echo, ...]:
        """Send them."""
        ...


class Tracer(Protocol):
    """Finds the first hops; raises ``OSError`` where it cannot."""

    def __call__(
        self, address: str, *, interface: str, max_ttl: int, wait_s: float, cancel: Event | None
    ) -> tuple[Hop, ...]:
        """Find them."""
        ...


class Runner(Protocol):
    """Runs a tool and returns what it prints; raises ``ToolError``."""

    def __call__(
        self, command: Sequence[str], *, limit_s: float = LIMIT_S, cancel: Event | None = None
    ) -> bytes:
        """Run it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """How a system sends echoes: by calls of its own, where it has them, and by its tools."""

    platform: str
    pinger: Pinger | None = None
    tracer: Tracer | None = None
    run: Runner = run_tool
    interfaces: Callable[[], Sequence[InterfaceFacts]] = read_interfaces

    @classmethod
    def of_this_system(cls) -> Means:
        """Return this system's own; macOS has none but its tools."""
        if sys.platform == "win32":
            return cls(platform=sys.platform, pinger=windows.ping, tracer=windows.hops)
        if sys.platform == "darwin":
            return cls(platform=sys.platform)
        return cls(platform=sys.platform, pinger=linux.ping, tracer=linux.hops)


def ping(
    address: str,
    *,
    interface: str = "",
    count: int = 20,
    interval_s: float = 0.05,
    wait_s: float = 1.0,
    cancel: Event | None = None,
    means: Means | None = None,
) -> tuple[Echo, ...]:
    """Send ``count`` echoes to an IPv4 address through an interface (empty: the system's choice).

    A system's own ``ping`` may be slower than asked. Raises ``NotMeasurableError``.
    """
    means = means or Means.of_this_system()
    address = _ipv4(address)
    count = min(max(count, 1), MOST)
    if means.pinger is not None:
        try:
            return means.pinger(
                address,
                interface=interface,
                count=count,
                interval_s=interval_s,
                wait_s=wait_s,
                cancel=cancel,
            )
        except (NotPermittedError, OSError):
            pass
    return _ping_by_tool(
        means,
        address,
        interface=interface,
        count=count,
        interval_s=interval_s,
        wait_s=wait_s,
        cancel=cancel,
    )


def hops(
    address: str,
    *,
    interface: str = "",
    max_ttl: int = 3,
    wait_s: float = 1.0,
    cancel: Event | None = None,
    means: Means | None = None,
) -> tuple[Hop, ...]:
    """Find who is at the first ``max_ttl`` distances on the way to an IPv4 address.

    Raises ``NotMeasurableError``.
    """
    means = means or Means.of_this_system()
    address = _ipv4(address)
    max_ttl = min(max(max_ttl, 1), DEEPEST)
    if means.tracer is not None:
        try:
            return means.tracer(
                address, interface=interface, max_ttl=max_ttl, wait_s=wait_s, cancel=cancel
            )
        except OSError:
            pass
    command = tool.trace_command(
        means.platform, address, interface=interface, max_ttl=max_ttl, wait_s=wait_s
    )
    limit_s = tool.trace_limit_s(means.platform, max_ttl=max_ttl, wait_s=wait_s)
    found = tool.parse_trace(
        _say(means, command, limit_s, cancel), address=address, max_ttl=max_ttl
    )
    if not found:
        raise NotMeasurableError("unreadable", command[0])
    return found


def _ping_by_tool(
    means: Means,
    address: str,
    *,
    interface: str,
    count: int,
    interval_s: float,
    wait_s: float,
    cancel: Event | None,
) -> tuple[Echo, ...]:
    command = tool.ping_command(
        means.platform,
        address,
        interface=interface,
        source=_source(means, interface),
        count=count,
        interval_s=interval_s,
        wait_s=wait_s,
    )
    limit_s = tool.ping_limit_s(means.platform, count=count, interval_s=interval_s, wait_s=wait_s)
    found = tool.parse_ping(
        _say(means, command, limit_s, cancel),
        address=address,
        count=count,
        interval_s=tool.tool_interval_s(means.platform, interval_s),
    )
    if not found:
        raise NotMeasurableError("unreadable", command[0])
    return found


def _say(means: Means, command: list[str], limit_s: float, cancel: Event | None) -> str:
    try:
        return console_text(means.run(command, limit_s=limit_s, cancel=cancel))
    except ToolError as error:
        raise NotMeasurableError(error.reason, error.tool) from error


def _source(means: Means, interface: str) -> str:
    """Return the address of the interface on Windows, which goes by nothing else."""
    if means.platform != "win32" or not interface:
        return ""
    own = next((each for each in means.interfaces() if each.name == interface), None)
    if own is None or not own.ipv4:
        raise NotMeasurableError("no_interface", interface)
    return own.main_ipv4


def _ipv4(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError as error:
        raise NotMeasurableError("unreadable", address) from error
    if parsed.version != 4:
        raise NotMeasurableError("ipv6", address)
    return str(parsed)
