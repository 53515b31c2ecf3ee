"""``ipconfig /all``: languages, versions, code pages, wrapped lines, and damage."""

from __future__ import annotations

import network_outputs as outputs
import pytest
from damage import addresses_in, damaged
from hypothesis import given
from hypothesis import strategies as st
from shared_outputs import shared_output

from fieldtech.diagnostics.addresses.facts import AddressFacts
from fieldtech.diagnostics.addresses.ipconfig import find_adapter, parse_ipconfig

EVERY = [
    outputs.IPCONFIG_ES,
    outputs.IPCONFIG_DUPLICATE_ES,
    outputs.IPCONFIG_APIPA_EN,
    outputs.IPCONFIG_XP_EN,
    outputs.IPCONFIG_DE,
    outputs.IPCONFIG_FR,
    outputs.IPCONFIG_ZH,
]


def only(text: str) -> AddressFacts:
    (adapter,) = parse_ipconfig(text)
    return adapter


def test_spanish_with_an_ipv6_gateway_above_the_other() -> None:
    ethernet, wifi = parse_ipconfig(outputs.IPCONFIG_ES)
    assert ethernet == AddressFacts(
        interface="Ethernet",
        ipv4=(("192.168.10.37", 24),),
        ipv6=(
            ("2001:db8:37:2::7e33", None),
            ("2001:db8:37:2::ee99", None),
            ("fe80::2556:9357:93e5:7e33", None),
        ),
        gateways=("fe80::1%6", "192.168.10.1"),
        dhcp=True,
        dhcp_server="192.168.10.2",
        lease_expires="martes, 6 de octubre de 2026 8:02:11",
        dns=("192.168.10.1", "203.0.113.53"),
        domain="lan",
        duplicate=False,
        source="ipconfig",
    )
    assert ethernet.gateway == "192.168.10.1"
    assert (wifi.interface, wifi.ipv4, wifi.dhcp, wifi.duplicate) == ("Wi-Fi", (), True, None)


@pytest.mark.parametrize("page", ["cp1252", "latin-1"])
def test_a_page_850_read_as_another_is_still_spanish(page: str) -> None:
    mojibake = outputs.IPCONFIG_ES.encode("cp850").decode(page, "replace")
    assert "Direcci¢n" in mojibake
    assert parse_ipconfig(mojibake)[0] == parse_ipconfig(outputs.IPCONFIG_ES)[0]


def test_utf8_read_as_page_850_is_still_spanish() -> None:
    mojibake = outputs.IPCONFIG_ES.encode().decode("cp850")
    assert parse_ipconfig(mojibake)[0] == parse_ipconfig(outputs.IPCONFIG_ES)[0]


def test_letters_that_were_lost_leave_the_addresses() -> None:
    lost = outputs.IPCONFIG_ES.encode("ascii", "replace").decode().replace("?", "\ufffd")
    assert parse_ipconfig(lost)[0] == parse_ipconfig(outputs.IPCONFIG_ES)[0]


def test_a_duplicate_is_one_though_the_system_took_another_address() -> None:
    adapter = only(outputs.IPCONFIG_DUPLICATE_ES)
    assert adapter.interface == "Conexión de área local"
    assert adapter.ipv4 == (("192.168.10.37", 24), ("169.254.12.7", 16))
    assert adapter.duplicate is True
    assert not adapter.self_assigned, "it is not for want of a DHCP server"
    assert adapter.main_ipv4 == "192.168.10.37"
    assert adapter.dhcp is False


@pytest.mark.parametrize(
    ("mark", "duplicate"),
    [
        ("Preferred", False),
        ("Preferido", False),
        ("Duplicate", True),
        ("Duplicado", True),
        ("Dupliziert", True),
        ("Tentative", None),
        ("Deprecated", None),
        ("Znana", None),
    ],
)
def test_only_known_marks_are_a_verdict(mark: str, *, duplicate: bool | None) -> None:
    text = outputs.IPCONFIG_APIPA_EN.replace("Preferred", mark)
    assert only(text).duplicate is duplicate


def test_an_address_that_no_server_gave() -> None:
    adapter = only(outputs.IPCONFIG_APIPA_EN)
    assert adapter.self_assigned
    assert (adapter.gateways, adapter.gateway, adapter.dhcp_server) == ((), "", "")


def test_windows_xp() -> None:
    adapter = only(outputs.IPCONFIG_XP_EN)
    assert adapter.ipv4 == (("192.168.56.131", 24),)
    assert adapter.gateways == ("192.168.56.2",)
    assert adapter.dns == ("192.168.56.2", "192.168.56.3")
    assert adapter.dhcp_server == "192.168.56.254"
    assert adapter.lease_expires == "Monday, March 30, 2020 8:51:36 PM"
    assert adapter.duplicate is None


