"""Which way is taken on which system, and which one when that is refused."""

from __future__ import annotations

import sys
from threading import Event
from typing import Any

import network_outputs as outputs
import pytest
from scripted_tools import ScriptedTools

from fieldtech.diagnostics.icmp.facts import (
    Echo,
    Hop,
    NotMeasurableError,
    NotPermittedError,
    summarize,
)
from fieldtech.diagnostics.icmp.reading import Means, hops, ping
from fieldtech.diagnostics.interfaces import InterfaceFacts

GATEWAY = "192.168.10.1"
ETHERNET = InterfaceFacts(
    name="Ethernet",
    up=True,
    speed_mbps=0,
    duplex="",
    mtu=1500,
    mac="",
    ipv4=("192.168.10.37",),
    ipv6=(),
)


def means(platform: str, tools: ScriptedTools, **ways: Any) -> Means:
    return Means(platform=platform, run=tools, interfaces=lambda: (ETHERNET,), **ways)


def raising(error: Exception) -> Any:
    def way(*_words: object, **_settings: object) -> Any:
        raise error

    return way


def test_the_systems_own_call_is_taken_first() -> None:
    asked: list[dict[str, object]] = []
    answer = (Echo(sent_at_s=0.0, rtt_ms=1.0),)

    def pinger(address: str, **settings: object) -> tuple[Echo, ...]:
        asked.append({"address": address, **settings})
        return answer

    tools = ScriptedTools()
    found = ping(GATEWAY, interface="eth0", means=means("linux", tools, pinger=pinger))
    assert found == answer
    assert tools.asked == []
    assert asked == [
        {
            "address": GATEWAY,
            "interface": "eth0",
            "count": 20,
            "interval_s": 0.05,
            "wait_s": 1.0,
            "cancel": None,
        }
    ]


@pytest.mark.parametrize("error", [NotPermittedError("ping_group_range"), OSError("no call")])
def test_a_refused_call_falls_back_to_the_tool(error: Exception) -> None:
    tools = ScriptedTools({("ping",): outputs.PING_LINUX})
    way = means("linux", tools, pinger=raising(error))
    found = ping(GATEWAY, interface="eth0", count=5, means=way)
    summary = summarize(found)
    assert summary is not None
    assert (summary.sent, summary.received) == (5, 3)
    assert found[1].sent_at_s == pytest.approx(0.2)
    assert tools.asked[0][-3:] == ("-I", "eth0", GATEWAY)
    assert tools.limits[0] > 3


def test_a_missing_interface_is_not_asked_of_the_tool() -> None:
    tools = ScriptedTools({("ping",): outputs.PING_LINUX})
    way = means("linux", tools, pinger=raising(NotMeasurableError("no_interface", "eth9")))
    with pytest.raises(NotMeasurableError, match="no_interface"):
        ping(GATEWAY, interface="eth9", means=way)
    assert tools.asked == []


def test_windows_goes_by_the_address_of_the_interface() -> None:
    tools = ScriptedTools({("ping",): outputs.PING_ES.encode("cp850")})
    way = means("win32", tools)
    found = ping(GATEWAY, interface="Ethernet", count=4, means=way)
    assert [each.rtt_ms for each in found] == [1.0, None, None, 12.0]
    assert tools.asked[0][-3:] == ("-S", "192.168.10.37", GATEWAY)
    with pytest.raises(NotMeasurableError, match="no_interface"):
        ping(GATEWAY, interface="Wi-Fi", means=way)


def test_macos_has_its_tool() -> None:
    tools = ScriptedTools({("ping",): outputs.PING_MACOS})
    found = ping(GATEWAY, interface="en0", count=3, means=means("darwin", tools))
    assert [each.rtt_ms for each in found] == [1.234, None, 2.345]


@pytest.mark.parametrize(
    ("tools", "reason"),
    [
        (ScriptedTools(), "missing"),
        (ScriptedTools({("ping",): "ping: socket: Operation not permitted\n"}), "unreadable"),
    ],
)
def test_no_measurement_is_no_loss(tools: ScriptedTools, reason: str) -> None:
    with pytest.raises(NotMeasurableError) as caught:
        ping(GATEWAY, means=means("darwin", tools))
    assert caught.value.reason == reason


def test_a_cancelled_tool_is_said() -> None:
    cancel = Event()
    cancel.set()
    for ask in (ping, hops):
        with pytest.raises(NotMeasurableError) as caught:
            ask(GATEWAY, cancel=cancel, means=means("darwin", ScriptedTools()))
        assert caught.value.reason == "cancelled"


@pytest.mark.parametrize(
    ("address", "reason"), [("2001:db8::1", "ipv6"), ("fe80::1%eth0", "ipv6"), ("-c", "unreadable")]
)
def test_only_ipv4_addresses_are_asked(address: str, reason: str) -> None:
    tools = ScriptedTools({("ping",): outputs.PING_LINUX})
    for ask in (ping, hops):
        with pytest.raises(NotMeasurableError) as caught:
            ask(address, means=means("linux", tools))
        assert caught.value.reason == reason
    assert tools.asked == []


def test_hops_by_call_and_by_tool() -> None:
    answer = (Hop(ttl=1, address=GATEWAY, rtt_ms=1.0),)
    way = means("linux", ScriptedTools(), tracer=lambda *_words, **_settings: answer)
    assert hops("203.0.113.9", means=way) == answer
    tools = ScriptedTools({("tracert",): outputs.TRACERT_ES.encode("cp850")})
    way = means("win32", tools, tracer=raising(OSError("no call")))
    found = hops("203.0.113.9", interface="Ethernet", means=way)
    assert [hop.address for hop in found] == [GATEWAY, "", "100.64.0.1"]
    tools = ScriptedTools({("traceroute",): " 1  192.168.10.1  0.5 ms\n"})
    assert hops(GATEWAY, interface="en0", means=means("darwin", tools))[0].reached
    assert "-i" in tools.asked[0]


def test_an_unreadable_route_is_none() -> None:
    tools = ScriptedTools({("traceroute",): "traceroute: unknown host\n"})
    with pytest.raises(NotMeasurableError, match="unreadable"):
        hops(GATEWAY, means=means("linux", tools))


def test_this_system_has_its_own_means() -> None:
    own = Means.of_this_system()
    assert own.platform == sys.platform
    assert (own.pinger is None) == (sys.platform == "darwin")


@pytest.mark.skipif(sys.platform != "linux", reason="asks this machine's own Linux")
def test_this_machine_answers_itself_by_whatever_way_it_has() -> None:
    try:
        found = ping("127.0.0.1", count=2, interval_s=0.01)
    except NotMeasurableError as error:
        pytest.skip(f"neither an ICMP socket nor ping works here: {error}")
    assert [each.source for each in found] == ["127.0.0.1", "127.0.0.1"]
    assert all(each.rtt_ms is not None for each in found)
