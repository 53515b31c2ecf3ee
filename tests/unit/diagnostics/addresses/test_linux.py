"""``ip -j`` and what each DHCP client of Linux leaves behind."""

from __future__ import annotations

import json

import network_outputs as outputs
import pytest
from damage import addresses_in, damaged
from hypothesis import given
from hypothesis import strategies as st
from shared_outputs import shared_output

from fieldtech.diagnostics.addresses import leases, linux
from fieldtech.diagnostics.addresses.facts import AddressFacts, Lease, with_lease

WHOLE = Lease(
    address="192.168.10.37",
    prefix=24,
    interface="enp3s0",
    server="192.168.10.2",
    lease_s=86400,
    routers=("192.168.10.1",),
    dns=("192.168.10.1", "203.0.113.53"),
    domain="lan",
)
NETWORKD = """# This is private data. Do not parse.
ADDRESS=192.168.10.37
NETMASK=255.255.255.0
ROUTER=192.168.10.1
SERVER_ADDRESS=192.168.10.2
T1=43200
LIFETIME=86400
DNS=192.168.10.1 203.0.113.53
DOMAINNAME=lan
CLIENTID=ff5a
"""
DHCLIENT = """lease {
  interface "enp3s0";
  fixed-address 192.168.99.5;
  option dhcp-lease-time 600;
  option dhcp-server-identifier 192.168.99.1;
  expire 1 2026/10/05 08:02:11;
}
lease {
  interface "enp3s0";
  fixed-address 192.168.10.37;
  option subnet-mask 255.255.255.0;
  option routers 192.168.10.1;
  option dhcp-lease-time 86400;
  option dhcp-message-type 5;
  option domain-name-servers 192.168.10.1, 203.0.113.53;
  option dhcp-server-identifier 192.168.10.2;
  option domain-name "lan";
  renew 2 2026/10/06 01:00:00;
  expire 2 2026/10/06 08:02:11;
}
lease {
  interface "wlan0";
  fixed-address 10.0.0.5;
  option dhcp-server-identifier 10.0.0.1;
}
"""
DHCPCD = """reason=BOUND
interface='enp3s0'
protocol='dhcp'
dhcp_lease_time='86400'
dhcp_server_identifier='192.168.10.2'
domain_name='lan'
domain_name_servers='192.168.10.1 203.0.113.53'
ip_address='192.168.10.37'
routers='192.168.10.1'
subnet_mask='255.255.255.0'
"""
UDHCPC = """interface=enp3s0
ip=192.168.10.37
mask=24
subnet=255.255.255.0
serverid=192.168.10.2
lease=86400
router=192.168.10.1
dns=192.168.10.1 203.0.113.53
domain=lan
siaddr=0.0.0.0
"""
EVERY = {
    outputs.NMCLI: lambda text: leases.parse_nmcli(text, "enp3s0"),
    NETWORKD: leases.parse_networkd,
    DHCLIENT: lambda text: leases.parse_dhclient(text, "enp3s0"),
    DHCPCD: lambda text: leases.parse_dhcpcd(text, "enp3s0"),
    UDHCPC: leases.parse_udhcpc,
}


def test_addresses_of_a_link() -> None:
    assert linux.parse_address(outputs.IP_ADDRESS, "enp3s0") == linux.LinkAddresses(
        ipv4=(("192.168.10.37", 24),), ipv6=(("fe80::1", 64),), for_a_time=True
    )
    assert linux.parse_address(outputs.IP_ADDRESS, "wlan0") is None
    assert linux.parse_address("Device does not exist.", "wlan0") is None


def test_only_a_failed_check_is_a_verdict() -> None:
    found = linux.parse_address(outputs.IP_ADDRESS_DADFAILED, "enp3s0")
    assert found is not None
    assert found.duplicate is True


def test_gateways_by_their_metric() -> None:
    assert linux.parse_routes(outputs.IP_ROUTE, "enp3s0") == linux.LinkRoutes(
        gateways=("192.168.10.1", "192.168.10.9"), from_dhcp=True
    )
    assert linux.parse_routes(outputs.IP_ROUTE, "tun0").from_dhcp is False


def test_a_route_with_several_hops_and_one_by_ipv6() -> None:
    routes = [
        {
            "dst": "default",
            "metric": 5,
            "nexthops": [
                {"gateway": "192.168.10.1", "dev": "eth0"},
                {"gateway": "10.0.0.1", "dev": "eth1"},
            ],
        },
        {"dst": "default", "via": {"family": "inet6", "host": "fe80::9"}, "dev": "eth0"},
    ]
    found = linux.parse_routes(json.dumps(routes), "eth0")
    assert found.gateways == ("fe80::9", "192.168.10.1")


