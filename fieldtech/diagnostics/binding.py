"""Sending through one network interface, whatever the default route says.

The default route of a laptop in the field is usually the customer's own broken network. Each system
has its way past it: Linux ties a socket to a device, macOS to an interface's number, and Windows
chooses the way out by the source address of a socket (its *strong host* model).
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fieldtech.diagnostics.interfaces import InterfaceFacts, read_interfaces

_APPLE_IP_BOUND_IF = 25
_APPLE_IPV6_BOUND_IF = 125
_NOT_ALLOWED = frozenset({errno.EPERM, errno.EACCES, errno.ENOPROTOOPT})
_NOT_THERE = frozenset({errno.ENODEV, errno.ENXIO})


class Means(StrEnum):
    """How a socket is kept to an interface."""

    DEVICE = "device"
    """By the interface itself: no route of the system leads it elsewhere."""
    SOURCE = "source"
    """By its address only. On Windows that chooses the way out; elsewhere a route may differ."""


class InterfaceGoneError(OSError):
    """The chosen interface is not there, is down, or has no address to send from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The interface to send through, by the name the system gives it.

    ``read`` lists this machine's interfaces and ``by_device`` ties a socket to one; both are the
    system's own unless a test brings others.
    """

    interface: str
    read: Callable[[], Sequence[InterfaceFacts]] = read_interfaces
    by_device: Callable[[socket.socket, str], bool] | None = None

    def apply(self, connection: socket.socket) -> Means:
        """Keep a socket that is not connected yet to the interface, and say how.

        Raises ``InterfaceGoneError`` when it cannot be sent through.
        """
        facts = self.find()
        tie = self.by_device or _tie_to_device
        try:
            if tie(connection, self.interface):
                return Means.DEVICE
        except OSError as error:
            if error.errno in _NOT_THERE:
                raise InterfaceGoneError(*error.args) from error
            if error.errno not in _NOT_ALLOWED:
                raise
        source = source_address(facts, connection.family)
        if not source:
            message = f"{self.interface} has no address of this family"
            raise InterfaceGoneError(errno.EADDRNOTAVAIL, message)
        connection.bind((source, 0))
        return Means.SOURCE

    def find(self) -> InterfaceFacts:
        """Return the interface as it is now; raises ``InterfaceGoneError``."""
        for facts in self.read():
            if facts.name == self.interface and facts.up and (facts.ipv4 or facts.ipv6):
                return facts
        raise InterfaceGoneError(errno.ENODEV, f"{self.interface} cannot be sent through")

    def means(self) -> Means:
        """Tell how a socket would be kept to it now; raises ``InterfaceGoneError``."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            return self.apply(probe)


def binding_to(interface: str) -> Binding | None:
    """Return the binding to an interface, ``None`` (the system's choice) for an empty name."""
    return Binding(interface=interface) if interface else None


def source_address(facts: InterfaceFacts, family: int) -> str:
    """Return an address to send from, ``""`` without one; those of one link alone do not count."""
    given = facts.ipv6 if family == socket.AF_INET6 else facts.ipv4
    return next((a for a in given if not ipaddress.ip_address(a).is_link_local), "")


if sys.platform == "linux":

    def _tie_to_device(connection: socket.socket, interface: str) -> bool:
        # Needs no privilege since Linux 5.7, as long as the socket is tied to no other device.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
        return True

elif sys.platform == "darwin":

    def _tie_to_device(connection: socket.socket, interface: str) -> bool:
        index = socket.if_nametoindex(interface)
        if connection.family == socket.AF_INET6:
            connection.setsockopt(socket.IPPROTO_IPV6, _APPLE_IPV6_BOUND_IF, index)
        else:
            connection.setsockopt(socket.IPPROTO_IP, _APPLE_IP_BOUND_IF, index)
        return True

else:

    def _tie_to_device(_connection: socket.socket, _interface: str) -> bool:
        return False
