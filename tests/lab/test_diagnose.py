"""The checklist in the lab: every fault is detected and laid at the right door, health at nobody's.

The table of what was found is printed at the end of the tests.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from lab import addresses as at
from lab import world
from lab.checklist import diagnose, measurable, reading, statuses
from lab.faults import FAULTS
from lab.plan import Options
from lab.waiting import LabUnavailable
from lab.wire import Settings
from lab.world import Lab

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
    pytest.mark.slow,
]

CUSTOMER, OWN, ALLY = "customer", "own_network", "ally"
# The lab's router is the customer's, its access an ally's, its resolver and SIP server our own.
RIGHT: dict[str, tuple[str, str]] = {
    "cable_out": ("cable", CUSTOMER),
    "dhcp_none": ("ip", CUSTOMER),
    "gateway_duplicate": ("ip", CUSTOMER),
    "dhcp_rogue": ("lan", CUSTOMER),
    "lan_loss_30": ("lan", CUSTOMER),
    "symmetric_nat": ("router", CUSTOMER),
    "sip_alg": ("router", CUSTOMER),
    "bufferbloat": ("router", CUSTOMER),
    "double_nat": ("wan", OWN),
    "wan_down": ("provider", ALLY),
    "pmtu_blackhole_1440": ("provider", ALLY),
    "loss_2": ("provider", ALLY),
    "loss_5": ("provider", ALLY),
    "loss_10": ("provider", ALLY),
    "jitter_35": ("provider", ALLY),
    "delay_150": ("provider", ALLY),
    "delay_250": ("provider", ALLY),
    "provider_loss": ("provider", ALLY),
    "dns_down": ("dns", OWN),
    "dns_hijack": ("dns", OWN),
    "captive_portal": ("internet", "undetermined"),
    "sip_down": ("sip", OWN),
    "pmtu_1492": ("", ""),
}
MILD = frozenset(
    {"dhcp_rogue", "symmetric_nat", "double_nat", "bufferbloat", "delay_150", "delay_250"}
)
"""What is odd and breaks nothing: a warning, and no failure."""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A healthy lab with everything in it that the probes ask."""
    try:
        with world.lab() as built, measurable(built):
            yield built
    except LabUnavailable as problem:
        pytest.skip(f"the lab cannot be built here: {problem}")


def told(document: dict[str, Any]) -> tuple[str, str]:
    return document["verdict"]["link"], document["verdict"]["attribution"]


def note(record: Any, name: str, document: dict[str, Any], right: tuple[str, str]) -> None:
    found = told(document)
    record("lab", [name, *found, "yes" if found == right else "NO", f"{document['seconds']:.1f}"])


def test_every_fault_has_its_right_answer() -> None:
    assert set(RIGHT) == set(FAULTS)
    assert len(RIGHT) == 23


def test_a_healthy_network_yields_no_warning(lab: Lab, record_property: Any) -> None:
    document = diagnose(lab)
    note(record_property, "healthy", document, ("", ""))
    assert document["exit"] == 0
    assert set(statuses(document).values()) == {"pass", "not_measurable"}
    unmeasured = {name for name, each in statuses(document).items() if each == "not_measurable"}
    assert unmeasured == {"wifi", "wifi_channels", "wifi_security", "throughput", "bufferbloat"}
    assert document["verdict"]["cause"] == "healthy"
    assert document["said"] == ""
    assert reading(document, "internet.public_ip")["value"] == at.PUBLIC
    assert {result["interface"] for result in document["results"]} == {"lan0"}


def test_a_full_run_of_a_healthy_network_yields_no_warning(lab: Lab, record_property: Any) -> None:
    document = diagnose(lab, "--profile-name", "full")
    note(record_property, "healthy, full", document, ("", ""))
    assert document["exit"] == 0
    assert set(statuses(document).values()) == {"pass", "not_measurable"}
    assert float(reading(document, "internet.speed")["value"]) > 10
    assert float(reading(document, "internet.upload")["value"]) > 10
    voice = next(each for each in document["results"] if each["probe"] == "voice")
    assert voice["evidence"]["packets"] == 1000


