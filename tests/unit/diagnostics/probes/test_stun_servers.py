"""Several STUN servers of a policy: the dead hold nobody up, the liars are not believed."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from ipaddress import ip_address

import pytest
import stun_servers
from diagnosing import LAN, a_context, shipped_template

from fieldtech.diagnostics import stun
from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.probes import my_ip, nat_behaviour
from fieldtech.diagnostics.registry import probe_named
from fieldtech.diagnostics.results import ProbeResult
from fieldtech.diagnostics.runner import Run
from fieldtech.domain.probe_targets import Host, ProbeTargets

HERE = replace(LAN, ipv4=(stun_servers.LOOPBACK,))
PRIMARY = ("203.0.113.60", 3478)


def found_by(probe: str, *servers: Host) -> ProbeResult:
    """Run one probe within its own limit."""
    known = probe_named(probe)
    assert known is not None
    context = a_context(HERE, targets=ProbeTargets(stun=servers))
    (result,) = Run(context, shipped_template()).run([known]).results
    return result


@pytest.mark.parametrize(
    ("probe", "answer", "item", "value"),
    [
        ("nat_behaviour", stun_servers.mapped, "router.nat", "none"),
        ("my_ip", stun_servers.elsewhere, "internet.public_ip", stun_servers.PUBLIC),
    ],
)
def test_servers_that_are_dead_hold_nobody_up(
    probe: str, answer: stun_servers.Answer, item: str, value: str
) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(stun_servers.dead()) for _ in range(4)]
        alive = stack.enter_context(stun_servers.living(answer))
        result = found_by(probe, *silent, alive)
    assert result.value(item) == value


def test_servers_that_are_all_dead_are_silent_within_the_limit() -> None:
    with stun_servers.dead() as one, stun_servers.dead() as other:
        assert found_by("nat_behaviour", one, other).reason is Reason.UNREACHED
        public = found_by("my_ip", one, other).readings
    assert {each.reason for each in public} == {Reason.NO_REPLY, Reason.NO_CONTROL}


def test_the_public_address_is_asked_of_all_once_a_run() -> None:
    with stun_servers.dead() as silent, stun_servers.living() as alive:
        context = a_context(HERE, targets=ProbeTargets(stun=(silent, alive)))
        assert my_ip.public_by_stun(context) == stun_servers.LOOPBACK
    assert my_ip.public_by_stun(context) == stun_servers.LOOPBACK, "and kept"


@pytest.mark.parametrize(
    ("address", "port"),
    [
        ("203.0.113.60", 3479),
        ("203.0.113.61", 3478),
        ("203.0.113.60", 3478),
        ("203.0.113.61", 0),
        ("0.0.0.0", 3479),  # noqa: S104  an answer, not a bind
        ("127.0.0.1", 3479),
        ("224.0.0.1", 3479),
    ],
)
def test_what_is_no_second_address(address: str, port: int) -> None:
    """RFC 5780, 7.4: asked twice at one place, every NAT would seem to map by endpoint alone."""
    assert nat_behaviour.other_address(an_answer(address, port), PRIMARY) is None


def test_a_second_address_is_another_one_with_another_port() -> None:
    other = ("203.0.113.61", 3479)
    assert nat_behaviour.other_address(an_answer(*other), PRIMARY) == other


def an_answer(address: str, port: int) -> stun.Message:
    """Return an answer that tells this OTHER-ADDRESS."""
    other = stun.address_value(stun.Endpoint(ip_address(address), port))
    told = [(stun.Attribute.OTHER_ADDRESS, other)]
    return stun.decode(stun.encode(stun.Class.SUCCESS, stun.BINDING, bytes(12), told))
