"""What Windows answers, from bytes, and echoes that are sent by a stand-in for its call."""

from __future__ import annotations

import socket
import struct
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.icmp import windows
from fieldtech.diagnostics.icmp.facts import Hop, NotMeasurableError
from fieldtech.diagnostics.icmp.windows import Reply, Request
from fieldtech.diagnostics.interfaces import InterfaceFacts

TARGET = "192.168.77.1"


def reply_32(address: str, status: int, rtt: int, ttl: int) -> bytes:
    """ICMP_ECHO_REPLY as a 32-bit process gets it: 28 bytes, and the data behind."""
    raw = socket.inet_aton(address)
    return struct.pack("<4sIIHHIBBBBI", raw, status, rtt, 16, 0, 0x1C, ttl, 0, 0, 0, 0) + b"d" * 16


def reply_64(address: str, status: int, rtt: int, ttl: int) -> bytes:
    """The same of a 64-bit process: 40 bytes."""
    raw = socket.inet_aton(address)
    return (
        struct.pack("<4sIIHH", raw, status, rtt, 16, 0)
        + struct.pack("<QBBBB4xQ", 0x28, ttl, 0, 0, 0, 0)
        + b"d" * 16
    )


@pytest.mark.parametrize(("pack", "size"), [(reply_32, 4), (reply_64, 8)])
def test_a_reply_of_both_widths(pack: object, size: int) -> None:
    assert callable(pack)
    assert windows.decode_reply(pack(TARGET, 0, 12, 64), size) == Reply(
        status=0, address=TARGET, rtt_ms=12, ttl=64
    )
    expired = windows.decode_reply(pack("100.64.0.1", 11013, 9, 0), size)
    assert expired is not None
    assert (expired.address, expired.error, expired.ttl) == ("100.64.0.1", "ttl_exceeded", None)


def test_an_answer_of_nobody_is_none() -> None:
    assert windows.decode_reply(reply_64("0.0.0.0", 0, 0, 0), 8) is None  # noqa: S104  nobody, not a bind
    assert windows.decode_reply(b"\0" * 64, 8) is None
    assert windows.decode_reply(reply_64(TARGET, 0, 1, 64)[:39], 8) is None
    assert windows.decode_reply(reply_64(TARGET, 0, 1, 64), 16) is None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (0, ""),
        (11002, "net_unreachable"),
        (11003, "host_unreachable"),
        (11009, "packet_too_big"),
        (11010, "no_reply"),
        (11013, "ttl_exceeded"),
        (11999, "failed"),
        (87, "failed"),
    ],
)
def test_every_status_has_a_word(status: int, error: str) -> None:
    assert Reply(status=status).error == error


def test_the_options_say_ttl_and_whether_to_stay_whole() -> None:
    assert windows.pack_options(ttl=3, whole=True, pointer_size=4) == b"\x03\0\x02\0" + b"\0" * 4
    wide = windows.pack_options(ttl=255, whole=False, pointer_size=8)
    assert (wide[:4], len(wide)) == (b"\xff\0\0\0", 16)


@pytest.mark.parametrize(("size", "length"), [(0, 0), (28, 0), (44, 16), (60, 32), (1500, 1472)])
def test_a_packet_has_the_size_asked_for(size: int, length: int) -> None:
    assert len(Request(address=TARGET, size=size).payload) == length


def test_below_a_millisecond_the_call_was_at_most_one() -> None:
    assert Reply(status=0, rtt_ms=0, elapsed_ms=0.4).finer_ms == 0.4
    assert Reply(status=0, rtt_ms=0, elapsed_ms=16.0).finer_ms == 1.0
    assert Reply(status=0, rtt_ms=7, elapsed_ms=7.9).finer_ms == 7.0


def test_a_lost_echo_holds_up_no_other() -> None:
    """Every echo but the last waits until the last was sent: one at a time would never end."""
    last = Event()
    lost = iter([True, True, True, False])

    def send(request: Request) -> Reply:
        if next(lost):
            assert last.wait(timeout=30)
            return Reply(status=11010)
        last.set()
        return Reply(status=0, address=request.address, rtt_ms=2, ttl=64)

    found = windows.ping(TARGET, count=4, interval_s=0.001, send=send)
    assert [each.rtt_ms for each in found] == [None, None, None, 2.0]
    assert [each.error for each in found] == ["no_reply", "no_reply", "no_reply", ""]


def test_an_answer_of_somebody_else_is_a_loss() -> None:
    def send(_request: Request) -> Reply:
        return Reply(status=0, address="192.168.77.9", rtt_ms=1)

    (echo,) = windows.ping(TARGET, count=1, send=send)
    assert (echo.rtt_ms, echo.source, echo.error) == (None, "192.168.77.9", "other_source")


def test_hops_by_their_ttl() -> None:
    by_ttl = {
        1: Reply(status=11013, address=TARGET, rtt_ms=1),
        2: Reply(status=11010),
        3: Reply(status=11003, address="192.168.77.2"),
        4: Reply(status=0, address="203.0.113.2", rtt_ms=9),
        5: Reply(status=0, address="203.0.113.2", rtt_ms=9),
    }
    asked: list[Request] = []

    def send(request: Request) -> Reply:
        asked.append(request)
        return by_ttl[request.ttl]

    assert windows.hops("203.0.113.2", max_ttl=5, send=send) == (
        Hop(ttl=1, address=TARGET, rtt_ms=1.0),
        Hop(ttl=2),
        Hop(ttl=3, error="host_unreachable", reporter="192.168.77.2"),
        Hop(ttl=4, address="203.0.113.2", rtt_ms=9.0, reached=True),
    )
    assert all(request.whole for request in asked)


def test_cancelled_is_said() -> None:
    cancel = Event()

    def send(request: Request) -> Reply:
        cancel.set()
        return Reply(status=0, address=request.address, rtt_ms=1)

    with pytest.raises(NotMeasurableError, match="cancelled"):
        windows.ping(TARGET, count=1000, interval_s=0.01, cancel=cancel, send=send)
    with pytest.raises(NotMeasurableError, match="cancelled"):
        windows.hops(TARGET, cancel=cancel, send=send)


def test_the_interface_is_chosen_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = InterfaceFacts(
        name="Wi-Fi",
        up=True,
        speed_mbps=0,
        duplex="",
        mtu=0,
        mac="",
        ipv4=("192.168.77.2",),
        ipv6=(),
    )
    monkeypatch.setattr(windows, "read_interfaces", lambda: (facts,))
    sources: list[str] = []

    def send(request: Request) -> Reply:
        sources.append(request.source)
        return Reply(status=11010)

    windows.ping(TARGET, interface="Wi-Fi", count=1, send=send)
    assert sources == ["192.168.77.2"]
    with pytest.raises(NotMeasurableError, match="no_interface"):
        windows.ping(TARGET, interface="Ethernet", count=1, send=send)


def test_without_the_call_it_is_an_error_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_request: Request) -> Reply:
        raise OSError(126, "no such module")

    monkeypatch.setattr(windows, "send_echo", missing)
    with pytest.raises(OSError, match="no such module"):
        windows.ping(TARGET, count=1)


@given(st.binary(max_size=80), st.sampled_from([0, 4, 8]))
def test_arbitrary_bytes_never_raise(data: bytes, pointer_size: int) -> None:
    reply = windows.decode_reply(data, pointer_size)
    assert reply is None or reply.status != 0 or reply.address