@pytest.mark.parametrize("name", [name for name in RIGHT if name != "double_nat"])
def test_a_fault_is_found_and_laid_at_the_right_door(
    lab: Lab, record_property: Any, name: str
) -> None:
    # What fills the line is left out of a quick run.
    more = ["--probe", "gateway", "--probe", "bufferbloat"] if name == "bufferbloat" else []
    with FAULTS[name].apply(lab):
        document = diagnose(lab, *more)
    note(record_property, name, document, RIGHT[name])
    assert told(document) == RIGHT[name], document["verdict"]
    if name == "pmtu_1492":
        assert document["verdict"]["status"] == "pass"
        path = next(each for each in document["results"] if each["probe"] == "path_mtu")
        assert (path["status"], path["evidence"]["kind"]) == ("pass", "PPPoE")
        assert reading(document, "internet.mtu")["value"] == "1492"
        return
    assert document["verdict"]["status"] == ("warn" if name in MILD else "fail")
    assert document["exit"] == (0 if name in MILD else 1)


def test_a_second_nat_is_found(record_property: Any) -> None:
    """The carrier's NAT is part of how a lab is built."""
    try:
        with FAULTS["double_nat"].lab() as built, measurable(built):
            document = diagnose(built)
    except LabUnavailable as problem:
        pytest.skip(f"the lab cannot be built here: {problem}")
    note(record_property, "double_nat", document, RIGHT["double_nat"])
    assert told(document) == RIGHT["double_nat"]
    assert reading(document, "router.wan_ip")["value"] == at.CARRIER


BAD_LANS = {
    "jitter on the LAN": Settings(jitter_ms=90.0, jitter="slots"),
    "delay on the LAN": Settings(delay_ms=100.0),
}


@pytest.mark.parametrize("name", BAD_LANS)
def test_what_the_lan_does_to_calls_is_not_the_providers(record_property: Any, name: str) -> None:
    """As a bad radio link does, or a switch that is overloaded: the line itself is healthy."""
    try:
        with world.lab(Options(lan=BAD_LANS[name])) as built, measurable(built):
            document = diagnose(built)
    except LabUnavailable as problem:
        pytest.skip(f"the lab cannot be built here: {problem}")
    note(record_property, name, document, ("lan", CUSTOMER))
    assert told(document) == ("lan", CUSTOMER), document["verdict"]
    assert document["verdict"]["cause"] == "slow_gateway"


def test_a_router_that_refuses_what_it_forwards_is_no_second_nat(
    lab: Lab, record_property: Any
) -> None:
    """Its port unreachable comes from the gateway, whose address is a private one."""
    refuse = 'iifname "br-lan" udp dport 33434-33534 reject'
    chain = f"chain gate {{ type filter hook forward priority 0; {refuse}; }}"
    with lab.rules("router", "inet refuse", chain):
        document = diagnose(lab)
    note(record_property, "traceroute refused", document, ("", ""))
    assert reading(document, "router.wan_ip")["value"] != at.GATEWAY
    assert document["verdict"]["cause"] == "healthy", document["verdict"]


@pytest.mark.parametrize(
    # Where nobody answers but by name, a silent name server is all that a dead access shows too.
    ("name", "whose"),
    [("dns_down", "undetermined"), ("dns_hijack", OWN)],
)
def test_hosts_that_have_only_names_do_not_hide_the_name_server(
    lab: Lab, record_property: Any, name: str, whose: str
) -> None:
    with FAULTS[name].apply(lab):
        document = diagnose(lab, targets="named.toml")
    note(record_property, f"{name}, only names", document, ("dns", whose))
    assert told(document) == ("dns", whose), document["verdict"]


