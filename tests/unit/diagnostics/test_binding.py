"""Keeping a socket to one interface, and what is said when that cannot be."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fieldtech.diagnostics.binding import (
    Binding,
    InterfaceGoneError,
    Means,
    binding_to,
    source_address,
)
from fieldtech.diagnostics.interfaces import InterfaceFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def interface(name: str = "hot0", *, up: bool = True, v4: str = "127.0.0.1") -> InterfaceFacts:
    return InterfaceFacts(
        name=name,
        up=up,
        speed_mbps=0,
        duplex="",
        mtu=1500,
        mac="",
        ipv4=(v4,) if v4 else (),
        ipv6=("fe80::1",),
    )


@pytest.fixture
def unbound() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
        yield made


def refusing(number: int) -> Callable[[socket.socket, str], bool]:
    def tie(_connection: socket.socket, _interface: str) -> bool:
        raise OSError(number, os.strerror(number))

    return tie


def test_no_name_is_the_systems_choice() -> None:
    assert binding_to("") is None
    assert binding_to("hot0") == Binding(interface="hot0")


def test_the_interface_itself_is_used_where_the_system_can(unbound: socket.socket) -> None:
    tied: list[str] = []

    def tie(_connection: socket.socket, name: str) -> bool:
        tied.append(name)
        return True

    binding = Binding(interface="hot0", read=lambda: [interface()], by_device=tie)
    assert binding.apply(unbound) is Means.DEVICE
    assert tied == ["hot0"]
    assert unbound.getsockname()[1] == 0, "bound to no address"


@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES, errno.ENOPROTOOPT])
def test_where_it_is_not_allowed_the_address_is_used_and_that_is_said(
    unbound: socket.socket, number: int
) -> None:
    binding = Binding(interface="hot0", read=lambda: [interface()], by_device=refusing(number))
    assert binding.apply(unbound) is Means.SOURCE
    assert unbound.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "found",
    [[], [interface("eth0")], [interface(up=False)]],
    ids=["none", "another", "down"],
)
def test_an_interface_that_is_not_there_is_gone(
    unbound: socket.socket, found: list[InterfaceFacts]
) -> None:
    with pytest.raises(InterfaceGoneError):
        Binding(interface="hot0", read=lambda: found).apply(unbound)


def test_one_that_goes_in_that_very_moment_is_gone(unbound: socket.socket) -> None:
    binding = Binding(
        interface="hot0", read=lambda: [interface()], by_device=refusing(errno.ENODEV)
    )
    with pytest.raises(InterfaceGoneError):
        binding.apply(unbound)


def test_no_address_to_send_from_is_gone_as_well(unbound: socket.socket) -> None:
    binding = Binding(
        interface="hot0",
        read=lambda: [interface(v4="169.254.3.4")],
        by_device=lambda _connection, _name: False,
    )
    with pytest.raises(InterfaceGoneError):
        binding.apply(unbound)


def test_another_mistake_of_the_system_is_not_hidden(unbound: socket.socket) -> None:
    binding = Binding(interface="hot0", read=lambda: [interface()], by_device=refusing(errno.EBADF))
    with pytest.raises(OSError, match=os.strerror(errno.EBADF)):
        binding.apply(unbound)


def test_addresses_of_one_link_alone_are_no_source() -> None:
    assert source_address(interface(v4="10.0.0.2"), socket.AF_INET) == "10.0.0.2"
    assert source_address(interface(), socket.AF_INET6) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="the way of Linux")
def test_linux_ties_sockets_to_a_device_without_any_privilege() -> None:
    """Since 5.7; in a process that has given up root, where this one has it."""
    if tuple(int(part) for part in os.uname().release.split(".")[:2]) < (5, 7):
        pytest.skip("this kernel asks for a privilege")
    script = (
        "import os, socket\n"
        "from fieldtech.diagnostics.binding import Binding\n"
        "binding = Binding(interface='lo')\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "print(binding.means().value)\n"
        "with socket.socket() as s: binding.apply(s); print(s.getsockname()[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == ["device", "0"], done.stderr
