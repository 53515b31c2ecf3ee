"""What macOS prints of an interface."""

from __future__ import annotations

import network_outputs as outputs
from damage import addresses_in, damaged
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.addresses import macos
from fieldtech.diagnostics.addresses.facts import Lease


def test_the_packet_that_the_client_accepted() -> None:
    assert macos.parse_getpacket(outputs.GETPACKET) == Lease(
        address="192.168.2.51",
        prefix=24,
        server="192.168.2.2",
        lease_s=86400,
        routers=("192.168.2.1",),
        dns=("192.168.2.1", "203.0.113.53"),
        domain="lan",
    )
    assert macos.parse_getpacket("") == Lease()


def test_addresses_of_an_interface() -> None:
    assert macos.parse_ifconfig(outputs.IFCONFIG, "en0") == macos.IfconfigFacts(
        ipv4=(("192.168.2.51", 24),), ipv6=(("fe80::1c3e:aaaa:bbbb:cccc", 64),)
    )
    assert macos.parse_ifconfig(outputs.IFCONFIG, "en1") is None
    assert macos.parse_ifconfig("ifconfig: interface en9 does not exist\n", "en9") is None


def test_a_duplicate_is_flagged() -> None:
    flagged = outputs.IFCONFIG.replace("64 secured", "64 duplicated secured")
    found = macos.parse_ifconfig(flagged, "en0")
    assert found is not None
    assert found.duplicate is True


def test_resolvers_of_one_interface_only() -> None:
    assert macos.parse_scutil(outputs.SCUTIL, "en0") == (("192.168.2.1", "203.0.113.53"), "lan")
    assert macos.parse_scutil(outputs.SCUTIL, "utun2") == (("10.8.0.1",), "vpn.example")
    assert macos.parse_scutil(outputs.SCUTIL, "en5") == ((), "")


@given(st.text())
def test_garbage_never_raises(text: str) -> None:
    macos.parse_getpacket(text)
    macos.parse_ifconfig(text, "en0")
    macos.parse_scutil(text, "en0")


@given(damaged(outputs.GETPACKET), damaged(outputs.IFCONFIG), damaged(outputs.SCUTIL))
def test_damage_invents_no_address(packet: str, ifconfig: str, scutil: str) -> None:
    lease = macos.parse_getpacket(packet)
    found = {lease.address, lease.server, *lease.routers, *lease.dns} - {""}
    assert found <= addresses_in(outputs.GETPACKET)
    told = macos.parse_ifconfig(ifconfig, "en0")
    if told is not None:
        named = {address for address, _ in (*told.ipv4, *told.ipv6)}
        assert named <= addresses_in(outputs.IFCONFIG)
        assert told.duplicate is None
    assert set(macos.parse_scutil(scutil, "en0")[0]) <= addresses_in(outputs.SCUTIL)


@given(damaged(outputs.IFCONFIG.replace("192.168.2.51", "169.254.2.51")))
def test_no_damage_makes_a_given_address_of_a_self_assigned_one(text: str) -> None:
    told = macos.parse_ifconfig(text, "en0")
    assert told is None or all(address == "169.254.2.51" for address, _ in told.ipv4)
