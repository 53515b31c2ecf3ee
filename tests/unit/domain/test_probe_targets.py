"""The targets file: what it may name, and every mistake in it named."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.domain.checked import Table
from fieldtech.domain.probe_targets import (
    Host,
    ProbeTargets,
    SipServer,
    SiteFacts,
    load_targets,
    parse_targets,
    to_wire,
)
from fieldtech.domain.words import Access, Attribution, RouterOwner
from fieldtech.errors import DataError

FULL = """
stun = ["stun.example.mx", "203.0.113.78:3479", "[2001:db8::1]:3478"]
sip = [
    { host = "203.0.113.60", port = 5060 },
    { host = "sip.example.mx", transport = "TLS", owner = "ally" },
]
reflector = "203.0.113.80:8620"
connectivity = "http://203.0.113.80/generate_204"
my_ip = "http://203.0.113.80/ip"
dns_names = ["www.example.mx"]
throughput = "http://203.0.113.80:8621/throughput"
resolvers = ["203.0.113.53"]

[site]
router_owner = "customer"
access = "ally"
speed_mbps = 100
"""


def _load(tmp_path: Path, text: str) -> tuple[ProbeTargets, SiteFacts]:
    file = tmp_path / "targets.toml"
    file.write_text(text, encoding="utf-8")
    return load_targets(file)


def test_a_whole_file(tmp_path: Path) -> None:
    targets, site = _load(tmp_path, FULL)
    assert [str(each) for each in targets.stun] == [
        "stun.example.mx:3478",
        "203.0.113.78:3479",
        "[2001:db8::1]:3478",
    ]
    assert targets.sip[1] == SipServer(
        host="sip.example.mx", port=5060, transport="tls", owner=Attribution.ALLY
    )
    assert targets.sip[0].owner is Attribution.OWN_NETWORK
    assert targets.reflector == Host(host="203.0.113.80", port=8620)
    assert site == SiteFacts(
        router_owner=RouterOwner.CUSTOMER, access=Access.ALLY, speed_mbps=100.0
    )
    assert parse_targets(Table(to_wire(targets), "policy")) == targets


def test_an_empty_file_names_nobody(tmp_path: Path) -> None:
    targets, site = _load(tmp_path, "")
    assert targets.is_empty
    assert site == SiteFacts()
    assert to_wire(targets) == {}


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('stun = "x"', "stun", "must be a list"),
        ('stun = ["a:99999"]', "stun", "no port"),
        ('stun = ["a:0"]', "stun", "no port"),
        ('stun = ["a b"]', "stun", "not the name"),
        ('reflector = "a:b"', "reflector", "no port"),
        ('reflector = "ñ.mx"', "reflector", "not the name"),
        ('connectivity = "https://a/"', "connectivity", "http://"),
        ('connectivity = "http://u:p@a/"', "connectivity", "http://"),
        ('my_ip = "http://[::1"', "my_ip", "not a URL"),
        ('my_ip = "ftp://a"', "my_ip", "http://"),
        ('dns_names = ["-"]', "dns_names", "not the name"),
        ('dns_names = ["a..b"]', "dns_names", "not the name"),
        ('resolvers = ["dns.example.mx"]', "resolvers", "not an address"),
        ('sip = [{ host = "a", transport = "smoke" }]', "sip[0].transport", "smoke"),
        ('sip = [{ host = "a", port = 0 }]', "sip[0].port", "at least 1"),
        ("sip = [{ port = 1 }]", "sip[0].host", "missing"),
        ("unheard = 1", "unheard", "unknown key"),
        ('[site]\naccess = "rented"', "site.access", "rented"),
        ("[site]\nspeed_mbps = 0", "site.speed_mbps", "above zero"),
        ("[site]\nspeed_mbps = -5", "site.speed_mbps", "above zero"),
        ("stun = [", "", ""),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, key: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        _load(tmp_path, text)
    assert "targets.toml" in str(caught.value)
    assert key in str(caught.value)
    assert said in str(caught.value)


@given(st.dictionaries(st.sampled_from(["stun", "sip", "reflector", "my_ip"]), st.text()))
def test_any_words_are_targets_or_a_named_mistake(data: dict[str, str]) -> None:
    targets = ProbeTargets()
    with contextlib.suppress(DataError):
        targets = parse_targets(Table(data, "policy"))
    assert parse_targets(Table(to_wire(targets), "policy")) == targets
