"""Echoes and hops for real: to this machine, and through a router in network namespaces."""

from __future__ import annotations

import errno
import json
import socket
import sys
from collections.abc import Iterator
from threading import Event
from typing import Any

import hop_lab
import pytest

from fieldtech.diagnostics.icmp import linux
from fieldtech.diagnostics.icmp.facts import Hop, NotMeasurableError, NotPermittedError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's own sockets")

PRINT = """
import dataclasses, json, threading
from fieldtech.diagnostics.icmp import linux
from fieldtech.diagnostics.icmp.facts import NotMeasurableError
CANCELLED = threading.Event()
CANCELLED.set()
try:
    found = [dataclasses.asdict(each) for each in linux.{call}]
except NotMeasurableError as error:
    found = error.reason
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def laptop() -> Iterator[str]:
    with hop_lab.three_namespaces() as name:
        yield name


def asked(laptop: str, call: str) -> Any:
    return json.loads(hop_lab.on_laptop(laptop, PRINT.format(call=call)))


def test_every_echo_comes_back_through_a_router(laptop: str) -> None:
    found = asked(laptop, f"ping({hop_lab.FAR!r}, interface='lan0', count=5, interval_s=0.01)")
    assert len(found) == 5
    assert all(each["rtt_ms"] > 0 for each in found)
    assert {(each["source"], each["ttl"], each["error"]) for each in found} == {
        (hop_lab.FAR, 63, "")
    }
    assert [each["sent_at_s"] for each in found] == sorted(each["sent_at_s"] for each in found)


def test_an_address_that_nobody_has_is_lost_with_who_said_so(laptop: str) -> None:
    call = "ping({!r}, interface='lan0', count=3, interval_s=0.01, wait_s=5.0)"
    near = asked(laptop, call.format(hop_lab.NOBODY_NEAR))
    far = asked(laptop, call.format(hop_lab.NOBODY_FAR))
    assert {(each["rtt_ms"], each["error"], each["source"]) for each in near} == {
        (None, "host_unreachable", "192.168.77.2")
    }
    assert {(each["rtt_ms"], each["error"], each["source"]) for each in far} == {
        (None, "host_unreachable", hop_lab.GATEWAY)
    }


def test_silence_is_loss(laptop: str) -> None:
    call = f"({hop_lab.SILENT!r}, interface='lan0', wait_s=0.2"
    found = asked(laptop, f"ping{call}, count=3, interval_s=0.01)")
    assert [(each["rtt_ms"], each["error"]) for each in found] == [(None, "no_reply")] * 3
    found = asked(laptop, f"hops{call})")
    assert [(each["ttl"], each["address"], each["error"]) for each in found] == [
        (1, "", ""),
        (2, "", ""),
        (3, "", ""),
    ]


def test_an_interface_that_is_not_there(laptop: str) -> None:
    assert asked(laptop, f"ping({hop_lab.FAR!r}, interface='lan9')") == "no_interface"
    assert asked(laptop, f"hops({hop_lab.FAR!r}, interface='lan9')") == "no_interface"


def test_cancelled_is_said(laptop: str) -> None:
    assert asked(laptop, f"ping({hop_lab.FAR!r}, cancel=CANCELLED)") == "cancelled"


def test_the_hops_up_to_the_target(laptop: str) -> None:
    found = asked(laptop, f"hops({hop_lab.FAR!r}, interface='lan0')")
    assert [(each["ttl"], each["address"], each["reached"]) for each in found] == [
        (1, hop_lab.GATEWAY, False),
        (2, hop_lab.FAR, True),
    ]
    (only,) = asked(laptop, f"hops({hop_lab.GATEWAY!r}, interface='lan0')")
    assert only["reached"] is True
    assert only["rtt_ms"] > 0


def test_a_packet_too_big_is_reported_with_its_mtu(laptop: str) -> None:
    call = f"hops({hop_lab.FAR!r}, interface='lan0', max_ttl=2, size={{}})"
    by_router = asked(laptop, call.format(1450))[1]
    assert (by_router["address"], by_router["reporter"]) == ("", hop_lab.GATEWAY)
    assert (by_router["error"], by_router["mtu"]) == ("packet_too_big", 1400)
    by_itself = asked(laptop, call.format(1600))[0]
    assert (by_itself["error"], by_itself["mtu"]) == ("packet_too_big", 1500)


def test_an_error_of_this_machine_is_no_hop(laptop: str) -> None:
    # A socket that is tied to a device does not even hear of it.
    found = asked(laptop, f"hops({hop_lab.NOBODY_NEAR!r}, wait_s=5.0)")
    assert {each["address"] for each in found} == {""}
    assert {each["error"] for each in found} == {"host_unreachable"}


def test_this_machine_answers_itself() -> None:
    try:
        found = linux.ping("127.0.0.1", count=3, interval_s=0.01)
    except NotPermittedError as error:
        pytest.skip(f"net.ipv4.ping_group_range leaves this user out: {error}")
    assert len(found) == 3
    assert all(each.rtt_ms is not None and each.source == "127.0.0.1" for each in found)


def test_hops_need_no_rights_at_all() -> None:
    (hop,) = linux.hops("127.0.0.1", max_ttl=3)
    assert (hop.ttl, hop.address, hop.reached) == (1, "127.0.0.1", True)


def test_a_refused_socket_is_not_permitted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "socket", refuse)
    with pytest.raises(NotPermittedError, match="Permission denied"):
        linux.ping("127.0.0.1")


def test_half_a_measurement_is_none() -> None:
    cancel = Event()
    cancel.set()
    with pytest.raises(NotMeasurableError) as caught:
        linux.hops("127.0.0.1", cancel=cancel)
    assert caught.value.reason == "cancelled"


def test_nothing_is_told_of_hops_beyond_the_target() -> None:
    near, target, beyond = Hop(ttl=1), Hop(ttl=2, address="a", reached=True), Hop(ttl=3)
    assert linux.up_to_target([near, target, beyond]) == (near, target)
    assert linux.up_to_target([near, beyond]) == (near, beyond)