def test_networkmanager() -> None:
    lease = leases.parse_nmcli(outputs.NMCLI, "enp3s0")
    assert lease == Lease(
        address="192.168.10.37",
        interface="enp3s0",
        server="192.168.10.2",
        lease_s=86400,
        expires="1791273731",
        routers=("192.168.10.1",),
        dns=("192.168.10.1", "203.0.113.53"),
    )
    assert leases.parse_nmcli_dns(outputs.NMCLI, "enp3s0") == (
        ("192.168.10.1", "203.0.113.53"),
        "lan",
    )
    assert leases.parse_nmcli(outputs.NMCLI, "wlan0").address == ""


def test_the_recorded_output_for_people() -> None:
    text = shared_output("wifi/linux-nmcli-device-show.txt")
    assert leases.parse_nmcli_dns(text, "ens33") == (("192.168.71.2",), "localdomain")
    assert leases.parse_nmcli_dns(text, "docker0") == ((), "")
    assert leases.parse_nmcli(text, "ens33").server == ""


def test_the_options_alone_for_people() -> None:
    text = (
        "DHCP4.OPTION[1]:                        dhcp_lease_time = 3600\n"
        "DHCP4.OPTION[2]:                        dhcp_server_identifier = 192.168.10.2\n"
        "DHCP4.OPTION[3]:                        ip_address = 192.168.10.37\n"
    )
    lease = leases.parse_nmcli(text, "enp3s0")
    assert (lease.lease_s, lease.server, lease.address) == (3600, "192.168.10.2", "192.168.10.37")


def test_the_other_clients() -> None:
    assert leases.parse_networkd(NETWORKD) == replace_interface(WHOLE, "")
    assert leases.parse_dhcpcd(DHCPCD, "enp3s0") == WHOLE
    assert leases.parse_dhcpcd(DHCPCD, "wlan0") == Lease()
    assert leases.parse_udhcpc(UDHCPC) == WHOLE
    hook = DHCPCD.replace("\ndhcp_", "\nnew_dhcp_").replace("\nip_", "\nnew_ip_")
    assert leases.parse_dhcpcd(hook, "enp3s0").server == "192.168.10.2"


def replace_interface(lease: Lease, interface: str) -> Lease:
    return Lease(
        address=lease.address,
        prefix=lease.prefix,
        interface=interface,
        server=lease.server,
        lease_s=lease.lease_s,
        routers=lease.routers,
        dns=lease.dns,
        domain=lease.domain,
    )


def test_the_last_whole_lease_of_dhclient_counts() -> None:
    lease = leases.parse_dhclient(DHCLIENT, "enp3s0")
    assert lease.address == "192.168.10.37"
    assert lease.server == "192.168.10.2"
    assert lease.expires == "2026/10/06 08:02:11"
    assert lease.dns == ("192.168.10.1", "203.0.113.53")
    half = DHCLIENT[: DHCLIENT.index("  renew")]
    assert leases.parse_dhclient(half, "enp3s0").address == "192.168.99.5"


def test_a_lease_of_another_address_is_an_old_one() -> None:
    now = AddressFacts(interface="enp3s0", ipv4=(("169.254.7.8", 16),), source="ip -j")
    assert with_lease(now, WHOLE, "dhclient") is now
    assert with_lease(AddressFacts(interface="enp3s0"), Lease(), "dhclient").dhcp is None


def test_a_lease_adds_what_was_not_known() -> None:
    now = AddressFacts(
        interface="enp3s0", ipv4=(("192.168.10.37", 24),), gateways=("192.168.10.9",), source="ip"
    )
    found = with_lease(now, WHOLE, "dhclient")
    assert found.gateways == ("192.168.10.9",)
    assert (found.dhcp, found.dhcp_server, found.lease_s) == (True, "192.168.10.2", 86400)
    assert found.source == "ip; dhclient"


@given(st.text())
def test_garbage_never_raises(text: str) -> None:
    assert linux.parse_address(text, "eth0") is None
    assert linux.parse_routes(text, "eth0").gateways == ()
    for parse in EVERY.values():
        parse(text)
    leases.parse_nmcli_dns(text, "eth0")


@pytest.mark.parametrize("text", EVERY)
@given(data=st.data())
def test_damage_invents_no_address(text: str, data: st.DataObject) -> None:
    lease = EVERY[text](data.draw(damaged(text)))
    found = {lease.address, lease.server, *lease.routers, *lease.dns} - {""}
    assert found <= addresses_in(text)


@given(damaged(outputs.IP_ADDRESS_DADFAILED.replace(",", ",\n")))
def test_no_damage_clears_a_duplicate(text: str) -> None:
    found = linux.parse_address(text, "enp3s0")
    assert found is None or found.duplicate is not False