def test_a_healthy_network_by_names(lab: Lab, record_property: Any) -> None:
    document = diagnose(lab, targets="named.toml")
    note(record_property, "healthy, only names", document, ("", ""))
    assert set(statuses(document).values()) == {"pass", "not_measurable"}
    assert document["verdict"]["cause"] == "healthy"


LAB_FIREWALLS = {
    # What is dropped in the router, by nftables: the verdict's cause and link.
    "5060 blocked": ('iifname "br-lan" udp dport 5060 drop', "sip_blocked", "sip"),
    "UDP blocked": (
        'iifname "br-lan" meta l4proto udp th dport != { 53, 67 } drop',
        "udp_blocked",
        "router",
    ),
    "reflector out of reach": (
        f"ip daddr {at.REFLECTOR} udp dport 8620 drop",
        "reflector_silent",
        "provider",
    ),
    "few pings answered": (
        f"ip daddr {at.GATEWAY} icmp type echo-request limit rate over 5/second drop",
        "healthy",
        "",
    ),
    "no pings answered": (f"ip daddr {at.GATEWAY} icmp type echo-request drop", "healthy", ""),
}


@pytest.mark.parametrize("name", LAB_FIREWALLS)
def test_a_firewall_is_not_taken_for_a_broken_line(
    lab: Lab, record_property: Any, name: str
) -> None:
    rule, cause, link = LAB_FIREWALLS[name]
    chain = f"chain pre {{ type filter hook prerouting priority -300; {rule}; }}"
    with lab.rules("router", "inet firewall", chain):
        document = diagnose(lab)
    whose = "undetermined" if link else ""
    note(record_property, name, document, (link, whose))
    assert document["verdict"]["cause"] == cause, document["verdict"]
    assert told(document) == (link, whose)


def test_a_portal_that_lets_nothing_else_pass_is_a_portal(lab: Lab, record_property: Any) -> None:
    dropped = 'iifname "br-lan" meta l4proto { tcp, udp } th dport != { 53, 67, 80, 8080 } drop'
    chain = f"chain pre {{ type filter hook prerouting priority -300; {dropped}; }}"
    with FAULTS["captive_portal"].apply(lab), lab.rules("router", "inet hotspot", chain):
        document = diagnose(lab)
    note(record_property, "hotspot", document, ("internet", "undetermined"))
    assert told(document) == ("internet", "undetermined"), document["verdict"]


def test_behind_a_cable_that_is_out_nothing_is_judged(lab: Lab) -> None:
    with FAULTS["cable_out"].apply(lab):
        document = diagnose(lab)
    found = statuses(document)
    assert found.pop("link") == "fail"
    found.pop("ip_config")
    assert set(found.values()) == {"not_measurable"}
    behind = [each for each in document["results"] if each["probe"] in {"voice", "dns", "gateway"}]
    assert {each["reason"] for each in behind} == {"no link"}


def test_the_same_run_proves_the_restoration(lab: Lab) -> None:
    with FAULTS["loss_5"].apply(lab):
        before = diagnose(lab)
    after = diagnose(lab)
    was, now = reading(before, "sip.loss"), reading(after, "sip.loss")
    assert (was["status"], now["status"], now["value"]) == ("fail", "pass", "0")
    assert (was["threshold"], was["source"]) == (now["threshold"], now["source"])
    assert (told(before)[0], told(after)[0]) == ("provider", "")


@pytest.mark.parametrize(
    ("resolver", "whose"), [(at.THIRD_PARTY_DNS, "third_party"), (at.GATEWAY, CUSTOMER)]
)
def test_a_silent_resolver_is_its_owners(record_property: Any, resolver: str, whose: str) -> None:
    try:
        with (
            world.lab(Options(resolver=resolver)) as built,
            measurable(built),
            FAULTS["dns_down"].apply(built),
        ):
            document = diagnose(built)
    except LabUnavailable as problem:
        pytest.skip(f"the lab cannot be built here: {problem}")
    note(record_property, f"dns_down ({resolver})", document, ("dns", whose))
    assert told(document) == ("dns", whose)