def test_german_with_a_wrapped_line_and_an_empty_one() -> None:
    adapter = only(outputs.IPCONFIG_DE)
    assert adapter.interface == "LAN-Verbindung"
    assert adapter.ipv4 == (("192.0.2.19", 25),)
    assert adapter.ipv6 == (("fe80::fd77:97e7:2cbf:cb38", None),)
    assert (adapter.gateways, adapter.dhcp_server) == (("192.0.2.1",), "198.51.100.24")
    assert adapter.dns == ("203.0.113.2", "203.0.113.3")
    assert (adapter.dhcp, adapter.domain, adapter.duplicate) == (True, "fritz.box", False)
    assert adapter.lease_expires == "Montag, 2. März 2015 19:43:12"


def test_french_where_the_colon_follows_the_dots() -> None:
    adapter = only(outputs.IPCONFIG_FR)
    assert adapter.interface == "Wi-Fi"
    assert adapter.ipv4 == (("10.33.77.163", 20),)
    assert (adapter.gateways, adapter.dhcp_server) == (("10.33.79.254",), "10.33.79.254")
    assert adapter.dns == ("8.8.8.8", "1.1.1.1")
    assert (adapter.dhcp, adapter.duplicate) == (True, False)
    assert adapter.lease_expires == "mardi 6 octobre 2026 08:02:11"


def test_a_language_of_which_no_label_is_known() -> None:
    adapter = only(outputs.IPCONFIG_ZH)
    assert adapter.ipv4 == (("192.168.3.20", 24),)
    assert adapter.gateways == ("192.168.3.1",)
    assert (adapter.dhcp, adapter.dhcp_server) == (True, "192.168.3.2")
    assert adapter.dns == ("192.168.3.1",)
    assert adapter.lease_expires == "2026年10月6日 8:02:11"
    found = find_adapter([adapter], "以太网")
    assert found is not None
    assert found.interface == "以太网"


def test_an_address_cut_by_the_edge_of_the_console_is_whole_again() -> None:
    value = "2001:db8:1111:2222:3333:4444:5555:6666(Preferido)"
    line = f"   {'Dirección IPv6 '.ljust(42, '.')}: {value}"
    text = f"\nAdaptador de Ethernet Ethernet:\n\n{line[:80]}\n{line[80:]}\n"
    assert value not in text
    assert only(text).ipv6 == (("2001:db8:1111:2222:3333:4444:5555:6666", None),)


def test_a_short_line_is_joined_to_nothing() -> None:
    text = outputs.IPCONFIG_APIPA_EN.replace(
        "Gateway . . . . . . . . . :\n", "Gateway . . . . . . . . . : 192.0.2.1\n23\n"
    )
    assert only(text).gateways == ("192.0.2.1",)


def test_the_last_line_counts_only_when_it_has_an_end() -> None:
    cut = outputs.IPCONFIG_DUPLICATE_ES.removesuffix("0.1\n")
    assert cut.endswith("192.168.1")
    assert only(cut).gateways == ()


def test_a_name_that_ends_two_headers_is_nobodys() -> None:
    text = "\nПервый адаптер Сеть:\n\nВторой адаптер Сеть:\n"
    adapters = parse_ipconfig(text)
    assert len(adapters) == 2
    assert find_adapter(adapters, "Сеть") is None
    assert find_adapter(adapters, "") is None
    assert find_adapter(parse_ipconfig(outputs.IPCONFIG_ES), "Ethernet 2") is None


def test_the_recorded_windows_10() -> None:
    adapters = parse_ipconfig(shared_output("ipconfig/windows-10-en.txt"))
    assert [each.interface for each in adapters] == [
        "Tailscale",
        "Ethernet 2",
        "Bluetooth Network Connection",
    ]
    assert adapters[0].dhcp is False
    assert adapters[0].gateways == ()
    assert adapters[1].ipv4 == (("10.50.13.132", 24),)
    assert adapters[1].gateway == adapters[1].dhcp_server == "10.50.13.1"
    assert adapters[1].domain == "internal.companyname.com"


@given(st.text() | st.text(alphabet=" .:()\n123456789abcfIPv4DHCPNS%adaptor"))
def test_arbitrary_text_never_raises(text: str) -> None:
    for adapter in parse_ipconfig(text):
        assert adapter.duplicate is not True or "(" in text


@pytest.mark.parametrize("text", EVERY)
@given(data=st.data())
def test_damage_invents_no_address(text: str, data: st.DataObject) -> None:
    there = addresses_in(text)
    for adapter in parse_ipconfig(data.draw(damaged(text))):
        found = {address for address, _ in (*adapter.ipv4, *adapter.ipv6)}
        found |= {each.partition("%")[0] for each in (*adapter.gateways, *adapter.dns)}
        found |= {adapter.dhcp_server} - {""}
        assert found <= there


@given(damaged(outputs.IPCONFIG_DUPLICATE_ES))
def test_no_damage_clears_a_duplicate(text: str) -> None:
    for adapter in parse_ipconfig(text):
        if "192.168.10.37" in {address for address, _ in adapter.ipv4}:
            assert adapter.duplicate is not False


@given(damaged(outputs.IPCONFIG_APIPA_EN))
def test_no_damage_makes_a_given_address_of_a_self_assigned_one(text: str) -> None:
    for adapter in parse_ipconfig(text):
        assert adapter.self_assigned or not adapter.ipv4
