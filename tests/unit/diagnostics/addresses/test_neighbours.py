"""The neighbour tables of three systems."""

from __future__ import annotations

import network_outputs as outputs
import pytest
from damage import damaged
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.addresses.neighbours import (
    Neighbour,
    macs_of,
    parse_ip_neigh,
    parse_macos_arp,
    parse_net_neighbor,
    parse_windows_arp,
)

IP_NEIGH = (
    '[{"dst":"192.168.10.1","dev":"enp3s0","lladdr":"AA:bb:cc:dd:ee:01","state":["REACHABLE"]},'
    '{"dst":"192.168.10.9","dev":"enp3s0","state":["FAILED"]},'
    '{"dst":"fe80::2","dev":"wlan0","lladdr":"aa:bb:cc:dd:ee:03","router":null,'
    '"state":["STALE"]}]\n'
)
ARP_MACOS = """? (192.168.2.1) at a:bb:c:dd:ee:1 on en0 ifscope [ethernet]
? (192.168.2.9) at (incomplete) on en0 ifscope [ethernet]
? (192.168.2.51) at ac:bc:32:ce:d3:f5 on en0 ifscope permanent [ethernet]
? (10.8.0.1) at aa:bb:cc:dd:ee:09 on en5 [ethernet]
"""


def entry(address: str, mac: str, state: str) -> Neighbour:
    return Neighbour(address=address, mac=mac, state=state)


def test_linux() -> None:
    assert parse_ip_neigh(IP_NEIGH, "enp3s0") == (
        entry("192.168.10.1", "aa:bb:cc:dd:ee:01", "reachable"),
        entry("192.168.10.9", "", "failed"),
    )
    assert len(parse_ip_neigh(IP_NEIGH)) == 3
    assert parse_ip_neigh("[]\n") == ()


def test_windows_in_spanish_by_interface() -> None:
    assert parse_windows_arp(outputs.ARP_ES, "192.168.10.37") == (
        entry("192.168.10.1", "aa:bb:cc:dd:ee:01", "dynamic"),
        entry("192.168.10.255", "ff:ff:ff:ff:ff:ff", "static"),
    )
    assert len(parse_windows_arp(outputs.ARP_ES)) == 3
    assert parse_windows_arp(outputs.ARP_ES, "192.168.10.3") == ()


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("dynamic", "dynamic"),
        ("dinámico", "dynamic"),
        ("din\u00a0mico", "dynamic"),
        ("dynamisch", "dynamic"),
        ("dynamique", "dynamic"),
        ("statisch", "static"),
        ("动态", "dynamic"),
        ("静态", "static"),
        ("динамический", "unknown"),
    ],
)
def test_windows_in_other_languages(word: str, state: str) -> None:
    text = f"\nX: 192.168.1.5 --- 0x5\n  192.168.1.1   aa-bb-cc-dd-ee-01   {word}   \n"
    assert parse_windows_arp(text, "192.168.1.5") == (
        entry("192.168.1.1", "aa:bb:cc:dd:ee:01", state),
    )


def test_macos_writes_no_leading_zeros() -> None:
    assert parse_macos_arp(ARP_MACOS, "en0") == (
        entry("192.168.2.1", "0a:bb:0c:dd:ee:01", "dynamic"),
        entry("192.168.2.9", "", "incomplete"),
        entry("192.168.2.51", "ac:bc:32:ce:d3:f5", "permanent"),
    )


def test_two_machines_that_answer_for_one_address() -> None:
    table = (
        entry("192.168.1.1", "aa:bb:cc:dd:ee:01", "stale"),
        entry("192.168.1.1", "aa:bb:cc:dd:ee:02", "reachable"),
        entry("192.168.1.1", "", "failed"),
        entry("192.168.1.2", "aa:bb:cc:dd:ee:03", "reachable"),
    )
    assert macs_of(table, "192.168.1.1") == ("aa:bb:cc:dd:ee:01", "aa:bb:cc:dd:ee:02")
    assert macs_of(table, "192.168.1.9") == ()


@given(st.text())
def test_garbage_never_raises(text: str) -> None:
    for parse in (parse_ip_neigh, parse_windows_arp, parse_macos_arp):
        for each in parse(text):
            assert each.address
    assert parse_net_neighbor(text) == ()


@given(damaged(outputs.ARP_ES), damaged(ARP_MACOS))
def test_damage_invents_no_neighbour(windows: str, macos: str) -> None:
    whole = {(each.address, each.mac) for each in parse_windows_arp(outputs.ARP_ES)}
    assert {(each.address, each.mac) for each in parse_windows_arp(windows)} <= whole
    whole = {(each.address, each.mac) for each in parse_macos_arp(ARP_MACOS)}
    found = {(each.address, each.mac) for each in parse_macos_arp(macos) if each.mac}
    assert found <= whole
