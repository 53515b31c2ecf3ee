"""Which source is asked on which system, and what happens when some are missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from threading import Event

import network_outputs as outputs
import pytest
from scripted_tools import ScriptedTools

from fieldtech.diagnostics.addresses.facts import AddressFacts
from fieldtech.diagnostics.addresses.neighbours import Neighbour
from fieldtech.diagnostics.addresses.reading import (
    Files,
    System,
    read_addresses,
    watch_neighbours,
)
from fieldtech.diagnostics.interfaces import InterfaceFacts
from fieldtech.diagnostics.tools import ToolError

POWERSHELL = {
    "Interface": {"InterfaceAlias": "Ethernet", "Dhcp": 1},
    "Addresses": {"IPAddress": "192.168.10.37", "PrefixLength": 24, "AddressState": 4},
}
UDHCPC = "interface=enp3s0\nip=192.168.10.37\nserverid=192.168.10.4\nlease=600\n"
DHCLIENT = """lease {
  interface "enp3s0";
  fixed-address 192.168.10.37;
  option dhcp-server-identifier 192.168.10.3;
}
"""
NETWORKD = "ADDRESS=192.168.10.37\nSERVER_ADDRESS=192.168.10.5\nLIFETIME=7200\n"


def interface(name: str) -> InterfaceFacts:
    return InterfaceFacts(
        name=name,
        up=True,
        speed_mbps=1000,
        duplex="full",
        mtu=1500,
        mac="",
        ipv4=("192.168.10.37",),
        ipv6=("fe80::1",),
    )


def system(platform: str, tools: ScriptedTools, folder: Path, name: str = "enp3s0") -> System:
    return System(
        platform=platform,
        run=tools,
        interfaces=lambda: (interface(name),),
        index=lambda _name: 2,
        files=Files(
            networkd=folder / "networkd",
            dhclient=(folder / "dhclient",),
            udhcpc=(folder / "udhcpc.env",),
            resolv_conf=folder / "resolv.conf",
        ),
    )


@pytest.fixture
def linux_tools() -> ScriptedTools:
    return ScriptedTools(
        {
            ("ip", "-j", "address"): outputs.IP_ADDRESS,
            ("ip", "-j", "-4", "route"): outputs.IP_ROUTE,
            ("ip", "-j", "-6", "route"): "[]\n",
        }
    )


def test_linux_with_networkmanager(linux_tools: ScriptedTools, tmp_path: Path) -> None:
    linux_tools.outputs["nmcli",] = outputs.NMCLI
    facts = read_addresses("enp3s0", system=system("linux", linux_tools, tmp_path))
    assert facts.ipv4 == (("192.168.10.37", 24),)
    assert facts.gateway == "192.168.10.1"
    assert (facts.dhcp, facts.dhcp_server, facts.lease_s) == (True, "192.168.10.2", 86400)
    assert facts.dns == ("192.168.10.1", "203.0.113.53")
    assert facts.source == "ip -j; nmcli"
    assert "$ nmcli -t -f all device show enp3s0\n" in facts.raw
    assert linux_tools.tools.count("nmcli") == 1
    assert "dhcpcd" not in linux_tools.tools


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("networkd/2", NETWORKD, ("192.168.10.5", "ip -j; systemd-networkd")),
        ("dhclient/dhclient.enp3s0.leases", DHCLIENT, ("192.168.10.3", "ip -j; dhclient")),
        ("udhcpc.env", UDHCPC, ("192.168.10.4", "ip -j; udhcpc")),
    ],
)
def test_linux_with_another_client(
    linux_tools: ScriptedTools, tmp_path: Path, file: str, text: str, told: tuple[str, str]
) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(text)
    (tmp_path / "resolv.conf").write_text("nameserver 203.0.113.53\n")
    facts = read_addresses("enp3s0", system=system("linux", linux_tools, tmp_path))
    assert (facts.dhcp_server, facts.source) == told
    assert facts.dns == ("203.0.113.53",)


def test_linux_with_dhcpcd(linux_tools: ScriptedTools, tmp_path: Path) -> None:
    linux_tools.outputs["dhcpcd", "-U", "enp3s0"] = (
        "ip_address='192.168.10.37'\ndhcp_server_identifier='192.168.10.6'\n"
    )
    facts = read_addresses("enp3s0", system=system("linux", linux_tools, tmp_path))
    assert (facts.dhcp_server, facts.source) == ("192.168.10.6", "ip -j; dhcpcd")


def test_an_old_lease_says_nothing_of_a_self_assigned_address(
    linux_tools: ScriptedTools, tmp_path: Path
) -> None:
    linux_tools.outputs["ip", "-j", "address"] = outputs.IP_ADDRESS.replace(
        "192.168.10.37", "169.254.7.8"
    ).replace('"dynamic":true,', "")
    linux_tools.outputs["ip", "-j", "-4", "route"] = "[]\n"
    (tmp_path / "udhcpc.env").write_text(UDHCPC)
    facts = read_addresses("enp3s0", system=system("linux", linux_tools, tmp_path))
    assert facts.self_assigned
    assert (facts.dhcp, facts.dhcp_server, facts.gateways) == (None, "", ())


def test_linux_without_any_tool_has_what_psutil_knows(tmp_path: Path) -> None:
    facts = read_addresses("enp3s0", system=system("linux", ScriptedTools(), tmp_path))
    assert facts == AddressFacts(
        interface="enp3s0",
        ipv4=(("192.168.10.37", None),),
        ipv6=(("fe80::1", None),),
        source="psutil",
    )
    unknown = read_addresses("eth9", system=system("linux", ScriptedTools(), tmp_path))
    assert unknown == AddressFacts(interface="eth9")


def test_windows_asks_powershell_and_nothing_else(tmp_path: Path) -> None:
    tools = ScriptedTools({("powershell",): json.dumps(POWERSHELL)})
    facts = read_addresses("Ethernet", system=system("win32", tools, tmp_path))
    assert facts.source == "powershell"
    assert facts.ipv4 == (("192.168.10.37", 24),)
    assert tools.tools == ["powershell"]
    assert tools.limits[0] > 5
    assert "EncodedCommand" not in facts.raw
    assert facts.raw.startswith("$ powershell -NoProfile")


def test_windows_without_powershell_reads_ipconfig(tmp_path: Path) -> None:
    tools = ScriptedTools({("ipconfig", "/all"): outputs.IPCONFIG_ES.encode("cp850")})
    facts = read_addresses("Ethernet", system=system("win32", tools, tmp_path))
    assert facts.source == "ipconfig"
    assert facts.dhcp_server == "192.168.10.2"
    assert facts.duplicate is False


def test_windows_with_neither_has_what_psutil_knows(tmp_path: Path) -> None:
    facts = read_addresses("Wi-Fi", system=system("win32", ScriptedTools(), tmp_path, "Wi-Fi"))
    assert facts.source == "psutil"
    assert facts.duplicate is None


def test_macos(tmp_path: Path) -> None:
    tools = ScriptedTools(
        {
            ("ifconfig", "en0"): outputs.IFCONFIG,
            (
                "route",
                "-n",
                "get",
                "-ifscope",
                "en0",
            ): "    gateway: 192.168.2.1\n  interface: en0\n",
            ("scutil", "--dns"): outputs.SCUTIL,
            ("ipconfig", "getpacket", "en0"): outputs.GETPACKET,
        }
    )
    facts = read_addresses("en0", system=system("darwin", tools, tmp_path, "en0"))
    assert facts.ipv4 == (("192.168.2.51", 24),)
    assert (facts.gateway, facts.dhcp_server, facts.lease_s) == (
        "192.168.2.1",
        "192.168.2.2",
        86400,
    )
    assert facts.dns == ("192.168.2.1", "203.0.113.53")
    assert facts.domain == "lan"
    assert facts.source == "ifconfig; ipconfig getpacket"


def test_macos_with_the_default_route_elsewhere(tmp_path: Path) -> None:
    tools = ScriptedTools(
        {
            ("ifconfig", "en0"): outputs.IFCONFIG,
            ("route",): "    gateway: 10.8.0.1\n  interface: utun2\n",
        }
    )
    facts = read_addresses("en0", system=system("darwin", tools, tmp_path, "en0"))
    assert (facts.gateways, facts.dhcp, facts.dhcp_server) == ((), None, "")


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_cancelled_is_said(platform: str, tmp_path: Path) -> None:
    cancel = Event()
    cancel.set()
    asked = system(platform, ScriptedTools(), tmp_path)
    with pytest.raises(ToolError, match="cancelled"):
        read_addresses("enp3s0", cancel, system=asked)
    with pytest.raises(ToolError, match="cancelled"):
        watch_neighbours("enp3s0", cancel, system=asked)


def test_neighbours_of_linux(tmp_path: Path) -> None:
    # Asked of one device, ``ip`` leaves the device out.
    told = '[{"dst":"192.168.10.1","lladdr":"aa:bb:cc:dd:ee:01","state":["STALE"]}]\n'
    tools = ScriptedTools({("ip", "-j", "neigh", "show", "dev", "enp3s0"): told})
    assert watch_neighbours("enp3s0", Event(), system=system("linux", tools, tmp_path)) == (
        Neighbour(address="192.168.10.1", mac="aa:bb:cc:dd:ee:01", state="stale"),
    )


def test_neighbours_of_windows_fall_back_to_arp(tmp_path: Path) -> None:
    tools = ScriptedTools({("arp", "-a"): outputs.ARP_ES.encode("cp850")})
    found = watch_neighbours(
        "Ethernet", Event(), system=system("win32", tools, tmp_path, "Ethernet")
    )
    assert [each.address for each in found] == ["192.168.10.1", "192.168.10.255"]
    assert tools.tools == ["powershell", "arp"]


def test_windows_starts_one_powershell_for_all_looks(tmp_path: Path) -> None:
    told = '[{"IPAddress":"192.168.10.1","LinkLayerAddress":"AA-BB-CC-DD-EE-01","State":5}]'
    tools = ScriptedTools({("powershell",): told})
    asked = system("win32", tools, tmp_path, "Ethernet")
    assert watch_neighbours("Ethernet", Event(), looks=6, every_s=0.4, system=asked)
    assert tools.tools == ["powershell"]


def test_a_unix_is_asked_at_every_look(tmp_path: Path) -> None:
    tools = ScriptedTools({("ip",): "[]"})
    asked = system("linux", tools, tmp_path)
    assert watch_neighbours("enp3s0", Event(), looks=3, every_s=0.0, system=asked) == ()
    assert tools.tools == ["ip"] * 3


def test_neighbours_of_macos(tmp_path: Path) -> None:
    told = "? (192.168.2.1) at a:bb:c:dd:ee:1 on en0 ifscope [ethernet]\n"
    found = watch_neighbours(
        "en0",
        Event(),
        system=system("darwin", ScriptedTools({("arp", "-an"): told}), tmp_path, "en0"),
    )
    assert [each.mac for each in found] == ["0a:bb:0c:dd:ee:01"]


@pytest.mark.skipif(sys.platform != "linux", reason="asks this machine's own Linux")
def test_this_machines_loopback() -> None:
    facts = read_addresses("lo")
    assert "127.0.0.1" in {address for address, _ in facts.ipv4}
    assert facts.gateways == ()
    assert all(each.address for each in watch_neighbours("lo", Event()))
