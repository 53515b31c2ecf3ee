"""PowerShell's JSON in the forms of its versions, and names that try to be code."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from damage import damaged
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.addresses import powershell
from fieldtech.diagnostics.addresses.facts import AddressFacts
from fieldtech.diagnostics.addresses.neighbours import Neighbour

FIVE: dict[str, Any] = {
    "Interface": {"InterfaceAlias": "Wi-Fi", "InterfaceIndex": 6, "Dhcp": 1, "ConnectionState": 1},
    "Addresses": [
        {"IPAddress": "fe80::1%6", "PrefixLength": 64, "AddressState": 4},
        {"IPAddress": "192.168.10.37", "PrefixLength": 24, "AddressState": 4},
    ],
    "Routes": [{"NextHop": "192.168.10.1", "RouteMetric": 0}],
    "Dns": ["192.168.10.1", "203.0.113.53"],
    "Client": {
        "DHCPEnabled": True,
        "DHCPServer": "192.168.10.2",
        "DHCPLeaseObtained": "/Date(1791187331000)/",
        "DHCPLeaseExpires": "/Date(1791273731000)/",
        "DNSDomain": "lan",
    },
}
SEVEN: dict[str, Any] = {
    "Interface": {"InterfaceAlias": "Wi-Fi", "Dhcp": "Enabled"},
    "Addresses": {"value": FIVE["Addresses"], "Count": 2},
    "Routes": {"NextHop": "192.168.10.1", "RouteMetric": 0},
    "Dns": ["192.168.10.1", "203.0.113.53"],
    "Client": {
        **FIVE["Client"],
        "DHCPLeaseObtained": "2026-10-05T08:02:11+00:00",
        "DHCPLeaseExpires": "2026-10-06T08:02:11+00:00",
    },
}
WHOLE = AddressFacts(
    interface="Wi-Fi",
    ipv4=(("192.168.10.37", 24),),
    ipv6=(("fe80::1", 64),),
    gateways=("192.168.10.1",),
    dhcp=True,
    dhcp_server="192.168.10.2",
    lease_s=86400,
    lease_expires="2026-10-06T08:02:11+00:00",
    dns=("192.168.10.1", "203.0.113.53"),
    domain="lan",
    duplicate=False,
    source="powershell",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def parsed(value: object) -> AddressFacts | None:
    return powershell.parse_addresses(json.dumps(value), "Wi-Fi")


def with_states(*states: object) -> AddressFacts | None:
    addresses = [
        {"IPAddress": f"192.168.10.{number}", "PrefixLength": 24, "AddressState": state}
        for number, state in enumerate(states, start=1)
    ]
    return parsed({**FIVE, "Addresses": addresses})


@pytest.mark.parametrize("value", [FIVE, [FIVE], SEVEN])
def test_both_powershells_tell_the_same(value: object) -> None:
    assert parsed(value) == WHOLE


def test_a_byte_order_mark_is_no_harm() -> None:
    assert powershell.parse_addresses("\ufeff" + json.dumps(FIVE) + "\r\n", "wi-fi") is not None


@pytest.mark.parametrize(
    ("states", "duplicate"),
    [
        ((4,), False),
        (("Preferred",), False),
        ((4, 2), True),
        (("Duplicate",), True),
        ((1,), None),
        ((None,), None),
        (("4",), False),
        ((4, 3), None),
        ((True,), None),
    ],
)
def test_only_addresses_that_were_all_checked_are_clean(
    states: tuple[object, ...], *, duplicate: bool | None
) -> None:
    facts = with_states(*states)
    assert facts is not None
    assert facts.duplicate is duplicate


def test_what_powershell_cut_at_its_depth_is_unknown() -> None:
    cut = {
        **FIVE,
        "Addresses": "@{IPAddress=192.168.10.37; PrefixLength=24; AddressState=4}",
        "Routes": "System.Object[]",
        "Client": "@{DHCPEnabled=True; DHCPServer=192.168.10.2}",
        "Dns": None,
    }
    facts = parsed(cut)
    assert facts == AddressFacts(interface="Wi-Fi", dhcp=True, source="powershell")


def test_no_server_and_no_gateway_are_written_in_numbers_too() -> None:
    nothing = {
        **FIVE,
        "Routes": [{"NextHop": "0.0.0.0"}, {"NextHop": "::"}],  # noqa: S104  a route, not a bind
        "Client": {"DHCPEnabled": None, "DHCPServer": "255.255.255.255"},
        "Interface": {"InterfaceAlias": "Wi-Fi", "Dhcp": None},
    }
    facts = parsed(nothing)
    assert facts is not None
    assert (facts.gateways, facts.dhcp_server, facts.dhcp, facts.lease_s) == ((), "", None, None)


@pytest.mark.parametrize("value", [None, [], {}, "no se reconoce", {"Interface": None}])
def test_another_interface_or_none_is_no_answer(value: object) -> None:
    assert parsed(value) is None
    assert powershell.parse_addresses(json.dumps(FIVE), "Ethernet") is None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("/Date(1791273731000)/", "2026-10-06T08:02:11+00:00"),
        ("/Date(1791273731000-0600)/", "2026-10-06T08:02:11+00:00"),
        ("2026-10-06T02:02:11-06:00", "2026-10-06T02:02:11-06:00"),
        ("20261006020211.000000-360", "2026-10-06T02:02:11-06:00"),
        ({"value": "/Date(1791273731000)/", "DisplayHint": 2}, "2026-10-06T08:02:11+00:00"),
    ],
)
def test_dates_in_every_form(value: object, written: str) -> None:
    found = powershell.moment(value)
    assert found is not None
    assert found.isoformat() == written


@pytest.mark.parametrize(
    "value", [None, "", 5, "martes", "/Date(999999999999999)/", "20261306020211.000000-360", {}]
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert powershell.moment(value) is None


@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("Wi-Fi", "'Wi-Fi'"),
        ("it's", "'it''s'"),
        ("a\u2019; Remove-Item C:\\ #", "'a\u2019\u2019; Remove-Item C:\\ #'"),
        ("$(calc) `n", "'$(calc) `n'"),
    ],
)
def test_a_name_stays_a_name(name: str, literal: str) -> None:
    assert powershell.quoted(name) == literal
    for command in (powershell.addresses_command(name), powershell.neighbours_command(name)):
        assert f"$name = {literal}\n" in script_of(command)


@given(st.text())
def test_no_name_ends_its_quotes(name: str) -> None:
    inside = powershell.quoted(name)[1:-1]
    for quote in "'\u2018\u2019\u201a\u201b":
        inside = inside.replace(quote * 2, "")
        assert quote not in inside


def script_of(command: list[str]) -> str:
    assert command[-2] == "-EncodedCommand"
    return base64.b64decode(command[-1]).decode("utf-16-le")


def test_the_scripts_keep_their_braces() -> None:
    script = script_of(powershell.addresses_command("Ethernet 2"))
    assert "{{" not in script
    assert script.count("{") == script.count("}")
    assert len(" ".join(powershell.addresses_command("Ethernet 2"))) < 8000


def test_the_neighbours_are_looked_at_several_times_in_one_script() -> None:
    script = script_of(powershell.neighbours_command("Ethernet 2", looks=6, every_s=0.4))
    assert "foreach ($look in 1..6) {" in script
    assert "Start-Sleep -Milliseconds 400" in script
    assert "{{" not in script
    assert script.count("{") == script.count("}")


def test_neighbours() -> None:
    text = json.dumps(
        [
            {"IPAddress": "192.168.10.1", "LinkLayerAddress": "AA-BB-CC-DD-EE-01", "State": 5},
            {"IPAddress": "192.168.10.9", "LinkLayerAddress": "00-00-00-00-00-00", "State": 0},
            {"IPAddress": "fe80::2", "LinkLayerAddress": "", "State": "Incomplete"},
            {"IPAddress": "nobody", "State": 5},
            {"IPAddress": "192.168.10.7", "LinkLayerAddress": None, "State": 99},
        ]
    )
    assert powershell.parse_neighbours(text) == (
        Neighbour(address="192.168.10.1", mac="aa:bb:cc:dd:ee:01", state="reachable"),
        Neighbour(address="192.168.10.9", mac="", state="unreachable"),
        Neighbour(address="fe80::2", mac="", state="incomplete"),
        Neighbour(address="192.168.10.7", mac="", state="unknown"),
    )


@given(st.text(), JSON)
def test_garbage_never_raises(text: str, value: object) -> None:
    assert powershell.parse_addresses(text, "Wi-Fi") is None
    powershell.parse_neighbours(text)
    powershell.parse_neighbours(json.dumps(value))
    powershell.moment(value)


@given(st.sampled_from(sorted(FIVE)), JSON)
def test_any_part_may_be_anything(part: str, value: object) -> None:
    facts = parsed({**FIVE, part: value})
    if facts is not None:
        assert facts.dhcp_server in {"192.168.10.2", ""}


@given(damaged(json.dumps(FIVE, indent=1).replace('"AddressState": 4', '"AddressState": 2')))
def test_no_damage_clears_a_duplicate(text: str) -> None:
    facts = powershell.parse_addresses(text, "Wi-Fi")
    assert facts is None or facts.duplicate is not False
