"""The machine's network facts: recorded outputs of three systems, and garbage."""

from __future__ import annotations

import sys
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics import interfaces as facts

LINUX = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t00000000\tFE01A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
"""

WINDOWS_ES = """
Rutas activas:
Destino de red        Máscara de red   Puerta de enlace   Interfaz  Métrica
          0.0.0.0          0.0.0.0      192.168.1.1    192.168.1.77     25
          0.0.0.0          0.0.0.0   En vínculo        10.8.0.2          5
===========================================================================
Rutas persistentes:
  Ninguno
"""

MACOS = """   route to: default
destination: default
       mask: default
    gateway: 10.0.0.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
"""

SCUTIL = """resolver #1
  nameserver[0] : 10.0.0.1
  nameserver[1] : 8.8.8.8
resolver #2
  nameserver[0] : 10.0.0.1
"""


def test_linux_takes_the_route_of_least_metric() -> None:
    route = facts.parse_linux_routes(LINUX)
    assert route == facts.DefaultRoute(gateway="192.168.1.1", interface="eth0")


def test_windows_in_spanish_is_read_by_its_numbers() -> None:
    route = facts.parse_windows_routes(WINDOWS_ES)
    assert route == facts.DefaultRoute(gateway="192.168.1.1", interface="192.168.1.77")


def test_macos_route() -> None:
    route = facts.parse_macos_route(MACOS)
    assert route == facts.DefaultRoute(gateway="10.0.0.1", interface="en0")


def test_no_route_is_none() -> None:
    assert facts.parse_linux_routes("Iface\n") is None
    assert facts.parse_windows_routes("") is None
    assert facts.parse_macos_route("route: writing to routing socket: not in table") is None


def test_resolvers_keep_their_order_without_repeats() -> None:
    assert facts.parse_nameservers("# x\nnameserver 1.1.1.1\nnameserver fe80::1%eth0\n") == (
        "1.1.1.1",
        "fe80::1%eth0",
    )
    assert facts.parse_nameservers(SCUTIL) == ("10.0.0.1", "8.8.8.8")


def test_powershell_gives_a_list_or_one_string() -> None:
    assert facts.parse_powershell_list('["10.0.0.1","8.8.8.8"]') == ("10.0.0.1", "8.8.8.8")
    assert facts.parse_powershell_list('"10.0.0.1"') == ("10.0.0.1",)
    assert facts.parse_powershell_list("Get-Dns : no se reconoce") == ()


@given(st.text())
def test_garbage_never_raises(text: str) -> None:
    facts.parse_linux_routes("head\n" + text)
    facts.parse_windows_routes(text)
    facts.parse_macos_route(text)
    facts.parse_nameservers(text)
    facts.parse_powershell_list(text)


def test_this_machine_has_a_loopback() -> None:
    network = facts.read_machine_network()
    assert any("127.0.0.1" in item.ipv4 for item in network.interfaces)


def card(name: str, *ipv4: str, up: bool = True, mac: str = "8c:16:45:01:02:03") -> Any:
    return facts.InterfaceFacts(
        name=name, up=up, speed_mbps=0, duplex="", mtu=1500, mac=mac, ipv4=ipv4, ipv6=()
    )


LOOPBACK = card("lo", "127.0.0.1", mac="00:00:00:00:00:00")
HOST_ONLY = card("Ethernet 3", "192.168.56.1", mac="0A-00-27-00-00-0B")


CARDS = (
    *("Ethernet", "Ethernet 2", "Wi-Fi", "Local Area Connection", "Conexión de área local"),
    *("Red de área local", "eth0", "enp3s0", "eno1", "en0", "wlan0", "wlp2s0", "usb0"),
)
NO_CARDS = (
    *("docker0", "br-1a2b", "virbr0", "veth1a", "vboxnet0", "tun0", "utun3", "wg0", "awdl0", "lo0"),
    *("vEthernet (WSL)", "VirtualBox Host-Only Network", "VMware Network Adapter VMnet8"),
    *("Conexión de red Bluetooth", "Local Area Connection* 2", "Conexión de área local* 3"),
)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_known_by_its_name(name: str) -> None:
    assert facts.is_physical(card(name))


@pytest.mark.parametrize("name", NO_CARDS)
def test_what_is_no_card_is_known_by_its_name(name: str) -> None:
    assert not facts.is_physical(card(name))


def test_an_adapter_without_a_hardware_address_is_no_card() -> None:
    assert not facts.is_physical(card("eth9", mac=""))
    assert not facts.is_physical(card("eth9", mac="00:00:00:00:00:00"))


def test_a_cable_that_is_out_is_looked_at_before_a_host_only_network() -> None:
    cable = card("Ethernet", up=False)
    assert facts.active_interface([LOOPBACK, HOST_ONLY, cable], None) == cable


def test_without_a_route_a_card_with_an_address_comes_first() -> None:
    alone, used = card("eth1", "169.254.3.4"), card("eth2", "10.0.0.5")
    found = [LOOPBACK, card("eth0", up=False), alone, used]
    assert facts.active_interface(found, None) == used
    assert facts.active_interface(found[:-1], None) == alone


def test_it_is_sent_from_an_address_that_leads_somewhere() -> None:
    assert card("eth0", "169.254.7.7", "192.168.1.5").main_ipv4 == "192.168.1.5"
    assert card("eth0", "169.254.7.7").main_ipv4 == "169.254.7.7"
    assert card("eth0").main_ipv4 == ""


def test_where_there_is_no_card_a_virtual_one_that_is_up_does() -> None:
    assert facts.active_interface([LOOPBACK, HOST_ONLY], None) == HOST_ONLY
    assert facts.active_interface([LOOPBACK], None) is None


IFCONFIG = """lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384
\tinet 127.0.0.1 netmask 0xff000000
en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
\tether 3c:22:fb:01:02:03
\tmedia: autoselect
\tstatus: active
en7: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500
\tether 00:e0:4c:01:02:03
\tmedia: autoselect (none)
\tstatus: inactive
"""


def test_a_port_of_macos_that_runs_with_nothing_plugged_in_is_inactive() -> None:
    assert facts.parse_inactive(IFCONFIG) == {"en7"}


@given(st.text())
def test_garbage_of_ifconfig_makes_nothing_inactive_that_it_does_not_name(text: str) -> None:
    assert all(name == "" or name in text for name in facts.parse_inactive(text))


def test_macos_ports_without_a_cable_are_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    everything = {each.name for each in facts.read_interfaces()}
    told = "".join(f"{name}: flags=0\n\tstatus: inactive\n" for name in everything)
    monkeypatch.setattr(facts, "_output", lambda _command: told)
    assert not any(each.up for each in facts.read_interfaces())


def test_windows_tells_no_duplex(monkeypatch: pytest.MonkeyPatch) -> None:
    """``psutil`` says "full" there of every link without asking."""
    stat = psutil.net_if_stats()["lo"]._replace(duplex=psutil.NIC_DUPLEX_FULL)
    monkeypatch.setattr(psutil, "net_if_stats", lambda: {"lo": stat})
    told = {each.name: each.duplex for each in facts.read_interfaces()}
    assert told["lo"] == "full"
    monkeypatch.setattr(sys, "platform", "win32")
    assert all(each.duplex == "" for each in facts.read_interfaces())


def test_interfaces_that_the_system_does_not_tell_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise PermissionError("net_if_stats")

    monkeypatch.setattr(psutil, "net_if_stats", refuse)
    assert facts.read_interfaces() == ()
