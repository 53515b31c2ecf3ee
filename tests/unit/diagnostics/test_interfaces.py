"""The machine's network facts: recorded outputs of three systems, and garbage."""

from __future__ import annotations

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
